//! Picking from JSON whose shape only a platform's documents promise: nothing here fails, what is missing is absent.

use serde_json::Value;

/// Reads parts of a JSON value by dotted path (`author.name`, `hits.0.id`).
pub trait Pick {
    /// The value at that path; null counts as absent.
    fn at(&self, path: &str) -> Option<&Value>;
    /// A string, not trimmed; empty ones count as absent.
    fn str(&self, path: &str) -> Option<&str>;
    /// A string, trimmed; empty ones count as absent.
    fn string(&self, path: &str) -> Option<String>;
    /// An id: a string or a number, as text.
    fn id(&self, path: &str) -> Option<String>;
    /// A whole number, also where it stands in quotes.
    fn int(&self, path: &str) -> Option<i64>;
    /// A number, also where it stands in quotes.
    fn float(&self, path: &str) -> Option<f64>;
    /// A truth value, also where it stands in quotes or is 0 or 1.
    fn truth(&self, path: &str) -> Option<bool>;
    /// The items of a list; empty where there is none.
    fn list(&self, path: &str) -> &[Value];
    /// Whether there is something at that path (null is nothing).
    fn has(&self, path: &str) -> bool {
        self.at(path).is_some()
    }
}

impl Pick for Value {
    fn at(&self, path: &str) -> Option<&Value> {
        // Most paths are one name; taking them apart would cost more than looking them up.
        if let Value::Object(map) = self
            && !path.is_empty()
            && memchr::memchr(b'.', path.as_bytes()).is_none()
        {
            return map.get(path).filter(|v| !v.is_null());
        }
        let mut value = self;
        for key in path.split('.').filter(|k| !k.is_empty()) {
            value = match value {
                Value::Object(map) => map.get(key)?,
                Value::Array(list) => list.get(key.parse::<usize>().ok()?)?,
                _ => return None,
            };
        }
        (!value.is_null()).then_some(value)
    }

    fn str(&self, path: &str) -> Option<&str> {
        self.at(path)?.as_str().filter(|s| !s.is_empty())
    }

    fn string(&self, path: &str) -> Option<String> {
        let text = self.at(path)?.as_str()?.trim();
        (!text.is_empty()).then(|| text.to_owned())
    }

    fn id(&self, path: &str) -> Option<String> {
        match self.at(path)? {
            Value::String(s) if !s.trim().is_empty() => Some(s.trim().to_owned()),
            Value::Number(n) => Some(n.to_string()),
            _ => None,
        }
    }

    fn int(&self, path: &str) -> Option<i64> {
        match self.at(path)? {
            #[expect(
                clippy::cast_possible_truncation,
                reason = "as casts saturate; a platform's count is far below"
            )]
            Value::Number(n) => n.as_i64().or_else(|| n.as_f64().map(|f| f as i64)),
            Value::String(s) => s.trim().parse().ok(),
            _ => None,
        }
    }

    fn float(&self, path: &str) -> Option<f64> {
        match self.at(path)? {
            Value::Number(n) => n.as_f64(),
            Value::String(s) => super::numbers::decimal(s),
            _ => None,
        }
    }

    fn truth(&self, path: &str) -> Option<bool> {
        match self.at(path)? {
            Value::Bool(b) => Some(*b),
            Value::Number(n) => Some(n.as_f64()? != 0.0),
            Value::String(s) => match s.trim().to_ascii_lowercase().as_str() {
                "true" | "yes" | "1" => Some(true),
                "false" | "no" | "0" => Some(false),
                _ => None,
            },
            _ => None,
        }
    }

    fn list(&self, path: &str) -> &[Value] {
        match self.at(path) {
            Some(Value::Array(list)) => list,
            _ => &[],
        }
    }
}
