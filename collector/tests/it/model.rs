//! Whatever the owner and the engine do with authors, matches, records and accounts, in whatever order: drawn by lot from a seed
//! through the public surface, what must always hold is looked at after every step, and taking the owner's steps back in the
//! opposite order leaves everybody who they were.

use std::collections::{BTreeMap, BTreeSet};

use goodword::{clock, engine, pipeline::Run, record::Origin};
use goodword_shared::{
    Author, Mention, Problem,
    api::{
        ById,
        customers::{DecideMatch, ImportCustomers, MatchDecision, Verdict},
        doubts::{Link, LinkAuthor, MakeCustomer, NewCustomer},
        kin::DecideKin,
        records::{ForgetCustomer, Merge, MergeCustomers, Split, SplitCustomer, Step, UndoStep},
    },
    id::{AuthorId, CustomerId},
    import::{ImportRequest, Mapping},
};
use sqlx::Row;

use crate::{
    postgres::Postgres,
    service::{Service, add_source},
};

/// Customers with namesakes, so that there is something to doubt.
const CUSTOMERS: &str = "id,name,email,handle,city\n1,Ruth Winter,ruth@winter.example,ruthw77,Basel\n\
    2,Ruth Winter,rw@work.example,,Bern\n3,Otto Lang,otto@lang.example,quiltfox88,Basel\n4,Otto Lange,,,Basel\n\
    5,Nora Winter,nora@winter.example,,Genf\n6,Vera Holt,vera@holt.example,veraholt5,Basel\n";
/// Who writes: platform, name, handle, address, place.
const WRITERS: [(&str, &str, &str, &str, &str); 12] = [
    ("feed", "Ruth Winter", "", "", "Basel"),
    ("feed", "Ruth W.", "ruthw77", "", ""),
    ("mastodon", "R. Winter", "ruth_w77", "", "Basel"),
    ("mastodon", "Otto Lang", "sunfoxreader482", "", ""),
    ("feed", "Fox", "sun_fox_reader482", "otto@lang.example", ""),
    ("lemmy", "Fox again", "sunfoxreader482", "", ""),
    ("feed", "Nora Winter", "", "nora@winter.example", ""),
    ("lemmy", "Nora Winter", "norawinter_of_genf", "", "Genf"),
    ("mastodon", "Nora Winter", "norawinter_of_genf", "", "Genf"),
    ("lemmy", "Vera Holt", "veraholt5", "", ""),
    ("feed", "V. Holt", "", "vera@holt.example", ""),
    ("feed", "Somebody Else", "tealover", "", ""),
];

struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((self.0 >> 33) as usize) % n.max(1)
    }

    fn one<'a, T>(&mut self, of: &'a [T]) -> Option<&'a T> {
        if of.is_empty() { None } else { of.get(self.below(of.len())) }
    }
}

/// How to take back what the owner did.
enum Back {
    Match(String),
    Kin(String),
    Step(String),
}

struct World<'a> {
    service: &'a Service,
    dice: Dice,
    said: u64,
    /// What was done, for whoever reads of a failure.
    story: Vec<String>,
}

type Table = Vec<Vec<String>>;

