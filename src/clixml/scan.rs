//! The quick way through a message body: tags are compared with what is likely to come, texts are only checked.
//!
//! It takes what PowerShell writes and nothing else: at anything unusual, right or wrong, it gives up, and the
//! general reader decides.

use std::sync::Arc;

use memchr::{memchr, memmem};

use super::ListKind;
use super::characters::has_reference_error;
use super::names::{NO_NAME, Names};
use super::packed::{ITEMS, KIND_BITS, NULL, OBJECT, Packed, REFERENCE};
use super::primitive::Primitive;
use super::shape::{BaseShape, Outline, Shape, Shapes};

/// What a session knows, and the working space of its scans.
#[derive(Debug, Default)]
pub(super) struct Memory {
    pub names: Names,
    shapes: Shapes,
    tape: Vec<u32>,
    text: String,
    /// Names of members whose objects are not finished.
    ids: Vec<u32>,
    /// Places of the objects of this message.
    objects: Vec<u32>,
    /// Numbers of the type name lists of this message, and of the one before.
    types: Vec<u32>,
    likely_types: Vec<u32>,
    /// Numbers of the shapes of this message in the order of their objects' ends, and those of the one before.
    order: Vec<u32>,
    likely_order: Vec<u32>,
    /// By shape number: the message that used it last, and its place among the shapes of that message.
    places: Vec<(u64, u32)>,
    used: Vec<u32>,
    message: u64,
    last_used: Vec<u32>,
    last_shapes: Option<Arc<[Arc<Shape>]>>,
}

impl Memory {
    /// Packs a message whose value is an object; `None` when the general reader has to look at it.
    pub(super) fn pack(&mut self, text: &str, levels_max: usize) -> Option<Packed> {
        if self.names.is_full() || self.shapes.is_full() {
            *self = Self::default();
        }
        if text.len() >= 1 << (32 - KIND_BITS) || !text.starts_with("<Obj RefId=\"0\">") {
            return None;
        }
        self.message += 1;
        self.tape.clear();
        self.text.clear();
        self.ids.clear();
        self.objects.clear();
        self.used.clear();
        std::mem::swap(&mut self.types, &mut self.likely_types);
        self.types.clear();
        std::mem::swap(&mut self.order, &mut self.likely_order);
        self.order.clear();
        let references = memchr(b'&', text.as_bytes()).is_some();
        let mut scan = Scan { text, bytes: text.as_bytes(), pos: 4, level: 1, levels_max, references, memory: self };
        (levels_max > 0).then_some(())?;
        scan.object(NO_NAME)?;
        (scan.pos == text.len()).then_some(())?;
        if !is_plain(self.text.as_bytes()) {
            return None;
        }
        let end = self.text.len() as u32;
        self.tape.push(end << KIND_BITS | ITEMS);
        Some(Packed { tape: self.tape.as_slice().into(), text: self.text.as_str().into(), shapes: self.shapes_used()? })
    }

    /// The shapes of this message; shared with the message before if they are the same.
    fn shapes_used(&mut self) -> Option<Arc<[Arc<Shape>]>> {
        if let Some(shapes) = self.last_shapes.as_ref().filter(|_| self.used == self.last_used) {
            return Some(shapes.clone());
        }
        let shapes: Option<Vec<Arc<Shape>>> =
            self.used.iter().map(|number| self.shapes.get(*number).cloned()).collect();
        let shapes: Arc<[Arc<Shape>]> = shapes?.into();
        self.last_used.clone_from(&self.used);
        self.last_shapes = Some(shapes.clone());
        Some(shapes)
    }

    /// The place of a shape among those of this message.
    fn place(&mut self, number: u32) -> u32 {
        if self.places.len() < self.shapes.len() {
            self.places.resize(self.shapes.len(), (0, 0));
        }
        let next = self.used.len() as u32;
        let Some((message, place)) = self.places.get_mut(number as usize) else { return 0 };
        if *message != self.message {
            (*message, *place) = (self.message, next);
            self.used.push(number);
        }
        *place
    }
}

