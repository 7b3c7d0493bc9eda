//! Orders exported in one run, both instances and all commits counted.

use std::time::{Duration, Instant};

use uuid::Uuid;

use super::export::per;
use crate::client::Client;
use crate::failure::{Failure, Outcome, needed};
use crate::instance::Pair;
use crate::report::{Figure, Report, Target};
use crate::rows::Database;
use crate::rows::bare::Bare;
use crate::rows::seed::{Batch, Ready, ready_orders};
use crate::setting::{Kind, Setting};
use crate::statistics::Samples;
use crate::usage::Meter;

/// Lines of an order, the orders of a run, and how many runs.
const SIZES: [(i64, i64, i64); 3] = [(1, 500, 5), (5, 500, 5), (200, 50, 3)];
/// How long a run may take before something is wrong.
const PATIENCE: Duration = Duration::from_secs(120);
/// How often it is looked at whether a run is settled.
const GLANCE: Duration = Duration::from_millis(5);
/// The orders of this part have numbers from here on.
const FIRST: i64 = 6_000_001;

/// Measures runs of each size of order beside the bare program.
pub async fn measure(setting: &Setting, kind: Kind, report: &mut Report) -> Outcome<()> {
    let mut pair = Pair::new(setting, kind).await?;
    let mut other = Pair::new(setting, kind).await?;
    other.stop().await?;
    pair.buyer.start().await?;
    let mut bare = Bare::new(other.buyer.open().await?, other.supplier.open().await?).await?;
    let mut at_bare = other.buyer.open().await?;
    let mut runs = Runs::new(setting, kind, &pair, FIRST).await?;
    let mut bare_next = FIRST;
    for (lines, count, times) in SIZES {
        let (count, times) = (setting.amount(count, 20), setting.amount(times, 2));
        let product = runs.several(count, lines, times).await?;
        let compared =
            bare_runs(setting, kind, &mut bare, &mut at_bare, bare_next, (count, lines, times)).await?;
        bare_next += count * (times + 1);
        tell(report, kind, count, lines, &product, &compared);
    }
    Ok(())
}

fn tell(report: &mut Report, kind: Kind, count: i64, lines: i64, product: &Rate, bare: &Rate) {
    let run = format!("{count} orders of {lines} lines");
    let mut rate = Figure::new(run.clone(), product.median(), "orders/s").beside_bare(bare.median());
    let mut share =
        Figure::new(format!("{run}, share of the bare program"), product.median() / bare.median(), "");
    if lines == 5 {
        rate = rate.reaching(Target::AtLeast(1000.0));
        share = share.reaching(Target::AtLeast(0.25));
    }
    report.add("batch", kind.word(), rate);
    report.add("batch", kind.word(), share);
    let cpu = Figure::new(format!("{run}, CPU of all, each"), product.cpu * 1000.0, "ms");
    report.add("batch", kind.word(), cpu.beside_bare(bare.cpu * 1000.0));
}

/// How fast runs went.
pub struct Rate {
    rates: Samples,
    /// Seconds of CPU for each order.
    pub cpu: f64,
}

impl Rate {
    /// Orders in a second, of the middle run.
    pub fn median(&self) -> f64 {
        self.rates.median()
    }
}

/// Someone who exports run after run.
pub struct Runs<'a> {
    client: Client,
    database: Database,
    supplier: Database,
    meter: Meter,
    pair: &'a Pair,
    /// The running number of the next order.
    pub next: i64,
}

impl<'a> Runs<'a> {
    /// Signs in at the buyer. Both processes must run.
    pub async fn new(setting: &Setting, kind: Kind, pair: &'a Pair, first: i64) -> Outcome<Self> {
        let (client, database) = (pair.buyer.sign_in().await?, pair.buyer.open().await?);
        let supplier = pair.supplier.open().await?;
        Ok(Self { client, database, supplier, meter: pair.meter(setting, kind), pair, next: first })
    }

    /// Exports the same number of orders several times, after one run to warm up.
    pub async fn several(&mut self, count: i64, lines: i64, times: i64) -> Outcome<Rate> {
        self.once(count.min(50), lines).await?;
        let (mut rates, mut cpu) = (Samples::default(), 0.0);
        for _ in 0..times {
            let (took, used) = self.once(count, lines).await?;
            rates.add_value(per(usize::try_from(count)?) / took.as_secs_f64());
            cpu += used;
        }
        Ok(Rate { rates, cpu: cpu / per(usize::try_from(count * times)?) })
    }

    async fn once(&mut self, count: i64, lines: i64) -> Outcome<(Duration, f64)> {
        let orders = ready_orders(&mut self.database, Batch { first: self.next, count, lines }).await?;
        self.next += count;
        let drafts = self.supplier.drafts().await?;
        let names: Vec<String> = (0..orders.len()).map(|index| format!("order_ids[{index}]")).collect();
        let fields: Vec<(&str, &str)> =
            names.iter().zip(&orders).map(|(name, order)| (name.as_str(), order.id.as_str())).collect();
        let before = self.meter.seconds()?;
        let started = Instant::now();
        let job = self.client.call("export_orders", &fields).await?;
        let job: Uuid = needed(job.as_str(), "the run's id")?.parse()?;
        while self.database.delivered(job).await? < count {
            if started.elapsed() > PATIENCE {
                return Err(Failure::new(format!("a run was not settled at {}", self.pair.buyer.address)));
            }
            tokio::time::sleep(GLANCE).await;
        }
        let took = started.elapsed();
        let used = self.meter.seconds()? - before;
        match self.supplier.drafts().await? - drafts {
            made if made == count => Ok((took, used)),
            made => Err(Failure::new(format!("{count} orders made {made} drafts"))),
        }
    }
}

async fn bare_runs(
    setting: &Setting,
    kind: Kind,
    bare: &mut Bare,
    buyer: &mut Database,
    first: i64,
    (count, lines, times): (i64, i64, i64),
) -> Outcome<Rate> {
    let meter = Meter::own().with(setting.database_process(kind));
    let (mut rates, mut cpu) = (Samples::default(), 0.0);
    for run in 0..=times {
        let orders: Vec<Ready> =
            ready_orders(buyer, Batch { first: first + run * count, count, lines }).await?;
        let before = meter.seconds()?;
        let started = Instant::now();
        bare.send_together(&orders, lines).await?;
        // The first one warms up.
        if run > 0 {
            rates.add_value(per(orders.len()) / started.elapsed().as_secs_f64());
            cpu += meter.seconds()? - before;
        }
    }
    Ok(Rate { rates, cpu: cpu / per(usize::try_from(count * times)?) })
}
