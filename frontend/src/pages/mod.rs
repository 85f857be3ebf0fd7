//! One file, or one folder, for each page.

mod alerts;
mod case;
mod customers;
mod first_run;
mod import;
mod insights;
mod mentions;
mod promoters;
mod recovery;
mod settings;
mod sign_in;
mod sources;
mod today;

pub use alerts::Alerts;
pub use case::Case;
pub use customers::{Customer, CustomerImport, Customers, Matches, Strangers};
pub use first_run::FirstRun;
pub use insights::Insights;
pub use mentions::{Mention, Mentions};
pub use promoters::Promoters;
pub use recovery::Recovery;
pub use settings::Settings;
pub use sign_in::SignIn;
pub use sources::{SourceAdd, SourceConnected, Sources};
pub use today::Today;

pub use crate::shell::NotFound;
