//! What the client sends ([MS-PSRP] 3.1.4).
//!
//! Packets are taken out by [`ClientPool::poll_send`]; when, is the carrier's business.

use uuid::Uuid;

use super::machine::{self, PoolInput};
use super::secret::HeldOut;
use super::{ClientPool, Pipeline};
use crate::clixml::{ClixmlError, PsValue, write_fragment};
use crate::psrp::bag::bag;
use crate::psrp::capability::Capability;
use crate::psrp::message::encode_parts;
use crate::psrp::secrets::{SecretForm, encode_plain};
use crate::psrp::{
    CommandQuery, Defragmenter, Destination, HostMethod, HostReply, HostResponse, InvocationState, MessageType,
    PROTOCOL_2_3, PipelineSpec, PsrpError, RunspacePoolState, StreamName, Target,
};

impl ClientPool {
    /// Sends SESSION_CAPABILITY and INIT_RUNSPACEPOOL.
    ///
    /// # Errors
    /// When the pool was opened before.
    pub fn open(&mut self) -> Result<(), PsrpError> {
        self.state = machine::next(self.state, PoolInput::Open)?;
        let capability = Capability::of_protocol(self.options.protocol_version).to_value();
        self.send(Target::Pool, StreamName::Default, MessageType::SessionCapability, Some(&capability))?;
        let request = self.options.request.to_value();
        self.send(Target::Pool, StreamName::Default, MessageType::InitRunspacePool, Some(&request))
    }

    /// Sends CREATE_PIPELINE, without fields that the server is too old for.
    ///
    /// # Errors
    /// When the pool is not open, the id is taken, or the server is too old for what is asked.
    pub fn create_pipeline(&mut self, pipeline: Uuid, spec: &PipelineSpec) -> Result<(), PsrpError> {
        self.check_opened("create_pipeline")?;
        let value = spec.to_value(self.server_version)?;
        self.add_pipeline(pipeline, !spec.no_input)?;
        let sent =
            self.send(Target::Pipeline(pipeline), StreamName::Default, MessageType::CreatePipeline, Some(&value));
        if sent.is_err() {
            self.pipelines.remove(&pipeline);
        }
        sent
    }

    /// Sends GET_COMMAND_METADATA, which is a pipeline of its own.
    ///
    /// # Errors
    /// When the pool is not open or the id is taken.
    pub fn get_command_metadata(&mut self, pipeline: Uuid, query: &CommandQuery) -> Result<(), PsrpError> {
        self.check_opened("get_command_metadata")?;
        self.add_pipeline(pipeline, false)?;
        let value = query.to_value();
        self.send(Target::Pipeline(pipeline), StreamName::Default, MessageType::GetCommandMetadata, Some(&value))
    }

    /// Sends one input object. Null is an empty body, as PowerShell writes it.
    ///
    /// # Errors
    /// When there is no such pipeline, it takes no input, or the input has ended.
    pub fn send_input(&mut self, pipeline: Uuid, value: &PsValue) -> Result<(), PsrpError> {
        self.check_input(pipeline, "send_input")?;
        let value = (!value.is_null()).then_some(value);
        self.send(Target::Pipeline(pipeline), StreamName::Default, MessageType::PipelineInput, value)
    }

    /// Sends the end of the input, which a pipeline with input needs even if there was none.
    ///
    /// # Errors
    /// When there is no such pipeline, it takes no input, or the input has ended.
    pub fn end_input(&mut self, pipeline: Uuid) -> Result<(), PsrpError> {
        self.check_input(pipeline, "end_input")?;
        if let Some(found) = self.pipelines.get_mut(&pipeline) {
            found.input_ended = true;
        }
        self.send(Target::Pipeline(pipeline), StreamName::Default, MessageType::EndOfPipelineInput, None)
    }

    /// Answers a host call; `pipeline` is `None` for a call of the pool.
    ///
    /// # Errors
    /// When there is no such call open: calls without an answer, and calls of ended pipelines, must not be answered.
    pub fn respond_host_call(
        &mut self,
        pipeline: Option<Uuid>,
        call_id: i64,
        method: HostMethod,
        reply: HostReply,
    ) -> Result<(), PsrpError> {
        let open = self.open_host_calls.iter().position(|open| *open == (pipeline, call_id));
        let Some(index) = open else { return Err(PsrpError::NoSuchHostCall { call_id }) };
        self.open_host_calls.remove(index);
        let (target, kind) = match pipeline {
            Some(id) => (Target::Pipeline(id), MessageType::PipelineHostResponse),
            None => (Target::Pool, MessageType::RunspacePoolHostResponse),
        };
        let value = HostResponse { call_id, method, reply: Some(reply) }.to_value();
        self.send(target, StreamName::PromptResponse, kind, Some(&value))
    }

    /// Asks for another maximum of runspaces; gives the number of the request.
    ///
    /// # Errors
    /// When the pool is not open.
    pub fn set_max_runspaces(&mut self, max_runspaces: i32) -> Result<i64, PsrpError> {
        let size = ("MaxRunspaces", PsValue::I32(max_runspaces));
        self.pool_request("set_max_runspaces", MessageType::SetMaxRunspaces, Some(size))
    }

