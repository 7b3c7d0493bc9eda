//! One run: people export and answer while one side ends at its crash point and is started again.

use std::time::Duration;

use tokio::time::Instant;
use uuid::Uuid;

use super::checker::{History, Told};
use super::snapshot::Snapshot;
use crate::pair::{Client, Instance, Pair};

/// Orders of one press.
const PRESS: usize = 4;
/// How long one press may take to arrive, with a restart and a lease in between.
const PATIENCE: Duration = Duration::from_secs(60);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    Buyer,
    Supplier,
}

impl Side {
    pub fn of(self, pair: &mut Pair) -> &mut Instance {
        match self {
            Self::Buyer => &mut pair.buyer,
            Self::Supplier => &mut pair.supplier,
        }
    }
}

pub struct Round<'a> {
    pair: &'a mut Pair,
    side: Side,
    history: &'a mut History,
    buyer: Client,
    seller: Client,
    /// Whether the side has ended and is started again.
    pub over: bool,
}

impl<'a> Round<'a> {
    pub fn new(
        pair: &'a mut Pair,
        side: Side,
        history: &'a mut History,
        (buyer, seller): &(Client, Client),
    ) -> Self {
        Self { pair, side, history, buyer: buyer.clone(), seller: seller.clone(), over: false }
    }

    /// Exports the orders, press by press, and approves every second one when it has arrived. With `away` the supplier is away until
    /// the point is hit, so that messages are put off.
    pub async fn run(&mut self, orders: Vec<Uuid>, away: bool) {
        if away {
            self.pair.supplier.stop().await;
        }
        for press in orders.chunks(PRESS) {
            self.export(press).await;
            self.until(|seen| press.iter().all(|order| is_delivered(seen, *order)), away).await;
            for order in press.iter().step_by(2) {
                self.approve(*order).await;
            }
            self.until(|seen| press.iter().step_by(2).all(|order| is_approved(seen, *order)), away).await;
        }
        self.revive(away).await;
    }

    async fn export(&mut self, orders: &[Uuid]) {
        let deadline = Instant::now() + PATIENCE;
        let ids: Vec<String> = orders.iter().map(Uuid::to_string).collect();
        let names: Vec<String> = (0..ids.len()).map(|index| format!("order_ids[{index}]")).collect();
        let fields: Vec<(&str, &str)> =
            names.iter().zip(&ids).map(|(name, id)| (name.as_str(), id.as_str())).collect();
        loop {
            let told = match self.buyer.call("export_orders", &fields).await {
                Ok(reply) if reply.status.is_success() => Told::Ok,
                Ok(reply) => panic!("{}: {}", reply.status, reply.body),
                Err(_) => Told::Unknown,
            };
            self.history.extend(orders.iter().map(|order| (*order, told)));
            if told == Told::Ok {
                return;
            }
            assert!(Instant::now() < deadline, "no export is answered");
            self.revive(false).await;
        }
    }

    async fn approve(&mut self, order: Uuid) {
        let deadline = Instant::now() + PATIENCE;
        let seen = self.look().await;
        let draft = seen.drafts.iter().find(|draft| draft.order_uid == order).unwrap();
        let id = draft.draft_id.to_string();
        loop {
            match self.seller.call("approve_draft", &[("draft_id", &id), ("version", "1")]).await {
                // A press whose answer was lost may have approved it.
                Ok(reply) if reply.status.is_success() || reply.status.as_u16() == 409 => return,
                Ok(reply) => panic!("{}: {}", reply.status, reply.body),
                Err(_) => self.revive(false).await,
            }
            assert!(Instant::now() < deadline, "no approval is answered");
        }
    }

    async fn look(&self) -> Snapshot {
        Snapshot::of(&self.pair.buyer.database(), &self.pair.supplier.database()).await
    }

    async fn until(&mut self, arrived: impl Fn(&Snapshot) -> bool, away: bool) {
        let deadline = Instant::now() + PATIENCE;
        while !arrived(&self.look().await) {
            assert!(Instant::now() < deadline, "a press does not arrive: {}", self.pair.buyer.log());
            self.revive(away).await;
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Starts the side again, without the point, when it has ended there.
    async fn revive(&mut self, away: bool) {
        if self.over || !self.side.of(self.pair).has_ended() {
            return;
        }
        self.over = true;
        let instance = self.side.of(self.pair);
        instance.options.more.clear();
        instance.kill().await;
        instance.start().await;
        if away {
            self.pair.supplier.start().await;
        }
    }
}

fn is_delivered(seen: &Snapshot, order: Uuid) -> bool {
    seen.sent.iter().any(|message| message.subject_id == order && message.state == "delivered")
}

fn is_approved(seen: &Snapshot, order: Uuid) -> bool {
    seen.orders.iter().any(|known| known.order_id == order && known.status == "approved")
}
