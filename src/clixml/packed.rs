//! One message kept as it came: the texts of its values in one string, its structure as numbers, its names as shapes.
//!
//! Values are made when they are asked for. Who packs messages is `scan`; what does not fit is read by `read`.

use std::sync::Arc;

use super::characters::{Content, resolve};
use super::primitive::Primitive;
use super::shape::{BaseShape, Shape};
use super::{Base, Member, PsObject, PsString, PsValue, TypeNames};

/// Bits of a word that tell its kind; the others tell where in the text it begins.
pub(super) const KIND_BITS: u32 = 5;

/// `$null`: one word.
pub(super) const NULL: u32 = 0;
/// An object: this, the place of its shape, and where its part of the tape ends.
pub(super) const OBJECT: u32 = 29;
/// A reference: this, and the place of the object on the tape.
pub(super) const REFERENCE: u32 = 30;
/// A list or dictionary: this, and where its part of the tape ends. Behind the last value: the end of the text.
pub(super) const ITEMS: u32 = 31;

/// A message.
#[derive(Debug)]
pub(super) struct Packed {
    pub tape: Box<[u32]>,
    pub text: Box<str>,
    pub shapes: Arc<[Arc<Shape>]>,
}

/// An object of a message: the message and the place of the object on its tape.
#[derive(Debug, Clone)]
pub(super) struct PackedObject {
    pub message: Arc<Packed>,
    pub at: u32,
}

impl Packed {
    fn word(&self, at: usize) -> u32 {
        self.tape.get(at).copied().unwrap_or(ITEMS)
    }

    /// Where the value behind this one begins.
    fn next(&self, at: usize) -> usize {
        match self.word(at) & ((1 << KIND_BITS) - 1) {
            OBJECT => self.word(at + 2) as usize,
            ITEMS => self.word(at + 1) as usize,
            REFERENCE => at + 2,
            _ => at + 1,
        }
    }

    /// The text of a primitive, as it stood in the message.
    fn text(&self, at: usize) -> &str {
        let (start, end) = (self.word(at) >> KIND_BITS, self.word(at + 1) >> KIND_BITS);
        self.text.get(start as usize..end as usize).unwrap_or_default()
    }

    fn string(&self, at: usize) -> PsString {
        content(self.text(at)).decode()
    }

    fn value(self: &Arc<Self>, at: usize) -> PsValue {
        match self.word(at) & ((1 << KIND_BITS) - 1) {
            NULL => PsValue::Null,
            OBJECT => PsValue::Object(PsObject::packed(PackedObject { message: self.clone(), at: at as u32 })),
            REFERENCE => {
                PsValue::Object(PsObject::packed(PackedObject { message: self.clone(), at: self.word(at + 1) }))
            }
            // every text was checked when the message was packed
            kind => Primitive::of_code(kind)
                .and_then(|primitive| primitive.parse(&content(self.text(at))))
                .unwrap_or(PsValue::Null),
        }
    }
}

/// A text as the parser of primitives wants it; its references were checked before.
fn content(text: &str) -> Content<'_> {
    if memchr::memchr(b'&', text.as_bytes()).is_none() {
        return Content::Plain(text);
    }
    let mut units = Vec::with_capacity(text.len());
    match resolve(text, &mut units) {
        Ok(()) => Content::Units(units),
        Err(_) => Content::Plain(text),
    }
}

impl PackedObject {
    fn shape(&self) -> Option<&Arc<Shape>> {
        self.message.shapes.get(self.message.word(self.at as usize + 1) as usize)
    }

    /// What the object is known by while somebody holds it.
    pub(super) fn address(&self) -> (usize, u32) {
        (Arc::as_ptr(&self.message).addr(), self.at)
    }

    pub(super) fn type_names(&self) -> Option<TypeNames> {
        self.shape()?.types.clone()
    }

    pub(super) fn to_string_text(&self) -> Option<PsString> {
        self.shape()?.to_string.then(|| self.message.string(self.at as usize + 3))
    }

