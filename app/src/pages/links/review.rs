//! *Bekreft trolige*: all of them at once, after they were gone through.

use domain::contacts::ContactRow;
use domain::links::{LinkPage, LinkView};
use leptos::prelude::*;

use super::{Actions, Query};
use crate::api::links::BETWEEN;
use crate::components::{BusyButton, Choice, HiddenField, LinkButton, reasons_text};
use crate::i18n::Texts;

/// A form with every likely pair ticked.
pub(super) fn review(
    t: Texts,
    supplier: &ContactRow,
    read: LinkPage,
    query: &Query,
    actions: Actions,
) -> AnyView {
    let cancel = query.href(LinkView::Likely, &query.after, false);
    let pairs: Vec<_> = read
        .rows
        .into_iter()
        .filter_map(|row| {
            let article = row.matched.article.clone()?;
            let value = [&row.written_number, &row.article_number, &article.number].map(String::as_str);
            let value = value.join(&BETWEEN.to_string());
            let label = format!(
                "{} {}: {} → {} {}",
                row.article_number, row.article_name, row.written_number, article.number, article.name
            );
            let reasons = reasons_text(t, &row.matched.reasons, Some(&supplier.name));
            let hint = format!("{} % · {reasons}", row.matched.score);
            Some(view! { <Choice name="pairs[]" value label hint checked=true/> })
        })
        .collect();
    let back = query.href(LinkView::Confirmed, "", false);
    let supplier_id = supplier.contact_id.to_string();
    view! {
        <section class="card" aria-labelledby="h-review">
            <h2 id="h-review">{t.links_review_title()}</h2>
            <p class="sm muted">{t.links_review_text()}</p>
            <ActionForm action=actions.confirm_many attr:class="stack" attr:data-test="confirm-links">
                <HiddenField name="supplier_id" value=supplier_id/>
                <HiddenField name="back" value=back/>
                <div id="pairs">{pairs}</div>
                <div class="row">
                    <BusyButton kind="p" busy=actions.confirm_many.pending()>{t.links_confirm_chosen()}</BusyButton>
                    <LinkButton href=cancel kind="q">{t.frame_cancel()}</LinkButton>
                </div>
            </ActionForm>
        </section>
    }
    .into_any()
}
