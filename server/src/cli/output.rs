//! What the command line says: text for people or one JSON document for programs. The one place that writes to standard output.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "this is the command line's voice")]

use app::error::{AppError, field_text, pointer_text};
use app::i18n::Texts;
use domain::errors::{ErrorCode, Refusal};
use serde::Serialize;
use services::ServiceError;
use services::backups::BackupError;

use crate::operator_texts::{lookup, text};
use crate::start_error::StartError;

/// Where and how a command answers.
pub(crate) struct Output {
    json: bool,
    pub(crate) texts: Texts,
}

impl Output {
    pub(crate) fn new(json: bool, texts: Texts) -> Self {
        Self { json, texts }
    }

    /// A line for people; programs do not get it.
    pub(crate) fn line(&self, text: &str) {
        if !self.json {
            println!("{text}");
        }
    }

    /// A question at the keyboard.
    pub(crate) fn prompt(&self, field: &str) {
        eprint!("{}: ", self.texts.label(field).unwrap_or(field));
    }

    /// One value: the document for programs, a line for people.
    pub(crate) fn value<T: Serialize>(&self, document: &T, text: &str) {
        if self.json { self.document(document) } else { println!("{text}") }
    }

    /// A state or another code in words: those of the pages where they have them. Programs get the code.
    pub(crate) fn word(&self, group: &str, code: &str) -> String {
        let word = self.texts.status(&format!("{group}.{code}"));
        let word = word.or_else(|| lookup(self.texts.language(), &format!("word.{group}.{code}")));
        word.unwrap_or(code).to_owned()
    }

    /// An error in words, with its code for whoever is asked for help.
    pub(crate) fn error_word(&self, code: ErrorCode) -> String {
        let code = code.as_str();
        let text = app::i18n::fill(self.texts.error(code).unwrap_or_default(), |_| None);
        format!("{text} [{code}]").trim_start().to_owned()
    }

    fn head<'a>(&self, column: &'a str) -> &'a str {
        lookup(self.texts.language(), &format!("column.{column}")).unwrap_or(column)
    }

    /// Rows: the document for programs, aligned columns for people. Columns are named by the fields' names.
    pub(crate) fn table<T: Serialize>(&self, document: &T, columns: &[&str], rows: &[Vec<String>]) {
        if self.json {
            return self.document(document);
        }
        let heads: Vec<String> = columns.iter().map(|column| self.head(column).to_owned()).collect();
        let widths: Vec<usize> = heads
            .iter()
            .enumerate()
            .map(|(index, head)| {
                let cells = rows.iter().filter_map(|row| row.get(index)).map(|cell| cell.chars().count());
                cells.chain([head.chars().count()]).max().unwrap_or(0)
            })
            .collect();
        for row in std::iter::once(&heads).chain(rows) {
            let cells: Vec<String> =
                row.iter().zip(&widths).map(|(cell, width)| format!("{:<width$}", clean(cell))).collect();
            println!("{}", cells.join("  ").trim_end());
        }
    }

    /// What was wrong, with the stable code.
    pub(crate) fn refusal(&self, refusal: &Refusal) {
        if self.json {
            return self.document(&serde_json::json!({ "error": refusal }));
        }
        let error = AppError::from(refusal.clone());
        eprintln!("{} [{}]", error.text(self.texts), refusal.code);
        for field in &refusal.errors {
            let name = pointer_text(self.texts, &field.pointer).unwrap_or_else(|| field.pointer.clone());
            eprintln!("  {name}: {} [{}]", field_text(self.texts, field), field.code);
        }
    }

    /// Why there is no backup, or no restored database, with the stable code.
    pub(crate) fn backup_refused(&self, error: &BackupError) {
        let BackupError::File(error) = error else { return };
        let mut detail = error.detail();
        let mut source = std::error::Error::source(error);
        while let Some(cause) = source {
            detail = format!("{detail}: {cause}");
            source = cause.source();
        }
        self.told("refusal", error.code(), &detail, None);
    }

    /// Why the program does not run here, with the stable code.
    pub(crate) fn cannot_start(&self, error: &StartError) {
        if let StartError::Service(ServiceError::Refused(refusal)) = error {
            return self.refusal(refusal);
        }
        self.told("start", error.code(), &error.detail(), error.cause().as_deref());
    }

    /// A sentence of a group of texts, by its code.
    fn told(&self, group: &str, code: &str, detail: &str, cause: Option<&str>) {
        let said = text(self.texts.language(), &format!("{group}.{code}"), |name| match name {
            "detail" => Some(detail.to_owned()),
            "cause" => cause.map(str::to_owned),
            _ => None,
        });
        if self.json {
            let error = serde_json::json!({ "code": code, "detail": detail, "cause": cause, "text": said });
            self.document(&serde_json::json!({ "error": error }));
        } else {
            eprintln!("{} [{code}]", clean(&said));
        }
    }

    fn document<T: Serialize>(&self, document: &T) {
        match serde_json::to_string_pretty(document) {
            Ok(text) => println!("{text}"),
            Err(error) => eprintln!("prodsys: {error}"),
        }
    }
}

/// Text from others must not steer the terminal.
pub(crate) fn clean(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
