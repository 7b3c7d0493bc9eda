//! Contacts, articles, tokens, connections, users, sessions, the instance.

use domain::articles::{ArticleFilter, ArticleInput, ArticleStatus};
use domain::connections::{CatalogueAge, ConnectionState, ConnectionTest, KnownThere};
use domain::contacts::ContactInput;
use domain::decimal::{Percent, Quantity};
use domain::errors::ErrorCode;
use domain::ids::{ArticleId, ConnectionId, ContactId, ContactPersonId, InstanceId, TokenId, UserId};
use domain::matching::PartnerArticle;
use domain::paging::PageRequest;
use domain::roles::Role;
use domain::tokens::{Scope, TokenRow};
use store::contacts::ContactFlags;
use store::partner_articles::Wanted;
use store::users::{Throttle, UserRecord};
use store::{Store, Tx};

use crate::harness::{NOW, id, on_both};

on_both!(
    the_instance_has_one_row,
    articles_are_kept_and_found,
    customers_numbers_are_remembered,
    the_catalogue_gives_candidates,
    tokens_live_and_end,
    connections_keep_what_they_know,
    people_and_throttles,
    administrators_are_named,
    sessions_expire,
);

/// A supplier and customer in the register.
pub async fn contact(tx: &mut Tx, name: &str, org_number: &str) -> ContactId {
    let input = ContactInput {
        name: name.to_owned(),
        org_number: org_number.to_owned(),
        postal_code: "0580".to_owned(),
        contact_person: "Kari Nordvik".to_owned(),
        is_supplier: true,
        is_customer: true,
        ..ContactInput::default()
    };
    let contact_id = id();
    let persons: [ContactPersonId; 1] = [id()];
    let checked = input.check().unwrap();
    assert!(
        store::contacts::add(tx, contact_id, &checked, ContactFlags::default(), &persons, NOW).await.unwrap()
    );
    contact_id
}

/// An article in the register.
pub async fn article(tx: &mut Tx, number: &str, name: &str) -> ArticleId {
    let input = ArticleInput {
        number: number.to_owned(),
        name: name.to_owned(),
        price: "2,50".to_owned(),
        ..Default::default()
    };
    let article_id = id();
    assert!(store::articles::add(tx, article_id, &input.check().unwrap(), NOW).await.unwrap());
    article_id
}

async fn the_instance_has_one_row(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    assert_eq!(store::instance::lookup(&mut tx).await.unwrap(), None);
    let first: InstanceId = id();
    assert!(store::instance::add(&mut tx, first, NOW).await.unwrap());
    assert!(!store::instance::add(&mut tx, id(), NOW).await.unwrap());
    store::instance::set_extension(&mut tx, true).await.unwrap();
    store::instance::set_api_access(&mut tx, true).await.unwrap();
    store::instance::set_key_probe(&mut tx, b"probe").await.unwrap();
    store::instance::set_setup_code(&mut tx, Some((b"digest", NOW))).await.unwrap();
    let row = store::instance::lookup(&mut tx).await.unwrap().unwrap();
    assert_eq!((row.instance_id, row.epoch, row.extension_on, row.api_access), (first, 1, true, true));
    assert_eq!((row.key_probe.as_deref(), row.setup_code_expires_at), (Some(&b"probe"[..]), Some(NOW)));
    store::instance::set_setup_code(&mut tx, None).await.unwrap();
    assert_eq!(store::instance::lookup(&mut tx).await.unwrap().unwrap().setup_code_digest, None);
}

