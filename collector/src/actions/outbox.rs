//! The outbox worker: claims what waits, carries it out, and writes down what came of it. A claim is a lease: where this
//! process dies, another takes the row over when the lease ends, and repeats the effect under the same key.

use std::time::Duration;

use goodword_shared::{Time, alert::Event};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::{
    admin,
    carry::Carrier,
    channels::{self, Verdict},
    message::Message,
};
use crate::{
    app::App,
    clock,
    store::{self, Claimed, Dialect},
};

/// Deliveries at the same time.
const AT_ONCE: usize = 8;
/// Longest time for one try, everything included.
const DEADLINE: Duration = Duration::from_secs(60);
/// How long a claim holds: longer than any try lasts.
const LEASE: Duration = Duration::from_secs(90);
/// The store is looked at now and then even where nobody woke us: another process may have written.
const LOOK: Duration = Duration::from_secs(15);
/// At the end, so long is waited for what is under way; what is not done by then is repeated after the next start.
const LAST_MOMENT: Duration = Duration::from_secs(5);

const FIRST_PAUSE: Duration = Duration::from_secs(30);
const LONGEST_PAUSE: Duration = Duration::from_secs(3600);

/// Works until the shutdown. Faults of the store are logged and the work goes on; an error is that nothing can be sent at all.
pub async fn run(app: App, shutdown: CancellationToken) -> anyhow::Result<()> {
    let carrier = std::sync::Arc::new(Carrier::new(&app)?);
    if app.store.dialect() == Dialect::Sqlite {
        // The file has one collector, and it has just started: whoever held a claim is gone.
        app.store.free_effects().await?;
    }
    let mut under_way = JoinSet::new();
    loop {
        let wait = match fill(&app, &carrier, &mut under_way).await {
            Ok(wait) => wait,
            Err(error) => {
                tracing::error!(%error, "the outbox cannot be read");
                LOOK
            }
        };
        tokio::select! {
            () = shutdown.cancelled() => break,
            Some(_) = under_way.join_next() => {}
            () = app.wake_outbox.notified() => {}
            () = tokio::time::sleep(wait) => {}
        }
    }
    let finish = async { while under_way.join_next().await.is_some() {} };
    if tokio::time::timeout(LAST_MOMENT, finish).await.is_err() {
        tracing::info!(left = under_way.len(), "deliveries under way are repeated after the next start");
    }
    Ok(())
}

/// Starts what is due, as far as there is room, and says how long nothing will be.
async fn fill(
    app: &App,
    carrier: &std::sync::Arc<Carrier>,
    under_way: &mut JoinSet<()>,
) -> store::Result<Duration> {
    let room = AT_ONCE.saturating_sub(under_way.len());
    let Some(due) = app.store.next_effect_at().await? else { return Ok(LOOK) };
    let now = clock::now();
    if room == 0 {
        return Ok(LOOK);
    }
    if due > now {
        return Ok((due - now).to_std().unwrap_or(LOOK).min(LOOK));
    }
    for claimed in app.store.claim_effects(now, now + LEASE, room as u32).await? {
        let (app, carrier) = (app.clone(), carrier.clone());
        under_way.spawn(async move {
            if let Err(error) = deliver(&app, &carrier, &claimed).await {
                tracing::error!(%error, delivery = claimed.id, "a delivery's outcome could not be written");
            }
        });
    }
    // More may be due than there was room for: the next delivery that ends looks again.
    Ok(if under_way.len() < AT_ONCE { Duration::from_millis(50) } else { LOOK })
}

/// Carries out one claimed effect and writes down what came of it.
pub(super) async fn deliver(app: &App, carrier: &Carrier, claimed: &Claimed) -> store::Result<()> {
    let verdict = match tokio::time::timeout(DEADLINE, attempt(app, carrier, claimed)).await {
        Ok(verdict) => verdict?,
        Err(_) => Verdict::Again(format!("No answer within {} seconds.", DEADLINE.as_secs()), None),
    };
    let now = clock::now();
    let test = is_test(claimed);
    let last = test || claimed.tries >= app.config.outbox.tries;
    let outcome = match verdict {
        Verdict::Done(detail) => {
            app.store.effect_done(&claimed.id, &detail, now).await?;
            "done"
        }
        Verdict::Again(detail, wait) if !last => {
            let wait = pause(claimed.tries, rand::random()).max(wait.unwrap_or_default());
            app.store.effect_again(claimed, &detail, now + wait.min(LONGEST_PAUSE)).await?;
            "to be tried again"
        }
        Verdict::Again(detail, _) => {
            let detail =
                if test { detail } else { format!("Given up after {} tries. {detail}", claimed.tries) };
            app.store.effect_failed(claimed, &detail, now).await?;
            "given up"
        }
        Verdict::Failed(detail) => {
            app.store.effect_failed(claimed, &detail, now).await?;
            "refused"
        }
    };
    // What the other side said may hold a person's data: it is in the store, not in the log.
    tracing::info!(
        delivery = claimed.id,
        channel = claimed.channel_id,
        tries = claimed.tries,
        outcome,
        "delivery"
    );
    app.tell(Event::Changed { what: "deliveries".into() });
    Ok(())
}

async fn attempt(app: &App, carrier: &Carrier, claimed: &Claimed) -> store::Result<Verdict> {
    let Some(stored) = app.store.channel(&claimed.channel_id).await? else {
        return Ok(Verdict::Failed("The channel was removed.".into()));
    };
    let Some(channel) = channels::by_slug(&stored.kind) else {
        return Ok(Verdict::Failed(format!("This version has no channel of the kind “{}”.", stored.kind)));
    };
    let test = is_test(claimed);
    if !stored.enabled && !test {
        return Ok(Verdict::Failed("The channel is switched off.".into()));
    }
    let settings = match admin::settings_of(app, channel, &stored) {
        Ok(settings) => settings,
        Err(error) => return Ok(Verdict::Again(error.to_string(), None)),
    };
    let message = message(app, claimed, test).await?;
    let now = clock::now();
    Ok(match channel.prepare(&settings, &message, now) {
        Ok(effect) => carrier.carry(app, channel, effect, now).await,
        Err(detail) => Verdict::Again(detail, None),
    })
}

async fn message(app: &App, claimed: &Claimed, test: bool) -> store::Result<Message> {
    let facts = app.store.alert_facts(claimed.alert.mention_id.as_str()).await?;
    Ok(Message {
        key: claimed.key.clone(),
        decided_at: claimed.created_at,
        alert: claimed.alert.clone(),
        facts,
        test,
        dashboard: app.dashboard(),
    })
}

/// Whether the owner asked for it to try the channel.
fn is_test(claimed: &Claimed) -> bool {
    claimed.key.starts_with(admin::TEST_KEY)
}

/// How long to wait after the n-th try: half a minute, doubling to an hour, a quarter more or less by chance
/// (`chance` is 0–1), so that what failed together does not come back together.
pub fn pause(tries: u32, chance: f64) -> Duration {
    let doubled = FIRST_PAUSE.saturating_mul(1 << tries.saturating_sub(1).min(10));
    doubled
        .min(LONGEST_PAUSE)
        .mul_f64(0.75 + chance.clamp(0.0, 1.0) / 2.0)
        .clamp(FIRST_PAUSE.mul_f64(0.75), LONGEST_PAUSE)
}

/// A claim's end, for one that is made and carried out at once.
pub(super) fn lease(now: Time) -> Time {
    now + LEASE
}
