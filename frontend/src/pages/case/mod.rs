//! One case: its story on the left, the facts on the right, and what can be done now.

use goodword_shared::api::{ById, cases::GetCase};
use yew::prelude::*;

use crate::{
    components::{Page, async_view},
    hooks::use_query,
    route::Route,
    words,
};

#[derive(Clone, PartialEq, Properties)]
pub struct CaseProps {
    /// Which.
    pub id: String,
}

/// The page.
#[component]
pub fn Case(props: &CaseProps) -> Html {
    let fetched = use_query::<GetCase>(ById { id: props.id.clone() }, (), &["cases"]);
    let ready = fetched.ready().is_some();
    html! {
        <Page title={words::shell::page(&Route::Case { id: String::new() })} up={Route::Recovery} testid={ready.then_some("page-case")}>
            { async_view(&fetched, 3, |case| html!(<p>{ &case.card.quote.text }</p>)) }
        </Page>
    }
}
