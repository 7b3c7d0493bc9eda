//! The walk-through of `docs/partner-api.md`, run as it is written there.

use domain::tokens::Scope;
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::process::Command;

use crate::support::site;

const GUIDE: &str = include_str!("../../../docs/partner-api.md");
const SECTION: &str = "## A walk-through";
/// What the line after a command begins with: the status, then places in the answer with their values.
const TOLD: &str = "→ ";

/// A command, and what the text says of its answer.
struct Step {
    command: String,
    told: Option<String>,
}

fn steps() -> Vec<Step> {
    let section = GUIDE.split(SECTION).nth(1).unwrap().split("\n## ").next().unwrap();
    let mut steps: Vec<Step> = Vec::new();
    let mut command: Option<String> = None;
    for line in section.lines() {
        match (&mut command, line) {
            (None, "```sh") => command = Some(String::new()),
            (Some(text), "```") => steps.push(Step { command: std::mem::take(text), told: None }),
            (Some(text), line) if !text.is_empty() || !line.is_empty() => *text += &format!("{line}\n"),
            _ => {}
        }
        if line == "```" {
            command = None;
        }
        if let (None, Some(told)) = (&command, line.strip_prefix(TOLD)) {
            steps.last_mut().unwrap().told = Some(told.to_owned());
        }
    }
    steps
}

/// Compares an answer with the text: `201 · /state/status = "received"`.
fn check(step: &Step, told: &str, output: &str) {
    let (body, status) = output.trim_end().rsplit_once('\n').unwrap_or(("", output.trim_end()));
    let document: Value =
        body.lines().next().and_then(|line| serde_json::from_str(line).ok()).unwrap_or_default();
    let mut parts = told.trim_end_matches('.').split(" · ");
    assert_eq!(parts.next(), Some(status), "{}\n{output}", step.command);
    for part in parts {
        let (pointer, value) = part.split_once(" = ").unwrap();
        let value: Value = serde_json::from_str(value.trim_matches('`')).unwrap();
        assert_eq!(document.pointer(pointer.trim_matches('`')), Some(&value), "{}\n{output}", step.command);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_walk_through_works_as_it_is_written() {
    if Command::new("curl").arg("--version").output().await.is_err() {
        println!("left out: there is no curl on this machine");
        return;
    }
    let site = site().await;
    let article = domain::articles::ArticleInput {
        number: "A4-M10-50".to_owned(),
        name: "Sekskantskrue M10x50 A4".to_owned(),
        price: "6,10".to_owned(),
        ..Default::default()
    };
    services::articles::add(&site.ctx, article).await.unwrap();
    let token = site.token(&Scope::ALL).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let api = format!("http://{}/partner/v1", listener.local_addr().unwrap());
    let stop = site.program.stop.clone();
    tokio::spawn(server::http::accept::serve(listener, site.program.router.clone(), stop.clone()));
    let folder = tempfile::tempdir().unwrap();
    let steps = steps();
    assert!(steps.len() >= 9, "the steps are not found");
    for step in &steps {
        let output = Command::new("sh")
            .args(["-e", "-c", &step.command])
            .current_dir(folder.path())
            .env("API", &api)
            .env("TOKEN", &token)
            .output()
            .await
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(
            output.status.success(),
            "{}\n{text}{}",
            step.command,
            String::from_utf8_lossy(&output.stderr)
        );
        if let Some(told) = &step.told {
            check(step, told, &text);
        }
    }
    stop.cancel();
}
