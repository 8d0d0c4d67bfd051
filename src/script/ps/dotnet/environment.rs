//! `System.Environment`: variables of the script's own environment, and where it runs.
//!
//! Nothing of the real machine is told; what a script sets stays with the script.

use super::super::state::Cx;
use super::super::value::{Obj, V, lock};
use super::arguments::text;

/// `[Environment]::name`.
#[must_use]
pub(super) fn property(cx: Cx<'_>, name: &str) -> Option<V> {
    let elapsed = || i64::try_from(cx.rt.started.elapsed().as_millis()).unwrap_or_default();
    Some(match name {
        "newline" => V::from("\n"),
        "processorcount" => V::Int(2),
        "is64bitoperatingsystem" | "is64bitprocess" | "userinteractive" => V::Bool(true),
        "exitcode" => V::Int(0),
        "hasshutdownstarted" => V::Bool(false),
        "tickcount" => V::integer(elapsed()),
        "tickcount64" => V::Long(elapsed()),
        "machinename" => V::from("EXSH"),
        "username" => V::from("admin"),
        "userdomainname" => V::from("CONTOSO"),
        "currentdirectory" => V::from(super::super::files::shown_folder(cx.rt)),
        "commandline" => V::from("pwsh"),
        "processid" => super::super::automatic::variable(cx.rt, "PID").unwrap_or_default(),
        "systempagesize" => V::Int(4096),
        "version" => version("10.0.0"),
        "osversion" => V::Obj(
            Obj::new(
                "System.OperatingSystem",
                [
                    ("Platform", V::from("Unix")),
                    ("ServicePack", V::from("")),
                    ("Version", version("6.1.0.0")),
                    ("VersionString", V::from("Unix 6.1.0.0")),
                ],
            )
            .with_text("Unix 6.1.0.0"),
        ),
        _ => return None,
    })
}

/// `[Environment]::name(args)`; `None` when there is no such method.
#[must_use]
pub(super) fn statics(cx: Cx<'_>, name: &str, args: &[V]) -> Option<V> {
    let variable = |name: &str| lock(&cx.rt.env).get(&name.to_uppercase()).cloned();
    Some(match name {
        "getenvironmentvariable" => variable(&text(args, 0)).map_or(V::Null, V::from),
        "setenvironmentvariable" => {
            super::super::assign::set_env(cx, &text(args, 0), args.get(1).unwrap_or(&V::Null));
            V::Nothing
        }
        "getenvironmentvariables" => {
            use super::super::value::{Hash, HashKind};
            let all = lock(&cx.rt.env).clone();
            V::Hash(Hash::from_entries(
                HashKind::Table,
                all.into_iter().map(|(key, value)| (V::from(key), V::from(value))),
            ))
        }
        "expandenvironmentvariables" => {
            let given = text(args, 0);
            let mut pieces = given.split('%');
            let mut out = pieces.next().unwrap_or_default().to_owned();
            let mut rest: Vec<&str> = pieces.collect();
            while !rest.is_empty() {
                let name = rest.remove(0);
                match variable(name) {
                    Some(value) if !rest.is_empty() => {
                        out.push_str(&value);
                        out.push_str(rest.remove(0));
                    }
                    _ => {
                        out.push('%');
                        out.push_str(name);
                    }
                }
            }
            V::from(out)
        }
        "getfolderpath" => V::from(format!("C:\\Users\\admin\\{}", text(args, 0))),
        "getcommandlineargs" => V::array(vec![V::from("pwsh")]),
        _ => return None,
    })
}

fn version(text: &str) -> V {
    text.parse().map(V::Version).unwrap_or_default()
}
