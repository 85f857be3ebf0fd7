//! How connectors ask to be let in: the fields for the owner's own app at a platform, and the houses that several connectors share.

use goodword_shared::{
    access::{Access, CLIENT_ID, CLIENT_SECRET, Consent, Grant, Proof, TOKEN},
    source::{Field, FieldType, Values},
};

use super::settings;

/// The fields of an app of the owner's, with what they are called at the platform.
pub fn app_fields(id_label: &str, secret_label: &str, where_found: &str) -> [Field; 2] {
    [
        settings::field(CLIENT_ID, id_label, where_found, FieldType::Text),
        settings::field(CLIENT_SECRET, secret_label, "Shown beside it.", FieldType::Secret),
    ]
}

/// An address of the platform's beside its interface; below the base where the owner set another one.
pub fn beside(values: &Values, host: &str, usual: &str, path: &str) -> String {
    match settings::base(values, host) {
        Ok(base) if base != host => format!("{base}{path}"),
        _ => usual.to_owned(),
    }
}

/// Whether the settings hold an app's name and no token that would make it needless.
pub fn by_app(values: &Values) -> bool {
    settings::value(values, CLIENT_ID).is_some() && settings::value(values, TOKEN).is_none()
}

/// An access with the usual names of settings.
pub fn access(provider: &str, title: &str, grant: Grant, token_url: String) -> Access {
    Access {
        provider: provider.into(),
        title: title.into(),
        grant,
        token_url,
        scopes: Vec::new(),
        proof: Proof::Body,
        id_field: CLIENT_ID.into(),
        secret_field: CLIENT_SECRET.into(),
        derived: None,
    }
}

/// A Google account, asked for one scope.
pub fn google(values: &Values, host: &str, scope: &str) -> Option<Access> {
    let consent = Consent {
        authorise_url: beside(
            values,
            host,
            "https://accounts.google.com/o/oauth2/v2/auth",
            "/o/oauth2/v2/auth",
        ),
        revoke_url: Some(beside(values, host, "https://oauth2.googleapis.com/revoke", "/revoke")),
        // Without these Google hands out a refresh token at the first consent only.
        extra: vec![("access_type".into(), "offline".into()), ("prompt".into(), "consent".into())],
        pkce: true,
        ..Consent::default()
    };
    by_app(values).then(|| Access {
        scopes: vec![scope.into()],
        ..access("google", "Google", Grant::Consent(consent), google_token_url(values, host))
    })
}

/// Where Google hands out tokens.
pub fn google_token_url(values: &Values, host: &str) -> String {
    beside(values, host, "https://oauth2.googleapis.com/token", "/token")
}

/// A Facebook account with long tokens.
pub fn graph(values: &Values, host: &str, scopes: &[&str]) -> Option<Access> {
    let base = settings::base(values, host).ok()?;
    let version = settings::escape(settings::value(values, "version").unwrap_or("v23.0"));
    let consent = Consent {
        authorise_url: beside(
            values,
            host,
            &format!("https://www.facebook.com/{version}/dialog/oauth"),
            &format!("/{version}/dialog/oauth"),
        ),
        lengthen: Some("fb_exchange_token".into()),
        ..Consent::default()
    };
    by_app(values).then(|| Access {
        scopes: scopes.iter().map(|s| (*s).to_owned()).collect(),
        ..access(
            "facebook",
            "Facebook",
            Grant::Consent(consent),
            format!("{base}/{version}/oauth/access_token"),
        )
    })
}

/// An app's own access, proved by HTTP Basic.
pub fn own(values: &Values, provider: &str, title: &str, token_url: String) -> Option<Access> {
    let secret = settings::value(values, CLIENT_SECRET).is_some();
    (secret && by_app(values))
        .then(|| Access { proof: Proof::Basic, ..access(provider, title, Grant::App, token_url) })
}

/// An account at a server that speaks Mastodon's interface. Accounts of one server are not another's.
pub fn mastodon(values: &Values, host: &str) -> Option<Access> {
    let base = settings::base(values, host).ok()?;
    let at = |path: &str| format!("{base}{path}");
    let consent = Consent {
        authorise_url: at("/oauth/authorize"),
        revoke_url: Some(at("/oauth/revoke")),
        pkce: true,
        ..Consent::default()
    };
    by_app(values).then(|| Access {
        scopes: vec!["read".into()],
        ..access(&base, "Mastodon", Grant::Consent(consent), at("/oauth/token"))
    })
}
