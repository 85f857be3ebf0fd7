//! The demo from an empty folder to its first alert, through the ordinary engine.

use goodword::{
    actions,
    app::App,
    config::Config,
    demo,
    engine::{Outcome, run_source},
    simulate::{Platform, SimulatorHandle},
};

async fn opened(folder: &std::path::Path) -> (App, SimulatorHandle) {
    let mut config = Config::load(folder).expect("defaults suffice");
    let simulator = demo::open(&mut config).await.expect("a free port");
    assert_eq!(config.fetch.allow_private, [simulator.addr().to_string()], "and nothing else is opened");
    (App::build(folder, config, true).await.expect("opens"), simulator)
}

/// Runs every source once, in the order of the engine.
async fn run_all(app: &App) -> Vec<(String, Outcome)> {
    let mut outcomes = Vec::new();
    for row in app.store.source_rows().await.expect("rows") {
        let connector = row.connector.clone();
        outcomes.push((connector, run_source(app, row).await.expect("no fault of ours")));
    }
    outcomes
}

#[tokio::test]
async fn two_years_come_in_quietly_and_then_a_furious_review_alerts() {
    let folder = tempfile::tempdir().expect("a folder");
    let (app, simulator) = opened(folder.path()).await;
    demo::furnish(&app, &simulator).await.expect("moves in");
    // As the service does when it starts: the channel that is the page, and the rule that fits most.
    actions::admin::set_up(&app).await.expect("set up");
    assert_eq!(app.store.customer_count().await.expect("counted"), 400);
    assert_eq!(app.store.settings().await.expect("settings").business, simulator.business().name);

    let first = run_all(&app).await;
    assert_eq!(first.len(), Platform::ALL.len());
    for (connector, outcome) in &first {
        assert_eq!(outcome.problem, None, "{connector}");
        assert!(outcome.back_fill && !outcome.unfinished, "{connector}");
        assert_eq!(outcome.ingested.alerts, 0, "{connector}: history does not alert");
    }
    let new: u32 = first.iter().map(|(_, o)| o.ingested.new).sum();
    assert_eq!(new as usize, simulator.truth().len());
    let cases: u32 = first.iter().map(|(_, o)| o.ingested.cases).sum();
    assert!((5..=25).contains(&cases), "{cases} cases: enough to do, and no flood");

    simulator.advance().expect("the furious review");
    let second = run_all(&app).await;
    for (connector, outcome) in &second {
        let furious = u32::from(connector == "app_store");
        assert_eq!(outcome.problem, None, "{connector}");
        assert_eq!((outcome.ingested.new, outcome.ingested.alerts), (furious, furious), "{connector}");
        assert_eq!(outcome.ingested.cases, furious, "{connector}");
    }

    // Later the author of an older review gives more stars: a revision, no second mention.
    simulator.advance().expect("a promoter");
    simulator.advance().expect("an edit");
    let third = run_all(&app).await;
    let page = third.iter().find(|(connector, _)| connector == "schema_org").map(|(_, o)| o.ingested);
    let page = page.expect("the page is a source");
    assert_eq!((page.new, page.changed), (1, 1));
}

#[tokio::test]
async fn a_folder_that_holds_a_business_is_not_overwritten() {
    let folder = tempfile::tempdir().expect("a folder");
    let (app, simulator) = opened(folder.path()).await;
    demo::furnish(&app, &simulator).await.expect("moves in");
    let error = demo::furnish(&app, &simulator).await.expect_err("refused");
    assert!(error.to_string().contains("empty data folder"), "{error}");
    assert_eq!(app.store.customer_count().await.expect("counted"), 400);
}
