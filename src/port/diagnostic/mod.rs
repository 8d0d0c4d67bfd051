//! What cannot be carried over from PowerShell, or wants a person's eye: a code and a page for each.
//!
//! A page says what the construct is, why it stays behind, and what to write instead. Nothing is found here.

mod add_type;
mod adsi;
mod assignment_target;
mod background_job;
mod block_text;
mod class;
mod closure;
mod cmdlet_object;
mod com_object;
mod directory_cmdlet;
mod dot_source;
mod dynamic_command;
mod eager_function;
mod function_splat;
mod invoke_expression;
mod jump;
mod lent_variable;
mod local_function;
mod loop_enumerator;
mod missing_argument;
mod native_program;
mod nested_output;
mod never_assigned;
mod null_argument;
mod outside;
mod parallel;
mod parameter_sets;
mod parameter_twice;
mod placeholder;
mod redefinition;
mod redirection;
mod reference;
mod source_place;
mod static_assignment;
mod strict_mode;
mod trap;
mod unknown_command;
mod unknown_parameter;
mod unknown_type;
mod validated_variable;

use crate::diagnostic::{Diagnostic, Span};

/// One page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// The code, `port::class` and the like.
    pub code: &'static str,
    /// What it is about, in a few words.
    pub title: &'static str,
    /// Whether the place becomes `unsupported(…)`; else it is carried over and wants a person's eye.
    pub stops: bool,
    /// What the construct is.
    pub what: &'static str,
    /// Why it is not carried over as it is.
    pub why: &'static str,
    /// What to write instead.
    pub instead: &'static str,
    /// A line of PowerShell that meets it.
    pub example: &'static str,
}

/// All pages, by code.
pub const PAGES: &[Page] = &[
    add_type::PAGE,
    adsi::PAGE,
    assignment_target::PAGE,
    background_job::PAGE,
    block_text::PAGE,
    class::PAGE,
    closure::PAGE,
    cmdlet_object::PAGE,
    com_object::PAGE,
    directory_cmdlet::PAGE,
    dot_source::PAGE,
    dynamic_command::PAGE,
    eager_function::PAGE,
    function_splat::PAGE,
    invoke_expression::PAGE,
    jump::PAGE,
    lent_variable::PAGE,
    local_function::PAGE,
    loop_enumerator::PAGE,
    missing_argument::PAGE,
    native_program::PAGE,
    nested_output::PAGE,
    never_assigned::PAGE,
    null_argument::PAGE,
    outside::PAGE,
    parallel::PAGE,
    parameter_sets::PAGE,
    parameter_twice::PAGE,
    placeholder::PAGE,
    redefinition::PAGE,
    redirection::PAGE,
    reference::PAGE,
    source_place::PAGE,
    static_assignment::PAGE,
    strict_mode::PAGE,
    trap::PAGE,
    unknown_command::PAGE,
    unknown_parameter::PAGE,
    unknown_type::PAGE,
    validated_variable::PAGE,
];

/// The page of a code, with or without `port::`.
///
/// ```
/// let page = exsh::port::diagnostic::page("com_object").unwrap();
/// assert_eq!(page.code, "port::com_object");
/// assert!(page.text().contains("export_excel"));
/// ```
#[must_use]
pub fn page(code: &str) -> Option<&'static Page> {
    let code = code.strip_prefix("port::").unwrap_or(code);
    PAGES.iter().find(|page| page.code.strip_prefix("port::") == Some(code))
}

impl Page {
    /// The page as text.
    #[must_use]
    pub fn text(&self) -> String {
        let carried = if self.stops {
            "the place becomes unsupported(\"…\"), which ends the script when it is reached"
        } else {
            "the place is carried over, and listed at the top of the script"
        };
        format!(
            "{}: {}\n\n    {}\n\nwhat     {}\nwhy      {}\ninstead  {}\nresult   {carried}\n",
            self.code, self.title, self.example, self.what, self.why, self.instead
        )
    }

    /// A finding of this kind.
    #[must_use]
    pub fn at(&self, message: impl Into<String>, span: Span) -> Diagnostic {
        let message = message.into();
        let found =
            if self.stops { Diagnostic::error(self.code, message) } else { Diagnostic::warning(self.code, message) };
        found.at(span, "").hint(format!("exsh port --explain {}", self.code.trim_start_matches("port::")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_has_one_page_of_its_own() {
        for page in PAGES {
            assert_eq!(PAGES.iter().filter(|other| other.code == page.code).count(), 1, "{}", page.code);
            assert!(!page.what.is_empty() && !page.why.is_empty() && !page.instead.is_empty(), "{}", page.code);
        }
    }
}
