//! Enumerations that scripts name: their values and numbers.

use std::sync::Arc;

use super::value::{EnumValue, V, same_name};

/// Enumerations whose values are combined.
const FLAGS: [&str; 6] = [
    "System.StringSplitOptions",
    "System.Net.SecurityProtocolType",
    "System.Text.RegularExpressions.RegexOptions",
    "System.Globalization.DateTimeStyles",
    "System.Globalization.NumberStyles",
    "System.IO.FileAttributes",
];

const ENUMS: [(&str, &[(&str, i32)]); 22] = [
    ("System.Text.NormalizationForm", &[("FormC", 1), ("FormD", 2), ("FormKC", 5), ("FormKD", 6)]),
    ("Microsoft.PowerShell.Commands.BaseCsvWritingCommand+QuoteKind", &[("Never", 0), ("Always", 1), ("AsNeeded", 2)]),
    ("Newtonsoft.Json.StringEscapeHandling", &[("Default", 0), ("EscapeNonAscii", 1), ("EscapeHtml", 2)]),
    ("Microsoft.PowerShell.Commands.TestPathType", &[("Any", 0), ("Container", 1), ("Leaf", 2)]),
    (
        "Microsoft.PowerShell.Commands.JsonDateKind",
        &[("Default", 0), ("Local", 1), ("Utc", 2), ("Offset", 3), ("String", 4)],
    ),
    (
        "System.DayOfWeek",
        &[
            ("Sunday", 0),
            ("Monday", 1),
            ("Tuesday", 2),
            ("Wednesday", 3),
            ("Thursday", 4),
            ("Friday", 5),
            ("Saturday", 6),
        ],
    ),
    (
        "System.MidpointRounding",
        &[("ToEven", 0), ("AwayFromZero", 1), ("ToZero", 2), ("ToNegativeInfinity", 3), ("ToPositiveInfinity", 4)],
    ),
    (
        "System.ConsoleColor",
        &[
            ("Black", 0),
            ("DarkBlue", 1),
            ("DarkGreen", 2),
            ("DarkCyan", 3),
            ("DarkRed", 4),
            ("DarkMagenta", 5),
            ("DarkYellow", 6),
            ("Gray", 7),
            ("DarkGray", 8),
            ("Blue", 9),
            ("Green", 10),
            ("Cyan", 11),
            ("Red", 12),
            ("Magenta", 13),
            ("Yellow", 14),
            ("White", 15),
        ],
    ),
    (
        "System.StringComparison",
        &[
            ("CurrentCulture", 0),
            ("CurrentCultureIgnoreCase", 1),
            ("InvariantCulture", 2),
            ("InvariantCultureIgnoreCase", 3),
            ("Ordinal", 4),
            ("OrdinalIgnoreCase", 5),
        ],
    ),
    ("System.StringSplitOptions", &[("None", 0), ("RemoveEmptyEntries", 1), ("TrimEntries", 2)]),
    ("System.Globalization.CalendarWeekRule", &[("FirstDay", 0), ("FirstFullWeek", 1), ("FirstFourDayWeek", 2)]),
    ("System.DateTimeKind", &[("Unspecified", 0), ("Utc", 1), ("Local", 2)]),
    (
        "System.Net.SecurityProtocolType",
        &[("SystemDefault", 0), ("Ssl3", 48), ("Tls", 192), ("Tls11", 768), ("Tls12", 3072), ("Tls13", 12288)],
    ),
    (
        "System.Management.Automation.ErrorCategory",
        &[
            ("NotSpecified", 0),
            ("OpenError", 1),
            ("CloseError", 2),
            ("DeviceError", 3),
            ("DeadlockDetected", 4),
            ("InvalidArgument", 5),
            ("InvalidData", 6),
            ("InvalidOperation", 7),
            ("InvalidResult", 8),
            ("InvalidType", 9),
            ("MetadataError", 10),
            ("NotImplemented", 11),
            ("NotInstalled", 12),
            ("ObjectNotFound", 13),
            ("OperationStopped", 14),
            ("OperationTimeout", 15),
            ("SyntaxError", 16),
            ("ParserError", 17),
            ("PermissionDenied", 18),
            ("ResourceBusy", 19),
            ("ResourceExists", 20),
            ("ResourceUnavailable", 21),
            ("ReadError", 22),
            ("WriteError", 23),
            ("FromStdErr", 24),
            ("SecurityError", 25),
            ("ProtocolError", 26),
            ("ConnectionError", 27),
            ("AuthenticationError", 28),
            ("LimitsExceeded", 29),
            ("QuotaExceeded", 30),
            ("NotEnabled", 31),
        ],
    ),
    (
        "System.Management.Automation.ActionPreference",
        &[
            ("SilentlyContinue", 0),
            ("Stop", 1),
            ("Continue", 2),
            ("Inquire", 3),
            ("Ignore", 4),
            ("Suspend", 5),
            ("Break", 6),
        ],
    ),
    ("System.Management.Automation.ConfirmImpact", &[("None", 0), ("Low", 1), ("Medium", 2), ("High", 3)]),
    (
        "System.Text.RegularExpressions.RegexOptions",
        &[
            ("None", 0),
            ("IgnoreCase", 1),
            ("Multiline", 2),
            ("ExplicitCapture", 4),
            ("Compiled", 8),
            ("Singleline", 16),
            ("IgnorePatternWhitespace", 32),
            ("RightToLeft", 64),
            ("ECMAScript", 256),
            ("CultureInvariant", 512),
        ],
    ),
    (
        "System.Globalization.DateTimeStyles",
        &[
            ("None", 0),
            ("AllowLeadingWhite", 1),
            ("AllowTrailingWhite", 2),
            ("AllowInnerWhite", 4),
            ("AllowWhiteSpaces", 7),
            ("NoCurrentDateDefault", 8),
            ("AdjustToUniversal", 16),
            ("AssumeLocal", 32),
            ("AssumeUniversal", 64),
            ("RoundtripKind", 128),
        ],
    ),
    (
        "System.Globalization.NumberStyles",
        &[
            ("None", 0),
            ("AllowLeadingWhite", 1),
            ("AllowTrailingWhite", 2),
            ("AllowLeadingSign", 4),
            ("Integer", 7),
            ("AllowTrailingSign", 8),
            ("AllowParentheses", 16),
            ("AllowDecimalPoint", 32),
            ("AllowThousands", 64),
            ("Number", 111),
            ("AllowExponent", 128),
            ("Float", 167),
            ("AllowCurrencySymbol", 256),
            ("Currency", 383),
            ("Any", 511),
            ("AllowHexSpecifier", 512),
            ("HexNumber", 515),
        ],
    ),
    (
        "System.IO.FileAttributes",
        &[
            ("None", 0),
            ("ReadOnly", 1),
            ("Hidden", 2),
            ("System", 4),
            ("Directory", 16),
            ("Archive", 32),
            ("Device", 64),
            ("Normal", 128),
            ("Temporary", 256),
            ("Compressed", 2048),
            ("Offline", 4096),
            ("Encrypted", 16384),
        ],
    ),
    ("System.IO.SearchOption", &[("TopDirectoryOnly", 0), ("AllDirectories", 1)]),
    ("System.UriKind", &[("RelativeOrAbsolute", 0), ("Absolute", 1), ("Relative", 2)]),
];

