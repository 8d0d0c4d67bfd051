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

/// Columns narrower than this are not worth reading.
const CELLS_MIN: usize = 8;

/// Sentences can be read in a column as wide as this, however long they are.
const CELLS_OF_PROSE: usize = 32;

/// What a column would take if there were room, and what its longest word takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Wish {
    /// All of the longest line of its cells.
    pub line: usize,
    /// The longest word in them.
    pub word: usize,
}

/// The width of each column, with `room` for all of them: by contents if they fit; else the widest are narrowed, at first
/// only so far that no word is broken, as long as they stay readable; `None` when they would not.
#[must_use]
pub fn readable(wishes: &[Wish], room: usize) -> Option<Vec<usize>> {
    // Narrowing by half at most: beyond that a block is easier to read than a column of fragments.
    let half = |wish: &Wish| (wish.line / 2).clamp(CELLS_MIN, CELLS_OF_PROSE);
    let whole = |wish: &Wish| half(wish).max(wish.word);
    let least = |of: &dyn Fn(&Wish) -> usize| wishes.iter().map(of).collect::<Vec<usize>>();
    let natural: Vec<usize> = wishes.iter().map(|wish| wish.line).collect();
    narrowed(&natural, &least(&whole), room).or_else(|| narrowed(&natural, &least(&half), room))
}

fn narrowed(natural: &[usize], least: &[usize], room: usize) -> Option<Vec<usize>> {
    let mut widths = natural.to_vec();
    loop {
        let used: usize = widths.iter().sum();
        if used <= room {
            return Some(widths);
        }
        let widest = (0..widths.len()).filter(|at| widths[*at] > least[*at]).max_by_key(|at| widths[*at])?;
        let second = (0..widths.len()).filter(|at| *at != widest).map(|at| widths[at]).max().unwrap_or(0);
        // Down to the next one, so that none is narrowed while a wider one is left as it is.
        let aim = least[widest].max(second.min(widths[widest] - 1));
        widths[widest] = aim.max(widths[widest].saturating_sub(used - room));
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
    fn the_widest_columns_are_narrowed_first_and_none_beyond_its_half() {
        let fitted = |lines: [usize; 3], room| readable(&lines.map(|line| Wish { line, word: 3 }), room);
        assert_eq!(fitted([10, 4, 30], 60), Some(vec![10, 4, 30]));
        assert_eq!(fitted([10, 4, 30], 34), Some(vec![10, 4, 20]));
        assert_eq!(fitted([24, 4, 30], 48), Some(vec![22, 4, 22]));
        assert_eq!(fitted([10, 4, 30], 27), Some(vec![8, 4, 15]));
        assert_eq!(fitted([10, 4, 30], 26), None);
    }

    #[test]
    fn words_are_broken_only_where_nothing_else_helps() {
        let wishes = [Wish { line: 40, word: 6 }, Wish { line: 24, word: 24 }];
        assert_eq!(readable(&wishes, 50), Some(vec![26, 24]));
        assert_eq!(readable(&wishes, 40), Some(vec![20, 20]));
    }

    #[test]
    fn columns_without_a_width_share_what_is_left() {
        assert_eq!(fit(&[10, 0, 5, 0], 80), [Some(10), Some(31), Some(5), Some(31)]);
        assert_eq!(fit(&[0, 0], 10), [Some(5), Some(4)]);
    }
}
