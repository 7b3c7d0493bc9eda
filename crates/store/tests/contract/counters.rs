//! Numbers without gaps.

use store::{Store, Tx};

use crate::harness::on_both;

on_both!(counters_have_no_gaps, numbers_of_an_undone_savepoint_are_given_again);

async fn counters_have_no_gaps(store: Store) {
    let mut tasks = tokio::task::JoinSet::new();
    for task in 0..20 {
        let store = store.clone();
        tasks.spawn(async move {
            let mut tx = store.begin_write().await.unwrap();
            let number = store::counters::next_number(&mut tx, "test").await.unwrap();
            // Every fourth transaction is given up: its number goes to the next one.
            if task % 4 == 0 {
                return None;
            }
            tx.commit().await.unwrap();
            Some(number)
        });
    }
    let mut numbers = Vec::new();
    while let Some(number) = tasks.join_next().await {
        numbers.extend(number.unwrap());
    }
    numbers.sort_unstable();
    assert_eq!(numbers, (1..=15).collect::<Vec<i64>>());
}

async fn numbers_of_an_undone_savepoint_are_given_again(store: Store) {
    let mut tx = store.begin_write().await.unwrap();
    let next = async |tx: &mut Tx, name: &str| store::counters::next_number(tx, name).await.unwrap();
    assert_eq!((next(&mut tx, "a").await, next(&mut tx, "a").await), (1, 2));
    tx.savepoint().await.unwrap();
    assert_eq!((next(&mut tx, "a").await, next(&mut tx, "b").await, next(&mut tx, "b").await), (3, 1, 2));
    tx.undo().await.unwrap();
    tx.savepoint().await.unwrap();
    assert_eq!((next(&mut tx, "a").await, next(&mut tx, "b").await), (3, 1), "given again");
    tx.release().await.unwrap();
    assert_eq!((next(&mut tx, "a").await, next(&mut tx, "b").await), (4, 2), "kept");
    tx.commit().await.unwrap();
    let mut tx = store.begin_write().await.unwrap();
    assert_eq!((next(&mut tx, "a").await, next(&mut tx, "b").await), (5, 3));
    assert_eq!(next(&mut tx, "a").await, 6);
    let told = store::counters::list(&mut tx).await.unwrap();
    assert_eq!(told, [("a".to_owned(), 6), ("b".to_owned(), 3)]);
    assert_eq!(next(&mut tx, "a").await, 7);
    store::counters::raise(&mut tx, "a", 1).await.unwrap();
    assert_eq!(next(&mut tx, "a").await, 8, "it was further already");
    store::counters::raise(&mut tx, "a", 20).await.unwrap();
    assert_eq!(next(&mut tx, "a").await, 21);
}
