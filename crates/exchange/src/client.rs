//! The client: one connection pool for all partners, every request guarded, bounded and without redirects.

use bytes::Bytes;
use domain::errors::ErrorCode;
use domain::ids::{InstanceId, OrderId};
use domain::instance::API_VERSION;
use http::{HeaderValue, Method, header};
use protocol::documents::{
    ArticleLookupAnswer, ArticleLookupRequest, ArticlePage, CheckAnswer, ContactDocument, ContactPage,
    FeedPage, Identity, OrderState,
};
use protocol::faults::{self, Point};
use protocol::{canonical, headers};
use secrecy::{ExposeSecret, SecretString};
use serde::de::DeserializeOwned;
use std::sync::Arc;
use std::time::Duration;

use crate::answer::{self, Answer, Broken};
use crate::failure::{ExchangeError, classify};
use crate::guard::Guard;
use crate::halves;
use crate::resolver::{GuardedResolver, Lookup, SystemLookup};

/// The largest answer that is read, in bytes; more for pages of articles and for receipts of a batch.
const ANSWER_CAP: usize = 1024 * 1024;
pub(crate) const LARGE_ANSWER_CAP: usize = 8 * 1024 * 1024;
/// How much longer than its own wait a request for the feed may take.
const FEED_MARGIN: Duration = Duration::from_secs(10);

/// Who we are, as every request says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnIdentity {
    pub instance_id: InstanceId,
    pub epoch: i64,
}

/// Where a partner is, and the token it gave us.
#[derive(Clone, Debug)]
pub struct Link {
    pub endpoint: String,
    pub token: SecretString,
}

/// How long a connection and a whole call may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    pub connect: Duration,
    pub total: Duration,
}

impl Default for Timeouts {
    fn default() -> Self {
        Self { connect: Duration::from_secs(5), total: Duration::from_secs(30) }
    }
}

/// The one outbound client. Cheap to clone.
#[derive(Clone, Debug)]
pub struct PartnerClient {
    http: reqwest::Client,
    guard: Guard,
    identity: OwnIdentity,
    timeouts: Timeouts,
}

