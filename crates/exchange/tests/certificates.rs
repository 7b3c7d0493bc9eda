//! Certificates that prove nothing: over real TLS connections on loopback. No request may leave for whoever shows one.

use bytes::Bytes;
use domain::errors::ErrorCode;
use domain::messages::Verdict;
use exchange::{Guard, Link, OutboundMessage, OwnIdentity, PartnerClient};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use std::path::Path;
use std::process::Command;
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

/// Tells the test that it runs in a process of its own, and where the roots are that this process trusts.
const ROOTS: &str = "TEST_TRUSTED_ROOTS";
/// The client trusts the roots of the machine; only here can a test give others.
const ROOTS_ARE_A_FILE: bool = cfg!(target_os = "linux");

#[test]
fn a_bad_certificate_stops_every_call_before_anything_is_sent() {
    match std::env::var_os(ROOTS) {
        Some(roots) => judge_all(Path::new(&roots)),
        None => run_with_other_roots("a_bad_certificate_stops_every_call_before_anything_is_sent"),
    }
}

/// Runs a test of this file again in a process that trusts nobody but our issuer: the roots are read from the environment, and
/// a process cannot safely change its own.
fn run_with_other_roots(test: &str) {
    let roots = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("roots-{}.pem", std::process::id()));
    let output = Command::new(std::env::current_exe().expect("this program"))
        .args(["--exact", test, "--nocapture"])
        .env(ROOTS, &roots)
        .env("SSL_CERT_FILE", &roots)
        .env_remove("SSL_CERT_DIR")
        .output()
        .expect("the test's own process");
    let _ = std::fs::remove_file(&roots);
    let (told, faults) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && told.contains("1 passed"), "{told}\n{faults}");
}

#[tokio::main(flavor = "current_thread")]
async fn judge_all(roots: &Path) {
    let issuer = Issued::issuer("An issuer that is trusted here");
    std::fs::write(roots, issuer.pem()).expect("the roots");
    let client = PartnerClient::new(Guard::loopback(), identity()).expect("a client");
    if ROOTS_ARE_A_FILE {
        let trusted = Partner::start(Issued::by(&issuer, &["localhost", "127.0.0.1"], 2100)).await;
        let sent = client.send_order(&trusted.link(), &message()).await;
        let busy = Verdict::Retry { code: ErrorCode::Overloaded, after_seconds: None };
        assert_eq!((sent.verdict, sent.http_status), (busy, Some(503)), "a good certificate is trusted");
        assert_eq!(trusted.requests().len(), 1);
    }
    let stranger = Issued::issuer("An issuer that nobody knows");
    let cases = [
        ("self-signed", Issued::by_itself(&["localhost", "127.0.0.1"])),
        ("an unknown issuer's", Issued::by(&stranger, &["localhost", "127.0.0.1"], 2100)),
        ("expired", Issued::by(&issuer, &["localhost", "127.0.0.1"], 2021)),
        ("another name's", Issued::by(&issuer, &["partner.example", "127.0.0.2"], 2100)),
    ];
    for (kind, certificate) in cases {
        let partner = Partner::start(certificate).await;
        check(kind, &client, &partner).await;
    }
}

/// The order waits and is tried again with the same bytes: the certificate may be mended meanwhile.
async fn check(kind: &str, client: &PartnerClient, partner: &Partner) {
    let retry = Verdict::Retry { code: ErrorCode::TlsFailed, after_seconds: None };
    for link in [
        partner.link(),
        Link { endpoint: partner.link().endpoint.replace("127.0.0.1", "localhost"), ..partner.link() },
    ] {
        let sent = client.send_order(&link, &message()).await;
        assert_eq!((sent.verdict, sent.http_status), (retry, None), "{kind}: {}", link.endpoint);
        let many = client.send_batch(&link, &[message(), message()]).await;
        assert!(many.len() == 2 && many.iter().all(|sent| sent.verdict == retry), "{kind}: {many:?}");
        let error = client.identity(&link).await.expect_err(kind);
        assert_eq!((error.code, error.http_status), (ErrorCode::TlsFailed, None), "{kind}");
    }
    assert_eq!(partner.requests(), Vec::<String>::new(), "{kind}: nothing may be sent");
}

/// A certificate with its key.
struct Issued {
    certificate: CertificateDer<'static>,
    key: KeyPair,
}

impl Issued {
    fn issuer(name: &str) -> CertifiedIssuer<'static, KeyPair> {
        let mut params = CertificateParams::new(Vec::new()).expect("no names");
        params.distinguished_name.push(rcgen::DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        CertifiedIssuer::self_signed(params, KeyPair::generate().expect("a key")).expect("an issuer")
    }

    fn by(issuer: &CertifiedIssuer<'static, KeyPair>, names: &[&str], last_year: i32) -> Self {
        let key = KeyPair::generate().expect("a key");
        let signed = params(names, last_year).signed_by(&key, issuer).expect("a certificate");
        Self { certificate: signed.der().clone(), key }
    }

    fn by_itself(names: &[&str]) -> Self {
        let key = KeyPair::generate().expect("a key");
        let signed = params(names, 2100).self_signed(&key).expect("a certificate");
        Self { certificate: signed.der().clone(), key }
    }
}

fn params(names: &[&str], last_year: i32) -> CertificateParams {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut params = CertificateParams::new(names).expect("names");
    params.not_before = date_time_ymd(2020, 1, 1);
    params.not_after = date_time_ymd(last_year, 1, 1);
    params
}

/// A server on loopback that shows its certificate, and keeps what is asked of it after that.
struct Partner {
    port: u16,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Partner {
    async fn start(issued: Issued) -> Self {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .expect("versions of TLS")
            .with_no_client_auth()
            .with_single_cert(
                vec![issued.certificate],
                PrivateKeyDer::try_from(issued.key.serialize_der()).expect("a key"),
            )
            .expect("a certificate with its key");
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let Ok(mut stream) = acceptor.accept(stream).await else { continue };
                let mut buffer = vec![0; 16 * 1024];
                if let Ok(count) = stream.read(&mut buffer).await
                    && count > 0
                {
                    seen.lock()
                        .expect("the list")
                        .push(String::from_utf8_lossy(&buffer[..count]).into_owned());
                    let _ = stream.write_all(BUSY.as_bytes()).await;
                    let _ = stream.shutdown().await;
                }
            }
        });
        Self { port, requests }
    }

    fn link(&self) -> Link {
        let endpoint = format!("https://127.0.0.1:{}", self.port);
        Link { endpoint, token: "open-sesame-1".to_owned().into() }
    }

    fn requests(&self) -> Vec<String> {
        self.requests.lock().expect("the list").clone()
    }
}

const BUSY: &str = "HTTP/1.1 503 Later\r\ncontent-type: application/problem+json\r\ncontent-length: 57\r\nconnection: close\r\n\r\n\
                    {\"type\":\"x\",\"title\":\"x\",\"status\":503,\"code\":\"overloaded\"}";

fn identity() -> OwnIdentity {
    OwnIdentity { instance_id: "0193593c-0000-7000-8000-000000000001".parse().expect("an id"), epoch: 3 }
}

fn message() -> OutboundMessage {
    let body = Bytes::from_static(b"{\"note\":\"secret\"}");
    OutboundMessage {
        message_id: "0193593c-0001-7000-8000-000000000001".parse().expect("an id"),
        body_hash: protocol::canonical::sha256(&body),
        body,
        correlation_id: "0193593c-0002-7000-8000-000000000001".parse().expect("an id"),
    }
}
