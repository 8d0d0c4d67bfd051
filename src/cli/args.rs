//! The command line: every command and option, with the help that users read.
//!
//! One definition serves parsing, help pages and shell completions. Nothing is done here.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use super::exit::EXIT_CODES_HELP;

/// The Exchange shell: administer Exchange from any system, without PowerShell
///
/// Without a command, exsh opens a prompt; when standard input is no terminal, it runs it as a script.
/// `exsh FILE` is short for `exsh run FILE`.
#[derive(Debug, Parser)]
#[command(name = "exsh", version, after_help = EXIT_CODES_HELP, args_conflicts_with_subcommands = false)]
#[command(subcommand_negates_reqs = true, infer_long_args = true)]
pub struct Cli {
    /// Options that every command takes.
    #[command(flatten)]
    pub global: GlobalArgs,
    /// What to do.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// Options that every command takes.
#[derive(Debug, Clone, Args)]
pub struct GlobalArgs {
    /// How to print results; on a terminal the default is a table or a list
    #[arg(short, long, global = true, value_enum, value_name = "FORMAT")]
    pub output: Option<OutputFormat>,
    /// Print only these properties; patterns such as `*Quota` are understood
    #[arg(long, global = true, value_delimiter = ',', value_name = "NAME,NAME")]
    pub fields: Vec<String>,
    /// When to colour what is shown
    #[arg(long, global = true, value_enum, value_name = "WHEN")]
    pub color: Option<ColorChoice>,
    /// Say more: -v shows raw faults and request ids, -vv what happens, -vvv everything
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
    /// Write what goes over the wire to FILE, one JSON object a line, secrets removed
    #[arg(long, global = true, value_name = "FILE")]
    pub trace: Option<PathBuf>,
    /// Show what cmdlets would change, and change nothing
    #[arg(long, global = true)]
    pub what_if: bool,
    /// Refuse every cmdlet that changes something
    #[arg(long, global = true)]
    pub read_only: bool,
    /// Answer the confirmation questions of cmdlets with yes
    #[arg(long, global = true)]
    pub yes: bool,
    /// Open and import a session first: a profile of the configuration file, a known endpoint's name, or a URI
    #[arg(short, long, global = true, value_name = "NAME", env = "EXSH_PROFILE", hide_env_values = true)]
    pub profile: Option<String>,
    /// Ask servers for the descriptions of their cmdlets, whatever the cache holds, and keep nothing
    #[arg(long, global = true)]
    pub no_cache: bool,
}

/// How results are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum OutputFormat {
    /// A table
    Table,
    /// One property a line
    List,
    /// One JSON document with all properties
    Json,
    /// One JSON object a line
    Jsonl,
    /// Comma-separated values with a header
    Csv,
    /// A table or a list in Markdown
    Md,
    /// A page to look at in a browser; tasks only
    Html,
    /// An Excel workbook in a file; tasks only
    Xlsx,
    /// Nothing
    None,
}

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ColorChoice {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run a script
    Run(RunArgs),
    /// Run a line of code and print its value
    Eval {
        /// The code
        code: String,
    },
    /// Turn a PowerShell script into a Rhai script to keep
    Port(PortArgs),
    /// Open a prompt with a simulated organization to try things on
    Demo,
    /// Open a prompt with a session to a server
    Connect {
        /// A profile of the configuration file, the name of a known endpoint, or a URI
        name: String,
    },
    /// Run a task of the standard library, such as mailbox-sizes; --list lists them
    #[command(disable_help_flag = true)]
    Task(TaskArgs),
    /// Examine what stands between this computer and a session, step by step, with what to do about it
    Doctor(DoctorArgs),
    /// Keep the password for a server in the system's keyring, for connect, --profile and saved_credential()
    Login(LoginArgs),
    /// Forget the password that login kept
    Logout(LoginArgs),
    /// Serve a simulated Exchange organization over HTTP
    Sim(SimArgs),
    /// List the endpoints exsh knows by name, and which of them Microsoft has ended
    Endpoints,
    /// Read and change the configuration file
    Config {
        /// What to do with it.
        #[command(subcommand)]
        action: ConfigAction,
    },
    /// Show where descriptions of cmdlets are kept between imports and how much there is, or remove them
    Cache {
        /// What to do with it.
        #[command(subcommand)]
        action: Option<CacheAction>,
    },
    /// Show what is in a file that Export-Clixml wrote, or in the body of a protocol message
    Inspect(InspectArgs),
    /// Show a recording of the wire as a readable conversation
    Trace(TraceArgs),
    /// Write what scripts can call as .d.rhai definitions, for editors; with --profile, the cmdlets of that server
    Definitions {
        /// Where to; without it, standard output
        #[arg(short = 'f', long, value_name = "FILE")]
        file: Option<PathBuf>,
    },
    /// Print completions for a shell
    Completions {
        /// The shell that reads them.
        #[arg(value_enum)]
        shell: Shell,
    },
    /// Write manual pages
    Man {
        /// The folder to write them to; without it, the page of exsh itself goes to standard output
        folder: Option<PathBuf>,
    },
    /// A script file, short for `run FILE`
    #[command(external_subcommand)]
    File(Vec<String>),
}

