//! Calling commands by name: functions of the script, built-ins, Exchange's cmdlets, script files.
//!
//! What built-ins do is in `builtin`; how arguments find parameters in `bind`.

use std::sync::{Arc, Mutex};

use super::bind::Bound;
use super::block::Block;
use super::builtin::{self, Builtin};
use super::fault::{Fault, Problem, Reach, Res};
use super::gather::Stream;
use super::invoke::BlockStage;
use super::options::Message;
use super::pipe::{Sink, Stage};
use super::state::Cx;
use super::value::{Obj, V, lock};

/// A call that has not begun.
#[derive(Debug, Clone)]
pub struct Call {
    target: V,
    args: Vec<V>,
    dot: bool,
    number: u64,
    merge: String,
}

/// Where in a pipeline a call stands.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// Whether objects are piped in.
    pub piped: bool,
}

impl Call {
    /// A call of a name or block.
    pub fn new(cx: Cx<'_>, target: V, args: Vec<V>, dot: bool) -> Self {
        Self { target, args, dot, number: cx.rt.number(), merge: String::new() }
    }

    /// The number by which a stage asks for an end.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.number
    }

    /// The same call with streams merged into its output.
    #[must_use]
    pub fn merging(&self, streams: &str) -> Self {
        Self { merge: streams.to_owned(), ..self.clone() }
    }

    /// Finds the command and makes a stage of it, its merged streams going on with its output.
    pub fn start(&self, cx: Cx<'_>, next: Arc<dyn Sink>, place: Place) -> Res<Arc<dyn Stage>> {
        if self.merge.is_empty() {
            return self.find(cx, next, place);
        }
        let next: Arc<dyn Sink> = Arc::new(super::pipe::Flushing(next));
        let stage = self.find(cx, next.clone(), place)?;
        Ok(Arc::new(super::pipe::Merging { stage, next, streams: self.merge.clone() }))
    }

    /// Finds the command and makes a stage of it.
    ///
    /// # Errors
    /// When there is no such command, or its arguments do not fit.
    fn find(&self, cx: Cx<'_>, next: Arc<dyn Sink>, place: Place) -> Res<Arc<dyn Stage>> {
        let target = match &self.target {
            V::Obj(object)
                if object.is("System.Management.Automation.FunctionInfo")
                    || object.is("System.Management.Automation.CmdletInfo") =>
            {
                object.note("Name").unwrap_or_default()
            }
            other => other.clone(),
        };
        if let V::Block(block) = target {
            return Ok(Arc::new(BlockStage::new(block, "", self.args.clone(), self.dot, next, place.piped)));
        }
        let written = super::text::interpolated(&target);
        let name = alias(cx, &written);
        if let Some(block) = cx.rt.function(&name) {
            let stage = BlockStage::new(block, &name, self.args.clone(), self.dot, next, place.piped);
            return Ok(Arc::new(stage.known_as(&written)));
        }
        if let Some(block) = of_text(cx, &name) {
            return Ok(Arc::new(BlockStage::new(block, &name, self.args.clone(), self.dot, next, place.piped)));
        }
        let plain = name.rsplit('\\').next().unwrap_or(&name).to_owned();
        let start = |builtin: &'static Builtin, next: Arc<dyn Sink>| {
            let defaults = super::bind::default_parameters(cx, builtin.name)?;
            let out = Out { next, call: self.number, common: Arc::default() };
            BuiltinStage::start(cx, builtin, &self.args, defaults, out, place)
        };
        if let Some(builtin) = builtin::find(&plain) {
            return start(builtin, next);
        }
        if let Some(exchange) = cx.rt.options.exchange.clone()
            && let Some(stage) = super::exchange::stage(cx, &exchange, &plain, &self.args, &next, self.number, place)?
        {
            return Ok(stage);
        }
        if let Some(builtin) = builtin::find_late(&plain) {
            return start(builtin, next);
        }
        let lower = name.to_lowercase();
        if lower.ends_with(".ps1") {
            return super::invoke::script_stage(cx, &name, self.args.clone(), self.dot, next, place.piped);
        }
        unknown(written).err()
    }

    /// Whether there is such a command.
    ///
    /// # Errors
    /// When there is none.
    pub(super) fn exists(&self, cx: Cx<'_>) -> Res<()> {
        let written = super::text::interpolated(&self.target);
        let name = alias(cx, &written);
        let plain = name.rsplit('\\').next().unwrap_or(&name);
        let known = matches!(self.target, V::Block(_) | V::Obj(_))
            || cx.rt.function(&name).is_some()
            || of_text(cx, &name).is_some()
            || builtin::find(plain).or_else(|| builtin::find_late(plain)).is_some()
            || cx.rt.options.exchange.as_ref().is_some_and(|exchange| exchange.find(plain).is_some())
            || name.to_lowercase().ends_with(".ps1");
        if known { Ok(()) } else { unknown(written).err() }
    }
}

