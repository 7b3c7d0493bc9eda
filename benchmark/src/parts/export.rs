//! Orders exported one by one, without a browser: through the running instances, and by the command line.

use std::time::{Duration, Instant};

use serde_json::Value;
use tokio::sync::mpsc;

use crate::client::{Client, Heard};
use crate::failure::{Failure, Outcome};
use crate::instance::{Instance, Pair};
use crate::report::{Figure, Report, Target};
use crate::rows::bare::Bare;
use crate::rows::seed::{Batch, Ready, ready_orders};
use crate::setting::{Kind, Setting};
use crate::statistics::Samples;
use crate::usage::{Meter, ended_children};

/// Lines of an order, with the orders that are sent.
const SIZES: [(i64, i64); 3] = [(1, 200), (5, 200), (200, 50)];
/// Orders that are sent before anything is measured.
const WARM_UP: i64 = 20;
/// How long an order may take before something is wrong.
const PATIENCE: Duration = Duration::from_secs(20);
/// Which of the two streams it is.
const AT_BUYER: usize = 0;
const AT_SUPPLIER: usize = 1;
/// The orders of this part have numbers from here on.
const FIRST: i64 = 5_000_001;

/// Measures each size of order beside the bare program.
pub async fn measure(setting: &Setting, kind: Kind, report: &mut Report) -> Outcome<()> {
    let mut pair = Pair::new(setting, kind).await?;
    let mut other = Pair::new(setting, kind).await?;
    other.stop().await?;
    pair.buyer.start().await?;
    let mut bare = Bare::new(other.buyer.open().await?, other.supplier.open().await?).await?;
    let mut first = FIRST;
    let (mut at_product, mut at_bare) = (pair.buyer.open().await?, other.buyer.open().await?);
    for (lines, count) in SIZES {
        let count = setting.amount(count, 10);
        let batch = Batch { first, count: count + WARM_UP, lines };
        let orders = ready_orders(&mut at_product, batch).await?;
        let product = one_by_one(setting, kind, &pair, &orders).await?;
        let orders = ready_orders(&mut at_bare, batch).await?;
        let bare = bare_one_by_one(setting, kind, &mut bare, &orders, lines).await?;
        tell(report, kind, lines, &product, &bare);
        first += batch.count;
    }
    pair.buyer.stop().await?;
    let batch = Batch { first, count: setting.amount(20, 3), lines: 5 };
    by_command_line(setting, kind, &pair, batch, report).await
}

/// What sending orders one by one cost.
struct Cost {
    wall: Samples,
    /// Seconds of CPU for each order.
    cpu: f64,
    /// Until the draft was told at the supplier.
    draft: Samples,
}

fn tell(report: &mut Report, kind: Kind, lines: i64, product: &Cost, bare: &Cost) {
    let order = format!("order of {lines} lines");
    let mut wall = Figure::new(format!("{order}, settled, p50"), product.wall.median(), "ms")
        .beside_bare(bare.wall.median());
    let mut cpu = Figure::new(format!("{order}, CPU of all"), product.cpu * 1000.0, "ms")
        .beside_bare(bare.cpu * 1000.0);
    if lines == 5 {
        wall = wall.reaching(Target::AtMost(40.0));
        cpu = cpu.reaching(Target::AtMost(5.0));
    }
    report.add("export", kind.word(), wall);
    let p95 = Figure::new(format!("{order}, settled, p95"), product.wall.percentile(0.95), "ms");
    report.add("export", kind.word(), p95.beside_bare(bare.wall.percentile(0.95)));
    let draft =
        Figure::new(format!("{order}, draft told at the supplier, p50"), product.draft.median(), "ms");
    report.add("export", kind.word(), draft);
    report.add("export", kind.word(), cpu);
}

