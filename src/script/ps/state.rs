//! The state of a running script: scopes, outputs, errors, functions, options.
//!
//! Only holds; who changes what is decided by the files around it.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use rhai::NativeCallContext;

use super::block::Block;
use super::options::RunOptions;
use super::pipe::Sink;
use super::value::{Hash, HashKind, List, ListKind, Obj, V, lock};

/// One scope.
#[derive(Debug, Default)]
pub(super) struct Frame {
    /// Whether it is the scope of a script file.
    pub(super) script: bool,
    pub(super) vars: HashMap<String, Var>,
    pub(super) functions: HashMap<String, Block>,
}

/// One variable.
#[derive(Debug, Clone, Default)]
pub(super) struct Var {
    pub(super) name: String,
    pub(super) value: V,
    pub(super) types: Vec<String>,
    pub(super) validations: Vec<(String, Vec<V>)>,
    /// Whether only its own scope sees it.
    pub(super) private: bool,
}

/// Which scope is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// The outermost.
    Global,
    /// That of the running script file.
    Script,
    /// So many scopes outward.
    Up(usize),
}

impl Scope {
    /// By its name or number.
    #[must_use]
    pub(super) fn named(text: &str) -> Option<Self> {
        match text.to_ascii_lowercase().as_str() {
            "global" => Some(Self::Global),
            "script" => Some(Self::Script),
            "local" | "private" => Some(Self::Up(0)),
            number => number.parse().ok().map(Self::Up),
        }
    }

    fn place(self, frames: &[Frame]) -> Option<usize> {
        match self {
            Self::Global => Some(0),
            Self::Script => frames.iter().rposition(|frame| frame.script).or(Some(0)),
            Self::Up(count) => frames.len().checked_sub(count + 1),
        }
    }
}

/// Where a redirected stream goes.
#[derive(Clone)]
pub(super) enum Target {
    /// Nowhere.
    Nowhere,
    /// Into the output.
    Output(Option<Arc<dyn Sink>>),
    /// Into a file.
    File(String),
}

/// The state.
pub(super) struct Rt {
    pub(super) options: RunOptions,
    pub(super) frames: Mutex<Vec<Frame>>,
    pub(super) sinks: Mutex<Vec<Arc<dyn Sink>>>,
    pub(super) errors: List,
    pub(super) env: Mutex<HashMap<String, String>>,
    pub(super) aliases: Mutex<HashMap<String, String>>,
    pub(super) display: super::display::Display,
    pub(super) tries: Mutex<usize>,
    pub(super) ok: Mutex<bool>,
    pub(super) line: Mutex<i64>,
    pub(super) answers: Mutex<std::collections::VecDeque<String>>,
    pub(super) folder: Mutex<PathBuf>,
    pub(super) calls: Mutex<usize>,
    /// The version of strict mode; 0 when it is off.
    pub(super) strict: Mutex<u8>,
    /// The functions and blocks under way, with the lines that called them.
    pub(super) under_way: Mutex<Vec<(String, i64)>>,
    pub(super) failed: Mutex<bool>,
    pub(super) caught: Mutex<Vec<Obj>>,
    pub(super) texts: Mutex<Vec<Arc<rhai::AST>>>,
    pub(super) returned: Mutex<Vec<V>>,
    pub(super) redirections: Mutex<Vec<(char, Target)>>,
    pub(super) redirected_values: Mutex<Vec<(Arc<dyn Sink>, V)>>,
    /// Loops under way, for `$foreach`.
    pub(super) walks: Mutex<Vec<std::sync::Weak<super::walk::Walk>>>,
    /// The last lists of keys or values of dictionaries that were asked for, with the dictionary.
    pub(super) key_lists: Mutex<std::collections::VecDeque<(List, Hash)>>,
    pub(super) started: Instant,
    /// Members that `Update-TypeData` gave to types: type, name, member.
    pub(super) type_members: Mutex<Vec<(String, String, super::value::PropValue)>>,
    /// Where output is written down beside the console.
    pub(super) transcript: Arc<super::console::Transcript>,
    /// The parameters of each function of a kept text, closures too.
    pub(super) parameters: Mutex<HashMap<String, Vec<String>>>,
    /// Who runs texts of the exact form.
    pub(super) exact: Mutex<super::engine::Exact>,
    /// What takes the errors of the functions of a kept text that are under way.
    pub(super) handlers: Mutex<Vec<super::kept::Handler>>,
    /// The functions of a kept text that are under way.
    pub(super) functions: Mutex<Vec<String>>,
    /// Whether the function of a kept text that is called next gives its output as it comes.
    pub(super) live: Mutex<bool>,
    /// The values that methods of classes under way give.
    pub(super) method_values: Mutex<Vec<V>>,
    /// The types that the script defines.
    pub(super) declared: Arc<super::declared::Declared>,
    /// The lines of the script, for what errors say of their place.
    pub(super) source: Mutex<Vec<String>>,
    /// Where `Get-Random` has its numbers from.
    pub(super) random: Mutex<super::random::Source>,
    /// The generators that scripts made, by their numbers.
    pub(super) generators: Mutex<HashMap<i64, super::random::Source>>,
    numbers: AtomicU64,
}

