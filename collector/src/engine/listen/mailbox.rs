//! Listening to a folder of the owner's mailbox (IMAP): new mails are pushed by the server (IDLE), or looked for where it cannot.
//! Nothing is changed there unless the owner asks for read mails to be marked. The cursor is the folder's UIDVALIDITY and the next
//! UID; where the server numbers its mails anew, everything is read again and known by its Message-ID.

use std::{future::Future, time::Duration};

use async_imap::{Authenticator, Client, Session, error::Error, extensions::idle::IdleResponse};
use chrono::TimeDelta;
use futures_util::TryStreamExt;
use goodword_shared::{
    Mention, Time,
    problem::{ProblemKind, SourceProblem},
    source::Values,
};
use serde::{Deserialize, Serialize};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::{
    super::capture::keep,
    Batch, Ended, connected,
    metered::{Meter, Metered},
};
use crate::{
    app::App,
    clock,
    connectors::mail,
    fetch::Tunnel,
    pipeline::Run,
    store::StoredSource,
    wire::{Request, Response},
};

/// Longest wait for the answer to a command.
const COMMAND: Duration = Duration::from_secs(60);
/// Mails of one command, and of one transaction.
const CHUNK: usize = 10;
/// Bytes of one mail that are read; what is beyond are files.
const MAIL: u64 = 4 << 20;
/// Bytes that one command may bring.
const ANSWER: u64 = CHUNK as u64 * MAIL + (1 << 20);
/// How long the server is left to push before we ask whether it is still there.
const IDLE: Duration = Duration::from_secs(600);
/// How often we look where the server cannot push.
const POLL: Duration = Duration::from_secs(120);
/// Mails shown before a source is saved.
const PEEK: usize = 5;

type Mailbox = Session<Metered<Tunnel>>;

/// Up to where a folder is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Cursor {
    validity: u32,
    next: u32,
}

/// A folder that is open.
struct Open {
    session: Mailbox,
    meter: Meter,
    validity: u32,
    /// The UID that the next mail will have.
    next: u32,
    can_push: bool,
}

/// Listens until the connection breaks or we are told to stop.
pub async fn listen(
    app: &App,
    source: &StoredSource,
    settings: &Values,
    cursor: Option<String>,
    stop: &CancellationToken,
) -> anyhow::Result<Ended> {
    let opening = tokio::select! {
        () = stop.cancelled() => return Ok(Ended::Told),
        opened = open(app, settings) => opened,
    };
    let mut folder = match opening {
        Ok(folder) => folder,
        Err(problem) => return Ok(Ended::Problem(problem)),
    };
    connected(app, source).await?;
    tracing::info!(source = %source.id, name = source.name, push = folder.can_push, "listening to a mailbox");
    let before: Option<Cursor> = cursor.as_deref().and_then(|text| serde_json::from_str(text).ok());
    // History neither alerts nor floods; what came while we were away does, also where the mails were numbered anew.
    let first = if before.is_some() { Run::Regular } else { Run::BackFill };
    let mut next = match before {
        Some(cursor) if cursor.validity == folder.validity => Some(cursor.next),
        _ => None,
    };
    let mut run = first;
    loop {
        let read = read_new(app, source, settings, &mut folder, next, run, stop).await?;
        next = match read {
            Ok(next) => Some(next),
            Err(problem) => return Ok(Ended::Problem(problem)),
        };
        run = Run::Regular;
        if stop.is_cancelled() {
            // Polite, but nothing hangs on it.
            let _ = timeout(Duration::from_secs(2), folder.session.logout()).await;
            return Ok(Ended::Told);
        }
        folder = match wait(folder, stop).await {
            Ok(Some(folder)) => folder,
            Ok(None) => return Ok(Ended::Told),
            Err(problem) => return Ok(Ended::Problem(problem)),
        };
    }
}

