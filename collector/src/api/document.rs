//! The OpenAPI document, drawn from the same declarations that the router mounts.

use goodword_shared::{
    Problem,
    alert::{Delivery, Event},
    api::{
        ById, Endpoint, Method,
        alerts::Rows,
        cases::CaseQuery,
        customers::CustomerQuery,
        customers::MatchQuery,
        doubts::{Doubt, Stranger, Window},
        mentions::MentionQuery,
        mentions::MentionRow,
        promoters::PromoterQuery,
    },
    case::CaseCard,
    customer::CustomerRow,
    matching::MatchView,
    promoter::PromoterCard,
    source::RunView,
};
use utoipa::{
    IntoParams, PartialSchema, ToSchema,
    openapi::{
        Components, ContentBuilder, HttpMethod, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, Paths,
        Ref, RefOr, Required, ResponseBuilder, Schema,
        path::{OperationBuilder, Parameter, ParameterIn},
        request_body::RequestBodyBuilder,
        security::{ApiKey, ApiKeyValue, SecurityRequirement, SecurityScheme},
    },
};

use super::routes::is_unit;

/// Fields of a path or a query string.
pub trait Params {
    /// Each of them.
    fn params(place: ParameterIn) -> Vec<Parameter>;
}

impl Params for () {
    fn params(_place: ParameterIn) -> Vec<Parameter> {
        Vec::new()
    }
}

macro_rules! params {
    ($($name:ty),*) => {$(
        impl Params for $name {
            fn params(place: ParameterIn) -> Vec<Parameter> {
                <$name as IntoParams>::into_params(|| Some(place.clone()))
            }
        }
    )*};
}
params!(ById, CaseQuery, CustomerQuery, MatchQuery, MentionQuery, PromoterQuery, Rows, Window);

/// `cases` of `/api/v1/cases/{id}`: calls are grouped by resource.
fn tag(path: &str) -> String {
    let name = path.trim_start_matches("/api/v1/").split(['/', '.']).next().unwrap_or_default();
    name.to_owned()
}

/// `GetCase` of the endpoint's type.
fn last_name<E>() -> &'static str {
    std::any::type_name::<E>().rsplit("::").next().unwrap_or_default()
}

/// The document under construction.
#[derive(Default)]
pub struct Document {
    paths: Paths,
    schemas: Vec<(String, RefOr<Schema>)>,
}

impl Document {
    /// Describes a call.
    pub fn add<E>(&mut self)
    where
        E: Endpoint,
        E::Path: Params,
        E::Query: Params,
        E::Body: ToSchema,
        E::Response: ToSchema,
    {
        let method = match E::METHOD {
            Method::Get => HttpMethod::Get,
            Method::Post => HttpMethod::Post,
            Method::Put => HttpMethod::Put,
            Method::Patch => HttpMethod::Patch,
            Method::Delete => HttpMethod::Delete,
        };
        let mut operation = OperationBuilder::new()
            .operation_id(Some(last_name::<E>()))
            .tag(tag(E::PATH))
            .summary(Some(E::SUMMARY));
        let path = E::Path::params(ParameterIn::Path).into_iter().map(|mut parameter| {
            parameter.required = Required::True;
            parameter
        });
        for parameter in path.chain(E::Query::params(ParameterIn::Query)) {
            operation = operation.parameter(parameter);
        }
        if !is_unit::<E::Body>() {
            let content = ContentBuilder::new().schema(Some(self.schema::<E::Body>())).build();
            let body =
                RequestBodyBuilder::new().content("application/json", content).required(Some(Required::True));
            operation = operation.request_body(Some(body.build()));
        }
        operation = if is_unit::<E::Response>() {
            operation.response("204", ResponseBuilder::new().description("Done"))
        } else {
            let content = ContentBuilder::new().schema(Some(self.schema::<E::Response>())).build();
            operation.response(
                "200",
                ResponseBuilder::new().description("Done").content("application/json", content),
            )
        };
        let problem = self.problem();
        self.paths.add_path_operation(E::PATH, vec![method], operation.response("default", problem));
    }

    /// Describes a GET that answers something else than JSON.
    pub fn add_download(&mut self, path: &str, summary: &str, kind: &str) {
        let content = ContentBuilder::new().schema(Some(String::schema())).build();
        let problem = self.problem();
        let operation = OperationBuilder::new()
            .tag(tag(path))
            .summary(Some(summary))
            .response("200", ResponseBuilder::new().description("Done").content(kind, content))
            .response("default", problem);
        self.paths.add_path_operation(path, vec![HttpMethod::Get], operation);
    }

    /// The whole document.
    pub fn finish(mut self) -> OpenApi {
        // The rows of `Page<T>` and the events of the stream are referred to without being brought along.
        self.schema::<CaseCard>();
        self.schema::<RunView>();
        self.schema::<CustomerRow>();
        self.schema::<Delivery>();
        self.schema::<Doubt>();
        self.schema::<Event>();
        self.schema::<MatchView>();
        self.schema::<MentionRow>();
        self.schema::<PromoterCard>();
        self.schema::<Stranger>();
        let mut components = Components::new();
        components.schemas = self.schemas.into_iter().collect();
        let cookie = ApiKey::Cookie(ApiKeyValue::with_description(
            "goodword",
            "Set by signing in; `__Host-goodword` where TLS is used.",
        ));
        components.add_security_scheme("session", SecurityScheme::ApiKey(cookie));
        let info = InfoBuilder::new()
            .title("Goodword")
            .description(Some("The collector's HTTP API, as the dashboard uses it. Instants are RFC 3339 in UTC; errors are RFC 9457."))
            .license(Some(LicenseBuilder::new().name("MIT OR Apache-2.0").build()))
            .version(env!("CARGO_PKG_VERSION"));
        OpenApiBuilder::new()
            .info(info)
            .paths(self.paths)
            .components(Some(components))
            .security(Some([SecurityRequirement::new("session", Vec::<String>::new())]))
            .build()
    }

    fn problem(&mut self) -> ResponseBuilder {
        let content = ContentBuilder::new().schema(Some(self.schema::<Problem>())).build();
        ResponseBuilder::new().description("A problem").content("application/problem+json", content)
    }

    /// A reference to a named type; lists and the like are written out.
    fn schema<T: ToSchema>(&mut self) -> RefOr<Schema> {
        T::schemas(&mut self.schemas);
        if std::any::type_name::<T>().contains('<') {
            return T::schema();
        }
        self.schemas.push((T::name().into_owned(), T::schema()));
        Ref::from_schema_name(T::name()).into()
    }
}