async fn one_by_one(setting: &Setting, kind: Kind, pair: &Pair, orders: &[Ready]) -> Outcome<Cost> {
    let mut client = pair.buyer.sign_in().await?;
    let (sender, mut heard) = mpsc::channel(10_000);
    client.listen(AT_BUYER, sender.clone()).await?;
    pair.supplier.sign_in().await?.listen(AT_SUPPLIER, sender).await?;
    let (warm_up, orders) = orders.split_at(usize::try_from(WARM_UP)?);
    for order in warm_up {
        send(&mut client, &mut heard, order).await?;
    }
    let meter = pair.meter(setting, kind);
    let (mut wall, mut draft) = (Samples::default(), Samples::default());
    let before = meter.seconds()?;
    for order in orders {
        let (settled, told) = send(&mut client, &mut heard, order).await?;
        wall.add(settled);
        draft.add(told);
    }
    let cpu = (meter.seconds()? - before) / per(orders.len());
    Ok(Cost { wall, cpu, draft })
}

/// Exports one order; tells when the receipt was settled at the buyer, and when the draft was told at the supplier.
async fn send(
    client: &mut Client,
    heard: &mut mpsc::Receiver<Heard>,
    order: &Ready,
) -> Outcome<(Duration, Duration)> {
    let started = Instant::now();
    client.call("export_orders", &[("order_ids[0]", &order.id)]).await?;
    let (mut settled, mut draft) = (None, None);
    while settled.is_none() || draft.is_none() {
        let next = tokio::time::timeout(PATIENCE, heard.recv()).await?;
        let heard = next.ok_or_else(|| Failure::new("the streams have ended"))?;
        let told: Value = serde_json::from_str(&heard.data).unwrap_or_default();
        let row = &told["row"];
        if heard.listener == AT_BUYER && row["number"] == order.number.as_str() && row["status"] == "received"
        {
            settled = Some(heard.at - started);
        }
        if heard.listener == AT_SUPPLIER && row["customer_order_number"] == order.number.as_str() {
            draft = Some(heard.at - started);
        }
    }
    Ok((settled.unwrap_or_default(), draft.unwrap_or_default()))
}

async fn bare_one_by_one(
    setting: &Setting,
    kind: Kind,
    bare: &mut Bare,
    orders: &[Ready],
    lines: i64,
) -> Outcome<Cost> {
    let (warm_up, orders) = orders.split_at(usize::try_from(WARM_UP)?);
    bare.send_each(warm_up, lines).await?;
    let meter = Meter::own().with(setting.database_process(kind));
    let mut wall = Samples::default();
    let before = meter.seconds()?;
    for order in orders {
        let started = Instant::now();
        bare.send_each(std::slice::from_ref(order), lines).await?;
        wall.add(started.elapsed());
    }
    let cpu = (meter.seconds()? - before) / per(orders.len());
    Ok(Cost { wall, cpu, draft: Samples::default() })
}

/// `prodsys export --all-ready --wait` for one order at a time, with the start of the process.
async fn by_command_line(
    setting: &Setting,
    kind: Kind,
    pair: &Pair,
    batch: Batch,
    report: &mut Report,
) -> Outcome<()> {
    let mut database = pair.buyer.open().await?;
    let others = Meter::of(pair.supplier.process()).with(setting.database_process(kind));
    let mut wall = Samples::default();
    let before = others.seconds()? + ended_children()?;
    for number in batch.first..batch.first + batch.count {
        ready_orders(&mut database, Batch { first: number, count: 1, ..batch }).await?;
        wall.add(export(&pair.buyer).await?);
    }
    let cpu = (others.seconds()? + ended_children()? - before) / per(wall.len());
    let name = "command line, order of 5 lines, with the process's start";
    report.add("export", kind.word(), Figure::new(format!("{name}, p50"), wall.median(), "ms"));
    report.add("export", kind.word(), Figure::new(format!("{name}, CPU of all"), cpu * 1000.0, "ms"));
    Ok(())
}

/// Exports what is ready, and waits until it is settled.
async fn export(buyer: &Instance) -> Outcome<Duration> {
    let started = Instant::now();
    let job = buyer.run(&["export", "--all-ready", "--wait"]).await?;
    if job["items"].as_array().is_none_or(Vec::is_empty) {
        return Err(Failure::new(format!("nothing was exported: {job}")));
    }
    Ok(started.elapsed())
}

/// A number of samples as a divisor.
#[expect(clippy::cast_precision_loss, reason = "a few thousand samples")]
pub fn per(count: usize) -> f64 {
    count.max(1) as f64
}
