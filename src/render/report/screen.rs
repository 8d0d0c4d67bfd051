//! Charts on a terminal: bars, lines and small lines, in block letters or, where there are none, in ASCII.
//!
//! Text comes out; how wide the terminal is and which letters it has is the caller's to know.

use super::cell::number_text;
use super::chart::{Chart, ChartKind, Scale, Series};
use crate::render::width;

/// What the terminal can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Screen {
    /// Cells from left to right.
    pub width: usize,
    /// Whether it has block and Braille letters; else ASCII must do.
    pub unicode: bool,
}

const EIGHTHS: [char; 8] = ['▏', '▎', '▍', '▌', '▋', '▊', '▉', '█'];
const LEVELS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const LEVELS_ASCII: [char; 8] = ['_', '.', ',', '-', '=', '+', '*', '#'];
/// Lines of text that a line chart takes, without its labels.
const ROWS: usize = 10;

/// The chart as lines of text without a line break at the end.
///
/// ```
/// use exsh::render::report::{Chart, Screen, Series, draw};
///
/// let chart = Chart {
///     labels: vec!["DB01".into(), "DB02".into()],
///     series: vec![Series { name: "Mailboxes".into(), values: vec![Some(40.0), Some(20.0)] }],
///     ..Chart::default()
/// };
/// assert_eq!(draw(&chart, Screen { width: 20, unicode: false }), "DB01  ########### 40\nDB02  #####       20");
/// ```
#[must_use]
pub fn draw(chart: &Chart, screen: Screen) -> String {
    let mut lines = Vec::new();
    if !chart.title.is_empty() {
        lines.push(chart.title.clone());
    }
    for series in &chart.series {
        if chart.series.len() > 1 {
            if !lines.is_empty() {
                lines.push(String::new());
            }
            lines.push(series.name.clone());
        }
        match chart.kind {
            ChartKind::Bars => bars(chart, series, screen, &mut lines),
            ChartKind::Line => plot(chart, series, screen, &mut lines),
        }
    }
    lines.iter().map(|line| line.trim_end()).collect::<Vec<_>>().join("\n")
}

fn bars(chart: &Chart, series: &Series, screen: Screen, lines: &mut Vec<String>) {
    let values: Vec<String> =
        series.values.iter().map(|value| value.map(|value| chart.unit.text(value)).unwrap_or_default()).collect();
    let value_width = values.iter().map(|text| width::of(text)).max().unwrap_or(0);
    let label_max = (screen.width / 3).max(8);
    let label_width = chart.labels.iter().map(|label| width::of(label)).max().unwrap_or(0).min(label_max);
    let room = screen.width.saturating_sub(label_width + value_width + 3).max(4);
    // Bars of things below zero grow to the left of where zero is.
    let (low, high) = chart.values().fold((0.0_f64, 0.0_f64), |(low, high), value| (low.min(value), high.max(value)));
    let whole = if high > low { high - low } else { 1.0 };
    let before = ((-low / whole) * room as f64).round() as usize;
    for (place, label) in chart.labels.iter().enumerate() {
        let value = series.values.get(place).copied().flatten().filter(|value| value.is_finite()).unwrap_or(0.0);
        let cells = value.abs() / whole * room as f64;
        let bar = if value < 0.0 {
            let cells = (cells.round() as usize).min(before);
            format!("{}{}", width::blanks(before - cells), full(screen).repeat(cells))
        } else {
            format!("{}{}", width::blanks(before), bar(cells, screen))
        };
        let label = fitted(label, label_width, screen);
        let text = values.get(place).map_or("", String::as_str);
        let pad = width::blanks((room + value_width).saturating_sub(width::of(&bar) + width::of(text)) + 1);
        lines.push(format!("{label}  {bar}{pad}{text}"));
    }
}

const fn full(screen: Screen) -> &'static str {
    if screen.unicode { "█" } else { "#" }
}

/// A bar of so many cells; what is there at all is seen.
fn bar(cells: f64, screen: Screen) -> String {
    if !screen.unicode {
        let whole = if cells > 0.0 { cells.floor().max(1.0) as usize } else { 0 };
        return "#".repeat(whole);
    }
    let eighths = if cells > 0.0 { (cells * 8.0).round().max(1.0) as usize } else { 0 };
    let rest = eighths % 8;
    let mut text = "█".repeat(eighths / 8);
    if rest > 0 {
        text.push(EIGHTHS[rest - 1]);
    }
    text
}

/// A label of exactly so many cells.
fn fitted(label: &str, cells: usize, screen: Screen) -> String {
    let label = if width::of(label) > cells {
        let sign = if screen.unicode { "…" } else { "~" };
        format!("{}{sign}", width::head(label, cells.saturating_sub(1)))
    } else {
        label.to_owned()
    };
    let pad = width::blanks(cells.saturating_sub(width::of(&label)));
    format!("{label}{pad}")
}

fn plot(chart: &Chart, series: &Series, screen: Screen, lines: &mut Vec<String>) {
    let scale = chart.scale(4);
    let texts: Vec<String> = scale.lines.iter().map(|line| chart.unit.text(*line)).collect();
    let left = texts.iter().map(|text| width::of(text)).max().unwrap_or(1);
    let columns = screen.width.saturating_sub(left + 2).max(8);
    let grid = Grid::of(chart, series, &scale, columns, screen);
    for (row, line) in grid.rows(screen).into_iter().enumerate() {
        // The text of a line of the scale stands at the row nearest to it.
        let is_here = |value: &f64| ((1.0 - scale.share(*value)) * (ROWS - 1) as f64).round() as usize == row;
        let text = scale.lines.iter().position(is_here).map_or("", |index| texts[index].as_str());
        let edge = match (screen.unicode, text.is_empty()) {
            (true, true) => '│',
            (true, false) => '┤',
            (false, true) => '|',
            (false, false) => '+',
        };
        lines.push(format!("{}{text}{edge}{line}", width::blanks(left - width::of(text))));
    }
    if let (Some(first), Some(last)) = (chart.labels.first(), chart.labels.last()) {
        let (first, last) = (width::head(first, columns / 2), width::head(last, columns / 2));
        let between = columns.saturating_sub(width::of(first) + width::of(last)).max(1);
        lines.push(format!("{}{first}{}{last}", width::blanks(left + 1), width::blanks(between)));
    }
}

