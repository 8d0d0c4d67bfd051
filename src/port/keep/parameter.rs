//! Parameters of functions and of the script: how they are read, their types, defaults and checks.
//!
//! Which argument of a call belongs to which parameter is in `own_call`.

use super::super::ast::{Attribute, Block, Expr, ExprKind, Number, Param};
use super::known::{asks_first, mentions_deeply};
use super::parameter_set::{is_of_some_calls, is_outside_default, tells_set};
use super::scope::key;
use super::text::quoted;
use super::types::Ty;
use super::{Code, Keeper, Level, names};

/// Types that make something else of what is given for a parameter, and nothing of nothing.
const CONVERTED: &[&str] = &[
    "datetime",
    "timespan",
    "guid",
    "version",
    "xml",
    "uri",
    "char",
    "byte",
    "sbyte",
    "int16",
    "uint16",
    "uint32",
    "uint64",
    "ipaddress",
    "net.ipaddress",
    "regex",
    "mailaddress",
    "net.mail.mailaddress",
    "bigint",
    "semver",
];

impl<'s> Keeper<'s> {
    /// `$PSBoundParameters`: the parameters that have a value.
    pub(super) fn bound_parameters(&mut self, params: &[&'s Param]) {
        let entries: Vec<String> = params
            .iter()
            .map(|param| format!("{}: {}", names::key(&param.name), names::variable(&param.name)))
            .collect();
        self.line(&format!("let bound = given(table {{ {} }});", entries.join(", ")));
    }

    /// Parameters that come from the piped object.
    pub(super) fn piped_parameters(&mut self, object: &str, piped: Option<&'s Param>, by_name: &[&'s Param]) {
        for param in by_name {
            let name = names::variable(&param.name);
            let own = piped.is_some_and(|piped| piped.name == param.name);
            if own && param.type_name().is_some() {
                self.line(&format!("let {name} = piped({object}, {});", quoted(&param.name)));
            } else if !own {
                let aliases = param.attributes.iter().filter(|a| a.name.eq_ignore_ascii_case("Alias"));
                let aliases = aliases.flat_map(|a| a.args.iter().flatten()).filter_map(Expr::as_text);
                let properties = std::iter::once(param.name.as_str()).chain(aliases);
                let properties: Vec<String> =
                    properties.map(|property| super::statement::member(object, property)).collect();
                self.line(&format!("let {name} = {name} ?? {};", properties.join(" ?? ")));
            }
            if !own {
                self.default(param);
            }
        }
        if let Some(param) = piped {
            self.default(param);
        }
    }

    /// Whether a parameter is used as it was given.
    pub(super) fn stays(&mut self, param: &'s Param) -> bool {
        let name = names::variable(&param.name);
        let checked = is_switch(param) || param.attributes.iter().any(|a| a.args.is_some());
        !checked && param.default.is_none() && self.typed(param, &Code::at(name.clone(), Ty::Any, Level::Or)) == name
    }

    /// Defaults, types and validation of parameters.
    pub(super) fn defaults(&mut self, params: &'s [Param]) {
        for param in params {
            self.default(param);
        }
    }

    pub(super) fn default(&mut self, param: &'s Param) {
        self.comments_before(param.span.start);
        let name = names::variable(&param.name);
        // what is checked is what was given: defaults are not
        self.validations(param, &name);
        let value = match &param.default {
            Some(default) => {
                let code = self.expr(default);
                format!("{name} ?? {}", code.tight(Level::And))
            }
            None => name.clone(),
        };
        let typed = self.typed(param, &Code::at(value, Ty::Any, Level::Or));
        if typed != name {
            self.line(&format!("let {name} = {typed};"));
        }
    }