/// Shells that completions can be had for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Shell {
    /// GNU bash
    Bash,
    /// Elvish
    Elvish,
    /// fish
    Fish,
    /// Nushell
    Nushell,
    /// PowerShell
    Powershell,
    /// zsh
    Zsh,
}

/// `exsh run`
#[derive(Debug, Clone, Args, Default)]
pub struct RunArgs {
    /// Run a .ps1 script harmlessly: files only below DIR (C:\X is DIR/C/X), prompts answered from standard input
    #[arg(long, value_name = "DIR")]
    pub sandbox: Option<PathBuf>,
    /// The time a .ps1 script sees, standing still
    #[arg(long, value_name = "TIME")]
    pub now: Option<String>,
    /// The time zone a .ps1 script sees: UTC, +02:00 or a name such as Europe/Oslo
    #[arg(long, value_name = "ZONE")]
    pub time_zone: Option<String>,
    /// Open and import a session first: a profile of the configuration file, the name of a known endpoint, or a URI
    #[arg(long, value_name = "URI|PROFILE")]
    pub connect: Option<String>,
    /// The script (`-` reads standard input), then its arguments, in the script as args()
    #[arg(required = true, trailing_var_arg = true, value_names = ["FILE", "ARGS"])]
    pub words: Vec<String>,
}

/// `exsh task`
#[derive(Debug, Args)]
pub struct TaskArgs {
    /// The task and its options; `exsh task NAME --help` explains them
    #[arg(trailing_var_arg = true, allow_hyphen_values = true, value_names = ["NAME", "OPTIONS"])]
    pub words: Vec<String>,
}

/// `exsh port`
#[derive(Debug, Args)]
#[command(after_help = PORT_HELP)]
pub struct PortArgs {
    /// The PowerShell file; `-` reads standard input
    pub file: Option<PathBuf>,
    /// Write the Rhai script to FILE instead of standard output; `-o FILE` after `port` means this too
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Write nothing; the exit code says whether everything was carried over
    #[arg(long)]
    pub check: bool,
    /// Print what was found as one JSON document
    #[arg(long, value_enum, value_name = "FORMAT")]
    pub report: Option<ReportFormat>,
    /// Print the page about a diagnostic, `com_object` or `port::com_object`; `all` prints every page
    #[arg(long, value_name = "CODE")]
    pub explain: Option<String>,
    /// Write the script even if parts of the source could not be read
    #[arg(long)]
    pub force: bool,
    /// The other way round: print the cmdlet calls of a Rhai script as PowerShell
    #[arg(long, value_name = "SCRIPT", conflicts_with = "file")]
    pub as_powershell: Option<PathBuf>,
}

/// How `exsh port --report` reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    /// One JSON document
    Json,
}

/// The fields of the report.
const PORT_HELP: &str = "\
The report has these fields: file; parsed (whether the source could be read); errors (what could not be read: id, code,
line, column, message); diagnostics (what was not carried over, severity \"error\", and what wants a person's eye,
\"warning\": code, line, column, message); carried_over (whether everything was); unsupported (how many places were
not); compiles (whether the Rhai text compiles with strict variables) and compile_error; rhai (the text).

Exit codes: 0 when the source could be read (with --check: and everything was carried over), else 1.";

/// `exsh inspect`
#[derive(Debug, Args)]
pub struct InspectArgs {
    /// The file; `-` reads standard input
    pub file: PathBuf,
    /// Print each object as one line of JSON that says all that was read: types, base value, properties
    #[arg(long)]
    pub reading: bool,
    /// Show the objects as this command does in PowerShell, such as "Format-Table Name,Size -AutoSize"
    #[arg(long, value_name = "COMMAND", conflicts_with = "reading")]
    pub view: Option<String>,
    /// Views for the objects' types: what Get-FormatData gave, saved by Export-Clixml
    #[arg(long, value_name = "FILE", conflicts_with = "reading")]
    pub formats: Option<PathBuf>,
    /// Cells of the screen
    #[arg(long, value_name = "N", conflicts_with = "reading")]
    pub width: Option<usize>,
}

/// `exsh trace`
#[derive(Debug, Args)]
pub struct TraceArgs {
    /// The recording, such as `--trace` writes; `-` reads standard input
    pub file: PathBuf,
    /// Decode and encode everything again, print what does not come out byte for byte, and fail if anything
    #[arg(long)]
    pub verify: bool,
}

