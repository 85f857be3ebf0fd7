//! Lists of the service shown plainly: alerts, settings.

use goodword_shared::api::{alerts::ListChannels, settings::GetSettings};
use yew::prelude::*;

use crate::{
    components::{Page, async_view},
    hooks::use_query,
    route::Route,
    words,
};

macro_rules! plain {
    ($(#[$doc:meta])* $name:ident, $endpoint:ty, $route:expr, $testid:literal, $query:expr, |$value:ident| $lines:expr) => {
        $(#[$doc])*
        #[component]
        pub fn $name() -> Html {
            let fetched = use_query::<$endpoint>((), $query, &[]);
            let ready = fetched.ready().is_some();
            html! {
                <Page title={words::shell::page(&$route)} testid={ready.then_some($testid)}>
                    { async_view(&fetched, 5, |$value| html!(<ul class="gw-rows">{ for $lines.map(|line: String| html!(<li>{ line }</li>)) }</ul>)) }
                </Page>
            }
        }
    };
}

plain!(
    /// Channels.
    Alerts, ListChannels, Route::Alerts, "page-alerts", (),
    |list| list.iter().map(|row| row.name.clone())
);
plain!(
    /// The business.
    Settings, GetSettings, Route::Settings, "page-settings", (),
    |settings| std::iter::once(settings.business.clone())
);
