//! Replies: the check of a draft's tone. Nothing is stored.

use goodword_shared::{
    Problem,
    api::replies::{Draft, Tone},
};

use super::Caller;
use crate::{analysis::tone, app::App};

/// Longer drafts are no replies.
const MOST_CHARACTERS: usize = 20_000;

/// Remarks on a draft. What the author told us alone, and the name that the customer is known by here where it is not the one they
/// write under, are private.
pub async fn tone(app: App, _caller: Caller, (): (), (): (), draft: Draft) -> Result<Tone, Problem> {
    if draft.text.chars().count() > MOST_CHARACTERS {
        return Err(Problem::invalid_field("text", "At most 20,000 characters."));
    }
    let mut private: Vec<String> = Vec::new();
    let mut language = draft.language;
    if let Some(id) = &draft.mention_id {
        let view = app.store.mention_view(id).await?.ok_or_else(|| Problem::not_found("mention"))?;
        let author = &view.mention.author;
        private.extend(author.email.clone());
        let shown = author.shown().unwrap_or_default().to_lowercase();
        private.extend(view.row.customer.map(|c| c.name).filter(|name| name.to_lowercase() != shown));
        language = language.or(view.row.quote.analysis.language);
    }
    let facts: Vec<&str> = private.iter().map(String::as_str).collect();
    Ok(Tone { remarks: tone::check(&draft.text, language.as_deref(), &facts, draft.limit) })
}
