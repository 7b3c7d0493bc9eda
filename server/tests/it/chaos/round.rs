//! One run: people export and answer while one side ends at its crash point and is started again.

use std::collections::BTreeMap;
use std::time::Duration;

use tokio::time::Instant;
use uuid::Uuid;

use super::checker::{History, Told};
use super::snapshot::{Snapshot, standing};
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

/// What happens around the point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// Nothing but the work.
    Plain,
    /// The supplier is away until the point is hit, so that messages are put off.
    PartnerAway,
    /// The side is told to end while orders are on their way.
    ToldToEnd,
}

pub struct Round<'a> {
    pair: &'a mut Pair,
    side: Side,
    way: Way,
    history: &'a mut History,
    buyer: Client,
    seller: Client,
    /// Whether the side has ended and is started again.
    over: bool,
}

impl<'a> Round<'a> {
    pub fn new(
        pair: &'a mut Pair,
        side: Side,
        way: Way,
        history: &'a mut History,
        (buyer, seller): &(Client, Client),
    ) -> Self {
        Self { pair, side, way, history, buyer: buyer.clone(), seller: seller.clone(), over: false }
    }

    /// Exports the orders, press by press, and approves every second one when it has arrived.
    pub async fn run(&mut self, orders: Vec<Uuid>) {
        if self.way == Way::PartnerAway {
            self.pair.supplier.stop().await;
        }
        for (number, press) in orders.chunks(PRESS).enumerate() {
            self.export(press).await;
            if self.way == Way::ToldToEnd && number == 1 {
                self.side.of(self.pair).tell_to_end().await;
            }
            self.until(|seen| press.iter().all(|order| is_delivered(seen, *order))).await;
            let drafts = self.look().await.drafts;
            for order in press.iter().step_by(2) {
                let draft = drafts.iter().find(|draft| draft.order_uid == *order).unwrap();
                self.approve(draft.draft_id).await;
            }
            self.until(|seen| press.iter().step_by(2).all(|order| is_approved(seen, *order))).await;
        }
        self.revive().await;
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
            self.revive().await;
        }
    }

    async fn approve(&mut self, draft_id: Uuid) {
        let deadline = Instant::now() + PATIENCE;
        let id = draft_id.to_string();
        loop {
            match self.seller.call("approve_draft", &[("draft_id", &id), ("version", "1")]).await {
                // A press whose answer was lost may have approved it.
                Ok(reply) if reply.status.is_success() || reply.status.as_u16() == 409 => return,
                Ok(reply) => panic!("{}: {}", reply.status, reply.body),
                Err(_) => self.revive().await,
            }
            assert!(Instant::now() < deadline, "no approval is answered");
        }
    }

    async fn look(&self) -> Snapshot {
        Snapshot::of(&self.pair.buyer.database(), &self.pair.supplier.database()).await
    }

    async fn until(&mut self, arrived: impl Fn(&Standing) -> bool) {
        let deadline = Instant::now() + PATIENCE;
        while !arrived(&standing(&self.pair.buyer.database()).await) {
            assert!(Instant::now() < deadline, "a press does not arrive: {}", self.pair.buyer.log());
            self.revive().await;
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Starts the side again, without the point, when it has ended there.
    async fn revive(&mut self) {
        if self.over || !self.side.of(self.pair).has_ended() {
            return;
        }
        self.over = true;
        let instance = self.side.of(self.pair);
        instance.options.more.clear();
        instance.options.wrapper.clear();
        instance.kill().await;
        instance.start().await;
        if self.way == Way::PartnerAway {
            self.pair.supplier.start().await;
        }
    }
}

type Standing = BTreeMap<Uuid, (String, String)>;

fn is_delivered(seen: &Standing, order: Uuid) -> bool {
    seen.get(&order).is_some_and(|(_, state)| state == "delivered")
}

fn is_approved(seen: &Standing, order: Uuid) -> bool {
    seen.get(&order).is_some_and(|(status, _)| status == "approved")
}
