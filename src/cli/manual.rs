//! `exsh completions` and `exsh man`: made from the one definition of the command line.
//!
//! Nothing is written by hand here, so that neither can go stale.

use std::path::Path;

use clap::CommandFactory as _;
use clap_complete::generate;

use super::args::{Cli, Shell};
use super::exit::ExitCode;
use super::program::print;
use super::report::Report;

/// The completions of `shell`, ready to be sourced.
pub(super) fn completions(shell: Shell) -> String {
    let mut command = Cli::command();
    let mut text = Vec::new();
    match shell {
        Shell::Bash => generate(clap_complete::Shell::Bash, &mut command, "exsh", &mut text),
        Shell::Elvish => generate(clap_complete::Shell::Elvish, &mut command, "exsh", &mut text),
        Shell::Fish => generate(clap_complete::Shell::Fish, &mut command, "exsh", &mut text),
        Shell::Nushell => generate(clap_complete_nushell::Nushell, &mut command, "exsh", &mut text),
        Shell::Powershell => generate(clap_complete::Shell::PowerShell, &mut command, "exsh", &mut text),
        Shell::Zsh => generate(clap_complete::Shell::Zsh, &mut command, "exsh", &mut text),
    }
    String::from_utf8_lossy(&text).into_owned()
}

/// The manual page on standard output, or a page for each command in `folder`.
///
/// # Errors
/// When the folder cannot be written to.
pub(super) fn pages(folder: Option<&Path>) -> Result<ExitCode, Report> {
    let fail = |error: std::io::Error| Report::failed(format!("cannot write the manual pages: {error}"));
    let Some(folder) = folder else {
        let mut text = Vec::new();
        clap_mangen::Man::new(Cli::command()).render(&mut text).map_err(fail)?;
        return print(&String::from_utf8_lossy(&text));
    };
    std::fs::create_dir_all(folder).map_err(fail)?;
    clap_mangen::generate_to(Cli::command(), folder).map_err(fail)?;
    Ok(ExitCode::Ok)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_shell_completes_every_command() {
        for shell in [Shell::Bash, Shell::Elvish, Shell::Fish, Shell::Nushell, Shell::Powershell, Shell::Zsh] {
            let text = completions(shell);
            for command in Cli::command().get_subcommands() {
                assert!(text.contains(command.get_name()), "{shell:?} lacks {}", command.get_name());
            }
        }
    }

    #[test]
    fn every_command_has_a_manual_page() {
        let folder = tempfile::tempdir().unwrap();
        pages(Some(folder.path())).unwrap();
        for command in Cli::command().get_subcommands() {
            assert!(folder.path().join(format!("exsh-{}.1", command.get_name())).exists(), "{}", command.get_name());
        }
    }
}
