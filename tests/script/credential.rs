//! Credentials: asked for, taken from the environment, never shown.

use exsh::script::ErrorKind;

use super::screen::Bench;

#[test]
fn an_empty_user_name_is_asked_for_again_and_the_end_of_input_cancels() {
    let bench = Bench::new();
    bench.screen.answers.lock().unwrap().extend(["", " ", "ann@contoso.com", "pw"].map(String::from));
    assert_eq!(bench.text("get_credential().UserName"), "ann@contoso.com");
    let prompts = std::mem::take(&mut *bench.screen.prompts.lock().unwrap());
    assert_eq!(prompts, ["User: ", "User: ", "User: ", "Password for user ann@contoso.com: "]);
    bench.screen.answers.lock().unwrap().push_back("x".into());
    assert_eq!(bench.text("get_credential() == ()"), "true");
}

#[test]
fn a_credential_shows_its_password_nowhere() {
    let bench = Bench::with_environment(&[("EXSH_USERNAME", "ann"), ("EXSH_PASSWORD", "s3cret")]);
    let code = r#"
        let c = get_credential();
        print(c); debug(c); print([c]); print(#{ c: c }); print(`${c}`); print("" + c); print(#{ c: c }.to_json());
        try { print(c.password); } catch (e) { print(e.message); }
        try { c.Password = "x"; } catch (e) { print(e); }
        throw c
    "#;
    let error = bench.eval(code).unwrap_err();
    let shown = format!("{error:?}{:?}{:?}", bench.printed(), bench.screen.said);
    assert!(!shown.contains("s3cret"), "{shown}");
    assert!(shown.contains("redacted") && shown.contains("does not give its password"), "{shown}");
}

#[test]
fn without_a_terminal_and_without_variables_the_error_says_what_to_set() {
    let bench = Bench::new();
    let error = bench.eval("get_credential(\"ann\")").unwrap_err();
    assert_eq!(error.kind, ErrorKind::SignIn);
    assert!(error.diagnostic.hints[0].contains("EXSH_PASSWORD_FD"));
}

#[test]
fn options_of_get_credential_are_known_in_both_spellings_and_others_are_not() {
    let bench = Bench::with_environment(&[("EXSH_PASSWORD", "x")]);
    assert_eq!(bench.text("get_credential(#{ user_name: \"a\", Message: \"m\" }).user_name"), "a");
    let error = bench.eval("get_credential(#{ UserNam: \"a\", Mesage: 1 })").unwrap_err();
    assert!(error.diagnostic.message.contains("Mesage"));
    assert_eq!(error.diagnostic.hints[0], "did you mean Message?");
}

#[cfg(unix)]
#[test]
fn a_password_comes_from_an_open_file_too() {
    use std::os::fd::AsRawFd;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("pw");
    std::fs::write(&path, "from file\n").unwrap();
    let file = std::fs::File::open(&path).unwrap();
    let number: &'static str = Box::leak(file.as_raw_fd().to_string().into_boxed_str());
    let variables: &'static [(&str, &str)] = Box::leak(Box::new([("EXSH_PASSWORD_FD", number)]));
    let bench = Bench::with_environment(variables);
    let outcome = bench.eval("get_credential(\"ann\")").unwrap();
    let credential = outcome.value.cast::<exsh::secret::Credential>();
    assert_eq!(exsh::secret::ExposeSecret::expose_secret(credential.password()), "from file");
}
