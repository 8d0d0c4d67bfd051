//! The functions of ported text: what operators, casts and the rest of PowerShell's language are called in Rhai.
//!
//! Commands (`write_host`, `where`, `get_mailbox`) are in `calls`. Each word has an example, which a test runs.

use std::any::TypeId;
use std::sync::Arc;

use rhai::{Dynamic, Engine, NativeCallContext};

use super::super::bind::Bound;
use super::super::command::{Common, action};
use super::super::compare::{compare, contains, truthy};
use super::super::engine::{RhaiResult, from_dynamic, to_dynamic, to_rhai};
use super::super::fault::{Fault, Problem, Res};
use super::super::number::Num;
use super::super::operators;
use super::super::state::{Cx, Rt};
use super::super::text::{interpolated, to_string};
use super::super::value::{Hash, HashKind, List, ListKind, V, lock};
use crate::render::text::Culture;

type Work = fn(Cx<'_>, &[V]) -> Res<V>;

/// A function of ported text.
#[derive(Clone, Copy)]
pub struct Word {
    /// Its name.
    pub name: &'static str,
    /// How many arguments it takes; as a method, the receiver is the first.
    pub arguments: usize,
    /// What it does.
    pub summary: &'static str,
    /// An example.
    pub example: &'static str,
    /// What the example gives, as text.
    pub gives: &'static str,
    work: Work,
}

const fn word(
    name: &'static str,
    arguments: usize,
    summary: &'static str,
    example: &'static str,
    gives: &'static str,
    work: Work,
) -> Word {
    Word { name, arguments, summary, example, gives, work }
}

/// All functions.
#[rustfmt::skip]
pub const WORDS: &[Word] = &[
    word("eq", 2, "Whether two values are equal as PowerShell compares: text without regard to case, the left side deciding. A list on the left: whether any item does.", "\"Alice\" eq \"alice\"", "True", |_, a| Ok(V::Bool(truthy(&compare(&a[0], "-eq", &a[1])?)))),
    word("ne", 2, "The opposite of `eq`. A list on the left: whether any item does.", "\"Alice\" ne \"bob\"", "True", |_, a| Ok(V::Bool(truthy(&compare(&a[0], "-ne", &a[1])?)))),
    word("gt", 2, "Whether the left is greater. A list on the left: whether any item does.", "\"10\" gt 9", "False", |_, a| Ok(V::Bool(truthy(&compare(&a[0], "-gt", &a[1])?)))),
    word("ge", 2, "Whether the left is greater or equal. A list on the left: whether any item does.", "10 ge \"9\"", "True", |_, a| Ok(V::Bool(truthy(&compare(&a[0], "-ge", &a[1])?)))),
    word("lt", 2, "Whether the left is less. A list on the left: whether any item does.", "() lt 5", "True", |_, a| Ok(V::Bool(truthy(&compare(&a[0], "-lt", &a[1])?)))),
    word("le", 2, "Whether the left is less or equal. A list on the left: whether any item does.", "2 le 2", "True", |_, a| Ok(V::Bool(truthy(&compare(&a[0], "-le", &a[1])?)))),
    word("like", 2, "Whether a text fits a pattern with `*`, `?` and `[a-z]`. A list on the left: whether any item does.", "\"Alice\" like \"a*\"", "True", |_, a| Ok(V::Bool(truthy(&compare(&a[0], "-like", &a[1])?)))),
    word("notlike", 2, "The opposite of `like`. A list on the left: whether any item does.", "\"Alice\" notlike \"b*\"", "True", |_, a| Ok(V::Bool(truthy(&compare(&a[0], "-notlike", &a[1])?)))),
    word("compare", 3, "Any comparison of PowerShell by its name; a list on the left is filtered.", "compare(list([\"a\", \"b\", \"A\"]), \"-eq\", \"a\").Count", "2", |cx, a| match to_string(&a[1]).as_str() {
        op @ ("-match" | "-notmatch" | "-cmatch" | "-cnotmatch") => operators::matches(cx, &a[0], op, &a[2]),
        op => compare(&a[0], op, &a[2]),
    }),
    word("ceq", 2, "`eq` with regard to case.", "ceq(\"a\", \"A\")", "False", |_, a| Ok(V::Bool(truthy(&compare(&a[0], "-ceq", &a[1])?)))),
    word("clike", 2, "`like` with regard to case.", "clike(\"Alice\", \"a*\")", "False", |_, a| Ok(V::Bool(truthy(&compare(&a[0], "-clike", &a[1])?)))),
    word("has", 2, "Whether a list has an item, text without regard to case.", "has([\"a\", \"b\"], \"B\")", "True", |_, a| Ok(V::Bool(contains(&a[0], &a[1], false)))),
    word("is_in", 2, "Whether a value is in a list.", "is_in(\"B\", [\"a\", \"b\"])", "True", |_, a| Ok(V::Bool(contains(&a[1], &a[0], false)))),
    word("is_match", 2, "Whether a text fits a regular expression; the groups are in `shell('Matches')`.", "is_match(\"alice@contoso.com\", \"@(.+)$\")", "True", |cx, a| Ok(V::Bool(truthy(&operators::matches(cx, &a[0], "-match", &a[1])?)))),
    word("not_match", 2, "The opposite of `is_match`.", "not_match(\"alice\", \"^b\")", "True", |cx, a| Ok(V::Bool(truthy(&operators::matches(cx, &a[0], "-notmatch", &a[1])?)))),
    word("is_cmatch", 2, "`is_match` with regard to case.", "is_cmatch(\"Alice\", \"^a\")", "False", |cx, a| Ok(V::Bool(truthy(&operators::matches(cx, &a[0], "-cmatch", &a[1])?)))),
    word("replace_re", 2, "Text with all matches of a regular expression replaced by nothing.", "\"a-b\".replace_re(\"-\")", "ab", |cx, a| operators::replace(cx, &a[0], &a[1].clone(), false)),
    word("replace_re", 3, "Text with all matches of a regular expression replaced; `$1` is a group.", "\"a-b\".replace_re(\"-\", \"+\")", "a+b", |cx, a| operators::replace(cx, &a[0], &V::array(vec![a[1].clone(), a[2].clone()]), false)),
    word("creplace_re", 2, "Text with all matches of a regular expression replaced by nothing.", "\"a-b\".creplace_re(\"-\")", "ab", |cx, a| operators::replace(cx, &a[0], &a[1].clone(), true)),
    word("creplace_re", 3, "Text with all matches of a regular expression replaced; `$1` is a group.", "\"a-b\".creplace_re(\"-\", \"+\")", "a+b", |cx, a| operators::replace(cx, &a[0], &V::array(vec![a[1].clone(), a[2].clone()]), true)),
    word("split_re", 2, "The pieces of a text between matches of a regular expression.", "\"a,b,c\".split_re(\",\").Count", "3", |cx, a| operators::split(cx, &a[0], &a[1].clone(), false)),
    word("split_re", 3, "The pieces of a text between matches of a regular expression, at most so many.", "\"a,b,c\".split_re(\",\", 2).Count", "2", |cx, a| operators::split(cx, &a[0], &V::array(vec![a[1].clone(), a[2].clone()]), false)),
    word("split_re", 4, "`split_re` with options, such as `SimpleMatch`.", "\"a.b\".split_re(\".\", 0, \"SimpleMatch\").Count", "2", |cx, a| operators::split(cx, &a[0], &V::array(a[1..].to_vec()), false)),
    word("csplit_re", 4, "`csplit_re` with options, such as `SimpleMatch`.", "\"a.b\".csplit_re(\".\", 0, \"SimpleMatch\").Count", "2", |cx, a| operators::split(cx, &a[0], &V::array(a[1..].to_vec()), true)),
    word("csplit_re", 2, "The pieces of a text between matches of a regular expression.", "\"a,b,c\".csplit_re(\",\").Count", "3", |cx, a| operators::split(cx, &a[0], &a[1].clone(), true)),
    word("csplit_re", 3, "The pieces of a text between matches of a regular expression, at most so many.", "\"a,b,c\".csplit_re(\",\", 2).Count", "2", |cx, a| operators::split(cx, &a[0], &V::array(vec![a[1].clone(), a[2].clone()]), true)),
    word("split_words", 1, "The words of a text.", "split_words(\" a  b \").Count", "2", |_, a| Ok(operators::split_words(&a[0]))),
    word("join_str", 2, "The items of a list as one text.", "join_str([\"a\", \"b\"], \", \")", "a, b", |_, a| Ok(operators::join(&a[0], &a[1]))),
    word("add", 2, "`+` as PowerShell adds: text joins, lists grow, dates move.", "add(\"5\", 1)", "51", |_, a| super::super::arith::add(&a[0], &a[1])),
    word("sub", 2, "`-` as PowerShell subtracts.", "sub(\"5\", 1)", "4", |_, a| super::super::arith::subtract(&a[0], &a[1])),
    word("mul", 2, "`*`: numbers, repeated texts and lists.", "mul(\"ab\", 2)", "abab", |_, a| super::super::arith::multiply(&a[0], &a[1])),
    word("div", 2, "`/`: a whole number where it comes out even.", "div(5, 2)", "2.5", |_, a| super::super::arith::divide(&a[0], &a[1])),
    word("rem", 2, "The remainder.", "rem(7, 4)", "3", |_, a| super::super::arith::remainder(&a[0], &a[1])),
    word("inc", 1, "A number one greater, of nothing 1; text is refused.", "inc(1)", "2", |_, a| super::super::arith::step(&a[0], true)),
    word("dec", 1, "A number one less, of nothing -1; text is refused.", "dec(1)", "0", |_, a| super::super::arith::step(&a[0], false)),
    word("numbers", 2, "The numbers from one to the other, downwards too.", "join_str(numbers(3, 1), \"\")", "321", |_, a| super::super::arith::range(&a[0], &a[1])),
    word("bits", 3, "`-band`, `-bor`, `-bxor`, `-shl` and `-shr`.", "bits(6, \"-band\", 3)", "2", |_, a| super::super::arith::bits(&a[0], &to_string(&a[1]), &a[2])),
    word("bits_not", 1, "All bits turned.", "bits_not(0)", "-1", |_, a| super::super::arith::subtract(&super::super::arith::negate(&a[0])?, &V::Int(1))),
    word("kb", 1, "So many KB, in bytes.", "kb(2)", "2048", |_, a| super::super::arith::multiply(&long(&a[0]), &V::integer(1 << 10)).map(narrow)),
    word("mb", 1, "So many MB, in bytes.", "mb(2)", "2097152", |_, a| super::super::arith::multiply(&long(&a[0]), &V::integer(1 << 20)).map(narrow)),
    word("gb", 1, "So many GB, in bytes.", "gb(2)", "2147483648", |_, a| super::super::arith::multiply(&long(&a[0]), &V::integer(1 << 30)).map(narrow)),
    word("tb", 1, "So many TB, in bytes.", "tb(2)", "2199023255552", |_, a| super::super::arith::multiply(&long(&a[0]), &V::integer(1 << 40)).map(narrow)),
    word("pb", 1, "So many PB, in bytes.", "pb(2)", "2251799813685248", |_, a| super::super::arith::multiply(&long(&a[0]), &V::integer(1 << 50)).map(narrow)),
    word("truthy", 1, "Whether PowerShell takes a value for true.", "truthy([0])", "False", |_, a| Ok(V::Bool(truthy(&a[0])))),
    word("to_bool", 1, "True or false from either of them or a number; text is refused, as parameters refuse it.", "to_bool(1)", "True", |_, a| to_bool(&a[0])),
    word("negate", 1, "The opposite number or span of time.", "negate(\"5\")", "-5", |_, a| super::super::arith::negate(&a[0])),
    word("to_int", 1, "A whole number; halves go to the even one.", "to_int(\"2.5\")", "2", |_, a| super::super::cast::cast("int", &a[0])),
    word("to_long", 1, "A whole number of 64 bits.", "to_long(\"5000000000\")", "5000000000", |_, a| super::super::cast::cast("long", &a[0])),
    word("to_double", 1, "A number with fraction.", "to_double(\"2.50\")", "2.5", |_, a| super::super::cast::cast("double", &a[0])),
    word("to_decimal", 1, "A decimal: exact where binary fractions are not.", "to_decimal(\"2.50\")", "2.5", |_, a| super::super::cast::cast("decimal", &a[0])),
    word("to_date", 1, "A date; text is read month first.", "to_date(\"12/31/2025\").Year", "2025", |_, a| super::super::cast::cast("datetime", &a[0])),
    word("to_timespan", 1, "A span of time.", "to_timespan(\"1.02:00:00\").TotalHours", "26", |_, a| super::super::cast::cast("timespan", &a[0])),
    word("to_xml", 1, "An XML document.", "to_xml(\"<a><b>1</b></a>\").a.b", "1", |_, a| super::super::cast::cast("xml", &a[0])),
    word("to_text", 1, "A value's text, as in a string.", "to_text([1, 2])", "1 2", |cx, a| Ok(operators::text(cx, &a[..1]))),
    word("to_list", 1, "A list, of one value too; nothing stays nothing.", "to_list(\"a\").Count", "1", |_, a| super::super::cast::cast("array", &a[0])),
    word("to_object", 1, "A table as an object.", "to_object(table { A: 1 }).A", "1", |_, a| super::super::cast::cast("pscustomobject", &a[0])),
    word("cast_to", 2, "A value of another type, by its .NET name.", "cast_to(\"a\", \"char\")", "a", |_, a| super::super::cast::cast(&to_string(&a[1]), &a[0])),
    word("given_as", 2, "A parameter of another type, by its .NET name; what is not given stays nothing.", "given_as(\"2024-05-06\", \"datetime\").Year", "2024", |_, a| if a[0].is_null() { Ok(V::Null) } else { super::super::cast::cast(&to_string(&a[1]), &a[0]) }),
    word("is_type", 2, "Whether a value is of a .NET type.", "is_type(1, \"int\")", "True", |_, a| Ok(V::Bool(super::super::cast::is(&a[0], &type_text(&a[1]))))),
    word("as_type", 2, "A value of another type, or nothing where it is none.", "as_type(\"x\", \"int\") == ()", "True", |_, a| Ok(super::super::cast::cast_or_null(&type_text(&a[1]), &a[0]))),
    word("type_named", 1, "A .NET type as a value.", "type_named(\"string\").Name", "String", |_, a| full(&a[0]).map(V::Type)),
    word("list", 1, "A list of its own, which changes when it is changed: of an array, of what a call gave, of one value.", "list([\"a\", \"b\"]).Count", "2", |_, a| Ok(V::array(a[0].clone().unrolled().into_iter().map(|item| if matches!(item, V::Nothing) { V::Null } else { item }).collect()))),
    word("new_list", 0, "An empty .NET list, for `Add`.", "new_list().Count", "0", |_, _| super::super::dotnet::make::new_object("System.Collections.Generic.List`1[System.Object]", Vec::new())),
    word("new_list", 1, "An empty .NET list of one type of items, for `Add`.", "new_list(\"string\").Count", "0", |cx, a| new_object(cx, &V::from(format!("System.Collections.Generic.List[{}]", to_string(&a[0]))), Vec::new())),
    word("reference", 1, "A place for a value that a method sets: `.Value` reads it.", "reference(1).Value", "1", |_, a| Ok(V::Obj(super::super::value::Obj::new("System.Management.Automation.PSReference", [("Value", a[0].clone())])))),
    word("piped", 2, "What a function gets from a piped object for a parameter: its property of that name, else the object.", "piped(object { Alias: \"kim\" }, \"Alias\")", "kim", |cx, a| piped(cx, &a[0], &to_string(&a[1]))),
    word("given", 1, "The parameters that have a value, as `$PSBoundParameters` has them.", "given(table { A: 1, B: () }).Count", "1", |_, a| Ok(given(&a[0]))),
    word("should_process", 3, "Whether to do it; with a first argument that is true, what would be done is shown instead.", "should_process(false, \"alice\", \"Set quota\")", "True", |cx, a| should_process(cx, &a[0], &to_string(&a[1]), &to_string(&a[2]))),
    word("downloads_folder", 0, "The user's folder for downloads.", "downloads_folder().EndsWith(\"Downloads\")", "True", |cx, _| Ok(super::super::dotnet::com::folder(cx, "Downloads"))),
    word("com_object", 1, "The object behind the questions that `Popup` puts.", "com_object(\"WScript.Shell\") == ()", "False", |_, a| Ok(super::super::dotnet::com::make(&to_string(&a[0])).unwrap_or_default())),
    word("with_preference", 3, "Runs a block with a preference of its own, such as `ErrorAction`, for what the functions in it do.", "with_preference(\"ErrorAction\", \"Stop\", || shell(\"ErrorActionPreference\"))", "Stop", with_preference),
    word("with_variables", 2, "Runs a block and keeps what it gives, or what is said in it, in variables: `OutVariable`, `ErrorVariable`, `WarningVariable`, `InformationVariable`, which `shell` reads.", "with_variables(#{ OutVariable: \"told\" }, || \"late\"); shell(\"told\")", "late", with_variables),
    word("new_object", 1, "A new .NET object.", "new_object(\"System.Text.StringBuilder\").Length", "0", |cx, a| new_object(cx, &a[0], Vec::new())),
    word("new_object", 2, "A new .NET object, with the arguments of its constructor.", "new_object(\"System.Text.StringBuilder\", [\"abc\"]).Length", "3", |cx, a| new_object(cx, &a[0], a[1].clone().unrolled())),
    word("static_get", 2, "A static property of a .NET type.", "static_get(\"int\", \"MaxValue\")", "2147483647", |cx, a| super::super::dotnet::statics::property(cx, &full(&a[0])?, &to_string(&a[1]))),
    word("static_call", 3, "A static method of a .NET type.", "static_call(\"math\", \"Abs\", [-1])", "1", |cx, a| super::super::dotnet::statics::invoke(cx, &full(&a[0])?, &to_string(&a[1]), &a[2].clone().unrolled())),
    word("get", 2, "A property by a name that is computed.", "get(object { A: 1 }, \"a\")", "1", |cx, a| super::super::member::get(cx, &a[0], &to_string(&a[1]))),
    word("set_member", 3, "Sets a property by a name that is computed.", "set_member(object { A: 1 }, \"A\", 2)", "", |cx, a| super::super::member::set(cx, &a[0], &to_string(&a[1]), a[2].clone()).map(|()| V::Nothing)),
    word("at", 2, "An item, or several by a list of places.", "join_str(at(list([\"a\", \"b\", \"c\"]), [0, -1]), \"\")", "ac", |cx, a| super::super::index::index(cx, &a[0], &a[1])),
    word("set_at", 3, "Sets an item.", "set_at(list([1]), 0, 2)", "", |cx, a| super::super::index::set_index(cx, &a[0], &a[1], a[2].clone()).map(|()| V::Nothing)),
    word("call_method", 3, "Calls a method by a name that is computed.", "call_method(\"a\", \"ToUpper\", [])", "A", |cx, a| super::super::dotnet::methods::invoke(cx, &a[0], &to_string(&a[1]), &a[2].clone().unrolled())),
    word("spread", 2, "A value over so many variables: the last takes the rest.", "spread([1, 2, 3], 2).Count", "2", |_, a| Ok(V::array(super::super::functions::spread(a[0].clone(), match &a[1] { V::Int(n) => i64::from(*n), _ => 1 })))),
    word("switch_items", 1, "What `switch` walks: a list, or one value, nothing too.", "switch_items(()).Count", "1", |cx, a| super::super::functions::switch_items(cx, &a[0]).map(V::array)),
    word("splat", 1, "A table whose entries are parameters.", "write_output(splat(table { InputObject: \"x\" }))", "x", |_, a| Ok(super::super::exchange::splat(a[0].clone()))),
    word("outputs", 0, "Collects what a function gives its caller: `out.emit(x)`, at the end `out.all()`.", "outputs().all() == ()", "True", |_, _| Ok(V::List(List::of(ListKind::Generic("System.Object".into()), Vec::new())))),
    word("emit", 2, "Adds a value, a list item by item.", "{ let out = outputs(); out.emit([1, 2]); out.all().Count }", "2", collect),
    word("all", 1, "What was collected: nothing, the one value, or a list.", "{ let out = outputs(); out.emit(\"x\"); out.all() }", "x", |_, a| Ok(if is_here(&a[0]) { V::Nothing } else { V::from_outputs(a[0].clone().unrolled()) })),
    word("show", 1, "Puts a value out as PowerShell shows it.", "show(())", "", |cx, a| super::super::functions::emit(cx, &a[0]).map(|()| V::Nothing)),
    word("discard", 1, "Takes a value and gives nothing.", "discard(1) == ()", "True", |_, _| Ok(V::Null)),
    word("last_of", 1, "The last item of a list.", "last_of([1, 2])", "2", |_, a| Ok(a[0].clone().unrolled().pop().unwrap_or_default())),
    word("last_ok", 0, "Whether the statement before went well.", "last_ok()", "True", |cx, _| Ok(V::Bool(*lock(&cx.rt.ok)))),
    word("env", 1, "A variable of the environment.", "env(\"NO_SUCH_VARIABLE\") == ()", "True", |cx, a| Ok(lock(&cx.rt.env).get(&to_string(&a[0]).to_uppercase()).map_or(V::Null, |text| V::from(text.as_str())))),
    word("set_env", 2, "Sets a variable of the environment, for the script.", "{ set_env(\"A_B\", \"c\"); env(\"A_B\") }", "c", |cx, a| Ok(super::super::assign::set_env(cx, &to_string(&a[0]), &a[1]))),
    word("script", 1, "What a script and its functions share, by its name.", "{ set_script(\"Total\", 1); script(\"Total\") }", "1", |cx, a| super::super::assign::scoped(cx, "script", &to_string(&a[0]))),
    word("set_script", 2, "Sets what a script and its functions share.", "{ set_script(\"Total\", 2); script(\"Total\") }", "2", |cx, a| {
        cx.rt.set_global(&to_string(&a[0]), a[1].clone());
        Ok(V::Nothing)
    }),
    word("shell", 1, "What PowerShell itself keeps: `Error`, `Matches`, preferences, variables that `-ErrorVariable` and its kin fill.", "shell(\"ErrorActionPreference\")", "Continue", |cx, a| super::super::assign::variable(cx, &to_string(&a[0]))),
    word("set_shell", 2, "Sets a preference.", "{ set_shell(\"VerbosePreference\", \"Continue\"); shell(\"VerbosePreference\") }", "Continue", |cx, a| super::super::assign::set(cx, &to_string(&a[0]), &a[1]).map(|_| V::Nothing)),
    word("val_in", 2, "A variable of another scope.", "val_in(\"function\", \"nobody\") == ()", "True", |cx, a| super::super::assign::scoped(cx, &to_string(&a[0]), &to_string(&a[1]))),
    word("caught", 2, "Whether an error is of one of these .NET types, for `catch`.", "{ let found = false; try { throw \"x\" } catch (err) { found = caught(err, [\"System.Exception\"]); } found }", "True", |_, a| Ok(V::Bool(match &a[0] {
        V::Obj(record) if record.is("System.Management.Automation.ErrorRecord") => super::super::errors::caught_by(record, &texts(&a[1])),
        other => super::super::errors::caught_by(&super::super::functions::thrown(other), &texts(&a[1])),
    }))),
    word("on_error", 1, "Runs a block with each error of the script's statements, or of the function's it stands in; then the next statement runs, unless the block throws.", "{ on_error(|err| ()); 1 }", "1", |cx, a| Ok(on_error(cx, Vec::new(), &a[0]))),
    word("on_error", 2, "`on_error` for errors of these .NET types.", "{ on_error([\"System.FormatException\"], |err| ()); 1 }", "1", |cx, a| Ok(on_error(cx, texts(&a[0]), &a[1]))),
    word("show_error", 1, "Shows an error as if nothing had taken it.", "", "", |cx, a| Ok(show_error(cx, &a[0]))),
    word("define_enum", 2, "Names for numbers: `type_named(\"Size\")` then has them, and `cast_to(1, \"Size\")` is one of them.", "{ define_enum(\"Size\", ordered { Small: 1, Large: 2 }); static_get(\"Size\", \"Large\") }", "Large", |_, a| define_enum(&a[0], false, &a[1])),
    word("define_flags", 2, "Names for bits that are combined.", "{ define_flags(\"Right\", ordered { Read: 1, Write: 2 }); cast_to(3, \"Right\") }", "Read, Write", |_, a| define_enum(&a[0], true, &a[1])),
    word("exit", 0, "Ends the script.", "", "", |_, _| Err(Box::new(Fault::Exit(0)))),
    word("exit", 1, "Ends the script with an exit code.", "", "", |_, a| Err(Box::new(Fault::Exit(super::super::number::plain(&a[0]).and_then(Num::long).and_then(|code| i32::try_from(code).ok()).unwrap_or(0))))),
    word("jump", 2, "`break` or `continue` for a loop outside of a block; without one the script ends.", "", "", |_, a| {
        let label = to_string(&a[1]);
        Err(Box::new(Fault::Jump { next: to_string(&a[0]) == "continue", label: (!label.is_empty()).then_some(label) }))
    }),
    word("invoke_expression", 1, "Runs PowerShell text and gives what it puts out; of the script's variables it sees those of `set_script`.", "invoke_expression(\"1 + 2\")", "3", |cx, a| invoke_expression(cx, &to_string(&a[0]))),
    word("unsupported", 1, "Ends the statement with an error: this place could not be carried over from PowerShell.", "", "", |_, a| Problem::new("NotPorted", "NotImplemented", format!("not carried over from PowerShell: {}", to_string(&a[0]))).err()),
    word("parameter", 1, "A parameter of the script that is given by its name only.", "parameter(\"Days\") ?? 30", "30", |cx, a| Ok(parameter(cx, &to_string(&a[0]), Some(-1)))),
    word("parameter", 2, "A parameter of the script: by its name, or by its place among the words of the command line.", "parameter(\"Days\", 0) ?? 30", "30", |cx, a| Ok(parameter(cx, &to_string(&a[0]), super::super::number::plain(&a[1]).and_then(Num::long)))),
    word("switch_parameter", 1, "Whether the script was started with a switch.", "switch_parameter(\"Force\")", "False", |cx, a| Ok(V::Bool(truthy(&parameter(cx, &to_string(&a[0]), None))))),
    word("arguments", 0, "The words of the command line.", "arguments().Count", "0", |cx, _| Ok(V::array(cx.rt.options.arguments.clone()))),
    word("required", 2, "Fails when a parameter has no value.", "{ required(\"Name\", \"x\"); \"fine\" }", "fine", |cx, a| {
        if a[1].is_null() {
            let name = to_string(&a[0]);
            return Problem::new(super::in_function(cx.rt, "MissingMandatoryParameter"), "InvalidArgument", format!("Cannot process command because of one or more missing mandatory parameters: {name}."))
                .exception("System.Management.Automation.ParameterBindingException")
                .err();
        }
        Ok(V::Nothing)
    }),
    word("validate", 4, "Fails when a parameter breaks a rule: `ValidateSet`, `ValidateRange`, `ValidatePattern` and their kin.", "{ validate(\"Size\", 5, \"ValidateRange\", [1, 10]); \"fine\" }", "fine", |cx, a| match super::super::validate::check(&[(to_string(&a[2]), a[3].clone().unrolled())], &a[1]) {
        Some(reason) if !a[1].is_null() => Problem::new(super::in_function(cx.rt, "ParameterArgumentValidationError"), "InvalidData", format!("Cannot validate argument on parameter '{}'. {reason}", to_string(&a[0])))
            .exception("System.Management.Automation.ParameterBindingValidationException")
            .err(),
        _ => Ok(V::Nothing),
    }),
    word("format", 2, "Texts and values put together: `{0}`, `{0:N2}`, `{1,10}`, as `-f` does.", "format(\"{0:N2} GB\", 1.5)", "1.50 GB", format),
    word("format", 3, "Texts and values put together: `{0}`, `{0:N2}`, `{1,10}`, as `-f` does.", "format(\"{0}\", 1, 1)", "1", format),
    word("format", 4, "Texts and values put together: `{0}`, `{0:N2}`, `{1,10}`, as `-f` does.", "format(\"{0}\", 1, 1, 1)", "1", format),
    word("format", 5, "Texts and values put together: `{0}`, `{0:N2}`, `{1,10}`, as `-f` does.", "format(\"{0}\", 1, 1, 1, 1)", "1", format),
    word("format", 6, "Texts and values put together: `{0}`, `{0:N2}`, `{1,10}`, as `-f` does.", "format(\"{0}\", 1, 1, 1, 1, 1)", "1", format),
    word("format", 7, "Texts and values put together: `{0}`, `{0:N2}`, `{1,10}`, as `-f` does.", "format(\"{0}\", 1, 1, 1, 1, 1, 1)", "1", format),
    word("format", 8, "Texts and values put together: `{0}`, `{0:N2}`, `{1,10}`, as `-f` does.", "format(\"{0}\", 1, 1, 1, 1, 1, 1, 1)", "1", format),
    word("format", 9, "Texts and values put together: `{0}`, `{0:N2}`, `{1,10}`, as `-f` does.", "format(\"{0}\", 1, 1, 1, 1, 1, 1, 1, 1)", "1", format),
    word("format", 10, "Texts and values put together: `{0}`, `{0:N2}`, `{1,10}`, as `-f` does.", "format(\"{0}\", 1, 1, 1, 1, 1, 1, 1, 1, 1)", "1", format),
    word("format", 11, "Texts and values put together: `{0}`, `{0:N2}`, `{1,10}`, as `-f` does.", "format(\"{0}\", 1, 1, 1, 1, 1, 1, 1, 1, 1, 1)", "1", format),
];

/// Whether a function of this name takes so many arguments.
pub(super) fn is_word(name: &str, arguments: usize) -> bool {
    WORDS.iter().any(|word| word.name == name && word.arguments == arguments)
}

/// Functions that Rhai has for its own numbers, with another meaning.
const RHAI_HAS_TOO: &[&str] = &["to_int", "to_decimal"];

/// Registers all functions.
pub(super) fn register(engine: &mut Engine, rt: &Arc<Rt>) {
    let console = rt.options.console.clone();
    engine.on_print(move |text| console.out(&format!("{text}\n")));
    for word in WORDS {
        add(engine, rt, word, vec![TypeId::of::<Dynamic>(); word.arguments]);
        if RHAI_HAS_TOO.contains(&word.name) {
            for kind in [TypeId::of::<rhai::INT>(), TypeId::of::<rhai::FLOAT>()] {
                add(engine, rt, word, vec![kind]);
            }
        }
    }
}

fn add(engine: &mut Engine, rt: &Arc<Rt>, word: &'static Word, types: Vec<TypeId>) {
    let rt = rt.clone();
    let shows = matches!(word.name, "show" | "emit");
    engine.register_raw_fn(
        word.name,
        types,
        move |call: NativeCallContext<'_>, args: &mut [&mut Dynamic]| -> RhaiResult {
            let cx = Cx { rt: &rt, call: &call };
            let mut values: Vec<V> = Vec::with_capacity(args.len());
            for arg in args.iter() {
                let value = from_dynamic(arg);
                // what is shown may still be on its way
                values.push(if shows { value } else { super::super::functions::value(cx, &value).map_err(to_rhai)? });
            }
            (word.work)(cx, &values).map(to_dynamic).map_err(to_rhai)
        },
    );
}

