//! What only looks gives its rows as they come: before its first row, little of a large organization was asked for.
//!
//! How much the program keeps in memory meanwhile is measured elsewhere; here is counted what servers had to give.

use std::sync::Arc;

use exsh::script::{Document, Host, HostOptions, Library};
use exsh::sim::{Release, SimHandle, SimOptions, Simulator, Size};
use tokio::runtime::Runtime;

use crate::transcript::{Nobody, opened};

const MAILBOXES: u32 = 3000;
/// Servers run so far ahead of who reads them: what fits the buffers of both sides, of small records and for a few sessions.
const AHEAD_MAX: u64 = 1200;

/// Options with which something is found early, where the default finds next to nothing.
const OPTIONS: [(&str, &str); 5] = [
    ("hold_report", "All: true"),
    ("auto_reply_report", "All: true"),
    ("licence_report", "All: true"),
    ("folder_permissions", "Default: true"),
    ("inactive_mailboxes", "Before: now_utc()"),
];

/// Of what these list there is nothing before somebody asks for it.
const NOTHING: [&str; 1] = ["export_report"];

/// An organization, and a host whose script has a session with it.
pub(crate) struct Company {
    pub(crate) host: Host,
    sim: SimHandle,
    runtime: Runtime,
}

impl Company {
    fn new(options: SimOptions) -> Self {
        Self::signed_in(options, SimOptions::ADMIN)
    }

    pub(crate) fn signed_in(options: SimOptions, user: &str) -> Self {
        let user = user.to_owned();
        let runtime = Runtime::new().unwrap();
        let sim = runtime.block_on(Simulator::start(options)).unwrap();
        let mut options = HostOptions::new(Arc::new(Nobody), runtime.handle().clone());
        options.environment = Arc::new(move |name| match name {
            "EXSH_USERNAME" => Some(user.clone()),
            "EXSH_PASSWORD" => Some(SimOptions::PASSWORD.to_owned()),
            _ => None,
        });
        let company = Self { host: Host::new(options).unwrap(), sim, runtime };
        drop(company.run(&opened(company.sim.url())));
        company
    }

    fn of(release: Release) -> Self {
        Self::new(SimOptions { mailboxes: MAILBOXES, size: Size::Company, release, ..SimOptions::default() })
    }

    fn run(&self, code: &str) -> rhai::Dynamic {
        self.host.run_text("test", code, &[]).unwrap_or_else(|error| panic!("{error:?}\n{code}")).value
    }

    /// What a script gives, and how many records servers gave meanwhile.
    fn counted(&self, code: &str) -> (rhai::Array, u64) {
        let before = self.sim.counters().records;
        let value = self.run(code).into_array().unwrap();
        (value, self.sim.counters().records - before)
    }

    pub(crate) fn end(self) -> exsh::sim::Counters {
        drop(self.host);
        self.runtime.block_on(self.sim.shutdown())
    }
}

fn streaming(online: bool) -> Vec<Document> {
    let (library, _) = Library::read(&[]);
    let tasks = library.tasks().map(|(_, task)| (**task).clone());
    tasks.filter(|task| !task.changes && task.holds.is_empty() && task.online == online).collect()
}

/// The options of a task: none where it can do without.
fn options_of(task: &Document) -> String {
    if let Some((_, options)) = OPTIONS.iter().find(|(name, _)| *name == task.name) {
        return format!("#{{ {options} }}");
    }
    if task.parameters.iter().any(|parameter| parameter.required) {
        let code = &task.example.as_ref().unwrap().code;
        let start = code.find(&format!("::{}(", task.name)).unwrap() + task.name.len() + 3;
        return code[start..].rsplit_once(')').unwrap().0.to_owned();
    }
    String::new()
}