/// State and call context together: what every function of the runtime gets.
#[derive(Clone, Copy)]
pub struct Cx<'a> {
    pub(super) rt: &'a Arc<Rt>,
    pub(super) call: &'a NativeCallContext<'a>,
}

impl Rt {
    pub(super) fn new(mut options: RunOptions) -> Self {
        let transcript = Arc::new(super::console::Transcript::default());
        options.console = Arc::new(super::console::Written {
            console: options.console,
            transcript: transcript.clone(),
            colours: options.colours,
        });
        let mut global = Frame::default();
        for (name, value) in [
            ("ErrorActionPreference", preference("Continue")),
            ("WarningPreference", preference("Continue")),
            ("VerbosePreference", preference("SilentlyContinue")),
            ("DebugPreference", preference("SilentlyContinue")),
            ("InformationPreference", preference("SilentlyContinue")),
            ("ProgressPreference", preference("Continue")),
            (
                "ConfirmPreference",
                super::enums::by_name("System.Management.Automation.ConfirmImpact", "High").unwrap_or_default(),
            ),
            ("WhatIfPreference", V::Bool(false)),
            ("MaximumHistoryCount", V::Int(4096)),
            ("FormatEnumerationLimit", V::Int(4)),
            ("PSDefaultParameterValues", V::Hash(Hash::new(HashKind::Table))),
            ("PSSessionOption", V::Null),
            ("OutputEncoding", super::dotnet::encoding::named("utf-8")),
            ("PSHOME", V::from("/opt/microsoft/powershell/7")),
            ("PSEdition", V::from("Core")),
            ("PSCulture", V::from("en-US")),
            ("PSUICulture", V::from("en-US")),
            ("HOME", V::from("/home/admin")),
            ("PID", V::Int(4242)),
            ("ShellId", V::from("Microsoft.PowerShell")),
            ("IsWindows", V::Bool(false)),
            ("IsLinux", V::Bool(true)),
            ("IsMacOS", V::Bool(false)),
            ("IsCoreCLR", V::Bool(true)),
            ("NestedPromptLevel", V::Int(0)),
            ("ErrorView", V::from("ConciseView")),
            ("LASTEXITCODE", V::Null),
            ("PSStyle", super::style::object()),
        ] {
            global.vars.insert(name.to_lowercase(), Var { name: name.to_owned(), value, ..Var::default() });
        }
        let folder = options.folder.clone();
        super::dates::use_zone(&options.zone);
        super::dates::use_clock(options.now);
        Self {
            display: super::display::Display::new(options.width, options.exchange.as_deref()),
            answers: Mutex::new(options.answers.iter().cloned().collect()),
            frames: Mutex::new(vec![global]),
            sinks: Mutex::new(Vec::new()),
            errors: List::of(ListKind::ArrayList, Vec::new()),
            env: Mutex::new(default_environment()),
            aliases: Mutex::new(HashMap::new()),
            tries: Mutex::new(0),
            ok: Mutex::new(true),
            line: Mutex::new(0),
            folder: Mutex::new(folder),
            calls: Mutex::new(0),
            strict: Mutex::default(),
            under_way: Mutex::default(),
            failed: Mutex::new(false),
            caught: Mutex::new(Vec::new()),
            texts: Mutex::new(Vec::new()),
            returned: Mutex::new(Vec::new()),
            redirections: Mutex::new(Vec::new()),
            redirected_values: Mutex::new(Vec::new()),
            exact: Mutex::default(),
            handlers: Mutex::default(),
            walks: Mutex::default(),
            key_lists: Mutex::default(),
            started: Instant::now(),
            type_members: Mutex::default(),
            transcript,
            parameters: Mutex::new(HashMap::new()),
            functions: Mutex::default(),
            live: Mutex::new(false),
            method_values: Mutex::default(),
            declared: Arc::default(),
            source: Mutex::default(),
            random: Mutex::new(super::random::Source::Host),
            generators: Mutex::default(),
            numbers: AtomicU64::new(1),
            options,
        }
    }