/// `exsh sim`
#[derive(Debug, Args)]
pub struct SimArgs {
    /// Where to listen; port 0 takes a free one
    #[arg(long, default_value = "127.0.0.1:0", value_name = "ADDRESS")]
    pub listen: SocketAddr,
    /// What kind of organization: demo, office or company (10,000 seats with everything that gathers in them)
    #[arg(long, default_value = "demo", value_name = "SIZE")]
    pub size: String,
    /// How many mailboxes the organization has, if not as many as its size says
    #[arg(long, value_name = "N")]
    pub mailboxes: Option<u32>,
    /// What the made-up data grows from; the same seed gives the same organization
    #[arg(long, default_value_t = 1, value_name = "S")]
    pub seed: u64,
    /// Answer the first request with a redirection to a second listener
    #[arg(long)]
    pub redirect: bool,
    /// Print which cmdlets and parameters are simulated, and what is missing, instead of serving
    #[arg(long)]
    pub coverage: bool,
    /// Serve one client over standard input and output instead of HTTP, as an SSH subsystem or a child process
    #[arg(long)]
    pub stdio: bool,
    /// Serve https with a certificate made on the spot
    #[arg(long)]
    pub tls: bool,
    /// How long a Receive may wait before it is answered with the time-out fault (milliseconds)
    #[arg(long, value_name = "MS")]
    pub receive_wait: Option<u64>,
    /// Shells one user may have open at once
    #[arg(long, value_name = "N")]
    pub sessions_per_user: Option<usize>,
    /// A shell nobody asks for is removed after so long (seconds)
    #[arg(long, value_name = "SECONDS")]
    pub idle_timeout: Option<u64>,
    /// Another user who may sign in, as name:password or name:password:role group,role group
    #[arg(long, value_name = "USER")]
    pub user: Vec<String>,
    /// Which Exchange to be: 2016, se or online
    #[arg(long, value_name = "RELEASE")]
    pub release: Option<String>,
    /// Answer every cmdlet of the catalogue with the canned objects of this file, and change nothing
    #[arg(long, value_name = "FILE")]
    pub objects: Option<PathBuf>,
    /// Write down each call that --objects answered, one JSON object a line
    #[arg(long, value_name = "FILE", requires = "objects")]
    pub record: Option<PathBuf>,
    /// Trouble to make, such as `receive#3:close`; may be given several times
    #[arg(long, value_name = "PLAN")]
    pub fault: Vec<String>,
}

/// `exsh config`
#[derive(Debug, Subcommand)]
pub enum ConfigAction {
    /// Write a commented file with every setting at its default
    Init,
    /// Print the value of a setting
    Get {
        /// Such as auth.basic
        name: String,
    },
    /// Change a setting
    Set {
        /// Such as auth.basic
        name: String,
        /// Such as true
        value: String,
    },
    /// Print every setting with its value
    List,
    /// Print where the file is
    Path,
}

/// `exsh doctor`
#[derive(Debug, Args)]
pub struct DoctorArgs {
    /// A profile of the configuration file, the name of a known endpoint, or a URI; the demo organization without it
    pub name: Option<String>,
    /// Who signs in; without it the profile's user, or whoever is named when asked
    #[arg(short, long, value_name = "USER")]
    pub user: Option<String>,
    /// Print the findings as JSON
    #[arg(long)]
    pub json: bool,
}

/// `exsh login` and `exsh logout`
#[derive(Debug, Args)]
pub struct LoginArgs {
    /// A profile of the configuration file, the name of a known endpoint, or a URI
    pub name: String,
    /// Whose password; without it the profile's user, or whoever is named when asked
    #[arg(short, long, value_name = "USER")]
    pub user: Option<String>,
}

/// `exsh cache`
#[derive(Debug, Subcommand)]
pub enum CacheAction {
    /// Remove all that is kept; the next import asks the server
    Clear,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_definition_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_file_name_alone_means_run() {
        let cli = Cli::try_parse_from(["exsh", "report.rhai", "--days", "7"]).unwrap();
        assert!(matches!(cli.command, Some(Command::File(words)) if words.len() == 3));
    }

    #[test]
    fn a_script_gets_its_options_untouched() {
        let cli = Cli::try_parse_from(["exsh", "run", "report.rhai", "-v", "--output", "x"]).unwrap();
        let Some(Command::Run(run)) = cli.command else { panic!("not run") };
        assert_eq!(run.words, ["report.rhai", "-v", "--output", "x"]);
        assert_eq!(cli.global.verbose, 0);
    }

    #[test]
    fn options_before_the_script_are_ours() {
        let cli = Cli::try_parse_from(["exsh", "run", "--output", "json", "-v", "report.rhai", "-v"]).unwrap();
        let Some(Command::Run(run)) = cli.command else { panic!("not run") };
        assert_eq!(run.words, ["report.rhai", "-v"]);
        assert_eq!(cli.global.output, Some(OutputFormat::Json));
        assert_eq!(cli.global.verbose, 1);
    }
}
