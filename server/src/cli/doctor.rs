//! `prodsys doctor`: what is wrong and what to do about it. Ends with 1 when something does not work or is not safe.

use domain::language::Language;
use services::health::{Finding, Level};

use super::{CliError, Run};
use crate::doctor::{self, Report};
use crate::operator_texts::{plain, text};

pub(super) async fn run(run: &Run) -> Result<(), CliError> {
    let report = doctor::examine(&run.config).await;
    let language = run.out.texts.language();
    let findings: Vec<serde_json::Value> = report
        .findings
        .iter()
        .map(|finding| {
            let (said, fix) = words(language, finding);
            let mut document = serde_json::json!(finding);
            document["text"] = said.into();
            document["fix"] = fix.into();
            document
        })
        .collect();
    let fine = !report.findings.iter().any(|finding| finding.level == Level::Error);
    let mut document = serde_json::json!(report);
    document["findings"] = findings.into();
    document["fine"] = fine.into();
    run.out.value(&document, &for_people(language, &report));
    if fine { Ok(()) } else { Err(CliError::Told) }
}

fn words(language: Language, finding: &Finding) -> (String, String) {
    let code = finding.code.as_str();
    let value = |name: &str| finding.params.get(name).cloned();
    (text(language, &format!("finding.{code}"), value), text(language, &format!("fix.{code}"), value))
}

fn for_people(language: Language, report: &Report) -> String {
    let mut lines: Vec<String> = facts(report, language)
        .into_iter()
        .map(|(name, value)| format!("{}: {value}", plain(language, &format!("fact.{name}"))))
        .collect();
    lines.push(String::new());
    for finding in &report.findings {
        let level = match finding.level {
            Level::Error => "doctor.level_error",
            Level::Warning => "doctor.level_warning",
        };
        let (said, fix) = words(language, finding);
        lines.push(format!("{}: {said} [{}]", plain(language, level), finding.code.as_str()));
        lines.push(format!("  → {fix}"));
    }
    if report.findings.is_empty() {
        lines.push(plain(language, "doctor.fine"));
    } else if report.findings.iter().all(|finding| finding.level == Level::Warning) {
        lines.push(plain(language, "doctor.fine_but"));
    }
    // Names come from partners: they must not steer the terminal.
    lines.iter().map(|line| super::output::clean(line)).collect::<Vec<_>>().join("\n")
}

fn facts(report: &Report, language: Language) -> Vec<(&'static str, String)> {
    let known = &report.facts;
    let served = report
        .served
        .map(|served| plain(language, if served { "doctor.served_yes" } else { "doctor.served_no" }));
    let backup = known.last_backup.as_ref();
    let rows = [
        ("database", report.database.clone()),
        ("schema", report.schema.map(|schema| schema.to_string())),
        ("served", served),
        ("company", known.company.clone()),
        ("instance", known.instance_id.clone()),
        ("epoch", known.epoch.map(|epoch| epoch.to_string())),
        (
            "orders",
            known.company.as_ref().map(|_| format!("{}, {}", known.purchase_orders, known.order_drafts)),
        ),
        ("last_backup", backup.map(|backup| format!("{}, {}", backup.taken_at.to_rfc3339(), backup.file))),
        ("data", Some(report.data.display().to_string())),
        ("key_file", Some(report.key_file.display().to_string())),
        ("site_root", Some(report.site_root.display().to_string())),
    ];
    rows.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}
