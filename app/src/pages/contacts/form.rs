//! The form of a contact, new or known.

use domain::contacts::{Contact, ContactRole};
use domain::errors::ErrorCode;
use leptos::prelude::*;

use super::{crumbs, path, use_contact_id};
use crate::api::contacts::{AddContact, EditContact, get_contact};
use crate::components::{
    BusyButton, Choice, Crumbs, Field, FieldKind, FormErrors, FormState, HiddenField, LinkButton, Loading,
    PageHead,
};
use crate::error::AppError;
use crate::i18n::use_texts;
use crate::page_data::{PageData, suspend};
use crate::pages::lists::shown;

/// The page `/kontakter/leverandorer/ny`.
#[component]
pub fn NewSupplierPage() -> impl IntoView {
    view! { <NewContact role=ContactRole::Supplier/> }
}

/// The page `/kontakter/kunder/ny`.
#[component]
pub fn NewCustomerPage() -> impl IntoView {
    view! { <NewContact role=ContactRole::Customer/> }
}

/// The page `/kontakter/leverandorer/:id/rediger`.
#[component]
pub fn EditSupplierPage() -> impl IntoView {
    view! { <EditContactPage role=ContactRole::Supplier/> }
}

/// The page `/kontakter/kunder/:id/rediger`.
#[component]
pub fn EditCustomerPage() -> impl IntoView {
    view! { <EditContactPage role=ContactRole::Customer/> }
}

#[component]
fn NewContact(role: ContactRole) -> impl IntoView {
    let t = use_texts();
    let action = ServerAction::<AddContact>::new();
    let form = FormState::of(action);
    let title = match role {
        ContactRole::Supplier => t.contacts_new_supplier(),
        ContactRole::Customer => t.contacts_new_customer(),
    };
    view! {
        <Crumbs path=crumbs(t, role, title)/>
        <PageHead title=title.to_owned()/>
        <FormErrors form/>
        <ActionForm action attr:class="stack" attr:data-test="contact-form">
            <ContactFields role contact=None form/>
            <div class="row">
                <BusyButton kind="p" busy=form.busy()>{t.frame_save()}</BusyButton>
                <LinkButton href=path(role) kind="q">{t.frame_cancel()}</LinkButton>
            </div>
        </ActionForm>
    }
}

#[component]
fn EditContactPage(role: ContactRole) -> impl IntoView {
    let contact_id = use_contact_id();
    let contact = PageData::new(
        move || contact_id.get(),
        |contact_id| async move {
            let contact_id = contact_id.ok_or(AppError::from(ErrorCode::NotFound))?;
            get_contact(contact_id).await
        },
    );
    view! {
        <Transition fallback=Loading>
            {move || suspend(async move {
                shown(contact.await, |contact| view! { <EditForm role contact/> }.into_any())
            })}
        </Transition>
    }
}

#[component]
fn EditForm(role: ContactRole, contact: Contact) -> impl IntoView {
    let t = use_texts();
    let action = ServerAction::<EditContact>::new();
    let form = FormState::of(action);
    let back = format!("{}/{}", path(role), contact.contact_id);
    view! {
        <Crumbs path=crumbs(t, role, contact.name.clone())/>
        <PageHead title=t.contacts_edit_title(&contact.name)/>
        <FormErrors form/>
        <ActionForm action attr:class="stack" attr:data-test="contact-form">
            <HiddenField name="contact_id" value=contact.contact_id.to_string()/>
            <HiddenField name="version" value=contact.version.to_string()/>
            <ContactFields role contact=Some(contact) form/>
            <div class="row">
                <BusyButton kind="p" busy=form.busy()>{t.frame_save()}</BusyButton>
                <LinkButton href=back kind="q">{t.frame_cancel()}</LinkButton>
            </div>
        </ActionForm>
    }
}

#[component]
fn ContactFields(role: ContactRole, contact: Option<Contact>, form: FormState) -> impl IntoView {
    let t = use_texts();
    let text = |of: fn(&Contact) -> String| contact.as_ref().map(of).unwrap_or_default();
    let person = contact.as_ref().and_then(|contact| contact.contact_persons.first().cloned());
    let person_name = person.as_ref().map(|person| person.name.clone()).unwrap_or_default();
    let person_email = person.and_then(|person| person.email).unwrap_or_default();
    let supplier = contact.as_ref().map_or(role == ContactRole::Supplier, |contact| contact.is_supplier);
    let customer = contact.as_ref().map_or(role == ContactRole::Customer, |contact| contact.is_customer);
    // A box that is not ticked is not sent, so what came back says which ones were.
    let ticked =
        |name: &str, saved: bool| if form.came_back() { !form.value_or(name, "").is_empty() } else { saved };
    let supplier = ticked("input[is_supplier]", supplier);
    let customer = ticked("input[is_customer]", customer);
    let country = contact.as_ref().map_or("NO".to_owned(), |contact| contact.address.country.clone());
    view! {
        <section class="card" aria-labelledby="h-company">
            <h2 id="h-company">{t.contacts_facts()}</h2>
            <p class="sm muted">{t.contacts_identical()}</p>
            <div class="fields">
                <Field
                    name="input[name]"
                    pointer="/name"
                    label=t.contacts_company_name()
                    value=text(|contact| contact.name.clone())
                    autocomplete="off"
                    form
                />
                <Field
                    name="input[org_number]"
                    pointer="/org_number"
                    label=t.contacts_org_number()
                    value=text(|contact| contact.org_number.clone().unwrap_or_default())
                    hint=t.contacts_org_number_hint()
                    form
                />
                <Field
                    name="input[street]"
                    pointer="/street"
                    label=t.contacts_street()
                    value=text(|contact| contact.address.street.clone())
                    wide=true
                    form
                />
                <Field
                    name="input[postal_code]"
                    pointer="/postal_code"
                    label=t.contacts_postal_code()
                    value=text(|contact| contact.address.postal_code.clone())
                    form
                />
                <Field
                    name="input[city]"
                    pointer="/city"
                    label=t.contacts_city()
                    value=text(|contact| contact.address.city.clone())
                    form
                />
                <Field
                    name="input[country]"
                    pointer="/country"
                    label=t.contacts_country()
                    value=country
                    hint=t.contacts_country_hint()
                    form
                />
                <Field
                    name="input[email]"
                    pointer="/email"
                    label=t.contacts_email()
                    kind=FieldKind::Email
                    autocomplete="off"
                    value=text(|contact| contact.email.clone().unwrap_or_default())
                    optional=true
                    form
                />
                <Field
                    name="input[phone]"
                    pointer="/phone"
                    label=t.contacts_phone()
                    kind=FieldKind::Telephone
                    value=text(|contact| contact.phone.clone().unwrap_or_default())
                    optional=true
                    form
                />
            </div>
        </section>
        <section class="card" aria-labelledby="h-person">
            <h2 id="h-person">{t.contacts_person()}</h2>
            <div class="fields">
                <Field name="input[contact_person]" pointer="/contact_person" label=t.contacts_person_name() value=person_name form/>
                <Field
                    name="input[contact_email]"
                    pointer="/contact_email"
                    label=t.contacts_person_email()
                    kind=FieldKind::Email
                    autocomplete="off"
                    value=person_email
                    optional=true
                    form
                />
            </div>
        </section>
        <fieldset class="card">
            <legend class="lbl">{t.contacts_kind()}</legend>
            <Choice name="input[is_supplier]" value="true" label=t.contacts_is_supplier() checked=supplier/>
            <Choice name="input[is_customer]" value="true" label=t.contacts_is_customer() checked=customer/>
        </fieldset>
    }
}
