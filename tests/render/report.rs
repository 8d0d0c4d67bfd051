//! Reports as others read them: workbooks by another library, pages by an XML reader and by a browser.
//!
//! Typed cells and parts of a workbook as ECMA-376 part 1 (18.3.1) has them; a page must be well-formed XML, too.

use std::io::{Cursor, Read as _};
use std::path::{Path, PathBuf};
use std::process::Command;

use calamine::{Data, DataType as _, Reader as _, Xlsx};
use exsh::clixml::{DateTimeKind, PsDateTime, PsTimeSpan};
use exsh::render::report::{
    Block, Cell, Chart, ChartKind, Report, Section, Series, Table, Unit, to_csv, to_html, to_markdown, to_xlsx,
};
use quick_xml::events::Event;

const HOSTILE: &str = "</script><script>alert(1)</script><img src=x onerror=alert(2)> \"'&";

/// 2026-03-02 16:05:00: 739,676 days after 0001-01-01 by the calendar, and 46,083 after 1899-12-30.
fn date() -> PsDateTime {
    let ticks = 739_676 * PsDateTime::TICKS_PER_DAY + (16 * 60 + 5) * 60 * PsDateTime::TICKS_PER_SECOND;
    PsDateTime { ticks, kind: DateTimeKind::Unspecified }
}

fn text(text: &str) -> Cell {
    Cell::Text(text.to_owned())
}

fn mailboxes(rows: usize) -> Table {
    let row = |number: usize| {
        vec![
            text(&format!("Mailbox {number:04}")),
            Cell::Size((number as i64 * 7919 % rows as i64) << 20),
            if number.is_multiple_of(3) { Cell::Empty } else { Cell::Date(date()) },
            Cell::Truth(number.is_multiple_of(2)),
        ]
    };
    Table::new(["Name", "Size", "Last logon", "Hidden"], (0..rows).map(row).collect())
}

fn chart(kind: ChartKind) -> Chart {
    Chart {
        kind,
        title: format!("Sizes {HOSTILE}"),
        labels: vec!["DB01".into(), HOSTILE.into(), "DB03".into()],
        places: None,
        series: vec![
            Series { name: HOSTILE.into(), values: vec![Some(3.0e9), None, Some(1.0e9)] },
            Series { name: "Archive".into(), values: vec![Some(-2.0e9), Some(f64::NAN), Some(0.0)] },
        ],
        unit: Unit::Bytes,
    }
}

fn report() -> Report {
    let section = |title: &str, blocks: Vec<Block>| Section { title: title.to_owned(), blocks };
    Report {
        title: format!("Sizes {HOSTILE}"),
        summary: HOSTILE.to_owned(),
        origin: "Made for a test".to_owned(),
        sections: vec![
            section(
                "",
                vec![Block::Figures(vec![(HOSTILE.to_owned(), text(HOSTILE)), ("All".into(), Cell::Whole(250))])],
            ),
            section("Charts", vec![Block::Chart(chart(ChartKind::Bars)), Block::Chart(chart(ChartKind::Line))]),
            section("All mailboxes", vec![Block::Text(HOSTILE.to_owned()), Block::Table(mailboxes(250))]),
            section(
                HOSTILE,
                vec![Block::Table(Table::new([HOSTILE], vec![vec![text(HOSTILE)], vec![text("\u{0}\u{1b}\u{ffff}")]]))],
            ),
            section("Nothing", vec![Block::Table(Table::default())]),
        ],
    }
}

