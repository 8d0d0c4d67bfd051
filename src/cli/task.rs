//! `exsh task`: functions of the standard library as commands, their options made from their declarations.
//!
//! What a task does is in its module; here it is found, called as a script would call it, and its result shown or
//! written to a file.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::{Args, FromArgMatches as _};

use super::args::{GlobalArgs, OutputFormat, TaskArgs};
use super::exit::ExitCode;
use super::opening::{Opening, literal};
use super::program::{Setting, print};
use super::report::Report;
use super::run;
use crate::catalog::nearest_name;
use crate::clixml::{PsObject, PsValue};
use crate::script::{
    Document, Form, Library, LibraryModule, Parameter, View, given_options, library_page, option_name, options_of,
};

/// `exsh task --list` and its kin.
#[derive(Debug, clap::Parser)]
#[command(name = "exsh task", bin_name = "exsh task", about = "Run a task of the standard library")]
#[command(override_usage = "exsh task NAME [OPTIONS]\n       exsh task --list", after_help = AFTER_HELP)]
struct Listing {
    /// List the tasks
    #[arg(long)]
    list: bool,
    /// Print the index page of the standard library, in Markdown
    #[arg(long, conflicts_with = "list")]
    page: bool,
    #[command(flatten)]
    global: GlobalArgs,
}

/// What the call of a task is called, as a script.
const CALL: &str = "<task>";

const AFTER_HELP: &str = "\
`exsh task NAME --help` says what a task needs and gives an example.
Modules (*.rhai) in the folder `modules` beside the configuration file add tasks, or replace those of the same name.";

/// Options that every task takes beside its own.
#[derive(Debug, Args)]
#[command(next_help_heading = "Options of every task")]
struct Common {
    /// Where: a profile of the configuration file, a URI, or demo: for the simulated organization
    #[arg(long, value_name = "NAME")]
    connect: Option<String>,
    /// Write the result to FILE, and to several when given again; the ending (csv, json, jsonl, xlsx, html, md) or --output
    /// says how; `-` shows it besides
    #[arg(short, long, value_name = "FILE")]
    file: Vec<PathBuf>,
    #[command(flatten)]
    global: GlobalArgs,
}

/// `exsh task …`.
pub(super) fn run(setting: &Setting, args: &TaskArgs) -> Result<ExitCode, Report> {
    let (library, complaints) = Library::read(&setting.module_folders());
    for complaint in complaints {
        tracing::warn!("{complaint}");
    }
    match args.words.first().filter(|word| !word.starts_with('-')) {
        None => listing(setting, &library, &args.words),
        Some(name) => match library.task(name) {
            Some((module, task)) => perform(setting, module, task, &args.words[1..]),
            None => Err(unknown(&library, name)),
        },
    }
}

fn unknown(library: &Library, name: &str) -> Report {
    let names: Vec<String> = library.tasks().map(|(_, task)| task.task_name()).collect();
    let nearest = nearest_name(name, names.iter().map(String::as_str));
    let report = Report::usage(format!("there is no task `{name}`"));
    let report = match nearest {
        Some(known) => report.hint(format!("did you mean `{known}`?")),
        None => report,
    };
    report.hint("`exsh task --list` lists them")
}

fn listing(setting: &Setting, library: &Library, words: &[String]) -> Result<ExitCode, Report> {
    let words = std::iter::once("exsh task".to_owned()).chain(words.iter().cloned());
    let listing = match <Listing as clap::Parser>::try_parse_from(words) {
        Ok(listing) => listing,
        Err(error) => return tell(&error),
    };
    if listing.page {
        return print(&library_page(library));
    }
    if !listing.list {
        return Err(Report::usage("which task?").hint("`exsh task --list` lists them"));
    }
    let setting = setting.with(&listing.global);
    let values: Vec<PsValue> = library.tasks().map(|(module, task)| entry(module, task)).collect();
    let short = matches!(setting.global.output, None | Some(OutputFormat::Table | OutputFormat::Csv));
    let properties = if short { ["Name", "Changes", "Summary"].map(str::to_owned).to_vec() } else { Vec::new() };
    setting.show(values, &View { form: Form::Table, properties, ..View::default() })
}

