//! Addresses that a user may type or a name may lead to, and what the guard says.

use domain::errors::ErrorCode::{
    self, EndpointBlocked, HttpsRequired, InvalidUrl, PortForbidden, UrlUserinfoForbidden,
};
use exchange::Guard;

/// Refused by default and by an operator who allows nothing.
const REFUSED: &[(&str, ErrorCode)] = &[
    // Not https.
    ("http://partner.example", HttpsRequired),
    ("http://127.0.0.1", HttpsRequired),
    ("http://169.254.169.254/latest/meta-data", HttpsRequired),
    ("file:///etc/passwd", HttpsRequired),
    ("gopher://partner.example:70/_x", HttpsRequired),
    ("ftp://partner.example", HttpsRequired),
    ("data:text/plain,x", HttpsRequired),
    ("javascript:alert(1)", HttpsRequired),
    ("ws://partner.example", HttpsRequired),
    ("unix:/run/x.sock", HttpsRequired),
    // No address at all.
    ("", InvalidUrl),
    ("partner.example", InvalidUrl),
    ("https://", InvalidUrl),
    ("https://.", InvalidUrl),
    ("https://partner.example:65536", InvalidUrl),
    ("https://partner.example:-1", InvalidUrl),
    ("https://[fe80::1%25eth0]", InvalidUrl),
    ("https://[::1", InvalidUrl),
    ("https://par tner.example", InvalidUrl),
    ("https://partner.example\r\nX: y", InvalidUrl),
    ("https:\\\\partner.example", InvalidUrl),
    ("https://partner\u{200b}.example", InvalidUrl),
    ("https://partner.example?x=1", InvalidUrl),
    ("https://partner.example/#x", InvalidUrl),
    ("https://300.1.1.1", InvalidUrl),
    // A name and password in front.
    ("https://user@partner.example", UrlUserinfoForbidden),
    ("https://user:secret@partner.example", UrlUserinfoForbidden),
    ("https://:secret@partner.example", UrlUserinfoForbidden),
    ("https://@partner.example", UrlUserinfoForbidden),
    ("https://partner.example@127.0.0.1", UrlUserinfoForbidden),
    // Ports.
    ("https://partner.example:0", PortForbidden),
    ("https://partner.example:22", PortForbidden),
    ("https://partner.example:25", PortForbidden),
    ("https://partner.example:80", PortForbidden),
    ("https://partner.example:5432", PortForbidden),
    ("https://93.184.216.34:8080", PortForbidden),
    // This machine, in many spellings.
    ("https://127.0.0.1", EndpointBlocked),
    ("https://127.1", EndpointBlocked),
    ("https://2130706433", EndpointBlocked),
    ("https://0x7f000001", EndpointBlocked),
    ("https://0177.0.0.1", EndpointBlocked),
    ("https://①②⑦.0.0.1", EndpointBlocked),
    ("https://127。0。0。1", EndpointBlocked),
    ("https://127.255.255.254:8443", EndpointBlocked),
    ("https://0.0.0.0", EndpointBlocked),
    ("https://0", EndpointBlocked),
    ("https://localhost", EndpointBlocked),
    ("https://LOCALHOST.", EndpointBlocked),
    ("https://a.localhost", EndpointBlocked),
    ("https://[::1]", EndpointBlocked),
    ("https://[::]", EndpointBlocked),
    ("https://[::ffff:127.0.0.1]", EndpointBlocked),
    ("https://[::ffff:7f00:1]", EndpointBlocked),
    ("https://[::127.0.0.1]", EndpointBlocked),
    ("https://[64:ff9b::7f00:1]", EndpointBlocked),
    ("https://[64:ff9b::10.0.0.1]", EndpointBlocked),
    ("https://[64:ff9b:1::1]", EndpointBlocked),
    ("https://[2002:7f00:1::]", EndpointBlocked),
    ("https://[2002:5db8:d822::1]", EndpointBlocked),
    ("https://[2001:0:53aa:64c::1]", EndpointBlocked),
    ("https://[2a00:1450::5efe:10.0.0.1]", EndpointBlocked),
    ("https://[2a00:1450::200:5efe:127.0.0.1]", EndpointBlocked),
    // Private, shared, documentation, test, reserved.
    ("https://10.0.0.1", EndpointBlocked),
    ("https://100.64.0.1", EndpointBlocked),
    ("https://172.16.0.1", EndpointBlocked),
    ("https://172.31.255.255", EndpointBlocked),
    ("https://192.0.0.8", EndpointBlocked),
    ("https://192.0.2.1", EndpointBlocked),
    ("https://192.88.99.1", EndpointBlocked),
    ("https://192.168.1.1", EndpointBlocked),
    ("https://198.18.0.1", EndpointBlocked),
    ("https://198.51.100.1", EndpointBlocked),
    ("https://203.0.113.1", EndpointBlocked),
    ("https://224.0.0.1", EndpointBlocked),
    ("https://255.255.255.255", EndpointBlocked),
    ("https://[fd00::1]", EndpointBlocked),
    ("https://[fc00::1]", EndpointBlocked),
    ("https://[ff02::1]", EndpointBlocked),
    ("https://[fec0::1]", EndpointBlocked),
    ("https://[100::1]", EndpointBlocked),
    ("https://[2001:db8::1]", EndpointBlocked),
    ("https://[3fff::1]", EndpointBlocked),
    ("https://[5f00::1]", EndpointBlocked),
    ("https://[4000::1]", EndpointBlocked),
    // Link-local and metadata.
    ("https://169.254.169.254", EndpointBlocked),
    ("https://[::ffff:169.254.169.254]", EndpointBlocked),
    ("https://[fe80::1]", EndpointBlocked),
    ("https://[fd00:ec2::254]", EndpointBlocked),
    ("https://100.100.100.200", EndpointBlocked),
    ("https://168.63.129.16", EndpointBlocked),
    ("https://metadata.google.internal", EndpointBlocked),
    ("https://METADATA.google.internal./computeMetadata", EndpointBlocked),
    ("https://metadata", EndpointBlocked),
];

