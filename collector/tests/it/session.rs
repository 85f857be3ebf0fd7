//! Coming in: the first run, signing in and out, and everything that must stay outside.

use goodword::serve::{Door, Tls};
use goodword_shared::{
    Problem,
    api::{
        cases::ListCases,
        session::{Credentials, FirstRun, GetSession, SetUp, SignIn, SignOut},
        today::GetToday,
    },
};
use reqwest::{Method, StatusCode};

use crate::service::{EMAIL, PASSWORD, Service};

fn credentials(email: &str, password: &str) -> String {
    serde_json::json!({ "email": email, "password": password }).to_string()
}

async fn problem(answer: reqwest::Response) -> Problem {
    let kind = answer.headers()["content-type"].to_str().expect("text").to_owned();
    assert_eq!(kind, "application/problem+json");
    serde_json::from_str(&answer.text().await.expect("a text")).expect("a problem")
}

#[tokio::test]
async fn the_first_run_creates_one_owner_and_nobody_else() {
    let service = Service::start().await;
    let session = service.call::<GetSession>((), (), ()).await.expect("told to strangers");
    assert!(session.first_run && session.user.is_none() && !session.demo);

    let run = |email: &str, password: &str| FirstRun {
        business: "The Shop".into(),
        email: email.into(),
        password: password.into(),
    };
    let refused = service.call::<SetUp>((), (), run(EMAIL, "short")).await.expect_err("too short");
    assert_eq!((refused.status, refused.errors[0].field.as_str()), (422, "password"));
    let refused = service.call::<SetUp>((), (), run("nobody", PASSWORD)).await.expect_err("no address");
    assert_eq!(refused.errors[0].field, "email");

    let both = tokio::join!(
        service.call::<SetUp>((), (), run("Owner@Shop.example ", PASSWORD)),
        service.call::<SetUp>((), (), run("thief@shop.example", PASSWORD))
    );
    let created: Vec<_> = [both.0, both.1].into_iter().flatten().collect();
    assert_eq!(created.len(), 1, "one of two that come at once is the owner");
    assert_eq!(created[0].business, "The Shop");
    let late = service.call::<SetUp>((), (), run("late@shop.example", PASSWORD)).await.expect_err("taken");
    assert_eq!(late.status, 409);
    assert!(!service.call::<GetSession>((), (), ()).await.expect("told").first_run);
    service.stop().await;
}

#[tokio::test]
async fn strangers_are_answered_only_what_they_need_to_sign_in() {
    let service = Service::start().await;
    for path in ["/api/v1/today", "/api/v1/cases", "/api/v1/promoters", "/api/v1/events", "/api/v1/cases/x"] {
        let answer = service.get(path).await;
        assert_eq!(answer.status(), StatusCode::UNAUTHORIZED, "{path}");
        assert_eq!(problem(answer).await.kind, "not-signed-in");
    }
    assert_eq!(service.get("/healthz").await.status(), StatusCode::OK);
    let unknown = service.get("/api/v1/nothing").await;
    assert_eq!(unknown.status(), StatusCode::NOT_FOUND);
    assert_eq!(problem(unknown).await.kind, "not-found");
    assert_eq!(problem(service.post("/api/v1/today", "{}").await).await.status, 405);
    service.stop().await;
}

#[tokio::test]
async fn a_session_begins_and_ends_with_its_cookie() {
    let service = Service::signed_in().await;
    assert_eq!(service.call::<GetSession>((), (), ()).await.expect("told").user.as_deref(), Some(EMAIL));
    service.call::<GetToday>((), (), ()).await.expect("signed in");
    service.call::<SignOut>((), (), ()).await.expect("signed out");
    let refused = service.call::<GetToday>((), (), ()).await.expect_err("the same cookie opens nothing now");
    assert_eq!(refused.status, 401);

    let answer = service.post("/api/v1/session", &credentials(" OWNER@shop.example", PASSWORD)).await;
    let cookie = answer.headers()["set-cookie"].to_str().expect("text").to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
    assert_eq!(answer.headers()["cache-control"], "no-store");
    service.keep_cookie(&answer);
    service.call::<GetToday>((), (), ()).await.expect("signed in again");
    service.stop().await;
}