fn collect(cx: Cx<'_>, a: &[V]) -> Res<V> {
    let V::List(list) = &a[0] else { return Ok(V::Nothing) };
    if is_here(&a[0]) {
        return super::super::functions::emit(cx, &a[1]).map(|()| V::Nothing);
    }
    let items = match &a[1] {
        V::Pipe(pipe) => {
            let sink = Arc::new(super::super::pipe::Collector::default());
            pipe.run(cx, sink.clone())?;
            sink.take()
        }
        V::Nothing => Vec::new(),
        other => other.clone().unrolled(),
    };
    list.lock().extend(items);
    Ok(V::Nothing)
}

/// Whether a collector stands for the output of the function it is in.
fn is_here(value: &V) -> bool {
    matches!(value, V::List(list) if matches!(list.kind(), ListKind::Generic(name) if &**name == super::syntax::HERE_KIND))
}

fn format(_: Cx<'_>, a: &[V]) -> Res<V> {
    let values = match &a[1..] {
        [V::List(list)] => list.items(),
        values => values.to_vec(),
    };
    operators::format(&interpolated(&a[0]), &values, &Culture::EN_US)
}

fn to_bool(value: &V) -> Res<V> {
    if matches!(value, V::Str(_)) {
        return super::super::cast::cast("bool", value).and_then(|_| {
            let text = format!("Cannot convert value \"{}\" to type \"System.Boolean\". Boolean parameters accept only Boolean values and numbers, such as $True, $False, 1 or 0.", value.type_name());
            Problem::new("InvalidCastFromAnyTypeToBoolean", "InvalidArgument", text).err()
        });
    }
    Ok(V::Bool(truthy(value)))
}

