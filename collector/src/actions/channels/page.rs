//! The page itself: an alert appears in the dashboard while it is open. Always there, needs nothing.

use goodword_shared::{Time, alert::ChannelDescriptor, source::Values};

use super::{Channel, Effect, PAGE};
use crate::actions::message::Message;

/// See the module.
pub struct Page;

impl Channel for Page {
    fn describe(&self) -> ChannelDescriptor {
        ChannelDescriptor {
            slug: PAGE.into(),
            title: "In the page".into(),
            summary: "Shows alerts in the dashboard while it is open, and keeps those of the last two days."
                .into(),
            fields: Vec::new(),
        }
    }

    fn prepare(&self, _settings: &Values, message: &Message, _now: Time) -> Result<Effect, String> {
        Ok(Effect::Show(message.alert.clone()))
    }
}
