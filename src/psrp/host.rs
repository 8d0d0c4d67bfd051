//! The client's host: what it tells the server of itself, and the calls that the server makes to it.
//!
//! Nobody is asked anything here; `remote` hands calls to whoever can answer.

use super::bag::{Bag, array_list, bag, entries_of, enumeration, hashtable, list_of, number_of};
use super::{ErrorRecord, HostMethod, PsrpError};
use crate::clixml::{PsString, PsValue};

/// Width and height, in cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HostSize {
    /// Columns.
    pub width: i32,
    /// Rows; −1 without a terminal.
    pub height: i32,
}

/// A place, in cells from the upper left.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HostCoordinates {
    /// Column.
    pub x: i32,
    /// Row.
    pub y: i32,
}

/// What the server may know of the client's screen without asking ([MS-PSRP] 2.2.3.14, `_hostDefaultData`).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostDefaultData {
    /// `System.ConsoleColor`; −1 when unset.
    pub foreground_color: i32,
    /// `System.ConsoleColor`; −1 when unset.
    pub background_color: i32,
    /// Where the cursor is.
    pub cursor_position: HostCoordinates,
    /// Where the window is in its buffer.
    pub window_position: HostCoordinates,
    /// Per cent of a cell.
    pub cursor_size: i32,
    /// The buffer.
    pub buffer_size: HostSize,
    /// The window.
    pub window_size: HostSize,
    /// The largest window in this buffer.
    pub max_window_size: HostSize,
    /// The largest window on this screen.
    pub max_physical_window_size: HostSize,
    /// The title.
    pub window_title: PsString,
}

impl HostDefaultData {
    /// A plain terminal of that size.
    #[must_use]
    pub fn terminal(window: HostSize) -> Self {
        Self {
            foreground_color: -1,
            background_color: -1,
            cursor_position: HostCoordinates { x: 0, y: 0 },
            window_position: HostCoordinates { x: 0, y: 0 },
            cursor_size: 100,
            buffer_size: window,
            window_size: window,
            max_window_size: window,
            max_physical_window_size: window,
            window_title: PsString::default(),
        }
    }

    fn to_value(&self) -> PsValue {
        let typed =
            |id: i32, type_name: &str, value: PsValue| (PsValue::I32(id), bag([("T", type_name.into()), ("V", value)]));
        let size = |size: HostSize| bag([("width", size.width.into()), ("height", size.height.into())]);
        let place = |place: HostCoordinates| bag([("x", place.x.into()), ("y", place.y.into())]);
        const SIZE: &str = "System.Management.Automation.Host.Size";
        const PLACE: &str = "System.Management.Automation.Host.Coordinates";
        let entries = vec![
            typed(9, "System.String", PsValue::String(self.window_title.clone())),
            typed(8, SIZE, size(self.max_physical_window_size)),
            typed(7, SIZE, size(self.max_window_size)),
            typed(6, SIZE, size(self.window_size)),
            typed(5, SIZE, size(self.buffer_size)),
            typed(4, "System.Int32", self.cursor_size.into()),
            typed(3, PLACE, place(self.window_position)),
            typed(2, PLACE, place(self.cursor_position)),
            typed(1, "System.ConsoleColor", self.background_color.into()),
            typed(0, "System.ConsoleColor", self.foreground_color.into()),
        ];
        bag([("data", hashtable(entries))])
    }

    fn from_value(value: &PsValue) -> Result<Self, PsrpError> {
        const PLACE: &str = "host data";
        let data = Bag::new(PLACE, value)?.required("data")?;
        let mut found = Self::terminal(HostSize { width: 80, height: 24 });
        for (key, typed) in entries_of(&data).iter().flat_map(|entries| entries.iter()) {
            let Some(id) = number_of(key) else { continue };
            let Some(value) = Bag::new(PLACE, typed)?.optional("V") else { continue };
            found.set(id, &value)?;
        }
        Ok(found)
    }

