//! Who wrote it, measured: customers in ten languages and authors who may be them, made from a seed; precision, recall and F1 of
//! what is linked, how right the probabilities are, time per mention and bytes per customer. With a folder, the same customers
//! and mentions are written there for other programs to be measured on.

#[path = "identity/world.rs"]
mod world;

use std::{
    io::{BufWriter, Write},
    path::{Path, PathBuf},
    time::Instant,
};

use goodword::identity::{Index, Order};
use goodword_shared::{Author, Mention, Time, customer::CustomerFacts, matching::Decision};
use world::{Plan, World};

/// Mentions of one world.
const MENTIONS: usize = 6000;
/// Seeds that are reported; nothing was tuned on them.
const SEED: u64 = 20_260_301;

fn main() {
    let args: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    head();
    if let Some((_, folders)) = args.split_first().filter(|(first, _)| *first == "read") {
        folders.iter().for_each(|folder| read(Path::new(folder)));
        return;
    }
    let sizes: Vec<usize> = args.iter().filter_map(|a| a.parse().ok()).collect();
    let sizes = if sizes.is_empty() { vec![10_000, 100_000, 1_000_000] } else { sizes };
    let folder = args.iter().find(|a| a.parse::<usize>().is_err()).map(PathBuf::from);
    for size in sizes {
        for evidence in [false, true] {
            if evidence && size > 100_000 {
                continue;
            }
            let plan = Plan { customers: size, mentions: MENTIONS, seed: SEED, evidence, strangers: 0.3 };
            let world = world::make(plan);
            if let Some(folder) = &folder {
                let named = folder.join(format!("{size}-{}", if evidence { "evidence" } else { "names" }));
                if let Err(error) = write(&world, &named) {
                    eprintln!("{} cannot be written: {error}", named.display());
                    std::process::exit(1);
                }
            }
            measure(&world, size, if evidence { "town, text, orders" } else { "names" });
        }
    }
}

