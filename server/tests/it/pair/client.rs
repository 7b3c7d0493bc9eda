//! A person at a browser, as far as HTTP goes: signs in, posts forms as a script would, reads the answer.

use std::net::SocketAddr;

use bytes::Bytes;
use http::{Method, Request, StatusCode, header};
use http_body_util::{BodyExt, Full};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpStream;

use super::{EMAIL, PASSWORD};

/// One connection for each request, so that nothing outlives a process that was killed.
#[derive(Clone, Debug)]
pub struct Client {
    address: SocketAddr,
    cookie: Option<String>,
}

#[derive(Debug)]
pub struct Reply {
    pub status: StatusCode,
    pub body: Value,
}

impl Client {
    pub fn new(address: SocketAddr) -> Self {
        Self { address, cookie: None }
    }

    pub async fn is_ready(&self) -> bool {
        matches!(self.send(Method::GET, "/readyz", String::new()).await, Ok((status, _, _)) if status == StatusCode::OK)
    }

    /// The same client with a session.
    pub async fn signed_in(&self) -> Self {
        let body = form(&[("email", EMAIL), ("password", PASSWORD), ("next", "")]);
        let (status, cookie, body) = self.send(Method::POST, "/api/sign_in", body).await.unwrap();
        assert!(status.is_success() || status.is_redirection(), "{status} {body:?}");
        let cookie = cookie.expect("a cookie").split(';').next().unwrap().to_owned();
        Self { address: self.address, cookie: Some(cookie) }
    }

    /// Calls a server function as a script does. `Err` when the answer did not come whole.
    pub async fn call(&self, function: &str, fields: &[(&str, &str)]) -> std::io::Result<Reply> {
        let (status, _, body) = self.send(Method::POST, &format!("/api/{function}"), form(fields)).await?;
        Ok(Reply { status, body: serde_json::from_slice(&body).unwrap_or(Value::Null) })
    }

    async fn send(
        &self,
        method: Method,
        path: &str,
        body: String,
    ) -> std::io::Result<(StatusCode, Option<String>, Bytes)> {
        let stream = TcpStream::connect(self.address).await?;
        let (mut sender, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.map_err(other)?;
        let connection = tokio::spawn(connection);
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::HOST, self.address.to_string())
            .header(header::ACCEPT, "application/json")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin");
        if let Some(cookie) = &self.cookie {
            request = request.header(header::COOKIE, cookie);
        }
        let request = request.body(Full::new(Bytes::from(body))).map_err(std::io::Error::other)?;
        let answer = sender.send_request(request).await.map_err(other)?;
        let status = answer.status();
        let cookie =
            answer.headers().get(header::SET_COOKIE).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let body = answer.into_body().collect().await.map_err(other)?.to_bytes();
        drop(sender);
        connection.abort();
        Ok((status, cookie, body))
    }
}

fn form(fields: &[(&str, &str)]) -> String {
    let mut form = url::form_urlencoded::Serializer::new(String::new());
    form.extend_pairs(fields);
    form.finish()
}

fn other(error: hyper::Error) -> std::io::Error {
    std::io::Error::other(error)
}
