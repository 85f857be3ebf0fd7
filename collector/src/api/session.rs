//! Signing in and out, the first run, and passwords. A stranger learns nothing from the answers: an unknown address costs
//! the same time and gives the same answer as a wrong password.

use std::{
    collections::HashMap,
    sync::{LazyLock, Mutex, PoisonError},
};

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use goodword_shared::{
    Problem, Time,
    api::session::{Credentials, FirstRun, SessionView},
};
use rand::TryRngCore;
use tokio::sync::Semaphore;

use super::{Caller, Visitor, problem::broke};
use crate::{app::App, fold::sha256_hex, store::User};

/// Whose the demo is.
const DEMO: &str = "demo@goodword.example";
/// Failed tries of one address from one place within [`WINDOW`], and of one place for all addresses.
const TRIES: u32 = 5;
const TRIES_OF_A_PLACE: u32 = 30;
const WINDOW: chrono::Duration = chrono::Duration::minutes(15);
/// Passwords checked at the same time: each takes 19 MiB and a core.
static CHECKS: Semaphore = Semaphore::const_new(2);
/// Checked where the address is unknown, so that this takes as long.
static NOBODY: LazyLock<Option<String>> = LazyLock::new(|| hash_now("nobody has this password").ok());

/// Failed sign-ins, in memory.
#[derive(Debug, Default)]
pub struct Attempts(Mutex<HashMap<String, (u32, Time)>>);

impl Attempts {
    /// Counts a try before it is made, so that many at once are counted too. `Err` is how many seconds to wait.
    fn begin(&self, keys: &[(String, u32)], now: Time) -> Result<(), i64> {
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        counted.retain(|_, (_, since)| now - *since < WINDOW);
        for (key, most) in keys {
            if let Some((tries, since)) = counted.get(key).filter(|(tries, _)| tries >= most) {
                tracing::warn!(tries, "too many failed sign-ins");
                return Err((*since + WINDOW - now).num_seconds().max(1));
            }
        }
        for (key, _) in keys {
            counted.entry(key.clone()).or_insert((0, now)).0 += 1;
        }
        Ok(())
    }

    fn succeeded(&self, keys: &[(String, u32)]) {
        let mut counted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for (key, _) in keys {
            counted.remove(key);
        }
    }
}

/// Who is signed in.
pub async fn get(app: App, visitor: Visitor, (): (), (): (), (): ()) -> Result<SessionView, Problem> {
    view(&app, visitor.caller.map(|caller| caller.user)).await
}

/// Signs in.
pub async fn sign_in(
    app: App,
    visitor: Visitor,
    (): (),
    (): (),
    body: Credentials,
) -> Result<SessionView, Problem> {
    let email = body.email.trim().to_lowercase();
    let keys = [
        (format!("{}|{}", visitor.from, sha256_hex(email.as_bytes())), TRIES),
        (visitor.from.clone(), TRIES_OF_A_PLACE),
    ];
    if let Err(seconds) = visitor.site.attempts.begin(&keys, visitor.now) {
        let minutes = (seconds + 59) / 60;
        let detail = format!("Too many failed tries. Try again in {minutes} minutes.");
        return Err(Problem::new(429, "too-many-tries", "Too many tries", detail));
    }
    let user = app.store.user_by_email(&email).await?;
    let right = verify(body.password, user.as_ref().map(|u| u.password_hash.clone())).await?;
    let Some(user) = user.filter(|_| right) else {
        return Err(Problem::new(
            401,
            "wrong-credentials",
            "Not signed in",
            "The mail address or the password is not right.",
        ));
    };
    visitor.site.attempts.succeeded(&keys);
    open(&app, &visitor, &user).await?;
    view(&app, Some(user)).await
}

/// Signs out.
pub async fn sign_out(app: App, visitor: Visitor, (): (), (): (), (): ()) -> Result<(), Problem> {
    if let Some(token) = visitor.caller.as_ref().and_then(|caller| caller.token_hash.as_deref()) {
        app.store.close_session(token).await?;
    }
    visitor.set_session("", 0);
    Ok(())
}

/// Creates the owner while there is none.
pub async fn set_up(
    app: App,
    visitor: Visitor,
    (): (),
    (): (),
    body: FirstRun,
) -> Result<SessionView, Problem> {
    let taken = || Problem::conflict("The owner's account exists already; sign in instead.");
    if app.store.has_users().await? {
        return Err(taken());
    }
    let email = checked_address(&body.email)?;
    check_password("password", &body.password)?;
    let hash = hash(body.password).await?;
    let user = app.store.create_owner(&email, &hash, visitor.now).await?.ok_or_else(taken)?;
    let mut settings = app.store.settings().await?;
    settings.business = body.business.trim().chars().take(200).collect();
    app.store.put_settings(&settings).await?;
    open(&app, &visitor, &user).await?;
    view(&app, Some(user)).await
}

