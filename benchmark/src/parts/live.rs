//! One event and many open streams: when the last of them has it.

use std::time::{Duration, Instant};

use tokio::sync::mpsc;

use super::export::per;
use crate::failure::{Failure, Outcome};
use crate::instance::Pair;
use crate::report::{Figure, Report, Target};
use crate::setting::{Kind, Setting};
use crate::statistics::Samples;

/// Open streams. The program takes 1,000 connections; a few are left for whoever writes.
const STREAMS: [usize; 3] = [100, 500, 990];
const EVENTS: i64 = 100;
const PATIENCE: Duration = Duration::from_secs(30);

/// Measures from the click that causes the event to the last stream that has it.
pub async fn measure(setting: &Setting, kind: Kind, report: &mut Report) -> Outcome<()> {
    let mut pair = Pair::new(setting, kind).await?;
    pair.buyer.start().await?;
    let mut client = pair.buyer.sign_in().await?;
    let (sender, mut heard) = mpsc::channel(100_000);
    let mut open = 0;
    for streams in STREAMS {
        while open < streams {
            client.listen(open, sender.clone()).await?;
            open += 1;
        }
        let events = setting.amount(EVENTS, 5);
        let mut last = Samples::default();
        let mut cpu = 0.0;
        let meter = pair.meter(setting, kind);
        for event in -2..events {
            let before = meter.seconds()?;
            let started = Instant::now();
            client.call("save_order", &[("input[note]", "Lever til port 2")]).await?;
            let mut waiting = streams;
            let mut at = started;
            while waiting > 0 {
                let next = tokio::time::timeout(PATIENCE, heard.recv()).await?;
                let heard = next.ok_or_else(|| Failure::new("the streams have ended"))?;
                if heard.data.contains("\"purchase_order\"") {
                    waiting -= 1;
                    at = at.max(heard.at);
                }
            }
            // The first ones warm up.
            if event >= 0 {
                last.add(at - started);
                cpu += meter.seconds()? - before;
            }
        }
        let mut p99 = Figure::new(format!("{streams} streams, last one, p99"), last.percentile(0.99), "ms");
        if streams == STREAMS[STREAMS.len() - 1] {
            p99 = p99.reaching(Target::AtMost(500.0));
        }
        let (_, most) = pair.buyer.memory()?;
        let cpu = cpu / per(last.len()) * 1000.0;
        let note = format!("p50 {:.1} ms, CPU {cpu:.1} ms an event, memory {most:.0} MiB", last.median());
        report.add("live", kind.word(), p99.noted(note));
    }
    Ok(())
}
