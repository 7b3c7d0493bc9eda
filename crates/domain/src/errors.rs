//! Everything a person or a partner can be told went wrong: a stable code, where, and with what values.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

macro_rules! error_codes {
    ($($(#[$doc:meta])* $variant:ident = $text:literal, $status:literal;)+) => {
        /// A stable code. The text is a contract with partners; the words for people are in the translation files.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum ErrorCode {
            $($(#[$doc])* $variant,)+
        }

        impl ErrorCode {
            /// Every code, in the order of declaration.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable text.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// The HTTP status that carries the code.
            pub const fn http_status(self) -> u16 {
                match self { $(Self::$variant => $status),+ }
            }

            /// Reads the stable text.
            pub fn from_code(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

error_codes! {
    MissingToken = "missing_token", 401;
    InvalidToken = "invalid_token", 401;
    TokenExpired = "token_expired", 401;
    TokenRevoked = "token_revoked", 401;
    TokenInUrl = "token_in_url", 400;
    InsufficientScope = "insufficient_scope", 403;
    ApiAccessOff = "api_access_off", 403;
    ModuleDisabled = "module_disabled", 403;
    CsrfRejected = "csrf_rejected", 403;
    NotSignedIn = "not_signed_in", 401;
    Forbidden = "forbidden", 403;
    SignInFailed = "sign_in_failed", 422;
    TooManyAttempts = "too_many_attempts", 429;
    RateLimited = "rate_limited", 429;
    SetupCodeInvalid = "setup_code_invalid", 410;
    PasswordTooShort = "password_too_short", 422;
    PasswordTooCommon = "password_too_common", 422;
    NotFound = "not_found", 404;
    InvalidId = "invalid_id", 400;
    MethodNotAllowed = "method_not_allowed", 405;
    UnsupportedMediaType = "unsupported_media_type", 415;
    UnsupportedContentEncoding = "unsupported_content_encoding", 415;
    PayloadTooLarge = "payload_too_large", 413;
    RequestTimeout = "request_timeout", 408;
    UriTooLong = "uri_too_long", 414;
    HeadersTooLarge = "headers_too_large", 431;
    /// The request is not framed as HTTP says: a chunk without a size, a body that breaks off.
    MalformedHttp = "malformed_http", 400;
    MalformedJson = "malformed_json", 400;
    InvalidEncoding = "invalid_encoding", 400;
    DuplicateField = "duplicate_field", 400;
    UnknownField = "unknown_field", 422;
    MissingField = "missing_field", 422;
    ValidationFailed = "validation_failed", 422;
    Required = "required", 422;
    InvalidDecimal = "invalid_decimal", 422;
    DecimalMustBeString = "decimal_must_be_string", 422;
    DecimalOutOfRange = "decimal_out_of_range", 422;
    InvalidCharacter = "invalid_character", 422;
    TooLong = "too_long", 422;
    TooManyLines = "too_many_lines", 422;
    NoLines = "no_lines", 422;
    DuplicateLine = "duplicate_line", 422;
    TotalMismatch = "total_mismatch", 422;
    InvalidCurrency = "invalid_currency", 422;
    InvalidDate = "invalid_date", 422;
    /// Told of a day that has passed; what it is about is taken all the same.
    DatePast = "date_past", 422;
    QuantityNotPositive = "quantity_not_positive", 422;
    PriceNegative = "price_negative", 422;
    DiscountOutOfRange = "discount_out_of_range", 422;
    UnknownUnit = "unknown_unit", 422;
    InvalidEmail = "invalid_email", 422;
    InvalidOrganisationNumber = "invalid_organisation_number", 422;
    Duplicate = "duplicate", 422;
    SupplierUnknown = "supplier_unknown", 422;
    /// Suppliers of several countries have the number, and no country is named.
    SupplierAmbiguous = "supplier_ambiguous", 422;
    ArticleUnknown = "article_unknown", 422;
    ReasonRequired = "reason_required", 422;
    ExpiryOutOfRange = "expiry_out_of_range", 422;
    IdempotencyKeyMissing = "idempotency_key_missing", 400;
    IdempotencyKeyInvalid = "idempotency_key_invalid", 400;
    IdempotencyKeyReuse = "idempotency_key_reuse", 422;
    RequestInProgress = "request_in_progress", 409;
    RevisionConflict = "revision_conflict", 409;
    StaleRevision = "stale_revision", 409;
    EpochConflict = "epoch_conflict", 409;
    InstanceConflict = "instance_conflict", 409;
    InvalidTransition = "invalid_transition", 409;
    VersionConflict = "version_conflict", 409;
    UnsupportedApiVersion = "unsupported_api_version", 400;
    InvalidCursor = "invalid_cursor", 400;
    /// Rows of one order say different things about the whole order.
    RowsDiffer = "rows_differ", 422;
    InvalidLimit = "invalid_limit", 400;
    BatchTooLarge = "batch_too_large", 413;
    DuplicateInBatch = "duplicate_in_batch", 422;
    FileMalformed = "file_malformed", 422;
    ColumnMissing = "column_missing", 422;
    /// A column is named that is none of ours, or two of the file's mean the same.
    ColumnUnknown = "column_unknown", 422;
    ColumnTwice = "column_twice", 422;
    /// A row has more or fewer cells than the head.
    RowRagged = "row_ragged", 422;
    /// `1.234` can be a thousand or a decimal, and only who wrote it knows. Values: `thousands` and `decimals`, both readings.
    NumberAmbiguous = "number_ambiguous", 422;
    /// The cell is a formula of a spreadsheet, not a value.
    FormulaRefused = "formula_refused", 422;
    FileMissing = "file_missing", 422;
    /// The file is a spreadsheet program's own (XLSX, XLS, ODS), not text.
    FileIsSpreadsheet = "file_is_spreadsheet", 422;
    FileFormatUnknown = "file_format_unknown", 422;
    /// A price file of another version than we read.
    FileVersionUnknown = "file_version_unknown", 422;
    FileIsNoPriceFile = "file_is_no_price_file", 422;
    /// The supplier's catalogue is read over the partner API.
    CatalogueIsLive = "catalogue_is_live", 409;
    /// Of the supplier there is a price file here, and nothing that could be called.
    PriceFileOnly = "price_file_only", 409;
    /// Why pasted text cannot become lines of an order.
    PasteEmpty = "paste_empty", 422;
    PasteHtml = "paste_html", 422;
    PasteNoNumbers = "paste_no_numbers", 422;
    PasteNoColumns = "paste_no_columns", 422;
    PasteTooManyRows = "paste_too_many_rows", 422;
    CountryUnknown = "country_unknown", 422;
    RoleUnknown = "role_unknown", 422;
    /// Not a state of an article.
    StatusUnknown = "status_unknown", 422;
    HttpsRequired = "https_required", 422;
    InvalidUrl = "invalid_url", 422;
    UrlUserinfoForbidden = "url_userinfo_forbidden", 422;
    PortForbidden = "port_forbidden", 422;
    EndpointBlocked = "endpoint_blocked", 422;
    EndpointIsSelf = "endpoint_is_self", 422;
    ConnectionMissing = "connection_missing", 422;
    TokenMissing = "token_missing", 422;
    /// What the checks before an export warn of. Not answers of ours.
    TokenExpiresSoon = "token_expires_soon", 422;
    ConnectionUnverified = "connection_unverified", 422;
    /// A company is not the same in both registers.
    ContactDiffers = "contact_differs", 422;
    /// How a company stands in the other register is not known.
    ContactUnchecked = "contact_unchecked", 422;
    UnknownThere = "unknown_there", 422;
    OrderIncomplete = "order_incomplete", 422;
    ConnectionPaused = "connection_paused", 422;
    LinesNotExact = "lines_not_exact", 422;
    AlreadySent = "already_sent", 409;
    LineParked = "line_parked", 422;
    /// A price is ten times the listed one or more, or a tenth or less, and nobody has said that it was looked at.
    PriceUnconfirmed = "price_unconfirmed", 422;
    /// More open orders have a number by the links than are changed in one step. Values: `orders` and `max`.
    LinksInTooManyOrders = "links_in_too_many_orders", 422;
    /// Sender's log codes: what happened on the way out. Not answers of ours.
    DnsFailed = "dns_failed", 502;
    ConnectRefused = "connect_refused", 502;
    ConnectTimeout = "connect_timeout", 504;
    TlsFailed = "tls_failed", 502;
    AnswerTimeout = "answer_timeout", 504;
    AnswerTooLarge = "answer_too_large", 502;
    RedirectRefused = "redirect_refused", 502;
    ReceiptMissing = "receipt_missing", 502;
    ReceiptMismatch = "receipt_mismatch", 502;
    WrongPath = "wrong_path", 502;
    PartnerError = "partner_error", 502;
    DecryptFailed = "decrypt_failed", 500;
    StorageUnavailable = "storage_unavailable", 503;
    Overloaded = "overloaded", 503;
    Internal = "internal", 500;
}

// Written by hand: what serde derives for so many names is a hundredth of all that a phone loads.
impl Serialize for ErrorCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for ErrorCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<str>::deserialize(deserializer)?;
        Self::from_code(&text).ok_or_else(|| de::Error::custom("no such error code"))
    }
}

impl fmt::Display for ErrorCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One fault in one place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// A JSON pointer into the document, or the name of a form's field with a leading slash: `/lines/3/quantity`.
    pub pointer: String,
    pub code: ErrorCode,
    /// Values for the text, such as the longest length allowed.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub params: BTreeMap<String, String>,
}

impl FieldError {
    /// A fault at the pointer, without values.
    pub fn new(pointer: impl Into<String>, code: ErrorCode) -> Self {
        Self { pointer: pointer.into(), code, params: BTreeMap::new() }
    }

    /// The line and its field, where the pointer is such as `/lines/3/quantity`.
    pub fn in_line(&self) -> Option<(usize, &str)> {
        let (index, field) = self.pointer.strip_prefix("/lines/")?.split_once('/')?;
        Some((index.parse().ok()?, field))
    }

    /// Points at the line as it stood in a form, where the lines that were checked stood in these `places`.
    pub fn point_at(&mut self, places: &[usize]) {
        let place = self.in_line().and_then(|(index, field)| Some((places.get(index)?, field)));
        if let Some((place, field)) = place {
            self.pointer = format!("/lines/{place}/{field}");
        }
    }

    /// Adds a value for the text.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.params.insert(name.to_owned(), value.to_string());
        self
    }
}

/// A request that was understood and refused. Nothing was changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Refusal {
    pub code: ErrorCode,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<FieldError>,
    /// Values for the text.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub params: BTreeMap<String, String>,
}

impl Refusal {
    /// Several faults in one document or form.
    pub fn of_fields(errors: Vec<FieldError>) -> Self {
        Self { code: ErrorCode::ValidationFailed, errors, params: BTreeMap::new() }
    }

    /// One fault in one field.
    pub fn of_field(pointer: impl Into<String>, code: ErrorCode) -> Self {
        Self::of_fields(vec![FieldError::new(pointer, code)])
    }

    /// Adds a value for the text.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl ToString) -> Self {
        self.params.insert(name.to_owned(), value.to_string());
        self
    }
}

impl From<ErrorCode> for Refusal {
    fn from(code: ErrorCode) -> Self {
        Self { code, errors: Vec::new(), params: BTreeMap::new() }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code.as_str())?;
        for error in &self.errors {
            write!(f, " {}:{}", error.pointer, error.code)?;
        }
        Ok(())
    }
}

impl std::error::Error for Refusal {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_point_at_the_lines_as_typed() {
        for (pointer, expected) in [
            ("/lines/1/quantity", "/lines/3/quantity"),
            ("/lines/0/delivery/city", "/lines/1/delivery/city"),
            ("/lines/7/quantity", "/lines/7/quantity"),
            ("/lines/x/quantity", "/lines/x/quantity"),
            ("/lines/1", "/lines/1"),
            ("/supplier_id", "/supplier_id"),
        ] {
            let mut fault = FieldError::new(pointer, ErrorCode::InvalidDecimal);
            fault.point_at(&[1, 3]);
            assert_eq!(fault.pointer, expected);
        }
    }
}
