//! Import of the owner's customers and orders from CSV, vCard or NDJSON: what each line would do, told line by line, and then done. Used by the API, the
//! command line and the demo. Known customers are found by the owner's own number, else by their mail address.

use std::collections::HashMap;

use goodword_shared::{
    alert::Event,
    customer::{Customer, CustomerFacts},
    id::CustomerId,
    import::{ImportPreview, ImportReport, ImportRequest, LineFault, Mapping},
};

use crate::{app::App, clock, connectors::csv::table::Table, engine};

pub(crate) mod formats;
pub(crate) mod mapping;
mod orders;
pub(crate) mod rows;

pub use orders::{import_orders, preview_orders};

/// Faults told one by one; the rest is counted.
const FAULTS: usize = 200;
/// Rows of the preview.
const SAMPLE: usize = 8;

/// What an import would write.
#[derive(Debug, Default)]
struct Plan {
    columns: Vec<String>,
    mapping: Mapping,
    sample: Vec<Vec<String>>,
    new: Vec<CustomerFacts>,
    changed: Vec<(CustomerId, CustomerFacts)>,
    unchanged: u64,
    faults: Vec<LineFault>,
    problem: Option<String>,
}

/// What an import would do, without doing it.
pub async fn preview_customers(app: &App, request: &ImportRequest) -> anyhow::Result<ImportPreview> {
    let mut plan = plan(app, request).await?;
    let fault_count = plan.faults.len() as u64;
    plan.faults.truncate(FAULTS);
    Ok(ImportPreview {
        columns: plan.columns,
        mapping: plan.mapping,
        fields: mapping::fields(mapping::CUSTOMERS),
        sample: plan.sample,
        new: plan.new.len() as u64,
        updated: plan.changed.len() as u64,
        unchanged: plan.unchanged,
        faults: plan.faults,
        fault_count,
        problem: plan.problem,
    })
}

/// Imports what can be imported. `Err` inside is why nothing can. Afterwards the authors who are nobody's customer yet can be
/// looked at again by [`engine::identify::rematch`].
pub async fn import_customers(
    app: &App,
    request: &ImportRequest,
    by: &str,
) -> anyhow::Result<Result<ImportReport, String>> {
    // Two imports at once would both find the same customer missing.
    let _deciding = app.deciding.lock().await;
    let mut plan = plan(app, request).await?;
    if let Some(problem) = plan.problem {
        return Ok(Err(problem));
    }
    let ids = app.store.put_customers(&plan.new, &plan.changed, clock::now()).await?;
    for (id, facts) in ids.iter().zip(&plan.new).chain(plan.changed.iter().map(|(id, facts)| (id, facts))) {
        engine::index_customer(app, id.as_str(), facts).await;
    }
    let skipped = plan.faults.iter().filter(|fault| fault.skipped).count() as u64;
    plan.faults.truncate(FAULTS);
    let report = ImportReport {
        new: plan.new.len() as u64,
        updated: plan.changed.len() as u64,
        unchanged: plan.unchanged,
        skipped,
        faults: plan.faults,
        summary: summary(plan.new.len() as u64, plan.changed.len() as u64, plan.unchanged, skipped),
    };
    let what = format!("imported customers from “{}”: {}", request.file_name, report.summary);
    app.audit(by, "import", None, &what).await?;
    let changed: Vec<&str> = plan.changed.iter().map(|(id, _)| id.as_str()).collect();
    engine::promoters::refresh_customers(app, &changed).await?;
    app.tell(Event::Changed { what: "customers".into() });
    Ok(Ok(report))
}

/// The file as a table, and what its columns hold: what the owner said, or else what it looks like. What is wrong with the file is
/// said in words.
async fn mapped(
    request: &ImportRequest,
    fields: mapping::Fields,
) -> anyhow::Result<Result<(Table, Mapping), String>> {
    let delimiter = request.settings.get("delimiter").cloned();
    let content = request.content.clone();
    let read = tokio::task::spawn_blocking(move || formats::read(&content, delimiter.as_deref())).await?;
    Ok(read.map_err(|problem| problem.detail).map(|table| {
        let mapping = if request.mapping.is_empty() {
            mapping::guess(fields, &table.columns, &table.sample())
        } else {
            mapping::checked(fields, &request.mapping, &table.columns)
        };
        (table, mapping)
    }))
}

async fn plan(app: &App, request: &ImportRequest) -> anyhow::Result<Plan> {
    let (table, mapping) = match mapped(request, mapping::CUSTOMERS).await? {
        Ok(found) => found,
        Err(problem) => return Ok(Plan { problem: Some(problem), ..Plan::default() }),
    };
    let named = mapping.values().any(|f| matches!(f.as_str(), "name" | "first" | "last" | "company"));
    if !named {
        return Ok(Plan {
            problem: Some("No column holds names: say which one does.".into()),
            sample: table.records.iter().take(SAMPLE).map(|record| record.cells.clone()).collect(),
            columns: table.columns,
            mapping,
            ..Plan::default()
        });
    }
    let stored = app.store.all_customers().await?;
    let joined = app.store.joined_numbers().await?;
    Ok(tokio::task::spawn_blocking(move || compare(table, mapping, &stored, &joined)).await?)
}

