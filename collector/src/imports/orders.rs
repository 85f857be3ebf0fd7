//! Import of orders: whose they are is told by the owner's customer number or by the mail address; a known order number updates.

use std::collections::HashMap;

use goodword_shared::{
    alert::Event,
    import::{ImportPreview, ImportReport, ImportRequest, LineFault, Mapping},
};

use super::{FAULTS, SAMPLE, mapped, mapping, rows, summary};
use crate::{app::App, connectors::csv::table::Table, engine, reading::dates, store::OrderRow};

/// Orders written at once.
const BATCH: usize = 2000;

#[derive(Debug, Default)]
struct Plan {
    columns: Vec<String>,
    mapping: Mapping,
    sample: Vec<Vec<String>>,
    new: u64,
    unchanged: u64,
    /// New ones and changed ones.
    written: Vec<OrderRow>,
    faults: Vec<LineFault>,
    problem: Option<String>,
}

/// What an import would do, without doing it.
pub async fn preview_orders(app: &App, request: &ImportRequest) -> anyhow::Result<ImportPreview> {
    let mut plan = plan(app, request).await?;
    let fault_count = plan.faults.len() as u64;
    plan.faults.truncate(FAULTS);
    Ok(ImportPreview {
        columns: plan.columns,
        mapping: plan.mapping,
        fields: mapping::fields(mapping::ORDERS),
        sample: plan.sample,
        new: plan.new,
        updated: plan.written.len() as u64 - plan.new,
        unchanged: plan.unchanged,
        faults: plan.faults,
        fault_count,
        problem: plan.problem,
    })
}

/// Imports what can be imported. `Err` inside is why nothing can.
pub async fn import_orders(
    app: &App,
    request: &ImportRequest,
    by: &str,
) -> anyhow::Result<Result<ImportReport, String>> {
    let _deciding = app.deciding.lock().await;
    let mut plan = plan(app, request).await?;
    if let Some(problem) = plan.problem {
        return Ok(Err(problem));
    }
    for batch in plan.written.chunks(BATCH) {
        app.store.put_orders(batch).await?;
        engine::identify::index_orders(app, batch).await;
    }
    let skipped = plan.faults.iter().filter(|fault| fault.skipped).count() as u64;
    let updated = plan.written.len() as u64 - plan.new;
    plan.faults.truncate(FAULTS);
    let report = ImportReport {
        new: plan.new,
        updated,
        unchanged: plan.unchanged,
        skipped,
        faults: plan.faults,
        summary: summary(plan.new, updated, plan.unchanged, skipped),
    };
    let what = format!("imported orders from “{}”: {}", request.file_name, report.summary);
    app.audit(by, "import", None, &what).await?;
    app.tell(Event::Changed { what: "customers".into() });
    Ok(Ok(report))
}

async fn plan(app: &App, request: &ImportRequest) -> anyhow::Result<Plan> {
    let (table, mapping) = match mapped(request, mapping::ORDERS).await? {
        Ok(found) => found,
        Err(problem) => return Ok(Plan { problem: Some(problem), ..Plan::default() }),
    };
    let has = |field: &str| mapping.values().any(|f| f == field);
    let problem = if !has("id") {
        Some("No column holds order numbers: say which one does.")
    } else if !has("customer") && !has("email") {
        Some("No column says whose an order is: choose the customer number or the e-mail.")
    } else {
        None
    };
    if let Some(problem) = problem {
        return Ok(Plan {
            problem: Some(problem.into()),
            sample: table.records.iter().take(SAMPLE).map(|record| record.cells.clone()).collect(),
            columns: table.columns,
            mapping,
            ..Plan::default()
        });
    }
    let mut whose: HashMap<String, Vec<String>> = HashMap::new();
    for customer in app.store.all_customers().await? {
        let number = customer.facts.external_id.map(|number| format!("#{number}"));
        let mail = customer.facts.email.map(|mail| mail.to_lowercase());
        for key in number.into_iter().chain(mail) {
            whose.entry(key).or_default().push(customer.id.as_str().to_owned());
        }
    }
    let mut stored: HashMap<String, OrderRow> = HashMap::new();
    let mut after = String::new();
    loop {
        let page = app.store.orders_after(&after, BATCH as u32).await?;
        let Some(last) = page.last() else { break };
        last.id.clone_into(&mut after);
        stored.extend(page.into_iter().map(|order| (order.id.clone(), order)));
    }
    Ok(tokio::task::spawn_blocking(move || compare(table, mapping, &whose, &stored)).await?)
}

fn compare(
    table: Table,
    mapping: Mapping,
    whose: &HashMap<String, Vec<String>>,
    stored: &HashMap<String, OrderRow>,
) -> Plan {
    let mut plan = Plan { faults: table.faults, ..Plan::default() };
    let mut lines: HashMap<String, u64> = HashMap::new();
    let cells = || table.records.iter().map(|record| record.cells.as_slice());
    let days = rows::order_of_dates(&table.columns, cells(), &mapping, "date");
    for record in &table.records {
        let line = record.line;
        let mut fault = |detail: String, skipped: bool| plan.faults.push(LineFault { line, detail, skipped });
        let (mut order, mut keys) = (OrderRow::default(), Vec::new());
        for (column, cell) in table.columns.iter().zip(&record.cells) {
            let (Some(field), cell) = (mapping.get(column), cell.trim()) else { continue };
            if cell.is_empty() {
                continue;
            }
            let text = || Some(cell.chars().take(300).collect::<String>());
            match field.as_str() {
                "id" => order.id = cell.chars().take(100).collect(),
                "customer" => keys.insert(0, format!("#{cell}")),
                "email" => keys.push(cell.to_lowercase()),
                "date" => match dates::parse_ordered(cell, days) {
                    Some((date, _)) => order.date = Some(date),
                    None => fault(rows::no_date(cell), false),
                },
                "amount" => match rows::amount(cell) {
                    Some(amount) => {
                        order.amount = Some(amount);
                        order.currency = order.currency.or_else(|| rows::currency(cell));
                    }
                    None => fault(format!("“{cell}” is not an amount; imported without it."), false),
                },
                "currency" => match rows::currency(cell) {
                    Some(currency) => order.currency = Some(currency),
                    None => fault(format!("“{cell}” is not a currency; imported without it."), false),
                },
                "product" => order.product = text(),
                "branch" => order.branch = text(),
                "staff" => order.staff = text(),
                _ => {}
            }
        }
        if order.id.is_empty() {
            fault("This line has no order number; it is left out.".into(), true);
            continue;
        }
        match keys.iter().find_map(|key| whose.get(key)).map(Vec::as_slice) {
            Some([only]) => order.customer.clone_from(only),
            Some(_) => {
                fault("Several customers have this e-mail; this line is left out.".into(), true);
                continue;
            }
            None => {
                fault("No customer has that number or e-mail; this line is left out.".into(), true);
                continue;
            }
        }
        if let Some(first) = lines.insert(order.id.clone(), line) {
            fault(format!("The same order number as in line {first}; this line is left out."), true);
            continue;
        }
        if plan.sample.len() < SAMPLE {
            plan.sample.push(record.cells.clone());
        }
        match stored.get(&order.id) {
            None => {
                plan.new += 1;
                plan.written.push(order);
            }
            Some(before) if *before == order => plan.unchanged += 1,
            Some(_) => plan.written.push(order),
        }
    }
    plan.faults.sort_by_key(|fault| fault.line);
    Plan { columns: table.columns, mapping, ..plan }
}