/// What the newest mails of a folder say, for the preview.
pub async fn peek(app: &App, settings: &Values) -> Result<Vec<Mention>, SourceProblem> {
    let mut folder = open(app, settings).await?;
    let mut uids = search(&mut folder, "ALL").await?;
    let newest = uids.split_off(uids.len().saturating_sub(PEEK));
    let mails = fetch(&mut folder, &newest).await?;
    let _ = timeout(Duration::from_secs(2), folder.session.logout()).await;
    Ok(mails.iter().filter_map(|(_, mail)| mail::one(mail, receiver(settings)).ok()).collect())
}

/// Reads and stores everything from a UID on; from the owner's days of history where there is none. Answers where to go on.
async fn read_new(
    app: &App,
    source: &StoredSource,
    settings: &Values,
    folder: &mut Open,
    next: Option<u32>,
    run: Run,
    stop: &CancellationToken,
) -> anyhow::Result<Result<u32, SourceProblem>> {
    let now = clock::now();
    let query = match next {
        Some(next) => format!("UID {next}:*"),
        None => format!("SINCE {}", since(settings, now).format("%-d-%b-%Y")),
    };
    let found = match search(folder, &query).await {
        Ok(found) => found,
        Err(problem) => return Ok(Err(problem)),
    };
    // “n:*” always holds the last mail, also where it is an earlier one.
    let uids: Vec<u32> = found.into_iter().filter(|uid| next.is_none_or(|next| *uid >= next)).collect();
    let mut at = next.unwrap_or(0);
    for chunk in uids.chunks(CHUNK) {
        if stop.is_cancelled() {
            return Ok(Ok(at));
        }
        let mails = match fetch(folder, chunk).await {
            Ok(mails) => mails,
            Err(problem) => return Ok(Err(problem)),
        };
        let mut batch = Batch::new(app, source);
        for (uid, mail) in &mails {
            match mail::one(mail, receiver(settings)) {
                Ok(mention) => {
                    if app.config.captures.keep_days > 0 {
                        let request = Request {
                            note: receiver(settings).map(str::to_owned),
                            ..Request::get(format!("imap:{}/{uid}", folder.validity))
                        };
                        let response = Response { status: 200, body: mail.clone(), ..Response::default() };
                        keep(app, source, &request, response, now).await?;
                    }
                    batch.add(vec![mention], None);
                }
                Err(warning) => batch.warn(format!("mail {uid}: {warning}")),
            }
        }
        at = chunk.last().map_or(at, |last| last.saturating_add(1));
        let cursor = Cursor { validity: folder.validity, next: at };
        batch.add(Vec::new(), serde_json::to_string(&cursor).ok());
        batch.store(run).await?;
        if settings.get("mark").is_some_and(|mark| mark == "true")
            && let Err(problem) = mark(folder, chunk).await
        {
            return Ok(Err(problem));
        }
    }
    let at = at.max(if next.is_none() { folder.next } else { at });
    let cursor = serde_json::to_string(&Cursor { validity: folder.validity, next: at })?;
    app.store.listener_at(&source.id, Some(&cursor), None).await?;
    Ok(Ok(at))
}

/// The server whose findings on senders are believed.
fn receiver(settings: &Values) -> Option<&str> {
    settings.get("receiver").map(|name| name.trim()).filter(|name| !name.is_empty())
}

fn since(settings: &Values, now: Time) -> Time {
    let days = settings.get("days").and_then(|days| days.parse().ok()).unwrap_or(365_i64);
    now - TimeDelta::days(days.clamp(0, 36_500))
}