#[test]
fn a_workbook_has_cells_of_their_own_types_and_no_formulas() {
    let table = Table::new(
        ["Name", "Size", "Count", "Share", "When", "Span", "Hidden"],
        vec![
            vec![
                text("=1+1"),
                Cell::Size(3 << 29),
                Cell::Whole(12),
                Cell::Number(0.5),
                Cell::Date(date()),
                Cell::Span(PsTimeSpan { ticks: 36 * 3600 * PsDateTime::TICKS_PER_SECOND }),
                Cell::Truth(true),
            ],
            vec![text("@SUM(A1)"), Cell::Unlimited],
        ],
    );
    let mut book: Xlsx<_> =
        calamine::open_workbook_from_rs(Cursor::new(to_xlsx(&Report::of_table("Sizes", table)).unwrap())).unwrap();
    assert_eq!(book.sheet_names(), ["Sizes"]);
    let sheet = book.worksheet_range("Sizes").unwrap();
    let header: Vec<String> = sheet.rows().next().unwrap().iter().map(ToString::to_string).collect();
    assert_eq!(header, ["Name", "Size (GB)", "Count", "Share", "When", "Span", "Hidden"]);
    let cell = |row, column| sheet.get_value((row, column)).unwrap();
    assert_eq!(cell(1, 0), &Data::String("=1+1".into()));
    assert_eq!(cell(1, 1), &Data::Float(1.5));
    assert_eq!(cell(1, 2), &Data::Float(12.0));
    assert_eq!(cell(1, 3), &Data::Float(0.5));
    let Data::DateTime(when) = cell(1, 4) else { panic!("{:?} is no date", cell(1, 4)) };
    assert!((when.as_f64() - (46_083.0 + (16.0 * 60.0 + 5.0) / 1440.0)).abs() < 1e-9, "{when:?}");
    assert_eq!(cell(1, 5).get_datetime().map(|span| (span.is_duration(), span.as_f64())), Some((true, 1.5)));
    assert_eq!(cell(1, 6), &Data::Bool(true));
    assert_eq!(cell(2, 1), &Data::String("Unlimited".into()));
    assert_eq!(cell(2, 2), &Data::Empty);
    assert!(book.worksheet_formula("Sizes").unwrap().is_empty());
}

/// A part of a workbook as text.
fn part(book: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(Cursor::new(book)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

#[test]
fn a_sheet_keeps_its_header_in_place_and_has_filters() {
    let book = to_xlsx(&Report::of_table("Sizes", mailboxes(20))).unwrap();
    let sheet = part(&book, "xl/worksheets/sheet1.xml");
    assert!(sheet.contains("<pane ySplit=\"1\"") && sheet.contains("state=\"frozen\""), "{sheet}");
    assert!(sheet.contains("<autoFilter ref=\"A1:D21\""), "{sheet}");
    assert!(sheet.contains("<cols>"), "{sheet}");
}

#[test]
fn every_table_and_chart_has_a_sheet_of_its_own() {
    let mut book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(to_xlsx(&report()).unwrap())).unwrap();
    let names = book.sheet_names();
    assert_eq!(names.len(), 6, "{names:?}"); // figures, two charts, three tables
    assert_eq!(book.worksheet_range("All mailboxes").unwrap().height(), 251);
    assert!(names.iter().all(|name| name.encode_utf16().count() <= 31), "{names:?}");
}

#[test]
fn a_report_without_tables_is_still_a_workbook() {
    let book = to_xlsx(&Report { title: "Words".into(), ..Report::default() }).unwrap();
    let book: Xlsx<_> = calamine::open_workbook_from_rs(Cursor::new(book)).unwrap();
    assert_eq!(book.sheet_names().len(), 1);
}

#[test]
fn text_longer_than_a_cell_and_numbers_longer_than_a_double_survive() {
    let table = Table::new(["Long", "Large"], vec![vec![text(&"ü".repeat(40_000)), Cell::Whole(i64::MAX)]]);
    let mut book: Xlsx<_> =
        calamine::open_workbook_from_rs(Cursor::new(to_xlsx(&Report::of_table("x", table)).unwrap())).unwrap();
    let sheet = book.worksheet_range("x").unwrap();
    assert_eq!(sheet.get_value((1, 0)).unwrap().to_string().chars().count(), 32_767);
    assert_eq!(sheet.get_value((1, 1)), Some(&Data::String("9,223,372,036,854,775,807".into())));
}

#[test]
fn csv_is_read_back_by_a_reader_of_csv() {
    let table = Table::new(
        ["Name", "Size"],
        vec![vec![text("a \"b\", c\nd"), Cell::Size(2048)], vec![text("-1"), Cell::Empty]],
    );
    let csv = to_csv(&table);
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    let rows: Vec<Vec<String>> = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect()).collect();
    assert_eq!(rows, [["a \"b\", c\nd", "2048"], ["-1", ""]]);
}

