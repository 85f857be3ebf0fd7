//! The queue of doubts under an owner's hands: what is read stays where it is, what is decided elsewhere is told, what the service
//! does not hear is kept, and no key acts that was meant for something else.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};

use crate::browser::Browser;
use crate::{entrance, looks};

const PATIENCE: Duration = Duration::from_secs(30);
/// Several that share a name each, so that nobody can be sure.
const CUSTOMERS: &str = "id,name,city\n1,Hugo Larchwick,Farbridge\n2,Hugo Larchwick,Wexholme\n3,Ines Oakfield,Farbridge\n\
                         4,Ines Oakfield,Wexholme\n6,Bruno Hazelgate,Farbridge\n7,Bruno Hazelgate,Wexholme\n";

/// On a service of its own.
pub async fn stays_under_the_eyes(browser: &Browser) -> Result<()> {
    entrance::on_an_empty_one(browser, stay).await
}

async fn stay(browser: &Browser, address: &str) -> Result<()> {
    entrance::begin(browser, address).await?;
    import(browser, "customers", CUSTOMERS).await?;
    say(browser, "Hugo Larchwick", "Collected on Monday.", 4).await?;
    browser.visit(&format!("{address}/customers/matches")).await?;
    ensure!(browser.text("doubt-author").await?.contains("Hugo"), "the first is asked about");

    // Angry people are asked about first; but this one is being read.
    say(browser, "Ines Oakfield", "It leaks, nobody answers, and I want my money back!", 1).await?;
    let came = async || Ok(browser.count("[data-testid=\"queue-came\"]").await? == 1);
    browser.until("it is told that somebody came in", PATIENCE, came).await?;
    ensure!(browser.text("doubt-author").await?.contains("Hugo"), "what is read stays");
    looks::both(browser, "queue-came").await?;

    // They say more: what is read is not exchanged for it unasked.
    say(browser, "Hugo Larchwick", "And again on Tuesday.", 4).await?;
    browser
        .until("the news is told", PATIENCE, async || {
            Ok(browser.count("[data-testid=\"queue-look\"]").await? == 1)
        })
        .await?;
    ensure!(!browser.text("doubt").await?.contains("Tuesday"), "it is as it was read");
    browser.find("queue-look").await?.click().await?;
    let more = async || Ok(browser.text("doubt").await?.contains("Tuesday"));
    browser.until("it is shown as it is now", PATIENCE, more).await?;

    // Settled in another tab, it is told here; a key for an answer says nothing then.
    let doubt = doubts(browser).await?.into_iter().find(|one| one["author"]["name"] == "Hugo Larchwick");
    let id =
        doubt.context("still asked")?["candidates"][0]["match_id"].as_str().context("a match")?.to_owned();
    browser.call("POST", &format!("/api/v1/matches/{id}"), json!({"verdict": "confirm"})).await?;
    let settled = async || Ok(browser.text("queue-news").await?.contains("settled"));
    browser.until("the decision shows here, too", PATIENCE, settled).await?;
    ensure!(browser.text("doubt-author").await?.contains("Hugo"), "and what is read stays");
    looks::both(browser, "queue-settled").await?;
    browser.press("n").await?;
    browser.press("s").await?;
    let next = async || Ok(browser.text("doubt-author").await?.contains("Ines"));
    browser.until("the next one is asked", PATIENCE, next).await?;
    ensure!(state(browser, &id).await? == "confirmed", "the word said elsewhere stands");

    // A refusal by its button: the keyboard goes on with those who are left, not at the top of the page.
    browser.script("document.querySelector('[data-testid=match-refuse]').focus()", vec![]).await?;
    browser.press_enter().await?;
    let fewer = async || Ok(browser.count("[data-testid=\"match-row\"]").await? == 1);
    browser.until("one is left", PATIENCE, fewer).await?;
    let inside = "return document.activeElement.closest('[data-testid=match-row]') !== null";
    browser.until("the focus is on it", PATIENCE, async || is(browser, inside).await).await
}

/// On a service of its own.
pub async fn keeps_what_is_not_heard(browser: &Browser) -> Result<()> {
    entrance::on_an_empty_one(browser, lose_nothing).await
}