/// Whether no text needs the general reader's eye: controls, a possible `]]>`, a possible U+FFFE or U+FFFF.
fn is_plain(text: &[u8]) -> bool {
    let mut odd = [0_u8; 32];
    let (chunks, rest) = text.as_chunks::<32>();
    for chunk in chunks {
        for (odd, byte) in odd.iter_mut().zip(chunk) {
            *odd |= u8::from(*byte < 0x20) | u8::from(*byte == 0xEF) << 1 | u8::from(*byte == b']') << 2;
        }
    }
    let odd = odd.iter().copied().chain(
        rest.iter().map(|byte| u8::from(*byte < 0x20) | u8::from(*byte == 0xEF) << 1 | u8::from(*byte == b']') << 2),
    );
    let odd = odd.fold(0, |all, one| all | one);
    odd & 1 == 0
        && (odd & 2 == 0
            || (memmem::find(text, b"\xEF\xBF\xBE").is_none() && memmem::find(text, b"\xEF\xBF\xBF").is_none()))
        && (odd & 4 == 0 || memmem::find(text, b"]]>").is_none())
}

struct Scan<'a, 'm> {
    text: &'a str,
    bytes: &'a [u8],
    pos: usize,
    level: usize,
    levels_max: usize,
    /// Whether there are XML references in the message.
    references: bool,
    memory: &'m mut Memory,
}

/// What is between a tag's name and its end.
#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    /// `>`
    Open,
    /// ` />` or `/>`
    Empty,
}

