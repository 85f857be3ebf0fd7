//! The demo from an empty folder to its first alert, and as the command starts it, twice in the same folder.

use goodword::{
    actions,
    app::App,
    clock,
    config::Config,
    demo,
    engine::{Outcome, run_source},
    serve,
    simulate::{Platform, SimulatorHandle},
};
use goodword_shared::api::{
    customers::ListCustomers, mentions::ListMentions, sources::ListSources, today::GetToday,
};

use crate::service::Service;

async fn opened(folder: &std::path::Path) -> (App, SimulatorHandle) {
    let mut config = Config::load(folder).expect("defaults suffice");
    let simulator = demo::open(folder, &mut config).await.expect("a free port");
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
async fn the_demo_opens_full_and_opens_again_with_the_same_people() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut held = Vec::new();
    for round in 0..2 {
        let mut config = Config::load(folder.path()).expect("the default configuration");
        let simulator = demo::open(folder.path(), &mut config).await.expect("a simulator");
        let app = App::build(folder.path(), config, true).await.expect("an app");
        demo::furnish(&app, &simulator).await.expect("furnished");
        let running = serve::start(app.clone(), &serve::Door::loopback()).await.expect("it listens");
        demo::settled(&app).await.expect("read");
        let service = Service::around(app, running);
        let mentions =
            service.call::<ListMentions>((), Default::default(), ()).await.expect("mentions").total;
        let customers =
            service.call::<ListCustomers>((), Default::default(), ()).await.expect("customers").total;
        assert!(mentions > 500 && customers > 300, "{mentions} mentions, {customers} customers");
        let sources = service.call::<ListSources>((), (), ()).await.expect("sources");
        assert!(sources.len() >= 6 && sources.iter().all(|s| s.problem.is_none()), "{sources:?}");
        let today = service.call::<GetToday>((), (), ()).await.expect("today");
        assert!(!today.win_back.is_empty() && !today.ask.is_empty() && !today.themes.is_empty());
        assert!(today.win_back.iter().all(|c| c.waiting_since > clock::now() - chrono::Duration::days(15)));
        held.push((mentions, customers));
        service.stop().await;
        simulator.stop().await;
        assert!(folder.path().join("goodword.db").exists(), "round {round}");
    }
    assert_eq!(held[0], held[1], "nothing is read twice");
}

#[tokio::test]
async fn the_demo_keeps_out_of_a_real_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    let config = Config::load(folder.path()).expect("the default configuration");
    drop(App::build(folder.path(), config.clone(), false).await.expect("a business of its own"));
    let refused = demo::open(folder.path(), &mut config.clone()).await.err().expect("refused");
    assert!(refused.to_string().contains("business of its own"), "{refused}");
}
