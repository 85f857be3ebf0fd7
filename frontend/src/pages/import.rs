//! Importing a file, whatever it holds: choose it, say what its columns are, see what would happen line by line,
//! and only then do it. The endpoints decide what the rows become.

use std::rc::Rc;

use goodword_shared::{
    api::Endpoint,
    import::{ImportPreview, ImportReport, ImportRequest, LineFault},
};
use wasm_bindgen_futures::JsFuture;
use web_sys::{HtmlInputElement, TextDecoder, TextDecoderOptions};
use yew::{platform::spawn_local, prelude::*};

use crate::{
    components::{Button, Choice, Kind, Shape, icon, use_notices},
    format,
    hooks::{Mutation, use_mutation},
    words::import as words,
};

/// Tables.
const TABLES: &str = ".csv,.tsv,.txt,text/csv";
/// Whatever holds mentions.
pub const MENTIONS: &str = ".csv,.tsv,.txt,.json,.ndjson,.jsonl,.mbox,.eml,text/csv";
/// Faults shown at once.
const FAULTS: usize = 40;

#[derive(Clone, PartialEq, Properties)]
pub struct ImportFlowProps {
    /// Begins the ids of the controls.
    pub id: AttrValue,
    /// Which files, for the browser's chooser.
    #[prop_or(AttrValue::Static(TABLES))]
    pub accept: AttrValue,
    /// It was done.
    #[prop_or_default]
    pub onimported: Callback<()>,
}

/// The flow: `P` previews and `I` imports.
#[component]
pub fn ImportFlow<P, I>(props: &ImportFlowProps) -> Html
where
    P: Endpoint<Path = (), Query = (), Body = ImportRequest, Response = ImportPreview>,
    I: Endpoint<Path = (), Query = (), Body = ImportRequest, Response = ImportReport>,
{
    let file = use_state(|| None::<Rc<ImportRequest>>);
    let preview = use_state(|| None::<Rc<ImportPreview>>);
    let report = use_state(|| None::<Rc<ImportReport>>);
    let look = {
        let set = preview.setter();
        use_mutation::<P, _>(move |found| set.set(Some(Rc::new(found))))
    };
    let import = {
        let (set, onimported) = (report.setter(), props.onimported.clone());
        use_mutation::<I, _>(move |done| {
            set.set(Some(Rc::new(done)));
            onimported.emit(());
        })
    };
    let choose = {
        let (file, preview, look) = (file.setter(), preview.setter(), look.clone());
        Callback::from(move |request: ImportRequest| {
            preview.set(None);
            look.run((), request.clone());
            file.set(Some(Rc::new(request)));
        })
    };
    let again = {
        let (file, preview, report) = (file.setter(), preview.setter(), report.setter());
        Callback::from(move |()| {
            file.set(None);
            preview.set(None);
            report.set(None);
        })
    };
    if let Some(report) = &*report {
        return done(report, again);
    }
    html! {
        <div class="gw-import" data-testid="import">
            <Chooser id={props.id.clone()} accept={props.accept.clone()} onchoose={choose.clone()} />
            if let (Some(file), Some(preview)) = (&*file, &*preview) {
                { plan(&props.id, file, preview, choose.clone(), &import, look.busy) }
            }
        </div>
    }
}

/// What would happen, and the button that does it.
fn plan<I>(
    id: &AttrValue,
    file: &Rc<ImportRequest>,
    preview: &ImportPreview,
    choose: Callback<ImportRequest>,
    import: &Mutation<I>,
    looking: bool,
) -> Html
where
    I: Endpoint<Path = (), Query = (), Body = ImportRequest, Response = ImportReport>,
{
    let go = {
        let (import, file, mapping) = (import.clone(), file.clone(), preview.mapping.clone());
        Callback::from(move |()| {
            import.run((), ImportRequest { mapping: mapping.clone(), ..(*file).clone() });
        })
    };
    let counts = words::outcome(
        &format::count(preview.new),
        &format::count(preview.updated),
        &format::count(preview.unchanged),
        &format::count(preview.fault_count),
    );
    html! {
        <>
            if let Some(problem) = &preview.problem {
                <p class="gw-field__fault" role="alert">{ icon(Shape::Warning) }{ problem }</p>
            }
            <dl class="gw-counts" aria-live="polite">
                { for counts.into_iter().map(|(name, n)| html!(<div key={name}><dt>{ name }</dt><dd>{ n }</dd></div>)) }
            </dl>
            <h3>{ words::COLUMNS }</h3>
            <div class="gw-mapping">{ for preview.columns.iter().enumerate().map(|(at, column)| {
                mapped(&format!("{id}-column-{at}"), column, file, preview, &choose)
            }) }</div>
            <h3>{ words::SAMPLE }</h3>
            { sample(preview) }
            { faults(&preview.faults, preview.fault_count) }
            <p class="gw-row">
                <Button
                    kind={Kind::Primary}
                    label={words::IMPORT}
                    onclick={go}
                    busy={import.busy}
                    disabled={looking || preview.problem.is_some() || preview.new + preview.updated == 0}
                    testid="import-go"
                />
            </p>
        </>
    }
}

