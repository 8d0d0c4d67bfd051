//! What can go wrong in the protocol, by blame: the peer misbehaved, it is incompatible, a limit was reached, we were misused.
//!
//! Faults of the carrier and of the network are not here.

use uuid::Uuid;

use super::{FragmentError, InvocationState, MessageType, RunspacePoolState};
use crate::clixml::PsVersion;

/// An error of the remoting protocol.
///
/// On a pipeline's stream it ends that pipeline, on the pool's stream it breaks the pool.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PsrpError {
    /// The peer misbehaved, or a limit was reached: a fragment that does not fit.
    #[error(transparent)]
    Fragment(#[from] FragmentError),
    /// The peer misbehaved: less than a header.
    #[error("a message of {bytes} bytes is shorter than its header of 40 bytes")]
    MessageTooShort {
        /// Its length.
        bytes: usize,
    },
    /// The peer misbehaved: the message is addressed to the other side.
    #[error("a message is addressed to {found}, not to {expected}")]
    WrongDestination {
        /// Our number.
        expected: u32,
        /// The number in the header.
        found: u32,
    },
    /// The peer misbehaved: the message belongs to another pool.
    #[error("{message} names the runspace pool {found}, not {expected}")]
    WrongPool {
        /// What came.
        message: MessageType,
        /// Our pool.
        expected: Uuid,
        /// The pool in the header.
        found: Uuid,
    },
    /// The peer misbehaved: a body that is not CLIXML we can read.
    #[error("the data of {message} cannot be read")]
    Body {
        /// What came.
        message: MessageType,
        /// Why not.
        #[source]
        source: crate::clixml::ClixmlError,
    },
    /// The peer misbehaved: an object was needed and there was none.
    #[error("the data of {message} is null")]
    NullBody {
        /// What came.
        message: MessageType,
    },
    /// The peer misbehaved: a property is not there.
    #[error("{place} has no property {property}")]
    MissingProperty {
        /// Which structure.
        place: &'static str,
        /// Which property.
        property: &'static str,
    },
    /// The peer misbehaved: a property is of another type.
    #[error("property {property} of {place} is {found}, not {expected}")]
    UnexpectedType {
        /// Which structure.
        place: &'static str,
        /// Which property.
        property: &'static str,
        /// What is needed.
        expected: &'static str,
        /// What came.
        found: &'static str,
    },
    /// The peer misbehaved: the message does not fit the state of the pool.
    #[error("{message} is not allowed while the runspace pool is {state}")]
    UnexpectedMessage {
        /// State of the pool.
        state: RunspacePoolState,
        /// What came.
        message: MessageType,
    },
    /// The peer misbehaved: a number that stands for nothing we know.
    #[error("{number} is no {place}")]
    UnknownNumber {
        /// Of what.
        place: &'static str,
        /// The number.
        number: i64,
    },
    /// The peer misbehaved: the stream ended inside an object or before the pipeline's end.
    #[error("the stream of {target} ended before {missing}")]
    StreamEnded {
        /// Whose stream.
        target: super::Target,
        /// What had to come first.
        missing: &'static str,
    },
    /// The peer misbehaved: the session key exchange failed.
    #[error("the session key exchange failed: {problem}")]
    KeyExchange {
        /// What is wrong.
        problem: super::KeyProblem,
    },
    /// The peer is incompatible: a version that we do not speak.
    #[error("the server offers {what} {offered}, which is not supported")]
    IncompatibleVersion {
        /// Which version.
        what: &'static str,
        /// What the peer said.
        offered: PsVersion,
    },
    /// We were misused: the call does not fit the state of the pool.
    #[error("{call} needs another state than {state} of the runspace pool")]
    WrongPoolState {
        /// The call.
        call: &'static str,
        /// State of the pool.
        state: RunspacePoolState,
    },
    /// We were misused: the call does not fit the state of the pipeline.
    #[error("{call} needs another state than {state} of the pipeline")]
    WrongPipelineState {
        /// The call.
        call: &'static str,
        /// State of the pipeline.
        state: InvocationState,
    },
    /// We were misused: there is no such pipeline.
    #[error("there is no pipeline {pipeline}")]
    UnknownPipeline {
        /// The pipeline.
        pipeline: Uuid,
    },
    /// We were misused: the id is taken.
    #[error("there is already a pipeline {pipeline}")]
    DuplicatePipeline {
        /// The pipeline.
        pipeline: Uuid,
    },
    /// We were misused: an answer to a host call that is not open or wants none.
    #[error("no host call {call_id} waits for an answer")]
    NoSuchHostCall {
        /// The call.
        call_id: i64,
    },
    /// We were misused: a value that cannot be written.
    #[error("the data of {message} cannot be written")]
    Unwritable {
        /// What was to be sent.
        message: MessageType,
        /// Why not.
        #[source]
        source: crate::clixml::ClixmlError,
    },
    /// The peer is incompatible: it is too old for what was asked.
    #[error("{what} needs protocol version {needed}, and the server speaks {spoken}")]
    NotSupported {
        /// What was asked.
        what: &'static str,
        /// The first version that can.
        needed: PsVersion,
        /// The negotiated version.
        spoken: PsVersion,
    },
}