impl World<'_> {
    async fn rows(&self, sql: &str) -> Table {
        let rows =
            sqlx::query(sqlx::AssertSqlSafe(sql.to_owned())).fetch_all(self.service.app.store.pool()).await;
        let text = |row: &sqlx::any::AnyRow, at: usize| {
            row.try_get::<Option<String>, _>(at).expect("a text").unwrap_or_default()
        };
        rows.expect(sql).iter().map(|row| (0..row.len()).map(|at| text(row, at)).collect()).collect()
    }

    async fn column(&self, sql: &str) -> Vec<String> {
        self.rows(sql).await.into_iter().map(|mut row| row.remove(0)).collect()
    }

    /// Who everybody is, and every word on it; but for what one account made of another, which may as well come from a third.
    async fn standing(&self) -> BTreeMap<String, Vec<Vec<String>>> {
        let mut all = BTreeMap::new();
        for (what, sql) in [
            (
                "authors",
                "SELECT a.id, a.customer_id FROM authors a WHERE NOT EXISTS (SELECT 1 FROM matches m WHERE m.author_id = a.id \
                 AND m.decided_by = 'engine' AND m.evidence LIKE '%\"kind\":\"account\"%') ORDER BY a.id",
            ),
            (
                "matches",
                "SELECT author_id, customer_id, state FROM matches WHERE NOT (decided_by = 'engine' AND \
                 evidence LIKE '%\"kind\":\"account\"%') ORDER BY author_id, customer_id",
            ),
            ("kin", "SELECT one_id, other_id, state FROM kin ORDER BY one_id, other_id"),
            ("customers", "SELECT id, merged_into, email, handle FROM customers ORDER BY id"),
            ("orders", "SELECT id, customer_id FROM orders ORDER BY id"),
        ] {
            all.insert(what.to_owned(), self.rows(sql).await);
        }
        all
    }

    async fn import(&mut self) {
        let content = match self.dice.below(3) {
            0 => CUSTOMERS.to_owned(),
            1 => format!("{CUSTOMERS}7,Ruth Winterfeld,,,Basel\n"),
            _ => "id,name,city\n2,Ruth Winter,Basel\n3,Otto Lang,Bern\n".to_owned(),
        };
        self.story.push("import".into());
        let request = ImportRequest {
            content,
            file_name: "customers.csv".into(),
            mapping: Mapping::new(),
            settings: Default::default(),
        };
        self.service.call::<ImportCustomers>((), (), request).await.expect("imported");
    }

    async fn somebody_writes(&mut self) {
        let (platform, name, handle, email, place) = WRITERS[self.dice.below(WRITERS.len())];
        self.said += 1;
        let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let author = Author {
            id: Some(format!("{name} {handle}")),
            name: given(name),
            handle: given(handle),
            email: given(email),
            location: given(place),
            ..Author::default()
        };
        let origin = Origin {
            source: "s1".to_owned().into(),
            connector: platform.into(),
            name: platform.into(),
            follow_deletion: false,
        };
        let said = Mention {
            external_id: Some(format!("{platform}{}", self.said)),
            author,
            text: format!("Lovely tables, visit number {}.", self.said),
            ..Mention::default()
        };
        self.story.push(format!("{name} {handle} writes on {platform}"));
        engine::ingest::ingest(&self.service.app, &origin, vec![said], Run::Regular, clock::now())
            .await
            .expect("stored");
    }

    async fn engine_looks(&mut self) {
        self.story.push("the engine looks".into());
        engine::identify::rematch(&self.service.app).await.expect("looked");
    }

    /// One step of the owner's; none where it was refused with a reason.
    async fn owner(&mut self) -> Option<Back> {
        let verdict = if self.dice.below(2) == 0 { Verdict::Confirm } else { Verdict::Refuse };
        let visible = self.column("SELECT id FROM customers WHERE merged_into IS NULL ORDER BY id").await;
        let authors = self.column("SELECT id FROM authors WHERE forgotten_at IS NULL ORDER BY id").await;
        match self.dice.below(10) {
            0..=3 => {
                let pairs = self.rows("SELECT id, state, author_id, customer_id FROM matches ORDER BY author_id, customer_id").await;
                let pair = self.dice.one(&pairs)?.clone();
                self.story.push(format!("{verdict:?} {pair:?}"));
                let done =
                    self.service.call::<DecideMatch>(by(&pair[0]), (), MatchDecision { verdict }).await;
                let said = if verdict == Verdict::Confirm { "confirmed" } else { "refused" };
                let news = pair[1] != said;
                expected(done).filter(|_| news).map(|_| Back::Match(pair[0].clone()))
            }
            4 | 5 => {
                let pairs = self.rows("SELECT id, state FROM kin ORDER BY one_id, other_id").await;
                let pair = self.dice.one(&pairs)?.clone();
                self.story.push(format!("{verdict:?} kin {pair:?}"));
                let done = self.service.call::<DecideKin>(by(&pair[0]), (), MatchDecision { verdict }).await;
                let said = if verdict == Verdict::Confirm { "confirmed" } else { "refused" };
                let news = pair[1] != said;
                expected(done).filter(|_| news).map(|_| Back::Kin(pair[0].clone()))
            }
            6 => {
                let (one, other) = (self.dice.one(&visible)?.clone(), self.dice.one(&visible)?.clone());
                self.story.push(format!("merge {other} into {one}"));
                let merge = Merge { other: CustomerId::new(other) };
                step(self.service.call::<MergeCustomers>(by(&one), (), merge).await)
            }
            7 => {
                let held = self
                    .rows("SELECT id, customer_id FROM authors WHERE customer_id IS NOT NULL ORDER BY id")
                    .await;
                let held = self.dice.one(&held)?.clone();
                self.story.push(format!("split {held:?}"));
                let split = Split {
                    name: "Somebody New".into(),
                    authors: vec![AuthorId::new(&held[0])],
                    orders: Vec::new(),
                };
                step(self.service.call::<SplitCustomer>(by(&held[1]), (), split).await)
            }
            8 => {
                let author = self.dice.one(&authors)?.clone();
                let customer = self.dice.one(&visible)?.clone();
                self.story.push(format!("link {author} {customer}"));
                let link = Link { customer: CustomerId::new(customer) };
                step(self.service.call::<LinkAuthor>(by(&author), (), link).await)
            }
            _ => {
                // Asked of somebody whom they made before, it would be the same step again.
                let free =
                    "SELECT id FROM authors WHERE forgotten_at IS NULL AND customer_id IS NULL ORDER BY id";
                let free = self.column(free).await;
                let author = self.dice.one(&free)?.clone();
                self.story.push(format!("make a customer of {author}"));
                step(self.service.call::<MakeCustomer>(by(&author), (), NewCustomer { name: None }).await)
            }
        }
    }

    async fn take_back(&mut self, back: &Back) {
        let verdict = MatchDecision { verdict: Verdict::Undo };
        let done = match back {
            Back::Match(id) => {
                self.story.push(format!("undo match {id}"));
                self.service.call::<DecideMatch>(by(id), (), verdict).await.map(drop)
            }
            Back::Kin(id) => {
                self.story.push(format!("undo kin {id}"));
                self.service.call::<DecideKin>(by(id), (), verdict).await.map(drop)
            }
            Back::Step(id) => {
                self.story.push(format!("undo step {id}"));
                self.service.call::<UndoStep>(by(id), (), ()).await.map(drop)
            }
        };
        let story = &self.story;
        done.unwrap_or_else(|problem| panic!("{problem:?}\n{story:#?}"));
    }

    /// What holds whatever was done.
    async fn check(&self) {
        for (what, sql) in [
            (
                "an author is who the match says that holds",
                "SELECT a.id, a.customer_id FROM authors a WHERE COALESCE(a.customer_id, '') <> COALESCE((SELECT MIN(m.customer_id) \
                 FROM matches m WHERE m.author_id = a.id AND m.state IN ('linked', 'confirmed')), '')",
            ),
            (
                "one match holds at most",
                "SELECT author_id FROM matches WHERE state IN ('linked', 'confirmed') GROUP BY author_id HAVING COUNT(*) > 1",
            ),
            (
                "nothing is of a record that was joined with another",
                "SELECT m.id FROM matches m JOIN customers c ON c.id = m.customer_id WHERE c.merged_into IS NOT NULL",
            ),
            (
                "nobody is a record that was joined with another",
                "SELECT a.id FROM authors a JOIN customers c ON c.id = a.customer_id WHERE c.merged_into IS NOT NULL",
            ),
            (
                "cases are those of the authors' customers",
                "SELECT c.id FROM cases c JOIN authors a ON a.id = c.author_id \
                 WHERE COALESCE(c.customer_id, '') <> COALESCE(a.customer_id, '')",
            ),
            (
                "who was forgotten is nobody",
                "SELECT a.id FROM authors a WHERE a.forgotten_at IS NOT NULL AND (a.name IS NOT NULL OR a.handle IS NOT NULL OR \
                 a.email IS NOT NULL OR a.customer_id IS NOT NULL OR EXISTS (SELECT 1 FROM matches m WHERE m.author_id = a.id) \
                 OR EXISTS (SELECT 1 FROM kin k WHERE k.one_id = a.id OR k.other_id = a.id))",
            ),
            (
                "what another account made of an author has such an account",
                "SELECT m.author_id FROM matches m WHERE m.decided_by = 'engine' AND m.state <> 'refused' AND m.evidence LIKE \
                 '%\"kind\":\"account\"%' AND NOT EXISTS (SELECT 1 FROM kin k JOIN authors o ON o.id = CASE WHEN k.one_id = m.author_id \
                 THEN k.other_id ELSE k.one_id END WHERE k.state <> 'refused' AND (k.one_id = m.author_id OR \
                 k.other_id = m.author_id) AND o.customer_id = m.customer_id)",
            ),
        ] {
            let rows = self.rows(sql).await;
            assert!(rows.is_empty(), "{what}: {rows:?}\n{:#?}\n{:#?}", self.story, self.standing().await);
        }
        let shown = self.rows("SELECT id, email FROM customers WHERE merged_into IS NULL ORDER BY id").await;
        let index = self.service.app.index.read().expect("unpoisoned");
        assert_eq!(index.len(), shown.len(), "{:#?}", self.story);
        for row in shown.iter().filter(|row| !row[1].is_empty()) {
            let author = Author { email: Some(row[1].clone()), ..Author::default() };
            let found = index.identify(&Mention { author, ..Mention::default() }, &[]);
            let named: Vec<&str> = found.candidates.iter().map(|one| one.customer.as_str()).collect();
            assert!(named.contains(&row[0].as_str()), "{row:?} {named:?}\n{:#?}", self.story);
        }
    }

    async fn words(&self) -> BTreeSet<Vec<String>> {
        let sql = "SELECT author_id, customer_id, state FROM matches WHERE state IN ('confirmed', 'refused')";
        self.rows(sql).await.into_iter().collect()
    }

    /// The engine does what it does; nothing that the owner said changes by that.
    async fn engine(&mut self) {
        let before = self.words().await;
        match self.dice.below(4) {
            0 => self.import().await,
            1 | 2 => self.somebody_writes().await,
            _ => self.engine_looks().await,
        }
        assert_eq!(self.words().await, before, "{:#?}", self.story);
    }
}

