//! What a server learns from the client.
//!
//! Data only.

use uuid::Uuid;

use crate::clixml::PsValue;
use crate::psrp::{CommandQuery, HostResponse, PipelineSpec, PoolRequest};

/// What the client asks or answers.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum ServerEvent {
    /// The client opens the pool: [`super::ServerPool::accept`] or [`super::ServerPool::refuse`] must follow.
    OpenRequested(Box<PoolRequest>),
    /// A pipeline shall run.
    PipelineCreated {
        /// Its id.
        pipeline: Uuid,
        /// What it shall do.
        spec: Box<PipelineSpec>,
    },
    /// Cmdlet metadata are asked for, as a pipeline of its own.
    MetadataRequested {
        /// Its id.
        pipeline: Uuid,
        /// What is asked for.
        query: CommandQuery,
    },
    /// An input object came.
    Input {
        /// For which pipeline.
        pipeline: Uuid,
        /// The object.
        value: PsValue,
    },
    /// No more input will come.
    InputEnded {
        /// For which pipeline.
        pipeline: Uuid,
    },
    /// The host answered.
    HostResponse {
        /// To which pipeline; `None` for the pool.
        pipeline: Option<Uuid>,
        /// The answer.
        response: HostResponse,
    },
    /// The client's public key came: [`super::ServerPool::answer_public_key`] must follow.
    PublicKeyReceived,
    /// Another maximum of runspaces is wanted: [`super::ServerPool::send_availability`] must follow.
    SetMaxRunspaces {
        /// The request's number.
        call_id: i64,
        /// The maximum.
        max_runspaces: i32,
    },
    /// Another minimum of runspaces is wanted: [`super::ServerPool::send_availability`] must follow.
    SetMinRunspaces {
        /// The request's number.
        call_id: i64,
        /// The minimum.
        min_runspaces: i32,
    },
    /// The number of free runspaces is wanted: [`super::ServerPool::send_availability`] must follow.
    AvailabilityAsked {
        /// The request's number.
        call_id: i64,
    },
    /// A fresh runspace is wanted: [`super::ServerPool::send_availability`] must follow.
    ResetRequested {
        /// The request's number.
        call_id: i64,
    },
    /// The client closes the pool by message.
    CloseRequested,
}