/// The demo's user, created at the first need.
pub async fn demo_user(app: &App, now: Time) -> Result<User, Problem> {
    if let Some(user) = app.store.user_by_email(DEMO).await? {
        return Ok(user);
    }
    // No password has this hash, so nobody can sign in as the demo once it is no demo any more.
    if let Some(user) = app.store.create_owner(DEMO, "!", now).await? {
        return Ok(user);
    }
    app.store.user_by_email(DEMO).await?.ok_or_else(Problem::not_signed_in)
}

/// Checks the present password and sets a new one.
pub async fn change_password(
    app: &App,
    caller: &Caller,
    current: String,
    new: String,
) -> Result<(), Problem> {
    check_password("new", &new)?;
    if !verify(current, Some(caller.user.password_hash.clone())).await? {
        return Err(Problem::invalid_field("current", "This is not the present password."));
    }
    let hash = hash(new).await?;
    Ok(app.store.change_password(&caller.user.id, &hash, caller.token_hash.as_deref()).await?)
}

async fn view(app: &App, user: Option<User>) -> Result<SessionView, Problem> {
    let first_run = user.is_none() && !app.store.has_users().await?;
    let business = if user.is_some() { app.store.settings().await?.business } else { String::new() };
    Ok(SessionView {
        user: user.map(|u| u.email),
        first_run,
        demo: app.demo,
        business,
        version: env!("CARGO_PKG_VERSION").into(),
    })
}

async fn open(app: &App, visitor: &Visitor, user: &User) -> Result<(), Problem> {
    let mut bytes = [0_u8; 32];
    rand::rngs::OsRng.try_fill_bytes(&mut bytes).map_err(|error| broke(&error))?;
    let token = URL_SAFE_NO_PAD.encode(bytes);
    let days = app.config.service.session_days;
    let expires_at = visitor.now + chrono::Duration::days(i64::from(days));
    app.store.open_session(&user.id, &sha256_hex(token.as_bytes()), visitor.now, expires_at).await?;
    visitor.set_session(&token, days);
    Ok(())
}

fn checked_address(address: &str) -> Result<String, Problem> {
    let address = address.trim().to_lowercase();
    let whole = address.split_once('@').is_some_and(|(name, host)| !name.is_empty() && !host.is_empty());
    if whole && address.len() <= 254 && !address.contains(char::is_whitespace) {
        Ok(address)
    } else {
        Err(Problem::invalid_field("email", "This is not a mail address."))
    }
}

/// Sets a password from the command line, where whoever may write the data folder is the owner; every session ends.
/// `Err` is what is wrong with it.
pub async fn reset_password(app: &App, user: &User, new: String) -> Result<(), Problem> {
    check_password("new", &new)?;
    let hash = hash(new).await?;
    Ok(app.store.change_password(&user.id, &hash, None).await?)
}

fn check_password(field: &str, password: &str) -> Result<(), Problem> {
    match password.chars().count() {
        10..=1000 => Ok(()),
        0..10 => Err(Problem::invalid_field(field, "A password has at least 10 characters.")),
        _ => Err(Problem::invalid_field(field, "A password has at most 1,000 characters.")),
    }
}

/// argon2id with 19 MiB and two passes, as OWASP's password storage cheat sheet recommends.
fn hash_now(password: &str) -> Result<String, argon2::password_hash::Error> {
    Ok(Argon2::default().hash_password(password.as_bytes())?.to_string())
}

async fn hash(password: String) -> Result<String, Problem> {
    let _turn = CHECKS.acquire().await.map_err(|error| broke(&error))?;
    let hashed = tokio::task::spawn_blocking(move || hash_now(&password)).await;
    hashed.map_err(|error| broke(&error))?.map_err(|error| broke(&error))
}

/// Whether that is the password. Without a hash it is not, which takes as long to find out.
async fn verify(password: String, hash: Option<String>) -> Result<bool, Problem> {
    let _turn = CHECKS.acquire().await.map_err(|error| broke(&error))?;
    let checked = tokio::task::spawn_blocking(move || {
        let nobodys = LazyLock::force(&NOBODY).clone().unwrap_or_default();
        PasswordHash::new(hash.as_deref().unwrap_or(&nobodys))
            .is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok())
    });
    checked.await.map_err(|error| broke(&error))
}
