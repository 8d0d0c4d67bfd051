//! PowerShell's own views, as far as values of remote sessions need them.
//!
//! Made here, not read: labels, widths and order are what PowerShell's output shows.

use std::sync::Arc;

use super::{
    Alignment, Control, CustomControl, CustomItem, Group, Header, Item, ListEntry, Row, Source, TableControl, View,
    WideControl,
};

/// Views of .NET's and PowerShell's own types.
pub(super) fn views() -> Vec<View> {
    use Alignment::{Right, Undefined};
    let mut views = vec![
        table("Dictionary", DICTIONARIES, &[("Name", "Key", 30, Undefined), ("Value", "Value", 0, Undefined)]),
        table("PSVariable", VARIABLES, &[("Name", "Name", 30, Undefined), ("Value", "Value", 0, Undefined)]),
        table("PathInfo", &["System.Management.Automation.PathInfo"], &[("Path", "Path", 0, Undefined)]),
        table(
            "System.RuntimeType",
            &["System.RuntimeType"],
            &[
                ("IsPublic", "IsPublic", 8, Undefined),
                ("IsSerial", "IsSerializable", 8, Undefined),
                ("Name", "Name", 40, Undefined),
                ("BaseType", "BaseType", 0, Undefined),
            ],
        ),
        table("System.Guid", &["System.Guid"], &[("Guid", "Guid", 0, Undefined)]),
        table(
            "System.Version",
            &["System.Version"],
            &[
                ("Major", "Major", 6, Undefined),
                ("Minor", "Minor", 6, Undefined),
                ("Build", "Build", 6, Undefined),
                ("Revision", "Revision", 8, Undefined),
            ],
        ),
        table(
            "System.Globalization.CultureInfo",
            &["System.Globalization.CultureInfo"],
            &[
                ("LCID", "LCID", 16, Undefined),
                ("Name", "Name", 16, Undefined),
                ("DisplayName", "DisplayName", 0, Undefined),
            ],
        ),
        table(
            "GroupInfo",
            &["Microsoft.PowerShell.Commands.GroupInfo"],
            &[("Count", "Count", 5, Right), ("Name", "Name", 25, Undefined), ("Group", "Group", 0, Undefined)],
        ),
        table(
            "GroupInfoNoElement",
            &["Microsoft.PowerShell.Commands.GroupInfoNoElement"],
            &[("Count", "Count", 5, Right), ("Name", "Name", 25, Undefined)],
        ),
        table(
            "TextMeasureInfo",
            &["Microsoft.PowerShell.Commands.TextMeasureInfo"],
            &[
                ("Lines", "Lines", 0, Undefined),
                ("Words", "Words", 0, Undefined),
                ("Characters", "Characters", 0, Undefined),
                ("Property", "Property", 0, Undefined),
            ],
        ),
        list(
            "GenericMeasureInfo",
            &["Microsoft.PowerShell.Commands.GenericMeasureInfo"],
            &["Count", "Average", "Sum", "Maximum", "Minimum", "Property"],
        ),
        list("System.TimeSpan", &["System.TimeSpan"], TIME_SPAN),
        table("System.TimeSpan", &["System.TimeSpan"], &TIME_SPAN_COLUMNS.map(|name| (name, name, 0, Undefined))),
        wide("System.TimeSpan", &["System.TimeSpan"], "TotalMilliseconds"),
        list("Dictionary", DICTIONARIES, &["Name", "Value"]),
        list("PSVariable", VARIABLES, &["Name", "Value", "Description", "Visibility", "Module"]),
        list("GroupInfo", &["Microsoft.PowerShell.Commands.GroupInfo"], &["Name", "Count", "Group", "Values"]),
        list("GroupInfoNoElement", &["Microsoft.PowerShell.Commands.GroupInfoNoElement"], &["Name", "Count", "Values"]),
        table(
            "SemanticVersion",
            &["System.Management.Automation.SemanticVersion"],
            &[
                ("Major", "Major", 6, Undefined),
                ("Minor", "Minor", 6, Undefined),
                ("Patch", "Patch", 6, Undefined),
                ("PreReleaseLabel", "PreReleaseLabel", 15, Undefined),
                ("BuildLabel", "BuildLabel", 11, Undefined),
            ],
        ),
        items(),
        table(
            "StringBuilder",
            &["System.Text.StringBuilder"],
            &[
                ("Capacity", "Capacity", 0, Right),
                ("MaxCapacity", "MaxCapacity", 0, Right),
                ("Length", "Length", 0, Right),
            ],
        ),
        member_definition(),
        lone("DateTime", "System.DateTime", "DateTime"),
        lone("MatchInfo", "Microsoft.PowerShell.Commands.MatchInfo", "__computedLine"),
    ];
    views.extend([bytes(), command("AliasInfo", "DisplayName"), command("CmdletInfo", "Name")]);
    views.push(command("FunctionInfo", "Name"));
    // Values that are read back carry the prefix; these two have another view when alive.
    for view in &mut views {
        if &*view.name == "GenericMeasureInfo" {
            view.type_names = vec!["Deserialized.Microsoft.PowerShell.Commands.GenericMeasureInfo".into()];
        }
    }
    views
}

