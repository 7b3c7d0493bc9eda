//! What the command line says to people: sentences with a way out, and words in its tables; programs get the codes.

use std::process::Output;

use serde_json::Value;

use crate::pair::{Backend, Instance, Options, Pair, SUPPLIER, SUPPLIER_ORG, init};

/// The exit code.
const CANNOT_START: i32 = 78;

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Runs a command that fails, and compares the sentence in both languages and the code.
async fn fails(instance: &mut Instance, arguments: &[&str], exit: i32, code: &str, sentences: [&str; 2]) {
    for (language, sentence) in ["nb", "en"].into_iter().zip(sentences) {
        instance.options.more.retain(|(name, _)| *name != "PRODSYS_LANGUAGE");
        instance.options.more.push(("PRODSYS_LANGUAGE", language.to_owned()));
        let output: Output = instance.for_people(arguments).await;
        let said = text(&output.stderr);
        assert_eq!(output.status.code(), Some(exit), "{arguments:?}: {said}");
        assert!(said.contains(sentence) && said.contains(&format!("[{code}]")), "{arguments:?}: {said}");
        assert!(!said.contains("os error"), "{said}");
        let output = instance.output("", arguments).await;
        let document: Value = serde_json::from_slice(&output.stdout).unwrap();
        assert_eq!(
            (output.status.code(), &document["error"]["code"]),
            (Some(exit), &code.into()),
            "{document}"
        );
    }
    instance.options.more.clear();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_cannot_be_used_is_named_with_what_to_do() {
    let mut instance = Instance::new(Backend::Sqlite, Options::default()).await;
    instance.told("", &init_without_people()).await;
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("ordrer.csv").display().to_string();
    let sentences = [
        format!("{missing} finnes ikke. Se etter skrivefeil"),
        format!("{missing} does not exist. Look for a typing error"),
    ];
    let sentences = [sentences[0].as_str(), sentences[1].as_str()];
    for kind in ["contacts", "articles", "purchase-orders"] {
        fails(&mut instance, &["import", kind, &missing], CANNOT_START, "file_not_found", sentences).await;
    }
    fails(&mut instance, &["--config", &missing, "orders", "list"], CANNOT_START, "file_not_found", {
        // The settings say which language, and they could not be read.
        [sentences[0], sentences[0]]
    })
    .await;
    let astray = folder.path().join("ingen").join("ordrer.csv").display().to_string();
    let sentences =
        [format!("Mappen til {astray} finnes ikke."), format!("The folder of {astray} does not exist.")];
    let arguments = ["download", "purchase-orders", &astray];
    fails(&mut instance, &arguments, CANNOT_START, "folder_not_found", [&sentences[0], &sentences[1]]).await;
    let place = folder.path().display().to_string();
    let sentences = [format!("{place} er en mappe."), format!("{place} is a folder.")];
    let arguments = ["import", "contacts", &place];
    fails(&mut instance, &arguments, CANNOT_START, "file_is_a_folder", [&sentences[0], &sentences[1]]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_start_that_fails_says_why_in_both_languages() {
    let mut instance = Instance::new(Backend::Sqlite, Options::default()).await;
    let sentences = ["Kjør `prodsys init`", "Run `prodsys init`"];
    fails(&mut instance, &["orders", "list"], CANNOT_START, "not_initialised", sentences).await;
    instance.told("", &init_without_people()).await;
    instance.start().await;
    let address = instance.address.to_string();
    let sentences = ["En annen `prodsys serve`", "Another `prodsys serve`"];
    fails(&mut instance, &["serve", "--listen", &address], CANNOT_START, "already_served", sentences).await;
    let mut other = Instance::new(Backend::Sqlite, Options::default()).await;
    other.told("", &init_without_people()).await;
    let sentences = [
        format!("Noe annet svarer allerede på {address}."),
        format!("Something else answers on {address} already."),
    ];
    let arguments = ["serve", "--listen", &address];
    fails(&mut other, &arguments, CANNOT_START, "address_in_use", [&sentences[0], &sentences[1]]).await;
    let key = other.data().join("prodsys.key");
    std::fs::write(&key, "no key").unwrap();
    let sentences = ["64 heksadesimale siffer", "64 hexadecimal digits"];
    fails(&mut other, &["orders", "list"], CANNOT_START, "key_unusable", sentences).await;
    std::fs::remove_file(&key).unwrap();
    let sentences = ["Nøkkelfilen", "The key file"];
    fails(&mut other, &["orders", "list"], CANNOT_START, "key_missing", sentences).await;
    let setting = ["--config", "settings.toml", "orders", "list"];
    let file = other.data().join("settings.toml");
    std::fs::write(&file, "no_such_setting = 1").unwrap();
    let file = file.display().to_string();
    let setting = [setting[0], &file, setting[2], setting[3]];
    let sentences = ["En innstilling kan ikke brukes", "En innstilling kan ikke brukes"];
    fails(&mut other, &setting, CANNOT_START, "setting_unusable", sentences).await;
}

fn init_without_people() -> Vec<&'static str> {
    init(SUPPLIER).into_iter().take_while(|argument| *argument != "--administrator").collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn tables_for_people_have_words_where_programs_get_codes() {
    let mut pair = Pair::new(Backend::Sqlite).await;
    let tokens = text(&pair.supplier.for_people(&["token", "list"]).await.stdout);
    assert!(tokens.contains("Aktiv") && tokens.contains("Tilstand"), "{tokens}");
    let token = pair.supplier.run(&["token", "list"]).await[0]["token_id"].as_str().unwrap().to_owned();
    pair.supplier.run(&["token", "revoke", &token]).await;
    let tokens = text(&pair.supplier.for_people(&["token", "list"]).await.stdout);
    assert!(tokens.contains("Trukket tilbake"), "{tokens}");

    let article = ["articles", "add", "--number", "N-1", "--name", "Bolt", "--price", "2"];
    let link = ["--supplier-org-number", SUPPLIER_ORG, "--supplier-article-number", "B-1"];
    pair.buyer.run(&[&article[..], &link].concat()).await;
    let created = pair.buyer.run(&["orders", "create", "--supplier", SUPPLIER_ORG, "--line", "N-1:5"]).await;
    let number = created["number"].as_str().unwrap();
    let orders = text(&pair.buyer.for_people(&["orders", "list"]).await.stdout);
    assert!(orders.contains("Klar til eksport") && !orders.contains("ready"), "{orders}");
    let checked = pair.buyer.for_people(&["export", "--check", number]).await;
    let said = text(&checked.stdout);
    assert!(said.contains("Token er gyldig") && said.contains("Må rettes"), "{said}");
    for code in ["token_valid", "supplier_identical", "overridable", "stops", "warning"] {
        assert!(!said.contains(code), "{code}: {said}");
    }
    let document = text(&pair.buyer.output("", &["export", "--check", number]).await.stdout);
    assert!(document.contains("\"token_valid\""), "programs get the codes: {document}");
    let connections = text(&pair.buyer.for_people(&["connection", "list"]).await.stdout);
    assert!(connections.contains("Stanset") || connections.contains("I orden"), "{connections}");
    let log = text(&pair.buyer.for_people(&["log", "list"]).await.stdout);
    assert!(log.contains("Fra oss"), "{log}");
    pair.supplier.kill().await;
}