fn head() {
    println!(
        "| customers | evidence | precision | recall | F1 | doubtful | calibration error | p50 ms | p99 ms | bytes a customer |"
    );
    println!("| ---: | --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
}

/// Measures on files of others, in the columns that [`write`] writes.
fn read(folder: &Path) {
    let rows = |name: &str| -> Vec<Vec<String>> {
        let rows = csv::Reader::from_path(folder.join(name)).map(csv::Reader::into_records);
        let rows = rows.into_iter().flatten().flatten();
        rows.map(|row| row.iter().map(str::to_owned).collect()).collect()
    };
    let (customers, reviews) = (rows("customers.csv"), rows("reviews.csv"));
    let places: std::collections::HashMap<&str, usize> =
        customers.iter().enumerate().map(|(at, row)| (row[0].as_str(), at)).collect();
    let written = reviews.iter().map(|row| world::Written {
        name: row[1].clone(),
        city: row[2].clone(),
        handle: row[4].clone(),
        customer: places.get(row[5].as_str()).copied(),
        ..world::Written::default()
    });
    let world = World {
        written: written.collect(),
        orders: Vec::new(),
        customers: customers
            .iter()
            .map(|row| world::Customer {
                first: row[1].clone(),
                last: row[2].clone(),
                email: row[3].clone(),
                city: row[4].clone(),
                handle: row[5].clone(),
                ..world::Customer::default()
            })
            .collect(),
    };
    let name = folder.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
    measure(&world, world.customers.len(), &name);
}

fn time(day: i64) -> Option<Time> {
    let (year, month, day) = world::date(day);
    format!("{year:04}-{month:02}-{day:02}T12:00:00Z").parse().ok()
}

fn given(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn filled(world: &World) -> Index {
    let mut index = Index::new();
    for (number, customer) in world.customers.iter().enumerate() {
        let facts = CustomerFacts {
            name: format!("{} {}", customer.first, customer.last),
            first: given(&customer.first),
            last: given(&customer.last),
            email: given(&customer.email),
            city: given(&customer.city),
            handle: given(&customer.handle),
            language: given(customer.language),
            ..CustomerFacts::default()
        };
        index.insert(&number.to_string(), &facts);
    }
    for order in &world.orders {
        index.insert_order(&Order {
            id: order.id.clone(),
            customer: order.customer.to_string(),
            date: time(order.day),
            product: given(order.product),
            amount: Some(order.amount),
            branch: given(order.branch),
            staff: given(order.staff),
        });
    }
    index.settle();
    index
}

fn mention(written: &world::Written) -> Mention {
    let author = Author {
        name: given(&written.name),
        handle: given(&written.handle),
        location: given(&written.city),
        ..Author::default()
    };
    Mention { author, text: written.text.clone(), published_at: time(written.day), ..Mention::default() }
}

fn measure(world: &World, customers: usize, evidence: &str) {
    let mut index = filled(world);
    let mentions: Vec<Mention> = world.written.iter().map(mention).collect();
    index.reckon(mentions.iter());
    let (mut right, mut wrong, mut doubtful, mut have) = (0u32, 0u32, 0u32, 0u32);
    let mut times = Vec::with_capacity(mentions.len());
    // Ten groups by probability: how many, their sum, how many right.
    let mut groups = [(0u32, 0.0, 0u32); 10];
    for (mention, written) in mentions.iter().zip(&world.written) {
        let from = Instant::now();
        let found = index.identify(mention, &[]);
        let first = from.elapsed();
        // Asked twice, the lesser time counts: what the machine did meanwhile for others is not ours.
        let from = Instant::now();
        let again = index.identify(mention, &[]);
        times.push(first.min(from.elapsed()).as_secs_f64() * 1e3);
        assert_eq!(again, found, "the same question has the same answer");
        let best = found.candidates.first();
        let hit = best.is_some_and(|b| written.customer.is_some_and(|c| b.customer == c.to_string()));
        have += u32::from(written.customer.is_some());
        match found.decision {
            Decision::Linked if hit => right += 1,
            Decision::Linked => wrong += 1,
            Decision::Doubtful => doubtful += 1,
            Decision::None => {}
        }
        if let Some(best) = best {
            let group = &mut groups[((best.probability * 10.0) as usize).min(9)];
            *group = (group.0 + 1, group.1 + best.probability, group.2 + u32::from(hit));
        }
    }
    times.sort_by(f64::total_cmp);
    let at = |share: f64| times[((times.len() as f64 * share) as usize).min(times.len() - 1)];
    let precision = f64::from(right) / f64::from(right + wrong).max(1.0);
    let recall = f64::from(right) / f64::from(have).max(1.0);
    let all: u32 = groups.iter().map(|g| g.0).sum();
    let off: f64 = groups.iter().map(|g| (g.1 - f64::from(g.2)).abs()).sum::<f64>() / f64::from(all).max(1.0);
    println!(
        "| {customers} | {evidence} | {precision:.3} | {recall:.3} | {:.3} | {doubtful} | {off:.3} | {:.3} | {:.3} | {} |",
        2.0 * precision * recall / (precision + recall).max(1e-9),
        at(0.5),
        at(0.99),
        index.bytes().0 / customers.max(1),
    );
}

/// The world as CSV, in the columns that `goodword identify` and others read.
fn write(world: &World, folder: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    let file = |name: &str| std::fs::File::create(folder.join(name)).map(BufWriter::new);
    let quoted = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let mut customers = file("customers.csv")?;
    writeln!(customers, "id,first,last,email,city,handle")?;
    for (number, c) in world.customers.iter().enumerate() {
        let cells = [&c.first, &c.last, &c.email, &c.city, &c.handle].map(|cell| quoted(cell));
        writeln!(customers, "{number},{}", cells.join(","))?;
    }
    let mut reviews = file("reviews.csv")?;
    writeln!(reviews, "rid,author,city,email_md5,handle,true_id,kind")?;
    for (number, w) in world.written.iter().enumerate() {
        let whose = w.customer.map_or(-1, |c| c as i64);
        let (author, city, handle) = (quoted(&w.name), quoted(&w.city), quoted(&w.handle));
        writeln!(reviews, "{number},{author},{city},,{handle},{whose},{}", w.kind)?;
    }
    customers.flush()?;
    reviews.flush()
}
