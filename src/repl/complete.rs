//! What could stand at the cursor: cmdlets, parameters with their types, accepted values, properties, files.
//!
//! Never waits for a server: everything comes from the [`Vocabulary`]. Not here: drawing the list (`helper`).

use std::path::{MAIN_SEPARATOR, Path};

use rhai::Engine;

use crate::catalog::{COMMON_PARAMETERS, Cmdlet, Parameter, ParameterKind, Resolved};

use super::commands;
use super::options;
use super::place::{PlaceKind, place};
use super::vocabulary::{KEYWORDS, Vocabulary};

/// Something that could stand at the cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// What the list shows.
    pub display: String,
    /// What is inserted.
    pub replacement: String,
}

impl Candidate {
    fn plain(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { display: text.clone(), replacement: text }
    }

    fn with_remark(name: &str, remark: &str, replacement: impl Into<String>) -> Self {
        Self { display: format!("{name:<32} {remark}"), replacement: replacement.into() }
    }
}

impl rustyline::completion::Candidate for Candidate {
    fn display(&self) -> &str {
        &self.display
    }

    fn replacement(&self) -> &str {
        &self.replacement
    }
}

/// Where the word at byte `cursor` of `line` begins, and what could stand there.
#[must_use]
pub fn complete(_engine: &Engine, vocabulary: &Vocabulary, line: &str, cursor: usize) -> (usize, Vec<Candidate>) {
    let place = place(line, cursor);
    let typed = place.typed.as_str();
    let candidates = match &place.kind {
        PlaceKind::Nothing => Vec::new(),
        PlaceKind::Command => matching(typed, commands::names()),
        PlaceKind::CommandArgument { command } => command_arguments(vocabulary, command, typed),
        PlaceKind::Name => names(vocabulary, typed),
        PlaceKind::Property { of } => properties(vocabulary, of.as_deref(), typed),
        PlaceKind::Key { function, given } => keys(vocabulary, function, given, typed),
        PlaceKind::Value { function, key } => values(vocabulary, function, key, typed, true),
        PlaceKind::QuotedValue { function, key } => {
            let mut found = values(vocabulary, function, key, typed, false);
            if found.is_empty() {
                found = files(typed);
            }
            found
        }
        PlaceKind::Quoted => files(typed),
    };
    (place.start, candidates)
}

fn begins(text: &str, typed: &str) -> bool {
    text.get(..typed.len()).is_some_and(|head| head.eq_ignore_ascii_case(typed))
}

fn matching<'a>(typed: &str, names: impl IntoIterator<Item = &'a str>) -> Vec<Candidate> {
    names.into_iter().filter(|name| begins(name, typed)).map(Candidate::plain).collect()
}

/// Cmdlets, functions, variables and words of the language, the cmdlets first.
fn names(vocabulary: &Vocabulary, typed: &str) -> Vec<Candidate> {
    // `Get-Mailbox` is found by the spelling of its function, and so is `getmailbox`.
    let wanted = typed.replace('-', "_").to_ascii_lowercase();
    let fits =
        |name: &str| name.starts_with(&wanted) || !wanted.contains('_') && name.replace('_', "").starts_with(&wanted);
    let mut found: Vec<Candidate> =
        vocabulary.cmdlets().filter(|(name, _)| fits(name)).map(|(name, _)| Candidate::plain(name)).collect();
    if typed.is_empty() {
        return found;
    }
    found.extend(
        vocabulary
            .functions()
            .filter(|function| begins(&function.name, typed))
            .map(|function| Candidate::plain(&*function.name)),
    );
    found.extend(matching(typed, vocabulary.variables()));
    found.extend(matching(typed, KEYWORDS));
    found.dedup();
    found
}

/// Properties of the last result; after anything but a bare variable, also functions in method style.
fn properties(vocabulary: &Vocabulary, of: Option<&str>, typed: &str) -> Vec<Candidate> {
    let mut found = matching(typed, vocabulary.properties());
    if !typed.is_empty() && of != Some("_") {
        found.extend(
            vocabulary
                .functions()
                .filter(|function| begins(&function.name, typed))
                .map(|function| Candidate::plain(&*function.name)),
        );
        found.extend(matching(typed, vocabulary.cmdlets().map(|(name, _)| name)));
    }
    found.dedup();
    found
}

