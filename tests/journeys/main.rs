//! The whole product through a real browser: `goodword serve --demo` with the dashboard inside, ChromeDriver, and
//! journeys that an owner makes. Pages are found by their `data-testid` attributes.
//!
//! `cargo xtask e2e` builds what is needed and runs this; words after it choose journeys by name.

mod axe;
mod browser;
mod driver;
mod entrance;
mod identity;
mod imports;
mod learning;
mod looks;
mod people;
mod promoters;
mod queue;
mod recovery;
mod service;
mod sources;
mod today;

use std::process::ExitCode;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use browser::Browser;
use driver::Driver;
use service::Service;

/// How long one journey may take before it counts as failed; far above what any needs on two busy cores.
const JOURNEY_LIMIT: Duration = Duration::from_secs(300);

#[tokio::main(flavor = "multi_thread", worker_threads = 2)]
async fn main() -> ExitCode {
    // What cargo's own harness takes is taken in silence; words choose journeys.
    let words: Vec<String> = std::env::args().skip(1).filter(|arg| !arg.starts_with("--")).collect();
    if std::env::args().any(|arg| arg == "--list") {
        for name in NAMES {
            println!("{name}: test");
        }
        return ExitCode::SUCCESS;
    }
    let chosen: Vec<&str> = NAMES
        .iter()
        .copied()
        .filter(|name| words.is_empty() || words.iter().any(|word| name.contains(word)))
        .collect();
    println!("\nrunning {} journeys", chosen.len());
    let start = Instant::now();
    let failed = match run_all(&chosen).await {
        Ok(failed) => failed,
        Err(error) => {
            println!("the journeys could not start: {error:#}");
            chosen.len()
        }
    };
    let word = if failed == 0 { "ok" } else { "FAILED" };
    println!(
        "\ntest result: {word}. {} passed; {failed} failed; 0 ignored; 0 measured; {} filtered out; finished in {:.2}s\n",
        chosen.len() - failed,
        NAMES.len() - chosen.len(),
        start.elapsed().as_secs_f64()
    );
    if failed == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Runs the journeys one after another, each in a browser of its own on the same service; gives how many failed.
async fn run_all(chosen: &[&str]) -> Result<usize> {
    let service = Service::demo().await.context("starting the service")?;
    let driver = Driver::start().await.context("starting ChromeDriver")?;
    let mut failed = 0;
    for name in chosen {
        let browser = Browser::open(&driver, service.address()).await.context("opening the browser")?;
        let start = Instant::now();
        let outcome = match tokio::time::timeout(JOURNEY_LIMIT, run(name, &browser)).await {
            Ok(outcome) => outcome,
            Err(_) => Err(anyhow::anyhow!("not finished within {} s", JOURNEY_LIMIT.as_secs())),
        };
        let complaints = browser.complaints().await.unwrap_or_else(|error| vec![format!("{error:#}")]);
        let console = complaints.join("\n    ");
        let outcome = match outcome {
            Ok(()) if complaints.is_empty() => Ok(()),
            Ok(()) => Err(anyhow::anyhow!("the browser's console holds errors:\n    {console}")),
            Err(error) if complaints.is_empty() => Err(error),
            Err(error) => Err(error.context(format!("the browser's console holds:\n    {console}\n   "))),
        };
        let seconds = start.elapsed().as_secs_f64();
        match outcome {
            Ok(()) => println!("test {name} ... ok ({seconds:.1} s)"),
            Err(error) => {
                failed += 1;
                println!("test {name} ... FAILED ({seconds:.1} s)\n    {error:#}");
                if let Err(error) = browser.screenshot(&format!("failed-{name}")).await {
                    println!("    and no picture of it: {error:#}");
                }
            }
        }
        browser.close().await;
    }
    driver.stop().await;
    service.stop().await;
    Ok(failed)
}

macro_rules! journeys {
    ($($name:literal => $journey:path,)*) => {
        const NAMES: &[&str] = &[$($name),*];

        async fn run(name: &str, browser: &Browser) -> Result<()> {
            match name {
                $($name => $journey(browser).await,)*
                other => bail!("there is no journey {other:?}"),
            }
        }
    };
}

journeys! {
    "today_shows_both_lists" => today::shows_both_lists,
    "a_furious_review_arrives_live" => today::a_furious_review_arrives_live,
    "a_case_is_opened_and_noted" => recovery::is_opened_and_noted,
    "an_answer_is_read_with_their_eyes" => recovery::an_answer_is_read_with_their_eyes,
    "promoters_are_exported" => promoters::are_exported,
    "a_new_owner_sets_up_and_signs_in" => entrance::sets_up_and_signs_in,
    "a_source_is_seen_through" => sources::are_seen_through,
    "a_new_owners_sources_are_added" => sources::are_added,
    "customers_and_orders_are_imported" => imports::are_seen_through,
    "a_reviewer_is_recognised_by_keyboard" => identity::is_recognised_by_keyboard,
    "what_is_read_stays_under_the_eyes" => queue::stays_under_the_eyes,
    "what_is_not_heard_is_kept" => queue::keeps_what_is_not_heard,
    "accounts_of_one_person_are_asked_about" => people::are_asked_about,
    "accounts_are_told_apart_and_joined_again" => people::are_told_apart_and_joined_again,
    "an_owner_teaches_and_takes_back" => learning::is_taught_and_taken_back,
    "an_owner_names_a_theme" => learning::a_theme_of_their_own,
    "every_page_light_and_wide" => looks::light_and_wide,
    "every_page_light_on_a_phone" => looks::light_on_a_phone,
    "every_page_dark_and_wide" => looks::dark_and_wide,
    "every_page_dark_on_a_phone" => looks::dark_on_a_phone,
}
