//! Automatic variables that are made on demand: `$PSScriptRoot`, `$MyInvocation`, `$Host`, `$PSVersionTable` …
//!
//! Ordinary variables are in `state`.

use super::bind::Bound;
use super::state::{Cx, Rt};
use super::value::{EnumValue, Hash, HashKind, Obj, V, lock};

/// The value of an automatic variable; `None` when the name is none.
#[must_use]
pub(super) fn variable(rt: &Rt, name: &str) -> Option<V> {
    Some(match name.to_lowercase().as_str() {
        "true" => V::Bool(true),
        "false" => V::Bool(false),
        "null" => V::Null,
        "error" => V::List(rt.errors.clone()),
        "?" => V::Bool(*lock(&rt.ok)),
        "pwd" => V::Obj(
            Obj::new("System.Management.Automation.PathInfo", [("Path", V::from(super::files::shown_folder(rt)))])
                .with_text(&super::files::shown_folder(rt)),
        ),
        "psscriptroot" => V::from(
            script_path(rt)
                .and_then(|path| path.rsplit_once('/').map(|(folder, _)| folder.to_owned()))
                .unwrap_or_default(),
        ),
        "pscommandpath" => V::from(script_path(rt).unwrap_or_default()),
        "psversiontable" => V::Hash(Hash::from_entries(
            HashKind::Ordered,
            [
                (V::from("PSVersion"), V::Obj(version())),
                (V::from("PSEdition"), V::from("Core")),
                (V::from("GitCommitId"), V::from("7.6.5")),
                (V::from("OS"), V::from("Linux")),
                (V::from("Platform"), V::from("Unix")),
                (
                    V::from("PSCompatibleVersions"),
                    V::array(
                        ["1.0", "2.0", "3.0", "4.0", "5.0", "5.1", "6.0", "7.0", "7.6"]
                            .iter()
                            .filter_map(|text| text.parse().ok().map(V::Version))
                            .collect(),
                    ),
                ),
                (V::from("PSRemotingProtocolVersion"), "2.3".parse().map_or(V::Null, V::Version)),
                (V::from("SerializationVersion"), "1.1.0.1".parse().map_or(V::Null, V::Version)),
                (V::from("WSManStackVersion"), "3.0".parse().map_or(V::Null, V::Version)),
            ],
        )),
        "host" => host(rt),
        "executioncontext" => {
            let commands = Obj::new(super::dotnet::COMMANDS, Vec::<(&str, V)>::new());
            V::Obj(Obj::new("System.Management.Automation.EngineIntrinsics", [("InvokeCommand", V::Obj(commands))]))
        }
        "psculture" | "psuiculture" => V::from("en-US"),
        "myinvocation" => {
            let path = script_path(rt).unwrap_or_default();
            let name = path.rsplit('/').next().unwrap_or_default().to_owned();
            invocation(&name, &path, &Bound::default())
        }
        "foreach" => super::walk::variable(rt, super::walk::Word::Foreach),
        "switch" => super::walk::variable(rt, super::walk::Word::Switch),
        "args" => V::array(rt.options.arguments.clone()),
        "input" => V::array(Vec::new()),
        _ => return None,
    })
}

fn version() -> Obj {
    semantic_version("7.6.5")
        .unwrap_or_else(|| Obj::new("System.Management.Automation.SemanticVersion", Vec::<(&str, V)>::new()))
}

/// `Major.Minor.Patch-Label+Build` as a version object; parts that are not written are zero.
#[must_use]
pub(super) fn semantic_version(text: &str) -> Option<Obj> {
    let text = text.trim();
    let (rest, build) = text.split_once('+').map_or((text, None), |(rest, build)| (rest, Some(build)));
    let (numbers, label) = rest.split_once('-').map_or((rest, None), |(rest, label)| (rest, Some(label)));
    let parts: Vec<i32> = numbers.split('.').map(|part| part.parse().ok()).collect::<Option<_>>()?;
    let (major, more) = parts.split_first().filter(|(_, more)| more.len() < 3)?;
    let (minor, patch) = (more.first().copied().unwrap_or(0), more.get(1).copied().unwrap_or(0));
    let tail = |mark: char, part: Option<&str>| part.map(|part| format!("{mark}{part}")).unwrap_or_default();
    let shown = format!("{major}.{minor}.{patch}{}{}", tail('-', label), tail('+', build));
    let made = Obj::new(
        "System.Management.Automation.SemanticVersion",
        [
            ("Major", V::Int(*major)),
            ("Minor", V::Int(minor)),
            ("Patch", V::Int(patch)),
            ("PreReleaseLabel", label.map_or(V::Null, V::from)),
            ("BuildLabel", build.map_or(V::Null, V::from)),
        ],
    );
    Some(made.with_text(&shown))
}

