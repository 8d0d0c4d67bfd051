//! Charts as inline SVG that keeps the size of its letters at every width.
//!
//! Colours come from the page's style by class; nothing here is drawn by a script.

use std::fmt::Write as _;

use super::chart::{Chart, ChartKind, Scale};
use super::html::escape;

/// Colours of series, by class; later series begin again.
const COLOURS: usize = 6;
/// Height of a line chart's plot, and of the labels under it.
const PLOT: f64 = 200.0;
const UNDER: f64 = 26.0;
/// Room above the topmost line, for its label.
const ABOVE: f64 = 10.0;
/// About so many labels fit under a line chart.
const LABELS_MAX: usize = 5;
/// How much of the width a letter of a label takes at most, in hundredths: on paper.
const LETTER: f64 = 1.15;
/// Points are drawn as dots up to so many.
const DOTS_MAX: usize = 60;

/// The chart with its title and its legend.
pub(super) fn figure(chart: &Chart, out: &mut String) {
    out.push_str("<figure class=\"chart\">\n");
    if !chart.title.is_empty() {
        let _ = writeln!(out, "<figcaption>{}</figcaption>", escape(&chart.title));
    }
    if chart.series.len() > 1 {
        out.push_str("<p class=\"legend\">");
        for (index, series) in chart.series.iter().enumerate() {
            let _ = write!(out, "<span><i class=\"key c{}\"></i>{}</span>", index % COLOURS, escape(&series.name));
        }
        out.push_str("</p>\n");
    }
    match chart.kind {
        ChartKind::Bars => bars(chart, out),
        ChartKind::Line => line(chart, out),
    }
    out.push_str("</figure>\n");
}

fn bars(chart: &Chart, out: &mut String) {
    let scale = chart.scale(4);
    let (zero, several) = (scale.share(0.0), chart.series.len() > 1);
    let step = if several { 22.0 + 16.0 * chart.series.len() as f64 } else { 36.0 };
    let height = step * chart.labels.len() as f64 + 2.0;
    let _ = writeln!(
        out,
        "<svg class=\"bars\" role=\"img\" aria-label=\"{}\" width=\"100%\" height=\"{height}\">",
        escape(&chart.described())
    );
    for (place, label) in chart.labels.iter().enumerate() {
        let top = step * place as f64;
        let _ = writeln!(out, "<g><title>{}</title>", escape(&hover(chart, place)));
        // A picture of its own cuts what would run into the value.
        let room = if several { 100 } else { 78 };
        let _ = writeln!(
            out,
            "<svg class=\"label\" y=\"{top}\" width=\"{room}%\" height=\"21\"><text y=\"15\">{}</text></svg>",
            escape(&shortened(label, 90))
        );
        for index in 0..chart.series.len() {
            let value = chart.series[index].values.get(place).copied().flatten();
            let text = value.map(|value| chart.unit.text(value)).unwrap_or_default();
            let bar = top + 22.0 + if several { 16.0 * index as f64 } else { 0.0 };
            let at = if several { bar + 9.0 } else { top + 15.0 };
            let _ = writeln!(out, "<text class=\"value\" x=\"100%\" y=\"{at}\">{}</text>", escape(&text));
            let room = if several { 80.0 } else { 100.0 };
            let _ =
                writeln!(out, "<rect class=\"track\" x=\"0\" y=\"{bar}\" width=\"{room}%\" height=\"8\" rx=\"4\"/>");
            let Some(value) = value.filter(|value| value.is_finite()) else { continue };
            let (from, to) = (zero.min(scale.share(value)), zero.max(scale.share(value)));
            let _ = writeln!(
                out,
                "<rect class=\"bar c{}\" x=\"{}%\" y=\"{bar}\" width=\"{}%\" height=\"8\" rx=\"4\"/>",
                index % COLOURS,
                short(from * room),
                short((to - from) * room)
            );
        }
        out.push_str("</g>\n");
    }
    out.push_str("</svg>\n");
}

fn line(chart: &Chart, out: &mut String) {
    let scale = chart.scale(4);
    let height = ABOVE + PLOT + UNDER;
    let y = |value: f64| ABOVE + PLOT * (1.0 - scale.share(value));
    let widest = scale.lines.iter().map(|line| chart.unit.text(*line).chars().count()).max().unwrap_or(1);
    let _ = writeln!(out, "<div class=\"plot\">");
    let _ =
        writeln!(out, "<svg class=\"axis\" aria-hidden=\"true\" width=\"{}\" height=\"{height}\">", widest * 7 + 10);
    for value in &scale.lines {
        let text = escape(&chart.unit.text(*value));
        let _ = writeln!(out, "<text x=\"{}\" y=\"{}\">{text}</text>", widest * 7 + 2, short(y(*value) + 4.0));
    }
    let _ = writeln!(
        out,
        "</svg>\n<svg class=\"line\" role=\"img\" aria-label=\"{}\" height=\"{height}\">",
        escape(&chart.described())
    );
    for value in &scale.lines {
        let class = if *value == 0.0 { "base" } else { "grid" };
        let at = short(y(*value));
        let _ = writeln!(out, "<line class=\"{class}\" x1=\"0\" x2=\"100%\" y1=\"{at}\" y2=\"{at}\"/>");
    }
    let _ = writeln!(
        out,
        "<svg x=\"0\" y=\"{ABOVE}\" width=\"100%\" height=\"{PLOT}\" viewBox=\"0 0 1000 {PLOT}\" preserveAspectRatio=\"none\">"
    );
    for index in 0..chart.series.len() {
        paths(chart, index, &scale, out);
    }
    out.push_str("</svg>\n");
    dots(chart, y, out);
    under(chart, height, out);
    out.push_str("</svg>\n</div>\n");
}