async fn articles_are_kept_and_found(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let supplier = contact(&mut tx, "Bolt & Feste AS", "313770125").await;
    let screw = article(&mut tx, "N-100", "Sekskantskrue M10x50").await;
    article(&mut tx, "N-200", "Ørret").await;
    let again =
        ArticleInput { number: "N-100".into(), name: "x".into(), ..Default::default() }.check().unwrap();
    assert!(!store::articles::add(&mut tx, id(), &again, NOW).await.unwrap());
    store::articles::set_supplier_number(&mut tx, screw, supplier, "A4-M10-50").await.unwrap();
    store::articles::set_supplier_number(&mut tx, screw, supplier, "A4-M10-50X").await.unwrap();

    let kept = store::articles::lookup(&mut tx, screw).await.unwrap().unwrap();
    assert_eq!(kept.suppliers[0].supplier_article_number, "A4-M10-50X");
    assert_eq!(store::articles::find_by_number(&mut tx, "N-100").await.unwrap(), Some(kept));
    assert_eq!(store::articles::find_by_number(&mut tx, "n-100").await.unwrap(), None);
    let wanted: Vec<String> = (0..900).map(|n| format!("N-{n}")).collect();
    assert_eq!(store::articles::find_by_numbers(&mut tx, &wanted).await.unwrap().len(), 2);

    let all = ArticleFilter::default();
    let list = store::articles::list(&mut tx, &all, PageRequest::default()).await.unwrap();
    assert_eq!((list.total, list.rows[0].supplier_article_number.as_deref()), (2, Some("A4-M10-50X")));

    let changes = store::articles::changed_after(&mut tx, 0, 10).await.unwrap();
    let last = changes.last().unwrap().0;
    assert_eq!(store::articles::newest_change(&mut tx).await.unwrap(), last);
    let renamed =
        ArticleInput { number: "N-100".into(), name: "Skrue".into(), ..Default::default() }.check().unwrap();
    assert!(store::articles::save(&mut tx, screw, &renamed, 1, NOW).await.unwrap());
    assert!(!store::articles::save(&mut tx, screw, &renamed, 1, NOW).await.unwrap());
    let changes = store::articles::changed_after(&mut tx, last, 10).await.unwrap();
    assert_eq!((changes.len(), changes[0].1.name.as_str()), (1, "Skrue"));
}

async fn customers_numbers_are_remembered(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let customer = contact(&mut tx, "Nordvik Mekaniske AS", "310004170").await;
    let (first, second) = (article(&mut tx, "A", "a").await, article(&mut tx, "B", "b").await);
    store::articles::link(&mut tx, customer, "SB-120", first, "Ola", NOW).await.unwrap();
    store::articles::link(&mut tx, customer, "SB-120", second, "Ola", NOW).await.unwrap();
    let linked =
        store::articles::linked(&mut tx, customer, &["SB-120".to_owned(), "X".to_owned()]).await.unwrap();
    assert_eq!(linked, [("SB-120".to_owned(), second)]);
    assert!(store::articles::linked(&mut tx, customer, &[]).await.unwrap().is_empty());
}

fn listed(number: &str, gtin: Option<&str>) -> PartnerArticle {
    PartnerArticle {
        number: number.to_owned(),
        name: "Skrue".to_owned(),
        unit: "EA".to_owned(),
        price: None,
        price_base_quantity: Quantity::whole(1),
        currency: "NOK".to_owned(),
        gtin: gtin.map(str::to_owned),
        pack_size: None,
        minimum_quantity: None,
        status: ArticleStatus::Active,
        replaced_by: None,
    }
}