fn piped(cx: Cx<'_>, item: &V, name: &str) -> Res<V> {
    let found = match item {
        V::Obj(_) | V::Hash(_) => super::super::member::get(cx, item, name)?,
        _ => V::Null,
    };
    Ok(if found.is_null() { item.clone() } else { found })
}

fn given(table: &V) -> V {
    let V::Hash(table) = table else { return table.clone() };
    let found = Hash::new(HashKind::Table);
    for (key, value) in table.entries().into_iter().filter(|(_, value)| !value.is_null()) {
        found.set(key, value);
    }
    V::Hash(found)
}

fn should_process(cx: Cx<'_>, what_if: &V, target: &str, action: &str) -> Res<V> {
    if !truthy(what_if) && !truthy(&super::super::assign::variable(cx, "WhatIfPreference")?) {
        let what = format!("Performing the operation \"{action}\" on target \"{target}\".");
        let common = super::super::command::Common::default();
        super::super::command::write_message(cx, super::super::options::Message::Verbose, &what, &common)?;
        return Ok(V::Bool(true));
    }
    let text = format!("What if: Performing the operation \"{action}\" on target \"{target}\".");
    cx.rt.options.console.out(&format!("{text}\n"));
    Ok(V::Bool(false))
}

/// Takes the errors of the function that is under way from here on.
fn on_error(cx: Cx<'_>, types: Vec<String>, work: &V) -> V {
    let (depth, tries) = (lock(&cx.rt.functions).len(), *lock(&cx.rt.tries));
    lock(&cx.rt.handlers).push(super::Handler { depth, tries, types, work: work.clone() });
    V::Nothing
}

