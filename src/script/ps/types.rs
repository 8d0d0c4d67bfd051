//! Names of .NET types: accelerators, short names, what is known to exist.
//!
//! No values here.

use std::sync::Arc;

/// PowerShell's short names and the types they stand for.
const ACCELERATORS: [(&str, &str); 67] = [
    ("alias", "System.Management.Automation.AliasAttribute"),
    ("array", "System.Array"),
    ("bool", "System.Boolean"),
    ("byte", "System.Byte"),
    ("char", "System.Char"),
    ("cultureinfo", "System.Globalization.CultureInfo"),
    ("datetime", "System.DateTime"),
    ("datetimeoffset", "System.DateTimeOffset"),
    ("decimal", "System.Decimal"),
    ("double", "System.Double"),
    ("exception", "System.Exception"),
    ("float", "System.Single"),
    ("guid", "System.Guid"),
    ("hashtable", "System.Collections.Hashtable"),
    ("int", "System.Int32"),
    ("int16", "System.Int16"),
    ("int32", "System.Int32"),
    ("int64", "System.Int64"),
    ("ipaddress", "System.Net.IPAddress"),
    ("long", "System.Int64"),
    ("mailaddress", "System.Net.Mail.MailAddress"),
    ("math", "System.Math"),
    ("nullstring", "System.Management.Automation.Language.NullString"),
    ("object", "System.Object"),
    ("ordered", "System.Collections.Specialized.OrderedDictionary"),
    ("parameter", "System.Management.Automation.ParameterAttribute"),
    ("pscredential", "System.Management.Automation.PSCredential"),
    ("pscustomobject", "System.Management.Automation.PSCustomObject"),
    ("psobject", "System.Management.Automation.PSObject"),
    ("random", "System.Random"),
    ("ref", "System.Management.Automation.PSReference"),
    ("regex", "System.Text.RegularExpressions.Regex"),
    ("sbyte", "System.SByte"),
    ("scriptblock", "System.Management.Automation.ScriptBlock"),
    ("securestring", "System.Security.SecureString"),
    ("short", "System.Int16"),
    ("single", "System.Single"),
    ("string", "System.String"),
    ("switch", "System.Management.Automation.SwitchParameter"),
    ("timespan", "System.TimeSpan"),
    ("timezoneinfo", "System.TimeZoneInfo"),
    ("type", "System.Type"),
    ("uint", "System.UInt32"),
    ("uint16", "System.UInt16"),
    ("uint32", "System.UInt32"),
    ("uint64", "System.UInt64"),
    ("ulong", "System.UInt64"),
    ("uri", "System.Uri"),
    ("ushort", "System.UInt16"),
    ("validateset", "System.Management.Automation.ValidateSetAttribute"),
    ("version", "System.Version"),
    ("psnoteproperty", "System.Management.Automation.PSNoteProperty"),
    ("void", "System.Void"),
    ("xml", "System.Xml.XmlDocument"),
    ("wmi", "System.Management.ManagementObject"),
    ("bigint", "System.Numerics.BigInteger"),
    ("pslistmodifier", "System.Management.Automation.PSListModifier"),
    ("environment", "System.Environment"),
    ("convert", "System.Convert"),
    ("consolecolor", "System.ConsoleColor"),
    ("dayofweek", "System.DayOfWeek"),
    ("adsi", "System.DirectoryServices.DirectoryEntry"),
    ("wildcardpattern", "System.Management.Automation.WildcardPattern"),
    ("dateonly", "System.DateOnly"),
    ("timeonly", "System.TimeOnly"),
    ("semver", "System.Management.Automation.SemanticVersion"),
    ("tuple", "System.Tuple"),
];

