//! HTTP as a browser, a script or a partner speaks it: one connection that is kept, and streams of live updates.

use std::net::SocketAddr;
use std::time::Instant;

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, header};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::client::conn::http1::SendRequest;
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::sync::mpsc;

use crate::failure::{Failure, Outcome, needed};

/// Someone who asks an instance.
#[derive(Debug)]
pub struct Client {
    address: SocketAddr,
    headers: HeaderMap,
    sender: Option<SendRequest<Full<Bytes>>>,
}

/// An event of an instance's stream, as its bytes came.
#[derive(Clone, Debug)]
pub struct Heard {
    /// Which of the listeners heard it.
    pub listener: usize,
    /// When.
    pub at: Instant,
    /// The event's data, as JSON text.
    pub data: String,
}

impl Client {
    /// Nobody in particular.
    pub fn new(address: SocketAddr) -> Self {
        Self { address, headers: HeaderMap::new(), sender: None }
    }

    /// The same with a header on every request.
    pub fn with(mut self, name: &'static str, value: &str) -> Outcome<Self> {
        self.headers.insert(name, HeaderValue::from_str(value)?);
        Ok(self)
    }

    /// A person who has signed in.
    pub async fn sign_in(address: SocketAddr, email: &str, password: &str) -> Outcome<Self> {
        let mut client = Self::new(address);
        let body = form(&[("email", email), ("password", password), ("next", "")]);
        let answer = client.request(Method::POST, "/api/sign_in", FORM, body.into(), &[]).await?;
        let cookie = answer.headers().get(header::SET_COOKIE).and_then(|value| value.to_str().ok());
        let cookie = needed(cookie.and_then(|cookie| cookie.split(';').next()), "the session's cookie")?;
        Self::new(address).with("cookie", cookie)
    }

    /// The cookie of the session, as a browser's tools take it: name and value.
    pub fn cookie(&self) -> Option<(&str, &str)> {
        self.headers.get(header::COOKIE)?.to_str().ok()?.split_once('=')
    }

    /// Reads a page to its last byte.
    pub async fn get(&mut self, path: &str) -> Outcome<Bytes> {
        let answer = self.request(Method::GET, path, HTML, Bytes::new(), &[]).await?;
        whole(path, answer).await
    }

    /// Calls a server function as a script does.
    pub async fn call(&mut self, function: &str, fields: &[(&str, &str)]) -> Outcome<Value> {
        let path = format!("/api/{function}");
        let answer = self.request(Method::POST, &path, FORM, form(fields).into(), &[]).await?;
        Ok(serde_json::from_slice(&whole(&path, answer).await?)?)
    }

    /// Sends a document to the partner API.
    pub async fn post(
        &mut self,
        path: &str,
        body: Bytes,
        headers: &[(&'static str, &str)],
    ) -> Outcome<Bytes> {
        let answer = self.request(Method::POST, path, JSON, body, headers).await?;
        whole(path, answer).await
    }

    /// Opens a stream of live updates. What is heard goes to the channel until either end is gone.
    pub async fn listen(&self, listener: usize, heard: mpsc::Sender<Heard>) -> Outcome<()> {
        // A connection of its own: the stream does not end.
        let mut client = Self { address: self.address, headers: self.headers.clone(), sender: None };
        let answer = client.request(Method::GET, "/hendelser", STREAM, Bytes::new(), &[]).await?;
        if answer.status() != StatusCode::OK {
            return Err(Failure::new(format!("the stream was refused: {}", answer.status())));
        }
        tokio::spawn(async move {
            let _kept = client;
            follow(answer.into_body(), listener, heard).await;
        });
        Ok(())
    }

    async fn request(
        &mut self,
        method: Method,
        path: &str,
        kind: Kind,
        body: Bytes,
        headers: &[(&'static str, &str)],
    ) -> Outcome<http::Response<Incoming>> {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, self.address.to_string())
            .header(header::ACCEPT, kind.accept)
            .header("sec-fetch-site", "same-origin");
        if !kind.content.is_empty() {
            request = request.header(header::CONTENT_TYPE, kind.content);
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut request = request.body(Full::new(body))?;
        request.headers_mut().extend(self.headers.clone());
        Ok(self.connection().await?.send_request(request).await?)
    }

    async fn connection(&mut self) -> Outcome<&mut SendRequest<Full<Bytes>>> {
        let usable = match &mut self.sender {
            Some(sender) => sender.ready().await.is_ok(),
            None => false,
        };
        if !usable {
            let stream = TcpStream::connect(self.address).await?;
            stream.set_nodelay(true)?;
            let (sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
            tokio::spawn(connection);
            self.sender = Some(sender);
        }
        needed(self.sender.as_mut(), "the connection")
    }
}

#[derive(Clone, Copy)]
struct Kind {
    accept: &'static str,
    content: &'static str,
}

const HTML: Kind = Kind { accept: "text/html", content: "" };
const FORM: Kind = Kind { accept: "application/json", content: "application/x-www-form-urlencoded" };
const JSON: Kind = Kind { accept: "application/json", content: "application/json" };
const STREAM: Kind = Kind { accept: "text/event-stream", content: "" };

async fn whole(path: &str, answer: http::Response<Incoming>) -> Outcome<Bytes> {
    let status = answer.status();
    let body = answer.into_body().collect().await?.to_bytes();
    if status.is_success() || status.is_redirection() {
        return Ok(body);
    }
    let told: String = String::from_utf8_lossy(&body).chars().take(300).collect();
    Err(Failure::new(format!("{path}: {status}: {told}")))
}

async fn follow(mut body: Incoming, listener: usize, heard: mpsc::Sender<Heard>) {
    let mut text = String::new();
    while let Some(Ok(frame)) = body.frame().await {
        let at = Instant::now();
        let Some(bytes) = frame.data_ref() else { continue };
        text.push_str(&String::from_utf8_lossy(bytes));
        while let Some(end) = text.find("\n\n") {
            let event: String = text.drain(..end + 2).collect();
            let Some(data) = event.lines().find_map(|line| line.strip_prefix("data: ")) else { continue };
            if heard.send(Heard { listener, at, data: data.to_owned() }).await.is_err() {
                return;
            }
        }
    }
}

fn form(fields: &[(&str, &str)]) -> String {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(fields);
    form.finish()
}