#[test]
fn markdown_has_no_markup_from_values() {
    let text = to_markdown(&report());
    assert!(!text.contains("<script>") && !text.contains("<img"), "{text}");
}

#[test]
fn a_page_shows_the_first_columns_of_wide_objects_and_all_that_were_chosen() {
    let names: Vec<String> = (0..200).map(|number| format!("P{number}")).collect();
    let cells = (0..200).map(|number| if number < 50 { Cell::Empty } else { Cell::Whole(number) }).collect();
    let wide = Table::new(names, vec![cells]);
    let page = to_html(&Report::of_table("Wide", wide.clone()));
    assert_eq!(page.matches("<th ").count(), 16);
    assert!(page.contains(">P50<") && page.contains("16 of 200 columns"), "those without values come last");
    let chosen = to_html(&Report::of_table("Wide", Table { chosen: true, ..wide.clone() }));
    assert_eq!(chosen.matches("<th ").count(), 200);
    assert!(to_markdown(&Report::of_table("Wide", wide.clone())).contains("16 of 200 columns"));
    assert_eq!(to_csv(&wide).lines().next().unwrap().split(',').count(), 200);
}

#[test]
fn a_page_is_well_formed_and_asks_no_address_for_anything() {
    let page = to_html(&report());
    let mut reader = quick_xml::Reader::from_str(&page);
    let mut open = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) => {
                for attribute in tag.attributes() {
                    let attribute = attribute.unwrap();
                    let name = attribute.key.as_ref().to_owned();
                    assert!(!name.starts_with("on") && !["src", "srcset", "action"].contains(&name.as_str()), "{name}");
                }
                open.push(tag.name().as_ref().to_owned());
            }
            Event::End(_) => drop(open.pop()),
            Event::Eof => break,
            _ => {}
        }
    }
    assert!(open.is_empty(), "{open:?}");
    assert_eq!(page.matches("<script>").count(), 1, "only our own script");
    assert!(!page.contains("://") && !page.contains("url(") && !page.contains("@import"));
}

/// A browser, where there is one.
fn browser() -> Option<PathBuf> {
    let named = std::env::var_os("EXSH_CHROMIUM").map(PathBuf::from);
    let folders: Vec<PathBuf> =
        std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect()).unwrap_or_default();
    let names = ["chromium", "chromium-browser", "google-chrome", "chrome"];
    let found = || folders.iter().flat_map(|folder| names.map(|name| folder.join(name))).find(|path| path.is_file());
    let browser = named.or_else(found);
    if browser.is_none() {
        println!("skipped: there is no chromium");
    }
    browser
}

fn browse(browser: &Path, home: &Path, arguments: &[&str], page: &Path) -> std::process::Output {
    Command::new(browser)
        .args(["--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--enable-logging=stderr"])
        .arg(format!("--user-data-dir={}", home.join("profile").display()))
        .args(arguments)
        .arg(format!("file://{}", page.display()))
        .env("HOME", home)
        .output()
        .unwrap()
}

/// What the page's own console said.
fn complaints(output: &std::process::Output) -> Vec<String> {
    let text = String::from_utf8_lossy(&output.stderr);
    text.lines().filter(|line| line.contains("CONSOLE")).map(str::to_owned).collect()
}

#[test]
fn a_browser_opens_the_page_as_it_is_without_complaint() {
    let Some(browser) = browser() else { return };
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("report.html");
    std::fs::write(&page, to_html(&report())).unwrap();
    let shot = folder.path().join("report.png");
    let shot_to = format!("--screenshot={}", shot.display());
    let output = browse(&browser, folder.path(), &["--dump-dom"], &page);
    assert_eq!(complaints(&output), Vec::<String>::new());
    let dom = String::from_utf8_lossy(&output.stdout);
    assert!(dom.contains("250 rows"), "the script has run under the page's own rules");
    assert!(dom.contains("1 to 100 of 250"), "long tables have pages");
    browse(&browser, folder.path(), &[&shot_to, "--window-size=1200,1600"], &page);
    assert!(std::fs::read(&shot).unwrap().starts_with(b"\x89PNG"));
}