    /// Asks for another minimum of runspaces; gives the number of the request.
    ///
    /// # Errors
    /// When the pool is not open.
    pub fn set_min_runspaces(&mut self, min_runspaces: i32) -> Result<i64, PsrpError> {
        let size = ("MinRunspaces", PsValue::I32(min_runspaces));
        self.pool_request("set_min_runspaces", MessageType::SetMinRunspaces, Some(size))
    }

    /// Asks how many runspaces are free; gives the number of the request.
    ///
    /// # Errors
    /// When the pool is not open.
    pub fn get_available_runspaces(&mut self) -> Result<i64, PsrpError> {
        self.pool_request("get_available_runspaces", MessageType::GetAvailableRunspaces, None)
    }

    /// Asks for a fresh runspace; gives the number of the request.
    ///
    /// # Errors
    /// When the pool is not open, or the server is older than protocol 2.3.
    pub fn reset_runspace_state(&mut self) -> Result<i64, PsrpError> {
        if self.negotiated < PROTOCOL_2_3 {
            let (what, needed) = ("resetting a runspace", PROTOCOL_2_3);
            return Err(PsrpError::NotSupported { what, needed, spoken: self.negotiated });
        }
        self.pool_request("reset_runspace_state", MessageType::ResetRunspaceState, None)
    }

    fn pool_request(
        &mut self,
        call: &'static str,
        kind: MessageType,
        size: Option<(&'static str, PsValue)>,
    ) -> Result<i64, PsrpError> {
        self.check_opened(call)?;
        let call_id = self.next_call_id;
        self.next_call_id += 1;
        let value = bag(size.into_iter().chain([("ci", PsValue::I64(call_id))]));
        self.send(Target::Pool, StreamName::Default, kind, Some(&value))?;
        Ok(call_id)
    }

    fn check_opened(&self, call: &'static str) -> Result<(), PsrpError> {
        let state = self.state;
        if state == RunspacePoolState::Opened { Ok(()) } else { Err(PsrpError::WrongPoolState { call, state }) }
    }

    fn check_input(&self, pipeline: Uuid, call: &'static str) -> Result<(), PsrpError> {
        let found = self.pipelines.get(&pipeline).ok_or(PsrpError::UnknownPipeline { pipeline })?;
        if found.has_input && !found.input_ended {
            return Ok(()); // also after the pipeline's end, which the client may not have seen yet
        }
        Err(PsrpError::WrongPipelineState { call, state: found.state })
    }

    fn add_pipeline(&mut self, pipeline: Uuid, has_input: bool) -> Result<(), PsrpError> {
        if pipeline.is_nil() || self.pipelines.contains_key(&pipeline) {
            return Err(PsrpError::DuplicatePipeline { pipeline });
        }
        let new = Pipeline {
            state: InvocationState::NotStarted,
            stream: Defragmenter::new(self.options.limits),
            has_input,
            input_ended: false,
            stop_asked: false,
            last_text: None,
        };
        self.pipelines.insert(pipeline, new);
        Ok(())
    }

    /// Sends a message, or lets it wait for the session key if it holds a secret. The object id is drawn now either way.
    pub(super) fn send(
        &mut self,
        target: Target,
        stream: StreamName,
        kind: MessageType,
        value: Option<&PsValue>,
    ) -> Result<(), PsrpError> {
        let object_id = self.outbox.draw_object_id();
        let hold = || HeldOut { target, stream, object_id, kind, value: value.cloned() };
        if kind != MessageType::PublicKey && self.held.blocks(target, stream) {
            self.held.outgoing.push_back(hold());
            return Ok(());
        }
        match self.write_now(target, stream, object_id, kind, value) {
            Err(PsrpError::Unwritable { source: ClixmlError::NoSessionKey, .. }) if self.key_may_come() => {
                self.held.outgoing.push_back(hold());
                self.need_key();
                Ok(())
            }
            done => done,
        }
    }

    /// Writes a message and queues its fragments.
    pub(super) fn write_now(
        &mut self,
        target: Target,
        stream: StreamName,
        object_id: u64,
        kind: MessageType,
        value: Option<&PsValue>,
    ) -> Result<(), PsrpError> {
        let unwritable = |source| PsrpError::Unwritable { message: kind, source };
        let body = match (value, self.secret_form()) {
            (None, _) => Vec::new(),
            (Some(value), Some(SecretForm::Plain)) => {
                let changed = encode_plain(value).map_err(unwritable)?;
                write_fragment(changed.as_ref().unwrap_or(value), None).map_err(unwritable)?
            }
            (Some(value), Some(SecretForm::Key(key))) => write_fragment(value, Some(key)).map_err(unwritable)?,
            (Some(value), None) => write_fragment(value, None).map_err(unwritable)?,
        };
        let message = encode_parts(Destination::Server, kind, self.options.id, target.pipeline_id(), &body);
        self.outbox.push(target, stream, object_id, &message);
        Ok(())
    }
}
