//! When a source is read: the owner's own interval, and the hours in which it is left alone.

use goodword_shared::{
    api::{
        ById,
        sources::{PatchSource, SourceChange},
    },
    source::{QuietHours, Source},
};
use yew::prelude::*;

use crate::{
    clock,
    components::{Button, Field, use_notices},
    hooks::{self, change, submit, use_mutation},
    words::{self, sources},
};

#[derive(Clone, PartialEq, Properties)]
pub struct RhythmProps {
    /// Whose.
    pub source: Source,
    /// It was changed.
    pub changed: Callback<()>,
}

/// The fields, closed.
#[component]
pub fn Rhythm(props: &RhythmProps) -> Html {
    let source = &props.source;
    let id = source.id.to_string();
    let every = use_state_eq(|| match source.adaptive {
        true => String::new(),
        false => source.every_minutes.to_string(),
    });
    let hours = use_state_eq(|| {
        let none = || QuietHours { from: String::new(), to: String::new(), zone: clock::zone() };
        source.not_between.clone().unwrap_or_else(none)
    });
    let notices = use_notices();
    let patch = {
        let changed = props.changed.clone();
        use_mutation::<PatchSource, _>(move |_| {
            notices.done(sources::RHYTHM_SAVED, None);
            changed.emit(());
        })
    };
    let onsubmit = {
        let (patch, id) = (patch.clone(), id.clone());
        let wanted = SourceChange {
            every_minutes: Some(minutes(&every)),
            not_between: Some(whole(&hours)),
            ..SourceChange::default()
        };
        submit(move || patch.run(ById { id: id.clone() }, wanted.clone()))
    };
    let fault = |field: &str| hooks::fault(patch.problem.as_ref(), field);
    let line = |part: &str,
                label: &'static str,
                kind: &'static str,
                value: &str,
                set: fn(&mut QuietHours, String)| {
        let onchange = change(&hours, set);
        html!(<Field id={format!("{part}-{id}")} {label} {kind} value={value.to_owned()} {onchange} required=false />)
    };
    let onevery = change(&every, |every, value| *every = value);
    html! {
        <details class="gw-details" data-testid="source-rhythm">
            <summary>{ sources::RHYTHM }</summary>
            <form class="gw-form" {onsubmit}>
                <Field
                    id={format!("every-{id}")}
                    label={sources::EVERY}
                    help={sources::EVERY_HELP}
                    kind="number"
                    value={(*every).clone()}
                    onchange={onevery}
                    required=false
                    fault={fault("every_minutes")}
                />
                <div class="gw-row">
                    { line("from", sources::NOT_FROM, "time", &hours.from, |hours, from| hours.from = from) }
                    { line("to", sources::NOT_TO, "time", &hours.to, |hours, to| hours.to = to) }
                    { line("zone", sources::ZONE, "text", &hours.zone, |hours, zone| hours.zone = zone) }
                </div>
                if let Some(fault) = fault("not_between") {
                    <p class="gw-field__fault" role="alert">{ fault }</p>
                }
                <p><Button submit=true label={words::SAVE} about={AttrValue::from(source.name.clone())} busy={patch.busy} testid="source-rhythm-save" /></p>
            </form>
        </details>
    }
}

/// Minutes as typed; 0 where it is left to us. What is no number becomes one that the service refuses and explains.
fn minutes(text: &str) -> u32 {
    match text.trim() {
        "" => 0,
        text => text.parse().ok().filter(|every| *every > 0).unwrap_or(u32::MAX),
    }
}

/// Hours to send: neither end said means that nothing is ruled out.
fn whole(hours: &QuietHours) -> QuietHours {
    if hours.from.is_empty() && hours.to.is_empty() {
        let midnight = || "00:00".to_owned();
        return QuietHours { from: midnight(), to: midnight(), zone: "UTC".to_owned() };
    }
    hours.clone()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_interval_is_left_to_us_and_nonsense_is_not() {
        assert_eq!((minutes(" "), minutes("45")), (0, 45));
        assert_eq!((minutes("-5"), minutes("0")), (u32::MAX, u32::MAX));
    }

    #[test]
    fn no_hours_rule_nothing_out() {
        let hours = |from: &str, to: &str| QuietHours {
            from: from.into(),
            to: to.into(),
            zone: "Europe/Berlin".into(),
        };
        assert_eq!(whole(&hours("", "")).from, whole(&hours("", "")).to);
        assert_eq!(whole(&hours("22:00", "06:30")), hours("22:00", "06:30"));
    }
}
