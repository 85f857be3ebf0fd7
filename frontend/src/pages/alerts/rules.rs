//! The rules, in plain words, with how often each would have fired.

use goodword_shared::{
    Label,
    alert::{Channel, Rule, RuleSettings},
    api::{
        ById,
        alerts::{AddRule, ListRules, PutRule, RemoveRule},
    },
};
use yew::prelude::*;

use super::channels::PAGE;
use crate::{
    components::{Button, Choice, Dialog, Field, Kind, Shape, async_view, switch, use_notices},
    hooks::{Removal, change, put, submit, use_mutation, use_query, use_removal, use_saving},
    words::{self, alerts},
};

/// From this severity on a matter is serious.
const SEVERE: f64 = 0.7;

#[derive(Clone, PartialEq, Properties)]
pub struct RulesProps {
    /// The channels a rule may use.
    pub channels: Vec<Channel>,
}

/// The rules.
#[component]
pub fn Rules(props: &RulesProps) -> Html {
    let fetched = use_query::<ListRules>((), (), &["rules", "channels"]);
    let editing = use_state(|| None::<Option<Rule>>);
    let edit = |to: Option<Option<Rule>>| put(&editing, to);
    html! {
        <section class="gw-section" aria-labelledby="rules">
            <header class="gw-section__head">
                <h2 id="rules">{ alerts::RULES }</h2>
                <Button icon={Shape::Plus} label={alerts::ADD_RULE} onclick={edit(Some(None))} testid="rule-add" />
            </header>
            { async_view(&fetched, 2, |rules| html! {
                if rules.is_empty() {
                    <p>{ alerts::NO_RULES }</p>
                } else {
                    <ul class="gw-rows gw-panel" role="list">
                        { for rules.iter().map(|rule| html! {
                            <li key={rule.id.to_string()}>
                                <Row rule={rule.clone()} channels={props.channels.clone()} changed={&fetched.refetch} edit={edit(Some(Some(rule.clone())))} />
                            </li>
                        }) }
                    </ul>
                }
            }) }
            if let Some(rule) = &*editing {
                <Form rule={rule.clone()} channels={props.channels.clone()} saved={&fetched.refetch} onclose={edit(None)} />
            }
        </section>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct RowProps {
    rule: Rule,
    channels: Vec<Channel>,
    changed: Callback<()>,
    edit: Callback<()>,
}

/// One rule.
#[component]
fn Row(props: &RowProps) -> Html {
    let rule = &props.rule;
    let id = rule.id.to_string();
    let about = AttrValue::from(rule.settings.name.clone());
    let notices = use_notices();
    let replace = {
        let (notices, changed) = (notices.clone(), props.changed.clone());
        use_mutation::<PutRule, _>(move |_| {
            notices.done(alerts::SAVED, None);
            changed.emit(());
        })
    };
    let question =
        Removal { title: alerts::REMOVE_RULE, text: alerts::REMOVE_RULE_TEXT.into(), verb: alerts::REMOVE };
    let (ask, asked) = {
        let changed = props.changed.clone();
        use_removal::<RemoveRule>(id.clone(), question, move || {
            notices.done(alerts::REMOVED, None);
            changed.emit(());
        })
    };
    let onswitch = {
        let (id, settings) = (id.clone(), rule.settings.clone());
        Callback::from(move |enabled: bool| {
            replace.run(ById { id: id.clone() }, RuleSettings { enabled, ..settings.clone() });
        })
    };
    html! {
        <div class="gw-channel" data-testid="rule-row">
            <div>
                <h3>{ &rule.settings.name }</h3>
                <p>{ in_words(&rule.settings, &props.channels) }</p>
                <p class="gw-quiet">{ alerts::fired(rule.fired_30_days.into()) }</p>
            </div>
            <div class="gw-row">
                { switch(&format!("rule-{id}"), alerts::ENABLED, rule.settings.enabled, onswitch) }
                <Button label={alerts::EDIT} about={about.clone()} onclick={&props.edit} />
                <Button kind={Kind::Link} label={alerts::REMOVE} {about} onclick={ask} />
            </div>
            { asked }
        </div>
    }
}

fn in_words(rule: &RuleSettings, channels: &[Channel]) -> String {
    let names: Vec<String> = channels
        .iter()
        .filter(|c| c.kind != PAGE && rule.channels.contains(&c.id))
        .map(|c| c.name.clone())
        .collect();
    alerts::rule(&rule.labels, stars(rule), &rule.themes, rule.severity_at_least.is_some(), &names)
}

/// The most stars that fire, of five.
fn stars(rule: &RuleSettings) -> Option<u8> {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of five stars")]
    rule.rating_at_most.map(|share| (share.clamp(0.0, 1.0) * 5.0).round() as u8)
}

/// The choice of feelings that stands for a list of labels.
fn feelings(labels: &[Label]) -> &'static str {
    match labels {
        [] => "unhappy",
        [Label::Negative] => "negative",
        some if some.len() == Label::ALL.len() => "all",
        _ => "mixed",
    }
}

fn labels(feelings: &str) -> Vec<Label> {
    match feelings {
        "negative" => vec![Label::Negative],
        "mixed" => vec![Label::Negative, Label::Mixed],
        "all" => Label::ALL.to_vec(),
        _ => Vec::new(),
    }
}

#[derive(Clone, PartialEq, Properties)]
struct FormProps {
    /// None is a new one.
    rule: Option<Rule>,
    channels: Vec<Channel>,
    saved: Callback<()>,
    onclose: Callback<()>,
}

/// A rule's form.
#[component]
fn Form(props: &FormProps) -> Html {
    let form = use_state(|| match &props.rule {
        Some(rule) => rule.settings.clone(),
        None => RuleSettings::unhappy("", props.channels.iter().map(|c| c.id.clone()).collect()),
    });
    let themes = use_state(|| form.themes.join(", "));
    let done = {
        let (notices, saved, onclose) = (use_notices(), props.saved.clone(), props.onclose.clone());
        move |_: Rule| {
            notices.done(alerts::SAVED, None);
            saved.emit(());
            onclose.emit(());
        }
    };
    let save = use_saving::<AddRule, PutRule, _>(props.rule.as_ref().map(|r| r.id.to_string()), done);
    let onthemes = change(&themes, |themes, text| *themes = text);
    let onsubmit = {
        let (save, form, themes) = (save.run.clone(), form.clone(), themes.clone());
        submit(move || {
            let themes =
                themes.split(',').map(|t| t.trim().to_lowercase()).filter(|t| !t.is_empty()).collect();
            save.emit(RuleSettings { themes, ..(*form).clone() });
        })
    };
    let who: Vec<(AttrValue, AttrValue)> = [
        ("unhappy", alerts::UNHAPPY),
        ("negative", alerts::NEGATIVE),
        ("mixed", alerts::NEGATIVE_OR_MIXED),
        ("all", alerts::EVERYTHING),
    ]
    .map(|(v, l)| (v.into(), l.into()))
    .to_vec();
    let most: Vec<(AttrValue, AttrValue)> = std::iter::once(("".into(), alerts::ANY_STARS.into()))
        .chain((1..=4_u8).map(|n| (n.to_string().into(), alerts::stars_at_most(n).into())))
        .collect();
    let bad = vec![("".into(), alerts::ANY_SEVERITY.into()), ("severe".into(), alerts::SEVERE.into())];
    let title = props.rule.as_ref().map_or(alerts::NEW_RULE.to_owned(), |r| r.settings.name.clone());
    html! {
        <Dialog {title} onclose={&props.onclose} testid="rule-form">
            <form class="gw-form" {onsubmit}>
                <Field id="rule-name" label={alerts::NAME} value={form.name.clone()} onchange={change(&form, |f, name| f.name = name)} />
                <Choice id="rule-who" label={alerts::FEELINGS} options={who} value={feelings(&form.labels)} onchange={change(&form, |f, v: String| f.labels = labels(&v))} />
                <Choice id="rule-stars" label={alerts::STARS} options={most} value={stars(&form).map(|n| n.to_string()).unwrap_or_default()}
                    onchange={change(&form, |f, v: String| f.rating_at_most = v.parse::<f64>().ok().map(|n| n / 5.0))} />
                <Choice id="rule-severity" label={alerts::SEVERITY} options={bad} value={if form.severity_at_least.is_some() { "severe" } else { "" }}
                    onchange={change(&form, |f, v: String| f.severity_at_least = (v == "severe").then_some(SEVERE))} />
                <Field id="rule-themes" label={alerts::THEMES} help={alerts::THEMES_HELP} value={(*themes).clone()} onchange={onthemes} required=false />
                <fieldset class="gw-choices">
                    <legend>{ alerts::BY }</legend>
                    { for props.channels.iter().map(|channel| by(channel, &form)) }
                </fieldset>
                <p class="gw-row">
                    <Button kind={Kind::Primary} submit=true label={words::SAVE} busy={save.busy} disabled={form.name.trim().is_empty()} testid="rule-save" />
                    <Button kind={Kind::Link} label={words::CANCEL} onclick={&props.onclose} />
                </p>
            </form>
        </Dialog>
    }
}

/// Whether the rule uses a channel.
fn by(channel: &Channel, form: &UseStateHandle<RuleSettings>) -> Html {
    let onchange = {
        let id = channel.id.clone();
        change(form, move |form, on: bool| {
            form.channels.retain(|other| *other != id);
            if on {
                form.channels.push(id.clone());
            }
        })
    };
    let id = format!("rule-by-{}", channel.id);
    html!(<span key={id.clone()}>{ switch(&id, &channel.name, form.channels.contains(&channel.id), onchange) }</span>)
}