/// Connects, signs in and opens the folder, for reading only unless mails are to be marked.
async fn open(app: &App, settings: &Values) -> Result<Open, SourceProblem> {
    let account = mail::Account::of(settings)?;
    let tunnel = app.fetcher.dial(account.host, account.port, account.tls).await?;
    let (metered, meter) = Metered::new(tunnel);
    meter.allow(1 << 20);
    let mut client = Client::new(metered);
    match step(client.read_response()).await? {
        Some(_) => {}
        None => return Err(unreachable(account.host, "it hung up at once")),
    }
    let signed_in = match account.secret {
        mail::Key::Password(password) => timeout(COMMAND, client.login(account.user, password)).await,
        mail::Key::Token(token) => {
            let first = format!("user={}\u{1}auth=Bearer {token}\u{1}\u{1}", account.user);
            timeout(COMMAND, client.authenticate("XOAUTH2", Once(Some(first)))).await
        }
    };
    let mut session = match signed_in {
        Ok(Ok(session)) => session,
        Ok(Err((Error::No(said) | Error::Bad(said), _))) => return Err(not_let_in(account.host, &said)),
        Ok(Err((error, _))) => return Err(fault(error)),
        Err(_) => return Err(unreachable(account.host, "it did not answer the sign-in in time")),
    };
    let capabilities = step(session.capabilities()).await?;
    let name = mail::folder_name(account.folder);
    let opened = if account.mark {
        timeout(COMMAND, session.select(&name)).await
    } else {
        timeout(COMMAND, session.examine(&name)).await
    };
    let folder = match opened {
        Ok(Ok(folder)) => folder,
        Ok(Err(Error::No(_))) => {
            return Err(SourceProblem {
                problem: ProblemKind::NotFound,
                detail: format!(
                    "There is no folder “{}” in this mailbox. Correct it in the source's settings.",
                    account.folder
                ),
            });
        }
        Ok(Err(error)) => return Err(fault(error)),
        Err(_) => return Err(unreachable(account.host, "it did not open the folder in time")),
    };
    Ok(Open {
        session,
        meter,
        validity: folder.uid_validity.unwrap_or_default(),
        next: folder.uid_next.unwrap_or_default(),
        can_push: capabilities.has_str("IDLE"),
    })
}

/// UIDs that a search finds, in order.
async fn search(folder: &mut Open, query: &str) -> Result<Vec<u32>, SourceProblem> {
    folder.meter.allow(16 << 20);
    let mut uids: Vec<u32> = step(folder.session.uid_search(query)).await?.into_iter().collect();
    uids.sort_unstable();
    if uids.is_empty() {
        still_there(folder).await?;
    }
    Ok(uids)
}

/// Mails by UID, without marking them as read.
async fn fetch(folder: &mut Open, uids: &[u32]) -> Result<Vec<(u32, Vec<u8>)>, SourceProblem> {
    if uids.is_empty() {
        return Ok(Vec::new());
    }
    folder.meter.allow(ANSWER);
    let query = format!("(UID BODY.PEEK[]<0.{MAIL}>)");
    let fetching = async {
        let stream = folder.session.uid_fetch(list(uids), query).await?;
        let mails = stream.try_filter_map(|mail| async move {
            Ok::<_, Error>(mail.uid.zip(mail.body().map(<[u8]>::to_vec)))
        });
        mails.try_collect::<Vec<_>>().await
    };
    let mut mails: Vec<(u32, Vec<u8>)> = step(fetching).await?;
    let missing: Vec<u32> =
        uids.iter().copied().filter(|uid| !mails.iter().any(|(got, _)| got == uid)).collect();
    if !missing.is_empty() && !search(folder, &format!("UID {}", list(&missing))).await?.is_empty() {
        return Err(SourceProblem {
            problem: ProblemKind::Malformed,
            detail: "The mail server did not hand out every mail that it has. It is tried again by itself."
                .into(),
        });
    }
    mails.sort_by_key(|(uid, _)| *uid);
    Ok(mails)
}

/// An answer that ends too early looks like one with less in it: mails removed meanwhile, or a connection that broke. Whoever is
/// still there answers; else the cursor must not move.
async fn still_there(folder: &mut Open) -> Result<(), SourceProblem> {
    folder.meter.allow(1 << 20);
    step(folder.session.noop()).await
}

