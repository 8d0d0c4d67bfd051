//! Checks what exsh is built from: licences, sources and known advisories, without a network.
//!
//! It reads `Cargo.lock` and what cargo itself says of each package; the lists it holds them against are in `deny.toml`.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::process::Command;

use serde::Deserialize;

/// What cargo says of the packages for this machine, licences among it.
#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

/// `Cargo.lock`: the packages for every platform.
#[derive(Deserialize)]
struct Lock {
    package: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    version: String,
    license: Option<String>,
    source: Option<String>,
}

#[derive(Deserialize)]
struct Deny {
    licenses: Licenses,
    advisories: Vec<Advisory>,
}

#[derive(Deserialize)]
struct Licenses {
    allow: Vec<String>,
}

/// One entry of the RustSec database that names a crate of ours.
#[derive(Deserialize)]
struct Advisory {
    id: String,
    package: String,
    /// Versions from which on the fault is mended; empty when there is none.
    patched: Vec<String>,
    /// Why it does not concern us, where it is not mended.
    accepted: Option<String>,
}

/// Packages for this platform; those of others need not be on the machine.
fn built() -> Vec<Package> {
    let version = Command::new(env!("CARGO")).arg("-vV").output().unwrap();
    let version = String::from_utf8(version.stdout).unwrap();
    let host = version.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--locked", "--offline", "--filter-platform", host])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice::<Metadata>(&output.stdout).unwrap().packages
}

/// Packages for every platform.
fn locked() -> Vec<Package> {
    read::<Lock>("Cargo.lock").package
}

fn deny() -> Deny {
    read("deny.toml")
}

fn read<T: serde::de::DeserializeOwned>(name: &str) -> T {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    toml_edit::de::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// Whether a licence expression can be met with `allowed` alone.
fn met(expression: &str, allowed: &[String]) -> bool {
    let expression = expression.replace('/', " OR ");
    let mut tokens = expression.replace('(', " ( ").replace(')', " ) ");
    tokens = tokens.replace(" WITH ", "-WITH-");
    let tokens: Vec<&str> = tokens.split_whitespace().collect();
    let mut at = 0;
    any_of(&tokens, &mut at, allowed) && at == tokens.len()
}

fn any_of(tokens: &[&str], at: &mut usize, allowed: &[String]) -> bool {
    let mut result = all_of(tokens, at, allowed);
    while tokens.get(*at) == Some(&"OR") {
        *at += 1;
        result |= all_of(tokens, at, allowed);
    }
    result
}

fn all_of(tokens: &[&str], at: &mut usize, allowed: &[String]) -> bool {
    let mut result = one(tokens, at, allowed);
    while tokens.get(*at) == Some(&"AND") {
        *at += 1;
        result &= one(tokens, at, allowed);
    }
    result
}

fn one(tokens: &[&str], at: &mut usize, allowed: &[String]) -> bool {
    let token = tokens.get(*at).copied().unwrap_or("");
    *at += 1;
    if token == "(" {
        let result = any_of(tokens, at, allowed);
        *at += 1;
        return result;
    }
    allowed.iter().any(|name| name == token)
}

fn numbers(version: &str) -> Vec<u64> {
    version.split(['.', '-', '+']).map_while(|part| part.parse().ok()).collect()
}

/// Whether `version` is mended: at least a patched version of its own compatible series, or above all of them.
fn mended(version: &str, patched: &[String]) -> bool {
    let own = numbers(version);
    let series = |v: &[u64]| {
        if v.first() == Some(&0) { v.get(..2).map(<[u64]>::to_vec) } else { v.get(..1).map(<[u64]>::to_vec) }
    };
    let patched: Vec<Vec<u64>> = patched.iter().map(|text| numbers(text)).collect();
    patched.iter().any(|from| series(from) == series(&own) && own >= *from)
        || (!patched.is_empty() && patched.iter().all(|from| own >= *from))
}

#[test]
fn every_licence_is_allowed() {
    let allowed = deny().licenses.allow;
    let wrong: Vec<String> = built()
        .into_iter()
        .filter(|package| !met(package.license.as_deref().unwrap_or("none"), &allowed))
        .map(|package| format!("{} {}: {:?}", package.name, package.version, package.license))
        .collect();
    assert!(wrong.is_empty(), "not allowed by deny.toml:\n{}", wrong.join("\n"));
}

#[test]
fn every_package_comes_from_the_public_registry() {
    for package in locked().into_iter().filter(|package| package.name != "exsh") {
        let source = package.source.unwrap_or_default();
        assert!(source.starts_with("registry+"), "{} comes from {source:?}", package.name);
    }
}

#[test]
fn no_known_advisory_is_open() {
    let packages = locked();
    let mut wrong = Vec::new();
    for advisory in deny().advisories {
        for package in packages.iter().filter(|package| package.name == advisory.package) {
            if !mended(&package.version, &advisory.patched) && advisory.accepted.is_none() {
                wrong.push(format!("{}: {} {}", advisory.id, package.name, package.version));
            }
        }
    }
    assert!(wrong.is_empty(), "update these, or say in deny.toml why they do not concern us:\n{}", wrong.join("\n"));
}

#[test]
fn licence_expressions_are_read_with_their_precedence() {
    let allowed = ["MIT".to_owned(), "Unicode-3.0".to_owned()];
    assert!(met("MIT OR GPL-3.0", &allowed));
    assert!(met("(MIT OR Apache-2.0) AND Unicode-3.0", &allowed));
    assert!(!met("MIT AND GPL-3.0", &allowed));
    assert!(!met("GPL-3.0 OR (MIT AND LGPL-2.1)", &allowed));
    assert!(met("Unlicense/MIT", &allowed));
}

#[test]
fn a_version_is_mended_within_its_own_series() {
    let patched = ["0.3.26".to_owned(), "0.4.2".to_owned()];
    assert!(mended("0.4.20", &patched));
    assert!(mended("0.3.26", &patched));
    assert!(!mended("0.3.25", &patched));
    assert!(!mended("0.4.1", &patched));
    assert!(!mended("0.9.10", &[]));
}