fn show_error(cx: Cx<'_>, error: &V) -> V {
    let record = match error {
        V::Obj(record) => record.clone(),
        other => super::super::functions::thrown(other),
    };
    super::super::errors::show(cx.rt, &record);
    V::Nothing
}

fn define_enum(name: &V, flags: bool, values: &V) -> Res<V> {
    let V::Hash(values) = values else { return Ok(V::Nothing) };
    let pairs = values.entries().into_iter().map(|(name, number)| V::array(vec![name, number])).collect();
    super::super::class::define_enum(name, &V::Bool(flags), &V::array(pairs)).map(|_| V::Nothing)
}

/// Code from a string, as exact as a script of its own.
fn invoke_expression(cx: Cx<'_>, source: &str) -> Res<V> {
    let parsed = crate::port::parse(source);
    if let Some(error) = parsed.errors.first() {
        return Problem::new(error.id, "ParserError", error.message.clone())
            .exception("System.Management.Automation.ParseException")
            .err();
    }
    let lowered = crate::port::lower::lower(source, &parsed);
    let given = cx.collect(|| {
        super::super::engine::with_exact(cx, |engine| {
            let ast = engine
                .compile(&lowered.text)
                .map_err(|error| Problem::new("ParseError", "ParserError", error.to_string()).fault())?;
            let ran = super::super::engine::run_ast(cx.rt, engine, &Arc::new(ast));
            ran.map(drop).map_err(super::super::engine::from_rhai)
        })
    })?;
    Ok(V::from_outputs(given))
}