async fn the_catalogue_gives_candidates(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let connection: ConnectionId = id();
    store::connections::add(&mut tx, connection, None, "https://bolt.example", NOW).await.unwrap();
    let old = PartnerArticle {
        minimum_quantity: Some(Quantity::whole(20)),
        status: ArticleStatus::Discontinued,
        replaced_by: Some("BF-10250".to_owned()),
        ..listed("OLD", None)
    };
    let articles = [
        listed("11007", None),
        listed("11O07", None),
        listed("X-9", Some("7038010000065")),
        listed("BF-10250", None),
        old.clone(),
        PartnerArticle { name: "Hengelås M10".to_owned(), ..listed("LOCK", None) },
    ];
    store::partner_articles::upsert(&mut tx, connection, &articles).await.unwrap();
    store::partner_articles::upsert(&mut tx, connection, &articles).await.unwrap();
    let every: Vec<String> = articles.iter().map(|article| article.number.clone()).collect();
    let known = store::partner_articles::found(&mut tx, connection, &[], &every).await.unwrap();
    assert_eq!(known.len(), articles.len(), "each is there once, however often it is read");
    let wanted = |number: &str, gtin: Option<&str>| Wanted {
        number: number.to_owned(),
        gtin: gtin.map(str::to_owned),
        name: String::new(),
        decided: Vec::new(),
    };
    let wanted = [
        wanted("11O07", None),
        wanted("", Some("07038010000065")),
        wanted("", None),
        wanted("X-9", None),
        wanted("BF-10251", None),
        wanted("BF-1O52O", None),
        wanted("SB BF10250", None),
        Wanted { decided: vec!["X-9".to_owned()], ..wanted("Q", None) },
        wanted("OLD", None),
        Wanted { name: "m10 hengelås".to_owned(), ..wanted("QQQ", None) },
        Wanted { name: "Kjetting M12".to_owned(), ..wanted("", None) },
    ];
    let found = store::partner_articles::candidates(&mut tx, connection, &wanted).await.unwrap();
    let numbers: Vec<Vec<&str>> =
        found.iter().map(|of_line| of_line.iter().map(|article| article.number.as_str()).collect()).collect();
    assert_eq!(
        numbers,
        [
            vec!["11O07", "11007"],
            vec!["X-9"],
            vec![],
            vec!["X-9"],
            vec!["BF-10250"],
            vec!["BF-10250"],
            vec!["BF-10250"],
            vec!["X-9"],
            vec!["OLD", "BF-10250"],
            vec!["LOCK"],
            vec![]
        ]
    );
    assert_eq!(found[8][0], old);
    let none = store::partner_articles::candidates(&mut tx, connection, &wanted[2..3]).await.unwrap();
    assert_eq!(none, [vec![]]);
    store::partner_articles::clear(&mut tx, connection).await.unwrap();
    assert_eq!(store::partner_articles::found(&mut tx, connection, &[], &every).await.unwrap(), []);
}

async fn tokens_live_and_end(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let (first, second) =
        (contact(&mut tx, "Nordvik", "310004170").await, contact(&mut tx, "Bolt", "313770125").await);
    let token_id: TokenId = id();
    let row = TokenRow {
        token_id,
        name: "Nordvik".into(),
        contact_id: None,
        partner_name: None,
        scopes: Scope::ALL.to_vec(),
        last_four: "wxyz".into(),
        created_at: NOW,
        created_by: "Ola".into(),
        expires_at: NOW.plus_seconds(60),
        revoked_at: None,
        last_used_at: None,
        last_used_address: None,
    };
    store::tokens::add(&mut tx, &row, &[7; 32]).await.unwrap();
    let record = store::tokens::find_by_digest(&mut tx, &[7; 32]).await.unwrap().unwrap();
    assert_eq!((record.row, record.digest), (row, vec![7; 32]));
    assert_eq!(store::tokens::find_by_digest(&mut tx, &[8; 32]).await.unwrap(), None);
    assert_eq!(store::tokens::lock_contact(&mut tx, token_id).await.unwrap(), None);
    store::tokens::bind_contact(&mut tx, token_id, first).await.unwrap();
    assert_eq!(store::tokens::lock_contact(&mut tx, token_id).await.unwrap(), Some(first));
    assert!(!store::tokens::is_held_by_another(&mut tx, first, token_id).await.unwrap());
    assert!(store::tokens::is_held_by_another(&mut tx, first, id()).await.unwrap());
    store::tokens::bind_contact(&mut tx, token_id, second).await.unwrap();
    store::tokens::bind_peer(&mut tx, token_id, id(), 2).await.unwrap();
    store::tokens::touch(&mut tx, token_id, NOW, "127.0.0.1").await.unwrap();
    let row = store::tokens::lookup(&mut tx, token_id).await.unwrap().unwrap();
    assert_eq!(
        (row.contact_id, row.partner_name.as_deref(), row.last_used_at),
        (Some(first), Some("Nordvik"), Some(NOW))
    );
    assert!(store::tokens::revoke(&mut tx, token_id, NOW).await.unwrap());
    assert!(!store::tokens::revoke(&mut tx, token_id, NOW).await.unwrap());
    assert_eq!(store::tokens::list(&mut tx).await.unwrap()[0].revoked_at, Some(NOW));
}

