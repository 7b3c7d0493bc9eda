//! Requests as bytes, for what no HTTP library would send.

use std::net::SocketAddr;

use http::{HeaderMap, HeaderName, StatusCode};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::support::Answer;

/// What is sent, and whether the sender then closes its half of the connection.
#[derive(Clone, Debug)]
pub struct Bytes {
    pub text: Vec<u8>,
    pub then_closes: bool,
}

impl Bytes {
    /// A head of the given lines, and what follows it.
    pub fn new(lines: &[&str], body: &[u8]) -> Self {
        let mut text = format!("{}\r\n\r\n", lines.join("\r\n")).into_bytes();
        text.extend_from_slice(body);
        Self { text, then_closes: false }
    }

    pub fn then_closes(self) -> Self {
        Self { then_closes: true, ..self }
    }
}

/// Sends the bytes and reads until the server closes: an answer after which the connection stays open is none here.
pub async fn exchange(address: SocketAddr, bytes: &Bytes) -> Answer {
    let mut stream = TcpStream::connect(address).await.unwrap();
    // A server that refuses early may have closed its half already.
    let _ = stream.write_all(&bytes.text).await;
    if bytes.then_closes {
        let _ = stream.shutdown().await;
    }
    let mut received = Vec::new();
    let _ = stream.read_to_end(&mut received).await;
    parse(&received)
}

fn parse(received: &[u8]) -> Answer {
    let end = received.windows(4).position(|window| window == b"\r\n\r\n");
    let (head, body) = match end {
        Some(end) => (&received[..end], received[end + 4..].to_vec()),
        None => (received, Vec::new()),
    };
    let head = String::from_utf8_lossy(head).into_owned();
    let mut lines = head.lines();
    let status =
        lines.next().and_then(|line| line.split(' ').nth(1)).and_then(|text| text.parse::<u16>().ok());
    let mut headers = HeaderMap::new();
    for line in lines {
        if let Some((name, value)) = line.split_once(": ") {
            headers.append(HeaderName::try_from(name).unwrap(), value.parse().unwrap());
        }
    }
    let status = status.and_then(|status| StatusCode::from_u16(status).ok());
    Answer { status: status.unwrap_or_else(|| panic!("no answer: {head:?}")), headers, body }
}