/// Full names of further types that scripts write with or without `System.`.
const KNOWN: [&str; 95] = [
    "System.Collections.ArrayList",
    "System.Collections.Queue",
    "System.Collections.Stack",
    "System.Collections.SortedList",
    "System.Collections.IEnumerable",
    "System.Collections.IDictionary",
    "System.Collections.IList",
    "System.Diagnostics.Stopwatch",
    "System.Globalization.GregorianCalendar",
    "System.Globalization.ISOWeek",
    "System.IO.Directory",
    "System.IO.DirectoryInfo",
    "System.IO.File",
    "System.IO.FileInfo",
    "System.IO.Path",
    "System.IO.StreamReader",
    "System.IO.StreamWriter",
    "System.Linq.Enumerable",
    "System.Management.Automation.ErrorRecord",
    "System.Management.Automation.ErrorCategory",
    "System.Management.Automation.PSNoteProperty",
    "System.Management.Automation.Host.ChoiceDescription",
    "System.Management.Automation.ScriptBlock",
    "System.MidpointRounding",
    "System.Net.ServicePointManager",
    "System.Net.NetworkCredential",
    "System.Net.SecurityProtocolType",
    "System.Net.Dns",
    "System.Security.Principal.WindowsIdentity",
    "System.StringComparer",
    "System.StringComparison",
    "System.StringSplitOptions",
    "System.Text.Encoding",
    "System.Text.StringBuilder",
    "System.Text.RegularExpressions.RegexOptions",
    "System.Threading.Thread",
    "System.ValueType",
    "System.Web.HttpUtility",
    "System.Net.WebUtility",
    "System.Uri",
    "System.DBNull",
    "System.BitConverter",
    "System.Console",
    "System.GC",
    "System.EventArgs",
    "System.DateTimeKind",
    "System.Collections.ICollection",
    "System.IComparable",
    "System.IFormattable",
    "System.IO.MemoryStream",
    "System.IO.StringReader",
    "System.IO.StringWriter",
    "System.Security.Cryptography.SHA1",
    "System.Security.Cryptography.SHA384",
    "System.Security.Cryptography.SHA512",
    "System.Management.Automation.PSAliasProperty",
    "System.Management.Automation.PSScriptProperty",
    "System.Management.Automation.PSScriptMethod",
    "System.Security.Cryptography.SHA256",
    "System.Security.Cryptography.MD5",
    "System.Security.Cryptography.HashAlgorithm",
    "System.Runtime.InteropServices.Marshal",
    "System.Reflection.Assembly",
    "System.AppDomain",
    "System.Enum",
    "System.Activator",
    "System.Nullable",
    "System.Collections.Specialized.NameValueCollection",
    "System.EnvironmentVariableTarget",
    "System.Globalization.NumberFormatInfo",
    "System.Globalization.DateTimeFormatInfo",
    "System.Globalization.TextInfo",
    "System.IO.FileAttributes",
    "System.IO.FileStream",
    "System.IO.FileSystemInfo",
    "System.Management.Automation.DebugRecord",
    "System.Management.Automation.HostInformationMessage",
    "System.Management.Automation.InformationRecord",
    "System.Management.Automation.PSStyle",
    "System.Management.Automation.ProgressRecord",
    "System.Management.Automation.VerboseRecord",
    "System.Management.Automation.WarningRecord",
    "System.Text.ASCIIEncoding",
    "System.Text.NormalizationForm",
    "System.Text.RegularExpressions.Group",
    "System.Text.RegularExpressions.Match",
    "System.Text.RegularExpressions.MatchCollection",
    "System.Text.UTF32Encoding",
    "System.Text.UTF8Encoding",
    "System.Text.UnicodeEncoding",
    "System.Xml.XmlAttribute",
    "System.Xml.XmlElement",
    "System.Xml.XmlNode",
    "System.Xml.XmlText",
    "System.Diagnostics.Process",
];

/// The full name of a type as a script writes it; `None` when there is no such type.
#[must_use]
pub(super) fn resolve(name: &str) -> Option<Arc<str>> {
    let name = name.trim();
    if let Some(item) = name.strip_suffix("[]") {
        return resolve(item).map(|item| format!("{item}[]").into());
    }
    if let Some((item, commas)) = name.strip_suffix(']').and_then(|rest| rest.rsplit_once('['))
        && !commas.is_empty()
        && commas.chars().all(|c| c == ',')
    {
        return resolve(item).map(|item| format!("{item}[{commas}]").into());
    }
    if let Some((outer, arguments)) = name.strip_suffix(']').and_then(|rest| rest.split_once('[')) {
        let plain = |argument: &str| {
            let argument = argument.trim();
            argument.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(argument).to_owned()
        };
        let arguments: Option<Vec<Arc<str>>> =
            arguments_of(arguments).iter().map(|argument| resolve(&plain(argument))).collect();
        let arguments = arguments?;
        let outer = outer.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches('`');
        let outer = generic(outer)?;
        return Some(format!("{outer}`{}[{}]", arguments.len(), arguments.join(",")).into());
    }
    if let Some((_, full)) = ACCELERATORS.iter().find(|(short, _)| short.eq_ignore_ascii_case(name)) {
        return Some((*full).into());
    }
    let full = |candidate: &str| {
        let known = KNOWN.iter().copied().chain(ACCELERATORS.iter().map(|(_, full)| *full));
        known.into_iter().find(|known| known.eq_ignore_ascii_case(candidate)).map(Arc::from)
    };
    if let Some(found) = super::declared::name(name) {
        return Some(found);
    }
    if let Some(found) = full(name).or_else(|| full(&format!("System.{name}"))) {
        return Some(found);
    }
    if let Some(found) = super::enums::find(name) {
        return Some(found);
    }
    if name.to_ascii_lowercase().ends_with("exception") && name.chars().all(|c| c.is_alphanumeric() || c == '.') {
        let known_prefix = ["System.", "Microsoft."]
            .iter()
            .any(|prefix| name.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix)));
        return Some(if known_prefix { name.into() } else { format!("System.{name}").into() });
    }
    None
}