/// Accepted by default, and how it is stored.
const ACCEPTED: &[(&str, &str)] = &[
    ("https://partner.example", "https://partner.example"),
    (" https://Partner.Example/ ", "https://partner.example"),
    ("https://partner.example:443", "https://partner.example"),
    ("https://partner.example:8443/", "https://partner.example:8443"),
    ("https://partner.example/partner/v1", "https://partner.example"),
    ("https://partner.example/erp/partner/v1/", "https://partner.example/erp"),
    ("https://partner.example/a/../erp//", "https://partner.example/erp"),
    ("https://blåbær.example", "https://xn--blbr-roah.example"),
    ("https://93.184.216.34", "https://93.184.216.34"),
    ("https://[2a00:1450:400f::1]:8443", "https://[2a00:1450:400f::1]:8443"),
    ("https://[64:ff9b::5db8:d822]", "https://[64:ff9b::5db8:d822]"),
    ("https://[::ffff:93.184.216.34]", "https://[::ffff:5db8:d822]"),
    ("https://172.32.0.1", "https://172.32.0.1"),
    ("https://100.128.0.1", "https://100.128.0.1"),
];

#[test]
fn by_default_only_https_to_the_public_internet() {
    let guard = Guard::default();
    for (typed, code) in REFUSED {
        let refusal = guard.check_endpoint(typed).expect_err(typed);
        assert_eq!((refusal.code, refusal.errors[0].pointer.as_str()), (*code, "/endpoint"), "{typed}");
    }
    for (typed, stored) in ACCEPTED {
        let endpoint = guard.check_endpoint(typed).unwrap_or_else(|refusal| panic!("{typed}: {refusal}"));
        assert_eq!(endpoint.as_str(), *stored, "{typed}");
        assert_eq!(
            guard.check_endpoint(endpoint.as_str()).as_ref(),
            Ok(&endpoint),
            "checking twice changes nothing: {typed}"
        );
    }
}

#[test]
fn an_operator_may_allow_a_private_network_but_never_metadata() {
    let ranges = ["0.0.0.0/0", "::/0"];
    let guard = Guard::parse(&ranges, true).expect("ranges");
    for typed in [
        "https://10.0.0.1:9443",
        "http://10.0.0.1",
        "http://127.0.0.1:3000",
        "http://[::1]:3000",
        "http://localhost:3000",
    ] {
        assert!(guard.check_endpoint(typed).is_ok(), "{typed}");
    }
    let never = [
        "https://169.254.169.254",
        "https://[::ffff:169.254.169.254]",
        "https://[fe80::1]",
        "https://[fd00:ec2::254]",
        "https://100.100.100.200",
        "https://168.63.129.16",
        "https://metadata.google.internal",
        "https://0.0.0.0",
        "https://[::]",
        "https://224.0.0.1",
        "https://[ff02::1]",
    ];
    for typed in never {
        assert_eq!(guard.check_endpoint(typed).expect_err(typed).code, EndpointBlocked, "{typed}");
    }
}

#[test]
fn what_is_allowed_is_no_more_than_was_named() {
    let guard = Guard::loopback();
    assert!(guard.check_endpoint("http://127.0.0.1:3000").is_ok());
    assert_eq!(guard.check_endpoint("http://partner.example").expect_err("http").code, HttpsRequired);
    assert_eq!(guard.check_endpoint("https://10.0.0.1").expect_err("private").code, EndpointBlocked);
    assert_eq!(guard.check_endpoint("https://partner.example:3000").expect_err("port").code, PortForbidden);
    assert_eq!(guard.check_endpoint("http://127.0.0.1:0").expect_err("port").code, PortForbidden);
    assert_eq!(guard.check_endpoint("https://[64:ff9b::7f00:1]").expect_err("wrapped").code, EndpointBlocked);
    let without_http = Guard::parse(&["127.0.0.0/8"], false).expect("ranges");
    assert_eq!(without_http.check_endpoint("http://127.0.0.1:3000").expect_err("http").code, HttpsRequired);
    assert!(Guard::default().with_port(9443).check_endpoint("https://partner.example:9443").is_ok());
}

#[test]
fn what_is_accepted_is_accepted_again() {
    // Short as typed, and longer than an address may be in the spelling that is stored.
    let typed = format!("https://partner.example/{}", "æ".repeat(200));
    assert_eq!(Guard::default().check_endpoint(&typed).expect_err("too long").code, InvalidUrl);
    let shorter = format!("https://partner.example/{}", "æ".repeat(50));
    let stored = Guard::default().check_endpoint(&shorter).expect("short enough");
    assert_eq!(Guard::default().check_endpoint(stored.as_str()).as_ref(), Ok(&stored));
}
