//! The registers as rows: contacts with their persons, articles with their suppliers.

use std::collections::HashMap;

use domain::articles::{Article, ArticleFilter};
use domain::contacts::{Contact, ContactFilter, ContactPerson};
use domain::ids::{ArticleId, ContactId};
use domain::paging::{MAX_PAGE_SIZE, PageRequest};
use store::Tx;

use super::sheet::{Cell, Rows, optional, text};
use super::{AT_ONCE, SheetFilter, bounded, most_and_one};
use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::suppliers;

/// Articles that are read at once.
const ARTICLES_AT_ONCE: i64 = 2_000;

/// A row for each person; a contact without persons has one row.
pub(super) async fn contacts(tx: &mut Tx, filter: &SheetFilter) -> Result<Rows, ServiceError> {
    let asked = filter.contacts.clone().unwrap_or_else(|| ContactFilter::of_role(None, None));
    let ids = store::contacts::ids(tx, &asked, most_and_one()).await?;
    let mut rows = Rows::new();
    for chunk in ids.chunks(AT_ONCE) {
        let found = store::contacts::lookup_each(tx, chunk).await?;
        for contact in chunk.iter().filter_map(|id| found.get(id)) {
            let nobody =
                ContactPerson { contact_person_id: None, name: String::new(), email: None, phone: None };
            let persons = if contact.contact_persons.is_empty() {
                std::slice::from_ref(&nobody)
            } else {
                &contact.contact_persons[..]
            };
            rows.extend(persons.iter().map(|person| contact_row(contact, person)));
        }
        bounded(rows.len())?;
    }
    Ok(rows)
}

fn contact_row(contact: &Contact, person: &ContactPerson) -> Vec<Cell> {
    let role = match (contact.is_supplier, contact.is_customer) {
        (true, true) => "both",
        (true, false) => "supplier",
        (false, _) => "customer",
    };
    let address = &contact.address;
    vec![
        text(&contact.name),
        optional(contact.org_number.as_ref()),
        text(&address.country),
        text(role),
        text(&address.street),
        text(&address.postal_code),
        text(&address.city),
        optional(contact.email.as_ref()),
        optional(contact.phone.as_ref()),
        text(&person.name),
        optional(person.email.as_ref()),
    ]
}

/// A row for each supplier; an article without suppliers has one row.
pub(super) async fn articles(ctx: &Ctx, tx: &mut Tx, filter: &ArticleFilter) -> Result<Rows, ServiceError> {
    let of_each = if filter.is_plain() && filter.sort.is_none() {
        every_article(tx).await?
    } else {
        articles_found(ctx, tx, filter).await?
    };
    Ok(of_each.into_iter().flatten().collect())
}

/// What is written so far, and the suppliers that are known already.
#[derive(Default)]
struct Written {
    /// Of each article.
    rows: Vec<Rows>,
    /// Of all of them.
    count: usize,
    org_numbers: HashMap<ContactId, Option<String>>,
}

impl Written {
    /// Adds the rows of some articles; suppliers that are new are looked up together.
    async fn add(&mut self, tx: &mut Tx, articles: &[&Article]) -> Result<(), ServiceError> {
        let named = articles.iter().flat_map(|article| &article.suppliers).map(|known| known.contact_id);
        let mut unknown: Vec<ContactId> =
            named.filter(|supplier| !self.org_numbers.contains_key(supplier)).collect();
        unknown.sort_unstable();
        unknown.dedup();
        let contacts = store::contacts::lookup_each(tx, &unknown).await?;
        let mut numbers = suppliers::numbers_of(tx, contacts.values()).await?;
        self.org_numbers.extend(unknown.into_iter().map(|supplier| (supplier, numbers.remove(&supplier))));
        for article in articles {
            let rows = self.of_article(article);
            self.count += rows.len();
            self.rows.push(rows);
        }
        Ok(bounded(self.count)?)
    }

    fn of_article(&self, article: &Article) -> Rows {
        let head = vec![
            text(&article.number),
            text(&article.name),
            text(&article.unit),
            Cell::Number(article.price.0),
            Cell::Number(article.price_base_quantity.0),
            text(&article.currency),
            Cell::Number(article.vat_rate.0),
            optional(article.gtin.as_ref()),
            article.pack_size.map_or(Cell::Empty, |size| Cell::Number(size.0)),
            article.minimum_quantity.map_or(Cell::Empty, |minimum| Cell::Number(minimum.0)),
            text(article.status.as_str()),
            optional(article.replaced_by.as_ref()),
        ];
        if article.suppliers.is_empty() {
            return vec![head.into_iter().chain([Cell::Empty, Cell::Empty]).collect()];
        }
        let suppliers = article.suppliers.iter().map(|supplier| {
            let org_number = self.org_numbers.get(&supplier.contact_id).and_then(Option::as_ref);
            let of_supplier = [optional(org_number), text(&supplier.supplier_article_number)];
            head.iter().cloned().chain(of_supplier).collect()
        });
        suppliers.collect()
    }
}

/// All of the register, by number. They are read in the order of their changes, which an index has.
async fn every_article(tx: &mut Tx) -> Result<Vec<Rows>, ServiceError> {
    let mut written = Written::default();
    let mut numbers: Vec<String> = Vec::new();
    let mut after = 0;
    loop {
        let page = store::articles::changed_after(tx, after, ARTICLES_AT_ONCE).await?;
        let Some((last, _)) = page.last() else { break };
        after = *last;
        let articles: Vec<&Article> = page.iter().map(|(_, article)| article).collect();
        written.add(tx, &articles).await?;
        numbers.extend(page.into_iter().map(|(_, article)| article.number));
    }
    let mut by_number: Vec<(String, Rows)> = numbers.into_iter().zip(written.rows).collect();
    by_number.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(by_number.into_iter().map(|(_, rows)| rows).collect())
}

/// What the filter finds, in its order.
async fn articles_found(ctx: &Ctx, tx: &mut Tx, filter: &ArticleFilter) -> Result<Vec<Rows>, ServiceError> {
    let mut written = Written::default();
    for page in 1.. {
        let request = PageRequest { page, page_size: MAX_PAGE_SIZE };
        let rows = crate::articles::list_in(ctx, tx, filter, request).await?.rows;
        if rows.is_empty() {
            break;
        }
        let ids: Vec<ArticleId> = rows.into_iter().map(|row| row.article_id).collect();
        let found = store::articles::lookup_each(tx, &ids).await?;
        let articles: Vec<&Article> = ids.iter().filter_map(|id| found.get(id)).collect();
        written.add(tx, &articles).await?;
    }
    Ok(written.rows)
}
