//! `$PSStyle`: the escape sequences of colours and their kin, by name.
//!
//! Whether a console shows them is the console's business.

use super::automatic::enum_value;
use super::value::{Obj, V};

fn sequence(code: &str) -> V {
    V::from(format!("\u{1b}[{code}m"))
}

fn colours(kind: &str, base: u32) -> V {
    const NAMES: [&str; 8] = ["Black", "Red", "Green", "Yellow", "Blue", "Magenta", "Cyan", "White"];
    let made = Obj::new(kind, Vec::<(&str, V)>::new());
    for (number, name) in (0_u32..).zip(NAMES) {
        made.set(name, sequence(&(base + number).to_string()));
        made.set(&format!("Bright{name}"), sequence(&(base + 60 + number).to_string()));
    }
    V::Obj(made)
}

fn group(kind: &str, members: &[(&str, &str)]) -> Obj {
    Obj::new(kind, members.iter().map(|(name, code)| (*name, sequence(code))))
}

const FORMATTING: &[(&str, &str)] = &[
    ("FormatAccent", "32;1"),
    ("TableHeader", "32;1"),
    ("CustomTableHeaderLabel", "32;1;3"),
    ("ErrorAccent", "36;1"),
    ("Error", "31;1"),
    ("Warning", "33;1"),
    ("Verbose", "33;1"),
    ("Debug", "33;1"),
    ("FeedbackName", "33"),
    ("FeedbackText", "96"),
    ("FeedbackAction", "97"),
];

const MODES: &[(&str, &str)] = &[
    ("Reset", "0"),
    ("BlinkOff", "25"),
    ("Blink", "5"),
    ("BoldOff", "22"),
    ("Bold", "1"),
    ("DimOff", "22"),
    ("Dim", "2"),
    ("HiddenOff", "28"),
    ("Hidden", "8"),
    ("ReverseOff", "27"),
    ("Reverse", "7"),
    ("ItalicOff", "23"),
    ("Italic", "3"),
    ("UnderlineOff", "24"),
    ("Underline", "4"),
    ("StrikethroughOff", "29"),
    ("Strikethrough", "9"),
];

/// A new `$PSStyle`.
#[must_use]
pub(super) fn object() -> V {
    let style = group("System.Management.Automation.PSStyle", MODES);
    style.set("OutputRendering", enum_value("System.Management.Automation.OutputRendering", "Host", 0));
    let progress = group("System.Management.Automation.PSStyle+ProgressConfiguration", &[("Style", "33;1")]);
    progress.set("MaxWidth", V::Int(120));
    progress.set("View", enum_value("System.Management.Automation.ProgressView", "Minimal", 0));
    progress.set("UseOSCIndicator", V::Bool(false));
    let files = [("Directory", "44;1"), ("SymbolicLink", "36;1"), ("Executable", "32;1")];
    style.set("Formatting", V::Obj(group("System.Management.Automation.PSStyle+FormattingData", FORMATTING)));
    style.set("Progress", V::Obj(progress));
    style.set("FileInfo", V::Obj(group("System.Management.Automation.PSStyle+FileInfoFormatting", &files)));
    style.set("Foreground", colours(FOREGROUND, 30));
    style.set("Background", colours(BACKGROUND, 40));
    V::Obj(style)
}

const FOREGROUND: &str = "System.Management.Automation.PSStyle+ForegroundColor";
const BACKGROUND: &str = "System.Management.Automation.PSStyle+BackgroundColor";

/// Methods of the colours: `FromRgb`.
#[must_use]
pub(super) fn method(object: &Obj, name: &str, args: &[V]) -> Option<V> {
    let layer = if object.is(FOREGROUND) { 38 } else { 48 };
    let number = |at: usize| args.get(at).and_then(super::number::plain)?.long();
    if name != "fromrgb" || !(object.is(FOREGROUND) || object.is(BACKGROUND)) {
        return None;
    }
    let (red, green, blue) = match args.len() {
        1 => (number(0)? >> 16 & 255, number(0)? >> 8 & 255, number(0)? & 255),
        _ => (number(0)?, number(1)?, number(2)?),
    };
    Some(sequence(&format!("{layer};2;{red};{green};{blue}")))
}

/// A text without escape sequences for colours.
#[must_use]
pub(super) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("\u{1b}[") {
        let after = &rest[at + 2..];
        let end = after.find(|c: char| !c.is_ascii_digit() && c != ';');
        match end.filter(|end| after[*end..].starts_with('m')) {
            Some(end) => {
                out.push_str(&rest[..at]);
                rest = &after[end + 1..];
            }
            None => {
                out.push_str(&rest[..at + 2]);
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}