    fn set(&mut self, id: i64, value: &PsValue) -> Result<(), PsrpError> {
        let place = |value: &PsValue| {
            let bag = Bag::new("coordinates", value)?;
            Ok::<_, PsrpError>(HostCoordinates { x: bag.number_i32("x")?, y: bag.number_i32("y")? })
        };
        let size = |value: &PsValue| {
            let bag = Bag::new("size", value)?;
            Ok::<_, PsrpError>(HostSize { width: bag.number_i32("width")?, height: bag.number_i32("height")? })
        };
        let number = |value: &PsValue| number_of(value).and_then(|n| i32::try_from(n).ok()).unwrap_or(-1);
        match id {
            0 => self.foreground_color = number(value),
            1 => self.background_color = number(value),
            2 => self.cursor_position = place(value)?,
            3 => self.window_position = place(value)?,
            4 => self.cursor_size = number(value),
            5 => self.buffer_size = size(value)?,
            6 => self.window_size = size(value)?,
            7 => self.max_window_size = size(value)?,
            8 => self.max_physical_window_size = size(value)?,
            9 => {
                if let PsValue::String(title) = value {
                    self.window_title = title.clone();
                }
            }
            _ => {} // newer hosts may say more
        }
        Ok(())
    }
}

/// What the client says of its host ([MS-PSRP] 2.2.3.14).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostInfo {
    /// There is no host.
    pub is_host_null: bool,
    /// The host has no user interface.
    pub is_host_ui_null: bool,
    /// The user interface has no raw screen.
    pub is_host_raw_ui_null: bool,
    /// Use the pool's host.
    pub use_runspace_host: bool,
    /// The screen, when there is one.
    pub default_data: Option<HostDefaultData>,
}

impl HostInfo {
    /// Nobody is there: host calls fail on the server.
    #[must_use]
    pub const fn absent() -> Self {
        Self {
            is_host_null: true,
            is_host_ui_null: true,
            is_host_raw_ui_null: true,
            use_runspace_host: false,
            default_data: None,
        }
    }

    /// A pipeline uses the host of its pool.
    #[must_use]
    pub const fn of_pool() -> Self {
        Self {
            is_host_null: true,
            is_host_ui_null: true,
            is_host_raw_ui_null: true,
            use_runspace_host: true,
            default_data: None,
        }
    }

    /// Somebody is there to answer.
    #[must_use]
    pub const fn present(screen: HostDefaultData) -> Self {
        Self {
            is_host_null: false,
            is_host_ui_null: false,
            is_host_raw_ui_null: false,
            use_runspace_host: false,
            default_data: Some(screen),
        }
    }

    /// As a property bag, members in the order of PowerShell 7.6.5.
    #[must_use]
    pub fn to_value(&self) -> PsValue {
        let mut members = vec![
            ("_isHostUINull", self.is_host_ui_null.into()),
            ("_isHostRawUINull", self.is_host_raw_ui_null.into()),
            ("_isHostNull", self.is_host_null.into()),
        ];
        if let Some(data) = &self.default_data {
            members.push(("_hostDefaultData", data.to_value()));
        }
        members.push(("_useRunspaceHost", self.use_runspace_host.into()));
        bag(members)
    }

    /// From a property bag.
    pub fn from_value(value: &PsValue) -> Result<Self, PsrpError> {
        let bag = Bag::new("host information", value)?;
        Ok(Self {
            is_host_null: bag.bool("_isHostNull")?,
            is_host_ui_null: bag.bool("_isHostUINull")?,
            is_host_raw_ui_null: bag.bool("_isHostRawUINull")?,
            use_runspace_host: bag.optional_bool("_useRunspaceHost")?.unwrap_or(false),
            default_data: match bag.optional("_hostDefaultData") {
                None | Some(PsValue::Null) => None,
                Some(data) => Some(HostDefaultData::from_value(&data)?),
            },
        })
    }
}

/// Call id of every call that wants no answer.
pub const VOID_CALL_ID: i64 = -100;

const METHOD_TYPE: &str = "System.Management.Automation.Remoting.RemoteHostMethodId";

