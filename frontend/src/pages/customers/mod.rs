//! Customers: the owner's own records, searched in the address bar; their profile; their import; the doubtful matches.

mod accounts;
mod acts;
mod candidate;
mod desk;
mod pair;
mod picker;
mod profile;
mod queue;
mod record;
mod strangers;

use goodword_shared::{
    api::{
        customers::{
            CustomerQuery, ImportCustomers, ImportOrders, ListCustomers, MatchQuery, PreviewCustomers,
            PreviewOrders,
        },
        doubts::{ListDoubts, Window},
        kin::ListKin,
    },
    customer::CustomerRow,
};
pub use profile::Customer;
pub use queue::Matches;
pub use strangers::Strangers;
use yew::prelude::*;

use super::import::ImportFlow;
use crate::{
    components::{
        Choice, Empty, Go, Kind, Page, Pager, SearchField, Shape, When, async_view, go_button, switch,
    },
    format,
    hooks::{chosen, use_currency, use_filters, use_query},
    route::Route,
    words::{self, customers},
};

/// Kinds of file that hold customers or orders.
const RECORDS: &str = ".csv,.tsv,.txt,.vcf,.json,.ndjson,.jsonl,text/csv,text/vcard";
/// Rows of a page.
const LIMIT: u64 = 50;

/// The page.
#[component]
pub fn Customers() -> Html {
    let filters = use_filters::<CustomerQuery>(Route::Customers);
    let currency = use_currency();
    let query = CustomerQuery { limit: Some(LIMIT), ..filters.now.clone() };
    let fetched = use_query::<ListCustomers>((), query, &["customers", "mentions"]);
    let first = Window { limit: Some(1), offset: None };
    let doubts = use_query::<ListDoubts>((), first, &["matches", "customers"]);
    let first = MatchQuery { limit: Some(1), ..MatchQuery::default() };
    let pairs = use_query::<ListKin>((), first, &["matches", "customers"]);
    let onsearch = filters.change(|q, words| q.q = words);
    let onspoke = filters.change(|q, on| q.spoke = on.map(|_| true)).reform(chosen);
    let doubtful = doubts.ready().map_or(0, |page| page.total) + pairs.ready().map_or(0, |page| page.total);
    let tools = html! {
        <>
            if doubtful > 0 {
                { go_button(Route::Matches, Kind::Secondary, None, customers::doubts(&format::count(doubtful)), "customers-matches") }
            }
            { go_button(Route::Strangers, Kind::Link, None, words::queue::STRANGERS, "customers-strangers") }
            { go_button(Route::CustomerImport, Kind::Primary, Some(Shape::Plus), customers::IMPORT, "customers-import") }
        </>
    };
    let ready = fetched.ready();
    html! {
        <Page at={Route::Customers} lead={html!(customers::LEAD)} {tools} ready={ready.is_some()}>
            <div class="gw-filters" role="search">
                <SearchField id="customers-search" testid="customers-search" label={customers::SEARCH} value={filters.now.q.clone().unwrap_or_default()} {onsearch} />
                { switch("customers-spoke", customers::SPOKE, filters.now.spoke == Some(true), onspoke) }
                if let Some(page) = ready {
                    <span class="gw-quiet gw-filters__count" aria-live="polite">{ customers::total(page.total) }</span>
                }
            </div>
            { async_view(&fetched, 6, |page| html! {
                <>
                    if page.items.is_empty() {
                        if filters.any() {
                            <Empty shape={Shape::Lens} title={customers::EMPTY_FILTERED} />
                        } else {
                            <Empty shape={Shape::People} title={customers::EMPTY} text={customers::EMPTY_TEXT}>
                                <Go to={Route::CustomerImport}>{ customers::IMPORT }</Go>
                            </Empty>
                        }
                    } else {
                        { table(&page.items, &currency) }
                    }
                    <Pager offset={page.offset} shown={page.items.len()} limit={LIMIT} total={page.total} onturn={filters.turn()} />
                </>
            }) }
        </Page>
    }
}

fn table(rows: &[CustomerRow], currency: &str) -> Html {
    html! {
        <table class="gw-table gw-table--people">
            <thead>
                <tr>
                    <th scope="col">{ customers::NAME }</th>
                    <th scope="col">{ customers::CITY }</th>
                    <th scope="col" class="gw-number">{ customers::VALUE }</th>
                    <th scope="col" class="gw-number">{ customers::SAID }</th>
                    <th scope="col">{ customers::LAST }</th>
                </tr>
            </thead>
            <tbody>{ for rows.iter().map(|row| line(row, currency)) }</tbody>
        </table>
    }
}

fn line(row: &CustomerRow, currency: &str) -> Html {
    let facts = &row.customer.facts;
    let id = row.customer.id.to_string();
    html! {
        <tr key={id.clone()} data-testid="customer-row">
            <th scope="row">
                <Go to={Route::Customer { id }}>{ &facts.name }</Go>
                if row.open_case {
                    <span class="gw-state gw-tone--unkind">{ customers::OPEN_CASE }</span>
                }
                if facts.do_not_contact {
                    <span class="gw-quiet">{ customers::DO_NOT_CONTACT }</span>
                }
            </th>
            <td data-label={customers::CITY}>{ facts.city.clone().unwrap_or_default() }</td>
            <td data-label={customers::VALUE} class="gw-number">{ facts.value.map(|v| format::money(v, currency)).unwrap_or_default() }</td>
            <td data-label={customers::SAID} class="gw-number">{ format::count(row.mentions) }</td>
            <td data-label={customers::LAST}>
                if let Some(at) = row.last_spoke {
                    <span class="gw-facts">
                        <span><When {at} /></span>
                        if let Some(label) = row.last_label {
                            <span>{ words::label(label) }</span>
                        }
                    </span>
                }
            </td>
        </tr>
    }
}

/// Import of customers.
#[component]
pub fn CustomerImport() -> Html {
    let orders = use_state(|| false);
    let onchange = {
        let orders = orders.setter();
        Callback::from(move |what: String| orders.set(what == "orders"))
    };
    let options: Vec<(AttrValue, AttrValue)> = vec![
        ("customers".into(), customers::IMPORT_CUSTOMERS.into()),
        ("orders".into(), customers::IMPORT_ORDERS.into()),
    ];
    html! {
        <Page at={Route::CustomerImport} lead={html!(customers::IMPORT_LEAD)}>
            <section class="gw-panel">
                <Choice id="import-what" label={customers::IMPORT_WHAT} {options} value={if *orders { "orders" } else { "customers" }} {onchange} />
                if *orders {
                    <ImportFlow<PreviewOrders, ImportOrders> id="import-orders" accept={RECORDS} />
                } else {
                    <ImportFlow<PreviewCustomers, ImportCustomers> id="import-customers" accept={RECORDS} />
                }
            </section>
        </Page>
    }
}