fn by(id: &str) -> ById {
    ById { id: id.to_owned() }
}

/// What was done; what cannot be done is refused with a reason, and nothing breaks.
fn expected<T>(done: Result<T, Problem>) -> Option<T> {
    match done {
        Ok(done) => Some(done),
        Err(problem) => {
            assert!([404, 409].contains(&problem.status), "{problem:?}");
            None
        }
    }
}

fn step(done: Result<Step, Problem>) -> Option<Back> {
    expected(done).map(|step| Back::Step(step.id))
}

async fn play(service: &Service, seed: u64) {
    let mut world = World { service, dice: Dice(seed), said: 0, story: vec![format!("seed {seed}")] };
    add_source(&service.app, "s1", clock::now()).await;
    engine::fill::reindex(&service.app).await.expect("filled");
    let request = ImportRequest {
        content: CUSTOMERS.into(),
        file_name: "customers.csv".into(),
        mapping: Mapping::new(),
        settings: Default::default(),
    };
    service.call::<ImportCustomers>((), (), request).await.expect("imported");
    for _ in 0..14 {
        world.somebody_writes().await;
    }
    world.engine_looks().await;
    world.check().await;
    for _ in 0..3 {
        // Whoever does something and takes it back is where they were.
        world.engine_looks().await;
        let before = world.standing().await;
        let mut done = Vec::new();
        for _ in 0..1 + world.dice.below(5) {
            done.extend(world.owner().await);
            world.check().await;
        }
        for back in done.iter().rev() {
            world.take_back(back).await;
            world.check().await;
        }
        world.engine_looks().await;
        let after = world.standing().await;
        for (what, rows) in &before {
            assert_eq!(rows, &after[what], "{what}\n{:#?}", world.story);
        }
        // And everything in turn.
        for _ in 0..8 {
            if world.dice.below(2) == 0 {
                world.owner().await;
            } else {
                world.engine().await;
            }
            world.check().await;
        }
        if world.dice.below(2) == 0 {
            let visible =
                world.column("SELECT id FROM customers WHERE merged_into IS NULL ORDER BY id").await;
            if let Some(id) = world.dice.one(&visible).cloned() {
                world.story.push(format!("forget {id}"));
                service.call::<ForgetCustomer>(by(&id), (), ()).await.expect("forgotten");
                world.check().await;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn whatever_is_done_everybody_is_one_customer_and_every_step_is_taken_back_exactly() {
    let seeds: u64 = std::env::var("GOODWORD_MODEL_SEEDS").ok().and_then(|n| n.parse().ok()).unwrap_or(6);
    for seed in 1..=seeds {
        let service = Service::signed_in().await;
        play(&service, seed).await;
        service.stop().await;
    }
    for seed in 101..=102 {
        let Some(postgres) = Postgres::start() else { return };
        let service = Service::on(&postgres.url()).await;
        play(&service, seed).await;
        service.stop().await;
    }
}
