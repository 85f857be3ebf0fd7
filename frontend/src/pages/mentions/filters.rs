//! The filters of the list; every choice goes to the address bar at once.

use goodword_shared::{
    Label,
    api::{mentions::MentionQuery, sources::ListSources},
    settings::OwnTheme,
};
use yew::prelude::*;

use crate::{
    components::{Button, Choice, Kind, SearchField, typed},
    hooks::{Filters, use_query, use_settings},
    words::{self, mentions},
};

/// The themes that the analysis knows, in the order in which owners ask for them.
const THEMES: [&str; 15] = [
    "service",
    "staff",
    "waiting",
    "quality",
    "price",
    "delivery",
    "communication",
    "billing",
    "reliability",
    "selection",
    "website",
    "cleanliness",
    "ambience",
    "location",
    "safety",
];

#[derive(Clone, PartialEq, Properties)]
pub struct FilterBarProps {
    /// What the address says.
    pub filters: Filters<MentionQuery>,
    /// How many fit.
    pub total: Option<u64>,
}

/// The bar of filters.
#[component]
pub fn FilterBar(props: &FilterBarProps) -> Html {
    let sources = use_query::<ListSources>((), (), &["sources"]);
    let settings = use_settings();
    let now = &props.filters.now;
    let change = |part: fn(&mut MentionQuery, Option<String>)| props.filters.change(part);
    let sentiments = [("", mentions::ANY_SENTIMENT)]
        .into_iter()
        .chain(Label::ALL.into_iter().map(|l| (l.as_str(), words::label(l))))
        .chain([("uncertain", mentions::UNCERTAIN)]);
    let mut places = vec![(AttrValue::Static(""), AttrValue::Static(mentions::ANY_SOURCE))];
    if let Some(sources) = sources.ready() {
        places.extend(sources.iter().map(|s| (s.id.to_string().into(), s.name.clone().into())));
    }
    let own: Vec<String> = settings.themes.iter().map(OwnTheme::key).collect();
    let named = now.theme.iter().filter(|theme| !own.contains(theme)).map(String::as_str);
    let shipped = named.filter(|theme| !THEMES.contains(theme)).chain(THEMES);
    let themes: Vec<(AttrValue, AttrValue)> = std::iter::once(("".into(), mentions::ANY_THEME.into()))
        .chain(
            own.iter()
                .map(String::as_str)
                .chain(shipped)
                .map(|t| (t.to_owned().into(), words::theme(t).into())),
        )
        .collect();
    let stars: Vec<(AttrValue, AttrValue)> = std::iter::once(("".into(), mentions::ANY_STARS.into()))
        .chain((1..=5).rev().map(|n: u8| (n.to_string().into(), mentions::stars(n).into())))
        .collect();
    let clear = {
        let set = props.filters.set.clone();
        Callback::from(move |()| set.emit(MentionQuery::default()))
    };
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    html! {
        <div class="gw-filters" role="search">
            <SearchField id="mentions-search" testid="mentions-search" label={mentions::SEARCH} value={text(&now.q)} onsearch={change(|q, v| q.q = v)} />
            <Choice id="mentions-sentiment" bare=true label={mentions::SENTIMENT} value={text(&now.sentiment)}
                options={sentiments.map(|(v, l)| (v.into(), l.into())).collect::<Vec<_>>()} onchange={change(|q, v| q.sentiment = v)} />
            <Choice id="mentions-source" bare=true label={mentions::SOURCE} value={text(&now.source)} options={places} onchange={change(|q, v| q.source = v)} />
            <Choice id="mentions-theme" bare=true label={mentions::THEME} value={text(&now.theme)} options={themes} onchange={change(|q, v| q.theme = v)} />
            <Choice id="mentions-stars" bare=true label={mentions::STARS} value={now.stars.map(|n| n.to_string()).unwrap_or_default()} options={stars}
                onchange={change(|q, v| q.stars = v.and_then(|n| n.parse().ok()))} />
            <Day id="mentions-from" label={mentions::FROM} value={text(&now.from)} onchange={change(|q, v| q.from = v)} />
            <Day id="mentions-to" label={mentions::TO} value={text(&now.to)} onchange={change(|q, v| q.to = v)} />
            if props.filters.any() {
                <Button kind={Kind::Link} label={mentions::CLEAR} onclick={clear} testid="mentions-clear" />
            }
            if let Some(total) = props.total {
                <span class="gw-quiet gw-filters__count" aria-live="polite">{ mentions::total(total) }</span>
            }
        </div>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct DayProps {
    id: AttrValue,
    label: AttrValue,
    value: AttrValue,
    onchange: Callback<String>,
}

#[component]
fn Day(props: &DayProps) -> Html {
    html! {
        <label class="gw-filters__day" for={props.id.clone()}>
            <span class="gw-quiet">{ &props.label }</span>
            <span class="pf-v6-c-form-control">
                <input id={props.id.clone()} type="date" value={props.value.clone()} oninput={typed(&props.onchange)} />
            </span>
        </label>
    }
}