async fn mark(folder: &mut Open, uids: &[u32]) -> Result<(), SourceProblem> {
    folder.meter.allow(1 << 20);
    let marking = async {
        let stream = folder.session.uid_store(list(uids), "+FLAGS.SILENT (\\Seen)").await?;
        stream.try_collect::<Vec<_>>().await
    };
    step(marking).await.map(|_| ())
}

fn list(uids: &[u32]) -> String {
    uids.iter().map(u32::to_string).collect::<Vec<_>>().join(",")
}

/// Waits until something may be new. None: we are to stop.
async fn wait(mut folder: Open, stop: &CancellationToken) -> Result<Option<Open>, SourceProblem> {
    folder.meter.allow(1 << 20);
    if !folder.can_push {
        tokio::select! {
            () = stop.cancelled() => return Ok(None),
            () = tokio::time::sleep(POLL) => {}
        }
        step(folder.session.noop()).await?;
        return Ok(Some(folder));
    }
    let mut idle = folder.session.idle();
    step(idle.init()).await?;
    let (waiting, _interrupt) = idle.wait_with_timeout(IDLE);
    let heard = tokio::select! {
        () = stop.cancelled() => None,
        heard = waiting => Some(heard),
    };
    match heard {
        None => return Ok(None),
        Some(Ok(IdleResponse::NewData(_) | IdleResponse::Timeout)) => {}
        // The stream of answers has ended: the server is gone.
        Some(Ok(IdleResponse::ManualInterrupt)) => return Err(fault(Error::ConnectionLost)),
        Some(Err(error)) => return Err(fault(error)),
    }
    let session = step(idle.done()).await?;
    Ok(Some(Open { session, ..folder }))
}

/// A command with its deadline.
async fn step<T, E: Into<Error>>(command: impl Future<Output = Result<T, E>>) -> Result<T, SourceProblem> {
    match timeout(COMMAND, command).await {
        Ok(done) => done.map_err(|error| fault(error.into())),
        Err(_) => Err(SourceProblem {
            problem: ProblemKind::Unreachable,
            detail: "The mail server did not answer in time. It is tried again by itself.".into(),
        }),
    }
}

/// Answers a challenge once; a second one is the server's complaint, which wants an empty answer.
struct Once(Option<String>);

impl Authenticator for Once {
    type Response = String;

    fn process(&mut self, _challenge: &[u8]) -> String {
        self.0.take().unwrap_or_default()
    }
}

fn not_let_in(host: &str, said: &str) -> SourceProblem {
    let said: String = said.chars().filter(|c| !c.is_control()).take(160).collect();
    SourceProblem {
        problem: ProblemKind::Auth,
        detail: format!(
            "{host} does not let us in ({}). Check user name and password in the source's settings; many providers want an app password.",
            said.trim()
        ),
    }
}

fn unreachable(host: &str, why: &str) -> SourceProblem {
    SourceProblem {
        problem: ProblemKind::Unreachable,
        detail: format!("No mail from {host}: {why}. It is tried again by itself."),
    }
}

fn fault(error: Error) -> SourceProblem {
    let (problem, detail) = match error {
        Error::No(_) | Error::Bad(_) => (ProblemKind::Malformed, "The mail server refused a command."),
        Error::Parse(_) | Error::Validate(_) => {
            (ProblemKind::Malformed, "The mail server said something that cannot be read.")
        }
        Error::Io(error) if error.kind() == std::io::ErrorKind::FileTooLarge => {
            (ProblemKind::Malformed, "The mail server sent more than it was asked for.")
        }
        _ => (ProblemKind::Unreachable, "The connection to the mail server broke off."),
    };
    SourceProblem { problem, detail: format!("{detail} It is tried again by itself.") }
}

/// Whether a source's settings name a mailbox; imports of mail files have none.
pub fn is_set(settings: &Values) -> bool {
    settings.get("host").is_some_and(|host| !host.trim().is_empty())
}