/// A function of a kept text, by its name in PowerShell.
fn of_text(cx: Cx<'_>, name: &str) -> Option<Block> {
    let known = lock(&cx.rt.parameters);
    if known.is_empty() {
        return None; // the exact form, where functions are known by their names
    }
    let own = crate::catalog::snake_name(name);
    known.contains_key(&own).then(|| rhai::FnPtr::new(own).ok()).flatten().map(Block::bare)
}

/// There is no such command.
fn unknown(written: String) -> Problem {
    if written.is_empty() {
        return Problem::new(
            "BadExpression",
            "InvalidOperation",
            "The expression after '&' in a pipeline element produced an object that was not valid. It must result in a command name, a script block, or a CommandInfo object.",
        );
    }
    Problem::new(
        "CommandNotFoundException",
        "ObjectNotFound",
        format!("The term '{written}' is not recognized as a name of a cmdlet, function, script file, or executable program.\nCheck the spelling of the name, or if a path was included, verify that the path is correct and try again."),
    )
    .exception("System.Management.Automation.CommandNotFoundException")
    .target(V::from(written))
}

/// The command that an alias means.
pub(super) fn alias(cx: Cx<'_>, name: &str) -> String {
    if cx.rt.function(name).is_some() {
        return name.to_owned();
    }
    let own = lock(&cx.rt.aliases).get(&name.to_lowercase()).cloned();
    if let Some(own) = own {
        return own;
    }
    let windows = cx.rt.options.windows_aliases;
    builtin::ALIASES
        .iter()
        .find(|(alias, _, only_windows)| alias.eq_ignore_ascii_case(name) && (windows || !only_windows))
        .map_or_else(|| name.to_owned(), |(_, full, _)| (*full).to_owned())
}

/// The aliases there are, with what they stand for; the script's own hide those of PowerShell.
#[must_use]
pub(super) fn own_aliases(cx: Cx<'_>) -> Vec<(String, String)> {
    let windows = cx.rt.options.windows_aliases;
    let own = lock(&cx.rt.aliases);
    let mut known: Vec<(String, String)> = builtin::ALIASES
        .iter()
        .filter(|(alias, _, only_windows)| (windows || !only_windows) && !own.contains_key(&alias.to_lowercase()))
        .map(|(alias, full, _)| ((*alias).to_owned(), (*full).to_owned()))
        .collect();
    let builtin = known.len();
    known.extend(own.iter().map(|(alias, full)| (alias.clone(), full.clone())));
    known[builtin..].sort();
    known
}

/// How a command's messages and errors go on: its common parameters.
#[derive(Debug, Clone, Default)]
pub(super) struct Common {
    pub(super) error_action: Option<String>,
    pub(super) warning_action: Option<String>,
    pub(super) information_action: Option<String>,
    pub(super) error_variable: Option<String>,
    pub(super) warning_variable: Option<String>,
    pub(super) information_variable: Option<String>,
    pub(super) out_variable: Option<String>,
    pub(super) pipeline_variable: Option<String>,
    pub(super) verbose: Option<bool>,
    pub(super) debug: Option<bool>,
}

