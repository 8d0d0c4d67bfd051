//! The recording that the README opens with: a session at the prompt, typed by this file, drawn as an SVG.
//!
//! `docs/record` draws it anew; the test says when it shows something that the program no longer does.

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::process::Command;

use expectrl::Session;
use expectrl::session::OsSession;

const COLUMNS: u16 = 92;
const ROWS: u16 = 30;
const FILE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/docs/prompt.svg");

/// Keys, what the screen must show before the next ones, and for how long the picture stays.
struct Step {
    keys: &'static str,
    shows: &'static str,
    seconds: f32,
}

const fn step(keys: &'static str, shows: &'static str, seconds: f32) -> Step {
    Step { keys, shows, seconds }
}

const STEPS: &[Step] = &[
    step("", "contoso.com/admin exsh>", 1.2),
    step("get_mailbox(", "get_mailbox(#{ Identity, ResultSize, Filter, … })", 1.4),
    step("#{ Res\t", "get_mailbox(#{ ResultSize: ", 0.8),
    step("3 })", "ResultSize: 3 })", 0.8),
    step("\r", "Carol Cole", 2.4),
    step("get_mailbux(\"alice\")", "get_mailbux(\"alice\")", 0.8),
    step("\r", "did you mean get_mailbox?", 2.4),
    step("get_mailbox().where(|it| it.Name.starts_with(\"J\"))", "\"J\"))", 0.8),
    step(".select([\"Name\", \"Alias\", \"PrimarySmtpAddress\"])", "\"PrimarySmtpAddress\"])", 1.2),
    step("\r", "jana.eaton@contoso.com", 2.4),
    step("`${_.len()} names begin with J, ${_[0].Alias} is the first`", "is the first`", 0.9),
    step("\r", "names begin with J, ", 1.6),
    step("get_mailbox(\"alice\").set_mailbox(#{ CustomAttribute1: \"Sales\", WhatIf: true })", "WhatIf: true })", 1.0),
    step("\r", "What if:", 3.0),
];

#[test]
fn the_recording_in_the_readme_is_what_the_prompt_shows() {
    let drawn = drawn(&recorded());
    if std::env::var_os("EXSH_RECORD").is_some() {
        std::fs::write(FILE, drawn).unwrap();
        return;
    }
    let kept = std::fs::read_to_string(FILE).unwrap_or_default();
    assert!(kept == drawn, "docs/prompt.svg shows something else than the prompt does: run docs/record and look at it");
}

/// A picture of the terminal with the time it stays.
struct Frame {
    screen: vt100::Screen,
    seconds: f32,
}

/// Types the steps and takes a picture after each.
fn recorded() -> Vec<Frame> {
    let home = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_exsh"));
    command.arg("demo").env_clear().env("HOME", home.path()).env("TERM", "xterm-256color").env("PAGER", "");
    let mut session = Session::spawn(command).unwrap();
    session.get_process_mut().set_window_size(COLUMNS, ROWS).unwrap();
    let mut terminal = vt100::Parser::new(ROWS.try_into().unwrap(), COLUMNS.try_into().unwrap(), 0);
    let mut frames = Vec::new();
    for step in STEPS {
        session.write_all(step.keys.as_bytes()).unwrap();
        session.flush().unwrap();
        read_until(&mut session, &mut terminal, step);
        frames.push(Frame { screen: terminal.screen().clone(), seconds: step.seconds });
    }
    frames
}

/// Reads until the screen shows what it is to show and, after Enter, asks for the next line.
fn read_until(session: &mut OsSession, terminal: &mut vt100::Parser, step: &Step) {
    let mut bytes = [0; 4096];
    let begun = std::time::Instant::now();
    loop {
        let text = terminal.screen().contents();
        let last = text.lines().last().unwrap_or_default().trim_end();
        let runs = step.keys.ends_with('\r');
        if text.replace('\n', "").contains(step.shows) && (!runs || last.ends_with("exsh>")) {
            return;
        }
        assert!(begun.elapsed().as_secs() < 60, "waited for {:?} on\n{text}", step.shows);
        let count = session.read(&mut bytes).unwrap();
        terminal.process(&bytes[..count]);
    }
}

const CELL_WIDTH: f32 = 8.4;
const CELL_HEIGHT: f32 = 18.0;
const MARGIN: f32 = 14.0;

