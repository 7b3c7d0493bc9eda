//! Connections to suppliers: saving, testing, reading the catalogue.

use domain::articles::checked_decimal;
use domain::connections::{
    ConnectionInput, ConnectionRow, ConnectionState, ConnectionTest, KnownThere, PartnerIdentity,
};
use domain::contacts::{Address, ContactPerson, compare};
use domain::countries;
use domain::decimal::Percent;
use domain::errors::{ErrorCode, FieldError, Refusal};
use domain::ids::{ConnectionId, ContactId};
use domain::roles::Permission;
use domain::time::Timestamp;
use domain::tokens::{self, Scope};
use exchange::{ExchangeError, Link, PartnerClient};
use protocol::documents::{ContactPage, Identity, Party};
use secrecy::ExposeSecret;
use store::Tx;
use store::connections::ConnectionRecord;

use crate::ctx::{Actor, Ctx};
use crate::error::ServiceError;
use crate::instance::note;
use crate::logs::{self, PartnerCall};

mod catalogue;
mod catalogue_file;

pub(crate) use catalogue::catalogues_in;
use catalogue::forget_catalogue;
pub use catalogue::{catalogue_of, sync_catalogue};
pub use catalogue_file::{bring_in_catalogue, supplier_of};

/// Every connection.
pub async fn list(ctx: &Ctx) -> Result<Vec<ConnectionRow>, ServiceError> {
    ctx.require(Permission::Administer)?;
    let mut tx = ctx.store.begin_read().await?;
    Ok(store::connections::list(&mut tx).await?)
}

/// One connection.
pub async fn get(ctx: &Ctx, id: ConnectionId) -> Result<ConnectionRow, ServiceError> {
    ctx.require(Permission::Administer)?;
    let mut tx = ctx.store.begin_read().await?;
    Ok(store::connections::lookup(&mut tx, id).await?.ok_or(ErrorCode::NotFound)?.row)
}

struct Saving {
    id: Option<ConnectionId>,
    endpoint: String,
    /// Scheme, host and port.
    origin: String,
    token: Option<secrecy::SecretString>,
    contact_id: Option<ContactId>,
    price_tolerance: Percent,
}

/// Saves a connection. With another scheme, host or port the stored token is forgotten: it was given for the old one.
pub async fn save(
    ctx: &Ctx,
    id: Option<ConnectionId>,
    input: ConnectionInput,
) -> Result<ConnectionId, ServiceError> {
    ctx.require(Permission::Administer)?;
    let endpoint = ctx.settings.guard.check_endpoint(&input.endpoint)?;
    let token = input.token.trim();
    if !token.is_empty() && !tokens::is_well_formed(token) {
        return Err(Refusal::of_field("/token", ErrorCode::InvalidToken).into());
    }
    let contact_id = match input.contact_id.trim() {
        "" => None,
        text => Some(text.parse().map_err(|_| Refusal::of_field("/contact_id", ErrorCode::SupplierUnknown))?),
    };
    let mut errors = Vec::new();
    let tolerance = input.price_tolerance.trim_end_matches(['%', ' ', '\u{a0}']);
    let price_tolerance = Percent(checked_decimal(&mut errors, "/price_tolerance", tolerance, "0"));
    if !(0..=100_000_000).contains(&price_tolerance.0) {
        errors.push(FieldError::new("/price_tolerance", ErrorCode::DiscountOutOfRange));
    }
    if !errors.is_empty() {
        return Err(Refusal::of_fields(errors).into());
    }
    let saving = Saving {
        price_tolerance,
        id,
        endpoint: endpoint.as_str().to_owned(),
        origin: endpoint.origin(),
        token: (!token.is_empty()).then(|| token.to_owned().into()),
        contact_id,
    };
    ctx.write(saving, |ctx, tx, saving| Box::pin(save_in(ctx, tx, saving))).await
}

async fn save_in(ctx: &Ctx, tx: &mut Tx, saving: &Saving) -> Result<ConnectionId, ServiceError> {
    let mut saved_id = saving.id;
    if let Some(contact_id) = saving.contact_id {
        let supplier =
            store::contacts::lookup(tx, contact_id).await?.is_some_and(|contact| contact.is_supplier);
        let other = store::connections::find_by_contact(tx, contact_id).await?.map(|other| other.row);
        // What has a catalogue from a file alone is the same supplier: it gets its endpoint now.
        if let Some(other) = other.as_ref().filter(|other| other.is_price_file()) {
            saved_id = saved_id.or(Some(other.connection_id));
        }
        let other = other.map(|other| other.connection_id);
        if !supplier {
            return Err(Refusal::of_field("/contact_id", ErrorCode::SupplierUnknown).into());
        }
        if other.is_some() && other != saved_id {
            return Err(Refusal::of_field("/contact_id", ErrorCode::Duplicate).into());
        }
    }
    let id = match saved_id {
        None => {
            let id: ConnectionId = ctx.new_id();
            store::connections::add(tx, id, saving.contact_id, &saving.endpoint, ctx.now()).await?;
            id
        }
        Some(id) => {
            let known = store::connections::lookup(tx, id).await?.ok_or(ErrorCode::NotFound)?;
            if known.row.is_price_file() {
                // From now on the partner says itself what it sells.
                forget_catalogue(tx, id).await?;
            }
            let before = ctx.settings.guard.check_endpoint(&known.row.endpoint).ok();
            let moved = before.is_none_or(|before| before.origin() != saving.origin);
            store::connections::set_endpoint(tx, id, &saving.endpoint, moved, ctx.now()).await?;
            store::connections::set_contact(tx, id, saving.contact_id.or(known.row.contact_id)).await?;
            id
        }
    };
    store::connections::set_price_tolerance(tx, id, saving.price_tolerance).await?;
    if let Some(token) = &saving.token {
        let sealed = ctx.secrets.seal(&place(id), token.expose_secret().as_bytes())?;
        store::connections::set_token(tx, id, &sealed, &tokens::last_four(token.expose_secret())).await?;
    }
    note(ctx, tx, "connection_saved", Some(id.0), &saving.endpoint).await?;
    Ok(id)
}

