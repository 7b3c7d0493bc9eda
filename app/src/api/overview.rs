//! What *Oversikt* shows.

use domain::drafts::DraftView;
use domain::orders::OrderView;
use domain::time::CalendarDate;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::AppError;

/// Figures and how far the set-up has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Overview {
    pub today: CalendarDate,
    pub orders: Vec<(OrderView, i64)>,
    /// Empty while the extension is off.
    pub drafts: Vec<(DraftView, i64)>,
    /// For administrators only.
    pub setup: Option<SetUp>,
}

/// Which steps of *Kom i gang* are done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetUp {
    pub extension_on: bool,
    pub connection_registered: bool,
    pub has_supplier: bool,
    pub has_exported: bool,
    pub token_issued: bool,
    pub has_customer: bool,
    pub has_approved: bool,
}

/// Everything on *Oversikt*.
#[server(endpoint = "read_overview")]
pub async fn read_overview() -> Result<Overview, AppError> {
    use domain::roles::Permission;
    use services::{drafts, instance, orders};

    let ctx = crate::api::server::ctx()?;
    let order_counts = orders::counts(&ctx).await?;
    let extension_on = instance::current(&ctx).await?.is_some_and(|instance| instance.extension_on);
    let draft_counts = if extension_on { drafts::counts(&ctx).await? } else { Vec::new() };
    let setup = if ctx.actor.may(Permission::Administer) {
        let count = |wanted: OrderView| {
            order_counts.iter().find(|(view, _)| *view == wanted).map_or(0, |(_, count)| *count)
        };
        let approved =
            draft_counts.iter().find(|(view, _)| *view == DraftView::Approved).map_or(0, |(_, count)| *count);
        let exported = count(OrderView::Waiting) + count(OrderView::Approved) > 0;
        Some(server::set_up(&ctx, extension_on, exported, approved > 0).await?)
    } else {
        None
    };
    Ok(Overview { today: ctx.today(), orders: order_counts, drafts: draft_counts, setup })
}

#[cfg(feature = "ssr")]
mod server {
    use domain::contacts::ContactRole;
    use domain::paging::PageRequest;
    use services::{Ctx, ServiceError, connections, contacts, tokens};

    use super::SetUp;

    pub(super) async fn set_up(
        ctx: &Ctx,
        extension_on: bool,
        has_exported: bool,
        has_approved: bool,
    ) -> Result<SetUp, ServiceError> {
        let one = PageRequest { page: 1, page_size: 1 };
        Ok(SetUp {
            extension_on,
            connection_registered: connections::list(ctx).await?.iter().any(|row| !row.is_price_file()),
            has_supplier: contacts::list(ctx, ContactRole::Supplier, None, one).await?.total > 0,
            has_exported,
            token_issued: !tokens::list(ctx).await?.is_empty(),
            has_customer: contacts::list(ctx, ContactRole::Customer, None, one).await?.total > 0,
            has_approved,
        })
    }
}
