//! A body in two halves, for tests that end the program between them. Used only where a crash point inside a body is watched: then
//! the bytes and the length are the same, and only the moments differ at which they leave.

use std::io;
use std::time::Duration;

use bytes::Bytes;
use futures::Stream;
use http::header;
use protocol::faults::{self, Point};

/// The points of a body.
#[derive(Clone, Copy, Debug, Default)]
pub struct Halves {
    /// Nothing has left.
    pub begin: Option<Point>,
    /// The first half has left.
    pub half: Option<Point>,
    /// All has left.
    pub end: Option<Point>,
}

const ORDER: Halves = Halves { begin: Some(Point::B4), half: Some(Point::B5), end: Some(Point::B6) };

/// The request with its body.
pub(crate) fn with_body(request: reqwest::RequestBuilder, body: Bytes) -> reqwest::RequestBuilder {
    if !ORDER.are_watched() {
        return request.body(body);
    }
    request
        .header(header::CONTENT_LENGTH, body.len())
        .body(reqwest::Body::wrap_stream(in_halves(body, ORDER)))
}

impl Halves {
    /// Whether one of the points is watched.
    pub fn are_watched(self) -> bool {
        [self.begin, self.half, self.end].into_iter().flatten().any(faults::is_watched)
    }
}

/// The bytes in two halves, with the points at their places. What writes them asks for the first half when it is connected and has
/// written nothing, sends what it has when the stream makes it wait, and lets go of the stream when it has all.
pub fn in_halves(body: Bytes, points: Halves) -> impl Stream<Item = io::Result<Bytes>> + Send + 'static {
    futures::stream::unfold((0, body, None), move |(step, mut rest, _)| async move {
        match step {
            0 => {
                pass(points.begin);
                let half = rest.split_to(rest.len() / 2);
                Some((Ok(half), (1, rest, None)))
            }
            1 => {
                // A moment in which there is nothing to write is when what is written leaves.
                tokio::time::sleep(A_MOMENT).await;
                pass(points.half);
                Some((Ok(rest), (2, Bytes::new(), points.end.map(AtEnd))))
            }
            _ => None,
        }
    })
}

const A_MOMENT: Duration = Duration::from_millis(2);

fn pass(point: Option<Point>) {
    if let Some(point) = point {
        faults::pass(point);
    }
}

/// Whoever writes the body lets go of it before the last bytes leave, in the same breath.
struct AtEnd(Point);

impl Drop for AtEnd {
    fn drop(&mut self) {
        let point = self.0;
        if faults::is_watched(point) {
            tokio::spawn(async move {
                tokio::time::sleep(A_MOMENT).await;
                faults::pass(point);
            });
        }
    }
}
