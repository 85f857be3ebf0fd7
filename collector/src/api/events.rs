//! What is new, as it happens: server-sent events for open pages. Knows the events, not what they are about.

use std::{convert::Infallible, time::Duration};

use axum::{
    extract::{Request, State},
    response::{
        IntoResponse, Response,
        sse::{self, KeepAlive, Sse},
    },
};
use goodword_shared::alert::Event;
use tokio::sync::broadcast::error::RecvError;

use super::{
    Caller, Site,
    door::{Jar, Who},
    problem,
};

/// Every list that a page may show: told after a gap, so that the page reads all of them again.
const LISTS: [&str; 7] = ["mentions", "cases", "promoters", "sources", "matches", "customers", "deliveries"];
/// A stream ends after so long; the page opens it again, and is asked again whether it may.
const LONGEST: Duration = Duration::from_secs(30 * 60);

/// `GET` [`goodword_shared::api::EVENTS`].
pub async fn stream(State(site): State<Site>, request: Request) -> Response {
    let (parts, _) = request.into_parts();
    if let Err(refused) = Caller::admit(&site, &parts, &Jar::default()).await {
        return problem::answer(&refused);
    }
    let mut events = site.app.events.subscribe();
    let closing = site.app.closing.clone();
    let end = tokio::time::Instant::now() + LONGEST;
    let stream = async_stream::stream! {
        // Tells the page at once that it is connected, through every proxy.
        yield Ok::<_, Infallible>(sse::Event::default().comment("open"));
        loop {
            let event = tokio::select! {
                event = events.recv() => event,
                () = closing.cancelled() => break,
                () = tokio::time::sleep_until(end) => break,
            };
            match event {
                Ok(event) => if let Some(event) = as_sse(&event) { yield Ok(event) },
                Err(RecvError::Lagged(_)) => for what in LISTS {
                    if let Some(event) = as_sse(&Event::Changed { what: what.to_owned() }) { yield Ok(event) }
                },
                Err(RecvError::Closed) => break,
            }
        }
    };
    Sse::new(stream).keep_alive(KeepAlive::new().interval(Duration::from_secs(20))).into_response()
}

fn as_sse(event: &Event) -> Option<sse::Event> {
    sse::Event::default().json_data(event).ok()
}
