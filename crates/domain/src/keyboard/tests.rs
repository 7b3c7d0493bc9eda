use std::collections::BTreeSet;

use super::*;

fn spelt() -> impl Iterator<Item = (KeyContext, &'static str, KeyAction)> {
    KEYS.iter().flat_map(|row| row.keys.iter().map(|spelt| (row.context, *spelt, row.action)))
}

/// The event that the spelling stands for.
fn press(spelt: &str) -> Pressed<'_> {
    let key = spelt.rsplit('+').next().unwrap_or(spelt);
    Pressed {
        key: if key == "Space" { " " } else { key },
        ctrl: spelt.contains("Ctrl+"),
        alt: spelt.contains("Alt+"),
        shift: spelt.contains("Shift+"),
    }
}

#[test]
fn every_key_is_found_by_its_spelling() {
    for (context, spelt, action) in spelt().filter(|(_, spelt, _)| *spelt != CHARACTER) {
        let (before, key) =
            spelt.split_once(' ').map_or((None, spelt), |(first, second)| (Some(first), second));
        assert_eq!(action_of(context, before, press(key)), Some(action), "{spelt} in {context:?}");
        if let Some(first) = before {
            assert!(begins_pair(context, press(first)), "{spelt}");
        }
    }
}

#[test]
fn a_key_means_one_thing_in_one_place() {
    let mut known = BTreeSet::new();
    for (context, spelt, _) in spelt() {
        assert!(known.insert((context.as_str(), spelt.to_lowercase())), "{spelt} twice in {context:?}");
    }
    // A letter that begins a pair does nothing alone.
    for (context, spelt, _) in spelt() {
        if let Some((first, _)) = spelt.split_once(' ') {
            assert!(!known.contains(&(context.as_str(), first.to_lowercase())), "{first} in {context:?}");
        }
    }
}

#[test]
fn every_key_is_on_a_norwegian_keyboard() {
    for (_, spelt, _) in spelt() {
        assert!(!(spelt.contains("Ctrl+") && spelt.contains("Alt+")), "{spelt} is AltGr on Windows");
        for key in spelt.split(' ') {
            let key = key.rsplit('+').next().unwrap_or(key);
            let named = key.len() > 1 && key.chars().all(|c| c.is_ascii_alphanumeric());
            let on_keyboard = key.len() == 1 && !"[]{}\\~@$|`^'<>".contains(key);
            assert!(named || on_keyboard, "{spelt}");
            // The decimal key of the number pad stays free.
            assert!(key != "," && key != ".", "{spelt}");
        }
    }
}

#[test]
fn actions_are_used_and_their_names_differ() {
    let names: BTreeSet<&str> = KeyAction::ALL.iter().map(|action| action.as_str()).collect();
    assert_eq!(names.len(), KeyAction::ALL.len());
    for action in KeyAction::ALL {
        assert!(KEYS.iter().any(|row| row.action == *action), "{action:?} has no key");
    }
}

#[test]
fn case_signs_and_altgr() {
    let key = |key, ctrl, alt, shift| Pressed { key, ctrl, alt, shift };
    let of = |context, pressed| action_of(context, None, pressed);
    assert_eq!(of(KeyContext::List, key("j", false, false, false)), Some(KeyAction::NextRow));
    assert_eq!(of(KeyContext::List, key("J", false, false, true)), Some(KeyAction::ExtendDown));
    // Caps Lock: the letter is large, Shift is not held.
    assert_eq!(of(KeyContext::List, key("J", false, false, false)), Some(KeyAction::NextRow));
    // Shift+7 on a Norwegian keyboard, a key of its own on an American one.
    for shift in [true, false] {
        assert_eq!(of(KeyContext::List, key("/", false, false, shift)), Some(KeyAction::Search));
    }
    assert_eq!(of(KeyContext::GridNavigation, key("æ", false, false, false)), Some(KeyAction::Replace));
    // AltGr+2 types a sign.
    assert_eq!(of(KeyContext::GridNavigation, key("@", true, true, false)), Some(KeyAction::Replace));
    assert_eq!(of(KeyContext::GridNavigation, key("v", true, false, false)), Some(KeyAction::Paste));
    assert_eq!(of(KeyContext::GridNavigation, key("v", false, true, false)), None);
    assert_eq!(of(KeyContext::GridNavigation, key("Dead", false, false, false)), None);
    assert_eq!(of(KeyContext::Global, key("o", false, false, false)), None);
}

/// The stories read the table from a file. When this fails it has written the file anew: look at it, and run it again.
#[test]
fn the_stories_know_the_table() {
    let rows: Vec<_> = KEYS
        .iter()
        .map(|row| {
            serde_json::json!({
                "context": row.context.as_str(), "keys": row.keys, "action": row.action.as_str(),
            })
        })
        .collect();
    let rows: Vec<String> = rows.iter().map(|row| format!("  {row}")).collect();
    let wanted = format!("[\n{}\n]\n", rows.join(",\n"));
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../end2end/support/keys.json");
    let found = std::fs::read_to_string(path).unwrap_or_default();
    if found != wanted {
        std::fs::write(path, wanted).expect("the file of keys");
        panic!("end2end/support/keys.json was out of date and has been written anew");
    }
}