fn with_preference(cx: Cx<'_>, a: &[V]) -> Res<V> {
    let name = format!("{}Preference", to_string(&a[0]));
    let before = super::super::assign::variable(cx, &name)?;
    let value = if matches!(a[1], V::Bool(_)) { a[1].clone() } else { V::from(action(&a[1])) };
    super::super::assign::set(cx, &name, &value)?;
    let result = run(cx, &a[2]).map(V::from_outputs);
    super::super::assign::set(cx, &name, &before)?;
    result
}

fn with_variables(cx: Cx<'_>, a: &[V]) -> Res<V> {
    let common = Common::of(&Bound::of_table(&a[0]));
    let hidden = super::super::gather::lists(cx, &common);
    let before: Vec<(&str, V)> = hidden.iter().map(|(name, _)| (*name, cx.rt.get(name).unwrap_or_default())).collect();
    hidden.into_iter().for_each(|(name, list)| cx.rt.set(name, list));
    let result = run(cx, &a[1]);
    before.into_iter().for_each(|(name, value)| cx.rt.set(name, value));
    let outputs = result?;
    super::super::gather::keep(cx, &common, &outputs);
    Ok(V::from_outputs(outputs))
}

/// What a block gives.
fn run(cx: Cx<'_>, block: &V) -> Res<Vec<V>> {
    match block {
        V::Block(block) => super::super::invoke::call_block(cx, block, Vec::new()),
        other => Ok(vec![other.clone()]),
    }
}