/// Where a connection's token is sealed for.
pub(crate) fn place(id: ConnectionId) -> String {
    format!("connection:{id}:token")
}

/// The endpoint and the opened token, for the client.
pub(crate) async fn link_of(ctx: &Ctx, tx: &mut Tx, id: ConnectionId) -> Result<Link, ServiceError> {
    let connection = store::connections::lookup(tx, id).await?.ok_or(ErrorCode::NotFound)?;
    open_link(ctx, &connection)
}

/// The same of a connection that is at hand.
pub(crate) fn open_link(ctx: &Ctx, connection: &ConnectionRecord) -> Result<Link, ServiceError> {
    if connection.row.is_price_file() {
        return Err(ErrorCode::PriceFileOnly.into());
    }
    let sealed = connection.token_ciphertext.as_ref().ok_or(ErrorCode::TokenMissing)?;
    let token = ctx.secrets.open(&place(connection.row.connection_id), sealed)?;
    Ok(Link { endpoint: connection.row.endpoint.clone(), token })
}

/// *Test tilkobling*: asks the partner who it is and what our token may do. A passed test sets a stopped link going again.
pub async fn test(
    ctx: &Ctx,
    client: &PartnerClient,
    id: ConnectionId,
) -> Result<ConnectionTest, ServiceError> {
    ctx.require(Permission::Administer)?;
    let mut tx = ctx.store.begin_read().await?;
    let link = link_of(ctx, &mut tx, id).await;
    drop(tx);
    let begun = ctx.now();
    let (answer, link) = match link {
        Ok(link) => (client.identity(&link).await, Some(link)),
        // There is nothing to test, so there is no outcome to keep.
        Err(ServiceError::Refused(refusal)) if refusal.code == ErrorCode::PriceFileOnly => {
            return Err(refusal.into());
        }
        Err(ServiceError::Refused(refusal)) => {
            (Err(ExchangeError { code: refusal.code, http_status: None, problem: None }), None)
        }
        Err(fault) => return Err(fault),
    };
    let ended = ctx.now();
    let call = PartnerCall::ended(ctx, id, "GET /identity", begun, answer.as_ref().err().cloned());
    logs::note_call(ctx, call).await?;
    let contacts = match (&answer, &link) {
        (Ok(identity), Some(link)) => contacts_of(ctx, client, id, link, identity).await?,
        _ => None,
    };
    let tested = Tested {
        id,
        at: ended,
        duration_ms: ended.milliseconds_since(begun),
        answer: answer.map_err(|error| error.code),
        contacts,
    };
    ctx.write(tested, |ctx, tx, tested| Box::pin(test_in(ctx, tx, tested))).await
}

/// What the partner told when it was asked.
struct Tested {
    id: ConnectionId,
    at: Timestamp,
    duration_ms: i64,
    answer: Result<Identity, ErrorCode>,
    contacts: Option<ContactPage>,
}

/// How the partner has us in its register, where the token lets us look. That we cannot look is no failure of the connection: a
/// missing right is told by itself, and what went wrong is in the log.
async fn contacts_of(
    ctx: &Ctx,
    client: &PartnerClient,
    id: ConnectionId,
    link: &Link,
    identity: &Identity,
) -> Result<Option<ContactPage>, ServiceError> {
    if !identity.scopes.contains(&Scope::ContactsReadWrite) || !identity.extension_on {
        return Ok(None);
    }
    let begun = ctx.now();
    let answer = client.contacts(link).await;
    let call = PartnerCall::ended(ctx, id, "GET /contacts", begun, answer.as_ref().err().cloned());
    // The person asked for the test, which has a row of its own.
    logs::note_call(&ctx.acting_as(Actor::System), call).await?;
    Ok(answer.ok())
}

