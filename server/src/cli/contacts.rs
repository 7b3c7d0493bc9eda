//! `prodsys contacts`.

use domain::contacts::{ContactInput, ContactRole};
use domain::paging::{MAX_PAGE_SIZE, PageRequest};
use services::contacts;

use super::{CliError, Run};

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    Add(Box<Contact>),
    List {
        /// Customers instead of suppliers
        #[arg(long)]
        customers: bool,
        #[arg(long)]
        search: Option<String>,
        #[arg(long, default_value_t = 1)]
        page: i64,
    },
}

#[derive(Debug, clap::Args)]
pub(super) struct Contact {
    #[arg(long)]
    name: String,
    #[arg(long, default_value = "")]
    org_number: String,
    #[arg(long, default_value = "")]
    street: String,
    #[arg(long, default_value = "")]
    postal_code: String,
    #[arg(long, default_value = "")]
    city: String,
    #[arg(long, default_value = "NO")]
    country: String,
    #[arg(long, default_value = "")]
    email: String,
    #[arg(long, default_value = "")]
    phone: String,
    #[arg(long, default_value = "")]
    contact_person: String,
    #[arg(long, default_value = "")]
    contact_email: String,
    #[arg(long)]
    supplier: bool,
    #[arg(long)]
    customer: bool,
}

pub(super) async fn run(run: &Run, command: Command) -> Result<(), CliError> {
    let opened = run.open().await?;
    match command {
        Command::Add(contact) => {
            let input = ContactInput {
                name: contact.name,
                org_number: contact.org_number,
                country: contact.country,
                street: contact.street,
                postal_code: contact.postal_code,
                city: contact.city,
                email: contact.email,
                phone: contact.phone,
                contact_person: contact.contact_person,
                contact_email: contact.contact_email,
                is_supplier: contact.supplier,
                is_customer: contact.customer,
            };
            let id = contacts::add(&opened.ctx, input).await?;
            run.out.value(&serde_json::json!({ "contact_id": id }), &id.to_string());
        }
        Command::List { customers, search, page } => {
            let role = if customers { ContactRole::Customer } else { ContactRole::Supplier };
            let request = PageRequest { page, page_size: MAX_PAGE_SIZE };
            let found = contacts::list(&opened.ctx, role, search, request).await?;
            let rows: Vec<Vec<String>> = found
                .rows
                .iter()
                .map(|row| {
                    vec![
                        row.contact_id.to_string(),
                        row.name.clone(),
                        row.org_number.clone().unwrap_or_default(),
                        row.city.clone(),
                    ]
                })
                .collect();
            run.out.table(&found, &["contact_id", "name", "org_number", "city"], &rows);
        }
    }
    Ok(())
}
