//! The compact form of a list of cmdlets: interned texts, variable-length numbers, nothing decoded before it is needed.
//!
//! ```text
//! file      = "exc1" texts lists cmdlets
//! texts     = count { length bytes }            most used first, so that their numbers are short
//! lists     = count { count { text } }          list 0 is empty
//! cmdlets   = count { length cmdlet }           in the order of their canonical keys
//! cmdlet    = name releases:u8 sets:list default+1 should_process:u8 count { parameter }
//! parameter = name type kind:u8 releases:u8 flags:u8 [sets] [required] [position:u8] [pipeline:u8] [values:list]
//!             [default:text] [aliases:list]
//! ```
//! Numbers are LEB128. Not here: finding a cmdlet (`store`).

use std::collections::HashMap;

use super::{Cmdlet, Name, Parameter, ParameterKind, ParameterSets, PipedType, PipelineInput, Releases, canonical_key};

const MAGIC: &[u8; 4] = b"exc1";

const HAS_SETS: u8 = 1;
const HAS_REQUIRED: u8 = 2;
const HAS_POSITION: u8 = 4;
const HAS_PIPELINE: u8 = 8;
const HAS_VALUES: u8 = 16;
const HAS_DEFAULT: u8 = 32;
const HAS_ALIASES: u8 = 64;

/// The bytes are not a packed list of cmdlets.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a packed catalogue")]
pub struct PackError;

/// Packs cmdlets; names that differ only in case, `_` and `-` must not occur twice.
#[must_use]
pub fn pack(cmdlets: &[Cmdlet]) -> Vec<u8> {
    let mut sorted: Vec<&Cmdlet> = cmdlets.iter().collect();
    sorted.sort_by_cached_key(|cmdlet| canonical_key(&cmdlet.name));
    let texts = count_texts(&sorted);
    let numbers: HashMap<&str, u64> = texts.iter().zip(0..).map(|(text, number)| (*text, number)).collect();
    let mut lists = Lists { numbers: &numbers, known: HashMap::from([(Vec::new(), 0)]), encoded: vec![0] };
    let mut body = Vec::new();
    number(&mut body, sorted.len());
    for cmdlet in &sorted {
        let record = lists.cmdlet(cmdlet);
        number(&mut body, record.len());
        body.extend(record);
    }
    let mut packed = MAGIC.to_vec();
    number(&mut packed, texts.len());
    for text in texts {
        number(&mut packed, text.len());
        packed.extend_from_slice(text.as_bytes());
    }
    number(&mut packed, lists.known.len());
    packed.extend(lists.encoded);
    packed.extend(body);
    packed
}

/// All texts, most used first.
fn count_texts<'a>(cmdlets: &[&'a Cmdlet]) -> Vec<&'a str> {
    let mut counts: HashMap<&str, usize> = HashMap::new();
    let mut count = |text: &'a str| *counts.entry(text).or_default() += 1;
    for cmdlet in cmdlets {
        count(&cmdlet.name);
        cmdlet.sets.iter().for_each(|set| count(set));
        for parameter in &cmdlet.parameters {
            count(&parameter.name);
            count(&parameter.type_name);
            parameter.values.iter().chain(&parameter.aliases).chain(&parameter.default).for_each(|text| count(text));
        }
    }
    let mut texts: Vec<(&str, usize)> = counts.into_iter().collect();
    texts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    texts.into_iter().map(|(text, _)| text).collect()
}

struct Lists<'a> {
    numbers: &'a HashMap<&'a str, u64>,
    known: HashMap<Vec<u64>, usize>,
    encoded: Vec<u8>,
}

