//! SHOW: the HTTP API and the dashboard's files. One file for each resource; every route is on this screen.
//! Handlers read and write through the store and the engine; they hold no rules of their own.

use std::sync::Arc;

use axum::{Router, http::Uri, middleware, response::IntoResponse, routing::get};
use goodword_shared::{
    Problem,
    api::{
        EVENTS,
        access::{ConnectSource, FinishConnecting, GetAccess, RemoveAccess},
        alerts::{
            AddChannel, AddRule, ListAlerts, ListChannelKinds, ListChannels, ListDeliveries, ListRules,
            PutChannel, PutRule, RemoveChannel, RemoveRule, TestChannel,
        },
        cases::{GetCase, ListCases, PatchCase, PostContact, PostNote},
        customers::{
            DecideMatch, GetCustomer, ImportCustomers, ImportOrders, ListCustomers, ListMatches,
            PatchCustomer, PreviewCustomers, PreviewOrders,
        },
        doubts::{IgnoreAuthor, LinkAuthor, ListDoubts, ListStrangers, MakeCustomer},
        insights::GetInsights,
        kin::{DecideKin, ListKin},
        learning::{ChooseLearning, GetLearning, LearnNow},
        mentions::{CorrectMention, GetMention, ListMentions},
        promoters::{EXPORT_CSV, EXPORT_JSON, ListPromoters, PostAsk},
        records::{
            ForgetCustomer, GetPersonData, MergeCustomers, PostCustomerNote, PutCustomerNote, SplitCustomer,
            UndoStep,
        },
        replies::CheckTone,
        session::{GetSession, SetUp, SignIn, SignOut},
        settings::{GetSettings, PutPassword, PutSettings},
        sources::{
            AddSource, CheckSource, ImportMentions, ListConnectors, ListRuns, ListSources, LookAtSource,
            MakeSecret, PatchSource, PreviewMentions, PreviewSource, RecogniseSource, RemoveSource,
        },
        today::{GetToday, PostSeen},
    },
};

use crate::app::App;

mod access;
mod alerts;
mod cases;
mod customers;
pub mod dashboard;
mod document;
mod door;
mod doubts;
mod events;
mod exports;
mod feedback;
mod imports;
mod inbound;
mod insights;
mod kin;
mod learning;
mod limits;
mod mentions;
mod problem;
mod promoters;
mod records;
mod replies;
mod routes;
mod session;
mod settings;
mod sources;
mod today;
mod told;

pub use document::Document;
pub use door::{Caller, Reach, Visitor};
pub use problem::{answer, broke};
pub use routes::{Routes, read_query};
pub use session::reset_password;

/// What handlers share: the service, how it is reached, and the count of failed sign-ins.
#[derive(Clone)]
pub struct Site {
    /// The service.
    pub app: App,
    /// How it is reached.
    pub reach: Reach,
    attempts: Arc<session::Attempts>,
    limits: Arc<limits::Limits>,
}

impl std::fmt::Debug for Site {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Site").field("reach", &self.reach).finish_non_exhaustive()
    }
}

