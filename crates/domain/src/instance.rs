//! This instance: the company it serves and its switches.

use serde::{Deserialize, Serialize};

use crate::contacts::{Address, ContactPerson};
use crate::ids::InstanceId;

/// The version of the partner API that this program speaks.
pub const API_VERSION: &str = "1";

/// The extension's name, as in the guide.
pub const EXTENSION: &str = "ProdSys to ProdSys";

/// The one row that says who this is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Instance {
    pub instance_id: InstanceId,
    /// Raised when the database is restored from a backup.
    pub epoch: i64,
    pub company_name: String,
    pub org_number: String,
    pub address: Address,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub contact_persons: Vec<ContactPerson>,
    /// The extension *ProdSys to ProdSys* is on.
    pub extension_on: bool,
    /// *API-tilgang* is on.
    pub api_access: bool,
}
