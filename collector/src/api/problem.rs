//! The one error body on the wire: every failure of a call becomes an `application/problem+json` answer. Causes of internal
//! failures are logged here, once, and not told.

use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use goodword_shared::Problem;

use crate::store::StoreError;

/// A problem as an answer.
pub fn answer(problem: &Problem) -> Response {
    let status = StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let body = serde_json::to_vec(problem).unwrap_or_default();
    let kind = HeaderValue::from_static("application/problem+json");
    (status, [(header::CONTENT_TYPE, kind)], body).into_response()
}

impl From<StoreError> for Problem {
    fn from(error: StoreError) -> Self {
        broke(&error)
    }
}

/// Logs what broke on our side and tells only that something did.
pub fn broke(error: &(dyn std::fmt::Display + Send + Sync)) -> Problem {
    tracing::error!(error = %error, "a call failed");
    Problem::internal()
}
