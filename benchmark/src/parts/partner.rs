//! The partner API as another company's system uses it: orders of five lines, one after the other, over one connection.

use std::time::Instant;

use uuid::Uuid;

use super::export::per;
use crate::client::Client;
use crate::failure::Outcome;
use crate::instance::Pair;
use crate::report::{Figure, Report, Target};
use crate::rows::bare::{Bare, document};
use crate::rows::now;
use crate::rows::seed::{Ready, articles_of};
use crate::setting::{Kind, Setting};
use crate::statistics::Samples;
use crate::usage::Meter;

const ORDERS: i64 = 500;
const WARM_UP: i64 = 50;
const LINES: i64 = 5;

/// Measures calls of `POST /purchase-orders` beside the bare program.
pub async fn measure(setting: &Setting, kind: Kind, report: &mut Report) -> Outcome<()> {
    let pair = Pair::new(setting, kind).await?;
    let mut other = Pair::new(setting, kind).await?;
    other.stop().await?;
    let mut bare = Bare::new(other.buyer.open().await?, other.supplier.open().await?).await?;
    let (instance, epoch) = pair.buyer.open().await?.identity().await?;
    let mut client = Client::new(pair.supplier.address)
        .with("authorization", &format!("Bearer {}", pair.secret))?
        .with("partner-api-version", "1")?
        .with("partner-instance", &instance.to_string())?
        .with("partner-epoch", &epoch.to_string())?;
    let count = setting.amount(ORDERS, 20);
    let orders = numbered(count + WARM_UP)?;
    let meter = Meter::of(pair.supplier.process()).with(setting.database_process(kind));
    let own = Meter::own().with(setting.database_process(kind));
    let (mut product, mut compared) = (Samples::default(), Samples::default());
    let (mut product_cpu, mut bare_cpu) = (0.0, 0.0);
    for (index, order) in (0_i64..).zip(&orders) {
        if index == WARM_UP {
            product_cpu = meter.seconds()?;
        }
        let message = Uuid::from_u128(order.id.parse::<Uuid>()?.as_u128() ^ (1 << 32));
        let body = document(order.id.parse()?, message, &order.number, &articles_of(index, LINES));
        let started = Instant::now();
        client.post(PATH, body.into(), &[("idempotency-key", &message.to_string())]).await?;
        if index >= WARM_UP {
            product.add(started.elapsed());
        }
    }
    product_cpu = (meter.seconds()? - product_cpu) / per(product.len());
    for (index, order) in (0_i64..).zip(&orders) {
        if index == WARM_UP {
            bare_cpu = own.seconds()?;
        }
        let started = Instant::now();
        bare.receive(order, LINES).await?;
        if index >= WARM_UP {
            compared.add(started.elapsed());
        }
    }
    bare_cpu = (own.seconds()? - bare_cpu) / per(compared.len());
    tell(report, kind, (&product, product_cpu), (&compared, bare_cpu));
    Ok(())
}

const PATH: &str = "/partner/v1/purchase-orders";

fn tell(report: &mut Report, kind: Kind, product: (&Samples, f64), bare: (&Samples, f64)) {
    let (wall, compared) = (product.0.median(), bare.0.median());
    let times = Figure::new("order of 5 lines, times the bare program", wall / compared, "×");
    report.add("partner", kind.word(), times.reaching(Target::AtMost(2.0)));
    for (share, name) in [(0.5, "p50"), (0.95, "p95")] {
        let figure = Figure::new(format!("order of 5 lines, {name}"), product.0.percentile(share), "ms");
        report.add("partner", kind.word(), figure.beside_bare(bare.0.percentile(share)));
    }
    let cpu = Figure::new("order of 5 lines, CPU of the supplier", product.1 * 1000.0, "ms");
    report.add("partner", kind.word(), cpu.beside_bare(bare.1 * 1000.0));
}

/// Orders that are known to nobody yet.
fn numbered(count: i64) -> Outcome<Vec<Ready>> {
    let time = u128::try_from(now()? / 1000)?;
    let order = |n: i64| {
        let id = Uuid::from_u128((time << 80) | (7 << 76) | (2 << 62) | u128::from(n.unsigned_abs()));
        Ready { id: id.to_string(), number: format!("PO-{n:06}") }
    };
    Ok((1..=count).map(order).collect())
}