async fn connections_keep_what_they_know(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let supplier = contact(&mut tx, "Bolt & Feste AS", "313770125").await;
    let connection: ConnectionId = id();
    store::connections::add(&mut tx, connection, None, "https://bolt.example", NOW).await.unwrap();
    store::connections::set_contact(&mut tx, connection, Some(supplier)).await.unwrap();
    store::connections::set_token(&mut tx, connection, b"sealed", "wxyz").await.unwrap();
    let test = ConnectionTest {
        at: NOW,
        duration_ms: 3,
        failure: None,
        identity: None,
        missing_scopes: vec![Scope::ArticlesRead],
        differences: Some(Vec::new()),
        known_there: Some(KnownThere::No),
    };
    store::connections::set_price_tolerance(&mut tx, connection, Percent::whole(2)).await.unwrap();
    store::connections::set_test(&mut tx, connection, &test, ConnectionState::Verified).await.unwrap();
    store::connections::set_read_to(&mut tx, connection, "1.5", NOW).await.unwrap();
    store::connections::set_catalogue_cursor(&mut tx, connection, "8", 3, None).await.unwrap();
    let half = store::connections::lookup(&mut tx, connection).await.unwrap().unwrap();
    assert_eq!((half.catalogue_cursor.as_deref(), half.catalogue_read_at), (Some("8"), None));
    store::connections::set_catalogue_cursor(&mut tx, connection, "9", 2, Some(NOW)).await.unwrap();
    store::connections::touch_contact(&mut tx, connection, NOW).await.unwrap();
    let record = store::connections::find_by_contact(&mut tx, supplier).await.unwrap().unwrap();
    assert_eq!((record.row.name.as_str(), record.row.state), ("Bolt & Feste AS", ConnectionState::Verified));
    assert_eq!(record.row.price_tolerance, Percent::whole(2));
    assert_eq!((record.row.last_test, record.row.last_contact_at), (Some(test), Some(NOW)));
    assert_eq!((record.feed_cursor.as_deref(), record.catalogue_cursor.as_deref()), (Some("1.5"), Some("9")));
    assert_eq!(record.token_ciphertext.as_deref(), Some(&b"sealed"[..]));
    assert_eq!(record.row.catalogue, CatalogueAge { read_at: Some(NOW), articles: 5, prices_from: None });
    let place = store::connections::lock_catalogue(&mut tx, connection).await.unwrap();
    assert_eq!(place, Some(Some("9".to_owned())));
    assert_eq!(store::connections::lock_catalogue(&mut tx, id()).await.unwrap(), None);
    store::connections::forget_catalogue(&mut tx, connection).await.unwrap();
    let record = store::connections::lookup(&mut tx, connection).await.unwrap().unwrap();
    assert_eq!((record.catalogue_cursor, record.row.catalogue), (None, CatalogueAge::default()));

    store::connections::forget_feed_cursor(&mut tx, connection).await.unwrap();
    let record = store::connections::lookup(&mut tx, connection).await.unwrap().unwrap();
    assert_eq!(record.feed_cursor, None);
    store::connections::pause(&mut tx, connection, ErrorCode::TokenExpired).await.unwrap();
    let row = &store::connections::list(&mut tx).await.unwrap()[0];
    assert_eq!((row.state, row.pause_code), (ConnectionState::Paused, Some(ErrorCode::TokenExpired)));
    store::connections::set_endpoint(&mut tx, connection, "https://other.example", true, NOW).await.unwrap();
    let record = store::connections::lookup(&mut tx, connection).await.unwrap().unwrap();
    assert_eq!(
        (record.token_ciphertext, record.row.token_last_four, record.row.pause_code),
        (None, None, None)
    );
}

