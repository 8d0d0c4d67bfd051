//! Names: which ones Rhai can have as they are, and what the others become.
//!
//! Only spelling; where a variable lives is decided in `scope`.

use super::text::quoted;

/// Words that Rhai or the language of ported scripts keeps for itself.
const RESERVED: &[&str] = &[
    "as",
    "async",
    "await",
    "break",
    "call",
    "case",
    "catch",
    "const",
    "continue",
    "curry",
    "debug",
    "default",
    "do",
    "else",
    "eq",
    "eval",
    "export",
    "false",
    "fn",
    "for",
    "ge",
    "global",
    "go",
    "goto",
    "gt",
    "if",
    "import",
    "in",
    "is",
    "it",
    "le",
    "let",
    "like",
    "loop",
    "lt",
    "match",
    "module",
    "ne",
    "new",
    "nil",
    "notlike",
    "null",
    "object",
    "ordered",
    "out",
    "package",
    "print",
    "private",
    "protected",
    "ps",
    "public",
    "return",
    "script",
    "shared",
    "shell",
    "spawn",
    "static",
    "super",
    "switch",
    "sync",
    "table",
    "this",
    "thread",
    "throw",
    "true",
    "try",
    "type_of",
    "until",
    "use",
    "var",
    "void",
    "while",
    "with",
    "yield",
    "err",
    "guard",
    "finally",
];

/// Variables that PowerShell itself keeps: read as properties of `shell`.
const SHELL: &[&str] = &[
    "confirmpreference",
    "debugpreference",
    "error",
    "erroractionpreference",
    "executioncontext",
    "home",
    "host",
    "informationpreference",
    "lastexitcode",
    "matches",
    "myinvocation",
    "ofs",
    "pid",
    "psboundparameters",
    "pscmdlet",
    "pscommandpath",
    "psculture",
    "psdefaultparametervalues",
    "pshome",
    "psscriptroot",
    "pssessionoption",
    "psuiculture",
    "psversiontable",
    "pwd",
    "verbosepreference",
    "warningpreference",
    "progresspreference",
    "whatifpreference",
    "iswindows",
    "islinux",
    "ismacos",
    "iscoreclr",
    "formatenumerationlimit",
    "maximumhistorycount",
    "outputencoding",
    "shellid",
    "stacktrace",
    "input",
    "psstyle",
    "nestedpromptlevel",
    "?",
    "^",
    "$",
    "foreach",
    "switch",
];

/// `$_`, `$true` and the like, in lower case: no variables of the script.
pub(super) fn is_special(lower: &str) -> bool {
    matches!(lower, "_" | "psitem" | "true" | "false" | "null" | "args" | "this")
}

/// Whether a variable (lower case) is PowerShell's own.
pub(super) fn is_shell_variable(lower: &str) -> bool {
    SHELL.contains(&lower)
}

/// Whether Rhai takes the word as a name.
pub(super) fn is_plain(name: &str) -> bool {
    !name.is_empty()
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !RESERVED.contains(&name)
}

/// A name as the key of a table: in quotes, where Rhai takes it for no name.
pub(super) fn key(name: &str) -> String {
    if is_plain(name) { name.to_owned() } else { quoted(name) }
}

/// A variable's name in Rhai.
pub(super) fn variable(name: &str) -> String {
    if is_plain(name) {
        return name.to_owned();
    }
    let mut out = String::new();
    for c in name.chars() {
        match c {
            c if c.is_ascii_alphanumeric() || c == '_' => out.push(c),
            c => out.push_str(&transliterated(c)),
        }
    }
    if is_plain(&out) { out } else { format!("v_{}", out.trim_start_matches('_')) }
}

fn transliterated(c: char) -> String {
    let plain = match c {
        'ä' => "ae",
        'ö' => "oe",
        'ü' => "ue",
        'Ä' => "Ae",
        'Ö' => "Oe",
        'Ü' => "Ue",
        'ß' => "ss",
        'é' | 'è' | 'ê' | 'ë' => "e",
        'á' | 'à' | 'â' | 'å' => "a",
        'ó' | 'ò' | 'ô' | 'ø' => "o",
        'í' | 'ì' | 'î' => "i",
        'ú' | 'ù' | 'û' => "u",
        'ç' => "c",
        'ñ' => "n",
        '-' | ' ' | '.' | ':' | '?' => "_",
        c => return format!("u{:x}", u32::from(c)),
    };
    plain.to_owned()
}

/// A function's name in Rhai.
pub(super) fn function(name: &str) -> String {
    let name = name.rsplit(':').next().unwrap_or(name);
    let snake = crate::catalog::snake_name(name);
    let clean = variable(&snake);
    if WORDS.contains(&clean.as_str()) { format!("my_{clean}") } else { clean }
}

/// Functions that ported scripts call, and a script must not define anew.
const WORDS: &[&str] = &[
    "show", "text", "list", "new_list", "outputs", "where", "select", "sort_by", "group_by", "measure", "for_each",
    "add", "sub", "mul", "div", "rem", "format", "truthy", "call", "print", "numbers",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_rhai_keeps_get_a_prefix_and_foreign_letters_are_written_out() {
        assert_eq!(variable("Mailboxes"), "Mailboxes");
        assert_eq!(variable("match"), "v_match");
        assert_eq!(variable("größe"), "groesse");
        assert_eq!(variable("my-var"), "my_var");
        assert_eq!(function("Get-LargeMailbox"), "get_large_mailbox");
    }
}
