//! Decisions, and what they mean for a line.

use std::collections::{BTreeSet, HashMap};

use domain::errors::{ErrorCode, Refusal};
use domain::ids::{ArticleId, ContactId, OrderLineId, SupplierLinkId};
use domain::links::{
    Confirmed, Decided, LinePlace, LinkInput, LinkMade, MAX_CONFIRMED, SupplierLink, Verdict,
};
use domain::roles::Permission;
use domain::text;
use store::Tx;
use store::partner_articles::Wanted;

use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::instance::note_register;
use crate::orders;

/// *Bekreft kobling*: the number means this article from now on. On a line of an order the line gets the supplier's number.
pub async fn confirm(
    ctx: &Ctx,
    input: LinkInput,
    place: Option<LinePlace>,
) -> Result<LinkMade, ServiceError> {
    ctx.require(Permission::Purchase)?;
    let input = input.check()?;
    ctx.write((input, place), |ctx, tx, (input, place)| {
        Box::pin(async move {
            let made = decide(ctx, tx, input, Verdict::Same).await?;
            if let Some(place) = place {
                orders::give_number(ctx, tx, *place, &made).await?;
            }
            Ok(made)
        })
    })
    .await
}

/// *Bekreft kobling* in the form of an order: the form puts the number into its line itself. What was written there is remembered, so that
/// the line has it back when the link is taken back. The line need not be saved yet.
pub async fn confirm_in_form(
    ctx: &Ctx,
    input: LinkInput,
    line_id: OrderLineId,
) -> Result<LinkMade, ServiceError> {
    ctx.require(Permission::Purchase)?;
    let input = input.check()?;
    ctx.write((input, line_id), |ctx, tx, (input, line_id)| {
        Box::pin(async move {
            let made = decide(ctx, tx, input, Verdict::Same).await?;
            let (link, written) = (made.supplier_link_id, &input.written_number);
            store::links::keep_line(tx, link, *line_id, written, ctx.now()).await?;
            Ok(made)
        })
    })
    .await
}

/// Confirms many at once, all or none.
pub async fn confirm_many(ctx: &Ctx, inputs: Vec<LinkInput>) -> Result<Vec<SupplierLinkId>, ServiceError> {
    ctx.require(Permission::Purchase)?;
    if inputs.len() > MAX_CONFIRMED {
        return Err(ErrorCode::TooManyLines.into());
    }
    let inputs = inputs.iter().map(LinkInput::check).collect::<Result<Vec<_>, _>>()?;
    ctx.write(inputs, |ctx, tx, inputs| {
        Box::pin(async move {
            let mut made = Vec::with_capacity(inputs.len());
            for input in inputs {
                made.push(decide(ctx, tx, input, Verdict::Same).await?.supplier_link_id);
            }
            Ok(made)
        })
    })
    .await
}

/// *Ikke samme*: the article is not proposed for the number again.
pub async fn reject(ctx: &Ctx, input: LinkInput) -> Result<LinkMade, ServiceError> {
    ctx.require(Permission::Purchase)?;
    let input = input.check()?;
    ctx.write(input, |ctx, tx, input| Box::pin(decide(ctx, tx, input, Verdict::NotSame))).await
}

/// Takes decisions back, all or none. Lines that got their number by them have back what stood there, where their order has not been sent
/// and nobody has written another number since.
pub async fn undo(ctx: &Ctx, ids: Vec<SupplierLinkId>) -> Result<(), ServiceError> {
    ctx.require(Permission::Purchase)?;
    if ids.len() > MAX_CONFIRMED {
        return Err(ErrorCode::TooManyLines.into());
    }
    ctx.write(ids, |ctx, tx, ids| {
        Box::pin(async move {
            for id in ids {
                let link = store::links::lookup(tx, *id).await?.ok_or(ErrorCode::NotFound)?;
                if !store::links::undo(tx, *id, ctx.actor.name(), ctx.now()).await? {
                    continue;
                }
                note_register(ctx, tx, "supplier_link_undone", id.0).await?;
                give_numbers_back(ctx, tx, &link).await?;
            }
            Ok(())
        })
    })
    .await
}

/// Gives the lines that have their number by the link back what stood there.
async fn give_numbers_back(ctx: &Ctx, tx: &mut Tx, link: &SupplierLink) -> Result<(), ServiceError> {
    for (order_id, line_id, written) in store::links::lines(tx, link.supplier_link_id).await? {
        let place = LinePlace { order_id, line_id };
        orders::give_number_back(ctx, tx, place, &link.partner_number, &written).await?;
    }
    Ok(())
}

/// *Rett nummeret*: our register gets the number as the supplier writes it. Only what still is `from` is changed, so that the way back is the
/// same step with the numbers changed round.
pub async fn correct_number(
    ctx: &Ctx,
    article_id: ArticleId,
    supplier: ContactId,
    from: String,
    to: String,
) -> Result<(), ServiceError> {
    ctx.require(Permission::WriteRegisters)?;
    let to = text::single_line(&to, domain::articles::MAX_NUMBER)
        .map_err(|_| Refusal::of_field("/to", ErrorCode::InvalidCharacter))?;
    if to.is_empty() {
        return Err(Refusal::of_field("/to", ErrorCode::Required).into());
    }
    ctx.write((article_id, supplier, from, to), |ctx, tx, (article_id, supplier, from, to)| {
        Box::pin(async move {
            let article = store::articles::lookup(tx, *article_id).await?.ok_or(ErrorCode::NotFound)?;
            let known = article.suppliers.iter().find(|known| known.contact_id == *supplier);
            let known = known.ok_or(ErrorCode::NotFound)?;
            if known.supplier_article_number != *from {
                return Err(ErrorCode::VersionConflict.into());
            }
            store::articles::set_supplier_number(tx, *article_id, *supplier, to).await?;
            note_register(ctx, tx, "supplier_number_corrected", article_id.0).await
        })
    })
    .await
}

