//! Contacts: suppliers and customers.

mod choices;

use domain::contacts::{
    CheckedContact, Contact, ContactDifference, ContactFilter, ContactInput, ContactPerson, ContactRole,
    ContactRow, compare,
};
use domain::countries;
use domain::errors::{ErrorCode, Refusal};
use domain::ids::{ContactId, ContactPersonId, TokenId};
use domain::organisation_number;
use domain::paging::{Page, PageRequest};
use domain::roles::Permission;
use protocol::documents::{ContactDocument, ContactPage, Party, PartyPerson};
use store::contacts::ContactFlags;
use store::{StoreError, Tx};

use crate::ctx::Ctx;
use crate::error::ServiceError;
use crate::instance::note_register;
use crate::tokens::TokenPrincipal;
pub use choices::choices;
pub(crate) use choices::choices_in;

/// One page of suppliers or customers.
pub async fn list(
    ctx: &Ctx,
    role: ContactRole,
    search: Option<String>,
    page: PageRequest,
) -> Result<Page<ContactRow>, ServiceError> {
    ctx.require(Permission::Read)?;
    let mut tx = ctx.store.begin_read().await?;
    Ok(store::contacts::list(&mut tx, Some(role), search.as_deref(), page).await?)
}

/// One page of what the filter finds.
pub async fn list_of(
    ctx: &Ctx,
    filter: &ContactFilter,
    page: PageRequest,
) -> Result<Page<ContactRow>, ServiceError> {
    ctx.require(Permission::Read)?;
    let mut tx = ctx.store.begin_read().await?;
    Ok(store::contacts::list_of(&mut tx, filter, page).await?)
}

/// A contact.
pub async fn get(ctx: &Ctx, contact_id: ContactId) -> Result<Contact, ServiceError> {
    ctx.require(Permission::Read)?;
    let mut tx = ctx.store.begin_read().await?;
    Ok(store::contacts::lookup(&mut tx, contact_id).await?.ok_or(ErrorCode::NotFound)?)
}

/// Adds a contact.
pub async fn add(ctx: &Ctx, input: ContactInput) -> Result<ContactId, ServiceError> {
    ctx.require(Permission::WriteRegisters)?;
    let checked = input.check()?;
    if !checked.is_supplier && !checked.is_customer {
        return Err(Refusal::of_field("/is_supplier", ErrorCode::Required).into());
    }
    ctx.write(checked, |ctx, tx, checked| Box::pin(add_in(ctx, tx, checked))).await
}

pub(crate) async fn add_in(
    ctx: &Ctx,
    tx: &mut Tx,
    checked: &CheckedContact,
) -> Result<ContactId, ServiceError> {
    let contact_id = ctx.new_id();
    let persons = person_ids(ctx, checked.contact_persons.len());
    if !store::contacts::add(tx, contact_id, checked, ContactFlags::default(), &persons, ctx.now()).await? {
        return Err(Refusal::of_field("/org_number", ErrorCode::Duplicate).into());
    }
    note_register(ctx, tx, "contact_added", contact_id.0).await?;
    Ok(contact_id)
}

/// Changes a contact that nobody changed since `version`. The roles that it has are kept.
pub async fn edit(
    ctx: &Ctx,
    contact_id: ContactId,
    version: i64,
    input: ContactInput,
) -> Result<(), ServiceError> {
    ctx.require(Permission::WriteRegisters)?;
    let checked = input.check()?;
    ctx.write((contact_id, version, checked), |ctx, tx, (contact_id, version, checked)| {
        Box::pin(async move {
            let known = store::contacts::lookup(tx, *contact_id).await?.ok_or(ErrorCode::NotFound)?;
            if known.version != *version {
                return Err(ErrorCode::VersionConflict.into());
            }
            save_in(ctx, tx, &known, checked).await
        })
    })
    .await
}

/// Saves a contact over what is known. The form has room for one person: the others are kept.
pub(crate) async fn save_in(
    ctx: &Ctx,
    tx: &mut Tx,
    known: &Contact,
    checked: &CheckedContact,
) -> Result<(), ServiceError> {
    let mut saved = checked.clone();
    saved.contact_persons = persons_after(&known.contact_persons, &checked.contact_persons);
    replace_in(ctx, tx, known, &saved).await
}

/// Saves a contact over what is known, with exactly these persons.
pub(crate) async fn replace_in(
    ctx: &Ctx,
    tx: &mut Tx,
    known: &Contact,
    checked: &CheckedContact,
) -> Result<(), ServiceError> {
    let taken = || ServiceError::from(Refusal::of_field("/org_number", ErrorCode::Duplicate));
    let (country, country_before) = (&checked.address.country, &known.address.country);
    if (&checked.org_number, country) != (&known.org_number, country_before)
        && let Some(org_number) = &checked.org_number
    {
        let other = store::contacts::find_by_identity(tx, country, org_number).await?;
        if other.is_some_and(|other| other.contact_id != known.contact_id) {
            return Err(taken());
        }
    }
    let persons = person_ids(ctx, checked.contact_persons.len());
    match store::contacts::save(tx, known.contact_id, checked, known.version, &persons, ctx.now()).await {
        Ok(true) => note_register(ctx, tx, "contact_changed", known.contact_id.0).await,
        Ok(false) => Err(ErrorCode::VersionConflict.into()),
        // The own company has the number, or someone was faster.
        Err(StoreError::Conflict) => Err(taken()),
        Err(error) => Err(error.into()),
    }
}

