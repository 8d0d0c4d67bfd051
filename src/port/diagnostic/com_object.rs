//! `port::com_object`: COM objects.
//!
//! The page that `exsh port --explain` prints; finding the construct is `keep`'s business.

use super::Page;

/// The page.
pub(super) const PAGE: Page = Page {
    code: "port::com_object",
    title: "COM objects",
    stops: true,
    what: "`New-Object -ComObject` and casts to COM types start Office, Outlook or the Windows shell.",
    why: "COM exists on Windows only, and exsh runs everywhere. The questions of `WScript.Shell` and the folders of `Shell.Application` are carried over.",
    instead: "For Excel use `export_excel` or `export_csv`; for mail `send_mail_message`; for the Downloads folder write the path.",
    example: "New-Object -ComObject Excel.Application",
};
