//! A list as it is shown, as a file.

use app::i18n::{Language, Texts};
use app::pages::contacts::role_of;
use app::pages::files::list_file;
use app::pages::logs::log_question;
use app::preferences::language_of;
use domain::articles::ArticleFilter;
use domain::contacts::ContactFilter;
use domain::drafts::DraftFilter;
use domain::links::LinkView;
use domain::orders::OrderFilter;
use domain::sales_orders::SalesOrderFilter;
use http::HeaderMap;
use services::spreadsheets::{self, ListFile, SheetFormat};
use services::{Ctx, ServiceError};

fn parameter<'q>(asked: &'q [(String, String)]) -> impl Fn(&str) -> Option<String> + Copy + use<'q> {
    move |name| asked.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone())
}

/// The list whose file has this name, with what its address asks.
pub(super) fn list_of(name: &str, asked: &[(String, String)]) -> Option<ListFile> {
    let parameter = parameter(asked);
    Some(match name {
        list_file::ORDERS => ListFile::Orders(OrderFilter::read(parameter)),
        list_file::DRAFTS => ListFile::Drafts(DraftFilter::read(parameter)),
        list_file::SALES_ORDERS => ListFile::SalesOrders(SalesOrderFilter::read(parameter)),
        list_file::ARTICLES => ListFile::Articles(ArticleFilter::read(parameter)),
        list_file::SUPPLIERS | list_file::CUSTOMERS => {
            ListFile::Contacts(ContactFilter::read(role_of(name), parameter))
        }
        list_file::LOG => {
            let (view, filter) = log_question(parameter);
            ListFile::Log(view, filter)
        }
        list_file::LINKS => ListFile::Links(
            parameter("leverandor").and_then(|id| id.parse().ok()),
            LinkView::from_code(&parameter("vis").unwrap_or_default()),
        ),
        _ => return None,
    })
}

/// The file, with the chosen columns and in the reader's language.
pub(super) async fn write(
    ctx: &Ctx,
    list: &ListFile,
    format: SheetFormat,
    asked: &[(String, String)],
    headers: &HeaderMap,
) -> Result<Vec<u8>, ServiceError> {
    let chosen = parameter(asked)("kol").unwrap_or_default();
    let shows = |column: &str| chosen.is_empty() || chosen.split(',').any(|known| known == column);
    spreadsheets::write_list(ctx, list, format, shows, words(language_of(headers))).await
}

/// The words of heads and of states in a language.
pub(super) fn words(language: Language) -> impl Fn(&str) -> String {
    let t = Texts::new(language);
    move |key: &str| {
        let found = match key.split_once('.') {
            Some(("column", name)) => t.column(name),
            Some(("status", name)) => t.status(name),
            _ => None,
        };
        found.unwrap_or(key).to_owned()
    }
}

#[cfg(test)]
mod tests {
    use domain::imports::FileKind;
    use domain::paste;

    use super::*;

    #[test]
    fn the_heads_of_an_orders_file_are_read_again_in_both_languages() {
        for language in [Language::Nb, Language::En] {
            let words = words(language);
            for column in FileKind::PurchaseOrders.columns() {
                let head = words(&format!("column.{}", column.name));
                assert!(!head.contains('.'), "{head} has no words in {}", language.as_str());
                let meant = FileKind::PurchaseOrders.column_of_header(&head).map(|meant| meant.name);
                assert_eq!(meant, Some(column.name), "{head} in {}", language.as_str());
                assert!(paste::is_header(&head), "{head} means nothing where lines are pasted");
            }
        }
    }
}
