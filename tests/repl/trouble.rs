//! Trouble with servers at the prompt: gone, full, forbidding; what is said, and that its hint helps.

use super::terminal::{Server, Start, Terminal, connected};

const ADMIN: &str = "admin@contoso.com";

#[test]
fn a_server_that_goes_away_is_told_once_and_found_again_when_it_is_back() {
    let server = Server::start(&[]);
    let address = server.address();
    let mut terminal = connected(&server.url, "", ADMIN);
    assert_eq!(terminal.line("get_mailbox(\"bob\").Alias"), "bob");
    drop(server);
    let output = terminal.line("get_mailbox(\"bob\").Alias");
    assert!(output.contains("was lost") && output.contains("error: ") && output.contains("hint: "), "{output}");
    assert!(terminal.last_line().contains("(broken)"), "{}", terminal.text());
    let output = terminal.line("get_mailbox(\"bob\").Alias");
    assert!(output.contains("refused the connection on port"), "{output}");
    let server = Server::start(&["--listen", &address]);
    let output = terminal.line("get_mailbox(\"bob\").Alias");
    assert!(output.contains("opening it again") && output.ends_with("bob"), "{output}");
    assert!(!terminal.last_line().contains("broken"), "{}", terminal.text());
    drop(server);
    terminal.keys("\u{4}");
    assert_eq!(terminal.end(), 0, "leaving works without the server");
}

/// The server forgets a session that nobody uses; the one that follows is opened for the next call, and says so.
#[test]
fn a_session_that_rested_too_long_is_opened_again_for_the_next_call() {
    let server = Server::start(&["--idle-timeout", "1"]);
    let mut terminal = connected(&server.url, "", ADMIN);
    while !terminal.last_line().contains("(broken)") {
        terminal.line("1"); // asks nothing of the server; the sign is drawn again
    }
    let output = terminal.line("get_mailbox(\"bob\").Alias");
    assert!(output.contains("rest too long); opening it again") && output.ends_with("bob"), "{output}");
    assert!(!output.contains("error:"), "{output}");
    terminal.leave();
}

#[test]
fn the_session_too_many_is_refused_with_a_hint_that_makes_room() {
    let mut terminal = Terminal::demo();
    terminal.line("let more = []; for n in 0..4 { more.push(new_session(\"demo:\")); }");
    let output = terminal.line("let sixth = new_session(\"demo:\");");
    assert!(output.contains("get_session()") && output.contains("remove_session"), "{output}");
    assert!(output.contains("hint: open here: session 1"), "{output}");
    assert!(terminal.line(":sessions").contains("Opened"));
    terminal.line("remove_session(get_session(2));");
    let output = terminal.line("let sixth = new_session(\"demo:\"); sixth.State");
    assert_eq!(output, "Opened");
    terminal.leave();
}

#[test]
fn a_cmdlet_that_the_role_lacks_is_named_with_the_role_that_has_it() {
    let server = Server::start(&[]);
    let mut terminal = connected(&server.url, "", "helpdesk@contoso.com");
    let output = terminal.line("set_mailbox(\"bob\", #{ CustomAttribute1: \"x\" })");
    assert!(output.contains("Set-Mailbox is a cmdlet, but the roles of helpdesk@contoso.com do not"), "{output}");
    assert!(output.contains("get_management_role(#{ Cmdlet: \"Set-Mailbox\" })"), "{output}");
    terminal.leave();
}

#[test]
fn what_the_server_said_is_beneath_the_sentence_with_v_only() {
    for (options, is_shown) in [("", false), ("-v", true)] {
        let server = Server::start(&["--user", "carla@contoso.com:Passw0rd!x:Stamp Collectors"]);
        let mut terminal = connected(&server.url, options, "carla@contoso.com");
        let text = terminal.text().replace('\n', "");
        assert!(text.contains("isn't assigned to any management roles"), "{text}");
        assert!(text.contains("exsh login"), "{text}");
        assert_eq!(text.contains("fault: 2152992672"), is_shown, "{text}");
        assert_eq!(text.contains("AuthZRequestId: "), is_shown, "{text}");
        terminal.keys("\u{c}");
        terminal.leave();
    }
    let mut terminal = Terminal::start(&Start { command: "exec EXSH -v demo", ..Start::default() });
    terminal.wait_for_prompt();
    let output = terminal.line("get_mailbox(\"nobody\", #{ ErrorAction: \"Stop\" })");
    assert!(output.contains("  category: ") && output.contains("  error id: "), "{output}");
    terminal.leave();
}

#[test]
fn a_throttled_user_is_told_for_how_many_seconds() {
    let server = Server::start(&["--fault", "create#*:load-quota=2500"]);
    let terminal = connected(&server.url, "", ADMIN);
    assert!(terminal.text().contains("wait 3 seconds"), "{}", terminal.text());
    terminal.leave();
}

/// `:help NAME run` has a session of its own; Ctrl-C ends it, and the prompt's own session is untouched.
#[test]
fn examples_run_on_the_demo_organization_and_ctrl_c_ends_them() {
    let server = Server::start(&["--mailboxes", "5"]);
    let mut terminal = connected(&server.url, "", ADMIN);
    let output = terminal.line(":help get_mailbox run");
    assert!(output.contains("get_mailbox(#{ ResultSize: 3 })") && output.contains("Carol Cole"), "{output}");
    assert!(!terminal.last_line().contains('+'), "the session of the example is gone: {}", terminal.text());
    assert_eq!(terminal.line("get_mailbox().len()"), "5");
    // However early or late the key comes, the prompt and its session go on.
    terminal.keys(":help get_mailbox run\r\u{3}");
    terminal.wait_for_prompt();
    assert_eq!(terminal.line("get_mailbox().len() + 70"), "75");
    terminal.leave();
}
