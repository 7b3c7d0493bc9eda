//! One instance in a folder of its own, and short ways to ask it.

use axum::body::Body;
use domain::contacts::ContactInput;
use domain::roles::Role;
use domain::tokens::Scope;
use http::{Method, Request, Response, StatusCode, header};
use http_body_util::BodyExt;
use serde_json::{Value, json};
use server::{Config, Program};
use services::instance::{self, InitInput};
use services::tokens::{self, TokenInput};
use services::users::{self, UserInput};
use services::{Actor, Ctx, articles};
use tempfile::TempDir;
use tower::ServiceExt;

use crate::pair::Backend;
use crate::pair::instance::new_database;

pub const PASSWORD: &str = "en lang nok prøve";
pub const PEER: &str = "019a9d5e-0000-7000-8000-0000000000aa";

pub struct Site {
    pub program: Program,
    pub ctx: Ctx,
    folder: TempDir,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: http::HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or(Value::Null)
    }

    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// A supplier with one article, one person of each role, and both switches on.
pub async fn site() -> Site {
    site_on(Backend::Sqlite).await
}

/// The same on either database.
pub async fn site_on(backend: Backend) -> Site {
    let folder = tempfile::tempdir().unwrap();
    let database_url = new_database(backend).await;
    let config = Config { data: folder.path().join("data"), database_url, ..Config::default() };
    let ctx = server::context::open_ctx(&config, Actor::Operator).await.unwrap();
    let company = ContactInput {
        name: "Prøve AS".to_owned(),
        org_number: "313770125".to_owned(),
        street: "Gata 1".to_owned(),
        postal_code: "0001".to_owned(),
        city: "Oslo".to_owned(),
        ..ContactInput::default()
    };
    instance::initialise(&ctx, InitInput { company }).await.unwrap();
    for role in Role::ALL {
        let input = UserInput {
            name: format!("Person {}", role.as_str()),
            email: format!("{}@prove.example", role.as_str()),
            role,
            password: PASSWORD.to_owned(),
        };
        users::add_user(&ctx, input).await.unwrap();
    }
    instance::set_extension(&ctx, true).await.unwrap();
    instance::set_api_access(&ctx, true).await.unwrap();
    let article = domain::articles::ArticleInput {
        number: "A-1".to_owned(),
        name: "Bolt".to_owned(),
        price: "10".to_owned(),
        ..Default::default()
    };
    articles::add(&ctx, article).await.unwrap();
    let program = server::build(config).await.unwrap();
    Site { program, ctx, folder }
}

impl Site {
    /// Everything that lies in the database's files.
    pub fn database_bytes(&self) -> Vec<u8> {
        let data = self.folder.path().join("data");
        let names = ["prodsys.db", "prodsys.db-wal"];
        names.iter().flat_map(|name| std::fs::read(data.join(name)).unwrap_or_default()).collect()
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        answer(self.program.router.clone().oneshot(request).await.unwrap()).await
    }

    pub async fn get(&self, path: &str, cookie: Option<&str>) -> Answer {
        let mut request = Request::get(path).header(header::ACCEPT, "text/html");
        if let Some(cookie) = cookie {
            request = request.header(header::COOKIE, cookie);
        }
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// Posts a form as a page without WebAssembly would.
    pub async fn post_form(&self, path: &str, form: &str, cookie: Option<&str>) -> Answer {
        let mut request = Request::post(path)
            .header(header::ACCEPT, "text/html")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(header::HOST, "127.0.0.1:8080")
            .header(header::REFERER, "http://127.0.0.1:8080/logg-inn")
            .header("sec-fetch-site", "same-origin");
        if let Some(cookie) = cookie {
            request = request.header(header::COOKIE, cookie);
        }
        self.send(request.body(Body::from(form.to_owned())).unwrap()).await
    }

    /// Signs in and gives the cookie.
    pub async fn sign_in(&self, role: Role) -> String {
        let form: String = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("email", &format!("{}@prove.example", role.as_str()))
            .append_pair("password", PASSWORD)
            .append_pair("next", "/oversikt")
            .finish();
        let answer = self.post_form("/api/sign_in", &form, None).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{}", answer.text());
        assert_eq!(answer.header("location"), "/oversikt");
        answer.header("set-cookie").split(';').next().unwrap().to_owned()
    }

    pub async fn token(&self, scopes: &[Scope]) -> String {
        let input =
            TokenInput { name: "Prøve".to_owned(), contact_id: None, scopes: scopes.to_vec(), days: 30 };
        tokens::issue(&self.ctx, input).await.unwrap().secret
    }

    /// How many refused requests the log has, and how many drafts there are.
    pub async fn counts(&self) -> (i64, i64) {
        use domain::{
            drafts::{DraftFilter, DraftView},
            logs::LogFilter,
            logs::LogResult,
            paging::PageRequest,
        };
        let failed = LogFilter { result: Some(LogResult::Failed), ..LogFilter::default() };
        let logs = services::logs::list(&self.ctx, failed, PageRequest::default()).await.unwrap();
        let drafts =
            services::drafts::list(&self.ctx, &DraftFilter::of_view(DraftView::All), PageRequest::default())
                .await
                .unwrap();
        (logs.total, drafts.total)
    }
}

/// A partner's request with all that belongs to it.
pub fn partner(method: Method, path: &str, token: &str) -> http::request::Builder {
    Request::builder()
        .method(method)
        .uri(format!("/partner/v1{path}"))
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header("partner-instance", PEER)
        .header("partner-epoch", "1")
        .header("partner-api-version", "1")
}

/// An order of one line that is right in every way.
pub fn order(message_id: &str, order_uid: &str) -> Value {
    json!({
        "message_id": message_id,
        "correlation_id": "019a9d5e-0000-7000-8000-00000000c0de",
        "order_uid": order_uid,
        "order_number": "PO-1",
        "revision": 1,
        "currency": "NOK",
        "requested_delivery_date": null,
        "buyer_reference": null,
        "note": null,
        "net_total": "20.00",
        "buyer": {
            "name": "Nordvik Mekaniske AS", "org_number": "310004170", "street": "Verftsgata 12", "postal_code": "7042",
            "city": "Trondheim", "country": "NO", "email": null, "phone": null, "contact_persons": []
        },
        "lines": [{
            "line_number": 1, "supplier_article_number": "A-1", "buyer_article_number": null, "gtin": null,
            "description": "Bolt", "quantity": "2", "unit": "EA", "unit_price": "10", "price_base_quantity": "1",
            "discount_percent": "0", "amount": "20.00", "note": null
        }]
    })
}

async fn answer(response: Response<Body>) -> Answer {
    let (parts, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes().to_vec();
    Answer { status: parts.status, headers: parts.headers, body }
}