/// A task as a value: what `--output json` has of it.
fn entry(module: &LibraryModule, task: &Document) -> PsValue {
    let texts = |items: &[String]| PsValue::from(items.join(", "));
    let parameter = |parameter: &Parameter| {
        PsObject::bag([
            ("Name", PsValue::from(parameter.name.as_str())),
            ("Option", format!("--{}", option_name(&parameter.name)).into()),
            ("Takes", parameter.shape.to_string().into()),
            ("Required", PsValue::Bool(parameter.required)),
            ("Default", parameter.default.clone().map_or(PsValue::Null, Into::into)),
            ("About", parameter.about.as_str().into()),
        ])
        .into()
    };
    PsObject::bag([
        ("Name", PsValue::from(task.task_name())),
        ("Module", module.name.as_str().into()),
        ("Function", task.name.as_str().into()),
        ("Changes", PsValue::Bool(task.changes)),
        ("Online", PsValue::Bool(task.online)),
        ("Holds", task.holds.as_str().into()),
        ("Summary", task.summary.as_str().into()),
        ("Parameters", crate::script::list_of(task.parameters.iter().map(parameter).collect())),
        ("Cmdlets", texts(&task.cmdlets)),
        ("Roles", texts(&task.roles)),
        ("Example", task.command_line().map_or(PsValue::Null, Into::into)),
    ])
    .into()
}

fn perform(setting: &Setting, module: &LibraryModule, task: &Document, words: &[String]) -> Result<ExitCode, Report> {
    let name = format!("exsh task {}", task.task_name());
    let command = Common::augment_args(clap::Command::new(name.clone()).bin_name(name.clone()))
        .about(task.summary.clone())
        .args(options_of(&task.parameters).into_iter().map(|option| option.help_heading(None::<&str>)))
        .after_help(after_help(task));
    let matches = match command.try_get_matches_from(std::iter::once(name).chain(words.iter().cloned())) {
        Ok(matches) => matches,
        Err(error) => return tell(&error),
    };
    let common = Common::from_arg_matches(&matches).map_err(|error| Report::usage(error.to_string()))?;
    let mut setting = setting.with(&common.global);
    let opening = opening(&setting, common.connect.as_deref().or(setting.global.profile.as_deref()))?;
    setting = setting.opening(Some(&opening));
    let options: Vec<String> = given_options(&task.parameters, &matches)
        .into_iter()
        .map(|(name, value)| format!("{name}: {}", literal(&value)))
        .collect();
    let call = format!("task::{}(#{{ {} }})", task.name, options.join(", "));
    let shows = common.file.iter().any(|file| file.as_os_str() == "-");
    let files: Vec<&PathBuf> = common.file.iter().filter(|file| file.as_os_str() != "-").collect();
    let call = match files.as_slice() {
        [file] if !shows => written(&setting, task, file, &call)?,
        [_, ..] => {
            let writes = files.iter().map(|file| written(&setting, task, file, "found"));
            let writes = writes.collect::<Result<Vec<_>, _>>()?;
            let last = if shows { "\nfound" } else { "" };
            format!("let found = in_turn([|| {call}]).to_array();\n{}{last}", writes.join("\n"))
        }
        [] if setting.global.output == Some(OutputFormat::Html) => {
            format!("print(to_html({call}, #{{ Title: {} }}));", literal(&task.summary))
        }
        [] if setting.global.output == Some(OutputFormat::Xlsx) => {
            return Err(Report::usage("an Excel workbook goes to a file").hint("add --file REPORT.xlsx"));
        }
        [] => call,
    };
    if !files.is_empty() {
        setting.global.output = None; // what is left to print is where the file is
    }
    let code = format!("import {} as task;\n{call}", literal(&module.name));
    let failed = std::cell::Cell::new(0);
    let ended = run::hosted(&setting, Arc::new(setting.terminal()), |host| {
        run::open(host, &opening)?;
        let ran = host.run_text(CALL, &code, &[]);
        let outcome = ran.and_then(|outcome| host.show(&outcome, &View::default()).map(|()| outcome));
        let outcome = outcome.map_err(|error| error.not_in(CALL))?;
        failed.set(host.failed_steps());
        Ok(outcome.exit_code.map_or(ExitCode::Ok, ExitCode::Script))
    })?;
    match failed.get() {
        0 => Ok(ended),
        1 => Err(Report::failed("one step failed")),
        count => Err(Report::failed(format!("{count} steps failed"))),
    }
}

