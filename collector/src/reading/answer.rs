//! What every connector checks of an answer before reading it: the status, compression, the character set, a page that stands
//! in the way, and what an error body says of itself. It knows no platform.

use std::{borrow::Cow, io::Read};

use goodword_shared::problem::{ProblemKind, SourceProblem};
use serde_json::Value;

use super::{blocked, charset, json::Pick};
use crate::wire::Response;

/// The most that a compressed body may become, bytes.
const MAX_DECODED: u64 = 16 * 1024 * 1024;

/// A problem with its words.
pub fn problem(kind: ProblemKind, detail: impl Into<String>) -> SourceProblem {
    SourceProblem { problem: kind, detail: detail.into() }
}

/// The answer is not what the platform promises.
pub fn malformed(detail: impl Into<String>) -> SourceProblem {
    problem(ProblemKind::Malformed, detail)
}

/// The answer is understood to be something that this connector does not read.
pub fn unsupported(detail: impl Into<String>) -> SourceProblem {
    problem(ProblemKind::Unsupported, detail)
}

/// Who answered, which decides what a refusal means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    /// A programming interface: 403 means that the key may not.
    Api,
    /// A page or a feed: 403 means that we are kept out.
    Page,
}

/// What the status alone says, whatever the body holds.
pub fn check_status(response: &Response, from: From) -> Result<(), SourceProblem> {
    let (kind, detail) = match response.status {
        0 | 200..=399 => return Ok(()),
        401 => (
            ProblemKind::Auth,
            "The platform wants a valid sign-in: check the key or token in the source's settings.",
        ),
        402 => (ProblemKind::Auth, "The platform wants the plan or the credit of this key to be paid first."),
        403 if from == From::Api => (
            ProblemKind::Auth,
            "The platform refuses: the key or token has no right to this, or has expired.",
        ),
        403 | 451 => (
            ProblemKind::Blocked,
            "The site keeps us out of this page. Goodword does not go past: use the platform's own interface or an import.",
        ),
        404 | 410 => (ProblemKind::NotFound, "Nothing is there (any more): check the address."),
        420 | 429 => (ProblemKind::RateLimited, "Asked too often: Goodword waits and asks less often."),
        500..=599 => (
            ProblemKind::Unreachable,
            "The platform answers with an error of its own: it is tried again later.",
        ),
        _ => (ProblemKind::Malformed, "The platform did not understand the request: check the settings."),
    };
    // A challenge often comes as 403 or 503; it is worth saying what it really is.
    if matches!(response.status, 403 | 429 | 503) {
        let text = charset::decode(&response.body, response.content_type.as_deref());
        if matches!(response.status, 403 | 503)
            && looks_like_html(&text)
            && blocked::block_page(&text).is_some()
        {
            return Err(blocked_problem("A captcha or browser check stands in the way of the page."));
        }
    }
    Err(problem(kind, format!("{detail} (HTTP {})", response.status)))
}

fn blocked_problem(what: &str) -> SourceProblem {
    problem(
        ProblemKind::Blocked,
        format!(
            "{what} Goodword does not go past such checks: use the platform's own interface, its feed or an import."
        ),
    )
}

/// The body, unpacked where it is gzip.
pub fn bytes(response: &Response) -> Result<Cow<'_, [u8]>, SourceProblem> {
    if !response.body.starts_with(&[0x1f, 0x8b]) {
        return Ok(Cow::Borrowed(&response.body));
    }
    let mut unpacked = Vec::new();
    let mut reader = flate2::read::MultiGzDecoder::new(&response.body[..]).take(MAX_DECODED + 1);
    if let Err(error) = reader.read_to_end(&mut unpacked) {
        // What was unpacked before the damage cannot be trusted to be whole.
        return Err(malformed(format!("The compressed answer is damaged or cut off ({error}).")));
    }
    if unpacked.len() as u64 > MAX_DECODED {
        return Err(problem(ProblemKind::Refused, "Unpacked, the answer is larger than 16 MiB."));
    }
    Ok(Cow::Owned(unpacked))
}

/// The body as text, whatever its compression and character set.
pub fn text(response: &Response) -> Result<Cow<'_, str>, SourceProblem> {
    let content_type = response.content_type.as_deref();
    Ok(match bytes(response)? {
        Cow::Borrowed(b) => charset::decode(b, content_type),
        Cow::Owned(b) => Cow::Owned(charset::decode(&b, content_type).into_owned()),
    })
}

/// The page's text, after the status; a page that stands in the way is a problem.
pub fn page(response: &Response) -> Result<Cow<'_, str>, SourceProblem> {
    check_status(response, From::Page)?;
    text(response)
}

/// Says `blocked` where the page is one that stands in the way. Asked once nothing was found on it.
pub fn refuse_block_page(page: &str) -> Result<(), SourceProblem> {
    blocked::block_page(page).map_or(Ok(()), |what| Err(blocked_problem(what)))
}

/// Whether a text begins like a page.
pub fn looks_like_html(text: &str) -> bool {
    let start = text.trim_start_matches('\u{feff}').trim_start();
    let head = start.get(..start.floor_char_boundary(300)).unwrap_or(start).to_ascii_lowercase();
    head.starts_with('<')
        && (head.contains("<!doctype html")
            || head.contains("<html")
            || head.contains("<head")
            || head.contains("<body"))
}

