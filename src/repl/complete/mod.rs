//! What could stand at the cursor: cmdlets, parameters with their types, accepted values, properties, files.
//!
//! Never waits for a server: everything comes from the [`Vocabulary`]. Not here: drawing the list (`helper`).

mod arguments;
mod files;

use rhai::Engine;

use self::arguments::{identities, keys, values};
pub(super) use self::files::files;
use super::commands;
use super::place::{PlaceKind, place};
use super::vocabulary::{KEYWORDS, Vocabulary};
use crate::render::width;

/// Something that could stand at the cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// What the list shows.
    pub display: String,
    /// What is inserted.
    pub replacement: String,
}

impl Candidate {
    pub(super) fn plain(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { display: text.clone(), replacement: text }
    }

    /// Cuts what the list shows to one row of the screen.
    pub(super) fn narrow(&mut self, cells: usize) {
        if width::of(&self.display) > cells {
            let head = width::head(&self.display, cells.saturating_sub(1)).trim_end();
            self.display = format!("{head}{}", width::ELLIPSIS);
        }
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
        PlaceKind::Property { of, by } => properties(vocabulary, of.as_deref(), by.as_deref(), typed),
        PlaceKind::Member { module } => members(vocabulary, module, typed),
        PlaceKind::Module => modules(vocabulary, typed),
        PlaceKind::Key { function, given } => keys(vocabulary, function, given, typed),
        PlaceKind::Value { function, key } => values(vocabulary, function, key, typed, true),
        PlaceKind::QuotedValue { function, key } => {
            let mut found = values(vocabulary, function, key, typed, false);
            if found.is_empty() {
                found = files(typed);
            }
            found
        }
        PlaceKind::QuotedArgument { function, position } => {
            let mut found = identities(vocabulary, function, *position, typed);
            if found.is_empty() {
                found = files(typed);
            }
            found
        }
        PlaceKind::Quoted => files(typed),
    };
    (place.start, candidates)
}

pub(super) fn begins(text: &str, typed: &str) -> bool {
    text.get(..typed.len()).is_some_and(|head| head.eq_ignore_ascii_case(typed))
}

pub(super) fn matching<S: AsRef<str>>(typed: &str, names: impl IntoIterator<Item = S>) -> Vec<Candidate> {
    let names = names.into_iter().filter(|name| begins(name.as_ref(), typed));
    names.map(|name| Candidate::plain(name.as_ref())).collect()
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

/// What can be done with results, for who has seen no properties yet.
const METHODS: [&str; 12] = [
    "where(",
    "select(",
    "sort_by(",
    "group_by(",
    "measure(",
    "first(",
    "last(",
    "skip(",
    "unique(",
    "for_each(",
    "map(",
    "len()",
];

/// Properties of what the point stands after, else of the last result; after anything but `_`, also functions in
/// method style.
fn properties(vocabulary: &Vocabulary, of: Option<&str>, by: Option<&str>, typed: &str) -> Vec<Candidate> {
    let mut found = matching(typed, vocabulary.properties_of(of, by));
    if typed.is_empty() && found.is_empty() {
        found = matching(typed, METHODS);
    }
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

/// Functions of an imported module, with what they do.
fn members(vocabulary: &Vocabulary, module: &str, typed: &str) -> Vec<Candidate> {
    let documents = vocabulary.module(module).into_iter().flat_map(|module| &module.functions);
    let fitting = documents.filter(|function| begins(&function.name, typed));
    fitting
        .map(|function| Candidate::with_remark(&function.name, &function.summary, format!("{}(", function.name)))
        .collect()
}

/// Modules that can be imported, then files.
fn modules(vocabulary: &Vocabulary, typed: &str) -> Vec<Candidate> {
    let modules = vocabulary.modules().filter(|module| begins(&module.name, typed));
    let mut found: Vec<Candidate> =
        modules.map(|module| Candidate::with_remark(&module.name, &module.summary, module.name.clone())).collect();
    found.extend(files(typed));
    found
}

fn command_arguments(vocabulary: &Vocabulary, command: &str, typed: &str) -> Vec<Candidate> {
    match command {
        "help" => {
            let mut found = names(vocabulary, typed);
            found.extend(matching(typed, commands::names().map(|name| name.trim_start_matches(':'))));
            found
        }
        "save" => files(typed),
        _ => matching(typed, commands::arguments(command).iter().copied().chain(vocabulary.words(command))),
    }
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
    fn on_a_narrow_screen_a_candidate_takes_one_row() {
        let mut candidate = Candidate::with_remark("Identity", "MailboxIdParameter, required", "Identity: ");
        candidate.narrow(40);
        assert_eq!(candidate.display, format!("{:<32} Mailbo…", "Identity"));
        candidate.narrow(40);
        assert_eq!(candidate.replacement, "Identity: ");
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
        let begin = format!("{:<32} MailboxIdParameter, required, may stand first without its name", "Identity");
        assert!(candidates[0].display.starts_with(&begin), "{:?}", candidates[0]);
        // In the catalogue of documented cmdlets, Anr and Identity exclude each other: two sets.
        let line = "get_mailbox(#{ An";
        let (_, candidates) = complete(&Engine::new(), &vocabulary(), line, line.len());
        assert_eq!(candidates[0].display, format!("{:<32} String, in set AnrSet", "Anr"));
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
    fn after_a_point_come_the_properties_of_what_stands_before_it() {
        let mut vocabulary = vocabulary();
        vocabulary.set_variable_properties([("boats".to_owned(), vec!["Tons".to_owned()])]);
        vocabulary.set_properties_given_by("get_cas_mailbox", ["OWAEnabled".to_owned()]);
        let offered = |line: &str| -> Vec<String> {
            let (_, found) = complete(&Engine::new(), &vocabulary, line, line.len());
            found.into_iter().map(|candidate| candidate.replacement).collect()
        };
        assert_eq!(offered("boats."), ["Tons"]);
        assert_eq!(offered("get_cas_mailbox(\"kim\")."), ["OWAEnabled"]);
        assert_eq!(offered("get_cas_mailbox().where(|it| it."), ["OWAEnabled"]);
        assert_eq!(offered("unknown."), ["Alias", "DisplayName"]);
        let (_, found) = complete(&Engine::new(), &Vocabulary::default(), "get_mailbox().", 14);
        assert_eq!(found[0].replacement, "where(");
    }

    #[test]
    fn modules_their_functions_and_their_options_are_offered() {
        let mut vocabulary = vocabulary();
        vocabulary.set_library(crate::script::Library::read(&[]).0);
        vocabulary.learn("import \"mailboxes\" as m;");
        let offered = |line: &str| -> Vec<String> {
            let (_, found) = complete(&Engine::new(), &vocabulary, line, line.len());
            found.into_iter().map(|candidate| candidate.replacement).collect()
        };
        assert_eq!(offered("import \"mailb"), ["mailboxes"]);
        assert_eq!(offered("m::mailbox_si"), ["mailbox_sizes("]);
        assert_eq!(offered("m::mailbox_sizes(#{ La"), ["LargerThan: "]);
    }

    #[test]
    fn an_identity_that_was_seen_is_offered_as_the_first_argument() {
        assert_eq!(offered("get_mailbox(\"ki"), ["kim.akers"]);
        assert_eq!(offered("set_mailbox(\"ki"), ["kim.akers"]);
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
