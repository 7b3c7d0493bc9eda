//! A partner that answers what it was told to, and names that lead where they were told to.

use bytes::Bytes;
use domain::ids::{CorrelationId, MessageId};
use exchange::{Guard, Link, Lookup, LookupFuture, OutboundMessage, OwnIdentity, PartnerClient};
use protocol::canonical::{hex, sha256};
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

/// A server on loopback that gives its answers one after the other, and then is silent.
pub struct Server {
    address: SocketAddr,
    requests: Arc<Mutex<Vec<String>>>,
    connections: Arc<AtomicUsize>,
}

impl Server {
    pub async fn start(answers: Vec<Vec<u8>>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let requests = Arc::new(Mutex::new(Vec::new()));
        let connections = Arc::new(AtomicUsize::new(0));
        let (seen, count) = (Arc::clone(&requests), Arc::clone(&connections));
        tokio::spawn(async move {
            let mut answers = answers.into_iter();
            let mut silent = Vec::new();
            while let Ok((mut stream, _)) = listener.accept().await {
                count.fetch_add(1, Ordering::SeqCst);
                let request = read_request(&mut stream).await;
                seen.lock().expect("the list").push(request);
                match answers.next() {
                    Some(answer) => {
                        let _ = stream.write_all(&answer).await;
                        let _ = stream.shutdown().await;
                    }
                    None => silent.push(stream),
                }
            }
        });
        Self { address, requests, connections }
    }

    /// A link to a port where nobody listens.
    pub async fn closed() -> Link {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        link_to(listener.local_addr().expect("an address"))
    }

    pub fn link(&self) -> Link {
        link_to(self.address)
    }

    pub fn endpoint(&self) -> String {
        self.link().endpoint
    }

    pub fn port(&self) -> u16 {
        self.address.port()
    }

    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().expect("the list").clone()
    }

    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

fn link_to(address: SocketAddr) -> Link {
    Link { endpoint: format!("http://{address}"), token: "open-sesame-1".to_owned().into() }
}

async fn read_request(stream: &mut TcpStream) -> String {
    let mut bytes = Vec::new();
    let mut buffer = [0; 16 * 1024];
    loop {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head
                .lines()
                .find_map(|line| line.strip_prefix("content-length: "))
                .map_or(0, |text| text.parse().expect("a length"));
            if body.len() >= length {
                return text;
            }
        }
        match stream.read(&mut buffer).await {
            Ok(count) if count > 0 && !bytes.starts_with(&[0x16]) => {
                bytes.extend_from_slice(&buffer[..count]);
            }
            _ => return text,
        }
        // The beginning of a TLS handshake has no end that we would see.
        if bytes.starts_with(&[0x16]) {
            return text;
        }
    }
}

pub fn http_answer(status: u16, media_type: &str, body: &[u8]) -> Vec<u8> {
    let length = if status == 204 { String::new() } else { format!("content-length: {}\r\n", body.len()) };
    let mut answer =
        format!("HTTP/1.1 {status} X\r\ncontent-type: {media_type}\r\n{length}connection: close\r\n\r\n")
            .into_bytes();
    answer.extend_from_slice(body);
    answer
}

pub fn batch_answer(lines: &[String]) -> Vec<u8> {
    http_answer(200, "application/x-ndjson", (lines.join("\n") + "\n").as_bytes())
}

pub fn identity() -> OwnIdentity {
    OwnIdentity { instance_id: "0193593c-0000-7000-8000-000000000001".parse().expect("an id"), epoch: 3 }
}

pub fn client() -> PartnerClient {
    PartnerClient::new(Guard::loopback(), identity()).expect("a client")
}

pub fn message(number: u32) -> OutboundMessage {
    let id = |kind: u32| format!("0193593c-{kind:04x}-7000-8000-{number:012x}");
    let message_id: MessageId = id(1).parse().expect("an id");
    let correlation_id: CorrelationId = id(2).parse().expect("an id");
    let body = Bytes::from(format!("{{\"message_id\":\"{message_id}\",\"note\":\"æøå\"}}"));
    OutboundMessage { message_id, body_hash: sha256(&body), body, correlation_id }
}

/// A receipt for the message, of the given hash or the right one.
pub fn receipt(message: &OutboundMessage, hash: Option<[u8; 32]>) -> String {
    let hash = hex(&hash.unwrap_or(message.body_hash));
    let (id, at) = (message.message_id, "2026-11-24T08:00:00Z");
    format!(
        "{{\"message_id\":\"{id}\",\"body_sha256\":\"{hash}\",\"instance_id\":\"{id}\",\"epoch\":1,\"received_at\":\"{at}\",\
         \"state\":{{\"order_uid\":\"{id}\",\"sequence\":1,\"revision\":1,\"status\":\"received\",\"draft_number\":\"K-1\",\"changed_at\":\"{at}\"}}}}"
    )
}

/// Names that lead where a test wants, in turn.
#[derive(Default)]
pub struct Names {
    turns: Vec<Vec<SocketAddr>>,
    failure: Option<io::ErrorKind>,
    asked: AtomicUsize,
}

impl Names {
    pub fn answering(addresses: Vec<SocketAddr>) -> Self {
        Self { turns: vec![addresses], ..Self::default() }
    }

    pub fn alternating(first: Vec<SocketAddr>, second: Vec<SocketAddr>) -> Self {
        Self { turns: vec![first, second], ..Self::default() }
    }

    pub fn failing(kind: io::ErrorKind) -> Self {
        Self { failure: Some(kind), ..Self::default() }
    }
}

impl Lookup for Names {
    fn lookup(&self, _name: String) -> LookupFuture {
        let turn = self.asked.fetch_add(1, Ordering::SeqCst);
        let answer = match self.failure {
            Some(kind) => Err(io::Error::from(kind)),
            None => Ok(self.turns.get(turn % self.turns.len().max(1)).cloned().unwrap_or_default()),
        };
        Box::pin(async move { answer })
    }
}