async fn decide(
    ctx: &Ctx,
    tx: &mut Tx,
    input: &LinkInput,
    verdict: Verdict,
) -> Result<LinkMade, ServiceError> {
    let connection = store::connections::find_by_contact(tx, input.supplier_id).await?;
    let connection =
        connection.ok_or_else(|| Refusal::of_field("/supplier_id", ErrorCode::ConnectionMissing))?;
    let wanted = Wanted { number: input.partner_number.clone(), ..Wanted::default() };
    let found = store::partner_articles::candidates(tx, connection.row.connection_id, &[wanted]).await?;
    if !found.iter().flatten().any(|article| article.number == input.partner_number) {
        let refusal = Refusal::of_field("/partner_number", ErrorCode::ArticleUnknown);
        return Err(refusal.with("number", &input.partner_number).into());
    }
    let article = match input.article_number.as_str() {
        "" => None,
        number => store::articles::find_by_number(tx, number).await?.map(|article| article.article_id),
    };
    let link = SupplierLink {
        supplier_link_id: ctx.new_id(),
        contact_id: input.supplier_id,
        written_number: input.written_number.clone(),
        article_id: article,
        partner_number: input.partner_number.clone(),
        verdict,
        decided_by: ctx.actor.name().to_owned(),
        decided_at: ctx.now(),
        undone: None,
    };
    if link.written_number.is_empty() && link.article_id.is_none() {
        return Err(Refusal::of_field("/article_number", ErrorCode::ArticleUnknown)
            .with("number", &input.article_number)
            .into());
    }
    // A line with the number of a link whose place this one takes has its own back, and with it the number of this one where it is meant.
    for before in store::links::decide(tx, &link).await? {
        give_numbers_back(ctx, tx, &before).await?;
    }
    let kind = match verdict {
        Verdict::Same => "supplier_link_confirmed",
        Verdict::NotSame => "supplier_link_rejected",
    };
    note_register(ctx, tx, kind, link.supplier_link_id.0).await?;
    Ok(LinkMade { supplier_link_id: link.supplier_link_id, partner_number: link.partner_number })
}

/// The decisions about a supplier that concern some lines.
#[derive(Default)]
pub(crate) struct Decisions {
    /// By the number as written, and by the supplier's.
    by_number: HashMap<String, Vec<SupplierLink>>,
    by_article: HashMap<ArticleId, Vec<SupplierLink>>,
}

/// Reads the decisions that concern any of the numbers or own articles.
pub(crate) async fn decisions(
    tx: &mut Tx,
    supplier: ContactId,
    numbers: BTreeSet<String>,
    articles: BTreeSet<ArticleId>,
) -> Result<Decisions, ServiceError> {
    let mut decisions = Decisions::default();
    if !store::links::any(tx, supplier).await? {
        return Ok(decisions);
    }
    for link in store::links::concerning(tx, supplier, &numbers, &articles).await? {
        for number in BTreeSet::from([&link.written_number, &link.partner_number]) {
            decisions.by_number.entry(number.clone()).or_default().push(link.clone());
        }
        if let Some(article_id) = link.article_id {
            decisions.by_article.entry(article_id).or_default().push(link);
        }
    }
    Ok(decisions)
}

impl Decisions {
    fn at_number(&self, number: &str) -> &[SupplierLink] {
        self.by_number.get(number).filter(|_| !number.is_empty()).map_or(&[], Vec::as_slice)
    }

    fn at_article(&self, article: Option<ArticleId>) -> &[SupplierLink] {
        article.and_then(|article| self.by_article.get(&article)).map_or(&[], Vec::as_slice)
    }

    /// The confirmed link that gives a line its number: by the number as written; or, where nobody wrote one for this line, by the own
    /// article.
    pub(crate) fn link_for(
        &self,
        written: &str,
        is_typed: bool,
        article: Option<ArticleId>,
    ) -> Option<&SupplierLink> {
        let of_article = || self.at_article(article).iter().find(|link| link.verdict == Verdict::Same);
        let written_so =
            |link: &&SupplierLink| link.verdict == Verdict::Same && link.written_number == written;
        let of_number = || self.at_number(written).iter().find(written_so);
        if is_typed { of_number() } else { of_article().or_else(of_number) }
    }

    /// What is decided about a line with this number.
    pub(crate) fn about(&self, number: &str, article: Option<ArticleId>) -> Decided {
        let links = || self.at_number(number).iter().chain(self.at_article(article));
        let confirmed = |link: &&SupplierLink| link.verdict == Verdict::Same;
        // The line has its number by a link, or would get it by one.
        let has = links().filter(confirmed).find(|link| link.partner_number == number);
        let gets =
            || links().filter(confirmed).find(|link| link.written_number == number || number.is_empty());
        Decided {
            same: has.or_else(gets).map(|link| Confirmed {
                supplier_link_id: link.supplier_link_id,
                partner_number: link.partner_number.clone(),
                by: link.decided_by.clone(),
                at: link.decided_at,
            }),
            not_same: links()
                .filter(|link| link.verdict == Verdict::NotSame)
                .filter(|link| {
                    link.written_number == number || (link.article_id.is_some() && link.article_id == article)
                })
                .map(|link| link.partner_number.clone())
                .collect(),
        }
    }
}
