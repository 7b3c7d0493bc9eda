//! Sales orders.

use domain::ids::ContactId;
use domain::paging::Page;
use domain::sales_orders::{SalesOrder, SalesOrderRow};
use domain::saved_views::SavedView;
use leptos::prelude::*;
use serde::{Deserialize, Serialize};

use crate::error::AppError;

/// One page of the list, with what stands around it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SalesOrderList {
    pub orders: Page<SalesOrderRow>,
    /// Those that the list can be filtered by.
    pub customers: Vec<(ContactId, String)>,
    pub views: Vec<SavedView>,
    /// Nothing was asked, and the person's list opens with a saved view, which has this address.
    pub opens_with: Option<String>,
}

/// One page of the list. `question` is what the list's address asks, without the page.
#[server(endpoint = "list_sales_orders")]
pub async fn list_sales_orders(
    #[server(default)] question: String,
    page: i64,
) -> Result<SalesOrderList, AppError> {
    use crate::pages::saved_views::opens_with;
    use domain::sales_orders::SalesOrderFilter;
    use domain::saved_views::ListName;

    let ctx = super::server::ctx()?;
    let views = services::saved_views::list(&ctx, ListName::SalesOrders).await?;
    if let Some(opens_with) = opens_with(ListName::SalesOrders, &views, &question, page) {
        return Ok(SalesOrderList { opens_with: Some(opens_with), ..SalesOrderList::default() });
    }
    let asked = super::lists::Asked::of(&question);
    let filter = SalesOrderFilter::read(|name| asked.get(name));
    let orders = services::sales_orders::list(&ctx, &filter, asked.page(page)).await?;
    let customers = services::orders::offered_customers(&ctx, filter.customer).await?;
    Ok(SalesOrderList { orders, customers, views, opens_with: None })
}

/// A sales order.
#[server(endpoint = "get_sales_order")]
pub async fn get_sales_order(number: String) -> Result<SalesOrder, AppError> {
    let ctx = super::server::ctx()?;
    Ok(services::sales_orders::get(&ctx, &number).await?)
}
