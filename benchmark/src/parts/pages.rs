//! An instance with many orders: its start, its memory, and the pages that it renders.

use std::time::{Duration, Instant};

use crate::client::Client;
use crate::failure::Outcome;
use crate::instance::{Instance, Pair};
use crate::report::{Figure, Report, Target};
use crate::rows::seed::{check, stored_orders};
use crate::setting::{Kind, Setting};
use crate::statistics::{Samples, milliseconds};

/// Orders in the database.
const ORDERS: i64 = 100_000;
const STARTS: i64 = 5;
const VISITS: i64 = 200;
/// No page is visited longer: one that is slow is known well enough by then.
const LONG_ENOUGH: Duration = Duration::from_secs(10);

/// Pages that are lists, which have a target.
const LISTS: [(&str, &str); 7] = [
    ("list of orders", "/ordre/innkjopsordre?vis=alle&antall=100"),
    ("list of orders, what needs somebody", "/ordre/innkjopsordre?vis=trenger-deg&antall=100"),
    ("list of orders, page 100", "/ordre/innkjopsordre?vis=alle&antall=100&side=100"),
    ("list of orders, by sum", "/ordre/innkjopsordre?vis=godkjent&antall=100&sorter=-sum"),
    ("list of orders, by supplier", "/ordre/innkjopsordre?vis=alle&antall=100&sorter=leverandor"),
    ("list of orders, search for a number", "/ordre/innkjopsordre?vis=alle&antall=100&sok=0000017"),
    ("list of orders, search for a supplier", "/ordre/innkjopsordre?vis=alle&antall=100&sok=bolt"),
];
const OTHERS: [(&str, &str); 2] =
    [("one order", "/ordre/innkjopsordre/PO-2026-0000010"), ("overview", "/oversikt")];
const AT_SUPPLIER: [(&str, &str); 1] = [("list of drafts", "/salg/ordrekladder?vis=alle&antall=100")];

/// Measures starts, memory and pages.
pub async fn measure(setting: &Setting, kind: Kind, report: &mut Report) -> Outcome<()> {
    let mut pair = Pair::new(setting, kind).await?;
    pair.supplier.stop().await?;
    let total = setting.amount(ORDERS, 1000);
    let (mut buyer, mut supplier) = (pair.buyer.open().await?, pair.supplier.open().await?);
    stored_orders(&mut buyer, &mut supplier, 0, total).await?;
    check(&mut supplier, total).await?;
    buyer.close().await?;
    supplier.close().await?;
    let starts = setting.amount(STARTS, 1);
    for (name, instance) in [("buyer", &mut pair.buyer), ("supplier", &mut pair.supplier)] {
        start(report, kind, &format!("{name}, {total} orders"), instance, starts).await?;
    }
    let visits = setting.amount(VISITS, 5);
    let mut client = pair.buyer.sign_in().await?;
    for (name, path) in LISTS {
        visit(report, kind, &mut client, name, path, visits, Some(Target::AtMost(30.0))).await?;
    }
    for (name, path) in OTHERS {
        visit(report, kind, &mut client, name, path, visits, None).await?;
    }
    let mut client = pair.supplier.sign_in().await?;
    for (name, path) in AT_SUPPLIER {
        visit(report, kind, &mut client, name, path, visits, Some(Target::AtMost(30.0))).await?;
    }
    for (name, instance) in [("buyer", &pair.buyer), ("supplier", &pair.supplier)] {
        let (now, most) = instance.memory()?;
        let figure = Figure::new(format!("{name}, memory after the visits"), now, "MiB");
        let note = format!("{most:.0} MiB at most; a sign-in takes 19 MiB for a moment");
        report.add("pages", kind.word(), figure.reaching(Target::AtMost(80.0)).noted(note));
    }
    Ok(())
}

async fn start(
    report: &mut Report,
    kind: Kind,
    name: &str,
    instance: &mut Instance,
    times: i64,
) -> Outcome<()> {
    let (mut ready, mut memory) = (Samples::default(), Samples::default());
    for _ in 0..times {
        instance.stop().await?;
        ready.add_value(milliseconds(instance.start().await?) / 1000.0);
        memory.add_value(instance.memory()?.0);
    }
    let figure = Figure::new(format!("{name}, start to ready"), ready.median(), "s");
    report.add("pages", kind.word(), figure.reaching(Target::AtMost(1.0)));
    let figure = Figure::new(format!("{name}, memory when ready"), memory.median(), "MiB");
    report.add("pages", kind.word(), figure.reaching(Target::AtMost(80.0)));
    Ok(())
}

async fn visit(
    report: &mut Report,
    kind: Kind,
    client: &mut Client,
    name: &str,
    path: &str,
    times: i64,
    target: Option<Target>,
) -> Outcome<()> {
    let (mut took, mut bytes) = (Samples::default(), 0);
    let beginning = Instant::now();
    for _ in 0..times {
        if beginning.elapsed() > LONG_ENOUGH {
            break;
        }
        let started = Instant::now();
        bytes = client.get(path).await?.len();
        took.add(started.elapsed());
    }
    let mut figure = Figure::new(format!("{name}, rendered, p95"), took.percentile(0.95), "ms");
    if let Some(target) = target {
        figure = figure.reaching(target);
    }
    report.add(
        "pages",
        kind.word(),
        figure.noted(format!("p50 {:.1} ms, {} visits, {} kB", took.median(), took.len(), bytes / 1000)),
    );
    Ok(())
}
