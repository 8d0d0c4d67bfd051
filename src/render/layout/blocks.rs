//! Free text with indented frames: custom views, and the titles of groups.

use super::wrap;
use crate::render::packet::Part;
use crate::render::view::Frame;
use crate::render::width;

/// Frames deeper than this are not followed.
const DEPTH_MAX: usize = 50;

/// The lines of a block on a screen of `screen` cells.
pub(crate) fn lines(parts: &[Part], screen: usize) -> Vec<String> {
    let mut block = Block { screen, frames: Vec::new(), buffer: String::new(), lines: Vec::new() };
    block.add(parts);
    block.flush();
    block.lines
}

struct Block {
    screen: usize,
    frames: Vec<Frame>,
    buffer: String,
    lines: Vec<String>,
}

impl Block {
    fn add(&mut self, parts: &[Part]) {
        for part in parts {
            match part {
                Part::Text(text) => self.buffer.push_str(text),
                Part::NewLine => self.flush(),
                Part::Framed(frame, inner) if self.frames.len() < DEPTH_MAX => {
                    self.frames.push(*frame);
                    self.add(inner);
                    self.frames.pop();
                }
                Part::Framed(..) => {}
            }
        }
    }

    /// Ends a line: indents of all frames add up, the innermost says what its first line has more.
    fn flush(&mut self) {
        let left: usize = self.frames.iter().map(|frame| frame.left).sum();
        let right: usize = self.frames.iter().map(|frame| frame.right).sum();
        let text = std::mem::take(&mut self.buffer);
        let Some(useful) = self.screen.checked_sub(left + right).filter(|useful| *useful > 0) else {
            self.lines.push(width::blanks(left));
            return;
        };
        let extra = self.frames.last().map_or(0, |frame| frame.first_line);
        let size = if extra.unsigned_abs() >= useful { 0 } else { extra.unsigned_abs() };
        let (first, following) = if extra >= 0 { (size, 0) } else { (0, size) };
        for (at, line) in wrap::wrap(&text, useful - first, useful - following).into_iter().enumerate() {
            let indent = left + if at == 0 { first } else { following };
            self.lines.push(format!("{}{line}", width::blanks(indent)));
        }
    }
}