fn persons_after(known: &[ContactPerson], typed: &[ContactPerson]) -> Vec<ContactPerson> {
    let mut persons = typed.to_vec();
    if let (Some(first), Some(before)) = (persons.first_mut(), known.first())
        && first.name == before.name
    {
        first.phone.clone_from(&before.phone);
    }
    persons.extend(known.iter().skip(1).cloned());
    persons
}

/// Ids for so many persons.
pub(crate) fn person_ids(ctx: &Ctx, count: usize) -> Vec<ContactPersonId> {
    (0..count).map(|_| ctx.new_id()).collect()
}

/// This company as partners are told of it.
pub async fn own_party(ctx: &Ctx) -> Result<Party, ServiceError> {
    let mut tx = ctx.store.begin_read().await?;
    let own = store::contacts::own(&mut tx).await?.ok_or(ErrorCode::StorageUnavailable)?;
    Ok(party(&own))
}

/// What a partner may compare: this company first, then the partner as it is kept here.
pub async fn for_partner(ctx: &Ctx, principal: &TokenPrincipal) -> Result<ContactPage, ServiceError> {
    let mut tx = ctx.store.begin_read().await?;
    let mut found = vec![store::contacts::own(&mut tx).await?.ok_or(ErrorCode::StorageUnavailable)?];
    if let Some(contact_id) = principal.contact_id {
        found.extend(store::contacts::lookup(&mut tx, contact_id).await?);
    }
    let contacts =
        found.iter().map(|contact| ContactDocument { uid: contact.contact_id, party: party(contact) });
    Ok(ContactPage { contacts: contacts.collect() })
}

/// A partner tells how its own name, address and contact person are now. Who it is and what it is to us stays as it was; another
/// contact looks like one that does not exist.
pub async fn save_from_partner(
    ctx: &Ctx,
    principal: &TokenPrincipal,
    uid: ContactId,
    party: Party,
) -> Result<(), ServiceError> {
    if principal.contact_id != Some(uid) {
        return Err(ErrorCode::NotFound.into());
    }
    let known = get(ctx, uid).await?;
    let person = party.contact_persons.into_iter().next();
    let input = ContactInput {
        name: party.name,
        org_number: known.org_number.clone().unwrap_or_default(),
        country: party.country,
        street: party.street,
        postal_code: party.postal_code,
        city: party.city,
        email: party.email.unwrap_or_default(),
        phone: party.phone.unwrap_or_default(),
        contact_person: person.as_ref().map(|person| person.name.clone()).unwrap_or_default(),
        contact_email: person.and_then(|person| person.email).unwrap_or_default(),
        is_supplier: known.is_supplier,
        is_customer: known.is_customer,
    };
    edit(ctx, uid, known.version, input).await.map_err(in_document)
}

/// Faults of the form's fields, as places in the partner's document.
fn in_document(error: ServiceError) -> ServiceError {
    let ServiceError::Refused(mut refusal) = error else { return error };
    for fault in &mut refusal.errors {
        fault.pointer = match fault.pointer.as_str() {
            "/contact_person" => "/party/contact_persons/0/name".to_owned(),
            "/contact_email" => "/party/contact_persons/0/email".to_owned(),
            other => format!("/party{other}"),
        };
    }
    refusal.into()
}

/// A contact as it is told to a partner.
pub(crate) fn party(contact: &Contact) -> Party {
    Party {
        name: contact.name.clone(),
        org_number: contact.org_number.clone(),
        street: contact.address.street.clone(),
        postal_code: contact.address.postal_code.clone(),
        city: contact.address.city.clone(),
        country: contact.address.country.clone(),
        email: contact.email.clone(),
        phone: contact.phone.clone(),
        contact_persons: contact
            .contact_persons
            .iter()
            .map(|person| PartyPerson {
                name: person.name.clone(),
                email: person.email.clone(),
                phone: person.phone.clone(),
            })
            .collect(),
    }
}

/// A person has looked at a customer that an order made.
pub async fn confirm_new_customer(ctx: &Ctx, contact_id: ContactId) -> Result<(), ServiceError> {
    ctx.require(Permission::WriteRegisters)?;
    ctx.write(contact_id, |ctx, tx, contact_id| {
        Box::pin(async move {
            let contact = store::contacts::lookup(tx, *contact_id).await?.ok_or(ErrorCode::NotFound)?;
            if !contact.needs_review {
                return Ok(());
            }
            store::contacts::confirm(tx, *contact_id).await?;
            note_register(ctx, tx, "customer_confirmed", contact_id.0).await
        })
    })
    .await
}