/// Parameters of a cmdlet, or options of one of our own functions, that are not there yet.
fn keys(vocabulary: &Vocabulary, function: &str, given: &[String], typed: &str) -> Vec<Candidate> {
    let Some(cmdlet) = vocabulary.cmdlet(function) else {
        let known = options::of(function).iter().filter(|option| begins(option.name, typed));
        let free = known.filter(|option| !given.iter().any(|given| given.eq_ignore_ascii_case(option.name)));
        return free
            .map(|option| Candidate::with_remark(option.name, option.about, format!("{}: ", option.name)))
            .collect();
    };
    let taken: Vec<String> = given
        .iter()
        .map(|name| cmdlet.resolve_spelling(name).map_or_else(|_| name.clone(), |resolved| resolved.name().to_owned()))
        .collect();
    let wanted = typed.replace('_', "");
    let free = |name: &str| begins(name, &wanted) && !taken.iter().any(|taken| taken.eq_ignore_ascii_case(name));
    let mut own: Vec<&Parameter> = cmdlet.parameters.iter().filter(|parameter| free(&parameter.name)).collect();
    own.sort_by(|a, b| a.name.cmp(&b.name));
    let mut found: Vec<Candidate> = own
        .into_iter()
        .map(|parameter| {
            Candidate::with_remark(&parameter.name, &remark(cmdlet, parameter), format!("{}: ", parameter.name))
        })
        .collect();
    if !typed.is_empty() {
        let common = COMMON_PARAMETERS.iter().filter(|common| free(common.name));
        found
            .extend(common.map(|common| {
                Candidate::with_remark(common.name, "every cmdlet has it", format!("{}: ", common.name))
            }));
    }
    found
}

/// The type of a parameter, its accepted values if they are few, and whether it is required.
fn remark(cmdlet: &Cmdlet, parameter: &Parameter) -> String {
    const VALUES_SHOWN_MAX: usize = 4;
    let mut remark = match parameter.kind {
        ParameterKind::Switch => "switch".to_owned(),
        _ => parameter.type_name.to_string(),
    };
    if (1..=VALUES_SHOWN_MAX).contains(&parameter.values.len()) {
        remark = format!("{remark} {}", parameter.values.join("|"));
    }
    let sets = cmdlet.default_set.map_or_else(|| cmdlet.all_sets(), crate::catalog::ParameterSets::only);
    if !(parameter.required_in & sets).is_empty() {
        remark.push_str(", required");
    }
    remark
}

