//! Many rows in few statements: inserts and look-ups in chunks of fixed sizes, so that the same few statements are used again
//! and again. Values are always bound, never written into the text.

use sqlx::{
    Any, AnyConnection, Arguments, AssertSqlSafe, Encode, Type,
    any::{AnyArguments, AnyRow},
};

use super::{Dialect, Result};

/// Rows of one insert, largest first; the last one takes what is left. Every statement is a message to SQLite's thread and back.
const ROWS: [usize; 5] = [64, 8, 4, 2, 1];
/// Values of one look-up, smallest first; shorter lists are filled up.
const VALUES: [usize; 3] = [8, 64, 512];

/// Collects the values of a statement.
#[derive(Default)]
pub(super) struct Binding {
    args: AnyArguments,
    fault: Option<String>,
}

impl Binding {
    /// The next value.
    pub(super) fn push<'t, T>(&mut self, value: T) -> &mut Self
    where
        T: Encode<'t, Any> + Type<Any>,
    {
        if let Err(error) = self.args.add(value) {
            self.fault = Some(error.to_string());
        }
        self
    }

    fn arguments(self) -> Result<AnyArguments> {
        match self.fault {
            Some(fault) => Err(sqlx::Error::Encode(fault.into()).into()),
            None => Ok(self.args),
        }
    }
}

/// Inserts rows: `head` is `INSERT INTO t (a, b)`, `tail` what follows the values. Answers what `RETURNING` in the tail yields.
pub(super) async fn insert<T>(
    connection: &mut AnyConnection,
    dialect: Dialect,
    head: &str,
    tail: &str,
    columns: usize,
    rows: &[T],
    mut bind: impl FnMut(&mut Binding, &T),
) -> Result<Vec<AnyRow>> {
    let mut returned = Vec::new();
    let mut left = rows;
    for size in ROWS {
        if left.len() < size {
            continue;
        }
        let sql = format!("{head} VALUES {} {tail}", groups(dialect, columns, size));
        while left.len() >= size {
            let (now, later) = left.split_at(size);
            left = later;
            let mut binding = Binding::default();
            for row in now {
                bind(&mut binding, row);
            }
            let query = sqlx::query_with(AssertSqlSafe(sql.clone()), binding.arguments()?)
                .persistent(dialect.keep_prepared());
            if tail.contains("RETURNING") {
                returned.extend(query.fetch_all(&mut *connection).await?);
            } else {
                query.execute(&mut *connection).await?;
            }
        }
    }
    Ok(returned)
}

/// Looks up rows by a list: `head` ends in `IN`, `tail` follows the list; `first` are the values of `$1`, `$2` … in the head.
pub(super) async fn fetch_in(
    connection: &mut AnyConnection,
    head: &str,
    tail: &str,
    first: &[&str],
    values: &[&str],
) -> Result<Vec<AnyRow>> {
    let mut rows = Vec::new();
    for chunk in values.chunks(VALUES[VALUES.len() - 1]) {
        let size = VALUES.into_iter().find(|size| chunk.len() <= *size).unwrap_or(chunk.len());
        let mut binding = Binding::default();
        for value in first.iter().chain(chunk) {
            binding.push(*value);
        }
        // The same value again finds nothing more.
        for _ in chunk.len()..size {
            binding.push(chunk[0]);
        }
        let sql = format!("{head} {} {tail}", group(first.len(), size));
        rows.extend(
            sqlx::query_with(AssertSqlSafe(sql), binding.arguments()?).fetch_all(&mut *connection).await?,
        );
    }
    Ok(rows)
}

/// Carries out a statement for a list: as [`fetch_in`], without rows.
pub(super) async fn execute_in(
    connection: &mut AnyConnection,
    head: &str,
    tail: &str,
    first: &[&str],
    values: &[&str],
) -> Result<()> {
    fetch_in(connection, head, tail, first, values).await.map(|_| ())
}

/// `($1, $2), ($3, $4)`; on SQLite `(?, ?), (?, ?)`: there each numbered one is looked up by its name among all others.
fn groups(dialect: Dialect, columns: usize, rows: usize) -> String {
    let mut out = String::with_capacity(rows * columns * 6);
    for row in 0..rows {
        if row > 0 {
            out.push_str(", ");
        }
        match dialect {
            Dialect::Sqlite => {
                out.push_str("(?");
                (1..columns).for_each(|_| out.push_str(", ?"));
                out.push(')');
            }
            Dialect::Postgres => out.push_str(&group(row * columns, columns)),
        }
    }
    out
}

/// `($4, $5, $6)` after three others.
fn group(before: usize, count: usize) -> String {
    let mut out = String::with_capacity(count * 6 + 2);
    out.push('(');
    for n in 1..=count {
        if n > 1 {
            out.push_str(", ");
        }
        out.push('$');
        out.push_str(&(before + n).to_string());
    }
    out.push(')');
    out
}