/// One request before it is sent.
pub(crate) struct Call<'a> {
    pub(crate) method: Method,
    pub(crate) path: &'a str,
    pub(crate) query: Vec<(&'a str, &'a str)>,
    pub(crate) body: Option<(&'static str, Bytes)>,
    pub(crate) headers: Vec<(&'static str, String)>,
    pub(crate) cap: usize,
    pub(crate) timeout: Option<Duration>,
}

impl<'a> Call<'a> {
    pub(crate) fn get(path: &'a str) -> Self {
        Self {
            method: Method::GET,
            path,
            query: Vec::new(),
            body: None,
            headers: Vec::new(),
            cap: ANSWER_CAP,
            timeout: None,
        }
    }

    pub(crate) fn post(path: &'a str, media_type: &'static str, body: Bytes) -> Self {
        Self { method: Method::POST, body: Some((media_type, body)), ..Self::get(path) }
    }
}

pub(crate) const JSON: &str = "application/json";

impl PartnerClient {
    /// The client with the usual time limits and the machine's own resolver.
    ///
    /// # Errors
    /// When TLS cannot be set up at all.
    pub fn new(guard: Guard, identity: OwnIdentity) -> Result<Self, ExchangeError> {
        Self::with(guard, identity, Timeouts::default(), Arc::new(SystemLookup))
    }

    /// The client with other time limits and another resolver.
    ///
    /// # Errors
    /// When TLS cannot be set up at all.
    pub fn with(
        guard: Guard,
        identity: OwnIdentity,
        timeouts: Timeouts,
        lookup: Arc<dyn Lookup>,
    ) -> Result<Self, ExchangeError> {
        // An error means that a provider is installed already, which is what is wanted.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = builder(&guard, timeouts, &lookup).build().or_else(|error| {
            tracing::warn!(error = %error, "the machine has no usable root certificates: no partner can be called over https");
            builder(&guard, timeouts, &lookup).tls_certs_only([]).build()
        });
        let http = http.map_err(|_| ErrorCode::TlsFailed)?;
        Ok(Self { http, guard, identity, timeouts })
    }

    /// Which addresses may be called.
    pub fn guard(&self) -> &Guard {
        &self.guard
    }

    /// Who the partner is, and what the token may do.
    ///
    /// # Errors
    /// See [`ExchangeError`].
    pub async fn identity(&self, link: &Link) -> Result<Identity, ExchangeError> {
        self.document(link, Call::get("/partner/v1/identity")).await
    }

    /// A page of the catalogue: what changed after the cursor.
    ///
    /// # Errors
    /// See [`ExchangeError`].
    pub async fn articles(
        &self,
        link: &Link,
        after: Option<&str>,
        limit: usize,
    ) -> Result<ArticlePage, ExchangeError> {
        let limit = limit.to_string();
        let mut call = Call { cap: LARGE_ANSWER_CAP, ..Call::get("/partner/v1/articles") };
        call.query.push(("limit", &limit));
        call.query.extend(after.map(|after| ("after", after)));
        self.document(link, call).await
    }

    /// Many article numbers at once.
    ///
    /// # Errors
    /// See [`ExchangeError`].
    pub async fn lookup(
        &self,
        link: &Link,
        numbers: &[String],
    ) -> Result<ArticleLookupAnswer, ExchangeError> {
        let request = ArticleLookupRequest { numbers: numbers.to_vec() };
        let body = canonical::canonical_bytes(&request).map_err(|_| ErrorCode::Internal)?;
        self.document(link, Call::post("/partner/v1/articles/lookup", JSON, body.into())).await
    }

    /// The dry run of an order.
    ///
    /// # Errors
    /// See [`ExchangeError`].
    pub async fn check_order(&self, link: &Link, body: Bytes) -> Result<CheckAnswer, ExchangeError> {
        self.document(link, Call::post("/partner/v1/purchase-orders/check", JSON, body)).await
    }

    /// A page of the partner's feed; the partner holds the request open for so long until there is something. With `articles`, a place of
    /// its catalogue, changed articles are something as well.
    ///
    /// # Errors
    /// See [`ExchangeError`].
    pub async fn events(
        &self,
        link: &Link,
        after: Option<&str>,
        articles: Option<&str>,
        wait_seconds: u64,
    ) -> Result<FeedPage, ExchangeError> {
        let wait = wait_seconds.min(protocol::limits::MAX_WAIT_SECONDS);
        let seconds = wait.to_string();
        let mut call = Call {
            timeout: Some(Duration::from_secs(wait) + FEED_MARGIN),
            ..Call::get("/partner/v1/events")
        };
        call.query.push(("wait", &seconds));
        call.query.extend(after.map(|after| ("after", after)));
        call.query.extend(articles.map(|place| ("articles", place)));
        self.document(link, call).await
    }

    /// Where one of our orders is at the partner.
    ///
    /// # Errors
    /// See [`ExchangeError`].
    pub async fn order(&self, link: &Link, uid: OrderId) -> Result<OrderState, ExchangeError> {
        self.document(link, Call::get(&format!("/partner/v1/purchase-orders/{uid}"))).await
    }

    /// The contacts that the token may see.
    ///
    /// # Errors
    /// See [`ExchangeError`].
    pub async fn contacts(&self, link: &Link) -> Result<ContactPage, ExchangeError> {
        self.document(link, Call { cap: LARGE_ANSWER_CAP, ..Call::get("/partner/v1/contacts") }).await
    }

    /// Tells the partner how a contact looks here.
    ///
    /// # Errors
    /// See [`ExchangeError`].
    pub async fn put_contact(&self, link: &Link, contact: &ContactDocument) -> Result<(), ExchangeError> {
        let body = canonical::canonical_bytes(contact).map_err(|_| ErrorCode::Internal)?;
        let path = format!("/partner/v1/contacts/{}", contact.uid);
        let call = Call { method: Method::PUT, ..Call::post(&path, JSON, body.into()) };
        self.call(link, call).await?.expect_success()
    }

    async fn document<T: DeserializeOwned>(&self, link: &Link, call: Call<'_>) -> Result<T, ExchangeError> {
        self.call(link, call).await?.document()
    }

    /// Sends one request and reads its answer. The address is checked again every time, since the guard may have been made
    /// stricter after the address was stored.
    pub(crate) async fn call(&self, link: &Link, call: Call<'_>) -> Result<Answer, Broken> {
        let unsent = |code| Broken { code, status: None };
        let endpoint = self.guard.check_endpoint(&link.endpoint).map_err(|refusal| unsent(refusal.code))?;
        let url = endpoint.url(call.path, &call.query).map_err(unsent)?;
        let mut authorization = HeaderValue::from_str(&format!("Bearer {}", link.token.expose_secret()))
            .map_err(|_| unsent(ErrorCode::InvalidToken))?;
        authorization.set_sensitive(true);
        let sends = call.body.is_some();
        let mut request = self
            .http
            .request(call.method, url)
            .timeout(call.timeout.unwrap_or(self.timeouts.total))
            .header(header::AUTHORIZATION, authorization)
            .header(header::ACCEPT, "application/json, application/x-ndjson, application/problem+json")
            .header(headers::PARTNER_INSTANCE, self.identity.instance_id.to_string())
            .header(headers::PARTNER_EPOCH, self.identity.epoch)
            .header(headers::API_VERSION, API_VERSION);
        for (name, value) in call.headers {
            request = request.header(name, value);
        }
        if let Some((media_type, body)) = call.body {
            request = halves::with_body(request.header(header::CONTENT_TYPE, media_type), body);
        }
        let response = request.send().await.map_err(|error| unsent(classify(&error)))?;
        if sends {
            faults::pass(Point::B7);
        }
        answer::read(response, &self.guard, call.cap).await
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the one outbound client")]
fn builder(guard: &Guard, timeouts: Timeouts, lookup: &Arc<dyn Lookup>) -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .https_only(!guard.allows_http())
        .connect_timeout(timeouts.connect)
        .timeout(timeouts.total)
        .pool_idle_timeout(Duration::from_secs(50))
        .user_agent(concat!("ProdSys/", env!("CARGO_PKG_VERSION")))
        .dns_resolver(GuardedResolver { guard: guard.clone(), lookup: Arc::clone(lookup) })
}
