//! A statement that is put together of pieces, with its values.

use uuid::Uuid;

/// A value behind a `$n`.
#[derive(Clone, Debug)]
pub(crate) enum Value {
    Number(i64),
    Text(String),
    Id(Uuid),
}

/// A statement and its values. What was typed is always a value, never a piece of the text.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sql {
    pub(crate) text: String,
    pub(crate) values: Vec<Value>,
}

impl Sql {
    pub(crate) fn push(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    pub(crate) fn bind(&mut self, value: Value) -> &mut Self {
        self.values.push(value);
        self.text.push('$');
        self.text.push_str(&self.values.len().to_string());
        self
    }
}

/// Binds the values of a statement to a query of either driver.
macro_rules! bound {
    ($query:expr, $values:expr) => {{
        let mut query = $query;
        for value in &$values {
            query = match value {
                $crate::sql::Value::Number(number) => query.bind(*number),
                $crate::sql::Value::Text(text) => query.bind(text.as_str()),
                $crate::sql::Value::Id(id) => query.bind(*id),
            };
        }
        query
    }};
}
pub(crate) use bound;