fn generic(name: &str) -> Option<&'static str> {
    const SYSTEM: [(&str, &str); 9] = [
        ("Predicate", "System.Predicate"),
        ("Func", "System.Func"),
        ("Action", "System.Action"),
        ("Comparison", "System.Comparison"),
        ("Converter", "System.Converter"),
        ("Tuple", "System.Tuple"),
        ("Lazy", "System.Lazy"),
        ("ValueTuple", "System.ValueTuple"),
        ("Nullable", "System.Nullable"),
    ];
    let plain = name.strip_prefix("System.").or_else(|| name.strip_prefix("system.")).unwrap_or(name);
    if let Some((_, full)) = SYSTEM.iter().find(|(known, _)| known.eq_ignore_ascii_case(plain)) {
        return Some(full);
    }
    const GENERICS: [(&str, &str); 12] = [
        ("List", "System.Collections.Generic.List"),
        ("Dictionary", "System.Collections.Generic.Dictionary"),
        ("HashSet", "System.Collections.Generic.HashSet"),
        ("SortedSet", "System.Collections.Generic.SortedSet"),
        ("Queue", "System.Collections.Generic.Queue"),
        ("Stack", "System.Collections.Generic.Stack"),
        ("KeyValuePair", "System.Collections.Generic.KeyValuePair"),
        ("SortedDictionary", "System.Collections.Generic.SortedDictionary"),
        ("SortedList", "System.Collections.Generic.SortedList"),
        ("LinkedList", "System.Collections.Generic.LinkedList"),
        ("IEnumerable", "System.Collections.Generic.IEnumerable"),
        ("IList", "System.Collections.Generic.IList"),
    ];
    let short = name.rsplit('.').next().unwrap_or(name);
    GENERICS.iter().find(|(known, _)| known.eq_ignore_ascii_case(short)).map(|(_, full)| *full)
}

/// The name without namespace: `Int32`, `Object[]`, `List`1`.
#[must_use]
pub(super) fn short(name: &str) -> String {
    let head = name.split('[').next().unwrap_or(name);
    let tail = name.rfind('[').map(|at| &name[at..]).filter(|tail| tail.trim_matches(['[', ']', ',']).is_empty());
    let tail = tail.unwrap_or_default();
    format!("{}{tail}", head.rsplit(['.', '+']).next().unwrap_or(head))
}

/// The arguments of a generic type, which may have arguments themselves.
fn arguments_of(text: &str) -> Vec<String> {
    let mut parts = vec![String::new()];
    let mut depth = 0_usize;
    for c in text.chars() {
        match c {
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                parts.push(String::new());
                continue;
            }
            _ => {}
        }
        if let Some(part) = parts.last_mut() {
            part.push(c);
        }
    }
    parts
}

/// Names that are written short only by namespace, or beside a shorter one of the same type.
const NO_SHORT: [&str; 19] = [
    "consolecolor",
    "convert",
    "dateonly",
    "datetimeoffset",
    "dayofweek",
    "environment",
    "exception",
    "int16",
    "int32",
    "int64",
    "math",
    "object",
    "pscustomobject",
    "random",
    "single",
    "timeonly",
    "timezoneinfo",
    "tuple",
    "uint16",
];

/// The name as a script would write it: short where PowerShell has a short name, arguments of generic types likewise.
#[must_use]
pub(super) fn literal(name: &str) -> String {
    if let Some(item) = name.strip_suffix("[]") {
        return format!("{}[]", literal(item));
    }
    if let Some((outer, rest)) = name.split_once('`')
        && let Some(arguments) = rest.split_once('[').and_then(|(_, rest)| rest.strip_suffix(']'))
    {
        let parts: Vec<String> = arguments_of(arguments).iter().map(|part| literal(part)).collect();
        return format!("{outer}[{}]", parts.join(","));
    }
    let is_short = |short: &str| !NO_SHORT.contains(&short) && !matches!(short, "uint32" | "uint64");
    let own = ACCELERATORS.iter().find(|(short, full)| *full == name && is_short(short));
    own.map_or(name, |(short, _)| *short).to_owned()
}

/// The name as .NET writes it; generic types with their arguments in brackets.
#[must_use]
pub(super) fn display(name: &str) -> String {
    name.to_owned()
}
