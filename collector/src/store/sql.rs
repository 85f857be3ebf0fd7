//! Building a statement piece by piece with numbered placeholders, which both databases understand. Values are always bound,
//! never written into the text.

use sqlx::{
    Any, AnyPool, AssertSqlSafe, Encode, Type,
    any::{AnyArguments, AnyRow},
    query::Query,
};

use super::Result;

/// A statement under construction.
#[derive(Default)]
pub(super) struct Sql {
    text: String,
    args: AnyArguments,
    bound: usize,
    fault: Option<String>,
}

impl Sql {
    /// A statement that begins so. The text is ours, never the user's.
    pub(super) fn new(text: &str) -> Self {
        Self { text: text.to_owned(), ..Self::default() }
    }

    /// Adds text of ours.
    pub(super) fn push(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Adds a placeholder and its value.
    pub(super) fn bind<'t, T>(&mut self, value: T) -> &mut Self
    where
        T: Encode<'t, Any> + Type<Any>,
    {
        let placeholder = self.reserve(value);
        self.text.push_str(&placeholder);
        self
    }

    /// Binds a value and returns its placeholder, to be written more than once.
    pub(super) fn reserve<'t, T>(&mut self, value: T) -> String
    where
        T: Encode<'t, Any> + Type<Any>,
    {
        if let Err(error) = sqlx::Arguments::add(&mut self.args, value) {
            self.fault = Some(error.to_string());
        }
        self.bound += 1;
        format!("${}", self.bound)
    }

    /// Adds `($4, $5, …)`; nothing matches an empty list.
    pub(super) fn bind_list<'a>(&mut self, values: impl IntoIterator<Item = &'a String>) -> &mut Self {
        let mut placeholders = Vec::new();
        for value in values {
            placeholders.push(self.reserve(value.clone()));
        }
        let list = if placeholders.is_empty() { "NULL".to_owned() } else { placeholders.join(", ") };
        self.push("(").push(&list).push(")")
    }

    fn query(self) -> Result<Query<'static, Any, AnyArguments>> {
        if let Some(fault) = self.fault {
            return Err(sqlx::Error::Encode(fault.into()).into());
        }
        Ok(sqlx::query_with(AssertSqlSafe(self.text), self.args))
    }

    /// Every row.
    pub(super) async fn all(self, pool: &AnyPool) -> Result<Vec<AnyRow>> {
        Ok(self.query()?.fetch_all(pool).await?)
    }

    /// The first row, if any.
    pub(super) async fn optional(self, pool: &AnyPool) -> Result<Option<AnyRow>> {
        Ok(self.query()?.fetch_optional(pool).await?)
    }

    /// The only row of a count or another aggregate.
    pub(super) async fn one(self, pool: &AnyPool) -> Result<AnyRow> {
        Ok(self.query()?.fetch_one(pool).await?)
    }
}

/// What a `LIKE … ESCAPE '\'` wants, so that the words are found anywhere.
pub(super) fn anywhere(words: &str) -> String {
    let mut pattern = String::with_capacity(words.len() + 2);
    pattern.push('%');
    for c in words.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

/// Rows of a page: how many to leave out and how many to show, at most 200, 50 where not said.
pub(super) fn window(offset: Option<u64>, limit: Option<u64>) -> (i64, i64) {
    let offset = i64::try_from(offset.unwrap_or(0)).unwrap_or(i64::MAX);
    (offset, limit.unwrap_or(50).clamp(1, 200) as i64)
}