/// What differs between the contact here and what the partner said of itself at the last test; `None` when it never did.
pub async fn compare_with_partner(
    ctx: &Ctx,
    contact_id: ContactId,
) -> Result<Option<Vec<ContactDifference>>, ServiceError> {
    ctx.require(Permission::Read)?;
    let mut tx = ctx.store.begin_read().await?;
    let contact = store::contacts::lookup(&mut tx, contact_id).await?.ok_or(ErrorCode::NotFound)?;
    let connection = store::connections::find_by_contact(&mut tx, contact_id).await?;
    let identity = connection.and_then(|connection| connection.row.last_test).and_then(|test| test.identity);
    Ok(identity.map(|partner| {
        compare(
            (&contact.name, &contact.address, &contact.contact_persons),
            (&partner.company_name, &partner.address, &partner.contact_persons),
        )
    }))
}

/// The customer that an order came from: the one the token belongs to, else by country and organisation number, else a new one for a
/// person to look at. Tells whether it is new.
pub(crate) async fn customer_of(
    ctx: &Ctx,
    tx: &mut Tx,
    token: TokenId,
    party: &Party,
) -> Result<(ContactId, bool), ServiceError> {
    if let Some(contact_id) = store::tokens::lock_contact(tx, token).await? {
        store::contacts::make_customer(tx, contact_id).await?;
        return Ok((contact_id, false));
    }
    let mut customer = contact_of(party);
    match known_customer(tx, token, &customer).await? {
        Known::Nobody => {}
        Known::Ours(known) => return Ok((known, false)),
        // Whoever holds this token says that it is a company that another token speaks for. A person decides.
        Known::Anothers => customer.org_number = None,
    }
    let flags = ContactFlags { is_self: false, needs_review: true };
    let contact_id: ContactId = ctx.new_id();
    let persons = person_ids(ctx, customer.contact_persons.len());
    if !store::contacts::add(tx, contact_id, &customer, flags, &persons, ctx.now()).await? {
        // Another order of the same customer was faster, or the sender calls itself by our own number.
        if let Known::Ours(known) = known_customer(tx, token, &customer).await? {
            return Ok((known, false));
        }
        customer.org_number = None;
        store::contacts::add(tx, contact_id, &customer, flags, &persons, ctx.now()).await?;
    }
    note_register(ctx, tx, "customer_created", contact_id.0).await?;
    Ok((contact_id, true))
}

/// The contact with the country and the organisation number that an order names.
enum Known {
    Nobody,
    /// This token may speak for it.
    Ours(ContactId),
    /// Another token speaks for it already.
    Anothers,
}

/// The customer that an order with this token would come from; `None` when it would make a new one.
pub(crate) async fn lookup_customer(
    tx: &mut Tx,
    principal: &TokenPrincipal,
    party: &Party,
) -> Result<Option<ContactId>, ServiceError> {
    if principal.contact_id.is_some() {
        return Ok(principal.contact_id);
    }
    match identify(tx, principal.token_id, &contact_of(party)).await? {
        Known::Ours(known) => Ok(Some(known)),
        Known::Nobody | Known::Anothers => Ok(None),
    }
}

async fn known_customer(
    tx: &mut Tx,
    token: TokenId,
    customer: &CheckedContact,
) -> Result<Known, ServiceError> {
    let known = identify(tx, token, customer).await?;
    if let Known::Ours(contact_id) = known {
        store::contacts::make_customer(tx, contact_id).await?;
    }
    Ok(known)
}

async fn identify(tx: &mut Tx, token: TokenId, customer: &CheckedContact) -> Result<Known, ServiceError> {
    let Some(org_number) = &customer.org_number else { return Ok(Known::Nobody) };
    let country = &customer.address.country;
    let Some(known) = store::contacts::find_by_identity(tx, country, org_number).await? else {
        return Ok(Known::Nobody);
    };
    if store::tokens::is_held_by_another(tx, known.contact_id, token).await? {
        return Ok(Known::Anothers);
    }
    Ok(Known::Ours(known.contact_id))
}

fn contact_of(party: &Party) -> CheckedContact {
    let org_number = party.org_number.as_deref().map(organisation_number::normalise);
    let mut address = address_of(party);
    if let Some(country) = countries::from_written(&address.country) {
        country.clone_into(&mut address.country);
    }
    CheckedContact {
        name: party.name.clone(),
        org_number: org_number.filter(|number| !number.is_empty()),
        address,
        email: party.email.clone(),
        phone: party.phone.clone(),
        is_supplier: false,
        is_customer: true,
        contact_persons: persons_of(party),
    }
}

/// A partner's address as we keep addresses.
pub(crate) fn address_of(party: &Party) -> domain::contacts::Address {
    domain::contacts::Address {
        street: party.street.clone(),
        postal_code: party.postal_code.clone(),
        city: party.city.clone(),
        country: party.country.clone(),
    }
}

/// A partner's people as we keep people.
pub(crate) fn persons_of(party: &Party) -> Vec<ContactPerson> {
    party
        .contact_persons
        .iter()
        .map(|person| ContactPerson {
            contact_person_id: None,
            name: person.name.clone(),
            email: person.email.clone(),
            phone: person.phone.clone(),
        })
        .collect()
}
