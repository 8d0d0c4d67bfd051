//! What people read when a server says no: one sentence, what to do, and behind `-v` what the server said.
//!
//! Each comes about by the real condition, on loopback.

use std::net::TcpListener;
use std::sync::Arc;

use super::harness::{Exsh, Ran, Sim};

fn admin() -> Exsh {
    Exsh::new().with("EXSH_USERNAME", "admin@contoso.com").with("EXSH_PASSWORD", "Passw0rd!x")
}

fn open(exsh: &Exsh, options: &[&str], url: &str) -> Ran {
    let code = format!("let s = new_session(\"{url}\", get_credential());");
    exsh.run(&[&["eval"], options, &[code.as_str()]].concat())
}

#[track_caller]
fn says(ran: &Ran, parts: &[&str]) {
    for part in parts {
        assert!(ran.stderr.contains(part), "{part}:\n{}", ran.stderr);
    }
}

#[test]
fn a_refused_sign_in_names_the_user_and_who_might_check_the_password_instead() {
    let exsh = Exsh::new().with("EXSH_USERNAME", "ann@fabrikam.com").with("EXSH_PASSWORD", "guess");
    let sim = Sim::start(&exsh, &[]);
    let ran = open(&exsh, &[], &sim.url.replace("127.0.0.1", "localhost")).expect(4);
    says(&ran, &["did not accept the sign-in of ann@fabrikam.com", "hint: check the user name and the password"]);
    says(&ran, &["hint: if fabrikam.com is a federated domain"]);
    let ran = open(&exsh, &["-v"], &sim.url).expect(4);
    says(&ran, &["HTTP status 401, WWW-Authenticate: Basic"]);
    assert!(!ran.stderr.contains("federated"), "an address says nothing of domains: {}", ran.stderr);
}

#[test]
fn a_missing_role_is_told_with_the_cmdlet_that_needs_it_and_who_lacks_it() {
    let exsh = Exsh::new().with("EXSH_USERNAME", "helpdesk@contoso.com").with("EXSH_PASSWORD", "Passw0rd!x");
    let sim = Sim::start(&exsh, &[]);
    let work = "import_session(s); set_mailbox(\"bob\", #{ CustomAttribute1: \"x\" })";
    let code = format!("let s = new_session(\"{}\", get_credential()); {work}", sim.url);
    let ran = exsh.run(&["eval", &code]).expect(1);
    says(&ran, &["Set-Mailbox is a cmdlet, but the roles of helpdesk@contoso.com do not include it"]);
    says(&ran, &["get_management_role(#{ Cmdlet: \"Set-Mailbox\" })"]);
}

/// Exchange names the time in milliseconds (facts/remoting.md 8, fault 1A7).
#[test]
fn a_throttled_user_is_told_for_how_many_seconds() {
    let exsh = admin();
    let sim = Sim::start(&exsh, &["--fault", "create#*:load-quota=2500"]);
    let ran = open(&exsh, &["-v"], &sim.url);
    assert_ne!(ran.code(), 0);
    says(&ran, &["hint: wait 3 seconds before the next request", "fault: 2150859175 QUOTA_USER"]);
}

#[test]
fn the_sixth_session_is_refused_with_those_that_are_open_and_how_to_close_one() {
    let exsh = admin();
    let sim = Sim::start(&exsh, &[]);
    let code = format!("let c = get_credential(); for i in 0..6 {{ new_session(\"{}\", c); }}", sim.url);
    let ran = exsh.run(&["eval", &code]).expect(1);
    says(&ran, &["get_session()", "remove_session", "hint: open here: session 1 (127.0.0.1), session 2 (127.0.0.1)"]);
    assert_eq!(sim.stop()["open_shells"], 0);
}

