//! Decisions, and what they mean for a line.

use std::collections::{BTreeSet, HashMap};

use domain::errors::{ErrorCode, Refusal};
use domain::ids::{ArticleId, ContactId, OrderLineId, SupplierLinkId};
use domain::links::{
    Confirmed, Decided, FormPlace, GivenBack, LinePlace, LinkInput, LinkMade, MAX_CONFIRMED, SupplierLink,
    Verdict,
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
            let (made, replaced) = decide(ctx, tx, input, Verdict::Same).await?;
            let also = place.map(|place| place.order_id);
            orders::give_numbers_back(ctx, tx, &replaced, None, also).await?;
            if let Some(place) = place {
                orders::give_number(ctx, tx, *place, &made).await?;
            }
            Ok(made)
        })
    })
    .await
}

/// *Bekreft kobling* in the form of an order: the form puts the number into its line itself. What was written there is remembered, so that
/// the line has it back when the link is taken back. The line need not be saved yet; one that is saved must be a line of the form's order.
pub async fn confirm_in_form(
    ctx: &Ctx,
    input: LinkInput,
    place: FormPlace,
) -> Result<LinkMade, ServiceError> {
    ctx.require(Permission::Purchase)?;
    let input = input.check()?;
    ctx.write((input, place), |ctx, tx, (input, place)| {
        Box::pin(async move {
            orders::check_form_line(tx, *place).await?;
            let (made, replaced) = decide(ctx, tx, input, Verdict::Same).await?;
            // The form's own line is left to the form: changed here as well, the form would be asked about its own change.
            let written = written_before(tx, &replaced, place.line_id, &input.written_number).await?;
            orders::give_numbers_back(ctx, tx, &replaced, Some(place.line_id), None).await?;
            store::links::keep_line(tx, made.supplier_link_id, place.line_id, &written, ctx.now()).await?;
            Ok(made)
        })
    })
    .await
}

/// What a person wrote in a line that may have its number by a link whose place another one took.
async fn written_before(
    tx: &mut Tx,
    replaced: &[SupplierLink],
    line_id: OrderLineId,
    number: &str,
) -> Result<String, ServiceError> {
    let ids: Vec<SupplierLinkId> = replaced.iter().map(|link| link.supplier_link_id).collect();
    let kept = store::links::kept_of(tx, &ids, line_id).await?;
    let theirs = |id| replaced.iter().find(|link| link.supplier_link_id == id);
    let given: Vec<(&str, &str)> = kept
        .iter()
        .filter_map(|(id, written)| Some((theirs(*id)?.partner_number.as_str(), written.as_str())))
        .collect();
    Ok(GivenBack::number_before(&given, number))
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
            let mut replaced = Vec::new();
            for input in inputs {
                let (one, before) = decide(ctx, tx, input, Verdict::Same).await?;
                made.push(one.supplier_link_id);
                replaced.extend(before);
            }
            orders::give_numbers_back(ctx, tx, &replaced, None, None).await?;
            Ok(made)
        })
    })
    .await
}

/// *Ikke samme*: the article is not proposed for the number again.
pub async fn reject(ctx: &Ctx, input: LinkInput) -> Result<LinkMade, ServiceError> {
    ctx.require(Permission::Purchase)?;
    let input = input.check()?;
    ctx.write(input, |ctx, tx, input| {
        Box::pin(async move {
            let (made, replaced) = decide(ctx, tx, input, Verdict::NotSame).await?;
            orders::give_numbers_back(ctx, tx, &replaced, None, None).await?;
            Ok(made)
        })
    })
    .await
}

/// Takes decisions back, all or none. Lines that got their number by them have back what stood there, where their order has not been sent
/// and nobody has written another number since. Tells which orders that changed.
pub async fn undo(ctx: &Ctx, ids: Vec<SupplierLinkId>) -> Result<GivenBack, ServiceError> {
    ctx.require(Permission::Purchase)?;
    if ids.len() > MAX_CONFIRMED {
        return Err(ErrorCode::TooManyLines.into());
    }
    ctx.write(ids, |ctx, tx, ids| {
        Box::pin(async move {
            let mut undone = Vec::with_capacity(ids.len());
            // Everybody takes them back in the same order, so that nobody waits in a circle.
            for id in BTreeSet::from_iter(ids.iter().copied()) {
                let link = store::links::lookup(tx, id).await?.ok_or(ErrorCode::NotFound)?;
                if !store::links::undo(tx, id, ctx.actor.name(), ctx.now()).await? {
                    continue;
                }
                note_register(ctx, tx, "supplier_link_undone", id.0).await?;
                undone.push(link);
            }
            orders::give_numbers_back(ctx, tx, &undone, None, None).await
        })
    })
    .await
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

/// Writes a decision; also gives those whose place it took. A line with the number of one of them has its own back, and with it the number
/// of this one where it is meant.
async fn decide(
    ctx: &Ctx,
    tx: &mut Tx,
    input: &LinkInput,
    verdict: Verdict,
) -> Result<(LinkMade, Vec<SupplierLink>), ServiceError> {
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
    let replaced = store::links::decide(tx, &link).await?;
    let kind = match verdict {
        Verdict::Same => "supplier_link_confirmed",
        Verdict::NotSame => "supplier_link_rejected",
    };
    note_register(ctx, tx, kind, link.supplier_link_id.0).await?;
    let made = LinkMade { supplier_link_id: link.supplier_link_id, partner_number: link.partner_number };
    Ok((made, replaced))
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