impl Common {
    /// From bound parameters.
    #[must_use]
    pub(super) fn of(bound: &Bound) -> Self {
        Self {
            error_action: bound.get("ErrorAction").map(action),
            warning_action: bound.get("WarningAction").map(action),
            information_action: bound.get("InformationAction").map(action),
            error_variable: bound.text("ErrorVariable"),
            warning_variable: bound.text("WarningVariable"),
            information_variable: bound.text("InformationVariable"),
            out_variable: bound.text("OutVariable"),
            pipeline_variable: bound.text("PipelineVariable"),
            verbose: bound.has("Verbose").then(|| bound.flag("Verbose")),
            debug: bound.has("Debug").then(|| bound.flag("Debug")),
        }
    }
}

/// An action preference in full.
#[must_use]
pub(super) fn action(value: &V) -> String {
    let number = match value {
        V::Int(number) => super::enums::by_number("System.Management.Automation.ActionPreference", *number),
        other => super::enums::by_name("System.Management.Automation.ActionPreference", &super::text::to_string(other)),
    };
    super::text::to_string(&number.unwrap_or_else(|| value.clone()))
}

/// Where a built-in's output, messages and errors go.
#[derive(Clone)]
pub(super) struct Out {
    next: Arc<dyn Sink>,
    call: u64,
    common: Arc<Mutex<Common>>,
}

impl Out {
    /// For a stage that is no built-in.
    pub(super) fn new(next: Arc<dyn Sink>, call: u64, common: Common) -> Self {
        Self { next, call, common: Arc::new(Mutex::new(common)) }
    }

    /// Empties the variables that collect what comes.
    pub(super) fn begin(&self, cx: Cx<'_>) {
        let common = self.common();
        let collecting =
            [&common.error_variable, &common.warning_variable, &common.information_variable, &common.out_variable];
        for variable in collecting.into_iter().flatten() {
            if !variable.starts_with('+') {
                cx.rt.set(variable, V::List(super::value::List::of(super::value::ListKind::ArrayList, Vec::new())));
            }
        }
    }

    /// Gives one object on.
    pub(super) fn push(&self, cx: Cx<'_>, value: V) -> Res<()> {
        let Common { out_variable, pipeline_variable, .. } = self.common();
        if let Some(variable) = out_variable {
            append(cx, &variable, value.clone());
        }
        if let Some(variable) = pipeline_variable {
            cx.rt.set(&variable, value.clone());
        }
        self.next.push(cx, value)
    }

    /// The sink that takes the output; what passes is kept where `-OutVariable` asks for it.
    pub(super) fn sink(&self) -> Arc<dyn Sink> {
        let keeps = {
            let common = lock(&self.common);
            common.out_variable.is_some() || common.pipeline_variable.is_some()
        };
        if keeps { Arc::new(self.clone()) } else { self.next.clone() }
    }

    /// Ends the pipeline up to this stage: nothing more is wanted.
    pub(super) fn enough<T>(&self) -> Res<T> {
        Err(Box::new(Fault::Enough(self.call)))
    }

    /// Reports an error that does not end the command, unless its action says otherwise.
    pub(super) fn error(&self, cx: Cx<'_>, problem: Problem) -> Res<()> {
        self.error_record(cx, &problem.record())
    }

    /// [`Out::error`] with a record.
    pub(super) fn error_record(&self, cx: Cx<'_>, record: &Obj) -> Res<()> {
        let common = lock(&self.common).clone();
        write_error(cx, record, &common)
    }

    /// The common parameters.
    pub(super) fn common(&self) -> Common {
        lock(&self.common).clone()
    }
}

impl Sink for Out {
    fn push(&self, cx: Cx<'_>, value: V) -> Res<()> {
        Self::push(self, cx, value)
    }
}

