//! Shapes: what objects of one kind have in common, kept once for a session.
//!
//! A shape holds names only; the values are in `packed`.

use std::collections::HashMap;
use std::hash::Hasher;
use std::sync::{Arc, OnceLock};

use super::names::{Names, Quick, QuickHasher};
use super::{ListKind, TypeNames};

/// Beyond so many shapes the memory starts anew with the next message.
const SHAPES_MAX: usize = 4096;

/// What the base value of an object is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum BaseShape {
    None,
    Value,
    List(ListKind),
    Dictionary,
}

impl BaseShape {
    const fn code(self) -> u32 {
        match self {
            Self::None => 0,
            Self::Value => 1,
            Self::Dictionary => 2,
            Self::List(ListKind::List) => 3,
            Self::List(ListKind::Enumerable) => 4,
            Self::List(ListKind::Stack) => 5,
            Self::List(ListKind::Queue) => 6,
        }
    }
}

/// The outline of an object while it is read: everything but its names.
#[derive(Debug, Clone, Copy)]
pub(super) struct Outline {
    /// Number of its type names.
    pub types: Option<u32>,
    /// Whether it has a text.
    pub to_string: bool,
    /// What its base value is.
    pub base: BaseShape,
    /// How many adapted properties it has, if any were announced.
    pub adapted: Option<u32>,
    /// How many extended ones.
    pub extended: Option<u32>,
}

/// The shape of an object.
#[derive(Debug)]
pub(super) struct Shape {
    pub types: Option<TypeNames>,
    pub to_string: bool,
    pub base: BaseShape,
    pub adapted: Option<Box<[Arc<str>]>>,
    pub extended: Option<Box<[Arc<str>]>>,
    places: OnceLock<Places>,
}

/// Where members stand; adapted ones are counted first, extended ones behind them.
#[derive(Debug)]
struct Places {
    by_name: HashMap<Box<str>, u32, Quick>,
    shown: Box<[u32]>,
}

impl Shape {
    fn places(&self) -> &Places {
        self.places.get_or_init(|| {
            let adapted = self.adapted.as_deref().unwrap_or_default().iter();
            let extended = self.extended.as_deref().unwrap_or_default().iter();
            let mut by_name = HashMap::default();
            for (place, name) in adapted.clone().chain(extended.clone()).enumerate() {
                // the later, extended one hides an adapted one
                by_name.insert(name.to_ascii_lowercase().into(), place as u32);
            }
            // the spelling that scripts use is found at once
            for name in adapted.clone().chain(extended.clone()) {
                let Some(place) = by_name.get(name.to_ascii_lowercase().as_str()).copied() else { continue };
                by_name.entry((**name).into()).or_insert(place);
            }
            let before = adapted.len() as u32;
            let visible = |(place, name): (usize, &Arc<str>)| {
                let own = by_name.get(name.to_ascii_lowercase().as_str()) == Some(&(place as u32));
                own.then_some(place as u32)
            };
            let notes = (0..extended.len() as u32).map(|place| place + before);
            let shown = notes.chain(adapted.enumerate().filter_map(visible)).collect();
            Places { by_name, shown }
        })
    }

    /// The place of a member, ignoring ASCII case.
    pub(super) fn place(&self, name: &str) -> Option<usize> {
        let by_name = &self.places().by_name;
        let place = by_name.get(name).or_else(|| by_name.get(name.to_ascii_lowercase().as_str()));
        place.map(|place| *place as usize)
    }

    /// The places of members in PowerShell's order: extended, then adapted that none of those hides.
    pub(super) fn shown(&self) -> &[u32] {
        &self.places().shown
    }

    /// The name at a place.
    pub(super) fn name(&self, place: usize) -> Option<&Arc<str>> {
        let adapted = self.adapted.as_deref().unwrap_or_default();
        adapted.get(place).or_else(|| self.extended.as_deref().unwrap_or_default().get(place - adapted.len()))
    }
}

/// The shapes of one session.
#[derive(Debug, Default)]
pub(super) struct Shapes {
    shapes: Vec<(Box<[u32]>, Arc<Shape>)>,
    by_key: HashMap<u64, Vec<u32>, Quick>,
}

impl Shapes {
    /// Whether it holds so much that it should be forgotten before the next message.
    pub(super) fn is_full(&self) -> bool {
        self.shapes.len() > SHAPES_MAX
    }

    /// The shape of a number.
    pub(super) fn get(&self, number: u32) -> Option<&Arc<Shape>> {
        self.shapes.get(number as usize).map(|(_, shape)| shape)
    }

    /// How many there are.
    pub(super) const fn len(&self) -> usize {
        self.shapes.len()
    }

    /// The number of the shape with this outline and these member names; `None` when two names are equal.
    /// `likely` is tried first.
    pub(super) fn number(&mut self, outline: &Outline, ids: &[u32], likely: u32, names: &mut Names) -> Option<u32> {
        let head = [
            outline.types.map_or(0, |types| types + 1),
            outline.base.code() << 1 | u32::from(outline.to_string),
            outline.adapted.map_or(0, |count| count + 1),
            outline.extended.map_or(0, |count| count + 1),
        ];
        let matches = |key: &[u32]| key.len() == ids.len() + 4 && key[..4] == head && key[4..] == *ids;
        if self.shapes.get(likely as usize).is_some_and(|(key, _)| matches(key)) {
            return Some(likely);
        }
        let mut hasher = QuickHasher::default();
        for word in head.iter().chain(ids) {
            hasher.write_u32(*word);
        }
        let candidates = self.by_key.entry(hasher.finish()).or_default();
        let known = candidates.iter().find(|number| matches(&self.shapes[**number as usize].0));
        if let Some(number) = known {
            return Some(*number);
        }
        let (adapted, extended) = ids.split_at_checked(outline.adapted.unwrap_or(0) as usize)?;
        for part in [adapted, extended] {
            let folded: Vec<u32> = part.iter().map(|id| names.get(*id).folded).collect();
            if names.any_double(folded.into_iter()) {
                return None;
            }
        }
        let texts = |ids: &[u32]| ids.iter().map(|id| names.get(*id).text.clone()).collect();
        let shape = Shape {
            types: outline.types.and_then(|types| names.types(types)).map(|types| types.list.clone()),
            to_string: outline.to_string,
            base: outline.base,
            adapted: outline.adapted.map(|_| texts(adapted)),
            extended: outline.extended.map(|_| texts(extended)),
            places: OnceLock::new(),
        };
        let number = u32::try_from(self.shapes.len()).ok()?;
        candidates.push(number);
        self.shapes.push((head.iter().chain(ids).copied().collect(), Arc::new(shape)));
        Some(number)
    }
}
