//! Mail, from a mailbox or from mbox files: review notifications, complaints, lists. It knows mail's headers and no particular
//! sender; the mailbox's protocol is spoken elsewhere.

use goodword_shared::{
    Author, Kind, Mention, Time,
    mention::{Precision, Thread},
    problem::SourceProblem,
    source::{Descriptor, FieldType, Route, StorageRule, Values, is_mail_address},
};
use mailparse::{MailHeaderMap, ParsedMail};

use super::{Connector, Cursor, Reading, Warning, settings};
use crate::{
    reading::{answer, charset, dates, plain},
    wire::{Request, Response},
};

mod account;
mod sender;

pub use account::{Account, Key, folder_name};
use sender::{own_words, sender_check};

/// Larger mails hold files, not words.
const MAX_MAIL: usize = 8 * 1024 * 1024;
/// Parts of a mail beyond which it is not taken apart.
const MAX_PARTS: usize = 200;

/// Mail.
pub struct Mail;

impl Connector for Mail {
    fn describe(&self) -> Descriptor {
        Descriptor {
            slug: "mail".into(),
            title: "Mailbox".into(),
            summary: "Mails in one folder of your mailbox (IMAP), as they arrive; files of mails (mbox) by import.".into(),
            route: Route::Mail,
            legal_basis: "Your own mailbox.".into(),
            storage: StorageRule::Keep,
            pace_ms: 0,
            every_minutes: 60,
            robots: false,
            how_to: "In your mail program make a folder for what customers write and for the notices of review sites, with a rule that \
                     moves such mails there: everything in that folder becomes a mention. Then give server, user and an app password \
                     (Google: Account → Security → App passwords; Microsoft and others alike). Nothing is changed in your mailbox \
                     unless you want mails marked as read. To read old mails from a file, import the mbox instead."
                .into(),
            fields: vec![
                settings::example(settings::required("host", "Mail server", "Its name for IMAP.", FieldType::Text), "imap.gmail.com"),
                settings::default(
                    settings::field("port", "Port", "993, unless your provider says otherwise.", FieldType::Number { min: 1, max: 65_535 }),
                    "993",
                ),
                settings::example(settings::required("user", "User", "Most often your mail address.", FieldType::Text), "you@example.org"),
                settings::field("password", "Password", "An app password made for Goodword, where your provider has them.", FieldType::Secret),
                settings::field("token", "Access token", "Instead of a password, for servers that want OAuth (XOAUTH2).", FieldType::Secret),
                settings::example(
                    settings::required("folder", "Folder", "Everything in it becomes a mention; INBOX is the whole inbox.", FieldType::Text),
                    "Reviews",
                ),
                settings::default(
                    settings::field("days", "History", "How many days back the first reading goes.", FieldType::Number { min: 0, max: 36_500 }),
                    "365",
                ),
                settings::field("mark", "Mark as read", "Marks mails as read once they are stored.", FieldType::Toggle),
                settings::example(
                    settings::field(
                        "receiver",
                        "Who checks senders",
                        "The name that your server puts first into Authentication-Results; its findings (DKIM, SPF) are then kept. Any \
                         other server's are worth nothing.",
                        FieldType::Text,
                    ),
                    "mx.google.com",
                ),
                settings::choice("security", "Connection", "In the clear only to a server on a private network that goodword.toml opens.", &[
                    ("tls", "TLS"),
                    ("none", "In the clear"),
                ]),
            ],
            recognises: vec!["imap.gmail.com".into(), "reviews.mbox".into()],
        }
    }

    fn recognise(&self, text: &str) -> Option<(f64, Values, String)> {
        let lower = text.trim().to_lowercase();
        if !lower.contains("://") && (lower.ends_with(".mbox") || lower.ends_with(".eml")) {
            return Some((0.9, Values::new(), text.to_owned()));
        }
        let host = lower.strip_prefix("imaps://").or_else(|| lower.strip_prefix("imap://")).unwrap_or(&lower);
        let host = host.trim_end_matches('/');
        if host.starts_with("imap.") && !host.contains(['/', ' ', '@']) {
            return Some((0.95, settings::values(&[("host", host)]), format!("Mailbox at {host}")));
        }
        let at = is_mail_address(&lower).then(|| lower.split_once('@')).flatten()?;
        let host = match at.1 {
            "gmail.com" | "googlemail.com" => "imap.gmail.com".to_owned(),
            "outlook.com" | "hotmail.com" | "live.com" => "outlook.office365.com".to_owned(),
            "icloud.com" | "me.com" => "imap.mail.me.com".to_owned(),
            own => format!("imap.{own}"),
        };
        Some((0.6, settings::values(&[("host", &host), ("user", &lower)]), format!("Mailbox of {lower}")))
    }