/// One column's meaning.
fn mapped(
    id: &str,
    column: &str,
    file: &Rc<ImportRequest>,
    preview: &ImportPreview,
    choose: &Callback<ImportRequest>,
) -> Html {
    let options: Vec<(AttrValue, AttrValue)> = std::iter::once(("".into(), words::IGNORE.into()))
        .chain(preview.fields.iter().map(|(name, label)| (name.clone().into(), label.clone().into())))
        .collect();
    let onchange = {
        let (choose, file, mapping, column) =
            (choose.clone(), file.clone(), preview.mapping.clone(), column.to_owned());
        Callback::from(move |field: String| {
            let mut mapping = mapping.clone();
            // A field comes from one column only.
            mapping.retain(|_, other| *other != field);
            if field.is_empty() {
                mapping.remove(&column);
            } else {
                mapping.insert(column.clone(), field);
            }
            choose.emit(ImportRequest { mapping, ..(*file).clone() });
        })
    };
    let value = preview.mapping.get(column).cloned().unwrap_or_default();
    html!(<Choice key={column.to_owned()} id={id.to_owned()} label={column.to_owned()} {options} {value} {onchange} />)
}

fn sample(preview: &ImportPreview) -> Html {
    html! {
        <div class="gw-scroll" tabindex="0" role="region" aria-label={words::SAMPLE}>
            <table class="gw-table">
                <thead><tr>{ for preview.columns.iter().map(|c| html!(<th scope="col">{ c }</th>)) }</tr></thead>
                <tbody>{ for preview.sample.iter().map(|row| html! {
                    <tr>{ for row.iter().map(|cell| html!(<td>{ cell }</td>)) }</tr>
                }) }</tbody>
            </table>
        </div>
    }
}

fn faults(faults: &[LineFault], total: u64) -> Html {
    if faults.is_empty() {
        return html!();
    }
    let shown = faults.len().min(FAULTS);
    html! {
        <section aria-label={words::FAULTS}>
            <h3>{ words::FAULTS }</h3>
            <ul class="gw-faults" data-testid="import-faults">
                { for faults.iter().take(FAULTS).map(|f| html!(<li>{ words::fault(f.line, &f.detail, f.skipped) }</li>)) }
                if total > shown as u64 {
                    <li class="gw-quiet">{ words::more_faults(total - shown as u64) }</li>
                }
            </ul>
        </section>
    }
}

fn done(report: &ImportReport, again: Callback<()>) -> Html {
    html! {
        <section class="gw-import" role="status" data-testid="import-done">
            <h2>{ words::DONE }</h2>
            <p>{ &report.summary }</p>
            { faults(&report.faults, report.skipped.max(report.faults.len() as u64)) }
            <p class="gw-row"><Button label={words::ANOTHER} onclick={again} /></p>
        </section>
    }
}

#[derive(Clone, PartialEq, Properties)]
struct ChooserProps {
    id: AttrValue,
    accept: AttrValue,
    onchoose: Callback<ImportRequest>,
}

/// The file chooser; reads the file in the browser.
#[component]
fn Chooser(props: &ChooserProps) -> Html {
    let notices = use_notices();
    let onchange = {
        let onchoose = props.onchoose.clone();
        Callback::from(move |event: Event| {
            let input = event.target_dyn_into::<HtmlInputElement>();
            let Some(file) = input.and_then(|i| i.files()).and_then(|files| files.get(0)) else { return };
            let (onchoose, notices) = (onchoose.clone(), notices.clone());
            spawn_local(async move {
                match read(&file).await {
                    Some(content) => {
                        let file_name = file.name();
                        onchoose.emit(ImportRequest {
                            content,
                            file_name,
                            mapping: Default::default(),
                            settings: Default::default(),
                        });
                    }
                    None => notices.done(words::UNREADABLE, None),
                }
            });
        })
    };
    html! {
        <div class="gw-field">
            <label for={props.id.clone()}>{ words::FILE }</label>
            <input
                id={props.id.clone()}
                class="gw-file"
                type="file"
                accept={props.accept.clone()}
                {onchange}
                aria-describedby={format!("{}-help", props.id)}
                data-testid="import-file"
            />
            <p class="gw-field__help" id={format!("{}-help", props.id)}>{ words::FILE_HELP }</p>
        </div>
    }
}

/// The file's text: UTF-8, else the code page that spreadsheets in the west still write.
async fn read(file: &web_sys::File) -> Option<String> {
    let bytes = js_sys::Uint8Array::new(&JsFuture::from(file.array_buffer()).await.ok()?);
    let strict = TextDecoderOptions::new();
    strict.set_fatal(true);
    let decode = |decoder: TextDecoder| decoder.decode_with_buffer_source(&bytes).ok();
    TextDecoder::new_with_label_and_options("utf-8", &strict)
        .ok()
        .and_then(decode)
        .or_else(|| TextDecoder::new_with_label("windows-1252").ok().and_then(decode))
}