/// The bracketed fields before a refusal's text are Exchange's own (facts/exchange-wire.md 3); the simulator has them, too.
#[test]
fn the_raw_fault_with_its_request_id_is_shown_with_v_only() {
    let exsh = Exsh::new().with("EXSH_USERNAME", "carla@contoso.com").with("EXSH_PASSWORD", "Passw0rd!x");
    let sim = Sim::start(&exsh, &["--user", "carla@contoso.com:Passw0rd!x:Stamp Collectors"]);
    let plain = open(&exsh, &[], &sim.url).expect(4);
    says(&plain, &["isn't assigned to any management roles", "hint: check that the user may use remote PowerShell"]);
    assert!(!plain.stderr.contains("RequestId"), "{}", plain.stderr);
    let raw = open(&exsh, &["-v"], &sim.url).expect(4);
    says(&raw, &["  fault: 2152992672 PLUGIN_REFUSED", "  AuthZRequestId: ", "  FailureCategory: AuthZ-", "  text: "]);
}

#[test]
fn a_name_without_an_address_and_a_port_without_a_listener_are_told_apart() {
    let exsh = admin();
    // a label of more than 63 letters is no name: no name service is asked
    let long = format!("https://{}.example/PowerShell/", "a".repeat(70));
    let ran = open(&exsh, &[], &long).expect(5);
    says(&ran, &["cannot be resolved", "hint: check the spelling of the host name"]);
    let ran = open(&exsh, &[], "http://127.0.0.1:1/PowerShell/").expect(5);
    says(&ran, &["127.0.0.1 refused the connection on port 1"]);
}

/// A certificate of an authority that this process trusts, whose time was over on 2020-02-29.
#[test]
fn an_expired_certificate_says_since_when() {
    let mut authority = rcgen::CertificateParams::new(Vec::new()).unwrap();
    authority.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let authority_key = rcgen::KeyPair::generate().unwrap();
    let authority_certificate = authority.self_signed(&authority_key).unwrap();
    let issuer = rcgen::Issuer::new(authority, authority_key);
    let mut own = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    own.not_before = rcgen::date_time_ymd(2019, 1, 1);
    own.not_after = rcgen::date_time_ymd(2020, 2, 29);
    let key = rcgen::KeyPair::generate().unwrap();
    let certificate = own.signed_by(&key, &issuer).unwrap();
    let exsh = admin();
    let trusted = exsh.home().join("authority.pem");
    std::fs::write(&trusted, authority_certificate.pem()).unwrap();
    let url = expired_server(certificate.der().clone(), key.serialize_der());
    let exsh = exsh.with("SSL_CERT_FILE", trusted.to_str().unwrap());
    let ran = open(&exsh, &[], &url).expect(5);
    says(&ran, &["the certificate of localhost is not valid: it expired on 2020-02-29 (", " days ago)", "renew"]);
    let ran = exsh.run(&["doctor", &url]).expect(5);
    assert!(ran.stdout.contains("fail     TLS"), "{}", ran.stdout);
}

/// Shakes hands with that certificate, twice; gives its address.
fn expired_server(certificate: rustls::pki_types::CertificateDer<'static>, key: Vec<u8>) -> String {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let key = rustls::pki_types::PrivateKeyDer::try_from(key).unwrap();
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut connection = rustls::ServerConnection::new(config.clone()).unwrap();
            let mut stream = stream.unwrap();
            // the client turns away: that is what is tested
            while connection.is_handshaking() && connection.complete_io(&mut stream).is_ok() {}
        }
    });
    format!("https://localhost:{port}/PowerShell/")
}

#[test]
fn a_trace_holds_the_wire_and_no_password_in_any_form() {
    let exsh = admin();
    let sim = Sim::start(&exsh, &[]);
    let file = exsh.home().join("wire.jsonl");
    let work = "import_session(s); get_mailbox(\"bob\").Alias";
    let code = format!("let s = new_session(\"{}\", get_credential()); {work}", sim.url);
    let ran = exsh.run(&["--trace", file.to_str().unwrap(), "eval", &code]).expect(0);
    assert_eq!(ran.stdout, "bob\n");
    let text = std::fs::read_to_string(&file).unwrap();
    assert!(text.lines().count() > 5 && text.lines().all(|line| line.starts_with('{')));
    let encoded = base64_simd::STANDARD.encode_to_string("admin@contoso.com:Passw0rd!x");
    for secret in ["Passw0rd!x", encoded.as_str()] {
        assert!(!text.contains(secret), "{secret}");
    }
    exsh.run(&["trace", file.to_str().unwrap()]).expect(0);
}