/// An enumeration: one of the table, or one that the script defines.
#[derive(Debug, Clone)]
pub(super) struct Shape {
    /// Its full name.
    pub(super) name: Arc<str>,
    /// Whether its values are combined.
    pub(super) flags: bool,
    /// Names and numbers in order.
    pub(super) values: Vec<(Arc<str>, i32)>,
}

impl Shape {
    /// All its values.
    #[must_use]
    pub(super) fn all(&self) -> V {
        V::array(self.values.iter().map(|pair| self.value(pair)).collect())
    }

    /// The names of its values.
    #[must_use]
    pub(super) fn names(&self) -> V {
        V::array(self.values.iter().map(|(name, _)| V::Str(name.clone())).collect())
    }

    fn value(&self, (name, number): &(Arc<str>, i32)) -> V {
        V::Enum(Arc::new(EnumValue { type_name: self.name.clone(), name: name.to_string(), number: *number }))
    }
}

/// The enumeration with the full name.
#[must_use]
pub(super) fn shape(type_name: &str) -> Option<Shape> {
    if let Some(own) = super::declared::enumeration(type_name) {
        return Some((*own).clone());
    }
    let (full, values) = ENUMS.iter().find(|(full, _)| same_name(full, type_name))?;
    Some(Shape {
        name: (*full).into(),
        flags: FLAGS.contains(full),
        values: values.iter().map(|(name, number)| ((*name).into(), *number)).collect(),
    })
}

/// The full name of an enumeration.
#[must_use]
pub(super) fn find(name: &str) -> Option<Arc<str>> {
    if let Some(own) = super::declared::enumeration(name) {
        return Some(own.name.clone());
    }
    ENUMS
        .iter()
        .map(|(full, _)| *full)
        .find(|full| same_name(full, name) || same_name(full.strip_prefix("System.").unwrap_or(full), name))
        .map(Arc::from)
}

/// A value by its name, or by an unambiguous beginning of it.
#[must_use]
pub(super) fn by_name(type_name: &str, name: &str) -> Option<V> {
    let shape = shape(type_name)?;
    let name = name.trim();
    let exact = shape.values.iter().find(|(known, _)| same_name(known, name));
    let found = exact.or_else(|| {
        let mut starts =
            shape.values.iter().filter(|(known, _)| known.to_lowercase().starts_with(&name.to_lowercase()));
        starts.next().filter(|_| !name.is_empty() && starts.next().is_none())
    })?;
    Some(shape.value(found))
}

/// A value by its number; of values that combine also by the sum of several.
#[must_use]
pub(crate) fn by_number(type_name: &str, number: i32) -> Option<V> {
    let shape = shape(type_name)?;
    if let Some(found) = shape.values.iter().find(|(_, known)| *known == number) {
        return Some(shape.value(found));
    }
    if !shape.flags {
        return None;
    }
    let (mut rest, mut names) = (number, Vec::new());
    for (name, known) in shape.values.iter().rev().filter(|(_, known)| *known > 0) {
        if rest & known == *known {
            rest -= known;
            names.insert(0, name.to_string());
        }
    }
    let name = if rest == 0 && number != 0 { names.join(", ") } else { number.to_string() };
    Some(shape.value(&(name.into(), number)))
}

/// A value by its name, or several names with commas between them.
#[must_use]
pub(super) fn by_names(type_name: &str, names: &str) -> Option<V> {
    if !names.contains(',') {
        return by_name(type_name, names);
    }
    let mut sum = 0;
    for name in names.split(',') {
        let Some(V::Enum(found)) = by_name(type_name, name) else { return None };
        sum |= found.number;
    }
    by_number(type_name, sum)
}