const DICTIONARIES: &[&str] = &["System.Collections.DictionaryEntry"];
const VARIABLES: &[&str] = &["System.Management.Automation.PSVariable"];
const TIME_SPAN_COLUMNS: [&str; 5] = ["Days", "Hours", "Minutes", "Seconds", "Milliseconds"];

const TIME_SPAN: &[&str] = &[
    "Days",
    "Hours",
    "Minutes",
    "Seconds",
    "Milliseconds",
    "Ticks",
    "TotalDays",
    "TotalHours",
    "TotalMinutes",
    "TotalSeconds",
    "TotalMilliseconds",
];

fn names(type_names: &[&str]) -> Vec<Arc<str>> {
    type_names.iter().map(|name| Arc::from(*name)).collect()
}

fn item(property: &str) -> Item {
    Item {
        label: None,
        source: Source::Property(property.into()),
        format: None,
        alignment: Alignment::Undefined,
        condition: None,
    }
}

/// A table: label, property, width and alignment of each column.
fn table(name: &str, type_names: &[&str], columns: &[(&str, &str, usize, Alignment)]) -> View {
    let headers = columns
        .iter()
        .map(|(label, _, width, alignment)| Header {
            label: Some((*label).into()),
            alignment: *alignment,
            width: *width,
        })
        .collect();
    let cells = columns.iter().map(|(_, property, ..)| item(property)).collect();
    let rows = vec![Row { selected_by: Vec::new(), wrap: false, cells }];
    view(name, type_names, Control::Table(TableControl { headers, rows, auto_size: false, hide_headers: false }))
}

fn list(name: &str, type_names: &[&str], properties: &[&str]) -> View {
    let items = properties.iter().map(|property| item(property)).collect();
    view(name, type_names, Control::List(vec![ListEntry { selected_by: Vec::new(), items }]))
}

fn wide(name: &str, type_names: &[&str], property: &str) -> View {
    let entries = vec![(Vec::new(), item(property))];
    view(name, type_names, Control::Wide(WideControl { entries, columns: 0, auto_size: false }))
}

fn view(name: &str, type_names: &[&str], control: Control) -> View {
    View { name: name.into(), type_names: names(type_names), group: None, control, out_of_band: false }
}

/// What `Get-Member` gives: grouped by the type whose members they are.
fn member_definition() -> View {
    use Alignment::Undefined;
    let columns = [
        ("Name", "Name", 0, Undefined),
        ("MemberType", "MemberType", 0, Undefined),
        ("Definition", "Definition", 0, Undefined),
    ];
    let mut members = table("MemberDefinition", &["Microsoft.PowerShell.Commands.MemberDefinition"], &columns);
    members.group =
        Some(Group { by: Source::Property("TypeName".into()), label: Some("TypeName".into()), control: None });
    members
}

/// What `Get-Command` and `Get-Alias` give.
fn command(kind: &str, name: &str) -> View {
    use Alignment::Undefined;
    let columns = [
        ("CommandType", "CommandType", 15, Undefined),
        ("Name", name, 50, Undefined),
        ("Version", "Version", 10, Undefined),
        ("Source", "Source", 0, Undefined),
    ];
    table(kind, &[&format!("System.Management.Automation.{kind}")], &columns)
}

/// What `Format-Hex` gives: sixteen bytes a line, by where they are from.
fn bytes() -> View {
    use Alignment::{Right, Undefined};
    let columns = [
        ("Offset", "HexOffset", 16, Right),
        ("Bytes\n00 01 02 03 04 05 06 07 08 09 0A 0B 0C 0D 0E 0F", "HexBytes", 47, Undefined),
        ("Ascii", "Ascii", 16, Undefined),
    ];
    let mut bytes = table("ByteCollection", &["Microsoft.PowerShell.Commands.ByteCollection"], &columns);
    bytes.group = Some(Group { by: Source::Property("Label".into()), label: Some("Label".into()), control: None });
    bytes
}

/// Files and folders, by the folder they are in.
fn items() -> View {
    use Alignment::{Right, Undefined};
    let columns = [
        ("Mode", "Mode", 7, Undefined),
        ("LastWriteTime", "__computedTime", 26, Right),
        ("Length", "Length", 14, Right),
        ("Name", "Name", 0, Undefined),
    ];
    let mut items = table("children", &["System.IO.FileInfo", "System.IO.DirectoryInfo"], &columns);
    let by = Source::Property("__computedFolder".into());
    items.group = Some(Group { by, label: Some("Directory".into()), control: None });
    items
}

/// A value shown by one of its properties alone: a date in its long form, a match by its line.
fn lone(name: &str, type_name: &str, property: &str) -> View {
    let parts = vec![CustomItem::Expression {
        condition: None,
        source: Some(Source::Property(property.into())),
        enumerate: false,
        control: None,
    }];
    let control = CustomControl { entries: vec![(Vec::new(), parts)] };
    view(name, &[type_name], Control::Custom(Arc::new(control)))
}
