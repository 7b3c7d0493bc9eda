//! An answer that breaks off in the middle, for the tests that end the program there.

use axum::body::Body;
use axum::response::Response;
use exchange::Halves;
use http::header;
use http_body_util::BodyExt;
use protocol::faults::Point;

/// The answer as it is, unless the point is watched: then its body leaves in two halves with the point between them.
pub async fn in_halves(response: Response, point: Point) -> Response {
    let points = Halves { half: Some(point), ..Halves::default() };
    if !points.are_watched() {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let bytes = match body.collect().await {
        Ok(collected) => collected.to_bytes(),
        Err(error) => {
            tracing::error!(%error, "an answer could not be cut in halves");
            return Response::from_parts(parts, Body::empty());
        }
    };
    parts.headers.insert(header::CONTENT_LENGTH, bytes.len().into());
    Response::from_parts(parts, Body::from_stream(exchange::in_halves(bytes, points)))
}
