//! Listening to a stream over a WebSocket: the handshake, messages one by one, a sign of life asked for where none comes. What a
//! message says is the stream's own business.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use goodword_shared::{
    problem::{ProblemKind, SourceProblem},
    source::Values,
};
use tokio::time::{Instant, timeout};
use tokio_tungstenite::{
    WebSocketStream, client_async_with_config,
    tungstenite::{
        Error, Message,
        client::IntoClientRequest,
        http::{HeaderName, HeaderValue},
        protocol::WebSocketConfig,
    },
};
use tokio_util::sync::CancellationToken;

use super::{Batch, Ended, connected};
use crate::{
    app::App,
    connectors::stream::{Listen, Stream},
    fetch::Tunnel,
    pipeline::Run,
    store::StoredSource,
};

/// Longest message: a post with everything around it.
const MESSAGE: usize = 1 << 20;
/// Longest time for the handshake.
const HANDSHAKE: Duration = Duration::from_secs(20);
/// How long heard mentions wait for more before they are stored.
const GATHER: Duration = Duration::from_secs(1);
/// How often a cursor without mentions is stored: a busy stream says little that concerns us.
const CURSOR: Duration = Duration::from_secs(15);
/// A silence after which the other side is asked whether it is there, and after which it is not.
const SILENCE: Duration = Duration::from_secs(60);

/// Listens until the connection breaks or we are told to stop.
pub async fn listen(
    app: &App,
    source: &StoredSource,
    stream: &'static dyn Stream,
    settings: &Values,
    cursor: Option<String>,
    stop: &CancellationToken,
) -> anyhow::Result<Ended> {
    let listen = match stream.listen(settings, cursor.as_ref()) {
        Ok(Some(listen)) => listen,
        Ok(None) => return Ok(Ended::Told),
        Err(problem) => return Ok(Ended::Problem(problem)),
    };
    let connecting = tokio::select! {
        () = stop.cancelled() => return Ok(Ended::Told),
        connected = connect(app, &listen) => connected,
    };
    let mut socket = match connecting {
        Ok(socket) => socket,
        Err(problem) => return Ok(Ended::Problem(problem)),
    };
    connected(app, source).await?;
    tracing::info!(source = %source.id, name = source.name, "listening");
    let mut batch = Batch::new(app, source);
    let ended = hear(&mut socket, stream, settings, &mut batch, stop).await?;
    if !batch.is_empty() {
        batch.store(Run::Regular).await?;
    }
    if matches!(ended, Ended::Told) {
        // The other side may be gone already; then there is nobody to tell.
        let _ = timeout(Duration::from_secs(2), socket.close(None)).await;
    }
    Ok(ended)
}

async fn hear(
    socket: &mut WebSocketStream<Tunnel>,
    stream: &'static dyn Stream,
    settings: &Values,
    batch: &mut Batch<'_>,
    stop: &CancellationToken,
) -> anyhow::Result<Ended> {
    let mut last_sign = Instant::now();
    let mut asked = false;
    let mut store_at = None;
    loop {
        let wake = store_at.unwrap_or(last_sign + SILENCE).min(last_sign + SILENCE);
        let message = tokio::select! {
            () = stop.cancelled() => return Ok(Ended::Told),
            message = socket.next() => message,
            () = tokio::time::sleep_until(wake) => {
                if store_at.is_some_and(|at| at <= Instant::now()) {
                    batch.store(Run::Regular).await?;
                    store_at = None;
                }
                if last_sign + SILENCE <= Instant::now() {
                    if asked {
                        return Ok(broken("it fell silent"));
                    }
                    asked = true;
                    last_sign = Instant::now();
                    if socket.send(Message::Ping(Vec::new().into())).await.is_err() {
                        return Ok(broken("it broke off"));
                    }
                }
                continue;
            }
        };
        last_sign = Instant::now();
        asked = false;
        let text = match message {
            Some(Ok(Message::Text(text))) => text,
            Some(Ok(Message::Close(_))) | None => return Ok(broken("the other side closed it")),
            Some(Ok(_)) => continue,
            Some(Err(Error::Capacity(_))) => return Ok(broken("a message was too large")),
            Some(Err(_)) => return Ok(broken("it broke off")),
        };
        match stream.hear(settings, text.as_str()) {
            Ok(heard) => {
                let due = Instant::now() + if heard.mentions.is_empty() { CURSOR } else { GATHER };
                if !heard.mentions.is_empty() || heard.cursor.is_some() {
                    store_at = Some(store_at.map_or(due, |at: Instant| at.min(due)));
                }
                batch.add(heard.mentions, heard.cursor);
            }
            Err(warning) => {
                batch.warn(warning);
                store_at.get_or_insert(Instant::now() + CURSOR);
            }
        }
        if batch.is_full() {
            batch.store(Run::Regular).await?;
            store_at = None;
        }
    }
}

async fn connect(app: &App, listen: &Listen) -> Result<WebSocketStream<Tunnel>, SourceProblem> {
    let wrong = |detail: &str| SourceProblem { problem: ProblemKind::Unsupported, detail: detail.to_owned() };
    let url = url::Url::parse(&listen.url)
        .map_err(|_| wrong("The stream's address cannot be read. Correct it in the source's settings."))?;
    let tls = url.scheme() == "wss";
    let (Some(host), Some(port)) = (url.host_str(), url.port().or(Some(if tls { 443 } else { 80 }))) else {
        return Err(wrong("The stream's address names no host. Correct it in the source's settings."));
    };
    let tunnel = app.fetcher.dial(host, port, tls).await?;
    let mut request =
        listen.url.as_str().into_client_request().map_err(|_| {
            wrong("The stream's address cannot be asked. Correct it in the source's settings.")
        })?;
    let agent = app.fetcher.settings().user_agent();
    let named = listen.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()));
    for (name, value) in named.chain([("user-agent", agent.as_str())]) {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            request.headers_mut().insert(name, value);
        }
    }
    let config = WebSocketConfig::default().max_message_size(Some(MESSAGE)).max_frame_size(Some(MESSAGE));
    match timeout(HANDSHAKE, client_async_with_config(request, tunnel, Some(config))).await {
        Ok(Ok((socket, _))) => Ok(socket),
        Ok(Err(Error::Http(answer))) => Err(refused(host, answer.status().as_u16())),
        Ok(Err(_)) => Err(unreachable(format!("{host} speaks no WebSocket there, or broke off."))),
        Err(_) => Err(unreachable(format!("{host} did not finish its greeting in time."))),
    }
}

fn refused(host: &str, status: u16) -> SourceProblem {
    let (problem, detail) = match status {
        401 | 403 => (
            ProblemKind::Auth,
            format!(
                "{host} refuses the access token for its stream (status {status}). Make a new one and enter it in the source's settings."
            ),
        ),
        404 | 410 => (
            ProblemKind::NotFound,
            format!(
                "{host} has no stream at that address (status {status}). Correct the stream's address in the source's settings."
            ),
        ),
        429 => (ProblemKind::RateLimited, format!("{host} has too many listeners at the moment.")),
        300..=399 => (
            ProblemKind::NotFound,
            format!(
                "{host} streams somewhere else. Enter the stream's own address in the source's settings."
            ),
        ),
        _ => (ProblemKind::Unreachable, format!("{host} has a fault of its own (status {status}).")),
    };
    SourceProblem { problem, detail }
}

fn broken(how: &str) -> Ended {
    Ended::Problem(unreachable(format!("The connection ended: {how}. It is made again by itself.")))
}

fn unreachable(detail: String) -> SourceProblem {
    SourceProblem { problem: ProblemKind::Unreachable, detail }
}