async fn lose_nothing(browser: &Browser, address: &str) -> Result<()> {
    entrance::begin(browser, address).await?;
    import(browser, "customers", CUSTOMERS).await?;
    for name in ["Hugo Larchwick", "Ines Oakfield", "Bruno Hazelgate"] {
        say(browser, name, "Collected on Monday.", 4).await?;
    }
    browser.visit(&format!("{address}/customers/matches")).await?;
    let first = browser.text("doubt-author").await?;

    // Keys with a modifier, held down, or typed into a field are no answers.
    for (key, with) in
        [("y", "ctrlKey: true"), ("y", "metaKey: true"), ("n", "altKey: true"), ("y", "repeat: true")]
    {
        let event = format!(
            "document.dispatchEvent(new KeyboardEvent('keydown', {{key: '{key}', bubbles: true, {with}}}))"
        );
        browser.script(&event, vec![]).await?;
    }
    browser.press("?").await?;
    browser.css("dialog[open]").await?;
    browser.script("document.activeElement.blur()", vec![]).await?;
    browser.press("y").await?;
    browser.css("dialog[open] button").await?.click().await?;
    browser
        .until("the list of keys is closed", PATIENCE, async || Ok(browser.count("dialog").await? == 0))
        .await?;
    ensure!(browser.text("doubt-author").await? == first, "nothing was said");

    // The service fails while the owner goes on.
    let fail = "window.goodFetch = window.fetch;
        window.fetch = (input, init) => (input.method ?? init?.method) === 'POST'
            ? Promise.resolve(new Response('', {status: 503})) : window.goodFetch(input, init);";
    browser.script(fail, vec![]).await?;
    browser.press("y").await?;
    browser
        .until("it is told", PATIENCE, async || {
            Ok(browser.count("[data-testid=\"queue-unsent\"]").await? == 1)
        })
        .await?;
    browser.press("n").await?;
    let both = async || Ok(browser.text("queue-unsent").await?.contains("2 answers"));
    browser.until("both are kept", PATIENCE, both).await?;
    ensure!(browser.text("doubt-author").await? != first, "the owner goes on with the next");
    looks::both(browser, "queue-unsent").await?;
    // What was not heard is taken back without the service.
    browser.press("u").await?;
    let one = async || Ok(browser.text("queue-unsent").await?.contains("1 answer "));
    browser.until("one is kept", PATIENCE, one).await?;
    browser.script("window.fetch = window.goodFetch", vec![]).await?;
    browser.find("queue-resend").await?.click().await?;
    let sent = async || {
        Ok(browser.count("[data-testid=\"queue-unsent\"]").await? == 0
            && matches(browser, "confirmed").await? == 1)
    };
    browser.until("the word has arrived", PATIENCE, sent).await?;
    ensure!(matches(browser, "refused").await? < 2, "and only that one");

    // The page loaded anew, the word can still be taken back, even if that is not heard at first. The window remembers it once it
    // has the service's answer.
    let remembered = "return (sessionStorage.getItem('goodword-said') ?? '') !== ''";
    browser.until("the window remembers the word", PATIENCE, async || is(browser, remembered).await).await?;
    browser.script("window.goodOld = true", vec![]).await?;
    browser.reload().await?;
    let anew = "return !window.goodOld && document.querySelector('[data-testid=doubt-author]') !== null";
    browser.until("the page is loaded anew", PATIENCE, async || is(browser, anew).await).await?;
    ensure!(browser.text("doubt-author").await? != first, "the others are asked");
    browser.script(fail, vec![]).await?;
    browser.press("u").await?;
    let failed = async || Ok(browser.count(".gw-notice--failure").await? == 1);
    browser.until("it is told that the word is not taken back", PATIENCE, failed).await?;
    browser.script("window.fetch = window.goodFetch", vec![]).await?;
    browser.press("u").await?;
    let back = async || Ok(matches(browser, "confirmed").await? == 0);
    browser.until("the word is taken back", PATIENCE, back).await?;
    let asked = async || Ok(browser.text("doubt-author").await? == first);
    browser.until("its question is asked again", PATIENCE, asked).await?;

    // Who leaves the queue hears of what has not arrived.
    browser.css(".gw-notice--failure button").await?.click().await?;
    browser.script(fail, vec![]).await?;
    browser.press("y").await?;
    let kept = async || Ok(browser.count("[data-testid=\"queue-unsent\"]").await? == 1);
    browser.until("it is told here", PATIENCE, kept).await?;
    browser.find("to-strangers").await?.click().await?;
    browser.until("it is told there", PATIENCE, failed).await
}

async fn import(browser: &Browser, what: &str, content: &str) -> Result<()> {
    let body = json!({"content": content, "file_name": format!("{what}.csv"), "mapping": {}, "settings": {}});
    let report = browser.call("POST", &format!("/api/v1/{what}/import"), body).await?;
    ensure!(report["new"].as_u64() > Some(0), "the report says {report}");
    Ok(())
}

/// A review arrives.
async fn say(browser: &Browser, who: &str, text: &str, stars: u8) -> Result<()> {
    let content = format!("author,text,rating,date\n{who},\"{text}\",{stars},2026-11-20\n");
    let body = json!({"content": content, "file_name": "reviews.csv", "mapping": {}, "settings": {"source": "Guest book"}});
    let report = browser.call("POST", "/api/v1/imports/mentions", body).await?;
    ensure!(report["new"] == 1, "the report says {report}");
    Ok(())
}

async fn doubts(browser: &Browser) -> Result<Vec<Value>> {
    let page = browser.get("/api/v1/doubts").await?;
    Ok(page["items"].as_array().context("a page of doubts")?.clone())
}

async fn matches(browser: &Browser, state: &str) -> Result<u64> {
    let page = browser.get(&format!("/api/v1/matches?state={state}")).await?;
    page["total"].as_u64().context("a page of matches")
}

/// Where a match stands.
async fn state(browser: &Browser, id: &str) -> Result<String> {
    for state in ["confirmed", "refused", "doubtful", "linked"] {
        let page = browser.get(&format!("/api/v1/matches?state={state}")).await?;
        let found = page["items"].as_array().context("a page of matches")?;
        if found.iter().any(|one| one["id"] == id) {
            return Ok(state.to_owned());
        }
    }
    anyhow::bail!("there is no match {id}")
}

async fn is(browser: &Browser, script: &str) -> Result<bool> {
    Ok(browser.script(script, vec![]).await? == Value::Bool(true))
}