fn first_rows(release: Release) -> Vec<String> {
    let company = Company::of(release);
    let mut wrong = Vec::new();
    for task in streaming(release == Release::Online) {
        let (name, module, options) = (&task.name, &task.module, options_of(&task));
        let code = format!(
            "import \"{module}\" as m; let rows = m::{name}({options}); let kind = type_of(rows); let found = 0;
             for row in rows {{ found += 1; break; }}
             [kind, found]"
        );
        let (value, records) = company.counted(&code);
        let (kind, found) = (value[0].to_string(), value[1].as_int().unwrap());
        if kind != "RecordStream" || (found == 0 && !NOTHING.contains(&name.as_str())) || records > AHEAD_MAX {
            wrong.push(format!("{name}: a {kind} with {found} rows after {records} records"));
        }
    }
    company.end();
    wrong
}

#[test]
fn a_task_that_says_not_what_it_holds_gives_its_first_row_before_much_was_asked_of_servers() {
    let wrong = first_rows(Release::ServerSe);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_task_that_says_not_what_it_holds_gives_its_first_row_before_much_was_asked_of_the_cloud() {
    let wrong = first_rows(Release::Online);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Asks about mailboxes until `most` answers are there.
fn asks(most: usize) -> String {
    format!(
        "let found = [];
         let rows = stream(\"Get-Mailbox\", #{{ ResultSize: \"Unlimited\" }}).asking(|it| {{
             `${{it.Alias}} ${{get_inbox_rule(#{{ Mailbox: it.Alias, ErrorAction: \"Stop\" }}).len()}}`
         }});
         for row in rows {{ found.push(row); if found.len() == {most} {{ break; }} }}
         found"
    )
}

#[test]
fn a_stream_goes_on_while_the_server_is_asked_about_its_values_and_answers_come_in_their_order() {
    let company = Company::of(Release::ServerSe);
    let (answers, records) = company.counted(&asks(40));
    assert!(answers.len() == 40 && records < AHEAD_MAX, "{} answers after {records} records", answers.len());
    let aliases = company.run("stream(\"Get-Mailbox\", #{ ResultSize: 40 }).map(|it| it.Alias).to_array()");
    for (answer, alias) in answers.iter().zip(aliases.into_array().unwrap()) {
        assert_eq!(answer.to_string().split(' ').next().unwrap(), alias.to_string());
    }
    let counters = company.end();
    assert_eq!(counters.shells_created, 3, "the stream's session and two beside it");
    assert_eq!(counters.shells_deleted + counters.open_shells, 3, "{counters:?}");
}

#[test]
fn a_server_that_allows_no_further_session_is_asked_over_the_one_there_is() {
    let company = Company::new(SimOptions { mailboxes: 60, sessions_per_user: 1, ..SimOptions::default() });
    let (answers, _) = company.counted(&asks(usize::MAX));
    assert_eq!(answers.len(), 60);
    let counters = company.end();
    assert!(counters.shells_refused > 0 && counters.open_shells == 0, "{counters:?}");
}

#[test]
fn few_values_need_no_further_session() {
    let company = Company::new(SimOptions::default());
    let (answers, _) = company.counted(&asks(usize::MAX).replace("\"Unlimited\"", "8"));
    assert_eq!(answers.len(), 8);
    assert_eq!(company.end().shells_created, 1);
}

#[test]
fn an_error_where_the_server_is_asked_ends_the_stream_at_its_turn() {
    let company = Company::new(SimOptions { mailboxes: 60, ..SimOptions::default() });
    let code = "let found = [];
        let rows = in_turn([|| 1..=40]).asking(|it| { if it == 20 { throw `no ${it}` } it });
        try { for row in rows { found.push(row); } } catch (error) { found.push(error); }
        found";
    let (answers, _) =
        company.counted(&code.replace("1..=40", "{ let all = []; for n in 1..=40 { all.push(n); } all }"));
    assert_eq!(answers.len(), 20);
    assert_eq!(answers[18].as_int().unwrap(), 19);
    assert!(answers[19].to_string().contains("no 20"), "{:?}", answers[19]);
    company.end();
}
