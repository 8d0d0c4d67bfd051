//! `record(#{…})`: a map as an object whose properties stand in the order in which they were written.
//!
//! Rhai's maps forget that order, so it is read from the source text of the call. Not here: what a record can do.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use rhai::{Array, Dynamic, Engine, FuncRegistration, Map, Module, NativeCallContext, Position};

use super::scan::{self, Kind};
use super::state::{State, lock};
use super::value::ordered;

const RECORD: &str = "/// An object with these properties in the order in which they are written, for tables and CSV files.\n\
    /// From a map that was made elsewhere: with `order`, the names that come first.\n\
    /// # Example\n\
    /// ```rhai\n\
    /// record(#{ Name: \"Kim\", Boxes: 2, Full: false })\n\
    /// ```";

/// Registers the function.
pub(super) fn register(engine: &mut Engine, state: &Arc<State>) {
    let mut module = Module::new();
    let shared = state.clone();
    let known = Mutex::default();
    FuncRegistration::new("record")
        .with_params_info(["properties: map", "Record"])
        .with_comments([RECORD])
        .set_into_module(&mut module, move |context: NativeCallContext<'_>, map: Map| {
            let written = written_order(&shared, &known, &context);
            in_order(map, written.as_deref().unwrap_or_default())
        });
    FuncRegistration::new("record")
        .with_params_info(["properties: map", "order: array", "Record"])
        .with_comments([RECORD])
        .set_into_module(&mut module, |map: Map, order: Array| {
            in_order(map, &order.iter().map(ToString::to_string).collect::<Vec<_>>())
        });
    engine.register_global_module(module.into());
}

/// The map's properties as a record: those of `order` first, the rest by name.
fn in_order(mut map: Map, order: &[String]) -> Dynamic {
    let mut entries: Vec<(String, Dynamic)> =
        order.iter().filter_map(|name| Some((name.clone(), map.remove(name.as_str())?))).collect();
    entries.extend(map.into_iter().map(|(name, value)| (name.to_string(), value)));
    ordered(entries)
}

/// Places whose keys are remembered; a program that makes up more starts over.
const KNOWN_MAX: usize = 1024;

/// The keys at places that were read before: a loop over a hundred thousand values reads its text once. The text is held,
/// so that its address stays its own.
type Known = Mutex<HashMap<(usize, Position), (Arc<str>, Option<Arc<[String]>>)>>;

/// The keys of the map that is written in the call, if one is.
fn written_order(state: &State, known: &Known, context: &NativeCallContext<'_>) -> Option<Arc<[String]>> {
    let source = lock(&state.sources).get(context.call_source()?)?.clone();
    let place = (source.as_ptr().addr(), context.call_position());
    let mut known = lock(known);
    if let Some((_, keys)) = known.get(&place) {
        return keys.clone();
    }
    let keys: Option<Arc<[String]>> = keys_at(&source, place.1).map(Into::into);
    if known.len() >= KNOWN_MAX {
        known.clear();
    }
    known.insert(place, (source, keys.clone()));
    keys
}

/// The keys of `name(#{ … })` at a position of a text.
fn keys_at(source: &str, position: Position) -> Option<Vec<String>> {
    let start = scan::offset(source, position.line()?, position.position()?)?;
    let rest = source.get(start..)?;
    let pieces = scan::pieces_within(rest);
    let mut pieces = pieces.iter().filter(|piece| !matches!(piece.kind, Kind::Space | Kind::Comment { .. }));
    let _name = pieces.next()?;
    if pieces.next()?.text(rest) != "(" || pieces.next()?.text(rest) != "#{" {
        return None;
    }
    let (mut keys, mut depth, mut at_key) = (Vec::new(), 1, true);
    for piece in pieces {
        match (piece.text(rest), piece.kind) {
            ("{" | "#{" | "${" | "(" | "[", Kind::Symbol) => depth += 1,
            ("}" | ")" | "]", Kind::Symbol) => depth -= 1,
            (",", Kind::Symbol) if depth == 1 => at_key = true,
            (key, Kind::Word | Kind::Text { .. }) if at_key && depth == 1 => {
                keys.push(key.trim_matches(['"', '`', '\'']).to_owned());
                at_key = false;
            }
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    Some(keys)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_in_the_order_in_which_they_are_written() {
        let source =
            "let é = record(#{ Name: f(`${#{ x: 1 }}`), /* c */ \"Two words\": [1, #{ In: 2 }], A: \"}\" }); 1";
        assert_eq!(keys_at(source, Position::new(1, 9)).unwrap(), ["Name", "Two words", "A"]);
        assert_eq!(keys_at("record(map)", Position::new(1, 1)), None);
    }
}
