//! The queue by keyboard: j and k choose, Enter opens, s snoozes.

use gloo_utils::document;
use goodword_shared::case::CaseCard;
use yew::prelude::*;
use yew_router::prelude::*;

use crate::{components::bring_into_view, hooks::use_keys, route::Route};

/// What a key does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    Choose(usize),
    Open(usize),
    Snooze(usize),
}

fn deed(key: &str, chosen: Option<usize>, rows: usize) -> Option<Deed> {
    let last = rows.checked_sub(1)?;
    match key {
        "j" => Some(Deed::Choose(chosen.map_or(0, |at| (at + 1).min(last)))),
        "k" => Some(Deed::Choose(chosen.map_or(last, |at| at.saturating_sub(1)))),
        "Enter" => chosen.map(|at| Deed::Open(at.min(last))),
        "s" => chosen.map(|at| Deed::Snooze(at.min(last))),
        _ => None,
    }
}

/// Listens for the queue's keys; gives the chosen row.
#[hook]
pub fn use_queue_keys(cases: Vec<CaseCard>, snooze: Callback<CaseCard>) -> Option<usize> {
    let chosen = use_state_eq(|| None::<usize>);
    let navigator = use_navigator();
    {
        let chosen = chosen.clone();
        use_keys(move |key| match deed(key, *chosen, cases.len()) {
            Some(Deed::Choose(at)) => chosen.set(Some(at)),
            Some(Deed::Snooze(at)) => snooze.emit(cases[at].clone()),
            Some(Deed::Open(at)) => {
                if let Some(navigator) = &navigator {
                    navigator.push(&Route::Case { id: cases[at].id.to_string() });
                }
            }
            None => {}
        });
    }
    use_effect_with(*chosen, |_| scroll_to_chosen());
    *chosen
}

fn scroll_to_chosen() {
    let Ok(Some(card)) = document().query_selector(".gw-person--chosen") else { return };
    bring_into_view(&card);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_walk_the_queue_and_stop_at_its_ends() {
        assert_eq!(deed("j", None, 3), Some(Deed::Choose(0)));
        assert_eq!(deed("j", Some(2), 3), Some(Deed::Choose(2)));
        assert_eq!(deed("k", Some(0), 3), Some(Deed::Choose(0)));
        assert_eq!(deed("Enter", None, 3), None);
        assert_eq!(deed("s", Some(9), 3), Some(Deed::Snooze(2)));
        assert_eq!(deed("j", None, 0), None);
        assert_eq!(deed("x", Some(1), 3), None);
    }
}
