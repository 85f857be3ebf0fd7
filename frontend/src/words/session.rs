//! Words of the pages before one is signed in.

pub const SIGN_IN: &str = "Sign in";
pub const SIGN_IN_LEAD: &str = "See who is waiting for you.";
pub const EMAIL: &str = "Mail address";
pub const PASSWORD: &str = "Password";
/// Below the field of a new password.
pub const PASSWORD_HELP: &str = "At least 10 characters. A few words in a row are easy to keep in mind.";
/// Heading of the first run.
pub const WELCOME: &str = "Welcome to Goodword";
pub const WELCOME_LEAD: &str =
    "Three answers, and it is yours. Everything stays on this machine; nobody else can read it.";
pub const BUSINESS: &str = "Your business";
/// Below the field.
pub const BUSINESS_HELP: &str = "As your customers call it.";
/// Button.
pub const BEGIN: &str = "Begin";