    /// Where the base value stands, or would stand.
    fn base_at(&self, shape: &Shape) -> usize {
        self.at as usize + 3 + usize::from(shape.to_string)
    }

    /// Where the first member stands, or would stand.
    fn members_at(&self, shape: &Shape) -> usize {
        let at = self.base_at(shape);
        if shape.base == BaseShape::None { at } else { self.message.next(at) }
    }

    pub(super) fn base(&self) -> Base {
        let Some(shape) = self.shape() else { return Base::None };
        let at = self.base_at(shape);
        match shape.base {
            BaseShape::None => Base::None,
            BaseShape::Value => Base::Value(self.message.value(at)),
            BaseShape::List(kind) => Base::List(kind, self.items(at).collect()),
            BaseShape::Dictionary => {
                let mut items = self.items(at);
                Base::Dictionary(std::iter::from_fn(|| Some((items.next()?, items.next()?))).collect())
            }
        }
    }

    /// The values of a list, or keys and values of a dictionary by turns.
    fn items(&self, at: usize) -> impl Iterator<Item = PsValue> {
        let end = self.message.word(at + 1) as usize;
        let mut at = at + 2;
        std::iter::from_fn(move || {
            let here = (at < end).then_some(at)?;
            at = self.message.next(here);
            Some(self.message.value(here))
        })
    }

    /// How many items a list or entries a dictionary has.
    pub(super) fn len(&self) -> Option<usize> {
        let shape = self.shape()?;
        let at = self.base_at(shape);
        let values = || {
            let end = self.message.word(at + 1) as usize;
            std::iter::successors(Some(at + 2), |at| Some(self.message.next(*at))).take_while(|at| *at < end).count()
        };
        match shape.base {
            BaseShape::None | BaseShape::Value => None,
            BaseShape::List(_) => Some(values()),
            BaseShape::Dictionary => Some(values() / 2),
        }
    }

    /// The places on the tape of all members: adapted first.
    fn member_places(&self, shape: &Shape) -> impl Iterator<Item = usize> {
        let message = &self.message;
        std::iter::successors(Some(self.members_at(shape)), |at| Some(message.next(*at)))
    }

    pub(super) fn adapted(&self) -> Option<Vec<Member>> {
        let shape = self.shape()?;
        self.members(shape, shape.adapted.as_deref()?, 0)
    }

    pub(super) fn extended(&self) -> Option<Vec<Member>> {
        let shape = self.shape()?;
        self.members(shape, shape.extended.as_deref()?, shape.adapted.as_deref().unwrap_or_default().len())
    }

    fn members(&self, shape: &Shape, names: &[Arc<str>], skip: usize) -> Option<Vec<Member>> {
        let places = self.member_places(shape).skip(skip);
        let member =
            |(name, at): (&Arc<str>, usize)| Member::Property { name: name.clone(), value: self.message.value(at) };
        Some(names.iter().zip(places).map(member).collect())
    }

    pub(super) fn get(&self, name: &str) -> Option<PsValue> {
        let shape = self.shape()?;
        let place = shape.place(name)?;
        self.member_places(shape).nth(place).map(|at| self.message.value(at))
    }

    pub(super) fn names(&self) -> Vec<Arc<str>> {
        let Some(shape) = self.shape() else { return Vec::new() };
        shape.shown().iter().filter_map(|place| shape.name(*place as usize).cloned()).collect()
    }

    pub(super) fn properties(&self) -> Vec<(Arc<str>, PsValue)> {
        let Some(shape) = self.shape() else { return Vec::new() };
        let count = shape.adapted.iter().chain(&shape.extended).map(|names| names.len()).sum();
        let places: Vec<usize> = self.member_places(shape).take(count).collect();
        let shown = shape.shown().iter().map(|place| *place as usize);
        shown.filter_map(|place| Some((shape.name(place)?.clone(), self.message.value(*places.get(place)?)))).collect()
    }
}