/// An interface's status. Where it says no more than that the request was not understood, the body may say why.
pub fn check_interface(response: &Response) -> Result<(), SourceProblem> {
    check_status(response, From::Api).map_err(|problem| {
        let vague = problem.problem == ProblemKind::Malformed;
        let body = vague.then(|| serde_json::from_slice::<Value>(&response.body).ok()).flatten();
        body.as_ref().and_then(said).unwrap_or(problem)
    })
}

/// The JSON body of an interface's answer, after the status and after what the body says of itself.
pub fn json(response: &Response) -> Result<Value, SourceProblem> {
    check_interface(response)?;
    let text = text(response)?;
    let value = parse(&text)?;
    match said(&value) {
        Some(problem) => Err(problem),
        None => Ok(value),
    }
}

/// Parses a JSON text; tolerates the guards that some platforms put before it.
pub fn parse(text: &str) -> Result<Value, SourceProblem> {
    let text = text.trim_start_matches('\u{feff}').trim();
    let text =
        text.strip_prefix(")]}'").or_else(|| text.strip_prefix("while(1);")).unwrap_or(text).trim_start();
    if text.is_empty() {
        return Err(malformed("The answer is empty."));
    }
    if text.starts_with('<') {
        refuse_block_page(text)?;
        return Err(malformed("The answer is a page where data was expected: check the address."));
    }
    serde_json::from_str(text).map_err(|e| {
        if let Some(kind) =
            class_of_words(&text[..text.floor_char_boundary(400)]).filter(|_| !text.starts_with(['{', '[']))
        {
            return problem(kind, format!("The platform says: {}", &text[..text.floor_char_boundary(200)]));
        }
        let what = if e.is_eof() { "is cut off" } else { "is not valid JSON" };
        malformed(format!("The answer {what} (line {}, column {}).", e.line(), e.column()))
    })
}

/// The problem that a JSON body states: `{"error": …}`, `{"errors": […]}`, `{"message": …}` without data.
pub fn said(value: &Value) -> Option<SourceProblem> {
    let map = value.as_object()?;
    let error = value
        .at("error")
        .or_else(|| value.at("errors.0"))
        .or_else(|| value.at("Error"))
        .or_else(|| if map.len() <= 4 { value.at("message").filter(|m| m.is_string()) } else { None })?;
    if error == &Value::Bool(false) || (error.is_array() && error.list("").is_empty()) {
        return None;
    }
    let mut words = String::new();
    for part in [
        Some(error),
        value.at("error_description"),
        value.at("message"),
        value.at("reason"),
        value.at("detail"),
    ]
    .into_iter()
    .flatten()
    {
        words.push_str(&match part {
            Value::String(s) => s.clone(),
            other => other.to_string(),
        });
        words.push(' ');
    }
    let status = value
        .int("status")
        .or_else(|| error.int("status"))
        .or_else(|| error.int("code"))
        .or_else(|| value.int("code"));
    let kind = match status {
        Some(401 | 403) => ProblemKind::Auth,
        Some(404 | 410) => ProblemKind::NotFound,
        Some(429) => ProblemKind::RateLimited,
        _ => class_of_words(&words).unwrap_or(ProblemKind::Malformed),
    };
    // People read the sentence; what an error carries besides is for programs.
    let sentence = ["message", "detail", "description", "title"].iter().find_map(|k| error.str(k));
    let short = sentence.unwrap_or(&words).trim();
    Some(problem(kind, format!("The platform says: {}", &short[..short.floor_char_boundary(300)])))
}

/// Whether a body is one of the interface's other documents, which says nothing of anybody: an empty object, or one with any of
/// these names in it.
pub fn is_other(body: &Value, names: &[&str]) -> bool {
    body.as_object().is_some_and(|map| map.is_empty() || names.iter().any(|name| map.contains_key(*name)))
}

/// What an error's words mean.
pub fn class_of_words(words: &str) -> Option<ProblemKind> {
    let words = words.to_ascii_lowercase();
    let any = |needles: &[&str]| needles.iter().any(|n| words.contains(n));
    if any(&[
        "rate limit",
        "ratelimit",
        "rate_limit",
        "too many requests",
        "quota",
        "throttl",
        "slow down",
        "limit exceeded",
        "request limit",
        "access limit",
        "access_limit",
        "limit requests",
        "usage cap",
        "usagecap",
        "too much. try again",
    ]) {
        Some(ProblemKind::RateLimited)
    } else if any(&["captcha", "are you a robot", "unusual traffic"]) {
        Some(ProblemKind::Blocked)
    } else if any(&[
        "unauthor",
        "authenticat",
        "forbidden",
        "permission",
        "access token",
        "access_token",
        "invalid token",
        "invalid_token",
        "api key",
        "api_key",
        "apikey",
        "credential",
        "login required",
        "not_logged_in",
        "be logged in",
        "have to log in",
        "invalid_client",
        "insufficient_scope",
        "insufficient scope",
        "token has expired",
        "session has expired",
        "oauth",
        "bad token",
        "expired token",
        "expiredtoken",
        "invalidtoken",
        "authmissing",
        "access denied",
        "not authorized",
        "token is invalid",
    ]) {
        Some(ProblemKind::Auth)
    } else if any(&[
        "not found",
        "not_found",
        "notfound",
        "does not exist",
        "doesn't exist",
        "no such",
        "unknown user",
        "couldn't find",
        "couldnt_find",
        "could not find",
        "no longer exist",
        "no longer available",
    ]) {
        Some(ProblemKind::NotFound)
    } else {
        None
    }
}
