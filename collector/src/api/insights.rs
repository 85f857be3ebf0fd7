//! Insights: trends as they are stored, and the analysis as it is now against the owner's labels.

use goodword_shared::{
    Problem,
    api::insights::{Accuracy, Disagreement, Insights},
    case::Quote,
};

use super::{Caller, broke};
use crate::{analysis::Input, app::App, store::share};

/// Labels that are looked at.
const LABELS: i64 = 2000;
/// Disagreements shown.
const SHOWN: usize = 10;

/// The page.
pub async fn get(app: App, caller: Caller, (): (), (): (), (): ()) -> Result<Insights, Problem> {
    let labelled = app.store.labelled(LABELS).await?;
    let analyser = app.clone();
    let accuracy = tokio::task::spawn_blocking(move || compare(&analyser, labelled));
    Ok(Insights {
        months: app.store.months(caller.now).await?,
        themes: app.store.theme_trends(caller.now).await?,
        accuracy: accuracy.await.map_err(|error| broke(&error))?,
    })
}

/// Analyses again what the owner has labelled: the corrected verdict is in the store, the analysis's own is not.
fn compare(app: &App, labelled: Vec<(goodword_shared::Mention, Quote)>) -> Accuracy {
    let mut found = Accuracy::default();
    let (mut right, mut sure, mut right_when_sure) = (0, 0, 0);
    let all = labelled.len() as u64;
    for (mention, quote) in labelled {
        let verdict = app.analyser.analyse(&Input::of(&mention)).sentiment;
        let agrees = verdict.label == quote.analysis.sentiment.label;
        right += u64::from(agrees);
        if verdict.uncertain {
            found.unsure += 1;
        } else {
            sure += 1;
            right_when_sure += u64::from(agrees);
        }
        if !agrees && found.wrong.len() < SHOWN {
            found.wrong.push(Disagreement { quote, analysis: verdict.label });
        }
    }
    found.right = share(right, all);
    found.right_when_sure = share(right_when_sure, sure);
    found
}
