//! Freeing objects that hold objects that hold objects, however long the chain is.
//!
//! A message may hold a chain as long as it likes, by references; dropping it the usual way would use up the stack.

use std::sync::Arc;

use super::super::PsValue;
use super::{Base, Handle, Member, Parts, PsObject};

/// An object that holds an object and so on is freed without going deeper with each.
impl Drop for Parts {
    fn drop(&mut self) {
        let mut waiting = Vec::new();
        self.give_up_children(&mut waiting);
        while let Some(parts) = waiting.pop() {
            if let Some(mut parts) = Arc::into_inner(parts) {
                parts.give_up_children(&mut waiting);
            }
        }
    }
}

impl Parts {
    /// Moves out the objects that nobody else can reach through here.
    fn give_up_children(&mut self, waiting: &mut Vec<Arc<Self>>) {
        fn value(value: &mut PsValue, waiting: &mut Vec<Arc<Parts>>) {
            if matches!(value, PsValue::Object(PsObject(Handle::Whole(_))))
                && let PsValue::Object(PsObject(Handle::Whole(parts))) = std::mem::replace(value, PsValue::Null)
            {
                waiting.push(parts);
            }
        }
        fn members(list: &mut [Member], waiting: &mut Vec<Arc<Parts>>) {
            for member in list {
                match member {
                    Member::Property { value: own, .. } => value(own, waiting),
                    Member::Set { members: own, .. } => members(Arc::get_mut(own).unwrap_or_default(), waiting),
                }
            }
        }
        match &mut self.base {
            Base::None => {}
            Base::Value(own) => value(own, waiting),
            Base::List(_, items) => {
                Arc::get_mut(items).unwrap_or_default().iter_mut().for_each(|item| value(item, waiting));
            }
            Base::Dictionary(entries) => {
                for (key, own) in Arc::get_mut(entries).unwrap_or_default() {
                    value(key, waiting);
                    value(own, waiting);
                }
            }
        }
        for list in [&mut self.adapted, &mut self.extended].into_iter().flatten() {
            members(list, waiting);
        }
    }
}
