//! `/hendelser`: live updates for one open page.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::Extension;
use axum::extract::{Query, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use futures::stream::{self, Stream, StreamExt};
use serde::Deserialize;
use services::{Actor, Ctx};
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio_util::sync::CancellationToken;

use crate::workers::live::{Hub, Ready};

const KEEP_ALIVE: Duration = Duration::from_secs(15);
/// A stream ends after a while; the page opens it again, and who it is for is found out anew.
const LONGEST: Duration = Duration::from_secs(900);

/// What the stream needs.
#[derive(Clone)]
pub struct Live {
    pub hub: Arc<Hub>,
    pub stop: CancellationToken,
}

/// Where the page stands.
#[derive(Deserialize)]
pub struct After {
    #[serde(default)]
    after: Option<String>,
}

/// The stream: what was missed, then what happens; `reset` when too much was missed.
pub async fn stream(
    State(live): State<Live>,
    Extension(ctx): Extension<Ctx>,
    Query(query): Query<After>,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let actor = ctx.actor.clone();
    // A place that cannot be read is no place: the page asks again.
    let after = query.after.and_then(|text| text.parse().ok()).unwrap_or(-1);
    let beginning = live.hub.join(after);
    let first: Vec<Event> = match beginning.missed {
        Some(missed) => missed.iter().filter(|ready| actor.may(ready.permission)).map(row).collect(),
        None => vec![reset(beginning.position)],
    };
    let following = follow(live.hub.clone(), beginning.following, actor);
    let ended = async move {
        tokio::select! {
            () = live.stop.cancelled() => {}
            () = tokio::time::sleep(LONGEST) => {}
        }
    };
    let events = stream::iter(first).chain(following).map(Ok).take_until(ended);
    Sse::new(events).keep_alive(KeepAlive::new().interval(KEEP_ALIVE))
}

fn follow(hub: Arc<Hub>, receiver: Receiver<Ready>, actor: Actor) -> impl Stream<Item = Event> {
    stream::unfold((hub, receiver, actor), |(hub, mut receiver, actor)| async move {
        loop {
            let event = match receiver.recv().await {
                Ok(ready) if actor.may(ready.permission) => row(&ready),
                Ok(_) => continue,
                // This page reads too slowly: it asks again and goes on from the newest.
                Err(RecvError::Lagged(_)) => {
                    receiver = receiver.resubscribe();
                    reset(hub.position())
                }
                Err(RecvError::Closed) => return None,
            };
            return Some((event, (hub, receiver, actor)));
        }
    })
}

fn row(ready: &Ready) -> Event {
    Event::default().event("row").id(ready.position.to_string()).data(&*ready.json)
}

fn reset(position: i64) -> Event {
    Event::default().event("reset").data(position.to_string())
}
