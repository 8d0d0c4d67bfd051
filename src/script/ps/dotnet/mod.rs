//! .NET's types as scripts use them: a file a type, with its methods, static members and constructors.
//!
//! Which value is of which type is in `value` and `types`; conversions are in `cast`, operators in `operators`.

mod arguments;
mod array;
pub(super) mod calendar;
mod char;
mod cmdlet;
pub(super) mod console;
mod convert;
pub(super) mod culture;
mod date;
mod dictionary;
pub(super) mod encoding;
mod enumeration;
mod environment;
mod exact;
mod file_info;
mod host_ui;
mod limits;
mod linq;
mod list;
pub(super) mod make;
mod math;
pub(super) mod methods;
pub(super) mod net;
mod object;
pub(super) mod offset;
mod parse;
pub(super) mod predicate;
mod query;
mod regex;
mod set;
mod small;
mod span;
pub(super) mod statics;
pub(super) mod stopwatch;
mod stream;
mod string;
mod string_builder;
mod time_zone;
mod web;
mod wildcard;
pub(super) use dictionary::pairs;
pub(super) use set::sorted as sorted_set;
pub(super) use span::unreadable as unreadable_span;
pub(super) use span::well_formed as fits_span;
pub(super) use stream::end_of_stream;
