//! Exports as files: the promoters for referral asks, as CSV and JSON. Every one is recorded before it is handed out.

use axum::{
    extract::{Request, State},
    http::header,
    response::{IntoResponse, Response},
};
use goodword_shared::{Problem, api::promoters::PromoterQuery};

use super::{
    Caller, Site,
    door::{Jar, Who},
    problem, read_query,
};
use crate::actions::export::{self, Format};

/// `GET` [`goodword_shared::api::promoters::EXPORT_CSV`].
pub async fn promoters_csv(State(site): State<Site>, request: Request) -> Response {
    promoters(&site, request, Format::Csv).await.unwrap_or_else(|refused| problem::answer(&refused))
}

/// `GET` [`goodword_shared::api::promoters::EXPORT_JSON`].
pub async fn promoters_json(State(site): State<Site>, request: Request) -> Response {
    promoters(&site, request, Format::Json).await.unwrap_or_else(|refused| problem::answer(&refused))
}

async fn promoters(site: &Site, request: Request, format: Format) -> Result<Response, Problem> {
    let (parts, _) = request.into_parts();
    let caller = Caller::admit(site, &parts, &Jar::default()).await?;
    let query: PromoterQuery = read_query(&parts)?;
    let mut text = Vec::new();
    export::promoters(&site.app.store, &query, format, &caller.user.email, caller.now, &mut text)
        .await
        .map_err(|error| problem::broke(&error))?;
    let name = format!("goodword-promoters-{}.{}", caller.now.format("%Y-%m-%d"), format.extension());
    let headers = [
        (header::CONTENT_TYPE, format.content_type().to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
    ];
    Ok((headers, text).into_response())
}
