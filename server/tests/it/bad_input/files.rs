//! B-78, B-79: files that are not what they should be, through the command line.

use crate::pair::{Backend, Instance, Options, on_both_databases};

use super::rows::Database;

on_both_databases!(a_bad_file_brings_nothing);

const HEAD: &str = "number;name;unit;price;price_base_quantity;currency;vat_rate;gtin;pack_size;supplier_org_number;supplier_article_number\n";

async fn a_bad_file_brings_nothing(backend: Backend) {
    let instance = Instance::new(backend, Options::default()).await;
    let company =
        ["init", "--name", "Prøve AS", "--org-number", "313770125", "--administrator", crate::pair::EMAIL];
    instance.told(crate::pair::PASSWORD, &company).await;
    let database = Database::open(&instance.database()).await;
    let good = |number: usize| format!("A-{number};Bolt;EA;1,5;1;NOK;25;;;;\n");
    let many: String = (0..5000).map(good).collect();
    let files: [(&str, String); 6] = [
        ("B-78 a ragged row", format!("{HEAD}{}A-2;bare to\n", good(1))),
        ("B-78 an open quote", format!("{HEAD}{}A-2;\"Bolt;EA;1;1;NOK;25;;;;\n", good(1))),
        ("B-78 another delimiter", HEAD.replace(';', ",") + &good(1).replace(';', ",")),
        ("B-78 another alphabet", format!("{HEAD}{}", good(1)).replace("Bolt", "B\u{0}lt")),
        ("B-78 a line that never ends", format!("{HEAD}{}", "x".repeat(11 * 1024 * 1024))),
        ("B-79 5,000 good rows and a bad one", format!("{HEAD}{many}A-x;;EA;x;1;NOK;25;;;;\n")),
    ];
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("articles.csv");
    let before = database.rows().await;
    for (name, text) in files {
        std::fs::write(&path, text).unwrap();
        let output = instance.output("", &["import", "articles", path.to_str().unwrap()]).await;
        assert!(!output.status.success(), "{name}");
        let told =
            String::from_utf8_lossy(&output.stdout).into_owned() + &String::from_utf8_lossy(&output.stderr);
        assert!(!told.contains("internal") && !told.contains("panicked"), "{name}: {told}");
        if name.contains("B-79") {
            let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
            let refused = report["refused"].as_array().unwrap();
            assert!(refused.iter().all(|row| row["line"] == 5002), "{name}: the row is named: {refused:?}");
            assert_eq!(
                (&report["applied"], &refused[0]["column"]),
                (&false.into(), &"price".into()),
                "{name}"
            );
        }
        assert_eq!(database.rows().await, before, "{name}: nothing is imported");
    }
}
