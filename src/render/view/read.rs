//! Views out of the objects that `Get-FormatData` sends ([MS-PSRP] 2.2.3: plain deserialized objects).
//!
//! Parts that are missing or of another type are left out; such a view simply shows less.

use std::sync::Arc;

use super::{
    Alignment, Control, CustomControl, CustomItem, Frame, Group, Header, Item, ListEntry, Row, Source, TableControl,
    View, WideControl,
};
use crate::clixml::PsValue;
use crate::render::expression::Script;
use crate::render::subject;
use crate::render::text;

/// Parts of one custom view that are read: controls may share controls, so that few bytes stand for any number.
const PARTS_MAX: usize = 10_000;

/// The views of one `ExtendedTypeDefinition`.
pub(super) fn type_definition(value: &PsValue) -> Vec<View> {
    let type_name = string(value, "TypeName");
    let all = strings(value, "TypeNames");
    list(value, "FormatViewDefinition")
        .iter()
        .filter_map(|view| {
            let mut view = view_definition(view)?;
            view.type_names = match &type_name {
                Some(name) if !selects_rows(&view) => vec![name.clone()],
                _ => all.clone(),
            };
            Some(view)
        })
        .collect()
}

/// Whether a table has rows for certain types. PowerShell cannot load such views again; all their types are meant.
/// Any other view that was sent is for one type, even when it lists several.
fn selects_rows(view: &View) -> bool {
    matches!(&view.control, Control::Table(table) if table.rows.iter().any(|row| !row.selected_by.is_empty()))
}

fn view_definition(value: &PsValue) -> Option<View> {
    let control = member(value, "Control")?;
    Some(View {
        name: string(value, "Name").unwrap_or_default(),
        type_names: Vec::new(),
        group: member(&control, "GroupBy").as_ref().and_then(group),
        out_of_band: truth(&control, "OutOfBand"),
        control: match kind(&control) {
            "TableControl" => Control::Table(table(&control)),
            "ListControl" => Control::List(list(&control, "Entries").iter().map(list_entry).collect()),
            "WideControl" => Control::Wide(wide(&control)),
            "CustomControl" => Control::Custom(Arc::new(custom(&control, &mut PARTS_MAX.clone()))),
            _ => return None,
        },
    })
}

fn group(value: &PsValue) -> Option<Group> {
    Some(Group {
        by: source(&member(value, "Expression")?)?,
        label: string(value, "Label"),
        control: member(value, "CustomControl").map(|control| Arc::new(custom(&control, &mut PARTS_MAX.clone()))),
    })
}

fn table(value: &PsValue) -> TableControl {
    let headers = list(value, "Headers")
        .iter()
        .map(|header| Header {
            label: string(header, "Label"),
            alignment: alignment(header),
            width: number(header, "Width"),
        })
        .collect();
    let rows = list(value, "Rows")
        .iter()
        .map(|row| Row {
            selected_by: selected_by(row),
            wrap: truth(row, "Wrap"),
            cells: list(row, "Columns").iter().filter_map(|column| item(column, "DisplayEntry")).collect(),
        })
        .collect();
    TableControl { headers, rows, auto_size: truth(value, "AutoSize"), hide_headers: truth(value, "HideTableHeaders") }
}

fn list_entry(value: &PsValue) -> ListEntry {
    ListEntry {
        selected_by: selected_by(value),
        items: list(value, "Items").iter().filter_map(|line| item(line, "DisplayEntry")).collect(),
    }
}

fn wide(value: &PsValue) -> WideControl {
    let entries = list(value, "Entries")
        .iter()
        .filter_map(|entry| Some((selected_by(entry), item(entry, "DisplayEntry")?)))
        .collect();
    WideControl { entries, columns: number(value, "Columns"), auto_size: truth(value, "AutoSize") }
}

fn custom(value: &PsValue, left: &mut usize) -> CustomControl {
    let entries = list(value, "Entries").iter().map(|entry| (selected_by(entry), custom_items(entry, left))).collect();
    CustomControl { entries }
}

fn custom_items(value: &PsValue, left: &mut usize) -> Vec<CustomItem> {
    list(value, "CustomItems").iter().filter_map(|item| custom_item(item, left)).collect()
}

