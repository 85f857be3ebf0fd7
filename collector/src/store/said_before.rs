//! What stood before the owner's last word on a pair, and before the word before that, newest first: so that each can be taken back in
//! turn. Kept beside the pair, in words: `linked:1767225600000 refused:1767139200000`. A word without a moment is of an older version.

use goodword_shared::matching::MatchState;

/// Letters kept; what was said longer ago cannot be taken back any more.
const KEPT: usize = 150;

/// The same in SQL, for the row of a table at hand: what it holds becomes what stood before.
pub(super) fn pushed_in(table: &str) -> String {
    format!("{table}.state || ':' || {table}.decided_at || COALESCE(' ' || {table}.previous, '')")
}

/// With one more word.
pub(super) fn pushed(state: MatchState, decided_at: i64, previous: Option<&str>) -> String {
    let mut text = format!("{}:{decided_at}", state.as_str());
    if let Some(previous) = previous {
        text.push(' ');
        text.push_str(previous);
    }
    if text.len() > KEPT
        && let Some(end) = text[..KEPT].rfind(' ')
    {
        text.truncate(end);
    }
    text
}

/// What stood before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Before {
    /// Where the pair stood.
    pub(super) state: MatchState,
    /// Since when; none where that is not known.
    pub(super) decided_at: Option<i64>,
    /// What stood before that.
    pub(super) previous: Option<String>,
}

/// The newest of the words; none where there is nothing to take back.
pub(super) fn popped(previous: Option<&str>) -> Option<Before> {
    let (word, rest) =
        previous.map(|text| text.split_once(' ').map_or((text, None), |(a, b)| (a, Some(b))))?;
    let (state, decided_at) = word.split_once(':').map_or((word, None), |(state, at)| (state, Some(at)));
    let decided_at = decided_at.map(str::parse).transpose().ok()?;
    Some(Before { state: MatchState::parse(state)?, decided_at, previous: rest.map(str::to_owned) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_come_back_in_turn_and_what_was_cut_off_does_not() {
        assert_eq!(popped(None), None);
        let old = popped(Some("linked")).expect("one");
        assert_eq!((old.state, old.decided_at, old.previous), (MatchState::Linked, None, None));
        let mut text = pushed(MatchState::Doubtful, 7, None);
        for at in 0..20 {
            text = pushed(MatchState::Refused, 1_767_225_600_000 + at, Some(&text));
        }
        let mut count = 0;
        let mut left = Some(text);
        while let Some(before) = popped(left.as_deref()) {
            assert_eq!(
                before.decided_at,
                Some(1_767_225_600_019 - count),
                "never a moment that was cut in two"
            );
            (left, count) = (before.previous, count + 1);
        }
        assert!((5..10).contains(&count), "{count}");
    }
}