/// The server calls the client's host ([MS-PSRP] 2.2.2.15, 2.2.2.27).
#[derive(Debug, Clone)]
pub struct HostCall {
    /// The call's number within its pipeline; [`VOID_CALL_ID`] when no answer is wanted.
    pub call_id: i64,
    /// What is asked.
    pub method: HostMethod,
    /// With which parameters.
    pub parameters: Vec<PsValue>,
}

impl HostCall {
    /// Whether the server waits for an answer. Answering any other call breaks the protocol.
    #[must_use]
    pub const fn wants_answer(&self) -> bool {
        !self.method.is_void()
    }

    /// As the data of a message.
    #[must_use]
    pub fn to_value(&self) -> PsValue {
        bag([
            ("ci", PsValue::I64(self.call_id)),
            ("mi", enumeration(METHOD_TYPE, self.method.name(), self.method.number())),
            ("mp", array_list(self.parameters.clone())),
        ])
    }

    /// From the data of a message.
    pub fn from_value(value: &PsValue) -> Result<Self, PsrpError> {
        const PLACE: &str = "host call";
        let bag = Bag::new(PLACE, value)?;
        let number = bag.number("mi")?;
        let method = i32::try_from(number)
            .ok()
            .and_then(HostMethod::from_number)
            .ok_or(PsrpError::UnknownNumber { place: "host method", number })?;
        let parameters = match bag.required("mp")? {
            PsValue::Null => Vec::new(),
            value => list_of(&value).map(|items| items.to_vec()).ok_or(PsrpError::UnexpectedType {
                place: PLACE,
                property: "mp",
                expected: "a list",
                found: super::bag::kind_of(&value),
            })?,
        };
        Ok(Self { call_id: bag.number("ci")?, method, parameters })
    }
}

/// What the host answers.
#[derive(Debug, Clone)]
pub enum HostReply {
    /// The result.
    Value(PsValue),
    /// The host could or would not answer.
    Refused(Box<ErrorRecord>),
}

impl HostReply {
    /// A refusal with that message: the cmdlet on the server goes on with an error instead of waiting.
    #[must_use]
    pub fn refused(message: &str) -> Self {
        Self::Refused(Box::new(ErrorRecord::new(message, "HostCallRefused", super::ErrorCategory::NotSpecified)))
    }
}

/// An answer on its way ([MS-PSRP] 2.2.2.16, 2.2.2.28).
#[derive(Debug, Clone)]
pub struct HostResponse {
    /// The call's number.
    pub call_id: i64,
    /// What was asked.
    pub method: HostMethod,
    /// The answer; `None` when the message has neither value nor error.
    pub reply: Option<HostReply>,
}

impl HostResponse {
    /// As the data of a message: `mr` or `me`, `ci`, `mi`.
    #[must_use]
    pub fn to_value(&self) -> PsValue {
        let mut members = Vec::with_capacity(3);
        match &self.reply {
            None => {}
            Some(HostReply::Value(value)) => members.push(("mr", value.clone())),
            Some(HostReply::Refused(error)) => members.push(("me", error.to_bag())),
        }
        members.push(("ci", PsValue::I64(self.call_id)));
        members.push(("mi", enumeration(METHOD_TYPE, self.method.name(), self.method.number())));
        bag(members)
    }

    /// From the data of a message.
    pub fn from_value(value: &PsValue) -> Result<Self, PsrpError> {
        let bag = Bag::new("host response", value)?;
        let number = bag.number("mi")?;
        let method = i32::try_from(number)
            .ok()
            .and_then(HostMethod::from_number)
            .ok_or(PsrpError::UnknownNumber { place: "host method", number })?;
        let reply = match (bag.optional("me"), bag.optional("mr")) {
            (Some(error), _) if !error.is_null() => {
                Some(HostReply::Refused(Box::new(ErrorRecord::from_value(&error)?)))
            }
            (_, Some(value)) => Some(HostReply::Value(value)),
            _ => None,
        };
        Ok(Self { call_id: bag.number("ci")?, method, reply })
    }
}