#[tokio::test]
async fn failed_tries_look_alike_and_are_counted() {
    let service = Service::signed_in().await;
    let wrong = problem(service.post("/api/v1/session", &credentials(EMAIL, "not the password")).await).await;
    let unknown =
        problem(service.post("/api/v1/session", &credentials("x@y.example", "not the password")).await).await;
    assert_eq!(wrong, unknown, "a stranger does not learn who has an account");
    for _ in 0..4 {
        service.post("/api/v1/session", &credentials(EMAIL, "not the password")).await;
    }
    let right = Credentials { email: EMAIL.into(), password: PASSWORD.into() };
    let refused = service.call::<SignIn>((), (), right).await.expect_err("too many tries");
    assert_eq!(refused.status, 429);
    service.stop().await;
}

#[tokio::test]
async fn foreign_names_and_foreign_pages_stay_outside() {
    let service = Service::signed_in().await;
    let rebound = service.request(Method::GET, "/api/v1/today").header("host", "shop.example:7878");
    assert_eq!(problem(rebound.send().await.expect("an answer")).await.kind, "foreign-name");
    let by_name = service.request(Method::GET, "/api/v1/today").header("host", "localhost:7878");
    assert_eq!(by_name.send().await.expect("an answer").status(), StatusCode::OK);

    for (header, value) in
        [("sec-fetch-site", "cross-site"), ("origin", "https://shop.example"), ("origin", "null")]
    {
        let forged = service.request(Method::DELETE, "/api/v1/session").header(header, value);
        assert_eq!(problem(forged.send().await.expect("an answer")).await.kind, "foreign-page", "{header}");
    }
    let form = service.request(Method::POST, "/api/v1/session").header("content-type", "text/plain");
    let answer = form.body(credentials(EMAIL, PASSWORD)).send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
    service.call::<GetToday>((), (), ()).await.expect("still signed in");
    service.stop().await;
}

#[tokio::test]
async fn a_broken_request_is_answered_with_the_field_that_broke_it() {
    let service = Service::signed_in().await;
    let bad_query = service.get("/api/v1/cases?limit=many").await;
    assert_eq!(bad_query.status(), StatusCode::BAD_REQUEST);
    assert_eq!(problem(bad_query).await.errors[0].field, "limit");
    let missing = service.post("/api/v1/session", r#"{"email": "a@b.example", "password": 7}"#).await;
    assert_eq!(missing.status(), StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(problem(missing).await.errors[0].field, "password");
    let garbage = service.post("/api/v1/session", "{ not json").await;
    assert_eq!(garbage.status(), StatusCode::BAD_REQUEST);
    let large = service.post("/api/v1/session", &credentials(EMAIL, &"x".repeat(1_100_000))).await;
    assert_eq!(large.status(), StatusCode::PAYLOAD_TOO_LARGE);
    let empty = service.get("/api/v1/cases?q=&limit=").await;
    assert_eq!(empty.status(), StatusCode::OK, "empty parameters are not said");
    service.stop().await;
}

#[tokio::test]
async fn the_demo_signs_in_by_itself() {
    let service = Service::start_with(true).await;
    let session = service.call::<GetSession>((), (), ()).await.expect("told");
    assert!(session.demo && session.user.is_some() && !session.first_run);
    service.call::<ListCases>((), Default::default(), ()).await.expect("signed in by itself");
    service.stop().await;
}

#[test]
fn beyond_this_machine_there_is_tls_or_a_proxy_and_no_demo() {
    let wide = Door { listen: "0.0.0.0:7878".parse().expect("an address"), ..Door::loopback() };
    assert!(wide.refused(false).expect("refused").contains("--tls-cert"));
    let tls = Tls { cert: "cert.pem".into(), key: "key.pem".into() };
    assert_eq!(Door { tls: Some(tls.clone()), ..wide.clone() }.refused(false), None);
    assert_eq!(Door { behind_proxy: true, ..wide.clone() }.refused(false), None);
    assert!(Door { tls: Some(tls), ..wide }.refused(true).is_some());
    assert!(Door { behind_proxy: true, ..Door::loopback() }.refused(true).is_some());
    assert_eq!(Door::loopback().refused(true), None);
}
