//! What `foreach` and `switch` walk: the items of a value, with `$foreach` and `$switch` to move ahead, and the trap of
//! changing what is walked.
//!
//! The loop itself is Rhai's.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Weak};

use rhai::{Dynamic, EvalAltResult};

use super::fault::Problem;
use super::state::Rt;
use super::value::{Hash, List, ListKind, Obj, V, lock};

/// One loop under way.
pub(super) struct Walk {
    items: Vec<V>,
    at: AtomicUsize,
    watched: Watched,
    word: Word,
}

/// The statement that walks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Word {
    /// `foreach`.
    Foreach,
    /// `switch`.
    Switch,
}

/// What must not change while it is walked.
enum Watched {
    Nothing,
    List(List, usize),
}

impl Walk {
    /// Over a value as `foreach` sees it.
    pub(super) fn new(value: &V, word: Word) -> Self {
        let watched = match value {
            V::List(list) if matches!(list.kind(), ListKind::Array(_) | ListKind::Other(_)) => Watched::Nothing,
            V::List(list) => Watched::List(list.clone(), list.len()),
            _ => Watched::Nothing,
        };
        let items = if value.is_null() { Vec::new() } else { value.clone().unrolled() };
        Self { items, at: AtomicUsize::new(0), watched, word }
    }

    fn is_changed(&self) -> bool {
        match &self.watched {
            Watched::Nothing => false,
            Watched::List(list, length) => list.len() != *length,
        }
    }

    /// Moves to the next item, as `$foreach.MoveNext()` does.
    pub(super) fn advance(&self) -> Option<V> {
        let at = self.at.fetch_add(1, Ordering::Relaxed);
        self.items.get(at).cloned()
    }

    /// The item the loop is at.
    pub(super) fn current(&self) -> Option<V> {
        self.items.get(self.at.load(Ordering::Relaxed).checked_sub(1)?).cloned()
    }
}

/// The loop as a value of Rhai.
#[derive(Clone)]
pub(super) struct Loop(pub(super) Arc<Walk>, pub(super) Option<Keys>);

/// A dictionary whose keys or values are walked, with its length.
#[derive(Clone)]
pub(super) struct Keys(pub(super) Hash, pub(super) usize);

/// Steps of a loop.
pub(super) struct Steps(Loop);

impl IntoIterator for Loop {
    type Item = Result<Dynamic, Box<EvalAltResult>>;
    type IntoIter = Steps;

    fn into_iter(self) -> Steps {
        Steps(self)
    }
}

impl Iterator for Steps {
    type Item = Result<Dynamic, Box<EvalAltResult>>;

    fn next(&mut self) -> Option<Self::Item> {
        let changed = self.0.0.is_changed() || self.0.1.as_ref().is_some_and(|keys| keys.0.len() != keys.1);
        if changed && self.0.0.at.load(Ordering::Relaxed) > 0 {
            let message = "Collection was modified; enumeration operation may not execute.";
            let problem = Problem::new("System.InvalidOperationException", "OperationStopped", message)
                .exception("System.InvalidOperationException");
            return Some(Err(super::engine::to_rhai(problem.fault())));
        }
        self.0.0.advance().map(|item| Ok(super::engine::to_dynamic(item)))
    }
}

/// Begins a loop and remembers it for `$foreach` or `$switch`.
pub(super) fn begin(rt: &Rt, value: &V, word: Word) -> Loop {
    let walk = Arc::new(Walk::new(value, word));
    let mut walks = lock(&rt.walks);
    walks.retain(|walk| walk.strong_count() > 0);
    walks.push(Arc::downgrade(&walk));
    let keys = match value {
        V::List(list) => lock(&rt.key_lists)
            .iter()
            .find(|(known, _)| known.same(list))
            .map(|(_, hash)| Keys(hash.clone(), hash.len())),
        _ => None,
    };
    Loop(walk, keys)
}

fn innermost(rt: &Rt, word: Word) -> Option<Arc<Walk>> {
    lock(&rt.walks).iter().rev().filter_map(Weak::upgrade).find(|walk| walk.word == word)
}

/// `$foreach` or `$switch`: the innermost of them, or nothing outside of them.
pub(super) fn variable(rt: &Rt, word: Word) -> V {
    let Some(walk) = innermost(rt, word) else { return V::Null };
    let own = Obj::new(ENUMERATOR, [("Current", walk.current().unwrap_or_default())]);
    if word == Word::Switch {
        own.set(SWITCH, V::Bool(true));
    }
    V::Obj(own)
}

/// The hidden note of `$switch`.
const SWITCH: &str = "__switch";

/// The type of `$foreach`.
pub(super) const ENUMERATOR: &str = "System.Array+ArrayEnumerator";

/// What `GetEnumerator()` gives: pipelines walk its items, scripts move it themselves.
pub(super) fn enumerator(items: Vec<V>) -> V {
    let own = Obj::new(super::special::PROPERTIES, [("__at", V::Int(0))]);
    V::Obj(own.with_base(V::array(items)))
}

/// `.MoveNext()` and `.Reset()` of an enumerator, `.Current` and, of dictionaries, `.Key` and `.Value`.
#[must_use]
pub(super) fn moved(own: &Obj, name: &str) -> Option<V> {
    let Some(V::Int(at)) = own.note("__at") else { return None };
    let V::List(items) = own.base() else { return None };
    match name {
        "movenext" => {
            own.set("__at", V::Int(at.saturating_add(1)));
            Some(V::Bool(usize::try_from(at).is_ok_and(|at| at < items.len())))
        }
        "reset" => {
            own.set("__at", V::Int(0));
            Some(V::Nothing)
        }
        "dispose" => Some(V::Nothing),
        _ => None,
    }
}

/// A property of an enumerator that has been moved.
#[must_use]
pub(super) fn at(own: &Obj, name: &str) -> Option<V> {
    let Some(V::Int(at)) = own.note("__at") else { return None };
    let V::List(items) = own.base() else { return None };
    let place = usize::try_from(at).ok()?.checked_sub(1)?;
    let present = items.items().get(place).cloned().unwrap_or_default();
    match name.to_lowercase().as_str() {
        "current" | "entry" => Some(present),
        "key" | "value" => super::member::plain_property(&present, name),
        _ => None,
    }
}

/// `$foreach.MoveNext()` and `.Reset()`, and those of `$switch`.
pub(super) fn method(rt: &Rt, own: &Obj, name: &str) -> Option<V> {
    let walk = innermost(rt, if own.note(SWITCH).is_some() { Word::Switch } else { Word::Foreach })?;
    match name {
        "movenext" => Some(V::Bool(walk.advance().is_some())),
        "reset" => {
            walk.at.store(0, Ordering::Relaxed);
            Some(V::Nothing)
        }
        _ => None,
    }
}
