//! `Export-Excel`: a workbook of one sheet, as other programs read it.
//!
//! A plain zip archive of the least that the format asks for; no styles beyond that.

use super::builtin::Ctx;
use super::fault::Res;
use super::state::Cx;
use super::text::to_string;
use super::value::V;

/// Writes the objects as the rows of a sheet.
///
/// # Errors
/// When the file cannot be written.
pub fn export(cx: Cx<'_>, c: &Ctx<'_>, input: Vec<V>) -> Res<()> {
    let path = c.bound.text("Path").unwrap_or_else(|| "report.xlsx".to_owned());
    let rows: Vec<V> = c.input(input).into_iter().flat_map(V::unrolled).collect();
    let mut header: Vec<std::sync::Arc<str>> = Vec::new();
    let mut table = Vec::new();
    for row in &rows {
        let properties = super::member::properties(cx, row)?;
        if header.is_empty() {
            header = properties.iter().map(|(name, _)| name.clone()).collect();
        }
        table.push(
            header
                .iter()
                .map(|name| {
                    properties.iter().find(|(own, _)| own == name).map(|(_, value)| value.clone()).unwrap_or_default()
                })
                .collect::<Vec<V>>(),
        );
    }
    let sheet = c.bound.text("WorksheetName").unwrap_or_else(|| "Sheet1".to_owned());
    let bytes = workbook(&sheet, &header, &table);
    super::files::write(cx, &path, &bytes, false).map_err(|problem| problem.fault())
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

fn cell(value: &V) -> String {
    match super::number::plain(value) {
        Some(number) if !matches!(value, V::Bool(_) | V::Switch(_) | V::Enum(_) | V::Obj(_)) => {
            format!("<c><v>{}</v></c>", number.double())
        }
        _ => format!("<c t=\"inlineStr\"><is><t xml:space=\"preserve\">{}</t></is></c>", escaped(&to_string(value))),
    }
}

fn workbook(sheet: &str, header: &[std::sync::Arc<str>], table: &[Vec<V>]) -> Vec<u8> {
    const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
    let mut rows = String::new();
    let names: String = header.iter().map(|name| cell(&V::from(&**name))).collect();
    rows.push_str(&format!("<row>{names}</row>"));
    for row in table {
        let cells: String = row.iter().map(cell).collect();
        rows.push_str(&format!("<row>{cells}</row>"));
    }
    let main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main";
    let office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships";
    let package = "http://schemas.openxmlformats.org/package/2006";
    let files = [
        (
            "[Content_Types].xml",
            format!(
                "{HEAD}<Types xmlns=\"{package}/content-types\"><Default Extension=\"rels\" ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/><Default Extension=\"xml\" ContentType=\"application/xml\"/><Override PartName=\"/xl/workbook.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/><Override PartName=\"/xl/worksheets/sheet1.xml\" ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/></Types>"
            ),
        ),
        (
            "_rels/.rels",
            format!(
                "{HEAD}<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"rId1\" Type=\"{office}/officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/workbook.xml",
            format!(
                "{HEAD}<workbook xmlns=\"{main}\" xmlns:r=\"{office}\"><sheets><sheet name=\"{}\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>",
                escaped(sheet)
            ),
        ),
        (
            "xl/_rels/workbook.xml.rels",
            format!(
                "{HEAD}<Relationships xmlns=\"{package}/relationships\"><Relationship Id=\"rId1\" Type=\"{office}/worksheet\" Target=\"worksheets/sheet1.xml\"/></Relationships>"
            ),
        ),
        (
            "xl/worksheets/sheet1.xml",
            format!("{HEAD}<worksheet xmlns=\"{main}\"><sheetData>{rows}</sheetData></worksheet>"),
        ),
    ];
    archive(&files)
}

/// A zip archive with stored entries.
fn archive(files: &[(&str, String)]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut directory = Vec::new();
    for (name, text) in files {
        let offset = length(out.len());
        let mut common = Vec::new();
        common.extend_from_slice(&[20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0x58]);
        common.extend_from_slice(&crc32(text.as_bytes()).to_le_bytes());
        common.extend_from_slice(&length(text.len()).to_le_bytes());
        common.extend_from_slice(&length(text.len()).to_le_bytes());
        common.extend_from_slice(&u16::try_from(name.len()).unwrap_or(0).to_le_bytes());
        common.extend_from_slice(&[0, 0]);
        out.extend_from_slice(b"PK\x03\x04");
        out.extend_from_slice(&common);
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(text.as_bytes());
        directory.extend_from_slice(b"PK\x01\x02\x14\x00");
        directory.extend_from_slice(&common);
        directory.extend_from_slice(&[0; 10]);
        directory.extend_from_slice(&offset.to_le_bytes());
        directory.extend_from_slice(name.as_bytes());
    }
    let (start, size) = (length(out.len()), length(directory.len()));
    let count = u16::try_from(files.len()).unwrap_or(0).to_le_bytes();
    out.extend_from_slice(&directory);
    out.extend_from_slice(b"PK\x05\x06\x00\x00\x00\x00");
    out.extend_from_slice(&count);
    out.extend_from_slice(&count);
    out.extend_from_slice(&size.to_le_bytes());
    out.extend_from_slice(&start.to_le_bytes());
    out.extend_from_slice(&[0, 0]);
    out
}

fn length(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { (crc >> 1) ^ 0xedb8_8320 } else { crc >> 1 };
        }
    }
    !crc
}
