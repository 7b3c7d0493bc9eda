//! `prodsys init`: the company, and its first administrator.

use domain::contacts::ContactInput;
use domain::roles::Role;
use secrecy::ExposeSecret;
use services::Actor;
use services::instance::{self, InitInput};
use services::users::{self, UserInput};

use super::{CliError, Run, secret};
use crate::context;

#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    #[arg(long)]
    pub(super) name: String,
    #[arg(long)]
    pub(super) org_number: String,
    #[arg(long, default_value = "")]
    pub(super) street: String,
    #[arg(long, default_value = "")]
    pub(super) postal_code: String,
    #[arg(long, default_value = "")]
    pub(super) city: String,
    #[arg(long, default_value = "NO")]
    pub(super) country: String,
    #[arg(long, default_value = "")]
    pub(super) email: String,
    #[arg(long, default_value = "")]
    pub(super) phone: String,
    #[arg(long, default_value = "")]
    pub(super) contact_person: String,
    #[arg(long, default_value = "")]
    pub(super) contact_email: String,
    /// The first administrator; the password is read from standard input. Without it, `serve` prints a code for the first one
    #[arg(long, value_name = "EMAIL")]
    pub(super) administrator: Option<String>,
    #[arg(long, value_name = "NAME", default_value = "Administrator")]
    pub(super) administrator_name: String,
}

pub(super) async fn run(run: &Run, arguments: Arguments) -> Result<(), CliError> {
    let password = match &arguments.administrator {
        Some(_) => Some(secret(&run.out, "password")?),
        None => None,
    };
    let ctx = context::open_ctx(&run.config, Actor::Operator).await?;
    let company = ContactInput {
        name: arguments.name,
        org_number: arguments.org_number,
        street: arguments.street,
        postal_code: arguments.postal_code,
        city: arguments.city,
        country: arguments.country,
        email: arguments.email,
        phone: arguments.phone,
        contact_person: arguments.contact_person,
        contact_email: arguments.contact_email,
        is_supplier: false,
        is_customer: false,
    };
    let instance = instance::initialise(&ctx, InitInput { company }).await?;
    if let (Some(email), Some(password)) = (arguments.administrator, password) {
        let user = UserInput {
            name: arguments.administrator_name,
            email,
            role: Role::Administrator,
            password: password.expose_secret().to_owned(),
        };
        users::add_user(&ctx, user).await?;
    }
    let text = run.out.texts.cli_initialised(&instance.company_name);
    run.out.value(&instance, &text);
    Ok(())
}