/// Points of a line: Braille letters have two across and four down.
struct Grid {
    points: Vec<Vec<bool>>,
}

impl Grid {
    fn of(chart: &Chart, series: &Series, scale: &Scale, columns: usize, screen: Screen) -> Self {
        let (across, down) = if screen.unicode { (columns * 2, ROWS * 4) } else { (columns, ROWS) };
        let mut grid = Self { points: vec![vec![false; across]; down] };
        let mut before: Option<(f64, f64)> = None;
        for place in 0..chart.labels.len() {
            let value = series.values.get(place).copied().flatten().filter(|value| value.is_finite());
            let here = value.map(|value| {
                (chart.place(place) * (across - 1) as f64, (1.0 - scale.share(value)) * (down - 1) as f64)
            });
            if let Some(to) = here {
                grid.draw(before.unwrap_or(to), to);
            }
            before = here;
        }
        grid
    }

    fn draw(&mut self, from: (f64, f64), to: (f64, f64)) {
        let steps = (to.0 - from.0).abs().max((to.1 - from.1).abs()).ceil().max(1.0);
        for step in 0..=steps as usize {
            let share = step as f64 / steps;
            let (x, y) = (from.0 + (to.0 - from.0) * share, from.1 + (to.1 - from.1) * share);
            if let Some(point) = self.points.get_mut(y.round() as usize).and_then(|row| row.get_mut(x.round() as usize))
            {
                *point = true;
            }
        }
    }

    fn rows(&self, screen: Screen) -> Vec<String> {
        if !screen.unicode {
            return self.points.iter().map(|row| row.iter().map(|on| if *on { '*' } else { ' ' }).collect()).collect();
        }
        const DOTS: [[u32; 2]; 4] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]];
        let letter = |rows: &[Vec<bool>], column: usize| {
            let dots = rows.iter().zip(DOTS).flat_map(|(row, dots)| {
                (0..2).filter(move |side| row.get(column * 2 + side) == Some(&true)).map(move |side| dots[side])
            });
            match dots.sum() {
                0 => ' ',
                dots => char::from_u32(0x2800 + dots).unwrap_or(' '),
            }
        };
        let columns = self.points.first().map_or(0, Vec::len) / 2;
        self.points.chunks(4).map(|rows| (0..columns).map(|column| letter(rows, column)).collect()).collect()
    }
}

/// Numbers as a line of one letter each, with the lowest and the highest behind it.
#[must_use]
pub fn sparkline(values: &[f64], unicode: bool) -> String {
    let (low, high) = values
        .iter()
        .filter(|value| value.is_finite())
        .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(*value), high.max(*value)));
    if low > high {
        return String::new();
    }
    let levels = if unicode { LEVELS } else { LEVELS_ASCII };
    let letter = |value: &f64| {
        if !value.is_finite() {
            return ' ';
        }
        let share = if high > low { (value - low) / (high - low) } else { 0.5 };
        levels[((share * 7.0).round() as usize).min(7)]
    };
    let line: String = values.iter().map(letter).collect();
    let between = if unicode { "…" } else { ".." };
    format!("{line} {}{between}{}", number_text(low), number_text(high))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(kind: ChartKind, values: &[(&str, f64)]) -> Chart {
        Chart {
            kind,
            labels: values.iter().map(|(label, _)| (*label).to_owned()).collect(),
            series: vec![Series { name: "n".into(), values: values.iter().map(|(_, value)| Some(*value)).collect() }],
            ..Chart::default()
        }
    }

    #[test]
    fn bars_end_in_eighths_of_a_cell_and_what_is_small_is_still_seen() {
        let chart = chart(ChartKind::Bars, &[("all", 100.0), ("half", 50.0), ("speck", 0.01), ("none", 0.0)]);
        assert_eq!(
            draw(&chart, Screen { width: 22, unicode: true }),
            "all    ██████████  100\nhalf   █████        50\nspeck  ▏          0.01\nnone                 0"
        );
    }

    #[test]
    fn no_line_is_wider_than_the_screen() {
        let wide = chart(ChartKind::Bars, &[("a very long name of a database, longer than that", 7.0), ("林檎", -3.0)]);
        for unicode in [true, false] {
            for line in draw(&wide, Screen { width: 40, unicode }).lines() {
                assert!(width::of(line) <= 40, "{line}");
            }
        }
    }

    #[test]
    fn a_line_rises_from_the_lower_left_to_the_upper_right() {
        let text = draw(&chart(ChartKind::Line, &[("Mon", 0.0), ("Tue", 10.0)]), Screen { width: 24, unicode: false });
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[0].ends_with('*') && lines[0].starts_with(" 10+"), "{text}");
        assert!(lines[ROWS - 1].starts_with("  0+*"), "{text}");
        assert_eq!(lines[ROWS], "    Mon             Tue");
    }

    #[test]
    fn a_small_line_shows_its_range() {
        assert_eq!(sparkline(&[1.0, 5.0, 9.0], true), "▁▅█ 1…9");
        assert_eq!(sparkline(&[1.0, 9.0], false), "_# 1..9");
        assert_eq!(sparkline(&[], true), "");
    }
}
