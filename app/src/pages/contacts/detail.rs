//! One contact, and *Sammenlign med partner*.

use domain::contacts::{Address, Contact, ContactDifference, ContactField, ContactPerson, ContactRole};
use domain::errors::ErrorCode;
use domain::ids::ContactId;
use leptos::prelude::*;

use super::{crumbs, may_write, path, use_contact_id};
use crate::api::contacts::{ConfirmNewCustomer, compare_contact, get_contact};
use crate::components::{
    Alert, BusyButton, Crumbs, DefinitionList, FormErrors, FormState, HiddenField, LinkButton, Loading,
    PageHead, Receipt, Tag, Tone,
};
use crate::error::AppError;
use crate::format;
use crate::i18n::{Texts, use_texts};
use crate::page_data::{PageData, suspend};
use crate::pages::files::CatalogueUpload;
use crate::pages::lists::{shown, use_receipt};

/// The page `/kontakter/leverandorer/:id`.
#[component]
pub fn SupplierPage() -> impl IntoView {
    view! { <ContactPage role=ContactRole::Supplier/> }
}

/// The page `/kontakter/kunder/:id`.
#[component]
pub fn CustomerPage() -> impl IntoView {
    view! { <ContactPage role=ContactRole::Customer/> }
}

/// A contact with its comparison. The comparison may fail while the contact is still shown.
type Known = (Contact, Result<Option<Vec<ContactDifference>>, AppError>);

async fn read(contact_id: Option<ContactId>) -> Result<Known, AppError> {
    let contact_id = contact_id.ok_or(AppError::from(ErrorCode::NotFound))?;
    let contact = get_contact(contact_id).await?;
    Ok((contact, compare_contact(contact_id).await))
}

#[component]
fn ContactPage(role: ContactRole) -> impl IntoView {
    let contact_id = use_contact_id();
    let confirm = ServerAction::<ConfirmNewCustomer>::new();
    let contact = PageData::new(
        move || (contact_id.get(), confirm.version().get()),
        |(contact_id, _)| read(contact_id),
    );
    view! {
        <Transition fallback=Loading>
            {move || suspend(async move {
                shown(
                    contact.await,
                    |(contact, comparison)| view! { <ContactOf role contact comparison confirm/> }.into_any(),
                )
            })}
        </Transition>
    }
}

#[component]
fn ContactOf(
    role: ContactRole,
    contact: Contact,
    comparison: Result<Option<Vec<ContactDifference>>, AppError>,
    confirm: ServerAction<ConfirmNewCustomer>,
) -> impl IntoView {
    let t = use_texts();
    let receipt = use_receipt();
    let state = FormState::of(confirm);
    let edit_href = format!("{}/{}/rediger", path(role), contact.contact_id);
    let name = contact.name.clone();
    let changed = t.contacts_changed_at(format::day_time(contact.updated_at, t.language()));
    let kinds =
        [(contact.is_supplier, t.contacts_is_supplier()), (contact.is_customer, t.contacts_is_customer())];
    let kinds =
        StoredValue::new(kinds.into_iter().filter(|(is, _)| *is).map(|(_, text)| text).collect::<Vec<_>>());
    let contact_id = contact.contact_id.to_string();
    let catalogue = (role == ContactRole::Supplier)
        .then(|| view! { <CatalogueUpload contact_id=contact.contact_id supplier_name=name.clone()/> });
    view! {
        <Crumbs path=crumbs(t, role, name.clone())/>
        <PageHead
            title=name
            below=move || {
                view! {
                    {kinds.get_value().into_iter().map(|text| view! { <Tag text/> }).collect::<Vec<_>>()}
                    <span class="muted">{changed.clone()}</span>
                }
            }
        >
            {may_write().then(|| view! { <LinkButton href=edit_href icon="pen">{t.contacts_edit()}</LinkButton> })}
        </PageHead>
        {move || (receipt.get() == "lagret").then(|| view! { <Receipt title=t.contacts_saved()/> })}
        <FormErrors form=state/>
        {contact
            .needs_review
            .then(|| {
                view! {
                    <Alert tone=Tone::Info title=t.drafts_new_customer() text=t.contacts_new_text()>
                        {may_write()
                            .then(|| {
                                view! {
                                    <ActionForm action=confirm attr:data-test="confirm-customer">
                                        <HiddenField name="contact_id" value=contact_id/>
                                        <BusyButton kind="s" busy=state.busy()>{t.draft_confirm_customer()}</BusyButton>
                                    </ActionForm>
                                }
                            })}
                    </Alert>
                }
            })}
        <Facts contact=contact.clone()/>
        <Comparison contact comparison/>
        {catalogue}
    }
}

/// An address on one line.
fn address_text(address: &Address) -> String {
    let place =
        [address.postal_code.as_str(), address.city.as_str()].into_iter().filter(|part| !part.is_empty());
    let place = place.collect::<Vec<_>>().join(" ");
    [address.street.as_str(), place.as_str(), address.country.as_str()]
        .into_iter()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(", ")
}

fn person_text(person: &ContactPerson) -> String {
    [Some(person.name.clone()), person.email.clone(), person.phone.clone()]
        .into_iter()
        .flatten()
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(", ")
}