impl Lists<'_> {
    fn text(&self, text: &str) -> u64 {
        self.numbers.get(text).copied().unwrap_or_default()
    }

    fn list(&mut self, texts: &[Name]) -> usize {
        let list: Vec<u64> = texts.iter().map(|text| self.text(text)).collect();
        if let Some(known) = self.known.get(&list) {
            return *known;
        }
        number(&mut self.encoded, list.len());
        list.iter().for_each(|text| leb128(&mut self.encoded, *text));
        let index = self.known.len();
        self.known.insert(list, index);
        index
    }

    fn cmdlet(&mut self, cmdlet: &Cmdlet) -> Vec<u8> {
        let mut record = Vec::new();
        leb128(&mut record, self.text(&cmdlet.name));
        record.push(cmdlet.releases.bits());
        number(&mut record, self.list(&cmdlet.sets));
        number(&mut record, cmdlet.default_set.map_or(0, |set| set + 1));
        record.push(cmdlet.supports_should_process.into());
        number(&mut record, cmdlet.parameters.len());
        for parameter in &cmdlet.parameters {
            self.parameter(&mut record, parameter);
        }
        record
    }

    fn parameter(&mut self, record: &mut Vec<u8>, parameter: &Parameter) {
        leb128(record, self.text(&parameter.name));
        leb128(record, self.text(&parameter.type_name));
        record.push(parameter.kind as u8);
        record.push(parameter.releases.bits());
        let flag = |has: bool, flag: u8| if has { flag } else { 0 };
        let pipeline = pipeline_bits(parameter.pipeline);
        record.push(
            flag(parameter.sets != ParameterSets::ALL, HAS_SETS)
                | flag(!parameter.required_in.is_empty(), HAS_REQUIRED)
                | flag(parameter.position.is_some(), HAS_POSITION)
                | flag(pipeline != 0, HAS_PIPELINE)
                | flag(!parameter.values.is_empty(), HAS_VALUES)
                | flag(parameter.default.is_some(), HAS_DEFAULT)
                | flag(!parameter.aliases.is_empty(), HAS_ALIASES),
        );
        if parameter.sets != ParameterSets::ALL {
            leb128(record, parameter.sets.bits());
        }
        if !parameter.required_in.is_empty() {
            leb128(record, parameter.required_in.bits());
        }
        record.extend(parameter.position);
        if pipeline != 0 {
            record.push(pipeline);
        }
        if !parameter.values.is_empty() {
            let list = self.list(&parameter.values);
            number(record, list);
        }
        if let Some(default) = &parameter.default {
            leb128(record, self.text(default));
        }
        if !parameter.aliases.is_empty() {
            let list = self.list(&parameter.aliases);
            number(record, list);
        }
    }
}

fn pipeline_bits(pipeline: PipelineInput) -> u8 {
    let by_type = match pipeline.by_type {
        None => 0,
        Some(PipedType::ExchangeServer) => 1,
        Some(PipedType::MailboxDatabase) => 2,
    };
    u8::from(pipeline.by_value) | u8::from(pipeline.by_property_name) << 1 | by_type << 2
}

fn pipeline_of(bits: u8) -> Result<PipelineInput, PackError> {
    let by_type = match bits >> 2 {
        0 => None,
        1 => Some(PipedType::ExchangeServer),
        2 => Some(PipedType::MailboxDatabase),
        _ => return Err(PackError),
    };
    Ok(PipelineInput { by_value: bits & 1 != 0, by_property_name: bits & 2 != 0, by_type })
}

fn number(out: &mut Vec<u8>, value: usize) {
    leb128(out, value as u64);
}

fn leb128(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80); // the low seven bits; truncation is meant
        value >>= 7;
    }
    out.push(value as u8);
}

/// A packed catalogue, opened: where things are, nothing decoded.
#[derive(Debug)]
pub(super) struct Unpacker {
    texts: Vec<&'static str>,
    lists: Vec<&'static [u8]>,
    cmdlets: Vec<&'static [u8]>,
}

impl Unpacker {
    pub(super) fn open(packed: &'static [u8]) -> Result<Self, PackError> {
        let mut reader = Reader { rest: packed.strip_prefix(MAGIC).ok_or(PackError)? };
        let count = reader.count()?;
        let mut texts = Vec::with_capacity(count);
        for _ in 0..count {
            let length = reader.count()?;
            texts.push(std::str::from_utf8(reader.take(length)?).map_err(|_| PackError)?);
        }
        let count = reader.count()?;
        let mut lists = Vec::with_capacity(count);
        for _ in 0..count {
            lists.push(reader.rest);
            for _ in 0..reader.count()? {
                reader.leb128()?;
            }
        }
        let count = reader.count()?;
        let mut cmdlets = Vec::with_capacity(count);
        for _ in 0..count {
            let length = reader.count()?;
            cmdlets.push(reader.take(length)?);
        }
        if reader.rest.is_empty() { Ok(Self { texts, lists, cmdlets }) } else { Err(PackError) }
    }