/// All frames in one file; each is seen in its turn.
fn drawn(frames: &[Frame]) -> String {
    let (width, height) =
        (f32::from(COLUMNS) * CELL_WIDTH + 2.0 * MARGIN, f32::from(ROWS) * CELL_HEIGHT + 2.0 * MARGIN);
    let whole: f32 = frames.iter().map(|frame| frame.seconds).sum();
    let mut svg = String::new();
    let _ = writeln!(
        svg,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width:.0} {height:.0}\" width=\"{width:.0}\" \
         font-family=\"ui-monospace,SFMono-Regular,Menlo,Consolas,monospace\" font-size=\"14\">"
    );
    let _ = writeln!(svg, "<title>a session at the prompt of exsh, on the demo organization</title>");
    svg.push_str("<style>text{white-space:pre;fill:#d8dee9}.f{visibility:hidden}");
    let mut begun = 0.0;
    for (index, frame) in frames.iter().enumerate() {
        let (from, to) = (begun / whole * 100.0, (begun + frame.seconds) / whole * 100.0);
        let _ = write!(
            svg,
            "@keyframes k{index}{{0%,{from:.2}%{{visibility:hidden}}{:.2}%,{:.2}%{{visibility:visible}}{to:.2}%,100%{{visibility:hidden}}}}\
             #f{index}{{animation:k{index} {whole:.1}s step-end infinite}}",
            from + 0.01,
            to - 0.01
        );
        begun += frame.seconds;
    }
    svg.push_str("</style>\n");
    let _ = writeln!(svg, "<rect width=\"{width:.0}\" height=\"{height:.0}\" rx=\"8\" fill=\"#1b2028\"/>");
    for (index, frame) in frames.iter().enumerate() {
        let _ = writeln!(svg, "<g class=\"f\" id=\"f{index}\">");
        draw(&mut svg, &frame.screen);
        svg.push_str("</g>\n");
    }
    svg.push_str("</svg>\n");
    svg
}

/// One picture: runs of cells that look alike, each at its place.
fn draw(svg: &mut String, screen: &vt100::Screen) {
    // How long an input takes is told when it takes long, which differs from machine to machine.
    let is_time = |row: &u16| {
        let text = screen.contents_between(*row, 0, *row, COLUMNS);
        let time = text.trim_end().split(", ").next().and_then(|time| time.strip_suffix(" s"));
        time.is_some_and(|number| number.parse::<f32>().is_ok())
    };
    let rows: Vec<u16> = (0..ROWS).filter(|row| !is_time(row)).collect();
    let place = |row: u16| f32::from(u16::try_from(rows.iter().filter(|kept| **kept < row).count()).unwrap());
    for row in rows.iter().copied() {
        let mut column = 0;
        while column < COLUMNS {
            let Some(cell) = screen.cell(row, column) else { break };
            let style = style(cell);
            let begun = column;
            let mut text = String::new();
            while column < COLUMNS {
                match screen.cell(row, column) {
                    Some(next) if self::style(next) == style => {
                        text.push_str(if next.has_contents() { next.contents() } else { " " });
                        column += 1;
                    }
                    _ => break,
                }
            }
            let text = text.trim_end();
            if text.is_empty() {
                continue;
            }
            let (x, y) = (MARGIN + f32::from(begun) * CELL_WIDTH, MARGIN + (place(row) + 0.75) * CELL_HEIGHT);
            let length = f32::from(u16::try_from(text.chars().count()).unwrap()) * CELL_WIDTH;
            let _ = writeln!(
                svg,
                "<text x=\"{x:.1}\" y=\"{y:.1}\" textLength=\"{length:.1}\"{style}>{}</text>",
                text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
            );
        }
    }
    let (row, column) = screen.cursor_position();
    let (x, y) = (MARGIN + f32::from(column) * CELL_WIDTH, MARGIN + place(row) * CELL_HEIGHT);
    let _ = writeln!(svg, "<rect x=\"{x:.1}\" y=\"{y:.1}\" width=\"2\" height=\"{CELL_HEIGHT}\" fill=\"#d8dee9\"/>");
}

/// The attributes of a cell.
fn style(cell: &vt100::Cell) -> String {
    let mut style = String::new();
    if let vt100::Color::Idx(index) = cell.fgcolor() {
        let _ = write!(style, " style=\"fill:{}\"", colour(index));
    }
    if cell.bold() {
        style.push_str(" font-weight=\"bold\"");
    }
    if cell.underline() {
        style.push_str(" text-decoration=\"underline\"");
    }
    style
}

/// The sixteen colours.
fn colour(index: u8) -> &'static str {
    const COLOURS: [&str; 16] = [
        "#3b4252", "#ff6b6b", "#9ece6a", "#e5c07b", "#7aa2f7", "#c792ea", "#7dcfff", "#d8dee9", "#6b7688", "#ff8787",
        "#b9e08c", "#f0d399", "#9dbcff", "#d7b3f5", "#a4e0ff", "#ffffff",
    ];
    COLOURS.get(usize::from(index)).copied().unwrap_or("#d8dee9")
}
