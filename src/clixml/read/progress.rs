//! [MS-PSRP] 2.2.5.1.25, progress records as values.
//!
//! Those of the progress stream are property bags like any other and not read here.

use super::super::number::parse_integer;
use super::super::xml::Tag;
use super::super::{ClixmlError, ProgressRecord, PsString, PsValue};
use super::Reader;

impl<'a> Reader<'a, '_> {
    /// A `PR` element; the parts in exactly this order.
    pub(super) fn progress(&mut self, tag: &Tag<'a>) -> Result<ProgressRecord, ClixmlError> {
        let bad = || ClixmlError::BadPrimitive { offset: tag.offset, tag: "PR", type_name: "progress record" };
        let activity = self.progress_text(tag, "AV")?;
        let activity_id = number(&self.progress_text(tag, "AI")?).ok_or_else(bad)?;
        let current = self.child(tag)?.ok_or_else(bad)?;
        let current_operation = match self.value(&current)? {
            PsValue::Null => None,
            PsValue::String(text) => Some(text).filter(|text| !text.is_empty()),
            _ => return Err(bad()),
        };
        let parent_activity_id = number(&self.progress_text(tag, "PI")?).ok_or_else(bad)?;
        let percent_complete = number(&self.progress_text(tag, "PC")?).filter(|n: &i32| *n <= 100).ok_or_else(bad)?;
        let completed = match self.progress_text(tag, "T")?.to_text().trim().to_ascii_lowercase().as_str() {
            "processing" | "0" => false,
            "completed" | "1" => true,
            _ => return Err(bad()),
        };
        let seconds_remaining = number(&self.progress_text(tag, "SR")?).ok_or_else(bad)?;
        let status_description = self.progress_text(tag, "SD")?;
        let nameless = activity.is_empty() || status_description.is_empty();
        if self.child(tag)?.is_some() || nameless || activity_id < 0 || activity_id == parent_activity_id {
            return Err(bad());
        }
        Ok(ProgressRecord {
            activity,
            activity_id,
            current_operation,
            parent_activity_id,
            percent_complete,
            completed,
            seconds_remaining,
            status_description,
        })
    }

    fn progress_text(&mut self, parent: &Tag<'a>, name: &str) -> Result<PsString, ClixmlError> {
        match self.child(parent)? {
            Some(part) if part.name == name => Ok(self.xml.content(&part)?.decode()),
            _ => self.not_clixml("a progress record lacks a part"),
        }
    }
}

fn number(text: &PsString) -> Option<i32> {
    parse_integer(text.as_text()?)
}
