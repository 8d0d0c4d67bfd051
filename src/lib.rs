//! exsh, the Exchange shell: a scripting host that speaks WS-Management and the PowerShell Remoting
//! Protocol and turns the cmdlets of a remote Exchange into functions of the Rhai language.
//!
//! # One call, walked through
//!
//! ```text
//! script            get_mailbox(#{ ResultSize: 10 })
//! script::call      name -> Cmdlet, values -> CmdletCall { "Get-Mailbox", [("ResultSize", 10)] }
//! remote::Session   one pipeline per call; cancel, warnings, progress, errors pass here
//! psrp              CmdletCall -> CREATE_PIPELINE message -> fragments          (pure, no I/O)
//! carrier           wsman: fragments -> Command/Send/Receive envelopes          (pure, no I/O)
//! transport         envelope bytes <-> HTTP(S): sign-in, TLS, proxy, cookies    (the only client sockets)
//!    ... the server: a real Exchange, or sim on loopback ...
//! carrier -> psrp   Stream elements -> base64 -> fragments -> messages -> events
//! clixml            message body -> PsObject, one pass, streaming
//! script::value     PsObject -> Rhai value         render: PsObject -> table | list | json | csv | ...
//! ```
//!
//! Data goes down on the left, comes up on the right, and never turns back half-way.
//!
//! # Layers
//!
//! | layer | rooms | may do |
//! |---|---|---|
//! | 0 | [`diagnostic`], [`secret`] | nothing but data |
//! | 1 | [`clixml`], [`psrp`], [`process`], [`wsman`], [`catalog`], [`port`] | pure: bytes, time, ids and keys come in, bytes and events go out |
//! | 2 | [`transport`] | HTTP(S): the only client sockets |
//! | 3 | [`remote`] | live sessions over the rooms below |
//! | 3 | [`sim`] | the simulated organization: its listener opens sockets |
//! | 4 | [`script`] | the Rhai host: functions, binding, conversion, modules; one thread of its own |
//! | 4 | [`render`] | values as text: tables, lists, CSV, JSON, HTML, diagnostics |
//! | 4 | [`config`] | the user's files and where they are |
//! | 5 | [`repl`] | the prompt: completion, hints, colours, history, `:commands` |
//! | 5 | [`cli`] | arguments, exit codes, signals, the terminal |
//!
//! # Where to start
//!
//! To follow a call, read `script::call`, [`remote::Session::start`], [`psrp::ClientPool`] and
//! [`wsman::ClientContext`] in this order. To add a simulated cmdlet, copy a file of `sim::cmdlet`. To change
//! how something looks, look for it in [`render`]; to change what is said about an error, look for its `hint`.
//! PowerShell comes in through [`port`], which reads it, and runs on `script::ps`, which knows what it means. The
//! tasks of `stdlib/` are Rhai; `script::library` reads their comments, and from these come help and `exsh task`.
//!
//! # Invariants
//!
//! 1. Calls go strictly downward through the layers. `psrp -> clixml`, `catalog -> clixml`, `port -> catalog`,
//!    `process -> psrp`, `script -> render`, `script -> config` and `cli -> repl` are the only ties between neighbours.
//! 2. Layers 0 and 1 do no I/O: no sockets, files, environment, clock, randomness or printing.
//! 3. `sim` and `remote` meet only on the wire, over real HTTP.
//! 4. What the wire looks like is pinned by recordings of other implementations, never by our own two ends.
//! 5. Only `transport` and the simulator's listener open sockets; only `config` touches the home folder;
//!    only `render` and `cli::ui` write to the terminal; only `script` and `repl` know Rhai's types.

#![forbid(unsafe_code)]
#![warn(missing_docs)]

pub mod catalog;
pub mod cli;
pub mod clixml;
pub mod config;
pub mod diagnostic;
pub mod port;
pub mod process;
pub mod psrp;
pub mod remote;
pub mod render;
pub mod repl;
pub mod script;
pub mod secret;
pub mod sim;
pub mod transport;
pub mod wsman;
