//! What connectors share in asking for settings and reading them: the builder of fields, missing values in words, base addresses.

use goodword_shared::{
    problem::{ProblemKind, SourceProblem},
    source::{Field, FieldType, Values},
};
use url::Url;

/// A field that may stay empty.
pub fn field(name: &str, label: &str, help: &str, kind: FieldType) -> Field {
    Field {
        name: name.into(),
        label: label.into(),
        help: help.into(),
        kind,
        required: false,
        default: None,
        example: None,
    }
}

/// A field that must be filled in.
pub fn required(name: &str, label: &str, help: &str, kind: FieldType) -> Field {
    Field { required: true, ..field(name, label, help, kind) }
}

/// The same with an example.
pub fn example(field: Field, example: &str) -> Field {
    Field { example: Some(example.into()), ..field }
}

/// The same with a value for those who give none.
pub fn default(field: Field, value: &str) -> Field {
    Field { default: Some(value.into()), ..field }
}

/// A choice among values with labels; the first is the default.
pub fn choice(name: &str, label: &str, help: &str, options: &[(&str, &str)]) -> Field {
    let list = options.iter().map(|(v, l)| ((*v).to_owned(), (*l).to_owned())).collect();
    Field {
        default: options.first().map(|(v, _)| (*v).to_owned()),
        ..field(name, label, help, FieldType::Choice { options: list })
    }
}

/// The address of the service: for self-hosted instances, and for trying Goodword out against its own simulator.
pub fn base_field(host: &str) -> Field {
    default(
        field(
            "base",
            "Service address",
            "Leave as it is, unless the service runs somewhere else.",
            FieldType::Url,
        ),
        host,
    )
}

/// A value that is not empty, without white space at its ends.
pub fn value<'v>(settings: &'v Values, name: &str) -> Option<&'v str> {
    settings.get(name).map(|v| v.trim()).filter(|v| !v.is_empty())
}

/// A value that must be there.
pub fn need<'v>(settings: &'v Values, name: &str, what: &str) -> Result<&'v str, SourceProblem> {
    value(settings, name).ok_or_else(|| SourceProblem {
        problem: ProblemKind::Unsupported,
        detail: format!("Fill in “{name}” in the source's settings: {what}."),
    })
}

/// A secret that must be there.
pub fn need_secret<'v>(settings: &'v Values, name: &str, what: &str) -> Result<&'v str, SourceProblem> {
    value(settings, name).ok_or_else(|| SourceProblem {
        problem: ProblemKind::Auth,
        detail: format!("Fill in “{name}” in the source's settings: {what}."),
    })
}

/// The service's address without a slash at its end; `https://` where the scheme is left out.
pub fn base(settings: &Values, host: &str) -> Result<String, SourceProblem> {
    let text = value(settings, "base").unwrap_or(host).trim_end_matches('/');
    let whole = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    match Url::parse(&whole) {
        Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => Ok(whole),
        _ => Err(SourceProblem {
            problem: ProblemKind::Unsupported,
            detail: format!("“{text}” is no web address: it should look like {host}."),
        }),
    }
}

/// Settings from pairs.
pub fn values(pairs: &[(&str, &str)]) -> Values {
    pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
}

/// An address that somebody pasted, with `https://` where the scheme is left out; None for a bare word or a sentence.
pub fn pasted(text: &str) -> Option<Url> {
    let text = text.trim();
    if text.contains(char::is_whitespace) {
        return None;
    }
    let whole = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    let url = Url::parse(&whole).ok()?;
    let host = url.host_str()?;
    (matches!(url.scheme(), "http" | "https") && (host.contains('.') || host == "localhost")).then_some(url)
}

/// An address's host without `www.`; empty where it has none.
pub fn host(url: &Url) -> &str {
    let host = url.host_str().unwrap_or("");
    host.strip_prefix("www.").unwrap_or(host)
}

/// The parts of an address's path that are not empty.
pub fn parts(url: &Url) -> Vec<&str> {
    url.path_segments().map(|s| s.filter(|p| !p.is_empty()).collect()).unwrap_or_default()
}

/// The value of a query parameter.
pub fn parameter(url: &Url, name: &str) -> Option<String> {
    url.query_pairs().find(|(n, _)| n == name).map(|(_, v)| v.into_owned()).filter(|v| !v.is_empty())
}

/// An address with query parameters added, in order.
pub fn with_query(base: &str, pairs: &[(&str, &str)]) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in pairs {
        query.append_pair(name, value);
    }
    let query = query.finish();
    if query.is_empty() { base.to_owned() } else { format!("{base}?{query}") }
}

/// The same address with one query parameter set (or replaced).
pub fn set_parameter(address: &str, name: &str, value: &str) -> Option<String> {
    let mut url = Url::parse(address).ok()?;
    let kept: Vec<(String, String)> =
        url.query_pairs().filter(|(n, _)| n != name).map(|(n, v)| (n.into_owned(), v.into_owned())).collect();
    url.query_pairs_mut().clear().extend_pairs(kept).append_pair(name, value);
    Some(url.into())
}

/// A path part that may hold anything, escaped.
pub fn escape(part: &str) -> String {
    url::form_urlencoded::byte_serialize(part.as_bytes()).collect::<String>().replace('+', "%20")
}
