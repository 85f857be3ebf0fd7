//! Import of mentions from a file (a table, JSON, mails, a Takeout archive): what it would do, line by line, and doing it. An import is history: it never alerts, and
//! opens cases for recent mentions only.

use std::collections::HashMap;

use goodword_shared::{
    id::SourceId,
    import::{ImportPreview, ImportReport, ImportRequest, LineFault, Mapping},
    problem::SourceProblem,
};

use super::{
    ingest::{Ingested, ingest},
    run::origin,
};
use crate::{
    app::App,
    clock,
    connectors::{self, Warning, csv, ndjson},
    pipeline::{self, Run, dedupe},
    record::Origin,
    store::{StoredSource, new_id},
    wire::{Request, Response},
};

/// Rows shown before importing.
const SAMPLE: usize = 8;
/// Faults listed.
const FAULTS: usize = 200;
/// What the source of imports is called where neither the owner nor the file says.
const NAME: &str = "Imported reviews";

/// What an import would do; nothing is stored.
pub async fn preview_mentions(app: &App, request: &ImportRequest) -> anyhow::Result<ImportPreview> {
    let fields = csv::fields();
    let import = match read(request).await? {
        Ok(import) => import,
        Err(problem) => {
            return Ok(ImportPreview { fields, problem: Some(problem), ..ImportPreview::default() });
        }
    };
    let (source, _) = source(app, request).await?;
    let origin = origin_of(&source);
    let mut preview = ImportPreview {
        columns: import.columns,
        // A file that says itself what its parts are is not mapped.
        fields: if import.mapping.is_empty() { Vec::new() } else { fields },
        mapping: import.mapping,
        sample: import.rows.iter().take(SAMPLE).map(|row| row.cells.clone()).collect(),
        fault_count: import.faults.len() as u64,
        faults: first(import.faults),
        ..ImportPreview::default()
    };
    let lines = import.rows.len();
    let prepared =
        pipeline::prepare(import.rows.into_iter().map(|row| row.mention).collect(), &origin, clock::now());
    let keys: Vec<&str> = prepared.iter().map(|one| one.key.as_str()).collect();
    let known = app.store.known(&origin, &keys, &[]).await?;
    let known: HashMap<&str, _> =
        known.mentions.iter().map(|(key, mention)| (key.as_str(), mention)).collect();
    for one in &prepared {
        match known.get(one.key.as_str()) {
            None => preview.new += 1,
            Some(before) if dedupe::merge(&before.mention, one.mention.clone()) == before.mention => {
                preview.unchanged += 1;
            }
            Some(_) => preview.updated += 1,
        }
    }
    // Lines that say the same twice.
    preview.unchanged += (lines - prepared.len()) as u64;
    Ok(preview)
}

/// Imports. `Err` inside: nothing can be read, with what to do.
pub async fn import_mentions(
    app: &App,
    request: &ImportRequest,
) -> anyhow::Result<Result<ImportReport, String>> {
    let import = match read(request).await? {
        Ok(import) => import,
        Err(problem) => return Ok(Err(problem)),
    };
    let (source, is_new) = source(app, request).await?;
    if is_new {
        app.store.put_source(&source).await?;
    }
    let lines = import.rows.len() as u64;
    let skipped = import.faults.iter().filter(|fault| fault.skipped).count() as u64;
    let mentions = import.rows.into_iter().map(|row| row.mention).collect();
    let done = ingest(app, &origin_of(&source), mentions, Run::Import, clock::now()).await?;
    Ok(Ok(ImportReport {
        new: done.new.into(),
        updated: done.changed.into(),
        unchanged: lines - u64::from(done.new) - u64::from(done.changed),
        skipped,
        faults: first(import.faults),
        summary: summary(&source.name, lines, done, skipped),
    }))
}

async fn read(request: &ImportRequest) -> anyhow::Result<Result<csv::Import, String>> {
    let request = request.clone();
    let read = move || {
        let import = match connector_of(&request) {
            "csv" => csv::import(&request.content, &request.mapping, &request.settings),
            "ndjson" => ndjson::import(&request.content, &request.mapping, &request.settings),
            slug => whole(slug, request.content),
        };
        import.map_err(|problem| problem.detail)
    };
    Ok(tokio::task::spawn_blocking(read).await?)
}

/// Which connector reads a file: its content says, and its name where that leaves a doubt.
fn connector_of(request: &ImportRequest) -> &'static str {
    let (text, name) = (request.content.trim_start_matches('\u{feff}'), request.file_name.to_lowercase());
    if text.starts_with("From ") || name.ends_with(".mbox") || name.ends_with(".eml") {
        return "mail";
    }
    if !ndjson::is_json(text) {
        return "csv";
    }
    let start = &text[..text.floor_char_boundary(2000)];
    if start.contains("\"FeatureCollection\"") { "google_takeout" } else { "ndjson" }
}

/// A file whose parts need no mapping.
fn whole(slug: &str, content: String) -> Result<csv::Import, SourceProblem> {
    let Some(connector) = connectors::by_slug(slug) else { return Ok(csv::Import::default()) };
    let response = Response { status: 200, body: content.into_bytes(), ..Response::default() };
    let reading = connector.read(&Request::get(format!("import:{slug}")), &response, None)?;
    let line = |at: &str| at.rsplit(' ').next().and_then(|n| n.parse().ok()).unwrap_or_default();
    let fault = |w: Warning| LineFault { line: line(&w.at), detail: w.warning, skipped: true };
    let rows = (1..).zip(reading.mentions);
    Ok(csv::Import {
        columns: ndjson::shown_columns(),
        mapping: Mapping::new(),
        rows: rows
            .map(|(line, mention)| csv::Row { line, cells: ndjson::shown(&mention), mention })
            .collect(),
        faults: reading.warnings.into_iter().map(fault).collect(),
    })
}

/// The source that an import belongs to: named by the owner, else by the file. The same name again continues the same source,
/// so that a later export of the same place updates it.
async fn source(app: &App, request: &ImportRequest) -> anyhow::Result<(StoredSource, bool)> {
    let stem = request.file_name.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem).trim();
    let named = request.settings.get("source").map(|name| name.trim()).filter(|name| !name.is_empty());
    let name = named.unwrap_or(if stem.is_empty() { NAME } else { stem });
    let connector = connector_of(request);
    if let Some(known) = app.store.import_source(connector, name).await? {
        return Ok((known, false));
    }
    let row = StoredSource {
        id: SourceId::new(new_id()),
        connector: connector.into(),
        name: name.to_owned(),
        ..StoredSource::new(clock::now())
    };
    Ok((row, true))
}

fn origin_of(source: &StoredSource) -> Origin {
    match connectors::by_slug(&source.connector) {
        Some(connector) => origin(source, &connector.describe()),
        None => Origin {
            source: source.id.clone(),
            connector: source.connector.clone(),
            name: source.name.clone(),
            follow_deletion: false,
        },
    }
}

fn first(mut faults: Vec<LineFault>) -> Vec<LineFault> {
    faults.truncate(FAULTS);
    faults
}

/// "Trusted Tables: 120 lines read: 118 new, 2 unchanged, 14 unhappy, 3 cases opened. 2 lines left out."
fn summary(name: &str, lines: u64, done: Ingested, skipped: u64) -> String {
    let left_out = match skipped {
        0 => String::new(),
        1 => " 1 line left out.".to_owned(),
        n => format!(" {n} lines left out."),
    };
    format!("{name}: {lines} lines read: {}.{left_out}", done.words())
}