/// Where a customer of the file or of the store was met.
#[derive(Default)]
struct Met<'a> {
    by_number: HashMap<String, &'a Customer>,
    by_mail: HashMap<String, Vec<&'a Customer>>,
}

impl<'a> Met<'a> {
    fn new(stored: &'a [Customer], joined: &HashMap<String, CustomerId>) -> Self {
        let mut met = Self::default();
        for customer in stored {
            if let Some(number) = &customer.facts.external_id {
                met.by_number.insert(number.clone(), customer);
            }
            if let Some(mail) = &customer.facts.email {
                met.by_mail.entry(mail.to_lowercase()).or_default().push(customer);
            }
        }
        let by_id: HashMap<&CustomerId, &Customer> = stored.iter().map(|c| (&c.id, c)).collect();
        for (number, kept) in joined {
            if let Some(kept) = by_id.get(kept) {
                met.by_number.insert(number.clone(), kept);
            }
        }
        met
    }

    /// The stored customer that a line means. Families share mail addresses, so an address counts only where it is one
    /// person's and no number speaks against it.
    fn find(&self, line: &CustomerFacts) -> Option<&'a Customer> {
        if let Some(number) = &line.external_id
            && let Some(known) = self.by_number.get(number)
        {
            return Some(known);
        }
        match self.by_mail.get(line.email.as_deref()?)?.as_slice() {
            [only] if line.external_id.is_none() || only.facts.external_id.is_none() => Some(only),
            _ => None,
        }
    }
}

fn compare(
    table: Table,
    mapping: Mapping,
    stored: &[Customer],
    joined: &HashMap<String, CustomerId>,
) -> Plan {
    let met = Met::new(stored, joined);
    let cells = || table.records.iter().map(|record| record.cells.as_slice());
    let order = rows::order_of_dates(&table.columns, cells(), &mapping, "since");
    let mut plan = Plan { faults: table.faults, ..Plan::default() };
    let (mut numbers, mut mails, mut touched) = (HashMap::new(), HashMap::new(), HashMap::new());
    for record in &table.records {
        let line = record.line;
        let mut fault = |detail: String, skipped: bool| plan.faults.push(LineFault { line, detail, skipped });
        let (facts, remarks) = match rows::facts(&table.columns, &record.cells, &mapping, order) {
            Ok(read) => read,
            Err(why) => {
                fault(why, true);
                continue;
            }
        };
        let known = met.find(&facts);
        let number = facts.external_id.as_ref();
        let twice = number
            .and_then(|number| numbers.get(number).map(|first| (*first, format!("number {number}"))))
            .or_else(|| {
                let mail = facts.email.as_ref().filter(|_| number.is_none())?;
                mails.get(mail).map(|first| (*first, format!("mail address {mail}")))
            })
            .or_else(|| {
                known.and_then(|c| {
                    touched.get(&c.id).map(|first| (*first, format!("customer {}", c.facts.name)))
                })
            });
        if let Some((first, what)) = twice {
            fault(format!("The same {what} as in line {first}; this line is left out."), true);
            continue;
        }
        remarks.into_iter().for_each(|remark| fault(remark, false));
        if let Some(number) = number {
            numbers.insert(number.clone(), line);
        }
        if let Some(mail) = &facts.email {
            match mails.get(mail) {
                Some(first) => {
                    fault(format!("The same mail address as in line {first}; imported all the same."), false)
                }
                None => drop(mails.insert(mail.clone(), line)),
            }
        }
        if plan.sample.len() < SAMPLE {
            let cells = table
                .columns
                .iter()
                .map(|c| mapping.get(c).map(|f| rows::shown(&facts, f)).unwrap_or_default());
            plan.sample.push(cells.collect());
        }
        match known {
            Some(customer) => {
                touched.insert(customer.id.clone(), line);
                let mut merged = rows::merged(&customer.facts, &facts);
                if number.is_some_and(|number| joined.contains_key(number)) {
                    // The number of a record that the owner joined with this one; this one keeps its own.
                    merged.external_id.clone_from(&customer.facts.external_id);
                }
                if merged == customer.facts {
                    plan.unchanged += 1;
                } else {
                    plan.changed.push((customer.id.clone(), merged));
                }
            }
            None => plan.new.push(facts),
        }
    }
    plan.faults.sort_by_key(|fault| fault.line);
    Plan { columns: table.columns, mapping, ..plan }
}

fn summary(new: u64, changed: u64, unchanged: u64, skipped: u64) -> String {
    let lines = if skipped == 1 { "line" } else { "lines" };
    let mut text = format!("{new} new, {changed} changed, {unchanged} as they were");
    if skipped > 0 {
        text.push_str(&format!("; {skipped} {lines} left out"));
    }
    text
}