/// Adds to the list that a parameter such as `-WarningVariable` names.
pub(super) fn append(cx: Cx<'_>, variable: &str, value: V) {
    let name = variable.trim_start_matches('+');
    let mut items = match cx.rt.get(name) {
        Some(V::List(list)) => list.items(),
        _ => Vec::new(),
    };
    items.push(value);
    cx.rt.set(name, V::List(super::value::List::of(super::value::ListKind::ArrayList, items)));
}

/// Reports a non-terminating error as the action preferences say.
pub(super) fn write_error(cx: Cx<'_>, record: &Obj, common: &Common) -> Res<()> {
    super::trace::locate(cx.rt, record);
    if let Some(variable) = &common.error_variable {
        append(cx, variable, V::Obj(record.clone()));
    }
    super::gather::add(cx, Stream::Errors, &V::Obj(record.clone()));
    *lock(&cx.rt.ok) = false;
    *lock(&cx.rt.failed) = true;
    let action = common.error_action.clone().unwrap_or_else(|| cx.rt.get_text("ErrorActionPreference"));
    match action.to_lowercase().as_str() {
        "ignore" => Ok(()),
        "silentlycontinue" => {
            cx.rt.remember_error(record);
            Ok(())
        }
        "stop" => Err(Box::new(Fault::Error(record.clone(), Reach::Script))),
        _ => {
            cx.rt.remember_error(record);
            super::errors::show(cx.rt, record);
            Ok(())
        }
    }
}

/// Writes a message as its preference says; gives whether it was shown.
pub(super) fn write_message(cx: Cx<'_>, kind: Message, text: &str, common: &Common) -> Res<bool> {
    if kind == Message::Warning {
        let record = V::Obj(super::errors::message_record(kind, text));
        if let Some(variable) = &common.warning_variable {
            append(cx, variable, record.clone());
        }
        super::gather::add(cx, Stream::Warnings, &record);
    }
    if kind == Message::Information
        && let Some(variable) = &common.information_variable
    {
        append(cx, variable, super::errors::information(V::from(text), text, Vec::new()));
    }
    let (preference, own) = match kind {
        Message::Warning => ("WarningPreference", common.warning_action.clone()),
        Message::Verbose => {
            ("VerbosePreference", common.verbose.map(|on| if on { "Continue" } else { "SilentlyContinue" }.to_owned()))
        }
        Message::Debug => {
            ("DebugPreference", common.debug.map(|on| if on { "Continue" } else { "SilentlyContinue" }.to_owned()))
        }
        Message::Information => ("InformationPreference", common.information_action.clone()),
    };
    let action = own.unwrap_or_else(|| cx.rt.get_text(preference));
    match action.to_lowercase().as_str() {
        "ignore" | "silentlycontinue" => Ok(false),
        "stop" => Problem::new("ActionPreferenceStop,Microsoft.PowerShell.Commands.WriteWarningCommand", "OperationStopped", format!("The running command stopped because the preference variable \"{preference}\" or common parameter is set to Stop: {text}"))
            .exception("System.Management.Automation.ActionPreferenceStopException")
            .err(),
        _ => {
            super::errors::message(cx.rt, kind, text);
            Ok(true)
        }
    }
}

/// A running built-in.
struct BuiltinStage {
    builtin: &'static Builtin,
    bound: Bound,
    /// How its error ids end.
    id: String,
    out: Out,
    state: Mutex<builtin::Memory>,
    piped: bool,
    started: Mutex<bool>,
    /// Parameters that a script block gives for each object.
    delayed: Vec<&'static str>,
}