impl<'a> Scan<'a, '_> {
    #[inline]
    fn rest(&self) -> &'a [u8] {
        self.bytes.get(self.pos..).unwrap_or_default()
    }

    /// Markup of a length that is known here is compared without a call.
    #[inline]
    fn eat<const N: usize>(&mut self, markup: &[u8; N]) -> bool {
        let eaten = self.rest().first_chunk() == Some(markup);
        self.pos += if eaten { N } else { 0 };
        eaten
    }

    #[inline]
    fn expect<const N: usize>(&mut self, markup: &[u8; N]) -> Option<()> {
        self.eat(markup).then_some(())
    }

    /// Markup of any length.
    #[inline]
    fn expect_any(&mut self, markup: &[u8]) -> Option<()> {
        begins_with(self.rest(), markup).then_some(())?;
        self.pos += markup.len();
        Some(())
    }

    #[inline]
    fn push(&mut self, kind: u32) {
        let word = (self.memory.text.len() as u32) << KIND_BITS | kind;
        self.memory.tape.push(word);
    }

    /// `"12">`-like: a canonical number and its closing quote.
    fn number(&mut self) -> Option<u32> {
        let mut number = 0_u32;
        let mut digits = 0;
        while let Some(byte @ b'0'..=b'9') = self.bytes.get(self.pos) {
            if digits == 9 || (digits > 0 && number == 0) {
                return None;
            }
            number = number * 10 + u32::from(byte - b'0');
            digits += 1;
            self.pos += 1;
        }
        (digits > 0).then_some(())?;
        self.expect(b"\"")?;
        Some(number)
    }

    #[inline]
    fn tag_end(&mut self) -> Option<End> {
        match self.rest() {
            [b'>', ..] => {
                self.pos += 1;
                Some(End::Open)
            }
            [b' ', b'/', b'>', ..] => {
                self.pos += 3;
                Some(End::Empty)
            }
            _ => None,
        }
    }

    /// `<` and the name of a tag, which a blank or the end of the tag follows: its kind.
    #[inline]
    fn tag(&mut self) -> Option<u32> {
        let (kind, length) = match self.rest() {
            [b'<', b'S', b' ' | b'>', ..] => (Primitive::String.code(), 1),
            [b'<', b'N', b'i', b'l', ..] => (NULL, 3),
            [b'<', b'B', b' ' | b'>', ..] => (Primitive::Bool.code(), 1),
            [b'<', b'I', b'3', b'2', ..] => (Primitive::I32.code(), 3),
            [b'<', b'O', b'b', b'j', ..] => (OBJECT, 3),
            [b'<', b'R', b'e', b'f', ..] => (REFERENCE, 3),
            [b'<', rest @ ..] => {
                let length = rest.iter().take(8).position(|byte| matches!(byte, b' ' | b'>'))?;
                let primitive = Primitive::of_tag(self.text.get(self.pos + 1..self.pos + 1 + length)?)?;
                (primitive.is_plain().then(|| primitive.code())?, length)
            }
            _ => return None,
        };
        self.pos += 1 + length;
        Some(kind)
    }

    /// The value whose tag name and `N` attribute are behind us. `owner`: the property whose value it is.
    fn value(&mut self, kind: u32, owner: u32) -> Option<()> {
        self.level += 1;
        (self.level <= self.levels_max).then_some(())?;
        match kind {
            NULL => {
                (self.tag_end()? == End::Empty).then_some(())?;
                self.push(NULL);
            }
            OBJECT => self.object(owner)?,
            REFERENCE => {
                self.expect(b" RefId=\"")?;
                let number = self.number()?;
                (self.tag_end()? == End::Empty).then_some(())?;
                let target = *self.memory.objects.get(number as usize)?;
                self.push(REFERENCE);
                self.memory.tape.push(target);
            }
            primitive => self.primitive(Primitive::of_code(primitive)?)?,
        }
        self.level -= 1;
        Some(())
    }

    /// From the end of the start tag of a primitive to behind its end tag.
    #[inline]
    fn primitive(&mut self, primitive: Primitive) -> Option<()> {
        self.push(primitive.code());
        if self.tag_end()? == End::Empty {
            return primitive.may_be_empty().then_some(());
        }
        if primitive == Primitive::Bool {
            let text = if self.eat(b"true</B>") {
                "true"
            } else {
                self.expect(b"false</B>")?;
                "false"
            };
            self.memory.text.push_str(text);
            return Some(());
        }
        let text = self.leaf()?;
        if primitive == Primitive::String {
            return self.expect(b"</S>");
        }
        self.expect_any(primitive.end_tag())?;
        primitive.accepts(text).then_some(())
    }

    /// Character data up to the next tag, copied.
    #[inline]
    fn leaf(&mut self) -> Option<&'a str> {
        let length = length_to_tag(self.rest())?;
        let text = self.text.get(self.pos..self.pos + length)?;
        if self.references && has_reference_error_quickly(text) {
            return None;
        }
        self.memory.text.push_str(text);
        self.pos += length;
        Some(text)
    }

    /// An object, from behind its tag name (and its `N` attribute) to behind its end tag.
    fn object(&mut self, owner: u32) -> Option<()> {
        self.expect(b" RefId=\"")?;
        (self.number()? as usize == self.memory.objects.len()).then_some(())?;
        (self.tag_end()? == End::Open).then_some(())?;
        let at = self.memory.tape.len();
        self.memory.objects.push(at as u32);
        self.push(OBJECT);
        self.memory.tape.extend([0, 0]);
        let first_id = self.memory.ids.len();
        let types = self.type_names()?;
        let to_string = self.text_of_object()?;
        let base = self.base(owner)?;
        let adapted = self.members(b"<Props", b"</Props>", owner)?;
        let extended = self.members(b"<MS", b"</MS>", owner)?;
        self.expect(b"</Obj>")?;
        let outline = Outline { types, to_string, base, adapted, extended };
        let memory = &mut *self.memory;
        let likely = memory.likely_order.get(memory.order.len()).copied().unwrap_or(u32::MAX);
        let number = memory.shapes.number(&outline, &memory.ids[first_id..], likely, &mut memory.names)?;
        memory.order.push(number);
        memory.ids.truncate(first_id);
        memory.tape[at + 1] = memory.place(number);
        memory.tape[at + 2] = memory.tape.len() as u32;
        Some(())
    }

    fn type_names(&mut self) -> Option<Option<u32>> {
        if self.eat(b"<TNRef RefId=\"") {
            let number = self.number()?;
            (self.tag_end()? == End::Empty).then_some(())?;
            return self.memory.types.get(number as usize).map(|types| Some(*types));
        }
        if !self.eat(b"<TN RefId=\"") {
            return Some(None);
        }
        let place = self.number()? as usize;
        (place == self.memory.types.len() && self.tag_end()? == End::Open).then_some(())?;
        let likely = self.memory.likely_types.get(place).copied();
        let rest = self.bytes.get(self.pos..)?;
        let known = likely.and_then(|number| Some((number, &self.memory.names.types(number)?.markup)));
        let (number, length) = match known.filter(|(_, markup)| rest.starts_with(markup.as_bytes())) {
            Some((number, markup)) => (number, markup.len()),
            None => {
                let length = memmem::find(rest, b"</TN>")?;
                let raw = self.text.get(self.pos..self.pos + length)?;
                (self.memory.names.types_number(raw)?, length + "</TN>".len())
            }
        };
        self.pos += length;
        self.memory.types.push(number);
        Some(Some(number))
    }

    fn text_of_object(&mut self) -> Option<bool> {
        if self.eat(b"<ToString>") {
            self.push(Primitive::String.code());
            self.leaf()?;
            self.expect(b"</ToString>")?;
            return Some(true);
        }
        if self.eat(b"<ToString />") {
            self.push(Primitive::String.code());
            return Some(true);
        }
        Some(false)
    }

    fn base(&mut self, owner: u32) -> Option<BaseShape> {
        match self.rest() {
            [b'<', b'/' | b'P' | b'M', ..] => Some(BaseShape::None),
            [b'<', b'L', b'S', b'T', ..] => self.list(4, b"</LST>", ListKind::List, owner),
            [b'<', b'D', b'C', b'T', ..] => self.dictionary(owner),
            [b'<', b'I', b'E', ..] => self.list(3, b"</IE>", ListKind::Enumerable, owner),
            [b'<', b'S', b'T', b'K', ..] => self.list(4, b"</STK>", ListKind::Stack, owner),
            [b'<', b'Q', b'U', b'E', ..] => self.list(4, b"</QUE>", ListKind::Queue, owner),
            _ => {
                let kind = self.tag()?;
                // null is no base value, and an object as one is merged
                (!matches!(kind, NULL | OBJECT | REFERENCE)).then_some(())?;
                self.value(kind, owner)?;
                Some(BaseShape::Value)
            }
        }
    }

    /// A list; `open`: the length of its tag's beginning, which was looked at before.
    fn list<const N: usize>(&mut self, open: usize, close: &[u8; N], kind: ListKind, owner: u32) -> Option<BaseShape> {
        self.pos += open;
        self.push(ITEMS);
        let at = self.memory.tape.len();
        self.memory.tape.push(0);
        if self.tag_end()? == End::Open {
            while !self.eat(close) {
                let kind = self.tag()?;
                self.value(kind, owner)?;
            }
        }
        self.memory.tape[at] = self.memory.tape.len() as u32;
        Some(BaseShape::List(kind))
    }

    fn dictionary(&mut self, owner: u32) -> Option<BaseShape> {
        self.expect(b"<DCT")?;
        self.push(ITEMS);
        let at = self.memory.tape.len();
        self.memory.tape.push(0);
        if self.tag_end()? == End::Open {
            while !self.eat(b"</DCT>") {
                self.expect(b"<En>")?;
                let kind = self.tag()?;
                (kind != NULL).then_some(())?;
                self.expect(b" N=\"Key\"")?;
                self.value(kind, owner)?;
                let kind = self.tag()?;
                self.expect(b" N=\"Value\"")?;
                self.value(kind, owner)?;
                self.expect(b"</En>")?;
            }
        }
        self.memory.tape[at] = self.memory.tape.len() as u32;
        Some(BaseShape::Dictionary)
    }

    /// `Props` or `MS`: how many members, if it is there.
    fn members<const N: usize, const M: usize>(
        &mut self,
        open: &[u8; N],
        close: &[u8; M],
        owner: u32,
    ) -> Option<Option<u32>> {
        if !self.eat(open) {
            return Some(None);
        }
        if self.tag_end()? == End::Empty {
            return Some(Some(0));
        }
        let mut count = 0;
        let mut last = NO_NAME;
        while !self.eat(close) {
            let kind = self.tag()?;
            let likely = match last {
                NO_NAME => self.memory.names.get(owner).first,
                last => self.memory.names.get(last).next,
            };
            let expected = &self.memory.names.get(likely).attribute;
            let id = if begins_with(self.rest(), expected.as_bytes()) {
                self.pos += expected.len();
                likely
            } else {
                let id = self.unexpected_name()?;
                match last {
                    NO_NAME => self.memory.names.get_mut(owner).first = id,
                    last => self.memory.names.get_mut(last).next = id,
                }
                id
            };
            self.memory.ids.push(id);
            self.value(kind, id)?;
            last = id;
            count += 1;
        }
        Some(Some(count))
    }

    fn unexpected_name(&mut self) -> Option<u32> {
        self.expect(b" N=\"")?;
        let length = memchr(b'"', self.rest())?;
        let raw = self.text.get(self.pos..self.pos + length)?;
        let plain = length > 0 && raw.bytes().all(|byte| byte >= 0x20 && !matches!(byte, b'<' | b'&' | 0xEF));
        plain.then_some(())?;
        self.pos += length + 1;
        Some(self.memory.names.number(raw))
    }
}

