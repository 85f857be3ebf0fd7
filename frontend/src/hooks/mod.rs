//! What pages need besides drawing: asking, changing, hearing of changes, and the address bar.

mod events;
mod focus;
mod form;
mod hand;
mod keys;
mod mutation;
mod now;
mod query;
mod settings;
mod url;

pub use events::{EventsProvider, use_connected, use_event};
pub use focus::{focus_on, use_focus};
pub use form::{Removal, Saving, change, fault, put, submit, use_entering, use_removal, use_saving};
pub use keys::use_keys;
pub use mutation::{Calls, Mutation, Undone, use_calls, use_mutation};
pub use now::{NowProvider, use_now};
pub use query::{Fetched, Query, use_query};
pub use settings::{SettingsProvider, use_currency, use_settings};
pub use url::{Filters, chosen, use_filters};
