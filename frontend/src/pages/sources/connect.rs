//! Connecting a source to an account at its platform: the button, the dialog, and the page that the platform sends back to.

use goodword_shared::{
    access::{AccessState, AccessView, RETURN_PATH},
    api::{
        ById,
        access::{Connect, ConnectSource, FinishConnecting, GetAccess, RemoveAccess, Returned},
    },
    source::Source,
};
use yew::prelude::*;
use yew_router::prelude::*;

use crate::{
    components::{Button, Dialog, Kind, Outside, Page, Shape, async_view, icon, use_notices},
    hooks::{Mutation, use_mutation, use_query},
    route::Route,
    words::access,
};

#[derive(Clone, PartialEq, Properties)]
pub struct AccountProps {
    /// Whose.
    pub source: Source,
}

/// The button on a source's row, and what it opens. Nothing where no account is wanted.
#[component]
pub fn Account(props: &AccountProps) -> Html {
    let open = use_state_eq(|| false);
    let Some(state) = props.source.access else { return Html::default() };
    let Some(label) = access::button(state) else { return Html::default() };
    let show = |to: bool| {
        let open = open.setter();
        Callback::from(move |()| open.set(to))
    };
    let wanted = matches!(state, AccessState::Missing | AccessState::Ended);
    html! {
        <>
            <Button
                {label}
                kind={if wanted { Kind::Primary } else { Kind::Secondary }}
                about={AttrValue::from(props.source.name.clone())}
                onclick={show(true)}
                testid="source-connect"
            />
            if *open {
                <ConnectDialog source={props.source.clone()} onclose={show(false)} />
            }
        </>
    }
}

#[derive(Clone, PartialEq, Properties)]
pub struct ConnectDialogProps {
    /// Whose account.
    pub source: Source,
    /// It is closed.
    pub onclose: Callback<()>,
}

/// How the access stands and what can be done about it.
#[component]
pub fn ConnectDialog(props: &ConnectDialogProps) -> Html {
    let path = ById { id: props.source.id.to_string() };
    let fetched = use_query::<GetAccess>(path.clone(), (), &["sources"]);
    let notices = use_notices();
    let connect = {
        let refetch = fetched.refetch.clone();
        use_mutation::<ConnectSource, _>(move |connecting| match connecting.url {
            // A code is entered on another page, beside this one.
            Some(url) if connecting.access.waiting.is_none() => {
                // The browser leaves; only a page that is going away already refuses.
                let _ = gloo_utils::window().location().set_href(&url);
            }
            _ => refetch.emit(()),
        })
    };
    let remove = {
        let onclose = props.onclose.clone();
        use_mutation::<RemoveAccess, _>(move |_| {
            notices.done(access::GIVEN_BACK, None);
            onclose.emit(());
        })
    };
    let run = |how: Connect| {
        let (connect, path) = (connect.clone(), path.clone());
        Callback::from(move |()| connect.run(path.clone(), how.clone()))
    };
    let give_back = {
        let path = path.clone();
        let remove = remove.clone();
        Callback::from(move |()| remove.run(path.clone(), ()))
    };
    html! {
        <Dialog title={access::title(&props.source.name)} onclose={&props.onclose} testid="connect">
            { async_view(&fetched, 3, |view| html! {
                <div class="gw-form">
                    { standing(view) }
                    <p class="gw-row">
                        <Button kind={Kind::Primary} label={access::OPEN} onclick={run(Connect::Browser)} busy={connect.busy} testid="connect-open" />
                        if view.device {
                            <Button label={access::BY_CODE} onclick={run(Connect::Device)} busy={connect.busy} testid="connect-code" />
                        }
                        { for view.accounts.iter().map(|account| html! {
                            <Button key={account.id.clone()} label={access::share(&account.text)} onclick={run(Connect::Shared(account.id.clone()))} busy={connect.busy} />
                        }) }
                        if matches!(view.state, AccessState::Connected | AccessState::Ending) {
                            <Button kind={Kind::Link} label={access::GIVE_BACK} onclick={give_back.clone()} busy={remove.busy} />
                        }
                    </p>
                </div>
            }) }
        </Dialog>
    }
}

fn standing(view: &AccessView) -> Html {
    html! {
        <>
            <p>{ &view.text }</p>
            if let Some(waiting) = &view.waiting {
                if let Some(problem) = &waiting.problem {
                    <p class="gw-field__fault" role="alert">{ icon(Shape::Warning) }{ problem }</p>
                } else {
                    <p aria-live="polite">{ access::ENTER }{ ": " }<strong data-testid="connect-user-code">{ &waiting.code }</strong></p>
                    <p><Outside href={waiting.link.clone()}>{ access::ENTER_THERE }</Outside></p>
                }
            }
            { redirect(&view.redirect_url) }
        </>
    }
}

/// The address to register at the platform.
pub fn redirect(address: &str) -> Html {
    html!(<p class="gw-quiet">{ access::REDIRECT }{ ": " }<code class="gw-wrap">{ address }</code></p>)
}

/// The same before a source is saved: as this browser sees us.
pub fn redirect_here() -> Html {
    let origin = gloo_utils::window().location().origin().unwrap_or_default();
    redirect(&format!("{origin}{RETURN_PATH}"))
}

/// Where the platform sends the owner back to: hands on what it sent, then leads to the sources.
#[component]
pub fn SourceConnected() -> Html {
    let returned = use_location().and_then(|l| l.query::<Returned>().ok()).unwrap_or_default();
    let navigator = use_navigator();
    let notices = use_notices();
    let finish = use_mutation::<FinishConnecting, _>(move |_| notices.done(access::CONNECTED, None));
    {
        let finish: Mutation<FinishConnecting> = finish.clone();
        use_effect_with(returned, move |returned| finish.run((), returned.clone()));
    }
    let begun = use_mut_ref(|| false);
    let ended = *begun.borrow() && !finish.busy;
    *begun.borrow_mut() |= finish.busy;
    use_effect_with(ended, move |ended| {
        if let (true, Some(navigator)) = (*ended, navigator) {
            // The consent does not stay in the history.
            navigator.replace(&Route::Sources);
        }
    });
    html! {
        <Page at={Route::SourceConnected}>
            <p role="status">{ access::CONNECTING }</p>
        </Page>
    }
}
