//! What the owner's corrections have taught: the versions, learning now, choosing.

use goodword_shared::{
    Problem,
    api::learning::{Choice, Difference, Learning, Lesson, Version},
};

use super::{Caller, broke};
use crate::{
    app::App,
    engine::learn::{self, Report, report_of},
    store::{LearntVersion, share},
};

/// Versions shown.
const SHOWN: usize = 20;

/// What was learnt so far.
pub async fn get(app: App, _caller: Caller, (): (), (): (), (): ()) -> Result<Learning, Problem> {
    let choice = learn::choice(&app).await.map_err(wrong)?;
    let mut versions = Vec::new();
    for (n, version) in app.store.learnt_versions().await?.into_iter().take(SHOWN).enumerate() {
        versions.push(told(&app, &version, n == 0).await?);
    }
    let rereading = learn::is_rereading(&app).await.map_err(wrong)?;
    Ok(Learning { follow: choice.follow, in_use: choice.version, rereading, versions })
}

/// Learns from all corrections.
pub async fn now(app: App, caller: Caller, (): (), (): (), (): ()) -> Result<Learning, Problem> {
    learn::learn(&app).await.map_err(wrong)?;
    get(app, caller, (), (), ()).await
}

/// Chooses the version that reads.
pub async fn choose(app: App, caller: Caller, (): (), (): (), body: Choice) -> Result<Learning, Problem> {
    if !learn::choose(&app, body.follow, body.version).await.map_err(wrong)? {
        return Err(Problem::invalid_field("version", "There is no such version."));
    }
    let detail = match (body.follow, body.version) {
        (true, _) => "uses the newest version of what was learnt".to_owned(),
        (false, Some(number)) => format!("uses version {number} of what was learnt"),
        (false, None) => "uses the engine as shipped".to_owned(),
    };
    app.audit(&caller.user.email, "learning", None, &detail).await?;
    get(app, caller, (), (), ()).await
}

async fn told(app: &App, version: &LearntVersion, with_examples: bool) -> Result<Version, Problem> {
    let Report { corrections, scores, better, why, changed, looked, examples, .. } = report_of(version);
    let mut differences = Vec::new();
    if with_examples {
        let ids: Vec<String> = examples.iter().map(|(id, _)| id.clone()).collect();
        let mut said = app.store.said(&ids).await?;
        for (id, what) in examples {
            // What has been forgotten or taken out since is not shown.
            if let Some(said) = said.remove(&id).filter(|said| !said.deleted) {
                differences.push(Difference { quote: said.quote, what });
            }
        }
    }
    let lessons = scores
        .iter()
        .map(|score| Lesson {
            question: learn::in_words(&score.question),
            shipped: share(score.shipped, score.labels),
            learnt: share(score.learnt, score.labels),
        })
        .collect();
    Ok(Version {
        number: version.version,
        made_at: version.made_at,
        corrections,
        lessons,
        better,
        why,
        changed,
        looked,
        differences,
    })
}

fn wrong(error: anyhow::Error) -> Problem {
    broke(&format!("{error:#}"))
}