    /// The value of a parameter as its type wants it.
    pub(super) fn typed(&mut self, param: &Param, value: &Code) -> String {
        let Some(name) = param.type_name() else { return value.text.clone() };
        let unset = param.default.is_none() && !is_mandatory(param);
        match name.to_lowercase().as_str() {
            _ if self.proved.contains(&key(param)) => value.text.clone(),
            "int" | "int32" | "long" | "int64" | "double" | "float" | "single" | "decimal" | "string" => {
                self.cast_text(name, value).text
            }
            "bool" | "boolean" => format!("to_bool({})", value.text),
            "datetime" | "timespan" if !unset => self.cast_text(name, value).text,
            lower if CONVERTED.contains(&lower) || self.enumerations.contains(lower) => {
                format!("given_as({}, {})", value.text, quoted(name))
            }
            lower if lower.ends_with("[]") && !unset => {
                // a list of its own in the default is none too many
                let text = value.text.strip_suffix(')').and_then(|text| text.split_once(" ?? list("));
                text.map_or_else(
                    || format!("to_list({})", value.text),
                    |(given, default)| format!("to_list({given} ?? {default})"),
                )
            }
            _ => value.text.clone(),
        }
    }

    fn validations(&mut self, param: &'s Param, name: &str) {
        let may_be_null = param.attributes.iter().any(|a| a.name.eq_ignore_ascii_case("AllowNull"));
        if is_mandatory(param) && !may_be_null && !self.of_some_calls.contains(&key(param)) {
            self.line(&format!("required({}, {name});", quoted(&param.name)));
        }
        for attribute in &param.attributes {
            let Some(args) = &attribute.args else { continue };
            if !attribute.name.to_lowercase().starts_with("validate") {
                continue;
            }
            let args: Vec<String> = args
                .iter()
                .map(|arg| match &arg.kind {
                    ExprKind::Block(block) => self.closure(block, true).text,
                    _ => self.loose(arg).text,
                })
                .collect();
            self.line(&format!(
                "validate({}, {name}, {}, [{}]);",
                quoted(&param.name),
                quoted(&attribute.name),
                args.join(", ")
            ));
        }
    }

    /// The parameters of the script itself.
    pub(super) fn script_params(&mut self, block: &'s Block) {
        self.has_what_if = asks_first(block);
        if self.has_what_if {
            self.line("let WhatIf = switch_parameter(\"WhatIf\");");
        }
        let Some(params) = &block.params else { return };
        self.comments_before(block.params.iter().flatten().next().map_or(0, |p| p.span.start));
        let reads = reads(block, params);
        self.of_some_calls.extend(params.iter().filter(|param| is_of_some_calls(block, param)).map(key));
        self.asks_set = tells_set(block, false);
        if self.asks_set || mentions_deeply(block, "psboundparameters") {
            self.has_bound = true;
            let entries: Vec<String> =
                params.iter().zip(&reads).map(|(param, read)| format!("{}: {read}", quoted(&param.name))).collect();
            self.line(&format!("let bound = given({});", super::writer::enclosed("table { ", &entries, " }")));
        }
        self.chosen_set(block);
        for (param, read) in params.iter().zip(reads) {
            self.comments_before(param.span.start);
            let name = names::variable(&param.name);
            let value = match &param.default {
                Some(default) => {
                    let code = self.expr(default);
                    format!("{read} ?? {}", code.tight(Level::And))
                }
                None if is_text(param) && !is_mandatory(param) => format!("{read} ?? \"\""),
                None => read.clone(),
            };
            let typed = match param.default.as_ref().map(|default| self.type_of(default)) {
                // words of the command line are text
                None | Some(Ty::Str) if is_text(param) => value,
                _ => self.typed(param, &Code::at(value, Ty::Any, Level::Or)),
            };
            let lower = param.name.to_lowercase();
            if self.scopes.shared.contains(&lower) {
                self.line(&format!("set_script({}, {typed});", quoted(&name)));
            } else {
                self.line(&format!("let {name} = {typed};"));
            }
            let shown = if self.scopes.shared.contains(&lower) { format!("script({})", quoted(&name)) } else { name };
            self.done = self.done.max(param.span.end);
            self.comment_behind(param.span.end);
            self.validations(param, if param.default.is_some() { &read } else { &shown });
        }
        self.out.push('\n');
    }
}

