//! Stack Exchange: questions, answers and comments that a search or a tag finds.

use goodword_shared::{
    Author, Kind, Mention, Time,
    mention::{Engagement, Thread},
    problem::{ProblemKind, SourceProblem},
    source::{Descriptor, FieldType, Route, StorageRule, Values},
};
use serde_json::Value;

use super::{Allowance, Connector, Cursor, Reading, settings};
use crate::{
    reading::{answer, dates, json::Pick, plain},
    wire::{Request, Response},
};

const HOST: &str = "https://api.stackexchange.com";
const PAGES: u32 = 5;
/// Questions whose answers are asked for: as many as the interface takes at once.
const REMEMBERED: usize = 100;

/// Stack Exchange.
pub struct StackExchange;

impl Connector for StackExchange {
    fn describe(&self) -> Descriptor {
        Descriptor {
            slug: "stack_exchange".into(),
            title: "Stack Exchange".into(),
            summary: "Questions, answers and comments on Stack Overflow and its sister sites.".into(),
            route: Route::Api,
            legal_basis: "The public interface; contributions are CC BY-SA and shown with author and link.".into(),
            storage: StorageRule::Keep,
            pace_ms: 2_000,
            every_minutes: 60,
            robots: false,
            how_to: "Write the words or the tag that mean you. 300 requests a day are free; with a key from stackapps.com it \
                     is 10,000."
                .into(),
            fields: vec![
                settings::field("query", "Words", "What a question would say.", FieldType::Text),
                settings::field("tag", "Tag", "Only questions with this tag.", FieldType::Text),
                settings::default(settings::field("site", "Site", "Such as stackoverflow or superuser.", FieldType::Text), "stackoverflow"),
                settings::field("key", "Key", "From stackapps.com.", FieldType::Secret),
                settings::base_field(HOST),
            ],
            recognises: vec!["https://stackoverflow.com/questions/tagged/example".into()],
        }
    }

    fn allowance(&self, settings: &Values) -> Option<Allowance> {
        let units = if settings::value(settings, "key").is_some() { 10_000 } else { 300 };
        Some(Allowance { units, called: "requests", zone: "UTC", zone_shown: "UTC" })
    }

    fn recognise(&self, text: &str) -> Option<(f64, Values, String)> {
        let url = settings::pasted(text)?;
        let host = settings::host(&url);
        let own =
            ["stackoverflow.com", "superuser.com", "serverfault.com", "askubuntu.com", "mathoverflow.net"];
        let site = match host {
            _ if own.contains(&host) => host.split('.').next()?.to_owned(),
            _ => host.strip_suffix(".stackexchange.com")?.to_owned(),
        };
        match settings::parts(&url).as_slice() {
            ["questions", "tagged", tag, ..] | ["tags", tag, ..] => {
                Some((0.97, settings::values(&[("site", &site), ("tag", tag)]), format!("[{tag}] on {site}")))
            }
            _ => {
                let query = settings::parameter(&url, "q").unwrap_or_default();
                Some((
                    0.8,
                    settings::values(&[("site", &site), ("query", &query)]),
                    format!("{site} on Stack Exchange"),
                ))
            }
        }
    }

    fn start(&self, values: &Values, cursor: Option<&Cursor>) -> Result<Request, SourceProblem> {
        let base = settings::base(values, HOST)?;
        let site = settings::value(values, "site").unwrap_or("stackoverflow");
        let mut pairs = vec![
            ("site", site),
            ("sort", "creation"),
            ("order", "desc"),
            ("pagesize", "100"),
            // A filter that is built in: the default fields and the body.
            ("filter", "withbody"),
            ("page", "1"),
        ];
        match (settings::value(values, "query"), settings::value(values, "tag")) {
            (None, None) => return Err(answer::unsupported("Fill in the words or the tag.")),
            (query, tag) => {
                pairs.extend(query.map(|q| ("q", q)));
                pairs.extend(tag.map(|t| ("tagged", t)));
            }
        }
        pairs.extend(settings::value(values, "key").map(|k| ("key", k)));
        let (since, _) = cursor.map_or(("", ""), |c| c.split_once(' ').unwrap_or((c, "")));
        pairs.extend(Some(since).filter(|s| !s.is_empty()).map(|s| ("fromdate", s)));
        let url = settings::with_query(&format!("{base}/2.3/search/advanced"), &pairs);
        Ok(Request { note: Some(format!("1 {}", cursor.map_or("", String::as_str))), ..Request::get(url) })
    }