/// The lines of a series, broken where values are missing, filled below when it is the only one.
fn paths(chart: &Chart, series: usize, scale: &Scale, out: &mut String) {
    let colour = series % COLOURS;
    let point = |label: usize| {
        let value = chart.value(series, label)?;
        Some((short(chart.place(label) * 1000.0), short(PLOT * (1.0 - scale.share(value)))))
    };
    let points: Vec<_> = (0..chart.labels.len()).map(point).collect();
    let zero = short(PLOT * (1.0 - scale.share(0.0)));
    for piece in points.split(Option::is_none).filter(|piece| !piece.is_empty()) {
        let path: Vec<String> = piece.iter().flatten().map(|(x, y)| format!("{x} {y}")).collect();
        let path = path.join(" L");
        if let (1, Some(Some(first)), Some(Some(last))) = (chart.series.len(), piece.first(), piece.last()) {
            let _ = writeln!(
                out,
                "<path class=\"fill c{colour}\" d=\"M{path} L{} {zero} L{} {zero} Z\"/>",
                last.0, first.0
            );
        }
        let _ = writeln!(out, "<path class=\"stroke c{colour}\" vector-effect=\"non-scaling-stroke\" d=\"M{path}\"/>");
    }
}

/// Dots with their values; of long lines unseen until the mouse is there.
fn dots(chart: &Chart, y: impl Fn(f64) -> f64, out: &mut String) {
    let class = if chart.labels.len() > DOTS_MAX { "dot hidden" } else { "dot" };
    for series in 0..chart.series.len() {
        for place in 0..chart.labels.len() {
            let Some(value) = chart.value(series, place) else { continue };
            let _ = writeln!(
                out,
                "<circle class=\"{class} c{}\" cx=\"{}%\" cy=\"{}\" r=\"3.5\"><title>{}</title></circle>",
                series % COLOURS,
                short(chart.place(place) * 100.0),
                short(y(value)),
                escape(&hover(chart, place))
            );
        }
    }
}

fn under(chart: &Chart, height: f64, out: &mut String) {
    let (last, mut taken) = (chart.labels.len().saturating_sub(1), f64::NEG_INFINITY);
    let wanted = LABELS_MAX.min(chart.labels.len());
    for turn in 0..wanted {
        // Evenly from the first to the last.
        let label = if wanted > 1 { (turn * last + (wanted - 1) / 2) / (wanted - 1) } else { 0 };
        let text = shortened(&chart.labels[label], 16);
        let (at, width) = (chart.place(label) * 100.0, text.chars().count() as f64 * LETTER);
        let (anchor, left) = match at {
            at if at < 5.0 => ("start", at),
            at if at > 95.0 => ("end", at - width),
            _ => ("middle", at - width / 2.0),
        };
        // Days may lie close together, and the lines of a chart far apart.
        if left < taken + 1.0 {
            continue;
        }
        taken = left + width;
        // Every other one goes where there is little room.
        let class = if turn % 2 == 1 { " class=\"minor\"" } else { "" };
        let _ = writeln!(
            out,
            "<text{class} x=\"{}%\" y=\"{}\" text-anchor=\"{anchor}\">{}</text>",
            short(at),
            height - 6.0,
            escape(&text)
        );
    }
}

/// `label: value`, each series with its name where there are several.
fn hover(chart: &Chart, place: usize) -> String {
    let label = chart.labels.get(place).map_or("", String::as_str);
    let values = chart.series.iter().filter_map(|series| {
        let text = chart.unit.text(series.values.get(place).copied().flatten()?);
        Some(if chart.series.len() > 1 { format!("{} {text}", series.name) } else { text })
    });
    format!("{label}: {}", values.collect::<Vec<_>>().join(", "))
}

fn shortened(text: &str, letters: usize) -> String {
    if text.chars().count() <= letters {
        return text.to_owned();
    }
    text.chars().take(letters - 1).chain(['…']).collect()
}

/// Two places are more than a screen shows.
fn short(number: f64) -> f64 {
    (number * 100.0).round() / 100.0
}