/// A count of units as a number that does not overflow.
fn long(value: &V) -> V {
    match value {
        V::Int(count) => V::Long(i64::from(*count)),
        other => other.clone(),
    }
}

/// A whole number as the smallest type that holds it, as a literal is.
fn narrow(value: V) -> V {
    match value {
        V::Long(number) => V::integer(number),
        other => other,
    }
}

fn type_text(value: &V) -> String {
    match value {
        V::Type(full) => full.to_string(),
        other => to_string(other),
    }
}

fn full(value: &V) -> Res<Arc<str>> {
    let name = type_text(value);
    super::super::types::resolve(&name).map_or_else(|| super::super::cast::type_not_found(&name).err(), Ok)
}

fn new_object(cx: Cx<'_>, name: &V, args: Vec<V>) -> Res<V> {
    super::super::dotnet::make::created(cx, &full(name)?, args)
}

fn texts(value: &V) -> Vec<String> {
    value.clone().unrolled().iter().map(to_string).collect()
}

/// An argument of the script: `-Name value`, or the word at a place.
fn parameter(cx: Cx<'_>, name: &str, place: Option<i64>) -> V {
    let mut words = cx.rt.options.arguments.iter().peekable();
    let mut free = Vec::new();
    while let Some(word) = words.next() {
        let V::Param(own, _) = word else {
            free.push(word.clone());
            continue;
        };
        let value = words.next_if(|next| !matches!(next, V::Param(..)));
        if name.to_lowercase().starts_with(&own.to_lowercase()) {
            return value.cloned().unwrap_or(V::Bool(true));
        }
        if place.is_none() {
            free.extend(value.cloned());
        }
    }
    place.and_then(|place| usize::try_from(place).ok()).and_then(|place| free.get(place).cloned()).unwrap_or_default()
}
