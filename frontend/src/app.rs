//! Everything around the pages, from the outside in: the address bar, notices, the session, the live connection, the
//! clock, the settings, the frame.

use yew::prelude::*;
use yew_router::prelude::*;

use crate::{
    components::{AlertToasts, NoticesProvider},
    hooks::{EventsProvider, NowProvider, SettingsProvider},
    route::Route,
    session::SessionGate,
    shell::Shell,
};

/// The dashboard.
#[component]
pub fn App() -> Html {
    html! {
        <BrowserRouter>
            <NoticesProvider>
                <SessionGate>
                    <EventsProvider>
                        <NowProvider>
                            <SettingsProvider>
                                <Shell><Switch<Route> render={Route::draw} /></Shell>
                                <AlertToasts />
                            </SettingsProvider>
                        </NowProvider>
                    </EventsProvider>
                </SessionGate>
            </NoticesProvider>
        </BrowserRouter>
    }
}
