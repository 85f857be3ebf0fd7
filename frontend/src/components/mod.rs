//! The pieces that pages are made of. None of them fetches anything; what they show is handed to them.
//!
//! Structure and controls wear PatternFly's classes and are drawn here: the components of its crate for Yew bring every icon
//! along, and its button drops the keyboard's focus when pressed.

mod alert_toast;
mod async_view;
mod button;
mod charts;
mod dialog;
mod empty;
mod field;
mod icon;
mod link;
mod marked;
mod notices;
mod order;
mod page;
mod pager;
mod person;
mod quote;
mod schema_form;
mod sentiment;
mod stars;
mod time;
mod timeline;

pub use alert_toast::AlertToasts;
pub use async_view::{Failure, async_view, skeleton};
pub use button::{Button, Kind};
pub use charts::{balance, interval, sparkline};
pub use dialog::{Confirm, Dialog};
pub use empty::Empty;
pub use field::{Choice, Field, SearchField, TextBox, switch, typed};
pub use icon::{Shape, icon};
pub use link::{Go, Outside, face, go_button};
pub use marked::marked;
pub use notices::{Notices, NoticesProvider, use_notices};
pub use order::order;
pub use page::{Page, bring_into_view};
pub use pager::Pager;
pub use person::{Person, Who};
pub use quote::Quote;
pub use schema_form::SchemaForm;
pub use sentiment::sentiment_chip;
pub use stars::stars;
pub use time::{Clock, When};
pub use timeline::Timeline;
