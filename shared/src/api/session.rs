//! Signing in, and the first run.

use serde::{Deserialize, Serialize};

use super::endpoint;

/// Who is signed in, and whether somebody must be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct SessionView {
    /// The signed-in user's mail address; none where nobody is.
    pub user: Option<String>,
    /// No owner exists yet: the first-run page creates one.
    pub first_run: bool,
    /// The demo: made-up data, signed in by itself.
    pub demo: bool,
    /// The business's name.
    pub business: String,
    /// The service's version.
    pub version: String,
}

/// Mail address and password.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Credentials {
    /// Mail address.
    pub email: String,
    /// Password, at least 10 characters where it is set.
    pub password: String,
}

/// The first run: the owner's account and the business's name.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct FirstRun {
    /// The business's name.
    pub business: String,
    /// The owner's mail address.
    pub email: String,
    /// At least 10 characters.
    pub password: String,
}

endpoint!(GetSession, Get "/api/v1/session", "Who is signed in; answers without signing in", path: (), query: (), body: () => SessionView);
endpoint!(SignIn, Post "/api/v1/session", "Sign in; sets the session cookie", path: (), query: (), body: Credentials => SessionView);
endpoint!(SignOut, Delete "/api/v1/session", "Sign out", path: (), query: (), body: () => ());
endpoint!(SetUp, Post "/api/v1/setup", "First run: create the owner's account and sign in", path: (), query: (), body: FirstRun => SessionView);
