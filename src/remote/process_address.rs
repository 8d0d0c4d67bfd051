//! Addresses of sessions that run over a child's pipes: which program to start for `process:…` and `ssh://…`.
//!
//! Nothing is started here.

/// Arguments that make PowerShell a server on its standard streams.
const SERVER_MODE: [&str; 3] = ["-s", "-NoLogo", "-NoProfile"];

/// A program to start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProcessAddress {
    /// What was given.
    pub given: String,
    /// The program.
    pub program: String,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// The computer the session runs on.
    pub computer: String,
    /// The user there; empty for the caller.
    pub user: String,
}

/// Why an address starts no program.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ProcessAddressError {
    /// There is no program.
    #[error("`{given}` names no program")]
    NoProgram {
        /// What was given.
        given: String,
    },
    /// There is no host, or it cannot be one.
    #[error("`{given}` names no host")]
    NoHost {
        /// What was given.
        given: String,
    },
    /// The port is not a number.
    #[error("`{port}` is not a port")]
    Port {
        /// What was given.
        port: String,
    },
}

impl ProcessAddress {
    /// Reads `process:PROGRAM [ARGUMENTS]` or `ssh://[USER@]HOST[:PORT]`; `None` for every other kind of address.
    ///
    /// PowerShell without arguments is started as a server. Words are split at blanks; double quotes keep them together.
    ///
    /// ```
    /// use exsh::remote::ProcessAddress;
    /// let address = ProcessAddress::parse("ssh://ann@host").unwrap().unwrap();
    /// assert_eq!(address.arguments.last().map(String::as_str), Some("powershell"));
    /// assert!(ProcessAddress::parse("https://host/PowerShell/").is_none());
    /// ```
    #[must_use]
    pub fn parse(given: &str) -> Option<Result<Self, ProcessAddressError>> {
        let given = given.trim();
        if let Some(command) = strip_scheme(given, "process:") {
            return Some(Self::of_program(given, command));
        }
        strip_scheme(given, "ssh://").map(|place| Self::of_host(given, place))
    }

    fn of_program(given: &str, command: &str) -> Result<Self, ProcessAddressError> {
        let mut words = words(command).into_iter();
        let Some(program) = words.next() else {
            return Err(ProcessAddressError::NoProgram { given: given.to_owned() });
        };
        let mut arguments: Vec<String> = words.collect();
        let name = program.rsplit(['/', '\\']).next().unwrap_or(&program).to_ascii_lowercase();
        if arguments.is_empty() && matches!(name.trim_end_matches(".exe"), "pwsh" | "powershell") {
            arguments = SERVER_MODE.map(str::to_owned).into();
        }
        Ok(Self { given: given.to_owned(), program, arguments, computer: "localhost".to_owned(), user: String::new() })
    }

    fn of_host(given: &str, place: &str) -> Result<Self, ProcessAddressError> {
        let no_host = || ProcessAddressError::NoHost { given: given.to_owned() };
        let place = place.trim_end_matches('/');
        let (user, place) = place.rsplit_once('@').unwrap_or(("", place));
        let (host, port) = match place.rsplit_once(':') {
            Some((host, port)) if !host.contains(':') || host.ends_with(']') => (host, Some(port)),
            _ => (place, None),
        };
        let host = host.trim_start_matches('[').trim_end_matches(']');
        // A leading dash would be an option of ssh.
        let is_name = |text: &str| !text.starts_with('-') && !text.contains(|c: char| c.is_whitespace() || c == '/');
        if host.is_empty() || !is_name(host) || !is_name(user) {
            return Err(no_host());
        }
        // Only keys and agents: in a group of its own, ssh could not ask for a password on the terminal.
        let mut arguments: Vec<String> = ["-o", "BatchMode=yes"].map(str::to_owned).into();
        if let Some(port) = port {
            let number: u16 = port.parse().map_err(|_| ProcessAddressError::Port { port: port.to_owned() })?;
            arguments.extend(["-p".to_owned(), number.to_string()]);
        }
        if !user.is_empty() {
            arguments.extend(["-l".to_owned(), user.to_owned()]);
        }
        arguments.extend(["-s".to_owned(), host.to_owned(), "powershell".to_owned()]);
        let (computer, user) = (host.to_owned(), user.to_owned());
        Ok(Self { given: given.to_owned(), program: "ssh".to_owned(), arguments, computer, user })
    }
}

fn strip_scheme<'a>(given: &'a str, scheme: &str) -> Option<&'a str> {
    let (start, rest) = given.split_at_checked(scheme.len())?;
    start.eq_ignore_ascii_case(scheme).then_some(rest)
}

fn words(command: &str) -> Vec<String> {
    let (mut found, mut word, mut quoted, mut begun) = (Vec::new(), String::new(), false, false);
    for c in command.chars() {
        match c {
            '"' => {
                quoted = !quoted;
                begun = true;
            }
            c if c.is_whitespace() && !quoted => {
                if begun {
                    found.push(std::mem::take(&mut word));
                }
                begun = false;
            }
            c => {
                word.push(c);
                begun = true;
            }
        }
    }
    if begun {
        found.push(word);
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(given: &str) -> ProcessAddress {
        ProcessAddress::parse(given).unwrap().unwrap()
    }

    #[test]
    fn powershell_is_started_as_a_server_and_other_programs_as_given() {
        assert_eq!(of("process:pwsh").arguments, ["-s", "-NoLogo", "-NoProfile"]);
        assert_eq!(of("process:/opt/ps/pwsh").arguments.len(), 3);
        let other = of("process:\"/my programs/exsh\" sim --stdio");
        assert_eq!((other.program.as_str(), other.arguments.len()), ("/my programs/exsh", 2));
    }

    #[test]
    fn an_ssh_address_becomes_the_command_line_that_powershell_uses() {
        let address = of("ssh://ann@mail.contoso.com:2222");
        let line = "-o BatchMode=yes -p 2222 -l ann -s mail.contoso.com powershell";
        assert_eq!(address.arguments.join(" "), line);
        assert_eq!((address.computer.as_str(), address.user.as_str()), ("mail.contoso.com", "ann"));
    }

    #[test]
    fn what_could_be_an_option_of_ssh_is_no_host() {
        for bad in ["ssh://", "ssh://-oProxyCommand=x", "ssh://-l@host", "ssh://a b"] {
            assert!(matches!(ProcessAddress::parse(bad), Some(Err(ProcessAddressError::NoHost { .. }))), "{bad}");
        }
        assert!(matches!(ProcessAddress::parse("process: "), Some(Err(ProcessAddressError::NoProgram { .. }))));
        assert!(matches!(ProcessAddress::parse("ssh://h:99999"), Some(Err(ProcessAddressError::Port { .. }))));
    }
}
