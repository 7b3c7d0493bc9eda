//! The fields of an article.

use domain::articles::{Article, ArticleStatus};
use domain::contacts::ContactRow;
use domain::units;
use leptos::prelude::*;

use crate::components::{Field, FieldKind, FormState, Select, SelectOption};
use crate::format;
use crate::i18n::use_texts;

#[component]
pub(super) fn ArticleFields(
    article: Option<Article>,
    suppliers: Vec<ContactRow>,
    form: FormState,
) -> impl IntoView {
    let t = use_texts();
    let language = t.language();
    let first = article.as_ref().and_then(|article| article.suppliers.first().cloned());
    // Where two have the same number, the country before it tells them apart.
    let number_of = |supplier: &ContactRow| {
        let number = supplier.org_number.clone()?;
        let is_shared =
            suppliers.iter().filter(|other| other.org_number.as_ref() == Some(&number)).count() > 1;
        Some(if is_shared { format!("{} {number}", supplier.country) } else { number })
    };
    let organisation_of =
        |id| suppliers.iter().find(|supplier| Some(supplier.contact_id) == id).and_then(number_of);
    let supplier = organisation_of(first.as_ref().map(|first| first.contact_id)).unwrap_or_default();
    let choices = std::iter::once(SelectOption::new("", t.articles_no_supplier()))
        .chain(suppliers.iter().filter_map(|supplier| {
            let number = number_of(supplier)?;
            let text = format!("{} ({})", supplier.name, format::org_number(&number));
            Some(SelectOption::new(number, text))
        }))
        .collect();
    let text = |of: fn(&Article) -> String| article.as_ref().map(of).unwrap_or_default();
    let decimal = |of: fn(&Article) -> i64, usual: &str| {
        article.as_ref().map_or_else(|| usual.to_owned(), |article| format::for_field(of(article), language))
    };
    let unit = article.as_ref().map_or("EA".to_owned(), |article| article.unit.clone());
    let unit_choices = units::UNITS
        .iter()
        .map(|(code, ..)| SelectOption::new(*code, format!("{} ({code})", units::label(code, language))))
        .collect();
    let pack = article.as_ref().and_then(|article| article.pack_size);
    let minimum = article.as_ref().and_then(|article| article.minimum_quantity);
    let status = article.as_ref().map(|article| article.status).unwrap_or_default().as_str();
    let statuses = ArticleStatus::ALL
        .map(|status| {
            let text = match status {
                ArticleStatus::Active => t.articles_status_active(),
                ArticleStatus::GoingOut => t.articles_status_going_out(),
                ArticleStatus::Discontinued => t.articles_status_discontinued(),
            };
            SelectOption::new(status.as_str(), text)
        })
        .to_vec();
    view! {
        <section class="card" aria-labelledby="h-article">
            <h2 id="h-article">{t.articles_facts()}</h2>
            <div class="fields">
                <Field
                    name="input[number]"
                    pointer="/number"
                    label=t.articles_number()
                    kind=FieldKind::Code
                    value=text(|article| article.number.clone())
                    form
                />
                <Field name="input[name]" pointer="/name" label=t.articles_name() value=text(|article| article.name.clone()) form/>
                <Select name="input[unit]" pointer="/unit" label=t.articles_unit() value=unit options=unit_choices form/>
                <Field
                    name="input[price]"
                    pointer="/price"
                    label=t.articles_price()
                    kind=FieldKind::Decimal
                    value=decimal(|article| article.price.0, "")
                    form
                />
                <Field
                    name="input[price_base_quantity]"
                    pointer="/price_base_quantity"
                    label=t.articles_price_base()
                    kind=FieldKind::Decimal
                    value=decimal(|article| article.price_base_quantity.0, "1")
                    hint=t.articles_price_base_hint()
                    form
                />
                <Field
                    name="input[currency]"
                    pointer="/currency"
                    label=t.articles_currency()
                    value=article.as_ref().map_or("NOK".to_owned(), |article| article.currency.clone())
                    form
                />
                <Field
                    name="input[vat_rate]"
                    pointer="/vat_rate"
                    label=t.articles_vat()
                    kind=FieldKind::Decimal
                    value=decimal(|article| article.vat_rate.0, "25")
                    form
                />
                <Field
                    name="input[pack_size]"
                    pointer="/pack_size"
                    label=t.articles_pack()
                    kind=FieldKind::Decimal
                    value=pack.map(|pack| format::for_field(pack.0, language)).unwrap_or_default()
                    optional=true
                    form
                />
                <Field
                    name="input[minimum_quantity]"
                    pointer="/minimum_quantity"
                    label=t.articles_minimum()
                    kind=FieldKind::Decimal
                    value=minimum.map(|minimum| format::for_field(minimum.0, language)).unwrap_or_default()
                    optional=true
                    form
                />
                <Select name="input[status]" pointer="/status" label=t.articles_status() value=status options=statuses form/>
                <Field
                    name="input[replaced_by]"
                    pointer="/replaced_by"
                    label=t.articles_replaced_by()
                    kind=FieldKind::Code
                    value=text(|article| article.replaced_by.clone().unwrap_or_default())
                    hint=t.articles_replaced_by_hint()
                    optional=true
                    form
                />
                <Field
                    name="input[gtin]"
                    pointer="/gtin"
                    label=t.articles_gtin()
                    kind=FieldKind::Code
                    value=text(|article| article.gtin.clone().unwrap_or_default())
                    optional=true
                    form
                />
            </div>
        </section>
        <section class="card" aria-labelledby="h-supplier">
            <h2 id="h-supplier">{t.articles_supplier()}</h2>
            <p class="sm muted">{t.articles_supplier_text()}</p>
            <div class="fields">
                <Select
                    name="input[supplier_org_number]"
                    pointer="/supplier_org_number"
                    label=t.articles_supplier()
                    value=supplier
                    options=choices
                    optional=true
                    form
                />
                <Field
                    name="input[supplier_article_number]"
                    pointer="/supplier_article_number"
                    label=t.articles_supplier_number()
                    kind=FieldKind::Code
                    value=first.map(|first| first.supplier_article_number).unwrap_or_default()
                    optional=true
                    form
                />
            </div>
        </section>
    }
}
