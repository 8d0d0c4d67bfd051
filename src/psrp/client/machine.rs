//! The states of a client's runspace pool: one total table of what may follow what.
//!
//! Only states; what is sent and told at a transition is done by the callers.

use crate::psrp::{MessageType, PsrpError, RunspacePoolState};

/// What moves the pool.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PoolInput {
    /// The caller opens it.
    Open,
    /// The server's capabilities came and fit.
    Capability,
    /// The server tells a state.
    State(RunspacePoolState),
    /// The caller closes it.
    Close,
    /// The carrier has closed it.
    Closed,
    /// It cannot be used any more.
    Broken,
}

/// The state after `input`; an error carries both when they do not fit.
pub(super) fn next(state: RunspacePoolState, input: PoolInput) -> Result<RunspacePoolState, PsrpError> {
    use RunspacePoolState as S;
    let refused = |message| Err(PsrpError::UnexpectedMessage { state, message });
    match (state, input) {
        (S::BeforeOpen, PoolInput::Open) => Ok(S::NegotiationSent),
        (_, PoolInput::Open) => Err(PsrpError::WrongPoolState { call: "open", state }),
        (S::NegotiationSent, PoolInput::Capability) => Ok(S::NegotiationSucceeded),
        (_, PoolInput::Capability) => refused(MessageType::SessionCapability),
        // A broken or closed pool stays so, whatever still comes.
        (S::Closed | S::Broken, _) => Ok(state),
        (_, PoolInput::Broken) => Ok(S::Broken),
        (_, PoolInput::Closed) => Ok(S::Closed),
        (_, PoolInput::Close) => Ok(S::Closing),
        // Exchange refuses a session with Broken, perhaps before anything else was agreed on.
        (_, PoolInput::State(S::Broken)) => Ok(S::Broken),
        (_, PoolInput::State(S::Closed)) => Ok(S::Closed),
        (S::BeforeOpen | S::NegotiationSent, PoolInput::State(_)) => refused(MessageType::RunspacePoolState),
        (S::Closing, PoolInput::State(_)) => Ok(S::Closing),
        (_, PoolInput::State(S::Closing)) => Ok(S::Closing),
        (S::NegotiationSucceeded | S::Opening | S::Connecting | S::Opened, PoolInput::State(S::Opened)) => {
            Ok(S::Opened)
        }
        (S::Disconnected, PoolInput::State(S::Opened)) => refused(MessageType::RunspacePoolState),
        (_, PoolInput::State(S::Disconnected)) => Ok(S::Disconnected),
        // Progress of opening that real servers never tell.
        (
            _,
            PoolInput::State(S::BeforeOpen | S::Opening | S::NegotiationSent | S::NegotiationSucceeded | S::Connecting),
        ) => Ok(state),
    }
}