    pub(super) fn number(&self) -> u64 {
        self.numbers.fetch_add(1, Ordering::Relaxed)
    }

    /// Looks a variable up through all scopes, innermost first.
    pub(super) fn get(&self, name: &str) -> Option<V> {
        let key = name.to_lowercase();
        let frames = lock(&self.frames);
        let own = frames.len().saturating_sub(1);
        let visible = |at: usize, var: &&Var| at == own || !var.private;
        let mut found = frames
            .iter()
            .enumerate()
            .rev()
            .filter_map(|(at, frame)| frame.vars.get(&key).filter(|var| visible(at, var)));
        found.next().map(|var| var.value.clone())
    }

    /// Looks a variable up in one scope only.
    pub(super) fn get_at(&self, scope: Scope, name: &str) -> Option<V> {
        let frames = lock(&self.frames);
        let frame = frames.get(scope.place(&frames)?)?;
        frame.vars.get(&name.to_lowercase()).map(|var| var.value.clone())
    }

    /// Sets a variable in one scope; false when there is no such scope.
    pub(super) fn set_at(&self, scope: Scope, name: &str, value: V) -> bool {
        let mut frames = lock(&self.frames);
        let Some(frame) = scope.place(&frames).and_then(|at| frames.get_mut(at)) else { return false };
        set_in(frame, name, value);
        true
    }

    /// Lets only its own scope see a variable.
    pub(super) fn make_private(&self, name: &str) {
        if let Some(var) = lock(&self.frames).last_mut().and_then(|frame| frame.vars.get_mut(&name.to_lowercase())) {
            var.private = true;
        }
    }

    /// The value of a variable as text, for preferences.
    pub(super) fn get_text(&self, name: &str) -> String {
        self.get(name).map(|value| super::text::to_string(&value)).unwrap_or_default()
    }

    /// Sets a variable in the innermost scope without regard to its type.
    pub(super) fn set(&self, name: &str, value: V) {
        self.notice(name, &value);
        let mut frames = lock(&self.frames);
        if let Some(frame) = frames.last_mut() {
            set_in(frame, name, value);
        }
    }

    /// Preferences that change how output looks.
    fn notice(&self, name: &str, value: &V) {
        if !name.eq_ignore_ascii_case("FormatEnumerationLimit") {
            return;
        }
        let limit = super::number::plain(value).and_then(super::number::Num::long);
        let limit = limit.and_then(|limit| i32::try_from(limit).ok()).unwrap_or(4);
        let rest = self.display.change(|settings| settings.enumeration_limit = limit);
        if !rest.is_empty() {
            self.options.console.out(&rest);
        }
    }

    /// Sets a variable in the script's scope.
    pub(super) fn set_global(&self, name: &str, value: V) {
        self.notice(name, &value);
        let mut frames = lock(&self.frames);
        if let Some(frame) = frames.first_mut() {
            set_in(frame, name, value);
        }
    }

    /// The types and validations a variable of the innermost scope has.
    pub(super) fn constraints(&self, name: &str) -> Option<Var> {
        let key = name.to_lowercase();
        let frames = lock(&self.frames);
        frames
            .last()
            .and_then(|frame| frame.vars.get(&key))
            .filter(|var| !var.types.is_empty() || !var.validations.is_empty())
            .cloned()
    }

    /// Gives a variable of the innermost scope its types and validations.
    pub(super) fn constrain(&self, name: &str, types: Vec<String>, validations: Vec<(String, Vec<V>)>) {
        let mut frames = lock(&self.frames);
        if let Some(frame) = frames.last_mut() {
            let var = frame.vars.entry(name.to_lowercase()).or_default();
            var.name = name.to_owned();
            var.types = types;
            var.validations = validations;
        }
    }

    pub(super) fn remove_variable(&self, name: &str) {
        let key = name.to_lowercase();
        for frame in lock(&self.frames).iter_mut().rev() {
            if frame.vars.remove(&key).is_some() {
                return;
            }
        }
    }

    /// A function by its name, innermost scope first.
    pub(super) fn function(&self, name: &str) -> Option<Block> {
        let key = name.to_lowercase();
        lock(&self.frames).iter().rev().find_map(|frame| frame.functions.get(&key).cloned())
    }

    /// The name of the function that a kept text calls `kept`: case and the marks between words aside.
    pub(super) fn function_called(&self, kept: &str) -> Option<String> {
        let plain = |name: &str| name.replace(['_', '-'], "").to_lowercase();
        let wanted = plain(kept);
        let frames = lock(&self.frames);
        frames.iter().rev().flat_map(|frame| frame.functions.keys()).find(|name| plain(name) == wanted).cloned()
    }

