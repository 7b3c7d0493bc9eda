//! Exports and answers while both sides are killed at random: nothing is lost, doubled or changed, and both agree in the end.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::time::Instant;
use uuid::Uuid;

use super::checker::{History, Told, judge};
use super::snapshot::Snapshot;
use super::{PATIENCE, RETRY_SCALE, add_articles, add_orders, at_rest};
use crate::pair::{Backend, Client, Instance, Options, Pair, on_both_databases};

const ORDERS: usize = 200;
const PEOPLE: u64 = 4;
/// How long a person thinks between two orders at most, in milliseconds.
const THINKING: u64 = 300;
/// Kills of each side at least.
const KILLS: usize = 15;

on_both_databases!(chaos_nothing_is_lost_while_both_are_killed);

async fn chaos_nothing_is_lost_while_both_are_killed(backend: Backend) {
    let options = Options { retry_scale_milliseconds: RETRY_SCALE, ..Options::default() };
    let mut pair = Pair::with(backend, &options).await;
    add_articles(&pair).await;
    add_orders(&pair, ORDERS).await;
    pair.buyer.start().await;
    let (buyer_url, supplier_url) = (pair.buyer.database(), pair.supplier.database());
    let orders = Snapshot::of(&buyer_url, &supplier_url).await.orders;
    assert_eq!(orders.len(), ORDERS);
    let people = Client::new(pair.buyer.address).signed_in().await;
    let seller = Client::new(pair.supplier.address).signed_in().await;
    let over = Arc::new(AtomicBool::new(false));
    let Pair { buyer, supplier, .. } = pair;
    let log_file = supplier.log_file();
    let buyer = tokio::spawn(kill_at_random(buyer, 0x5eed, Arc::clone(&over)));
    let supplier = tokio::spawn(kill_at_random(supplier, 0xfade, Arc::clone(&over)));

    let queue = Arc::new(Mutex::new(orders.iter().map(|order| order.order_id).collect::<Vec<_>>()));
    let history = Arc::new(Mutex::new(History::new()));
    let exporters: Vec<_> = (0..PEOPLE)
        .map(|person| {
            let random = Random(0xb0b + person);
            tokio::spawn(export_all(people.clone(), random, Arc::clone(&queue), Arc::clone(&history)))
        })
        .collect();
    for exporter in exporters {
        exporter.await.unwrap();
    }
    let answered = answer_half(&seller, &supplier_url, &buyer_url, &log_file).await;
    over.store(true, Ordering::SeqCst);
    let (buyer, buyer_kills) = buyer.await.unwrap();
    let (supplier, supplier_kills) = supplier.await.unwrap();

    let history = history.lock().await.clone();
    let seen = at_rest(&history, &buyer_url, &supplier_url).await;
    let found = judge(&history, &seen);
    let unsettled: Vec<_> = seen.sent.iter().filter(|message| message.state != "delivered").collect();
    assert!(
        found.is_empty(),
        "{found:?}\nnot delivered: {unsettled:?}\nbuyer: {}\nsupplier: {}",
        buyer.log(),
        supplier.log()
    );
    assert_eq!(seen.drafts.len(), ORDERS);
    assert!(answered >= ORDERS / 2, "{answered} answers");
    assert!(buyer_kills >= KILLS && supplier_kills >= KILLS, "{buyer_kills} and {supplier_kills} kills");
    let unknown = history.iter().filter(|(_, told)| *told == Told::Unknown).count();
    let approved = seen.drafts.iter().filter(|draft| draft.status == "approved").count();
    println!(
        "{backend:?}: {ORDERS} orders, {buyer_kills} + {supplier_kills} kills, {unknown} exports without an answer, \
         {answered} answered of which {approved} approved: 0 lost, 0 doubled, 0 changed"
    );
}

/// Kills the process after 20 to 400 milliseconds of work, again and again, and leaves it running at the end.
async fn kill_at_random(mut instance: Instance, seed: u64, over: Arc<AtomicBool>) -> (Instance, usize) {
    let mut random = Random(seed);
    let mut kills = 0;
    while !over.load(Ordering::SeqCst) {
        tokio::time::sleep(Duration::from_millis(20 + random.below(380))).await;
        instance.kill().await;
        kills += 1;
        instance.start().await;
    }
    (instance, kills)
}

/// One person: takes the next order and presses *Eksporter* until an answer comes.
async fn export_all(
    client: Client,
    mut random: Random,
    queue: Arc<Mutex<Vec<Uuid>>>,
    history: Arc<Mutex<History>>,
) {
    loop {
        tokio::time::sleep(Duration::from_millis(random.below(THINKING))).await;
        let Some(order) = queue.lock().await.pop() else { return };
        loop {
            let answer = client.call("export_orders", &[("order_ids[0]", &order.to_string())]).await;
            let told = match answer {
                Ok(reply) if reply.status.is_success() => Told::Ok,
                Ok(reply) => panic!("{}: {}", reply.status, reply.body),
                Err(_) => Told::Unknown,
            };
            history.lock().await.push((order, told));
            if told == Told::Ok {
                break;
            }
            until_ready(&client).await;
        }
    }
}

async fn until_ready(client: &Client) {
    let deadline = Instant::now() + PATIENCE;
    while !client.is_ready().await {
        assert!(Instant::now() < deadline, "the instance does not come back");
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

/// The seller answers drafts as they come, approving most and rejecting some, until half of the orders are answered.
async fn answer_half(client: &Client, supplier: &str, buyer: &str, log_file: &Path) -> usize {
    let answered = AtomicUsize::new(0);
    let deadline = Instant::now() + PATIENCE;
    while answered.load(Ordering::SeqCst) < ORDERS / 2 {
        assert!(Instant::now() < deadline, "too few drafts arrive");
        let drafts = Snapshot::of(buyer, supplier).await.drafts;
        let open: Vec<_> = drafts.into_iter().filter(|draft| draft.status == "received").collect();
        if open.is_empty() {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        for (index, draft) in open.into_iter().enumerate() {
            answer(client, draft.draft_id, index % 4 == 3, log_file).await;
            if answered.fetch_add(1, Ordering::SeqCst) + 1 >= ORDERS / 2 {
                break;
            }
        }
    }
    answered.into_inner()
}

/// Presses until an answer comes; a draft that was answered by a press whose answer was lost says so.
async fn answer(client: &Client, draft_id: Uuid, reject: bool, log_file: &Path) {
    let id = draft_id.to_string();
    loop {
        let answer = if reject {
            client
                .call("reject_draft", &[("draft_id", &id), ("version", "1"), ("reason", "Ikke på lager")])
                .await
        } else {
            client.call("approve_draft", &[("draft_id", &id), ("version", "1")]).await
        };
        match answer {
            Ok(reply) if reply.status.is_success() => return,
            Ok(reply) if reply.status.as_u16() == 409 => return,
            Ok(reply) => {
                let log = std::fs::read_to_string(log_file).unwrap_or_default();
                panic!("{}: {}\n{log}", reply.status, reply.body)
            }
            Err(_) => until_ready(client).await,
        }
    }
}

/// A small generator of its own, so that a run can be repeated (Marsaglia, xorshift64).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % limit
    }
}
