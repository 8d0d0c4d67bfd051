//! `Format-Hex`: bytes of files, texts and numbers, sixteen a line.
//!
//! How the lines look as a table is a view of `render`.

use super::super::fault::Res;
use super::super::files::{encoded, resolve, shown};
use super::super::state::Cx;
use super::super::text::to_string;
use super::super::types::short;
use super::super::value::{List, ListKind, Obj, Small, V};
use super::{Builtin, Ctx, all};

pub(super) const COMMANDS: &[Builtin] = &[all("Format-Hex", format_hex)];

const LINE: usize = 16;

fn format_hex(cx: Cx<'_>, c: &Ctx<'_>, input: Vec<V>) -> Res<()> {
    if c.piped || c.bound.has("InputObject") {
        return c
            .input(input)
            .into_iter()
            .flat_map(V::unrolled)
            .fold(Groups::default(), |groups, item| groups.with(c, item))
            .show(cx, c);
    }
    for path in super::files::paths(c, None) {
        let found = if c.bound.has("LiteralPath") { vec![path] } else { super::files::expanded(cx, &path) };
        for path in found {
            file(cx, c, &path)?;
        }
    }
    Ok(())
}

fn file(cx: Cx<'_>, c: &Ctx<'_>, path: &str) -> Res<()> {
    let target = resolve(cx, path);
    let place = shown(cx.rt, &target);
    match std::fs::read(target) {
        Ok(bytes) => lines(cx, c, &bytes, &place, V::from(place.as_str())),
        Err(_) => {
            let message = format!("Cannot find path '{place}' because it does not exist.");
            let problem = c.problem("FileNotFound", "ObjectNotFound", message);
            c.out.error(cx, problem.exception("System.Management.Automation.ItemNotFoundException"))
        }
    }
}

/// Piped objects: those of one type that follow each other are one run of bytes.
#[derive(Default)]
struct Groups(Vec<(String, Vec<u8>, Option<V>)>);

impl Groups {
    fn with(mut self, c: &Ctx<'_>, item: V) -> Self {
        let kind = item.type_name().to_string();
        if matches!(&item, V::Obj(object) if object.is("System.IO.FileInfo")) {
            self.0.push((kind, Vec::new(), Some(item)));
            return self;
        }
        let bytes = bytes(c, &item);
        match self.0.last_mut() {
            Some((last, run, None)) if *last == kind => run.extend(bytes),
            _ => self.0.push((kind, bytes, None)),
        }
        self
    }

    fn show(self, cx: Cx<'_>, c: &Ctx<'_>) -> Res<()> {
        for (kind, bytes, item) in self.0 {
            match item {
                Some(item) => file(cx, c, &super::files::item_path(&item))?,
                None => {
                    let label = format!("{} ({kind}) <{:08X}>", short(&kind), cx.rt.number());
                    lines(cx, c, &bytes, &label, V::Null)?;
                }
            }
        }
        Ok(())
    }
}

/// The bytes of a value as it lies in memory, texts in the encoding asked for.
fn bytes(c: &Ctx<'_>, value: &V) -> Vec<u8> {
    match value {
        V::Bool(truth) => i32::from(*truth).to_le_bytes().to_vec(),
        V::Int(number) => number.to_le_bytes().to_vec(),
        V::Long(number) => number.to_le_bytes().to_vec(),
        V::Double(number) => number.to_le_bytes().to_vec(),
        V::Single(number) => number.to_le_bytes().to_vec(),
        V::Enum(value) => value.number.to_le_bytes().to_vec(),
        V::Small(kind, number) => {
            let size = match kind {
                Small::Byte | Small::SByte => 1,
                Small::Int16 | Small::UInt16 => 2,
                Small::UInt32 => 4,
                Small::UInt64 => 8,
            };
            number.to_le_bytes()[..size].to_vec()
        }
        other => {
            let encoding = c.bound.text("Encoding").unwrap_or_default().to_lowercase();
            let text = to_string(other);
            let marked = encoded(&text, &encoding);
            // The mark of the encoding is none of the text's bytes.
            let mark = encoded("", &encoding).len();
            marked[mark..].to_vec()
        }
    }
}

fn lines(cx: Cx<'_>, c: &Ctx<'_>, bytes: &[u8], label: &str, path: V) -> Res<()> {
    let number = |name: &str| c.bound.integer(name).and_then(|n| usize::try_from(n).ok());
    let first = number("Offset").unwrap_or(0).min(bytes.len());
    let last = number("Count").map_or(bytes.len(), |count| (first + count).min(bytes.len()));
    for (index, line) in bytes[first..last].chunks(LINE).enumerate() {
        let offset = first + index * LINE;
        let hex: Vec<String> = line.iter().map(|byte| format!("{byte:02X}")).collect();
        let items = line.iter().map(|byte| V::Small(Small::Byte, (*byte).into())).collect();
        let place = format!("{offset:016X}");
        let text: String = line.iter().map(|byte| letter(*byte)).collect();
        let object = Obj::new(
            "Microsoft.PowerShell.Commands.ByteCollection",
            [
                ("Offset64", V::integer(i64::try_from(offset).unwrap_or(i64::MAX))),
                ("Offset", V::Small(Small::UInt32, i128::try_from(offset).unwrap_or(0))),
                ("Bytes", V::List(List::of(ListKind::Array("System.Byte".into()), items))),
                ("Path", path.clone()),
                ("HexOffset", V::from(place.as_str())),
                ("HexBytes", V::from(hex.join(" "))),
                ("Ascii", V::from(text.as_str())),
                ("Label", V::from(label)),
            ],
        );
        c.push(cx, V::Obj(object.with_text(&format!("{place} {:<47} {text}", hex.join(" ")))))?;
    }
    Ok(())
}

fn letter(byte: u8) -> char {
    match char::from(byte) {
        '\0' => ' ',
        control if control.is_control() => '\u{fffd}',
        other => other,
    }
}
