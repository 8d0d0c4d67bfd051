//! WS-Management with Microsoft's shell extensions ([MS-WSMV], DSP0226): envelopes, faults, stream bytes.
//!
//! Both roles, pure: a client builds requests and reads responses, a server reads requests and builds
//! responses. Stream bytes are opaque here (fragments are `psrp`'s business), ids and times come in as arguments,
//! and nobody opens a socket.
//!
//! ```
//! use exsh::wsman::{ClientContext, CommandId, Compression, ResponseBody, parse_response};
//! use uuid::Uuid;
//!
//! let client = ClientContext::new("https://mail.contoso.com/PowerShell?PSVersion=5.1", "Microsoft.Exchange");
//! let request = client.receive(Uuid::nil(), None);
//! assert!(request.starts_with(b"<s:Envelope"));
//!
//! let answer = br#"<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Body><ReceiveResponse>
//!     <Stream Name="stdout">AAEC</Stream></ReceiveResponse></s:Body></s:Envelope>"#;
//! let ResponseBody::Received(received) = parse_response(answer, Compression::None).unwrap().body else { panic!() };
//! assert_eq!(received.streams[0].data.as_ref(), [0, 1, 2]);
//! ```

mod duration;
mod envelope;
mod error;
mod fault;
mod fault_codes;
mod ids;
mod names;
mod request;
mod response;
mod server_request;
mod server_response;
mod xml;
pub mod xpress;

pub use duration::{format_duration, parse_duration};
pub use error::WsmanError;
pub use fault::{Fault, ServerTag};
pub use fault_codes::{FaultClass, FaultCode};
pub use ids::{CommandId, ShellId};
pub use names::{Action, NO_PROFILE_OPTION, PROTOCOL_OPTION, SHELL_PREFIX, STOP_SIGNAL, TERMINATE_SIGNAL, shell_uri};
pub use request::{ClientContext, HeaderOption, NewShell, identify};
pub use response::{CommandState, CreatedShell, Received, Response, ResponseBody, StreamChunk, parse_response};
pub use server_request::{CreateShell, RequestBody, RequestHeader, ServerRequest, parse_request};
pub use server_response::{ServerFault, ServerReply};

/// Whether the bytes of streams travel compressed (`rsp:CompressionType`, [MS-WSMV] 3.1.4.1.31).
///
/// Only `Stream` elements are: the creation XML and the arguments of a command never are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Compression {
    /// As they are.
    #[default]
    None,
    /// LZ77+Huffman of [MS-XCA] in blocks, see [`xpress`].
    Xpress,
}
