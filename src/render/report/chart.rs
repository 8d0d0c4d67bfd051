//! What a chart shows, and the scale on which it shows it.
//!
//! Not here: drawing it on a page (`svg`) or a terminal (`screen`).

use super::cell::{grouped, number_text, size_text, size_unit};

/// Bars or lines.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Chart {
    /// The form.
    pub kind: ChartKind,
    /// What it shows; may be empty.
    pub title: String,
    /// What stands beside each bar or under each point.
    pub labels: Vec<String>,
    /// Where points stand from left to right, when not at equal distances.
    pub places: Option<Vec<f64>>,
    /// The values; each series has one for every label.
    pub series: Vec<Series>,
    /// What the values are.
    pub unit: Unit,
}

/// The form of a chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum ChartKind {
    /// A bar for each label, longest to the right.
    #[default]
    Bars,
    /// A line from label to label.
    Line,
}

/// Values that belong together.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Series {
    /// What they are.
    pub name: String,
    /// One for each label.
    pub values: Vec<Option<f64>>,
}

/// What the values of a chart are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Unit {
    /// Plain numbers.
    #[default]
    Number,
    /// Bytes.
    Bytes,
    /// Seconds.
    Seconds,
}

impl Unit {
    /// A value as people read it.
    #[must_use]
    pub fn text(self, value: f64) -> String {
        match self {
            Self::Bytes => size_text(value),
            Self::Number => number_text(value),
            Self::Seconds => {
                let whole = value.abs().round() as i64;
                let sign = if value < 0.0 { "-" } else { "" };
                match (whole / 86_400, whole / 3600, whole / 60) {
                    (1.., ..) => format!("{sign}{} d", number_text((value.abs() / 8640.0).round() / 10.0)),
                    (_, 1.., _) => format!("{sign}{} h", number_text((value.abs() / 360.0).round() / 10.0)),
                    (_, _, 1..) => format!("{sign}{} min", number_text((value.abs() / 6.0).round() / 10.0)),
                    _ => format!("{sign}{} s", number_text(value.abs())),
                }
            }
        }
    }

    /// What one is, so that steps of a scale are round in it: of 3 GB one is 1 GB.
    fn one(self, largest: f64) -> f64 {
        match self {
            Self::Number => 1.0,
            Self::Bytes => size_unit(largest).1,
            Self::Seconds => match largest {
                n if n >= 86_400.0 => 86_400.0,
                n if n >= 3600.0 => 3600.0,
                n if n >= 60.0 => 60.0,
                _ => 1.0,
            },
        }
    }
}

/// The values at which a scale has its lines, from the lowest to the highest.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Scale {
    pub(super) lines: Vec<f64>,
}

impl Scale {
    pub(super) fn low(&self) -> f64 {
        self.lines.first().copied().unwrap_or(0.0)
    }

    pub(super) fn high(&self) -> f64 {
        self.lines.last().copied().unwrap_or(1.0)
    }

    /// Where a value is between the lowest (0) and the highest (1) line.
    pub(super) fn share(&self, value: f64) -> f64 {
        ((value - self.low()) / (self.high() - self.low())).clamp(0.0, 1.0)
    }
}

impl Chart {
    /// All finite values.
    pub(super) fn values(&self) -> impl Iterator<Item = f64> {
        self.series.iter().flat_map(|series| series.values.iter().copied().flatten()).filter(|value| value.is_finite())
    }

    /// The finite value of a label in a series.
    pub(super) fn value(&self, series: usize, label: usize) -> Option<f64> {
        self.series.get(series)?.values.get(label).copied().flatten().filter(|value| value.is_finite())
    }

    /// A scale with about `steps` steps of a round size that holds zero and all values.
    pub(super) fn scale(&self, steps: usize) -> Scale {
        let (low, high) =
            self.values().fold((0.0_f64, 0.0_f64), |(low, high), value| (low.min(value), high.max(value)));
        let (low, high) = if low == high { (0.0, 1.0) } else { (low, high) };
        let one = self.unit.one(high.max(-low));
        let step = round_step((high - low) / one / steps.max(1) as f64) * one;
        let (first, last) = ((low / step).floor() as i64, (high / step).ceil() as i64);
        Scale { lines: (first..=last).map(|index| index as f64 * step).collect() }
    }

    /// Where a label stands from left (0) to right (1).
    pub(super) fn place(&self, label: usize) -> f64 {
        let count = self.labels.len();
        if let Some(places) = self.places.as_ref().filter(|places| places.len() == count) {
            let low = places.iter().copied().fold(f64::INFINITY, f64::min);
            let high = places.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            if high > low {
                return (places[label] - low) / (high - low);
            }
        }
        if count < 2 { 0.5 } else { label as f64 / (count - 1) as f64 }
    }

    /// What it shows, for who cannot see it.
    pub(super) fn described(&self) -> String {
        let form = match self.kind {
            ChartKind::Bars => "bar chart",
            ChartKind::Line => "line chart",
        };
        let title = if self.title.is_empty() { String::new() } else { format!("{}: ", self.title) };
        let count = grouped(i64::try_from(self.labels.len()).unwrap_or(i64::MAX));
        let (low, high) = self
            .values()
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), value| (low.min(value), high.max(value)));
        if low > high {
            return format!("{title}{form} without values");
        }
        format!("{title}{form} of {count} values from {} to {}", self.unit.text(low), self.unit.text(high))
    }
}

/// The nearest of 1, 2, 2.5, 5 times a power of ten that is not smaller.
fn round_step(step: f64) -> f64 {
    let power = 10_f64.powf(step.log10().floor());
    let round = [1.0, 2.0, 2.5, 5.0, 10.0].into_iter().find(|round| round * power >= step * 0.999).unwrap_or(10.0);
    round * power
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(values: &[f64], unit: Unit) -> Chart {
        let values = values.iter().copied().map(Some).collect::<Vec<_>>();
        let labels = (0..values.len()).map(|index| index.to_string()).collect();
        Chart { labels, series: vec![Series { name: String::new(), values }], unit, ..Chart::default() }
    }

    #[test]
    fn a_scale_has_round_steps_and_holds_zero_and_every_value() {
        assert_eq!(chart(&[3.0, 97.0], Unit::Number).scale(4).lines, [0.0, 25.0, 50.0, 75.0, 100.0]);
        assert_eq!(chart(&[-3.0, 8.0], Unit::Number).scale(4).lines, [-5.0, 0.0, 5.0, 10.0]);
        assert_eq!(chart(&[], Unit::Number).scale(4).high(), 1.0);
        assert_eq!(chart(&[0.0], Unit::Number).scale(4).low(), 0.0);
    }

    #[test]
    fn sizes_have_steps_that_are_round_in_their_unit() {
        let gigabyte = 1_073_741_824.0;
        assert_eq!(chart(&[3.7 * gigabyte], Unit::Bytes).scale(4).lines.last(), Some(&(4.0 * gigabyte)));
    }

    #[test]
    fn what_is_not_finite_is_left_out_of_the_scale() {
        assert!(chart(&[f64::INFINITY, f64::NAN, 4.0], Unit::Number).scale(4).high() <= 5.0);
    }
}