    fn start(&self, values: &Values, _cursor: Option<&Cursor>) -> Result<Request, SourceProblem> {
        Account::of(values)?;
        Ok(Request::get("imap:"))
    }

    fn read(
        &self,
        request: &Request,
        response: &Response,
        _now: Option<Time>,
    ) -> Result<Reading, SourceProblem> {
        answer::check_status(response, answer::From::Page)?;
        let bytes = answer::bytes(response)?;
        if bytes.iter().all(u8::is_ascii_whitespace) {
            return Err(answer::malformed("The file is empty."));
        }
        let mut reading = Reading::default();
        for (line, mail) in mails(&bytes) {
            match one(mail, request.note.as_deref()) {
                Ok(mention) => reading.mentions.push(mention),
                Err(warning) => reading.warnings.push(Warning { warning, at: format!("line {line}") }),
            }
        }
        if reading.mentions.is_empty() {
            return Err(answer::unsupported(
                "This is no mail: it has neither a sender nor a date. Export the folder as mbox.",
            ));
        }
        Ok(reading)
    }
}

/// The mails of an mbox file with the lines on which they begin; a file without "From " lines is one mail.
fn mails(bytes: &[u8]) -> Vec<(usize, &[u8])> {
    let mut starts = Vec::new();
    let (mut at, mut line, mut blank) = (0, 1, true);
    for part in bytes.split_inclusive(|b| *b == b'\n') {
        // Inside a mail such a line only counts after an empty one, and if a header follows.
        if part.starts_with(b"From ") && (blank || dated(part)) && header_follows(&bytes[at + part.len()..]) {
            starts.push((line, at, at + part.len()));
        }
        blank = part.iter().all(u8::is_ascii_whitespace);
        at += part.len();
        line += 1;
    }
    if starts.is_empty() {
        return vec![(1, bytes)];
    }
    let ends: Vec<usize> = starts.iter().skip(1).map(|s| s.1).chain([bytes.len()]).collect();
    starts.iter().zip(ends).map(|((line, _, from), to)| (*line, &bytes[*from..to])).collect()
}

/// Whether a "From " line ends in a time and a year, as only separators do: some archives leave out the empty line before them.
fn dated(line: &[u8]) -> bool {
    let words: Vec<&[u8]> = line.trim_ascii().rsplit(|b| b.is_ascii_whitespace()).take(3).collect();
    let is_clock = |word: &&[u8]| word.iter().filter(|b| **b == b':').count() == 2;
    let year = words.first().is_some_and(|w| w.len() == 4 && w.iter().all(u8::is_ascii_digit));
    year && words.iter().any(is_clock)
}

/// Whether the next line looks like `Name: value`.
fn header_follows(rest: &[u8]) -> bool {
    let line = rest.split(|b| *b == b'\n').next().unwrap_or_default();
    let name = line.iter().take_while(|b| b.is_ascii_alphanumeric() || **b == b'-').count();
    (name > 0 && line.get(name) == Some(&b':')) || line.starts_with(b">From ")
}

