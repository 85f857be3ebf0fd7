//! A small set of signs, drawn as strokes in the colour of the text around them. Always beside words or named by the
//! button that holds them, so screen readers pass them over.

use yew::prelude::*;

/// Which sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Today.
    Sun,
    /// Recovery.
    Heart,
    /// Promoters.
    Megaphone,
    /// Mentions.
    Speech,
    /// Customers.
    People,
    /// Insights.
    Chart,
    /// Sources.
    Antenna,
    /// Alerts.
    Bell,
    /// Settings.
    Sliders,
    /// More pages.
    Dots,
    /// Calm.
    Cup,
    /// Done.
    Check,
    /// Close, remove.
    Cross,
    /// Something is wrong.
    Warning,
    /// A telephone.
    Phone,
    /// A mail.
    Mail,
    /// Leaves the dashboard.
    Away,
    /// A note.
    Pencil,
    /// A clock.
    Clock,
    /// Find.
    Lens,
    /// Take along as a file.
    Download,
    /// Back.
    Left,
    /// Onward.
    Right,
    /// Opens downwards.
    Down,
    /// New.
    Plus,
    /// Sleep.
    Moon,
    /// A public answer.
    Reply,
    /// Once more.
    Again,
    /// Leave.
    Door,
}

impl Shape {
    fn path(self) -> &'static str {
        match self {
            Shape::Sun => {
                "M10 3v1.5M10 15.5V17M3 10h1.5M15.5 10H17M5 5l1.1 1.1M13.9 13.9 15 15M15 5l-1.1 1.1M6.1 13.9 5 15M13.2 10a3.2 3.2 0 1 1-6.4 0 3.2 3.2 0 0 1 6.4 0z"
            }
            Shape::Heart => {
                "M10 16.5S3.5 12.8 3.5 8.2A3.3 3.3 0 0 1 10 6.9a3.3 3.3 0 0 1 6.5 1.3c0 4.6-6.5 8.3-6.5 8.3z"
            }
            Shape::Megaphone => {
                "M4 8.5v3a1 1 0 0 0 1 1h1.5L14 16V4L6.5 7.5H5a1 1 0 0 0-1 1zM7 12.5l.8 4h2M16.5 8.5v3"
            }
            Shape::Speech => {
                "M4.5 4h11A1.5 1.5 0 0 1 17 5.5v7a1.5 1.5 0 0 1-1.5 1.5H10l-3.5 3v-3h-2A1.5 1.5 0 0 1 3 12.5v-7A1.5 1.5 0 0 1 4.5 4z"
            }
            Shape::People => {
                "M9.5 7.5a2.5 2.5 0 1 1-5 0 2.5 2.5 0 0 1 5 0zM2.5 16c0-2.5 2-4 4.5-4s4.5 1.5 4.5 4M12.5 5.2a2.5 2.5 0 0 1 0 4.6M14 12.3c2 .4 3.5 1.7 3.5 3.7"
            }
            Shape::Chart => "M3.5 3.5v13h13M7 13.5v-3M10.5 13.5V7M14 13.5v-5",
            Shape::Antenna => {
                "M10 10.5V17M7 17h6M11 9.5a1 1 0 1 1-2 0 1 1 0 0 1 2 0zM7.2 12.3a4 4 0 0 1 0-5.6M12.8 6.7a4 4 0 0 1 0 5.6M5 14.5a7 7 0 0 1 0-10M15 4.5a7 7 0 0 1 0 10"
            }
            Shape::Bell => {
                "M5.5 8.5a4.5 4.5 0 0 1 9 0c0 4 1.5 5 1.5 5H4s1.5-1 1.5-5zM8.5 16.2a1.7 1.7 0 0 0 3 0"
            }
            Shape::Sliders => {
                "M3.5 6h7M14.5 6h2M3.5 14h2M9.5 14h7M14.5 6a2 2 0 1 1-4 0 2 2 0 0 1 4 0zM9.5 14a2 2 0 1 1-4 0 2 2 0 0 1 4 0z"
            }
            Shape::Dots => "M5 10h.01M10 10h.01M15 10h.01",
            Shape::Cup => {
                "M4 8h9.5v4.5a3.5 3.5 0 0 1-3.5 3.5H7.5A3.5 3.5 0 0 1 4 12.5zM13.5 9h1a2 2 0 0 1 0 4h-1M7 5.5c0-1 .8-1 .8-2M10.2 5.5c0-1 .8-1 .8-2"
            }
            Shape::Check => "m4.5 10.5 3.5 3.5 7.5-8",
            Shape::Cross => "m5.5 5.5 9 9M14.5 5.5l-9 9",
            Shape::Warning => "M10 4 17 16H3zM10 8.5v3.5M10 14h.01",
            Shape::Phone => {
                "M6.5 3.5 8.5 7l-1.5 1.7a9 9 0 0 0 4.3 4.3L13 11.5l3.5 2v2a1.5 1.5 0 0 1-1.6 1.5A12.5 12.5 0 0 1 3 5.1a1.5 1.5 0 0 1 1.5-1.6z"
            }
            Shape::Mail => {
                "M4.5 4.5h11A1.5 1.5 0 0 1 17 6v8a1.5 1.5 0 0 1-1.5 1.5h-11A1.5 1.5 0 0 1 3 14V6a1.5 1.5 0 0 1 1.5-1.5zM3.5 6l6.5 5 6.5-5"
            }
            Shape::Away => "M11.5 4H16v4.5M16 4l-7 7M8 5H5a1 1 0 0 0-1 1v9a1 1 0 0 0 1 1h9a1 1 0 0 0 1-1v-3",
            Shape::Pencil => {
                "M4 16l.7-3.2 8.6-8.6a1.4 1.4 0 0 1 2 0l.5.5a1.4 1.4 0 0 1 0 2l-8.6 8.6zM12 5.5l2.5 2.5"
            }
            Shape::Clock => "M17 10a7 7 0 1 1-14 0 7 7 0 0 1 14 0zM10 6v4.2l2.8 1.6",
            Shape::Lens => "M13.5 9a4.5 4.5 0 1 1-9 0 4.5 4.5 0 0 1 9 0zM12.3 12.3 16.5 16.5",
            Shape::Download => "M10 3.5v9M6.5 9.5 10 13l3.5-3.5M4 16.5h12",
            Shape::Left => "m12 5-5 5 5 5",
            Shape::Right => "m8 5 5 5-5 5",
            Shape::Down => "m5 8 5 5 5-5",
            Shape::Plus => "M10 4.5v11M4.5 10h11",
            Shape::Moon => "M16 11.5A6.5 6.5 0 1 1 8.5 4a5 5 0 0 0 7.5 7.5z",
            Shape::Reply => "M8 5 3.5 9.5 8 14M4 9.5h7a5 5 0 0 1 5 5v1",
            Shape::Again => "M15.5 6.5A6.5 6.5 0 1 0 16.5 11M16 3v4h-4",
            Shape::Door => {
                "M12 6V4.5A1 1 0 0 0 11 3.5H5.5a1 1 0 0 0-1 1v11a1 1 0 0 0 1 1H11a1 1 0 0 0 1-1V14M8.5 10h8M14 7.5l2.5 2.5-2.5 2.5"
            }
        }
    }
}

/// A sign, as high as the text.
pub fn icon(shape: Shape) -> Html {
    html! {
        <svg class="gw-icon" viewBox="0 0 20 20" aria-hidden="true" focusable="false"><path d={shape.path()} /></svg>
    }
}