async fn test_in(ctx: &Ctx, tx: &mut Tx, tested: &Tested) -> Result<ConnectionTest, ServiceError> {
    let id = tested.id;
    let mut test = ConnectionTest {
        at: tested.at,
        duration_ms: tested.duration_ms,
        failure: None,
        identity: None,
        missing_scopes: Vec::new(),
        differences: None,
        known_there: None,
    };
    match &tested.answer {
        Err(code) => test.failure = Some(*code),
        Ok(identity) => {
            judge_identity(tx, id, identity, &mut test).await?;
            if let Some(contacts) = &tested.contacts {
                test.known_there = Some(judge_contacts(tx, identity, contacts).await?);
            }
        }
    }
    let known = store::connections::lookup(tx, id).await?.ok_or(ErrorCode::NotFound)?;
    let state = match (&test.failure, test.passed()) {
        (_, true) => ConnectionState::Verified,
        (Some(code), false) if matches!(code.http_status(), 401 | 403) => ConnectionState::Paused,
        // A partner that was away for the test is the same partner when it is back.
        (Some(code), false) if code.http_status() >= 500 && known.row.state == ConnectionState::Verified => {
            ConnectionState::Verified
        }
        _ => ConnectionState::Unverified,
    };
    store::connections::set_test(tx, id, &test, state).await?;
    if test.passed() {
        store::messages::release_connection(tx, id, ctx.now()).await?;
    }
    note(ctx, tx, "connection_tested", Some(id.0), test.failure.map_or("", ErrorCode::as_str)).await?;
    Ok(test)
}

/// The partner's own company stands first; we are the other one, if we are there.
async fn judge_contacts(
    tx: &mut Tx,
    identity: &Identity,
    contacts: &ContactPage,
) -> Result<KnownThere, ServiceError> {
    let own = store::contacts::own(tx).await?.ok_or(ErrorCode::Internal)?;
    let is_partner = |party: &Party| {
        party.org_number == identity.company.org_number && party.name == identity.company.name
    };
    let Some(there) = contacts.contacts.iter().map(|contact| &contact.party).find(|party| !is_partner(party))
    else {
        return Ok(KnownThere::No);
    };
    let (address, persons) = address_and_persons(there);
    let differences =
        compare((&own.name, &own.address, &own.contact_persons), (&there.name, &address, &persons));
    Ok(KnownThere::Yes { differences })
}

fn address_and_persons(party: &Party) -> (Address, Vec<ContactPerson>) {
    let address = Address {
        street: party.street.clone(),
        postal_code: party.postal_code.clone(),
        city: party.city.clone(),
        country: party.country.clone(),
    };
    let persons = party.contact_persons.iter().map(|person| ContactPerson {
        contact_person_id: None,
        name: person.name.clone(),
        email: person.email.clone(),
        phone: person.phone.clone(),
    });
    (address, persons.collect())
}

async fn judge_identity(
    tx: &mut Tx,
    id: ConnectionId,
    identity: &Identity,
    test: &mut ConnectionTest,
) -> Result<(), ServiceError> {
    let own = store::instance::lookup(tx).await?.ok_or(ErrorCode::Internal)?;
    if own.instance_id == identity.instance_id {
        test.failure = Some(ErrorCode::EndpointIsSelf);
        return Ok(());
    }
    let partner = partner_identity(identity);
    test.missing_scopes = Scope::ALL.into_iter().filter(|scope| !partner.scopes.contains(scope)).collect();
    if !partner.extension_on {
        test.failure = Some(ErrorCode::ModuleDisabled);
    }
    let connection = store::connections::lookup(tx, id).await?.ok_or(ErrorCode::NotFound)?;
    let contact = match connection.row.contact_id {
        Some(contact_id) => store::contacts::lookup(tx, contact_id).await?,
        None => {
            let country = countries::from_written(&partner.address.country).unwrap_or_default();
            store::contacts::find_by_identity(tx, country, &partner.org_number)
                .await?
                .filter(|contact| contact.is_supplier)
        }
    };
    if let Some(contact) = contact {
        if connection.row.contact_id.is_none()
            && store::connections::find_by_contact(tx, contact.contact_id).await?.is_none()
        {
            store::connections::set_contact(tx, id, Some(contact.contact_id)).await?;
        }
        test.differences = Some(compare(
            (&contact.name, &contact.address, &contact.contact_persons),
            (&partner.company_name, &partner.address, &partner.contact_persons),
        ));
    }
    // Another instance answers here than before: what was read of the old one says nothing about it.
    if connection.partner_instance_id.is_some_and(|known| known != partner.instance_id) {
        forget_catalogue(tx, id).await?;
        store::connections::forget_feed_cursor(tx, id).await?;
    }
    test.identity = Some(partner);
    Ok(())
}

fn partner_identity(identity: &Identity) -> PartnerIdentity {
    let company = &identity.company;
    let (address, contact_persons) = address_and_persons(company);
    PartnerIdentity {
        instance_id: identity.instance_id,
        epoch: identity.epoch,
        company_name: company.name.clone(),
        org_number: company.org_number.clone().unwrap_or_default(),
        address,
        contact_persons,
        extension_on: identity.extension_on,
        scopes: identity.scopes.clone(),
        token_expires_at: Timestamp::from_rfc3339(&identity.token_expires_at).unwrap_or_default(),
        api_versions: identity.api_versions.clone(),
        product_version: identity.product_version.clone(),
    }
}
