//! `port::dot_source`: Other script files.
//!
//! The page that `exsh port --explain` prints; finding the construct is `keep`'s business.

use super::Page;

/// The page.
pub(super) const PAGE: Page = Page {
    code: "port::dot_source",
    title: "Other script files",
    stops: false,
    what: "`. .\\file.ps1` takes another script in as a part of this one, and `.\\file.ps1` runs it by itself.",
    why: "The other file stays PowerShell: it is read when the line is reached. The functions that it defines can be called, and the variables that it sets are read by `shell(\"Name\")`; of this script's variables it sees none.",
    instead: "Port the other file too, and write `import \"file\" as file;` and `file::function()`.",
    example: ". .\\Functions.ps1",
};
