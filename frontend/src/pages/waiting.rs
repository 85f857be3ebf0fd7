//! Lists of the service shown plainly: customers, alerts, settings.

use goodword_shared::api::{
    ById,
    alerts::ListChannels,
    customers::{CustomerQuery, GetCustomer, ListCustomers, ListMatches, MatchQuery},
    settings::GetSettings,
};
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
    /// Customers.
    Customers, ListCustomers, Route::Customers, "page-customers", CustomerQuery::default(),
    |page| page.items.iter().map(|row| row.customer.facts.name.clone())
);
plain!(
    /// Doubtful matches.
    Matches, ListMatches, Route::Matches, "page-matches", MatchQuery::default(),
    |page| page.items.iter().map(|row| row.customer.facts.name.clone())
);
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
plain!(
    /// Customers, before an import.
    CustomerImport, ListCustomers, Route::CustomerImport, "page-customer-import", CustomerQuery::default(),
    |page| page.items.iter().map(|row| row.customer.facts.name.clone())
);

#[derive(Clone, PartialEq, Properties)]
pub struct OfProps {
    /// Which.
    pub id: String,
}

/// One customer.
#[component]
pub fn Customer(props: &OfProps) -> Html {
    let fetched = use_query::<GetCustomer>(ById { id: props.id.clone() }, (), &["customers"]);
    let ready = fetched.ready().is_some();
    html! {
        <Page title={words::shell::page(&Route::Customer { id: String::new() })} up={Route::Customers} testid={ready.then_some("page-customer")}>
            { async_view(&fetched, 3, |view| html!(<p>{ &view.customer.facts.name }</p>)) }
        </Page>
    }
}