/// Clicks and types as a person would, and writes down what is seen.
const PERSON: &str = r#"
const sheet = [...document.querySelectorAll(".sheet")].find((one) => one.querySelector("input"));
const heads = [...sheet.querySelectorAll("th")];
const column = (place) => [...sheet.querySelectorAll("tbody tr")].map((row) => row.cells[place].textContent);
const seen = { errors: window.seenErrors };
heads[1].querySelector("button").click();
seen.largest = column(1).slice(0, 3);
seen.order = heads[1].getAttribute("aria-sort");
heads[1].querySelector("button").click();
seen.smallest = column(1).slice(0, 3);
heads[2].querySelector("button").click();
seen.dated = column(2)[0];
const [back, next] = sheet.querySelectorAll(".pages button");
next.click(); next.click();
seen.undated = column(2).slice(-1)[0];
seen.page = sheet.querySelector(".pages span").textContent;
heads[0].querySelector("button").click();
const search = sheet.querySelector("input");
search.value = "mailbox 012 no";
search.dispatchEvent(new Event("input"));
seen.found = column(0);
seen.count = sheet.querySelector(".count").textContent;
dispatchEvent(new Event("beforeprint"));
search.value = "";
search.dispatchEvent(new Event("input"));
dispatchEvent(new Event("beforeprint"));
seen.printed = column(0).length;
dispatchEvent(new Event("afterprint"));
seen.after = column(0).length;
const out = document.createElement("pre");
out.id = "seen";
out.textContent = JSON.stringify(seen);
document.body.append(out);
"#;

#[test]
fn in_a_browser_tables_sort_filter_turn_pages_and_print_whole() {
    let Some(browser) = browser() else { return };
    let folder = tempfile::tempdir().unwrap();
    let page = to_html(&report());
    // The page's rules allow no script but its own, so the person needs a page without them.
    let (start, rest) = page.split_once("<meta http-equiv").unwrap();
    let rules = rest.find("/>").unwrap() + 2;
    let listen = "<script>window.seenErrors = []; addEventListener('error', (event) => seenErrors.push(event.message));</script>";
    let tried =
        format!("{start}{listen}{}", &rest[rules..]).replace("</body>", &format!("<script>{PERSON}</script></body>"));
    let path = folder.path().join("report.html");
    std::fs::write(&path, tried).unwrap();
    let output = browse(&browser, folder.path(), &["--dump-dom"], &path);
    assert_eq!(complaints(&output), Vec::<String>::new());
    let dom = String::from_utf8(output.stdout).unwrap();
    let seen = dom.split_once("<pre id=\"seen\">").unwrap().1.split_once("</pre>").unwrap().0;
    let seen: serde_json::Value = serde_json::from_str(seen).unwrap();
    assert_eq!(seen["errors"], serde_json::json!([]));
    assert_eq!(seen["largest"], serde_json::json!(["249 MB", "248 MB", "247 MB"]));
    assert_eq!(seen["order"], "descending");
    assert_eq!(seen["smallest"], serde_json::json!(["0 B", "1 MB", "2 MB"]));
    assert_eq!((&seen["dated"], &seen["undated"]), (&"2026-03-02 16:05".into(), &"".into()), "nothing sorts last");
    assert_eq!(seen["page"], "201 to 250 of 250");
    // Mailboxes 120 to 129 whose Hidden is No are those with odd numbers.
    let odd = ["Mailbox 0121", "Mailbox 0123", "Mailbox 0125", "Mailbox 0127", "Mailbox 0129"];
    assert_eq!(seen["found"], serde_json::json!(odd));
    assert_eq!(seen["count"], "5 of 250 rows");
    assert_eq!((&seen["printed"], &seen["after"]), (&250.into(), &100.into()));
}