fn custom_item(value: &PsValue, left: &mut usize) -> Option<CustomItem> {
    *left = left.checked_sub(1)?;
    Some(match kind(value) {
        "CustomItemText" => CustomItem::Text(string(value, "Text")?),
        "CustomItemNewline" => CustomItem::NewLine(number(value, "Count")),
        "CustomItemFrame" => {
            let signed = |name| isize::try_from(number(value, name)).unwrap_or(0);
            let hanging = signed("FirstLineHanging");
            CustomItem::Frame {
                frame: Frame {
                    left: number(value, "LeftIndent"),
                    right: number(value, "RightIndent"),
                    first_line: if hanging > 0 { -hanging } else { signed("FirstLineIndent") },
                },
                items: custom_items(value, left),
            }
        }
        "CustomItemExpression" => CustomItem::Expression {
            condition: member(value, "ItemSelectionCondition").as_ref().and_then(source),
            source: member(value, "Expression").as_ref().and_then(source),
            enumerate: truth(value, "EnumerateCollection"),
            control: member(value, "CustomControl").map(|control| Arc::new(custom(&control, left))),
        },
        _ => return None,
    })
}

fn item(value: &PsValue, entry: &str) -> Option<Item> {
    Some(Item {
        label: string(value, "Label"),
        source: source(&member(value, entry)?)?,
        format: string(value, "FormatString").filter(|format| !format.is_empty()),
        alignment: alignment(value),
        condition: member(value, "ItemSelectionCondition").as_ref().and_then(source),
    })
}

/// A `DisplayEntry`: a property's name or a script.
fn source(value: &PsValue) -> Option<Source> {
    let text = string(value, "Value")?;
    Some(match string(value, "ValueType").as_deref() {
        Some("ScriptBlock") => Source::Script(Arc::new(Script::new(&text))),
        _ => Source::Property(text),
    })
}

fn selected_by(value: &PsValue) -> Vec<Arc<str>> {
    member(value, "SelectedBy")
        .or_else(|| member(value, "EntrySelectedBy"))
        .map(|by| strings(&by, "TypeNames"))
        .unwrap_or_default()
}

/// The last part of the first type name.
fn kind(value: &PsValue) -> &'static str {
    const KINDS: &[&str] = &[
        "TableControl",
        "ListControl",
        "WideControl",
        "CustomControl",
        "CustomItemText",
        "CustomItemNewline",
        "CustomItemFrame",
        "CustomItemExpression",
    ];
    let names = subject::type_names(value);
    let name = names.first().and_then(|name| name.rsplit('.').next()).unwrap_or_default();
    KINDS.iter().find(|kind| kind.eq_ignore_ascii_case(name)).copied().unwrap_or_default()
}

fn member(value: &PsValue, name: &str) -> Option<PsValue> {
    subject::property(value, name).filter(|found| !found.is_null())
}

fn string(value: &PsValue, name: &str) -> Option<Arc<str>> {
    member(value, name).map(|found| Arc::from(text::interpolated(&found)))
}

fn strings(value: &PsValue, name: &str) -> Vec<Arc<str>> {
    list(value, name).iter().map(|item| Arc::from(text::interpolated(item))).collect()
}

fn list(value: &PsValue, name: &str) -> Vec<PsValue> {
    member(value, name).map(|found| subject::items(&found).unwrap_or_else(|| vec![found])).unwrap_or_default()
}

fn number(value: &PsValue, name: &str) -> usize {
    member(value, name).and_then(|found| text::interpolated(&found).parse().ok()).unwrap_or(0)
}

fn truth(value: &PsValue, name: &str) -> bool {
    member(value, name).is_some_and(|found| subject::is_true(&found))
}

fn alignment(value: &PsValue) -> Alignment {
    match member(value, "Alignment").map(|found| text::display(&found, 0, &text::Culture::INVARIANT)).as_deref() {
        Some("Left" | "1") => Alignment::Left,
        Some("Center" | "2") => Alignment::Center,
        Some("Right" | "3") => Alignment::Right,
        _ => Alignment::Undefined,
    }
}