/// The call with its result written to a file.
fn written(setting: &Setting, task: &Document, file: &Path, call: &str) -> Result<String, Report> {
    let ending = file.extension().and_then(|ending| ending.to_str()).unwrap_or_default().to_ascii_lowercase();
    let writer = match (setting.global.output, ending.as_str()) {
        (Some(OutputFormat::Csv), _) | (None, "csv") => "write_csv",
        (Some(OutputFormat::Json), _) | (None, "json") => "write_json",
        (Some(OutputFormat::Jsonl), _) | (None, "jsonl" | "ndjson") => "write_jsonl",
        (Some(OutputFormat::Xlsx), _) | (None, "xlsx") => "write_xlsx",
        (Some(OutputFormat::Html), _) | (None, "html" | "htm") => "write_html",
        (Some(OutputFormat::Md), _) | (None, "md" | "markdown") => "write_markdown",
        (Some(_), _) => return Err(Report::usage("tables and lists for the screen do not go to a file")),
        (None, _) => {
            return Err(Report::usage(format!("how to write {} is not clear", file.display()))
                .hint("give it an ending such as .csv or .xlsx, or say --output csv"));
        }
    };
    let path = literal(&file.display().to_string());
    let options = match writer {
        "write_html" | "write_xlsx" | "write_markdown" => format!(", #{{ Title: {} }}", literal(&task.summary)),
        _ => String::new(),
    };
    Ok(format!("let count = {writer}({call}, {path}{options});\nprint(`${{count}} rows in {}`);", file.display()))
}

/// `--connect`, else the only profile there is.
fn opening(setting: &Setting, connect: Option<&str>) -> Result<Opening, Report> {
    if let Some(name) = connect {
        return Opening::of(setting, name);
    }
    let mut profiles = setting.config.profiles.keys();
    match (profiles.next(), profiles.next()) {
        (Some(only), None) => Opening::of(setting, only),
        _ => Err(Report::usage("connect where?")
            .hint("add --connect with a profile, a URI, or demo: for the simulated organization")),
    }
}

fn after_help(task: &Document) -> String {
    let mut text = String::new();
    if !task.details.is_empty() {
        text.push_str(&format!("{}\n\n", task.details));
    }
    if task.changes {
        text.push_str("It changes something: it asks first; --yes agrees, --what-if only shows.\n\n");
    }
    if task.online {
        text.push_str("Only Exchange Online has what it needs.\n\n");
    }
    if !task.holds.is_empty() {
        text.push_str(&format!("It holds {}.\n\n", task.holds));
    }
    text.push_str(&format!("Cmdlets: {}\nRoles:   {}", task.cmdlets.join(", "), task.roles.join(", ")));
    if let (Some(line), Some(example)) = (task.command_line(), &task.example) {
        let output: String = example.output.lines().map(|line| format!("  {line}\n")).collect();
        let place = if task.online { "demo:release=online" } else { "demo:" };
        text.push_str(&format!("\n\nExample:\n  $ {line} --connect {place}\n{output}"));
    }
    text.trim_end().to_owned()
}

/// What clap has to say: help on standard output, mistakes on standard error.
fn tell(error: &clap::Error) -> Result<ExitCode, Report> {
    let _ = error.print(); // nowhere else to say it
    Ok(if error.use_stderr() { ExitCode::Usage } else { ExitCode::Ok })
}