async fn people_and_throttles(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let user_id: UserId = id();
    let user = UserRecord {
        user_id,
        email: "kari@nordvik.example".into(),
        name: "Kari Nordvik".into(),
        role: Role::Buyer,
        password_hash: "hash".into(),
        disabled: false,
    };
    assert!(store::users::add(&mut tx, &user, NOW).await.unwrap());
    assert!(!store::users::add(&mut tx, &UserRecord { user_id: id(), ..user.clone() }, NOW).await.unwrap());
    assert_eq!(store::users::lookup(&mut tx, user_id).await.unwrap(), Some(user.clone()));
    assert_eq!(store::users::find_by_email(&mut tx, "kari@nordvik.example").await.unwrap(), Some(user));
    assert_eq!(store::users::count(&mut tx).await.unwrap(), 1);
    store::users::touch(&mut tx, user_id, NOW).await.unwrap();
    assert!(store::users::disable(&mut tx, user_id).await.unwrap());
    assert!(!store::users::disable(&mut tx, user_id).await.unwrap());
    assert!(store::users::lookup(&mut tx, user_id).await.unwrap().unwrap().disabled);

    assert_eq!(store::users::throttle(&mut tx, "a").await.unwrap(), Throttle::default());
    let throttle = Throttle { failures: 6, blocked_until: NOW.plus_seconds(2), updated_at: NOW };
    store::users::set_throttle(&mut tx, "a", throttle).await.unwrap();
    store::users::set_throttle(&mut tx, "a", throttle).await.unwrap();
    assert_eq!(store::users::throttle(&mut tx, "a").await.unwrap(), throttle);
    store::users::clear_throttle(&mut tx, "a").await.unwrap();
    assert_eq!(store::users::throttle(&mut tx, "a").await.unwrap().failures, 0);
}

async fn administrators_are_named(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let people = [
        ("Åse", Role::Administrator, false),
        ("Bo", Role::Administrator, false),
        ("Ada", Role::Administrator, true),
        ("Per", Role::Reader, false),
    ];
    for (name, role, disabled) in people {
        let user = UserRecord {
            user_id: id(),
            email: format!("{name}@nordvik.example"),
            name: name.to_owned(),
            role,
            password_hash: "hash".into(),
            disabled,
        };
        assert!(store::users::add(&mut tx, &user, NOW).await.unwrap());
    }
    assert_eq!(store::users::administrators(&mut tx, 10).await.unwrap(), ["Bo", "Åse"]);
    assert_eq!(store::users::administrators(&mut tx, 1).await.unwrap(), ["Bo"]);
}

async fn sessions_expire(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let later = NOW.plus_seconds(60);
    assert!(store::sessions::add(&mut tx, b"id", b"one", later).await.unwrap());
    assert!(!store::sessions::add(&mut tx, b"id", b"two", later).await.unwrap());
    store::sessions::save(&mut tx, b"id", b"three", later).await.unwrap();
    assert_eq!(store::sessions::load(&mut tx, b"id", NOW).await.unwrap().as_deref(), Some(&b"three"[..]));
    assert_eq!(store::sessions::load(&mut tx, b"id", later).await.unwrap(), None);
    assert_eq!(store::sessions::remove_expired(&mut tx, NOW).await.unwrap(), 0);
    assert_eq!(store::sessions::remove_expired(&mut tx, later).await.unwrap(), 1);
    store::sessions::save(&mut tx, b"id", b"four", later).await.unwrap();
    store::sessions::remove(&mut tx, b"id").await.unwrap();
    assert_eq!(store::sessions::load(&mut tx, b"id", NOW).await.unwrap(), None);
}