    pub(super) fn define(&self, name: &str, block: Block) {
        let (scope, name) = match name.split_once(':') {
            Some((scope, rest)) => (Scope::named(scope).unwrap_or(Scope::Up(0)), rest),
            None => (Scope::Up(0), name),
        };
        let mut frames = lock(&self.frames);
        if let Some(frame) = scope.place(&frames).and_then(|at| frames.get_mut(at)) {
            frame.functions.insert(name.to_lowercase(), block);
        }
    }

    /// Adds to `$Error`.
    pub(super) fn remember_error(&self, record: &Obj) {
        let mut errors = self.errors.lock();
        if !errors.iter().any(|known| matches!(known, V::Obj(known) if known.same(record))) {
            errors.insert(0, V::Obj(record.clone()));
            errors.truncate(256);
        }
    }

    pub(super) fn in_try(&self) -> bool {
        *lock(&self.tries) > 0
    }
}

/// Sets a variable of one scope; its first spelling stays.
pub(super) fn set_in(frame: &mut Frame, name: &str, value: V) {
    let var = frame.vars.entry(name.to_lowercase()).or_default();
    if var.name.is_empty() {
        name.clone_into(&mut var.name);
    }
    var.value = value;
}

fn preference(name: &str) -> V {
    super::enums::by_name("System.Management.Automation.ActionPreference", name).unwrap_or_default()
}

fn default_environment() -> HashMap<String, String> {
    [
        ("TEMP", "C:\\Temp"),
        ("TMP", "C:\\Temp"),
        ("USERNAME", "admin"),
        ("USERPROFILE", "C:\\Users\\admin"),
        ("COMPUTERNAME", "EXSH"),
        ("USERDOMAIN", "CONTOSO"),
        ("PATH", "/usr/bin"),
    ]
    .into_iter()
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .collect()
}

impl Rt {
    /// Why the script must end now, if it must.
    pub(super) fn ending(&self) -> Option<&'static str> {
        if self.options.interrupted.as_ref().is_some_and(|interrupted| interrupted()) {
            return Some("interrupted");
        }
        let late = self.options.deadline.is_some_and(|deadline| Instant::now() > deadline);
        late.then_some("the script took too long")
    }
}

impl Rt {
    /// What stands in a line of the script, from 1, unless another text runs.
    pub(super) fn line_of_script(&self, line: i64) -> Option<String> {
        let texts = lock(&self.texts);
        let other = matches!((texts.first(), texts.last()), (Some(first), Some(last)) if !Arc::ptr_eq(first, last));
        let at = usize::try_from(line).ok()?.checked_sub(1)?;
        (!other).then(|| lock(&self.source).get(at).cloned()).flatten()
    }

    /// Whether a stream is redirected; the record then goes where it is to go.
    pub(super) fn redirected(&self, stream: char, record: &V) -> bool {
        let found = lock(&self.redirections)
            .iter()
            .rev()
            .find(|(from, _)| *from == stream || *from == '*')
            .map(|(_, to)| to.clone());
        match found {
            None => false,
            Some(Target::Output(Some(sink))) => {
                lock(&self.redirected_values).push((sink, record.clone()));
                true
            }
            Some(Target::File(path)) => {
                super::files::append_line(self, &path, &super::text::to_string(record));
                true
            }
            Some(_) => true,
        }
    }

    /// Sets a variable where it is, innermost scope first.
    pub(super) fn set_nearest(&self, name: &str, value: V) {
        let key = name.to_lowercase();
        for frame in lock(&self.frames).iter_mut().rev() {
            if let Some(var) = frame.vars.get_mut(&key) {
                var.value = value;
                return;
            }
        }
    }

    /// The variables that are visible here.
    pub(super) fn visible_variables(&self) -> Vec<(String, V)> {
        let frames = lock(&self.frames);
        let own = frames.last().map(|frame| {
            frame
                .vars
                .values()
                .filter(|var| !var.name.is_empty() && var.name != "_")
                .map(|var| (var.name.clone(), var.value.clone()))
                .collect()
        });
        own.unwrap_or_default()
    }

    pub(super) fn own_item(&self) -> Option<V> {
        lock(&self.frames).last().and_then(|frame| frame.vars.get("_")).map(|var| var.value.clone())
    }

    pub(super) fn forget_item(&self) {
        if let Some(frame) = lock(&self.frames).last_mut() {
            frame.vars.remove("_");
        }
    }
}