/// Whether the one begins with the other; by words, for lengths at which a call would take longer than the comparison.
#[inline]
fn begins_with(bytes: &[u8], markup: &[u8]) -> bool {
    let Some(begin) = bytes.get(..markup.len()) else { return false };
    let ((words, rest), (wanted, wanted_rest)) = (begin.as_chunks::<8>(), markup.as_chunks::<8>());
    let apart = |(one, other): (&[u8; 8], &[u8; 8])| u64::from_ne_bytes(*one) ^ u64::from_ne_bytes(*other);
    if words.iter().zip(wanted).map(apart).fold(0, |all, one| all | one) != 0 {
        return false;
    }
    match (begin.last_chunk::<8>(), markup.last_chunk::<8>()) {
        (Some(last), Some(wanted)) => last == wanted,
        _ => rest == wanted_rest,
    }
}

/// How far it is to the next `<`; texts are short, so a few words are looked at before the large machinery starts.
#[inline]
fn length_to_tag(bytes: &[u8]) -> Option<usize> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x8080_8080_8080_8080;
    let (words, _) = bytes.as_chunks::<8>();
    for (index, word) in words.iter().take(6).enumerate() {
        // the lowest byte that is zero after this is the first `<`
        let apart = u64::from_le_bytes(*word) ^ (ONES * b'<' as u64);
        let zero = apart.wrapping_sub(ONES) & !apart & HIGH;
        if zero != 0 {
            return Some(index * 8 + zero.trailing_zeros() as usize / 8);
        }
    }
    memchr(b'<', bytes)
}

