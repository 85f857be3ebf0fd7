//! The dashboard: who needs recovery now, and who to ask for a referral.
//!
//! A program for the browser. It knows `goodword-shared` and nothing else of the service; everything it shows came
//! through an endpoint declared there.

mod api;
mod app;
mod clock;
mod components;
mod format;
mod hooks;
mod json;
mod locale;
mod pages;
mod route;
mod session;
mod shell;
mod theme;
mod words;

fn main() {
    yew::Renderer::<app::App>::new().render();
}
