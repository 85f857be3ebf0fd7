//! A form drawn from a settings schema: what a connector or channel says it needs.

use goodword_shared::{
    problem::FieldError,
    source::{Field as Schema, FieldType, Values},
};
use yew::prelude::*;

use super::{Choice, Field, switch};

#[derive(Clone, PartialEq, Properties)]
pub struct SchemaFormProps {
    /// Begins the ids of the fields, so that two forms fit on a page.
    pub id: AttrValue,
    /// What is needed.
    pub fields: Vec<Schema>,
    /// What is there.
    pub values: Values,
    /// What the service found wrong.
    #[prop_or_default]
    pub errors: Vec<FieldError>,
    /// A value has changed: all values.
    pub onchange: Callback<Values>,
}

/// The fields of a schema.
#[component]
pub fn SchemaForm(props: &SchemaFormProps) -> Html {
    html!(<>{ for props.fields.iter().map(|field| draw(props, field)) }</>)
}

fn draw(props: &SchemaFormProps, field: &Schema) -> Html {
    let id = AttrValue::from(format!("{}-{}", props.id, field.name));
    let value = props.values.get(&field.name).cloned().or_else(|| field.default.clone()).unwrap_or_default();
    let onchange = {
        let (values, name) = (props.values.clone(), field.name.clone());
        props.onchange.reform(move |value: String| {
            let mut values = values.clone();
            values.insert(name.clone(), value);
            values
        })
    };
    let fault = props.errors.iter().find(|e| e.field.trim_start_matches("/settings/") == field.name);
    let fault = fault.map(|e| AttrValue::from(e.detail.clone()));
    let kind = match &field.kind {
        FieldType::Toggle => {
            let checked = value == "true";
            let onchange = onchange.reform(|on: bool| on.to_string());
            return html! {
                <div class="gw-field gw-field--switch" key={field.name.clone()}>
                    { switch(&id, &field.label, checked, onchange) }
                    <p class="gw-field__help">{ &field.help }</p>
                </div>
            };
        }
        FieldType::Choice { options } => {
            let options: Vec<_> = options.iter().map(|(v, l)| (v.clone().into(), l.clone().into())).collect();
            return html! {
                <Choice key={field.name.clone()} {id} label={field.label.clone()} help={field.help.clone()} {options} {value} {onchange} />
            };
        }
        FieldType::Text => "text",
        FieldType::Url => "url",
        FieldType::Email => "email",
        FieldType::Secret => "password",
        FieldType::Number { .. } => "number",
    };
    html! {
        <Field
            key={field.name.clone()}
            {id}
            label={field.label.clone()}
            help={field.help.clone()}
            {fault}
            required={field.required}
            {value}
            {onchange}
            {kind}
            example={field.example.clone().map(AttrValue::from)}
            autocomplete={(field.kind == FieldType::Secret).then_some(AttrValue::Static("off"))}
        />
    }
}
