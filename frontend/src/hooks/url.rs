//! The address bar as the home of filters, sorting and page: what is shown can be bookmarked, shared, and gone back to.

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
