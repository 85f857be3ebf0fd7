//! The owner's own themes: each with its name, and words or sentences by which it is known; an empty one waits below them.

use goodword_shared::settings::OwnTheme;
use yew::prelude::*;

use crate::{
    components::{Button, Field, Go, Kind, TextBox, use_notices},
    hooks::focus_on,
    route::{Route, about},
    words::settings,
};

#[derive(Clone, PartialEq, Properties)]
pub struct ThemesProps {
    /// As they are written now.
    pub themes: Vec<OwnTheme>,
    /// Those that are saved, by their names.
    pub saved: Vec<String>,
    /// What the service has against them.
    pub fault: Option<AttrValue>,
    /// Written anew.
    pub onchange: Callback<Vec<OwnTheme>>,
}

/// The panel.
#[component]
pub fn Themes(props: &ThemesProps) -> Html {
    let notices = use_notices();
    // As they are whenever one comes back, not as they were when it went.
    let now = use_mut_ref(Vec::new);
    now.replace(props.themes.clone());
    let change = |at: usize, part: fn(&mut OwnTheme, String)| {
        let themes = props.themes.clone();
        props.onchange.reform(move |value: String| {
            let mut next = themes.clone();
            if at == next.len() {
                next.push(OwnTheme::default());
            }
            part(&mut next[at], value);
            next
        })
    };
    let without = |at: usize| {
        let themes = props.themes.clone();
        let (onchange, notices, now) = (props.onchange.clone(), notices.clone(), now.clone());
        Callback::from(move |()| {
            let now = now.clone();
            let mut next = themes.clone();
            let gone = next.remove(at);
            let said = settings::theme_gone(&gone.name);
            let back = onchange.clone();
            let undo = Callback::from(move |()| {
                let mut whole: Vec<OwnTheme> = now.borrow().clone();
                let at = at.min(whole.len());
                whole.insert(at, gone.clone());
                back.emit(whole);
                focus_on(format!("#theme-{at}"));
            });
            notices.done(said, Some(undo));
            onchange.emit(next);
            // The field that has taken its place: the next theme's, or the empty one.
            focus_on(format!("#theme-{at}"));
        })
    };
    html! {
        <section class="gw-panel" data-testid="own-themes">
            <h2>{ settings::THEMES }</h2>
            <p class="gw-quiet">{ settings::THEMES_HELP }</p>
            if let Some(fault) = &props.fault {
                <p class="gw-field__fault" role="alert">{ fault }</p>
            }
            // One more than there are: what is typed into the last makes it a theme, and must stay the same field then. For that the
            // list is an element of its own: among others its items would be told apart by their place from the end.
            <div class="gw-own-themes">
            { for (0..=props.themes.len()).map(|at| {
                let theme = props.themes.get(at);
                let label = if at > 0 && theme.is_none() { settings::THEME_MORE } else { settings::THEME };
                let name = theme.map(|t| t.name.clone()).unwrap_or_default();
                html! {
                    <fieldset key={at} class="gw-own-theme" data-testid={theme.map(|_| "own-theme")}>
                        <legend class="pf-v6-screen-reader">{ settings::theme(&name) }</legend>
                        <Field id={format!("theme-{at}")} {label} value={name} example={AttrValue::Static(settings::THEME_EXAMPLE)} required={theme.is_some()}
                            onchange={change(at, |t, v| t.name = v)} />
                        if let Some(theme) = theme {
                            <TextBox id={format!("theme-words-{at}")} label={settings::THEME_WORDS} help={settings::THEME_WORDS_HELP} value={theme.words.join("\n")}
                                onchange={change(at, |t, v| t.words = lines(&v))} rows=2 required=false />
                            <TextBox id={format!("theme-examples-{at}")} label={settings::THEME_EXAMPLES} help={settings::THEME_EXAMPLES_HELP} value={theme.examples.join("\n")}
                                onchange={change(at, |t, v| t.examples = lines(&v))} rows=2 required=false />
                            // Keyed, so that the button of a theme that is removed does not become that of the next.
                            <p key={theme.name.clone()} class="gw-row">
                                if props.saved.contains(&theme.name) {
                                    <Go to={Route::Mentions} query={about(&theme.key())}>{ settings::THEME_SAID }</Go>
                                }
                                <Button kind={Kind::Link} label={settings::THEME_REMOVE} about={AttrValue::from(theme.name.clone())} onclick={without(at)} testid="own-theme-remove" />
                            </p>
                        }
                    </fieldset>
                }
            }) }
            </div>
        </section>
    }
}

fn lines(text: &str) -> Vec<String> {
    text.split('\n').map(str::to_owned).collect()
}
