//! The sentences of `intents.tsv`, made up for Goodword to teach what people want or threaten: no public set holds such labels for
//! what is written about small businesses.

use crate::analysis::second::WANTS;

/// One sentence with the intents that it has.
pub struct Sentence {
    pub text: &'static str,
    pub language: &'static str,
    /// 0 posts, 1 reviews.
    pub group: usize,
    /// Names of [`WANTS`] with commas between, or `none`.
    pub label: &'static str,
    /// In the order of [`WANTS`].
    pub wants: [bool; WANTS.len()],
    /// Kept back from learning, for weighing the evidence.
    pub kept_back: bool,
}

/// All of them; one in five is kept back.
///
/// # Panics
/// On a line that is not language, kind, intents, text.
pub fn sentences() -> impl Iterator<Item = Sentence> {
    let rows = include_str!("../intents.tsv").lines().filter(|l| !l.starts_with('#'));
    rows.enumerate().map(|(number, row)| {
        let cells: Vec<&'static str> = row.split('\t').collect();
        let [language, kind, label, text] = cells[..] else { panic!("intents.tsv: {row:?}") };
        let wants = WANTS.map(|want| label.split(',').any(|l| l == want));
        let known = label == "none" || wants.iter().filter(|w| **w).count() == label.split(',').count();
        assert!(known && matches!(kind, "post" | "review"), "intents.tsv: {row:?}");
        Sentence {
            text,
            language,
            group: usize::from(kind == "review"),
            label,
            wants,
            kept_back: number % 5 == 3,
        }
    })
}
