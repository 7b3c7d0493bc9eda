//! What the command line says: text for people or one JSON document for programs. The one place that writes to standard output.

#![expect(clippy::print_stdout, clippy::print_stderr, reason = "this is the command line's voice")]

use app::error::{AppError, field_text, pointer_text};
use app::i18n::Texts;
use domain::errors::Refusal;
use serde::Serialize;
use services::backups::BackupError;

use crate::context::StartError;
use crate::operator_texts::text;

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

    /// Rows: the document for programs, aligned columns for people. Columns are named by the fields' names.
    pub(crate) fn table<T: Serialize>(&self, document: &T, columns: &[&str], rows: &[Vec<String>]) {
        if self.json {
            return self.document(document);
        }
        let heads: Vec<String> =
            columns.iter().map(|column| self.texts.label(column).unwrap_or(column).to_owned()).collect();
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
        let (code, mut detail) = (error.code(), error.detail());
        let mut source = std::error::Error::source(error);
        while let Some(cause) = source {
            detail = format!("{detail}: {cause}");
            source = cause.source();
        }
        let said = text(self.texts.language(), &format!("refusal.{code}"), |_| Some(detail.clone()));
        if self.json {
            self.document(&serde_json::json!({ "error": { "code": code, "detail": detail, "text": said } }));
        } else {
            eprintln!("{} [{code}]", clean(&said));
        }
    }

    /// Why the program does not run here.
    pub(crate) fn cannot_start(&self, error: &StartError) {
        if self.json {
            self.document(
                &serde_json::json!({ "error": { "code": "cannot_start", "detail": error.to_string() } }),
            );
        } else {
            let mut text = error.to_string();
            let mut source = std::error::Error::source(error);
            while let Some(cause) = source {
                text = format!("{text}: {cause}");
                source = cause.source();
            }
            eprintln!("prodsys: {text}");
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
