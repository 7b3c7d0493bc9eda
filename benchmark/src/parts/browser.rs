//! What a person sees, in Chromium: from the click on *Eksporter* to the draft, and the status page on a slow phone.

use std::process::Stdio;

use serde_json::{Value, json};
use tokio::io::AsyncWriteExt;
use tokio::process::Command;

use crate::failure::{Failure, Outcome, needed};
use crate::instance::{Instance, Pair};
use crate::report::{Figure, Report, Target};
use crate::rows::seed::{Batch, Ready, ready_orders};
use crate::setting::{Kind, Setting};
use crate::statistics::Samples;

const LINES: i64 = 5;
const CLICKS: i64 = 40;
const VISITS: i64 = 7;
/// The orders of these parts have numbers from here on.
const FIRST: i64 = 8_000_001;

/// Measures from the click on *Eksporter* at the buyer to the draft on the supplier's open list.
pub async fn screen(setting: &Setting, kind: Kind, report: &mut Report) -> Outcome<()> {
    let mut pair = Pair::new(setting, kind).await?;
    let count = setting.amount(CLICKS, 3);
    let orders = ready(&pair, count + 1).await?;
    pair.buyer.start().await?;
    let buyer = visitor(&pair.buyer).await?;
    let supplier = visitor(&pair.supplier).await?;
    let ids: Vec<&str> = orders.iter().map(|order| order.id.as_str()).collect();
    let meter = pair.meter(setting, kind);
    let before = meter.seconds()?;
    let told =
        drive(setting, "screen.mjs", &json!({ "buyer": buyer, "supplier": supplier, "orders": ids })).await?;
    let cpu = meter.seconds()? - before;
    let samples = samples_of(&told["milliseconds"])?;
    let note = format!("{} clicks, CPU of both instances {:.1} s with all pages", samples.len(), cpu);
    let figures = [(0.5, "p50", 150.0), (0.95, "p95", 400.0)];
    for (share, name, limit) in figures {
        let figure = Figure::new(format!("click to draft visible, {name}"), samples.percentile(share), "ms");
        report.add("screen", kind.word(), figure.reaching(Target::AtMost(limit)).noted(note.clone()));
    }
    Ok(())
}

/// Measures the buyer's page of one order on a throttled phone, beside the static prototype where it is there.
pub async fn phone(setting: &Setting, kind: Kind, report: &mut Report) -> Outcome<()> {
    let mut pair = Pair::new(setting, kind).await?;
    let orders = ready(&pair, 1).await?;
    pair.buyer.start().await?;
    let mut client = pair.buyer.sign_in().await?;
    let order = needed(orders.first(), "an order")?;
    client.call("export_orders", &[("order_ids[0]", &order.id)]).await?;
    let mut question = json!({
        "visitor": visitor(&pair.buyer).await?,
        "path": format!("/ordre/innkjopsordre/{}", order.number),
        "visits": setting.amount(VISITS, 1),
    });
    if let Some(prototype) = &setting.prototype {
        question["prototype"] = json!(prototype);
    }
    let told = drive(setting, "phone.mjs", &question).await?;
    for (key, what) in [("page", "order page"), ("prototype", "static prototype")] {
        if told[key].is_null() {
            report.say("  the static prototype is not there: nothing beside the page");
            continue;
        }
        let targets = [
            ("lcp", "LCP", "ms", 2000.0),
            ("inp", "longest interaction", "ms", 150.0),
            ("cls", "CLS", "", 0.02),
        ];
        for (field, name, unit, limit) in targets {
            let samples = samples_of(&told[key][field])?;
            let mut figure = Figure::new(format!("{what}, {name}, median"), samples.median(), unit);
            if key == "page" {
                figure = figure.reaching(Target::AtMost(limit));
            }
            report.add("phone", "", figure.noted(format!("of {} visits", samples.len())));
        }
    }
    Ok(())
}

async fn ready(pair: &Pair, count: i64) -> Outcome<Vec<Ready>> {
    ready_orders(&mut pair.buyer.open().await?, Batch { first: FIRST, count, lines: LINES }).await
}

/// Where someone is signed in, and by which cookie.
pub(super) async fn visitor(instance: &Instance) -> Outcome<Value> {
    let client = instance.sign_in().await?;
    let (name, value) = needed(client.cookie(), "the session")?;
    Ok(json!({ "url": format!("http://{}", instance.address), "cookie": { "name": name, "value": value } }))
}

/// Runs a script of Playwright's, which reads a document and answers with one.
pub(super) async fn drive(setting: &Setting, script: &str, question: &Value) -> Outcome<Value> {
    let chromium = needed(setting.chromium.as_ref(), "Chromium")?;
    let mut command = Command::new("node");
    command.arg(setting.scripts.join(script)).env("CHROMIUM", chromium);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    let mut child = command.spawn()?;
    if let Some(mut input) = child.stdin.take() {
        input.write_all(question.to_string().as_bytes()).await?;
    }
    let output = child.wait_with_output().await?;
    if !output.status.success() {
        return Err(Failure::new(format!("{script}: {}", String::from_utf8_lossy(&output.stderr))));
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

pub(super) fn samples_of(values: &Value) -> Outcome<Samples> {
    let mut samples = Samples::default();
    for value in needed(values.as_array(), "the script's figures")? {
        samples.add_value(needed(value.as_f64(), "a figure")?);
    }
    Ok(samples)
}