/// Whether a text has a bad reference; nearly all texts have none at all.
#[inline]
fn has_reference_error_quickly(text: &str) -> bool {
    memchr(b'&', text.as_bytes()).is_some() && has_reference_error(text)
}

impl Primitive {
    /// Whether texts of its type can be checked alone and are written without more ado.
    const fn is_plain(self) -> bool {
        !matches!(self, Self::Uri | Self::Xml | Self::Secure)
    }

    const fn may_be_empty(self) -> bool {
        matches!(self, Self::String | Self::ScriptBlock | Self::Bytes)
    }

    /// Whether the text is one of its type.
    #[inline]
    fn accepts(self, text: &str) -> bool {
        match self {
            Self::String | Self::ScriptBlock => true,
            Self::Guid if is_canonical_guid(text.as_bytes()) => true,
            Self::I32 if text.len() < 10 && text.bytes().all(|byte| byte.is_ascii_digit()) => !text.is_empty(),
            _ => !text.contains('&') && self.parse(&super::characters::Content::Plain(text)).is_some(),
        }
    }
}

/// 8-4-4-4-12 digits.
fn is_canonical_guid(text: &[u8]) -> bool {
    let fits = |(at, byte): (usize, &u8)| match at {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    };
    text.len() == 36 && text.iter().enumerate().all(fits)
}
