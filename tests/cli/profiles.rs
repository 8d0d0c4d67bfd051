//! Servers with names, passwords in the keyring, signed scripts, the cache: what the configuration settles.

use super::harness::{Exsh, Sim};

const ADMIN: &str = "admin@contoso.com";
const PASSWORD: &str = "Passw0rd!x";

fn admin() -> Exsh {
    Exsh::new().with("EXSH_USERNAME", ADMIN).with("EXSH_PASSWORD", PASSWORD)
}

/// Appends to the configuration file.
fn configure(exsh: &Exsh, text: &str) {
    let path = exsh.run(&["config", "path"]).expect(0).stdout;
    let path = std::path::Path::new(path.trim());
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let before = std::fs::read_to_string(path).unwrap_or_default();
    std::fs::write(path, format!("{before}\n{text}\n")).unwrap();
}

#[test]
fn a_profile_opens_and_imports_before_a_script_a_line_and_standard_input() {
    let exsh = admin();
    let sim = Sim::start(&exsh, &[]);
    configure(&exsh, &format!("[profiles.test]\nuri = \"{}\"\nuser = \"{ADMIN}\"", sim.url));
    let file = exsh.home().join("alias.rhai");
    std::fs::write(&file, "print(get_mailbox(\"bob\").Alias + args().len());").unwrap();
    let ran = exsh.run(&["--profile", "test", "run", file.to_str().unwrap(), "one"]).expect(0);
    assert_eq!(ran.stdout, "bob1\n");
    let ran = exsh.run(&["eval", "-p", "test", "get_mailbox(\"bob\").Alias"]).expect(0);
    assert_eq!(ran.stdout, "bob\n");
    let ran = exsh.run_with_input(&["-p", "test"], "print(get_mailbox(\"bob\").Alias)").expect(0);
    assert_eq!(ran.stdout, "bob\n");
    let ran = exsh.run_with_input(&["connect", "test"], "print(get_session().len())").expect(0);
    assert_eq!(ran.stdout, "1\n");
    let by_variable = exsh.with("EXSH_PROFILE", "tset");
    let ran = by_variable.run(&["eval", "1"]).expect(2);
    assert!(ran.stderr.contains("did you mean `test`?"), "{}", ran.stderr);
    assert_eq!(by_variable.run(&["eval", "-p", "test", "1"]).expect(0).stdout, "1\n", "the option wins");
    assert_eq!(sim.stop()["open_shells"], 0);
}

#[test]
fn a_read_only_profile_refuses_changes_and_a_misspelt_colour_is_an_error() {
    let exsh = admin();
    let sim = Sim::start(&exsh, &[]);
    let profile = format!("[profiles.prod]\nuri = \"{}\"\ncolor = \"red\"\nread_only = true", sim.url);
    configure(&exsh, &profile);
    let change = "set_mailbox(\"bob\", #{ CustomAttribute1: \"x\" })";
    let ran = exsh.run(&["-p", "prod", "eval", change]).expect(1);
    assert!(ran.stderr.contains("Set-Mailbox may change something"), "{}", ran.stderr);
    configure(&exsh, "[profiles.other]\nuri = \"demo:\"\ncolor = \"rde\"");
    let ran = exsh.run(&["eval", "1"]).expect(1);
    assert!(ran.stderr.contains("rde") && ran.stderr.contains("magenta"), "{}", ran.stderr);
}

/// Where the sandbox of a build has no keyring, the way without one must be told.
#[test]
fn a_saved_password_opens_the_session_until_it_is_forgotten_and_no_file_ever_holds_it() {
    let exsh = Exsh::new();
    let sim = Sim::start(&exsh, &[]);
    configure(&exsh, &format!("[profiles.test]\nuri = \"{}\"", sim.url));
    let mut login = exsh.command(&["login", "test"]);
    login.env("EXSH_USERNAME", ADMIN).env("EXSH_PASSWORD", PASSWORD);
    let ran = super::harness::ran(login.spawn().unwrap());
    assert!(!ran.stdout.contains(PASSWORD) && !ran.stderr.contains(PASSWORD));
    let (code, stderr) = (ran.code(), ran.stderr.clone());
    if code == 0 {
        assert!(ran.stdout.contains(&format!("the password of {ADMIN} for test")), "{}", ran.stdout);
        let found = exsh.run(&["-p", "test", "eval", "get_mailbox(\"bob\").Alias"]);
        let forgotten = exsh.run(&["logout", "test"]);
        assert_eq!(found.expect(0).stdout, "bob\n");
        forgotten.expect(0);
        exsh.run(&["logout", "test"]).expect(1);
    } else {
        assert_eq!(code, 1, "{stderr}");
        assert!(stderr.contains("keyring of this system cannot be used"), "{stderr}");
        assert!(stderr.contains("EXSH_PASSWORD_FD"), "{stderr}");
    }
    let ran = exsh.run(&["-p", "test", "eval", "1"]).expect(4);
    assert!(ran.stderr.contains("exsh login test"), "{}", ran.stderr);
    for file in walk(exsh.home()) {
        let bytes = std::fs::read(&file).unwrap();
        assert!(!String::from_utf8_lossy(&bytes).contains(PASSWORD), "{}", file.display());
    }
    assert_eq!(sim.stop()["open_shells"], 0);
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { walk(&path) } else { vec![path] }).collect()
}

