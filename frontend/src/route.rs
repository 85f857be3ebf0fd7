//! Every page and its address, on one screen.

use yew::prelude::*;
use yew_router::prelude::*;

use crate::pages;

/// A page.
#[derive(Clone, Debug, PartialEq, Routable)]
pub enum Route {
    /// Who is unhappy now, whom to ask.
    #[at("/")]
    Today,
    /// The recovery queue.
    #[at("/recovery")]
    Recovery,
    /// One case.
    #[at("/recovery/:id")]
    Case {
        /// Its id.
        id: String,
    },
    /// Whom to ask for a referral.
    #[at("/promoters")]
    Promoters,
    /// Everything that was said.
    #[at("/mentions")]
    Mentions,
    /// One thing that was said.
    #[at("/mentions/:id")]
    Mention {
        /// Its id.
        id: String,
    },
    /// The owner's customers.
    #[at("/customers")]
    Customers,
    /// Doubtful matches.
    #[at("/customers/matches")]
    Matches,
    /// Authors nobody knows who are worth a look.
    #[at("/customers/strangers")]
    Strangers,
    /// Import of customers.
    #[at("/customers/import")]
    CustomerImport,
    /// One customer.
    #[at("/customers/:id")]
    Customer {
        /// Their id.
        id: String,
    },
    /// How opinion moves, and how far our reading is to be trusted.
    #[at("/insights")]
    Insights,
    /// What is watched.
    #[at("/sources")]
    Sources,
    /// Add a source.
    #[at("/sources/add")]
    SourceAdd,
    /// Back from a platform where an account was connected.
    #[at("/sources/connected")]
    SourceConnected,
    /// Channels, rules, deliveries.
    #[at("/alerts")]
    Alerts,
    /// The business, thresholds, password.
    #[at("/settings")]
    Settings,
    /// Any other address.
    #[not_found]
    #[at("/not-found")]
    NotFound,
}

impl Route {
    /// What is drawn there.
    pub fn draw(self) -> Html {
        match self {
            Route::Today => html!(<pages::Today />),
            Route::Recovery => html!(<pages::Recovery />),
            Route::Case { id } => html!(<pages::Case key={id.clone()} id={id.clone()} />),
            Route::Promoters => html!(<pages::Promoters />),
            Route::Mentions => html!(<pages::Mentions />),
            Route::Mention { id } => html!(<pages::Mention key={id.clone()} id={id.clone()} />),
            Route::Customers => html!(<pages::Customers />),
            Route::Matches => html!(<pages::Matches />),
            Route::Strangers => html!(<pages::Strangers />),
            Route::CustomerImport => html!(<pages::CustomerImport />),
            Route::Customer { id } => html!(<pages::Customer key={id.clone()} id={id.clone()} />),
            Route::Insights => html!(<pages::Insights />),
            Route::Sources => html!(<pages::Sources />),
            Route::SourceAdd => html!(<pages::SourceAdd />),
            Route::SourceConnected => html!(<pages::SourceConnected />),
            Route::Alerts => html!(<pages::Alerts />),
            Route::Settings => html!(<pages::Settings />),
            Route::NotFound => html!(<pages::NotFound />),
        }
    }

    /// Its name for tests.
    pub fn name(&self) -> &'static str {
        match self {
            Route::Today => "today",
            Route::Recovery => "recovery",
            Route::Case { .. } => "case",
            Route::Promoters => "promoters",
            Route::Mentions => "mentions",
            Route::Mention { .. } => "mention",
            Route::Customers => "customers",
            Route::Matches => "matches",
            Route::Strangers => "strangers",
            Route::CustomerImport => "customer-import",
            Route::Customer { .. } => "customer",
            Route::Insights => "insights",
            Route::Sources => "sources",
            Route::SourceAdd => "source-add",
            Route::SourceConnected => "source-connected",
            Route::Alerts => "alerts",
            Route::Settings => "settings",
            Route::NotFound => "not-found",
        }
    }

    /// The entry of the navigation that this page belongs to.
    pub fn section(&self) -> Route {
        match self {
            Route::Case { .. } => Route::Recovery,
            Route::Mention { .. } => Route::Mentions,
            Route::Customer { .. } | Route::Matches | Route::Strangers | Route::CustomerImport => {
                Route::Customers
            }
            Route::SourceAdd | Route::SourceConnected => Route::Sources,
            other => other.clone(),
        }
    }
}

/// The query string of all mentions about a theme. A theme of the owner's own may be called anything.
pub fn about(theme: &str) -> String {
    // Texts can always be encoded.
    serde_urlencoded::to_string([("theme", theme)]).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_theme_may_be_called_anything() {
        assert_eq!(about("parking & bikes"), "theme=parking+%26+bikes");
    }
}