#[component]
fn Facts(contact: Contact) -> impl IntoView {
    let t = use_texts();
    let persons: Vec<String> = contact.contact_persons.iter().map(person_text).collect();
    let rows = [
        (t.contacts_company_name(), contact.name.clone()),
        (t.contacts_org_number(), contact.org_number.as_deref().map(format::org_number).unwrap_or_default()),
        (t.contacts_address(), address_text(&contact.address)),
        (t.contacts_persons(), persons.join("; ")),
        (t.contacts_email(), contact.email.clone().unwrap_or_default()),
        (t.contacts_phone(), contact.phone.clone().unwrap_or_default()),
    ];
    let rows = rows
        .into_iter()
        .map(|(name, value)| {
            let value = if value.is_empty() {
                view! { <span class="muted">{t.contacts_not_given()}</span> }.into_any()
            } else {
                value.into_any()
            };
            (name.to_owned(), value)
        })
        .collect();
    view! {
        <section class="card" aria-labelledby="h-facts">
            <h2 id="h-facts">{t.contacts_facts()}</h2>
            <DefinitionList rows/>
        </section>
    }
}

/// The fields that must be identical, with what we have.
fn compared(t: Texts, contact: &Contact) -> Vec<(ContactField, &'static str, String)> {
    let persons: Vec<String> = contact.contact_persons.iter().map(|person| person.name.clone()).collect();
    vec![
        (ContactField::Name, t.contacts_company_name(), contact.name.clone()),
        (ContactField::Street, t.contacts_street(), contact.address.street.clone()),
        (ContactField::PostalCode, t.contacts_postal_code(), contact.address.postal_code.clone()),
        (ContactField::City, t.contacts_city(), contact.address.city.clone()),
        (ContactField::Country, t.contacts_country(), contact.address.country.clone()),
        (ContactField::ContactPersons, t.contacts_persons(), persons.join(", ")),
    ]
}

/// What a field of a contact is called.
pub(crate) fn field_name(t: Texts, field: ContactField) -> &'static str {
    match field {
        ContactField::Name => t.contacts_company_name(),
        ContactField::Street => t.contacts_street(),
        ContactField::PostalCode => t.contacts_postal_code(),
        ContactField::City => t.contacts_city(),
        ContactField::Country => t.contacts_country(),
        ContactField::ContactPersons => t.contacts_persons(),
    }
}

#[component]
fn Comparison(
    contact: Contact,
    comparison: Result<Option<Vec<ContactDifference>>, AppError>,
) -> impl IntoView {
    let t = use_texts();
    let inside = match comparison {
        Err(error) => {
            view! { <Alert tone=Tone::Error title=t.contacts_compare_failed() text=error.text(t)/> }
                .into_any()
        }
        Ok(None) => view! {
            <p class="muted">{t.contacts_nothing_to_compare()}</p>
            <p class="sm muted">{t.contacts_nothing_to_compare_text()}</p>
        }
        .into_any(),
        Ok(Some(differences)) => view! { <Compared contact differences/> }.into_any(),
    };
    view! {
        <section class="panel" aria-labelledby="h-compare" data-test="compare">
            <header>
                <div>
                    <h2 id="h-compare">{t.contacts_compare()}</h2>
                    <p class="muted sm">{t.contacts_compare_text()}</p>
                </div>
            </header>
            <div class="stack">{inside}</div>
        </section>
    }
}

#[component]
fn Compared(contact: Contact, differences: Vec<ContactDifference>) -> impl IntoView {
    let t = use_texts();
    let count = i64::try_from(differences.len()).unwrap_or(i64::MAX);
    let fields: Vec<_> = compared(t, &contact)
        .into_iter()
        .map(|(field, name, ours)| {
            let different = differences.iter().find(|difference| difference.field == field).cloned();
            let (tag, icon, tone) = match &different {
                None => (t.contacts_same(), "check", Tone::Ok),
                Some(_) => (t.contacts_different(), "swap", Tone::Warning),
            };
            let ours = different.as_ref().map_or(ours, |difference| difference.ours.clone());
            let theirs = different.map(|difference| difference.theirs);
            let or_dash = |value: String| if value.is_empty() { t.contacts_not_given().to_owned() } else { value };
            view! {
                <li>
                    <div class="eq">
                        <p class="lbl">{name}</p>
                        <p>{or_dash(ours)}{theirs.is_some().then(|| view! { " "<small class="muted">{t.contacts_ours()}</small> })}</p>
                        {match theirs {
                            Some(theirs) => {
                                view! { <p><mark>{or_dash(theirs)}</mark>" "<small class="muted">{t.contacts_theirs()}</small></p> }
                                    .into_any()
                            }
                            None => view! { <span class="only-wide"></span> }.into_any(),
                        }}
                        <div><Tag text=tag tone icon/></div>
                    </div>
                </li>
            }
        })
        .collect();
    let sentence =
        if count == 0 { t.contacts_all_same().to_owned() } else { t.contacts_different_fields(count) };
    view! {
        <p role="status"><strong>{sentence}</strong></p>
        <ul class="cmp">{fields}</ul>
        {(count > 0).then(|| view! { <p class="sm muted">{t.contacts_make_same()}</p> })}
    }
}