    fn read(
        &self,
        request: &Request,
        response: &Response,
        _now: Option<Time>,
    ) -> Result<Reading, SourceProblem> {
        answer::check_status(response, answer::From::Api).or_else(|p| {
            let said = answer::text(response).is_ok_and(|t| t.contains("\"error_id\""));
            // Errors come with status 400 and say in the body what they are.
            if said && p.problem == ProblemKind::Malformed { Ok(()) } else { Err(p) }
        })?;
        let body = answer::parse(&answer::text(response)?)?;
        if let Some(error) = body.int("error_id") {
            let kind = match error {
                401..=403 | 405 | 406 => ProblemKind::Auth,
                404 => ProblemKind::NotFound,
                502 => ProblemKind::RateLimited,
                500 | 503 => ProblemKind::Unreachable,
                _ => ProblemKind::Malformed,
            };
            let said = body.str("error_message").or_else(|| body.str("error_name")).unwrap_or("an error");
            return Err(answer::problem(kind, format!("Stack Exchange says: {said}")));
        }
        if !body.at("items").is_some_and(Value::is_array) {
            return Err(answer::unsupported("This is no list of Stack Exchange."));
        }
        let mut reading = Reading::default();
        body.list("items").iter().for_each(|item| question(item, &mut reading));
        let mut note = request.note.as_deref().unwrap_or("").split(' ');
        if let Some(page) = note.next().and_then(|n| n.parse::<u32>().ok()) {
            let before = note.next().and_then(|s| s.parse::<i64>().ok());
            let newest = body.list("items").iter().filter_map(|i| i.int("creation_date")).max().max(before);
            let remembered: Vec<&str> =
                note.next().unwrap_or("").split(';').filter(|i| !i.is_empty()).collect();
            let shown: Vec<String> = body.list("items").iter().filter_map(|i| i.id("question_id")).collect();
            if page == 1 {
                // Answers to what was found before come later than the questions.
                reading.also.extend(below(&request.url, &remembered, before));
            }
            let fresh: Vec<&str> =
                shown.iter().map(String::as_str).filter(|id| !remembered.contains(id)).collect();
            reading.follow.extend(below(&request.url, &fresh, None));
            let ids: Vec<&str> = fresh.into_iter().chain(remembered).take(REMEMBERED).collect();
            reading.cursor = newest.map(|n| format!("{n} {}", ids.join(";")));
            // `backoff` asks for a pause; the next check comes soon enough.
            if body.truth("has_more") == Some(true) && page < PAGES && !body.has("backoff") {
                let next = (page + 1).to_string();
                let note = format!("{next} {}", reading.cursor.as_deref().unwrap_or(""));
                reading.follow.extend(
                    settings::set_parameter(&request.url, "page", &next)
                        .map(|url| Request { note: Some(note), ..Request::get(url) }),
                );
            }
        }
        Ok(reading)
    }
}

/// The requests for what stands under questions: their answers and the comments on them, the newest hundred of each.
fn below(address: &str, questions: &[&str], since: Option<i64>) -> Vec<Request> {
    let Some(mut url) = url::Url::parse(address).ok().filter(|_| !questions.is_empty()) else {
        return Vec::new();
    };
    let ids = questions.join(";");
    let kept = ["site", "key", "filter"];
    let mut pairs: Vec<(String, String)> =
        url.query_pairs().into_owned().filter(|(name, _)| kept.contains(&name.as_str())).collect();
    pairs.extend(
        [("sort", "creation"), ("order", "desc"), ("pagesize", "100")].map(|(n, v)| (n.into(), v.into())),
    );
    pairs.extend(since.map(|since| ("fromdate".to_owned(), since.to_string())));
    ["answers", "comments"]
        .map(|what| {
            url.set_path(&format!("/2.3/questions/{ids}/{what}"));
            url.query_pairs_mut().clear().extend_pairs(&pairs);
            Request::get(url.as_str())
        })
        .into()
}

/// A question with its comments, then its answers with theirs; or an answer or a comment alone.
fn question(item: &Value, reading: &mut Reading) {
    let question = item.id("question_id");
    if item.has("comment_id") {
        reading.mentions.extend(entry(
            item,
            item.id("comment_id"),
            question.or_else(|| item.id("post_id")),
            Kind::Comment,
        ));
        return;
    }
    // A list of posts numbers questions and answers alike, and says of each what it is.
    let post = |kind: &str| item.id("post_id").filter(|_| item.str("post_type") == Some(kind));
    let question = question.or_else(|| post("question"));
    let answer = item.id("answer_id").or_else(|| post("answer"));
    let (id, thread, kind) = match (&answer, &question) {
        (Some(a), q) => (Some(a.clone()), q.clone(), Kind::Comment),
        (None, Some(q)) => (Some(q.clone()), None, Kind::Post),
        (None, None) => return,
    };
    reading.mentions.extend(entry(item, id, thread, kind));
    for comment in item.list("comments") {
        reading.mentions.extend(entry(comment, comment.id("comment_id"), question.clone(), Kind::Comment));
    }
    for answer in item.list("answers") {
        reading.mentions.extend(entry(answer, answer.id("answer_id"), question.clone(), Kind::Comment));
        for comment in answer.list("comments") {
            reading.mentions.extend(entry(
                comment,
                comment.id("comment_id"),
                question.clone(),
                Kind::Comment,
            ));
        }
    }
}

fn entry(item: &Value, id: Option<String>, thread: Option<String>, kind: Kind) -> Option<Mention> {
    let when = |key: &str| item.int(key).and_then(dates::seconds);
    let published = when("creation_date");
    let text = match item.str("body") {
        Some(html) => plain::from_html(html),
        None => match item.str("body_markdown") {
            Some(written) => plain::tidy(&plain::entities(written)),
            // A search marks what it found.
            None => plain::from_either(item.str("excerpt").unwrap_or("")),
        },
    };
    let parent = item.id("post_id").or_else(|| thread.clone());
    Some(Mention {
        external_id: Some(id?),
        kind,
        url: item.string("link").or_else(|| item.string("share_link")),
        author: Author {
            name: item.str("owner.display_name").map(|n| plain::entities(n).into_owned()),
            id: item.id("owner.user_id"),
            url: item.string("owner.link"),
            ..Author::default()
        },
        title: item.str("title").filter(|_| kind == Kind::Post).map(|t| plain::entities(t).into_owned()),
        text,
        published_at: published,
        published_precision: published.map(|_| goodword_shared::mention::Precision::Second),
        edited_at: when("last_edit_date"),
        thread: thread.map(|t| Thread { id: Some(t), parent_id: parent }),
        engagement: Some(Engagement {
            likes: item.int("score"),
            replies: item.int("answer_count"),
            views: item.int("view_count"),
            shares: None,
        }),
        ..Mention::default()
    })
}
