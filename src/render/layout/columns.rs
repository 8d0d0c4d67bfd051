//! Dividing the width of a table among its columns.
//!
//! Widths only: what the columns hold was measured before.

/// Cells between two columns.
const SEPARATOR: usize = 1;

/// The width of each column on a screen of `screen` cells; `None` for a column that does not fit.
///
/// `wanted` 0 means "whatever is left": such columns share what the others leave, at least one cell each. Then
/// columns are dropped from the right until the rest fits, the last one being narrowed if a cell of it remains.
#[must_use]
pub fn fit(wanted: &[usize], screen: usize) -> Vec<Option<usize>> {
    let mut widths: Vec<Option<usize>> = wanted.iter().map(|width| Some((*width).max(1))).collect();
    let open: Vec<usize> = (0..wanted.len()).filter(|column| wanted[*column] == 0).collect();
    let used = total(&widths);
    if used <= screen {
        if !open.is_empty() {
            let free = screen - used;
            for (order, column) in open.iter().enumerate() {
                let share = free / open.len() + usize::from(order < free % open.len());
                widths[*column] = widths[*column].map(|width| width + share);
            }
        }
        return widths;
    }
    loop {
        let used = total(&widths);
        if used <= screen {
            return widths;
        }
        let excess = used - screen;
        let Some(last) = widths.iter().rposition(Option::is_some) else { return widths };
        widths[last] = widths[last].and_then(|width| width.checked_sub(excess)).filter(|width| *width > 0);
    }
}

fn total(widths: &[Option<usize>]) -> usize {
    let shown = widths.iter().flatten().count();
    widths.iter().flatten().sum::<usize>() + shown.saturating_sub(1) * SEPARATOR
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_taken_from_the_left_while_they_fit() {
        // views-golden, sweep-auto: columns of 6, 4, 5 and 5 cells
        let at = |screen| fit(&[6, 4, 5, 5], screen);
        assert_eq!(at(12), [Some(6), Some(4), None, None]);
        assert_eq!(at(13), [Some(6), Some(4), Some(1), None]);
        assert_eq!(at(19), [Some(6), Some(4), Some(5), Some(1)]);
        assert_eq!(at(25), [Some(6), Some(4), Some(5), Some(5)]);
    }

    #[test]
    fn columns_without_a_width_share_what_is_left() {
        assert_eq!(fit(&[10, 0, 5, 0], 80), [Some(10), Some(31), Some(5), Some(31)]);
        assert_eq!(fit(&[0, 0], 10), [Some(5), Some(4)]);
    }
}