impl BuiltinStage {
    fn start(
        cx: Cx<'_>,
        builtin: &'static Builtin,
        args: &[V],
        defaults: Vec<(String, V)>,
        out: Out,
        place: Place,
    ) -> Res<Arc<dyn Stage>> {
        let id = builtin::class_name(builtin.name);
        let plain: Vec<V> = if builtin.name == "Write-Host" {
            args.to_vec()
        } else {
            args.iter().map(super::exchange::unspelled).collect()
        };
        let (bound, _) = builtin::signature_of(builtin).bind(cx, &id, &plain, defaults, place.piped)?;
        builtin::check(builtin.name, &id, &bound, place.piped)?;
        *lock(&out.common) = Common::of(&bound);
        out.begin(cx);
        let state = Mutex::new(builtin::Memory::default());
        let is_block = |name: &&&str| matches!(bound.get(name), Some(V::Block(_)));
        let delayed = builtin::delayed(builtin.name).iter().filter(is_block).copied().collect();
        Ok(Arc::new(Self { builtin, bound, id, out, state, piped: place.piped, started: Mutex::new(false), delayed }))
    }

    fn guarded(&self, cx: Cx<'_>, result: Res<()>) -> Res<()> {
        result.map_err(|fault| match *fault {
            Fault::Error(record, reach) => {
                let common = lock(&self.out.common).clone();
                let (_, id, _) = super::fault::summary(&record);
                if let Some(variable) = &common.error_variable
                    && id.ends_with(&self.id)
                {
                    let wrapped = super::fault::exception(
                        "System.Management.Automation.CmdletInvocationException",
                        &super::fault::summary(&record).0,
                    );
                    wrapped.set("ErrorRecord", V::Obj(record.clone()));
                    append(cx, variable, V::Obj(wrapped));
                }
                let own = id.ends_with(&self.id) && common.error_action.as_deref() == Some("Stop");
                Box::new(Fault::Error(record, if own { Reach::Script } else { reach }))
            }
            other => Box::new(other),
        })
    }

    /// The parameters with those computed that a script block gives for each object.
    fn delayed(&self, cx: Cx<'_>, input: Option<&V>) -> Res<Option<Bound>> {
        let Some(input) = input.filter(|_| !self.delayed.is_empty()) else { return Ok(None) };
        let mut bound = self.bound.clone();
        for name in &self.delayed {
            if let Some(V::Block(block)) = self.bound.get(name) {
                let found = super::invoke::collect_with_item(cx, block, input.clone(), Vec::new())?;
                bound.set(name, V::from_outputs(found));
            }
        }
        Ok(Some(bound))
    }

    fn context(&self) -> builtin::Ctx<'_> {
        builtin::Ctx { bound: &self.bound, out: &self.out, piped: self.piped, id: &self.id }
    }
}

impl Stage for BuiltinStage {
    fn begin(&self, cx: Cx<'_>) -> Res<()> {
        if let Some(begin) = self.builtin.begin {
            let result = begin(cx, &self.context(), &self.state);
            return self.guarded(cx, result);
        }
        Ok(())
    }

    fn process(&self, cx: Cx<'_>, input: Option<V>) -> Res<()> {
        *lock(&self.started) = true;
        if let Some(input) = &input {
            let checked = builtin::check_input(self.builtin.name, &self.id, input);
            self.guarded(cx, checked)?;
        }
        let result = match self.builtin.work {
            builtin::Work::Each(each) => {
                let bound = self.delayed(cx, input.as_ref())?;
                let context = builtin::Ctx { bound: bound.as_ref().unwrap_or(&self.bound), ..self.context() };
                each(cx, &context, &self.state, input)
            }
            builtin::Work::All(_) => {
                if let Some(input) = input {
                    lock(&self.state).input.push(input);
                }
                Ok(())
            }
        };
        self.guarded(cx, result)
    }

    fn end(&self, cx: Cx<'_>) -> Res<()> {
        let result = match self.builtin.work {
            builtin::Work::Each(_) => match self.builtin.end {
                Some(end) => end(cx, &self.context(), &self.state),
                None => Ok(()),
            },
            builtin::Work::All(all) => {
                let input = std::mem::take(&mut lock(&self.state).input);
                all(cx, &self.context(), input)
            }
        };
        self.guarded(cx, result)
    }
}