/// Every call of the API.
fn routes() -> Routes {
    Routes::default()
        .on::<GetSession, _>(session::get)
        .on::<SignIn, _>(session::sign_in)
        .on::<SignOut, _>(session::sign_out)
        .on::<SetUp, _>(session::set_up)
        .on::<GetToday, _>(today::get)
        .on::<PostSeen, _>(today::seen)
        .on::<ListCases, _>(cases::list)
        .on::<GetCase, _>(cases::get)
        .on::<PatchCase, _>(cases::change)
        .on::<PostNote, _>(cases::note)
        .on::<PostContact, _>(cases::contact)
        .on::<ListPromoters, _>(promoters::list)
        .on::<PostAsk, _>(promoters::ask)
        .on::<CheckTone, _>(replies::tone)
        .on::<ListMentions, _>(mentions::list)
        .on::<GetMention, _>(mentions::get)
        .on::<CorrectMention, _>(mentions::correct)
        .on::<GetInsights, _>(insights::get)
        .on::<GetLearning, _>(learning::get)
        .on::<LearnNow, _>(learning::now)
        .on::<ChooseLearning, _>(learning::choose)
        .on::<ListCustomers, _>(customers::list)
        .on::<GetCustomer, _>(customers::get)
        .on::<PatchCustomer, _>(customers::change)
        .on_file::<PreviewCustomers, _>(imports::preview_customers)
        .on_file::<PreviewOrders, _>(imports::preview_orders)
        .on_file::<ImportOrders, _>(imports::import_orders)
        .on_file::<ImportCustomers, _>(imports::import_customers)
        .on::<ListMatches, _>(customers::matches)
        .on::<DecideMatch, _>(customers::decide)
        .on::<ListDoubts, _>(doubts::list)
        .on::<ListStrangers, _>(doubts::strangers)
        .on::<MakeCustomer, _>(doubts::make_customer)
        .on::<LinkAuthor, _>(doubts::link)
        .on::<IgnoreAuthor, _>(doubts::set_aside)
        .on::<ListKin, _>(kin::list)
        .on::<DecideKin, _>(kin::decide)
        .on::<MergeCustomers, _>(records::merge)
        .on::<SplitCustomer, _>(records::split)
        .on::<UndoStep, _>(records::undo)
        .on::<PostCustomerNote, _>(records::add_note)
        .on::<PutCustomerNote, _>(records::change_note)
        .on::<GetPersonData, _>(records::data)
        .on::<ForgetCustomer, _>(records::forget)
        .on::<ListConnectors, _>(sources::kinds)
        .on::<ListSources, _>(sources::list)
        .on::<RecogniseSource, _>(sources::recognise)
        .on::<PreviewSource, _>(sources::preview)
        .on::<AddSource, _>(sources::add)
        .on::<PatchSource, _>(sources::change)
        .on::<RemoveSource, _>(sources::remove)
        .on::<CheckSource, _>(sources::check)
        .on::<LookAtSource, _>(sources::look)
        .on::<MakeSecret, _>(inbound::make_secret)
        .on::<ListRuns, _>(sources::runs)
        .on::<GetAccess, _>(access::get)
        .on::<ConnectSource, _>(access::connect)
        .on::<RemoveAccess, _>(access::remove)
        .on::<FinishConnecting, _>(access::finish)
        .on_file::<PreviewMentions, _>(imports::preview_mentions)
        .on_file::<ImportMentions, _>(imports::import_mentions)
        .on::<GetSettings, _>(settings::get)
        .on::<PutSettings, _>(settings::put)
        .on::<PutPassword, _>(settings::password)
        .on::<ListChannelKinds, _>(alerts::kinds)
        .on::<ListChannels, _>(alerts::list_channels)
        .on::<AddChannel, _>(alerts::add_channel)
        .on::<PutChannel, _>(alerts::put_channel)
        .on::<RemoveChannel, _>(alerts::remove_channel)
        .on::<TestChannel, _>(alerts::try_channel)
        .on::<ListRules, _>(alerts::list_rules)
        .on::<AddRule, _>(alerts::add_rule)
        .on::<PutRule, _>(alerts::put_rule)
        .on::<RemoveRule, _>(alerts::remove_rule)
        .on::<ListDeliveries, _>(alerts::deliveries)
        .on::<ListAlerts, _>(alerts::list)
        .get(EXPORT_CSV, "Whom to ask for a referral, as a table", "text/csv", exports::promoters_csv)
        .get(EXPORT_JSON, "The same as JSON", "application/json", exports::promoters_json)
        .get(
            EVENTS,
            "What is new, as it happens: server-sent events, each a JSON `Event`",
            "text/event-stream",
            events::stream,
        )
}

/// The whole service as seen from outside.
pub fn router(app: App, reach: Reach) -> Router {
    let site = Site { app, reach, attempts: Arc::default(), limits: Arc::default() };
    let (calls, _) = routes().finish();
    calls
        .route("/healthz", get(async || "ok\n"))
        .route("/in/{source}", axum::routing::post(inbound::take))
        .route("/feedback/page.css", get(feedback::style))
        .route("/feedback/{source}", get(feedback::show).post(feedback::take))
        .route("/feedback/{source}/thanks", get(feedback::thanks))
        .route("/feedback/{source}/qr.svg", get(feedback::picture))
        .route("/api", get(unknown))
        .route("/api/{*rest}", axum::routing::any(unknown))
        .fallback(dashboard::serve)
        .method_not_allowed_fallback(wrong_method)
        .layer(middleware::from_fn_with_state(site.clone(), door::guard))
        .with_state(site)
}

/// The OpenAPI document.
pub fn document() -> utoipa::openapi::OpenApi {
    routes().finish().1.finish()
}

async fn unknown(uri: Uri) -> impl IntoResponse {
    problem::answer(&Problem::new(404, "not-found", "Not found", format!("There is no call {}.", uri.path())))
}

async fn wrong_method(uri: Uri) -> impl IntoResponse {
    let detail = format!("{} is not called by that method.", uri.path());
    problem::answer(&Problem::new(405, "wrong-method", "Wrong method", detail))
}