fn script_path(rt: &Rt) -> Option<String> {
    rt.options.script.as_ref().map(|path| path.display().to_string())
}

fn host(rt: &Rt) -> V {
    let size = Obj::new(
        "System.Management.Automation.Host.Size",
        [("Width", V::count(rt.options.width)), ("Height", V::Int(50))],
    );
    let raw = Obj::new(
        "System.Management.Automation.Internal.Host.InternalHostRawUserInterface",
        [
            ("WindowSize", V::Obj(size.clone())),
            ("BufferSize", V::Obj(size)),
            ("WindowTitle", V::from("exsh")),
            ("ForegroundColor", V::from("Gray")),
            ("BackgroundColor", V::from("Black")),
        ],
    );
    let ui = Obj::new("System.Management.Automation.Internal.Host.InternalHostUserInterface", [("RawUI", V::Obj(raw))]);
    V::Obj(Obj::new(
        "System.Management.Automation.Internal.Host.InternalHost",
        [
            ("Name", V::from("ConsoleHost")),
            ("Version", V::Obj(version())),
            ("UI", V::Obj(ui)),
            ("CurrentCulture", V::Obj(super::dotnet::culture::culture("en-US"))),
            ("CurrentUICulture", V::Obj(super::dotnet::culture::culture("en-US"))),
            ("PrivateData", V::Null),
        ],
    ))
}

/// `$MyInvocation` of a function.
#[must_use]
pub(super) fn my_invocation(cx: Cx<'_>, name: &str, called: &str, piped: bool, bound: &Bound) -> V {
    let path = if name.ends_with(".ps1") {
        super::files::shown(cx.rt, &super::files::resolve(cx, name))
    } else {
        String::new()
    };
    let made = invocation(name, &path, bound);
    if let V::Obj(object) = &made {
        object.set("InvocationName", V::from(called));
        object.set("ScriptLineNumber", V::integer(*lock(&cx.rt.line)));
        object.set("Line", V::from(cx.rt.line_of_script(*lock(&cx.rt.line)).unwrap_or_default()));
        object.set("ScriptName", V::from(script_path(cx.rt).unwrap_or_default()));
        object.set("ExpectingInput", V::Bool(piped));
    }
    made
}

fn invocation(name: &str, path: &str, bound: &Bound) -> V {
    let command = Obj::new(
        "System.Management.Automation.FunctionInfo",
        [
            ("Name", V::from(name)),
            ("Path", V::from(path)),
            ("Definition", V::from(path)),
            ("Source", V::from(path)),
            ("CommandType", V::from(if name.ends_with(".ps1") { "ExternalScript" } else { "Function" })),
        ],
    )
    .with_text(name);
    V::Obj(Obj::new(
        "System.Management.Automation.InvocationInfo",
        [
            ("MyCommand", V::Obj(command)),
            ("BoundParameters", V::Hash(bound.table())),
            ("UnboundArguments", V::array(bound.rest.clone())),
            ("InvocationName", V::from(name)),
            ("ScriptLineNumber", V::Int(1)),
            ("OffsetInLine", V::Int(1)),
            ("HistoryId", V::Int(1)),
            ("ScriptName", V::from("")),
            ("Line", V::from("")),
            ("PositionMessage", V::from("")),
            ("PipelineLength", V::Int(1)),
            ("PipelinePosition", V::Int(1)),
            ("ExpectingInput", V::Bool(false)),
            ("CommandOrigin", V::from("Internal")),
            ("PSScriptRoot", V::from(path.rsplit_once('/').map_or("", |(folder, _)| folder))),
            ("PSCommandPath", V::from(path)),
        ],
    ))
}

/// `$PSCmdlet` of an advanced function.
#[must_use]
pub(super) fn ps_cmdlet(invocation: V, bound: &Bound) -> V {
    V::Obj(Obj::new(
        "System.Management.Automation.PSScriptCmdlet",
        [
            ("ParameterSetName", V::from(bound.set.as_str())),
            ("MyInvocation", invocation),
            ("WhatIf", V::Bool(bound.flag("WhatIf"))),
        ],
    ))
}

/// A value of an enumeration that is not listed in `enums`.
#[must_use]
pub(super) fn enum_value(type_name: &'static str, name: &str, number: i32) -> V {
    V::Enum(std::sync::Arc::new(EnumValue { type_name: type_name.into(), name: name.to_owned(), number }))
}
