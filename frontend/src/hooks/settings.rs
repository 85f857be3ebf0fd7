//! What every page needs of the owner's settings, asked for once.

use std::rc::Rc;

use goodword_shared::{api::settings::GetSettings, settings::Settings};
use yew::prelude::*;

use super::use_query;

#[derive(Clone, PartialEq, Properties)]
pub struct SettingsProviderProps {
    /// Who may look.
    pub children: Html,
}

/// Holds the settings.
#[component]
pub fn SettingsProvider(props: &SettingsProviderProps) -> Html {
    let fetched = use_query::<GetSettings>((), (), &["settings"]);
    let settings = fetched.ready().cloned().unwrap_or_default();
    html!(<ContextProvider<Rc<Settings>> context={settings}>{ props.children.clone() }</ContextProvider<Rc<Settings>>>)
}

/// The owner's settings; the shipped ones until they are known.
#[hook]
pub fn use_settings() -> Rc<Settings> {
    use_context::<Rc<Settings>>().unwrap_or_default()
}

/// The sign before amounts.
#[hook]
pub fn use_currency() -> AttrValue {
    use_settings().currency.clone().into()
}
