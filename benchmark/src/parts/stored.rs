//! The rate of a batch with few and with very many stored orders.

use std::time::Instant;

use super::batch::Runs;
use crate::failure::Outcome;
use crate::instance::Pair;
use crate::report::{Figure, Report, Target, plain};
use crate::rows::seed::{check, stored_orders};
use crate::setting::{Kind, Setting};

const FEW: i64 = 1_000;
const MANY: i64 = 1_000_000;
const BATCH: i64 = 500;
const LINES: i64 = 5;
const TIMES: i64 = 5;
/// The orders of this part have numbers from here on.
const FIRST: i64 = 7_000_001;

/// Measures the rate twice, on the same instances.
pub async fn measure(setting: &Setting, kind: Kind, report: &mut Report) -> Outcome<()> {
    let mut pair = Pair::new(setting, kind).await?;
    let (mut there, mut first) = (0, FIRST);
    let mut rates = Vec::new();
    for total in [FEW, setting.amount(MANY, 5_000)] {
        pair.stop().await?;
        let (mut buyer, mut supplier) = (pair.buyer.open().await?, pair.supplier.open().await?);
        let started = Instant::now();
        stored_orders(&mut buyer, &mut supplier, there, total).await?;
        check(&mut supplier, total).await?;
        buyer.close().await?;
        supplier.close().await?;
        report.say(&format!("  {total} orders stored, {:.0} s", started.elapsed().as_secs_f64()));
        there = total;
        pair.supplier.start().await?;
        pair.buyer.start().await?;
        let mut runs = Runs::new(setting, kind, &pair, first).await?;
        let rate = runs.several(setting.amount(BATCH, 20), LINES, setting.amount(TIMES, 2)).await?;
        first = runs.next;
        let figure = Figure::new(format!("500 orders of 5 lines, {total} stored"), rate.median(), "orders/s");
        report.add("stored", kind.word(), figure.noted(format!("CPU {} ms each", plain(rate.cpu * 1000.0))));
        rates.push(rate.median());
    }
    if let [few, many] = rates[..] {
        let slower = Figure::new("how much slower with many", (1.0 - many / few) * 100.0, "%");
        report.add("stored", kind.word(), slower.reaching(Target::AtMost(10.0)));
    }
    Ok(())
}