    /// How many cmdlets there are.
    pub(super) fn len(&self) -> usize {
        self.cmdlets.len()
    }

    /// The name of a cmdlet, by its place in the order of keys.
    pub(super) fn name(&self, index: usize) -> Result<&'static str, PackError> {
        let mut reader = Reader { rest: self.cmdlets.get(index).ok_or(PackError)? };
        self.text(&mut reader)
    }

    /// A cmdlet, by its place in the order of keys.
    pub(super) fn cmdlet(&self, index: usize) -> Result<Cmdlet, PackError> {
        let mut reader = Reader { rest: self.cmdlets.get(index).ok_or(PackError)? };
        let name = self.text(&mut reader)?.into();
        let releases = Releases::from_bits(reader.byte()?);
        let sets = self.list(&mut reader)?;
        let default_set = reader.count()?.checked_sub(1);
        let supports_should_process = reader.byte()? != 0;
        let count = reader.count()?;
        let mut parameters = Vec::with_capacity(count);
        for _ in 0..count {
            parameters.push(self.parameter(&mut reader)?);
        }
        Ok(Cmdlet { name, releases, sets, default_set, parameters, supports_should_process })
    }

    fn parameter(&self, reader: &mut Reader) -> Result<Parameter, PackError> {
        let name = self.text(reader)?.into();
        let type_name = self.text(reader)?.into();
        let kind = *ParameterKind::ALL.get(usize::from(reader.byte()?)).ok_or(PackError)?;
        let releases = Releases::from_bits(reader.byte()?);
        let flags = reader.byte()?;
        let has = |flag: u8| flags & flag != 0;
        let sets = if has(HAS_SETS) { ParameterSets::from_bits(reader.leb128()?) } else { ParameterSets::ALL };
        let required_in =
            if has(HAS_REQUIRED) { ParameterSets::from_bits(reader.leb128()?) } else { ParameterSets::NONE };
        let position = if has(HAS_POSITION) { Some(reader.byte()?) } else { None };
        let pipeline = if has(HAS_PIPELINE) { pipeline_of(reader.byte()?)? } else { PipelineInput::default() };
        let values = if has(HAS_VALUES) { self.list(reader)? } else { Vec::new() };
        let default = if has(HAS_DEFAULT) { Some(self.text(reader)?.into()) } else { None };
        let aliases = if has(HAS_ALIASES) { self.list(reader)? } else { Vec::new() };
        Ok(Parameter {
            name,
            type_name,
            kind,
            aliases,
            releases,
            sets,
            required_in,
            position,
            pipeline,
            particular: Vec::new(),
            takes_rest: ParameterSets::NONE,
            values,
            default,
        })
    }

    fn text(&self, reader: &mut Reader) -> Result<&'static str, PackError> {
        self.texts.get(reader.count()?).copied().ok_or(PackError)
    }

    fn list(&self, reader: &mut Reader) -> Result<Vec<Name>, PackError> {
        let mut list = Reader { rest: self.lists.get(reader.count()?).ok_or(PackError)? };
        (0..list.count()?).map(|_| self.text(&mut list).map(Name::Borrowed)).collect()
    }
}

struct Reader {
    rest: &'static [u8],
}

impl Reader {
    fn byte(&mut self) -> Result<u8, PackError> {
        let (first, rest) = self.rest.split_first().ok_or(PackError)?;
        self.rest = rest;
        Ok(*first)
    }

    fn take(&mut self, length: usize) -> Result<&'static [u8], PackError> {
        let (taken, rest) = self.rest.split_at_checked(length).ok_or(PackError)?;
        self.rest = rest;
        Ok(taken)
    }

    fn leb128(&mut self) -> Result<u64, PackError> {
        let mut value = 0;
        for shift in (0..64).step_by(7) {
            let byte = self.byte()?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Ok(value);
            }
        }
        Err(PackError)
    }

    /// A number of things of at least one byte each, or an index: never above what a catalogue can hold.
    fn count(&mut self) -> Result<usize, PackError> {
        let value = self.leb128()?;
        if value <= 1 << 20 { Ok(value as usize) } else { Err(PackError) }
    }
}