/// Whether a parameter takes piped objects, whole or by a property.
pub(super) fn takes_input(param: &Param) -> bool {
    takes_value(param) || takes_property(param)
}

/// The place that a parameter names.
fn place(param: &Param) -> Option<i32> {
    param.attributes.iter().flat_map(|a| &a.named).find_map(|(name, value)| match value.as_ref().map(|v| &v.kind) {
        Some(ExprKind::Number(Number::Int(n), _)) if name.eq_ignore_ascii_case("Position") => Some(*n),
        _ => None,
    })
}

/// The parameters that take arguments without a name, in the order in which they do.
pub(super) fn in_order(params: &[&Param]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..params.len()).filter(|at| !is_switch(params[*at])).collect();
    if params.iter().any(|param| place(param).is_some()) {
        order.retain(|at| place(params[*at]).is_some());
        order.sort_by_key(|at| place(params[*at]));
    }
    order
}

/// How a script reads its parameters: by place where they have one, in the order they are declared.
pub(super) fn reads(block: &Block, params: &[Param]) -> Vec<String> {
    let explicit = params.iter().any(|param| place(param).is_some());
    let mut next = 0;
    let read = |param: &Param| {
        let name = quoted(&param.name);
        if is_switch(param) {
            return format!("switch_parameter({name})");
        }
        if explicit {
            let shares = |other: &Param| other.name != param.name && place(other) == place(param);
            let by_name = is_outside_default(block, param) && params.iter().any(shares);
            return place(param)
                .filter(|_| !by_name)
                .map_or_else(|| format!("parameter({name})"), |at| format!("parameter({name}, {at})"));
        }
        next += 1;
        format!("parameter({name}, {})", next - 1)
    };
    params.iter().map(read).collect()
}

/// How many parameter sets the parameters name.
pub(super) fn parameter_sets(params: &[&Param]) -> usize {
    let mut names: Vec<String> = params
        .iter()
        .flat_map(|param| &param.attributes)
        .flat_map(|a| &a.named)
        .filter(|(name, _)| name.eq_ignore_ascii_case("ParameterSetName"))
        .filter_map(|(_, value)| value.as_ref().and_then(|value| value.as_text()).map(str::to_lowercase))
        .collect();
    names.sort();
    names.dedup();
    names.len()
}

fn argument_is_on(attribute: &Attribute, name: &str) -> bool {
    attribute.name.eq_ignore_ascii_case("Parameter") && attribute.named.iter().any(|(own, value)| {
        own.eq_ignore_ascii_case(name)
            && !matches!(value, Some(Expr { kind: ExprKind::Variable(v), .. }) if v.name.eq_ignore_ascii_case("false"))
    })
}

/// Whether a parameter gets the piped objects themselves.
pub(super) fn takes_value(param: &Param) -> bool {
    param.attributes.iter().any(|a| argument_is_on(a, "ValueFromPipeline"))
}

/// Whether a parameter gets a property of the piped objects.
pub(super) fn takes_property(param: &Param) -> bool {
    param.attributes.iter().any(|a| argument_is_on(a, "ValueFromPipelineByPropertyName"))
}

pub(super) fn is_mandatory(param: &Param) -> bool {
    param.attributes.iter().any(|a| argument_is_on(a, "Mandatory"))
}

pub(super) fn is_text(param: &Param) -> bool {
    param.type_name().is_some_and(|name| name.eq_ignore_ascii_case("string"))
}

pub(super) fn is_switch(param: &Param) -> bool {
    param.attributes.iter().any(|a| {
        a.args.is_none()
            && a.name.to_lowercase().trim_start_matches("system.management.automation.").starts_with("switch")
    })
}