/// Accepted values of a parameter; texts come with quotes unless the cursor is inside of some.
fn values(vocabulary: &Vocabulary, function: &str, key: &str, typed: &str, quote: bool) -> Vec<Candidate> {
    let Some(cmdlet) = vocabulary.cmdlet(function) else {
        return options::values(function, key)
            .iter()
            .filter(|value| begins(value, typed))
            .map(|value| {
                Candidate::plain(if quote && !is_literal(value) { format!("\"{value}\"") } else { (*value).to_owned() })
            })
            .collect();
    };
    let Ok(resolved) = cmdlet.resolve_spelling(key) else { return Vec::new() };
    let bare = |values: &[&'static str]| if quote { matching(typed, values.iter().copied()) } else { Vec::new() };
    let texts = |values: &mut dyn Iterator<Item = String>| -> Vec<Candidate> {
        values
            .filter(|value| begins(value, typed))
            .map(|value| Candidate::plain(if quote { format!("\"{value}\"") } else { value }))
            .collect()
    };
    match resolved {
        Resolved::Common(common) if common.is_switch => bare(&["true", "false"]),
        Resolved::Common(common) if common.name.ends_with("Action") => {
            let actions = ["Continue", "Ignore", "Inquire", "SilentlyContinue", "Stop"];
            texts(&mut actions.into_iter().map(str::to_owned))
        }
        Resolved::Common(_) => Vec::new(),
        Resolved::Own(_, parameter) => match parameter.kind {
            ParameterKind::Switch | ParameterKind::Bool => bare(&["true", "false"]),
            ParameterKind::Identity => texts(&mut vocabulary.identities().map(str::to_owned)),
            ParameterKind::Unlimited if parameter.values.is_empty() => {
                texts(&mut std::iter::once("Unlimited".to_owned()))
            }
            _ => texts(&mut parameter.values.iter().filter(|value| !value.starts_with('$')).map(ToString::to_string)),
        },
    }
}

fn is_literal(value: &str) -> bool {
    matches!(value, "true" | "false") || value.parse::<i64>().is_ok()
}

fn command_arguments(vocabulary: &Vocabulary, command: &str, typed: &str) -> Vec<Candidate> {
    match command {
        "help" => {
            let mut found = names(vocabulary, typed);
            found.extend(matching(typed, commands::names().map(|name| name.trim_start_matches(':'))));
            found
        }
        "save" => files(typed),
        _ => matching(typed, commands::arguments(command).iter().copied()),
    }
}

/// Files and folders whose path begins with what is typed; folders end in a separator.
fn files(typed: &str) -> Vec<Candidate> {
    let (folder, beginning) = match typed.rfind(['/', MAIN_SEPARATOR]) {
        Some(at) => typed.split_at(at + 1),
        None => ("", typed),
    };
    let Ok(entries) = std::fs::read_dir(if folder.is_empty() { Path::new(".") } else { Path::new(folder) }) else {
        return Vec::new();
    };
    let mut found: Vec<Candidate> = entries
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let hidden = name.starts_with('.') && !beginning.starts_with('.');
            if hidden || !name.starts_with(beginning) {
                return None;
            }
            let end = if entry.path().is_dir() { "/" } else { "" };
            Some(Candidate { display: format!("{name}{end}"), replacement: format!("{folder}{name}{end}") })
        })
        .collect();
    found.sort_by(|a, b| a.display.cmp(&b.display));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Catalog;

    fn vocabulary() -> Vocabulary {
        let mut engine = Engine::new();
        engine.register_fn("get_session", || 1_i64);
        let mut vocabulary = Vocabulary::of(&engine);
        let names = ["Get-Mailbox", "Get-MailboxStatistics", "Set-Mailbox", "Get-CASMailbox"];
        let cmdlets = names.iter().filter_map(|name| Catalog::built_in().find(name));
        vocabulary.set_cmdlets(cmdlets.map(|cmdlet| (cmdlet.snake_name(), cmdlet)));
        vocabulary.set_properties(["DisplayName".to_owned(), "Alias".to_owned()]);
        vocabulary.add_identity("kim.akers".to_owned());
        vocabulary.learn("let mailboxes = get_mailbox(); fn twice(x) { x * 2 }");
        vocabulary
    }

    fn offered(line: &str) -> Vec<String> {
        let (_, candidates) = complete(&Engine::new(), &vocabulary(), line, line.len());
        candidates.into_iter().map(|candidate| candidate.replacement).collect()
    }

    #[test]
    fn names_are_cmdlets_functions_and_variables() {
        assert_eq!(offered("get_mail"), ["get_mailbox", "get_mailbox_statistics"]);
        assert_eq!(offered("Get-Mail"), ["get_mailbox", "get_mailbox_statistics"]);
        assert_eq!(offered("getcas"), ["get_cas_mailbox"]);
        assert_eq!(offered("get_s"), ["get_session"]);
        assert_eq!(offered("mailb"), ["mailboxes"]);
        assert_eq!(offered("twi"), ["twice"]);
        assert_eq!(offered("whi"), ["while"]);
        assert_eq!(offered("zzz"), Vec::<String>::new());
    }

    #[test]
    fn inside_a_table_only_the_parameters_of_that_cmdlet_are_offered() {
        assert_eq!(offered("get_mailbox(#{ Res"), ["ResultSize: "]);
        assert_eq!(offered("get_mailbox(#{ result_s"), ["ResultSize: "]);
        assert_eq!(offered("get_mailbox(#{ ResultSize: 1, Res"), Vec::<String>::new());
        assert!(offered("get_mailbox(#{ ").len() >= 30);
        assert_eq!(offered("get_mailbox(#{ ErrorA"), ["ErrorAction: "]);
        assert_eq!(offered("new_session(u, c, #{ AllowR"), ["AllowRedirection: "]);
    }

    #[test]
    fn the_list_shows_type_and_values_beside_a_parameter() {
        let line = "set_mailbox(#{ Identi";
        let (_, candidates) = complete(&Engine::new(), &vocabulary(), line, line.len());
        assert_eq!(candidates[0].display, format!("{:<32} MailboxIdParameter, required", "Identity"));
    }

    #[test]
    fn after_the_colon_come_accepted_values() {
        assert_eq!(offered("get_mailbox(#{ Archive: "), ["true", "false"]);
        assert_eq!(offered("get_mailbox(#{ ResultSize: "), ["\"Unlimited\""]);
        assert_eq!(offered("get_mailbox(#{ Identity: "), ["\"kim.akers\""]);
        assert_eq!(offered("get_mailbox(#{ Identity: \"ki"), ["kim.akers"]);
        assert_eq!(offered("get_mailbox(#{ ErrorAction: \"S"), ["SilentlyContinue", "Stop"]);
        assert!(offered("get_mailbox(#{ RecipientTypeDetails: \"Sh").contains(&"SharedMailbox".to_owned()));
    }

    #[test]
    fn after_a_point_come_the_properties_of_the_last_result() {
        assert_eq!(offered("_."), ["Alias", "DisplayName"]);
        assert_eq!(offered("_.Dis"), ["DisplayName"]);
        assert_eq!(offered("mailboxes.set_m"), ["set_mailbox"]);
    }

    #[test]
    fn commands_and_their_words_are_offered() {
        assert_eq!(offered(":hi"), [":history"]);
        assert_eq!(offered(":set output js"), ["json", "jsonl"]);
        assert_eq!(offered(":help get_mailbox_s"), ["get_mailbox_statistics"]);
    }

    #[test]
    fn paths_are_offered_inside_quotes() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("report.csv"), "").unwrap();
        std::fs::create_dir(folder.path().join("reports")).unwrap();
        let line = format!("open(\"{}/rep", folder.path().display());
        let base = folder.path().display();
        assert_eq!(offered(&line), [format!("{base}/report.csv"), format!("{base}/reports/")]);
    }
}
