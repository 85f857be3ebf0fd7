//! The frame around every page: skip link, navigation at the side or, on a phone, below, and the state of the live
//! connection. When another page opens, its heading gets the focus and the window its name.

use gloo_utils::{document, window};
use goodword_shared::api::session::SignOut;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::{
    components::{Button, Dialog, Go, Kind, Shape, icon},
    hooks::{use_connected, use_focus, use_mutation},
    route::Route,
    session::use_session,
    theme::Theme,
    words::{self, shell},
};

/// The navigation: page, sign, name for tests.
const PAGES: [(Route, Shape, &str); 9] = [
    (Route::Today, Shape::Sun, "nav-today"),
    (Route::Recovery, Shape::Heart, "nav-recovery"),
    (Route::Promoters, Shape::Megaphone, "nav-promoters"),
    (Route::Mentions, Shape::Speech, "nav-mentions"),
    (Route::Customers, Shape::People, "nav-customers"),
    (Route::Insights, Shape::Chart, "nav-insights"),
    (Route::Sources, Shape::Antenna, "nav-sources"),
    (Route::Alerts, Shape::Bell, "nav-alerts"),
    (Route::Settings, Shape::Sliders, "nav-settings"),
];

/// So many of them have room on a phone, beside "More".
const ON_PHONE: usize = 4;

#[derive(Clone, PartialEq, Properties)]
pub struct ShellProps {
    /// The page.
    pub children: Html,
}

/// The frame.
#[component]
pub fn Shell(props: &ShellProps) -> Html {
    let session = use_session();
    let route = use_route::<Route>().unwrap_or(Route::NotFound);
    use_arrival(&route, &session.view.business);
    use_focus();
    let here = route.section();
    let more = use_state_eq(|| false);
    let open_more = {
        let more = more.setter();
        Callback::from(move |()| more.set(true))
    };
    let close_more = {
        let more = more.setter();
        use_callback((), move |(), ()| more.set(false))
    };
    html! {
        <div class="gw-shell">
            <a class="gw-skip" href="#content" onclick={|event: MouseEvent| { event.prevent_default(); focus_heading(); }}>
                { shell::SKIP }
            </a>
            <header class="gw-side">
                <Go to={Route::Today} class="gw-brand">
                    { mark() }<span>{ if session.view.business.is_empty() { shell::NAME.to_owned() } else { session.view.business.clone() } }</span>
                </Go>
                <nav class="gw-nav" aria-label={shell::NAVIGATION}>
                    { for PAGES.iter().enumerate().map(|(at, page)| entry(page, &here, at >= ON_PHONE)) }
                    <button type="button" class="gw-nav__item gw-nav__more" onclick={move |_| open_more.emit(())} data-testid="nav-more">
                        { icon(Shape::Dots) }<span>{ shell::MORE }</span>
                    </button>
                </nav>
                <div class="gw-side__foot"><Foot /></div>
            </header>
            <main id="content" class="gw-main" tabindex="-1">
                <Connection />
                { props.children.clone() }
            </main>
            if *more {
                <Dialog title={shell::MORE} onclose={close_more.clone()}>
                    <nav class="gw-more" aria-label={shell::MORE}>
                        { for PAGES[ON_PHONE..].iter().map(|(route, shape, _)| html! {
                            <Go to={route.clone()} class="gw-nav__item" here={here == *route} onfollow={close_more.clone()}>
                                { icon(*shape) }<span>{ shell::page(route) }</span>
                            </Go>
                        }) }
                    </nav>
                    <Foot />
                </Dialog>
            }
        </div>
    }
}

fn entry((route, shape, testid): &(Route, Shape, &'static str), here: &Route, wide_only: bool) -> Html {
    html! {
        <Go
            key={*testid}
            to={route.clone()}
            class={classes!("gw-nav__item", wide_only.then_some("gw-nav__item--wide"))}
            here={here == route}
            testid={*testid}
        >
            { icon(*shape) }<span>{ shell::page(route) }</span>
        </Go>
    }
}

/// Theme, demo mark, sign-out.
#[component]
fn Foot() -> Html {
    let session = use_session();
    let theme = use_state_eq(Theme::chosen);
    let sign_out = {
        let session = session.clone();
        use_mutation::<SignOut, _>(move |()| session.renew())
    };
    let leave = {
        let sign_out = sign_out.clone();
        Callback::from(move |()| sign_out.run((), ()))
    };
    html! {
        <>
            <div class="gw-segments" role="group" aria-label={shell::THEME}>
                { for Theme::ALL.into_iter().map(|choice| {
                    let set = theme.setter();
                    let onclick = move |_| { choice.choose(); set.set(choice); };
                    html! {
                        <button type="button" aria-pressed={(*theme == choice).to_string()} {onclick}>{ shell::theme(choice) }</button>
                    }
                }) }
            </div>
            if session.view.demo {
                <p class="gw-demo">{ shell::DEMO }</p>
            } else {
                <Button kind={Kind::Link} icon={Shape::Door} label={shell::SIGN_OUT} onclick={leave} busy={sign_out.busy} />
            }
        </>
    }
}

/// Says when the live connection is lost.
#[component]
fn Connection() -> Html {
    let connected = use_connected();
    html! {
        <div class="gw-connection" role="status">
            if !connected {
                <p>{ icon(Shape::Again) }{ shell::RECONNECTING }</p>
            }
        </div>
    }
}

/// The product's sign.
fn mark() -> Html {
    html! {
        <svg class="gw-brand__mark" viewBox="0 0 32 32" aria-hidden="true">
            <path class="gw-brand__bubble" d="M6 4h20a4 4 0 0 1 4 4v12a4 4 0 0 1-4 4H16l-7 6v-6H6a4 4 0 0 1-4-4V8a4 4 0 0 1 4-4z" />
            <path class="gw-brand__check" d="m10 14 4.5 4.5L23 10" />
        </svg>
    }
}

/// What is done when another page opens.
#[hook]
fn use_arrival(route: &Route, business: &str) {
    let first = use_mut_ref(|| true);
    let title = shell::tab(shell::page(route), business);
    use_effect_with((route.clone(), title), move |(_, title)| {
        document().set_title(title);
        // The first page is where the browser has put the focus already.
        if !first.replace(false) {
            window().scroll_to_with_x_and_y(0.0, 0.0);
            focus_heading();
        }
    });
}

fn focus_heading() {
    let heading = document().query_selector("main h1").ok().flatten();
    let target = heading.or_else(|| document().get_element_by_id("content"));
    if let Some(element) = target.and_then(|t| t.dyn_into::<HtmlElement>().ok()) {
        // Fails only for elements that cannot have the focus.
        let _ = element.focus();
    }
}

/// A page that does not exist.
#[component]
pub fn NotFound() -> Html {
    html! {
        <div class="gw-page">
            <h1 tabindex="-1">{ shell::NOT_FOUND }</h1>
            <p class="gw-lead">{ shell::NOT_FOUND_DETAIL }</p>
            <p><Go to={Route::Today} class={Kind::Primary.class()}>{ words::shell::TO_TODAY }</Go></p>
        </div>
    }
}