/// One mail. `receiver` names the server whose findings on the sender are believed. `Err`: it is left out, and why.
pub fn one(mail: &[u8], receiver: Option<&str>) -> Result<Mention, String> {
    if mail.len() > MAX_MAIL {
        return Err("This mail is larger than 8 MiB; it was left out.".into());
    }
    if memchr::memmem::find_iter(mail, b"oundary").count() > MAX_PARTS {
        return Err("This mail is made of too many parts; it was left out.".into());
    }
    let parsed =
        mailparse::parse_mail(mail).map_err(|e| format!("This mail is damaged ({e}); it was left out."))?;
    let header = |name: &str| {
        parsed.headers.get_first_value(name).map(|v| v.split_whitespace().collect::<Vec<_>>().join(" "))
    };
    let from = header("From");
    let date = header("Date");
    if from.is_none() && date.is_none() {
        return Err("This part has neither a sender nor a date; it was left out.".into());
    }
    let published = date.as_deref().and_then(dates::instant);
    let id = |name: &str| header(name).map(|v| bare(&v)).filter(|v| !v.is_empty());
    let references = header("References").unwrap_or_default();
    let root = references.split_whitespace().next().map(bare).filter(|r| !r.is_empty());
    let parent = id("In-Reply-To");
    Ok(Mention {
        external_id: id("Message-ID"),
        kind: Kind::Mail,
        author: from.map(|f| sender(&f)).unwrap_or_default(),
        title: header("Subject").filter(|s| !s.is_empty()),
        text: own_words(&body(&parsed), header("List-Unsubscribe").as_deref()),
        published_at: published,
        published_precision: published.map(|_| Precision::Second),
        thread: (root.is_some() || parent.is_some())
            .then(|| Thread { id: root.or_else(|| parent.clone()), parent_id: parent }),
        sender_check: receiver.and_then(|receiver| {
            sender_check(&parsed.headers.get_all_values("Authentication-Results"), receiver)
        }),
        ..Mention::default()
    })
}

/// An id without its angle brackets.
fn bare(id: &str) -> String {
    let id = id.trim();
    let inside = id.split_once('<').map_or(id, |(_, rest)| rest);
    inside.split('>').next().unwrap_or(inside).trim().to_owned()
}

/// `Name <mail>`, `mail (Name)`, `name at host (Name)`, or a bare address.
fn sender(from: &str) -> Author {
    let clean = |s: &str| {
        let s = s.trim().trim_matches(['"', '\'']).trim().replace("\\\"", "\"");
        // A name whose bytes could not be read is no name.
        (!s.is_empty() && !s.contains('\u{fffd}')).then_some(s)
    };
    let (name, mail) = match (from.rsplit_once('<'), from.split_once('(')) {
        (Some((name, mail)), _) => (clean(name), mail.trim_end_matches('>').trim()),
        (None, Some((mail, name))) => (clean(name.trim_end().strip_suffix(')').unwrap_or(name)), mail.trim()),
        (None, None) => (None, from.trim()),
    };
    let mail = mail.replace(" at ", "@");
    Author { name, email: Some(mail).filter(|m| m.contains('@') && !m.contains(' ')), ..Author::default() }
}

/// The plain words of a mail; made from HTML where there are no others.
fn body(mail: &ParsedMail<'_>) -> String {
    let mut html = None;
    let mut waiting = vec![mail];
    while let Some(part) = waiting.pop() {
        waiting.extend(part.subparts.iter().rev());
        let attached = part
            .headers
            .get_first_value("Content-Disposition")
            .is_some_and(|d| d.trim_start().to_lowercase().starts_with("attachment"));
        if !part.subparts.is_empty() || attached {
            continue;
        }
        match part.ctype.mimetype.as_str() {
            "text/plain" => {
                let text = unquoted(&words(part));
                if !text.is_empty() {
                    return text;
                }
            }
            "text/html" if html.is_none() => html = Some(plain::from_html(&words(part))),
            _ => {}
        }
    }
    html.unwrap_or_default()
}

/// A part's text. Where the declared character set is unknown or wrong, the bytes decide.
fn words(part: &ParsedMail<'_>) -> String {
    match part.get_body() {
        Ok(text) if !text.contains('\u{fffd}') => text,
        _ => part.get_body_raw().map(|b| charset::decode(&b, None).into_owned()).unwrap_or_default(),
    }
}

/// mbox files quote lines that begin with "From ", and such as are quoted already once more.
fn unquoted(text: &str) -> String {
    plain::tidy(
        &text
            .lines()
            .map(|l| {
                let quoted = l.starts_with('>') && l.trim_start_matches('>').starts_with("From ");
                if quoted { &l[1..] } else { l }
            })
            .collect::<Vec<_>>()
            .join("\n"),
    )
}