#[test]
fn a_keyring_that_is_switched_off_is_never_asked() {
    let exsh = Exsh::new();
    exsh.run(&["config", "set", "auth.keyring", "false"]).expect(0);
    let ran = exsh.run(&["login", "https://mail.contoso.com/PowerShell/"]).expect(1);
    assert!(ran.stderr.contains("exsh config set auth.keyring true"), "{}", ran.stderr);
}

// Made by the minisign crate of minisign's own author, see tests/PROVENANCE.md.
const SCRIPT: &str = "print(\"signed\");\n";
const KEY: &str = "RWRRUZYmfyyfSAX11ufts5tmRRrG5g1ZW8GAyG3oEjI13kvN1aTcT5ab";
const SIGNATURE: &str = "untrusted comment: signature of a test
RURRUZYmfyyfSKyMzfJ1zEVAczxmLZ+9DjZq0VIk3Zp/n4WOcVxBTebHmEBjsm5IbiD8N3K1LASG/dT5qnKaMUFHUPtBM2+XkgQ=
trusted comment: timestamp:1763827200\tfile:hello.rhai\thashed
KbbvKedLuSq6bDhwtZVELwwkbeXKHGb7DpeUCAea46xGxDGQETDkfW8SwVc9fHqPWZiTozvy28fksseZjFPKBw==
";

#[test]
fn under_all_signed_only_signed_scripts_and_modules_run_and_the_refusal_says_how() {
    let exsh = Exsh::new();
    exsh.run(&["config", "set", "execution_policy", "all_signed"]).expect(0);
    let file = exsh.home().join("hello.rhai");
    let path = file.to_str().unwrap();
    std::fs::write(&file, SCRIPT).unwrap();
    let ran = exsh.run(&["run", path]).expect(1);
    assert_eq!(ran.stdout, "");
    for part in
        ["hello.rhai is not run: it is not signed", "all_signed", "minisign -Sm", "execution_policy unrestricted"]
    {
        assert!(ran.stderr.contains(part), "{part}: {}", ran.stderr);
    }
    std::fs::write(exsh.home().join("hello.rhai.minisig"), SIGNATURE).unwrap();
    let ran = exsh.run(&["run", path]).expect(1);
    assert!(ran.stderr.contains("nobody you trust has signed it"), "{}", ran.stderr);
    exsh.run(&["config", "set", "trusted_keys", KEY]).expect(0);
    assert_eq!(exsh.run(&["run", path]).expect(0).stdout, "signed\n");
    std::fs::write(&file, "print(\"changed\");\n").unwrap();
    let ran = exsh.run(&[path]).expect(1);
    assert!(ran.stderr.contains("changed after it was signed"), "{}", ran.stderr);
    // a module is a script, whoever imports it; a line typed is not
    let import = format!("import \"{}\" as m; 1", exsh.home().join("hello").display());
    let ran = exsh.run(&["eval", &import]).expect(1);
    assert!(ran.stderr.contains("changed after it was signed"), "{}", ran.stderr);
    assert_eq!(exsh.run_with_input(&[], "print(2)").expect(0).stdout, "2\n");
    let powershell = exsh.home().join("hello.ps1");
    std::fs::write(&powershell, "'hello'").unwrap();
    let ran = exsh.run(&["run", powershell.to_str().unwrap()]).expect(1);
    assert!(ran.stderr.contains("hello.ps1 is not run: it is not signed"), "{}", ran.stderr);
    exsh.run(&["config", "set", "execution_policy", "unrestricted"]).expect(0);
    assert_eq!(exsh.run(&["run", path]).expect(0).stdout, "changed\n");
}

#[test]
fn the_cache_says_where_it_is_and_can_be_cleared_and_left_out() {
    let exsh = admin();
    let sim = Sim::start(&exsh, &[]);
    configure(&exsh, &format!("[profiles.test]\nuri = \"{}\"", sim.url));
    let kept = || exsh.run(&["cache"]).expect(0).stdout;
    exsh.run(&["--no-cache", "-p", "test", "eval", "1"]).expect(0);
    assert!(kept().contains("\n0 files, 0 bytes\n"), "{}", kept());
    assert_eq!(exsh.run(&["-p", "test", "eval", "get_mailbox(\"bob\").Alias"]).expect(0).stdout, "bob\n");
    assert!(kept().starts_with(exsh.home().to_str().unwrap()) && kept().contains("\n1 files, "), "{}", kept());
    assert_eq!(exsh.run(&["-p", "test", "eval", "get_mailbox(\"bob\").Alias"]).expect(0).stdout, "bob\n");
    assert!(exsh.run(&["cache", "clear"]).expect(0).stdout.starts_with("removed 1 files, "));
    assert!(kept().contains("\n0 files, 0 bytes\n"), "{}", kept());
}
