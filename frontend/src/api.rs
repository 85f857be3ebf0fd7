//! Calls of the service: one function for every endpoint that `shared::api` declares. Nothing else in the dashboard
//! makes a request, and nothing here knows what a page does with the answer.

use gloo_net::http::RequestBuilder;
use goodword_shared::{
    Problem,
    api::{Endpoint, Method, path_of},
};
use serde::{Serialize, de::DeserializeOwned};

use crate::{json, words};

/// Calls an endpoint.
///
/// # Errors
/// The service's own problem; or one of ours where no answer came or it could not be read.
pub async fn call<E: Endpoint>(
    path: &E::Path,
    query: &E::Query,
    body: &E::Body,
) -> Result<E::Response, Problem> {
    let address = with_query(path_of::<E>(path), query);
    read(&send(E::METHOD, address, write(body)?).await?)
}

/// Gets the text of an answer.
///
/// # Errors
/// As [`call`].
pub async fn get(address: String) -> Result<String, Problem> {
    send(Method::Get, address, "null".to_owned()).await
}

/// A body as it is sent; `null` is none.
///
/// # Errors
/// When it cannot be written as JSON.
pub fn write<T: Serialize>(body: &T) -> Result<String, Problem> {
    serde_json::to_string(body).map_err(|_| unreadable(""))
}

/// An answer from its text.
///
/// # Errors
/// When it is not what the endpoint promises.
pub fn read<T: DeserializeOwned>(text: &str) -> Result<T, Problem> {
    json::read(text).map_err(unreadable)
}

/// An address with its query string; fields that are none are left out.
pub fn with_query<Q: Serialize>(mut address: String, query: &Q) -> String {
    match serde_urlencoded::to_string(query) {
        Ok(text) if !text.is_empty() => {
            address.push('?');
            address.push_str(&text);
            address
        }
        _ => address,
    }
}

/// Sends and gives the answer's text, `null` where there is none. Not generic, so that it exists once in the program.
///
/// # Errors
/// As [`call`].
pub async fn send(method: Method, address: String, body: String) -> Result<String, Problem> {
    let request = RequestBuilder::new(&address).method(match method {
        Method::Get => gloo_net::http::Method::GET,
        Method::Post => gloo_net::http::Method::POST,
        Method::Put => gloo_net::http::Method::PUT,
        Method::Patch => gloo_net::http::Method::PATCH,
        Method::Delete => gloo_net::http::Method::DELETE,
    });
    let request = request.header("accept", "application/json");
    let request = if body == "null" {
        request.build()
    } else {
        request.header("content-type", "application/json").body(body)
    };
    let response = request.map_err(|_| unreachable())?.send().await.map_err(|_| unreachable())?;
    let text = response.text().await.map_err(|_| unreachable())?;
    if response.ok() {
        return Ok(if text.trim().is_empty() { "null".to_owned() } else { text });
    }
    Err(problem_of(response.status(), &text))
}

fn problem_of(status: u16, text: &str) -> Problem {
    json::read(text)
        .unwrap_or_else(|_| Problem::new(status, "answer", words::problem::ODD, words::problem::odd(status)))
}

fn unreachable() -> Problem {
    Problem::new(0, "unreachable", words::problem::UNREACHABLE, words::problem::UNREACHABLE_DETAIL)
}

fn unreadable(field: &str) -> Problem {
    Problem::new(0, "unreadable", words::problem::ODD, words::problem::unreadable(field))
}

#[cfg(test)]
mod tests {
    use goodword_shared::api::cases::CaseQuery;

    use super::*;

    #[test]
    fn a_query_leaves_out_what_is_not_said_and_encodes_the_rest() {
        let plain = with_query("/a".into(), &CaseQuery::default());
        assert_eq!(plain, "/a");
        let query = CaseQuery { q: Some("cold soup & co".into()), limit: Some(5), ..CaseQuery::default() };
        assert_eq!(with_query("/a".into(), &query), "/a?q=cold+soup+%26+co&limit=5");
        assert_eq!(with_query("/a".into(), &()), "/a");
    }

    #[test]
    fn an_answer_that_is_no_problem_document_becomes_one() {
        let problem = problem_of(502, "<html>Bad gateway</html>");
        assert_eq!((problem.status, problem.kind.as_str()), (502, "answer"));
        let own = problem_of(404, r#"{"type":"not-found","title":"Not found","status":404,"detail":"gone"}"#);
        assert_eq!(own.detail, "gone");
    }
}
