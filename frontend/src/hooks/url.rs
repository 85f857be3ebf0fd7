//! The address bar as the home of filters, sorting and page: what is shown can be bookmarked, shared, and gone back to.

use goodword_shared::api::{
    cases::CaseQuery, customers::CustomerQuery, mentions::MentionQuery, promoters::PromoterQuery,
};
use serde::{Serialize, de::DeserializeOwned};
use yew::prelude::*;
use yew_router::prelude::*;

use crate::route::Route;

/// The filters of a list and how to change them.
#[derive(Clone, PartialEq)]
pub struct Filters<Q: 'static> {
    /// As the address says.
    pub now: Q,
    /// Writes them to the address, in place of the present entry of the history.
    pub set: Callback<Q>,
}

/// Filters of a list that is shown page by page.
pub trait Paged: Clone + 'static {
    /// The rows before the page that is shown.
    fn offset(&mut self) -> &mut Option<u64>;
}

macro_rules! paged {
    ($($query:ty),+) => {
        $(impl Paged for $query {
            fn offset(&mut self) -> &mut Option<u64> {
                &mut self.offset
            }
        })+
    };
}

paged!(CaseQuery, CustomerQuery, MentionQuery, PromoterQuery);

impl<Q: Paged> Filters<Q> {
    /// Writes one of them, none where the text is empty; the list is shown from its beginning then.
    pub fn change(&self, part: impl Fn(&mut Q, Option<String>) + 'static) -> Callback<String> {
        let now = self.now.clone();
        self.set.reform(move |value: String| {
            let mut next = now.clone();
            *next.offset() = None;
            part(&mut next, (!value.is_empty()).then_some(value));
            next
        })
    }

    /// Turns to the page that begins at a row.
    pub fn turn(&self) -> Callback<u64> {
        let now = self.now.clone();
        self.set.reform(move |offset: u64| {
            let mut next = now.clone();
            *next.offset() = (offset > 0).then_some(offset);
            next
        })
    }

    /// Something but the page is chosen.
    pub fn any(&self) -> bool
    where
        Q: Default + PartialEq,
    {
        let mut now = self.now.clone();
        *now.offset() = None;
        now != Q::default()
    }
}

/// The filters of `route` in the address's query string.
#[hook]
pub fn use_filters<Q>(route: Route) -> Filters<Q>
where
    Q: Serialize + DeserializeOwned + Clone + Default + PartialEq + 'static,
{
    let location = use_location();
    let navigator = use_navigator();
    let now = location.and_then(|l| l.query::<Q>().ok()).unwrap_or_default();
    let set = Callback::from(move |filters: Q| {
        if let Some(navigator) = &navigator {
            // Only a failure to encode is possible, and these are plain fields.
            let _ = navigator.replace_with_query(&route, &filters);
        }
    });
    Filters { now, set }
}

/// A switch as a filter's text: on, or none.
pub fn chosen(on: bool) -> String {
    if on { "true".to_owned() } else { String::new() }
}
