//! A text with stretches marked in it. It came from outside: it is cut into pieces of text and never becomes markup.

use goodword_shared::api::doubts::Stretch;
use yew::prelude::*;

/// The text with those stretches marked; they are in characters, and may overlap or reach beyond it.
pub fn marked(text: &str, stretches: &[Stretch]) -> Html {
    html! {
        <>
            { for pieces(text, stretches).into_iter().map(|(piece, same)| {
                if same { html!(<mark class="gw-same">{ piece }</mark>) } else { html!(<>{ piece }</>) }
            }) }
        </>
    }
}

fn pieces(text: &str, stretches: &[Stretch]) -> Vec<(String, bool)> {
    let mut out: Vec<(String, bool)> = Vec::new();
    for (at, c) in text.chars().enumerate() {
        let same = stretches.iter().any(|s| (s.start..s.end).contains(&at));
        match out.last_mut() {
            Some((piece, last)) if *last == same => piece.push(c),
            _ => out.push((c.to_string(), same)),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_are_cut_by_characters_and_nothing_is_lost() {
        let marks = [Stretch { start: 6, end: 9 }, Stretch { start: 8, end: 99 }];
        let cut = pieces("Größe 1042", &marks);
        assert_eq!(cut, [("Größe ".into(), false), ("1042".into(), true)]);
        assert!(pieces("", &marks).is_empty());
    }
}
