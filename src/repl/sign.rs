//! The sign before a line: organization, user and state of the session that plain names call, in the profile's colour.
//!
//! Not here: which session that is (`script`), which colour a profile wants (`config`).

use crate::config::ProfileColor;
use crate::remote::{SessionInfo, SessionState};
use crate::render::{Part, Theme, width};

/// What stands before a line, plain and coloured.
///
/// Where it would fill more than half of a screen of `cells`, only the word `exsh` is left, in the profile's colour.
pub(super) fn sign(
    session: Option<&SessionInfo>,
    others: usize,
    theme: Theme,
    accent: Option<ProfileColor>,
    cells: usize,
) -> (String, String) {
    let Some(session) = session else {
        return ("exsh> ".to_owned(), theme.paint(Part::Hint, "exsh> "));
    };
    let who = whose(&session.user, &session.computer_name);
    let more = if others > 0 { format!(" +{others}") } else { String::new() };
    let state = if session.state == SessionState::Opened {
        String::new()
    } else {
        format!(" ({})", session.state.to_string().to_lowercase())
    };
    let plain = format!("{who}{more}{state} exsh> ");
    if width::of(&plain) * 2 > cells {
        let short = if state.is_empty() { "exsh" } else { "exsh!" };
        return (format!("{short}> "), format!("{}{}", accented(short, theme, accent), theme.paint(Part::Hint, "> ")));
    }
    let coloured = format!(
        "{}{more}{} {}",
        accented(&who, theme, accent),
        theme.paint(Part::Error, &state),
        theme.paint(Part::Hint, "exsh> ")
    );
    (plain, coloured)
}

/// Who is signed in, in the colour of the profile: red stands out from afar.
fn accented(who: &str, theme: Theme, accent: Option<ProfileColor>) -> String {
    let code = match (theme, accent) {
        (Theme::Plain, _) | (_, None) => return theme.paint(Part::Emphasis, who),
        (_, Some(ProfileColor::Red)) => "1;97;41",
        (_, Some(ProfileColor::Yellow)) => "1;33",
        (_, Some(ProfileColor::Green)) => "1;32",
        (_, Some(ProfileColor::Cyan)) => "1;36",
        (_, Some(ProfileColor::Blue)) => "1;34",
        (_, Some(ProfileColor::Magenta)) => "1;35",
    };
    format!("\u{1b}[{code}m{who}\u{1b}[0m")
}

/// Organization and user: `contoso.com/admin`; without a domain in the user's name, the server stands for it.
fn whose(user: &str, server: &str) -> String {
    match user.split_once('@') {
        Some((name, domain)) => format!("{domain}/{name}"),
        None => match user.split_once('\\') {
            Some((domain, name)) => format!("{domain}/{name}"),
            None if user.is_empty() => server.to_owned(),
            None => format!("{server}/{user}"),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::remote::Availability;

    fn session(state: SessionState) -> SessionInfo {
        SessionInfo {
            id: 1,
            name: "one".into(),
            instance_id: uuid::Uuid::nil(),
            computer_name: "ex01".into(),
            uri: String::new(),
            user: "admin@contoso.com".into(),
            configuration: String::new(),
            state,
            availability: Availability::Available,
        }
    }

    #[test]
    fn the_prompt_names_organization_and_user() {
        assert_eq!(whose("admin@contoso.com", "mail.contoso.com"), "contoso.com/admin");
        assert_eq!(whose("CONTOSO\\kim", "ex01"), "CONTOSO/kim");
        assert_eq!(whose("kim", "ex01"), "ex01/kim");
    }

    #[test]
    fn a_profile_may_colour_who_is_signed_in() {
        assert_eq!(accented("x/y", Theme::Colour, Some(ProfileColor::Red)), "\u{1b}[1;97;41mx/y\u{1b}[0m");
        assert_eq!(accented("x/y", Theme::Plain, Some(ProfileColor::Red)), "x/y");
    }

    #[test]
    fn what_is_not_as_it_should_be_stands_before_the_sign() {
        let plain = |session: Option<&SessionInfo>, others, cells| sign(session, others, Theme::Plain, None, cells).0;
        assert_eq!(plain(None, 0, 80), "exsh> ");
        assert_eq!(plain(Some(&session(SessionState::Opened)), 1, 80), "contoso.com/admin +1 exsh> ");
        assert_eq!(plain(Some(&session(SessionState::Broken)), 0, 80), "contoso.com/admin (broken) exsh> ");
    }

    #[test]
    fn on_a_narrow_screen_the_line_has_room_and_the_colour_stays() {
        let opened = session(SessionState::Opened);
        let (plain, coloured) = sign(Some(&opened), 0, Theme::Colour, Some(ProfileColor::Red), 40);
        assert_eq!(plain, "exsh> ");
        assert!(coloured.contains("\u{1b}[1;97;41mexsh\u{1b}[0m"), "{coloured:?}");
        assert_eq!(sign(Some(&session(SessionState::Broken)), 0, Theme::Plain, None, 20).0, "exsh!> ");
    }
}
