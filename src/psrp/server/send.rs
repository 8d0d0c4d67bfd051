//! What the server sends ([MS-PSRP] 3.2.4, 3.2.5).
//!
//! Packets are taken out by [`ServerPool::poll_send`]; when, is the carrier's business.

use uuid::Uuid;

use super::ServerPool;
use crate::clixml::{PsObject, PsValue, write_fragment};
use crate::psrp::bag::bag;
use crate::psrp::capability::Capability;
use crate::psrp::key::encrypted_session_key_text;
use crate::psrp::message::encode_parts;
use crate::psrp::secrets::{SecretForm, encode_plain};
use crate::psrp::{
    Availability, Destination, ErrorRecord, HostCall, HostMethod, InvocationState, KeyProblem, MessageType,
    PROTOCOL_2_4, PsrpError, Record, RunspacePoolState, StreamName, Target, UserEvent, VOID_CALL_ID,
};

impl ServerPool {
    /// Opens the pool: private data, then the state Opened.
    ///
    /// # Errors
    /// When no client waits for it.
    pub fn accept(&mut self, private_data: PsValue) -> Result<(), PsrpError> {
        self.check_opening("accept")?;
        let data = bag([("ApplicationPrivateData", private_data)]);
        self.send(Target::Pool, MessageType::ApplicationPrivateData, Some(&data))?;
        self.send_pool_state(RunspacePoolState::Opened, None)
    }

    /// Refuses the pool: the state Broken with a reason, as Exchange does when there are too many sessions.
    ///
    /// # Errors
    /// When no client waits for it.
    pub fn refuse(&mut self, reason: &ErrorRecord) -> Result<(), PsrpError> {
        self.check_opening("refuse")?;
        self.send_pool_state(RunspacePoolState::Broken, Some(reason))
    }

    fn check_opening(&self, call: &'static str) -> Result<(), PsrpError> {
        let state = self.state;
        if state == RunspacePoolState::Opening { Ok(()) } else { Err(PsrpError::WrongPoolState { call, state }) }
    }

    /// Tells a state of the pool.
    ///
    /// # Errors
    /// When the reason cannot be written.
    pub fn send_pool_state(&mut self, state: RunspacePoolState, reason: Option<&ErrorRecord>) -> Result<(), PsrpError> {
        let value = state_bag("RunspaceState", state.number(), reason);
        self.send(Target::Pool, MessageType::RunspacePoolState, Some(&value))?;
        self.state = state;
        Ok(())
    }

    /// Closes the pool in an orderly way: the states Closing and Closed.
    ///
    /// # Errors
    /// Never for a pool that was opened.
    pub fn send_closed(&mut self) -> Result<(), PsrpError> {
        self.send_pool_state(RunspacePoolState::Closing, None)?;
        self.send_pool_state(RunspacePoolState::Closed, None)
    }

    /// Tells a state of a pipeline. Nothing but its closing may follow a final one.
    ///
    /// # Errors
    /// When there is no such pipeline or it has ended.
    pub fn send_pipeline_state(
        &mut self,
        pipeline: Uuid,
        state: InvocationState,
        reason: Option<&ErrorRecord>,
    ) -> Result<(), PsrpError> {
        self.check_running(pipeline, "send_pipeline_state")?;
        let value = state_bag("PipelineState", state.number(), reason);
        self.send(Target::Pipeline(pipeline), MessageType::PipelineState, Some(&value))?;
        if let Some(found) = self.pipelines.get_mut(&pipeline) {
            found.state = state;
        }
        Ok(())
    }

    /// Tells the end of a pipeline whose stream broke the protocol: it has failed already and sends nothing else.
    ///
    /// # Errors
    /// When there is no such pipeline, it is not one that failed, or the reason cannot be written.
    pub fn send_pipeline_failure(&mut self, pipeline: Uuid, reason: &ErrorRecord) -> Result<(), PsrpError> {
        match self.pipeline_state(pipeline) {
            Some(InvocationState::Failed) => {
                let value = state_bag("PipelineState", InvocationState::Failed.number(), Some(reason));
                self.send(Target::Pipeline(pipeline), MessageType::PipelineState, Some(&value))
            }
            Some(state) => Err(PsrpError::WrongPipelineState { call: "send_pipeline_failure", state }),
            None => Err(PsrpError::UnknownPipeline { pipeline }),
        }
    }

    /// Sends a record of a pipeline. Null output is an empty body, as PowerShell writes it.
    ///
    /// # Errors
    /// When there is no such pipeline, it has ended, or the record cannot be written.
    pub fn send_record(&mut self, pipeline: Uuid, record: &Record) -> Result<(), PsrpError> {
        self.check_running(pipeline, "send_record")?;
        let value = record.to_value();
        let value = (!value.is_null()).then_some(&value);
        self.send(Target::Pipeline(pipeline), record.message_type(), value)
    }

    /// Sends an output object.
    ///
    /// # Errors
    /// As [`ServerPool::send_record`].
    pub fn send_output(&mut self, pipeline: Uuid, value: &PsValue) -> Result<(), PsrpError> {
        self.check_running(pipeline, "send_output")?;
        let value = (!value.is_null()).then_some(value);
        self.send(Target::Pipeline(pipeline), MessageType::PipelineOutput, value)
    }

    /// Sends an output object whose CLIXML is written already, without byte order mark.
    ///
    /// # Errors
    /// When there is no such pipeline or it has ended.
    pub fn send_written_output(&mut self, pipeline: Uuid, clixml: &[u8]) -> Result<(), PsrpError> {
        self.check_running(pipeline, "send_written_output")?;
        self.send_body(Target::Pipeline(pipeline), MessageType::PipelineOutput, clixml);
        Ok(())
    }

    /// Sends a record of the pool itself, with a zero pipeline id; Exchange does so even before the pool is opened.
    ///
    /// # Errors
    /// When the record cannot be written.
    pub fn send_pool_record(&mut self, record: &Record) -> Result<(), PsrpError> {
        self.send(Target::Pool, record.message_type(), Some(&record.to_value()))
    }

    /// Sends a record and, if the client has a host, the call that repeats it: warning, verbose, debug and progress
    /// records arrive twice at every client with a host.
    ///
    /// # Errors
    /// As [`ServerPool::send_record`].
    pub fn repeat_record(&mut self, pipeline: Uuid, record: &Record) -> Result<(), PsrpError> {
        self.send_record(pipeline, record)?;
        let text = |message: &crate::clixml::PsString| vec![PsValue::String(message.clone())];
        let (method, parameters) = match record {
            Record::Warning(record) => (HostMethod::WriteWarningLine, text(&record.message)),
            Record::Verbose(record) => (HostMethod::WriteVerboseLine, text(&record.message)),
            Record::Debug(record) => (HostMethod::WriteDebugLine, text(&record.message)),
            Record::Progress(_) => (HostMethod::WriteProgress, vec![PsValue::I64(0), record.to_value()]),
            Record::Output(_) | Record::Error(_) | Record::Information(_) => return Ok(()),
        };
        if self.has_host(pipeline) {
            self.send_host_call(Some(pipeline), method, parameters)?;
        }
        Ok(())
    }

    /// Calls the client's host; gives the call's number, or [`VOID_CALL_ID`] when no answer will come.
    ///
    /// # Errors
    /// When there is no such pipeline or it has ended.
    pub fn send_host_call(
        &mut self,
        pipeline: Option<Uuid>,
        method: HostMethod,
        parameters: Vec<PsValue>,
    ) -> Result<i64, PsrpError> {
        let (target, kind) = match pipeline {
            Some(id) => {
                self.check_running(id, "send_host_call")?;
                (Target::Pipeline(id), MessageType::PipelineHostCall)
            }
            None => (Target::Pool, MessageType::RunspacePoolHostCall),
        };
        let call_id = if method.is_void() {
            VOID_CALL_ID
        } else {
            let own = pipeline.and_then(|id| self.pipelines.get_mut(&id)).map(|pipeline| &mut pipeline.next_call_id);
            let counter = own.unwrap_or(&mut self.next_call_id);
            *counter += 1;
            *counter - 1
        };
        let value = HostCall { call_id, method, parameters }.to_value();
        self.send(target, kind, Some(&value))?;
        Ok(call_id)
    }

    /// Answers a request about runspaces. The count is an I32, as seen from PowerShell 7.6.5.
    ///
    /// # Errors
    /// Never for a pool that was opened.
    pub fn send_availability(&mut self, call_id: i64, answer: Availability) -> Result<(), PsrpError> {
        let response = match answer {
            Availability::Accepted(accepted) => PsValue::Bool(accepted),
            Availability::Count(count) => match i32::try_from(count) {
                Ok(count) => PsValue::I32(count),
                Err(_) => PsValue::I64(count),
            },
        };
        let value = bag([("SetMinMaxRunspacesResponse", response), ("ci", PsValue::I64(call_id))]);
        self.send(Target::Pool, MessageType::RunspaceAvailability, Some(&value))
    }

    /// Sends the session key, encrypted for the public key that came; `random` pads it.
    ///
    /// # Errors
    /// When no usable public key has come.
    pub fn answer_public_key<R: rand::CryptoRng + rand::RngCore>(&mut self, random: &mut R) -> Result<(), PsrpError> {
        let problem = |problem| PsrpError::KeyExchange { problem };
        let public_key = self.public_key.as_ref().ok_or(problem(KeyProblem::NoKey))?;
        let text =
            encrypted_session_key_text(self.options.session_key.expose(), public_key, random).map_err(problem)?;
        self.send(Target::Pool, MessageType::EncryptedSessionKey, Some(&bag([("EncryptedSessionKey", text.into())])))
    }

    /// Forwards an event.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn send_user_event(&mut self, event: &UserEvent) -> Result<(), PsrpError> {
        self.send(Target::Pool, MessageType::UserEvent, Some(&event.to_value()))
    }

    pub(super) fn send_capability(&mut self) -> Result<(), PsrpError> {
        let value = Capability::of_protocol(self.negotiated).to_value();
        self.send(Target::Pool, MessageType::SessionCapability, Some(&value))
    }

    pub(super) fn secret_form(&self) -> SecretForm<'_> {
        if self.negotiated >= PROTOCOL_2_4 { SecretForm::Plain } else { SecretForm::Key(&self.options.session_key) }
    }

    fn check_running(&self, pipeline: Uuid, call: &'static str) -> Result<(), PsrpError> {
        match self.pipelines.get(&pipeline) {
            None => Err(PsrpError::UnknownPipeline { pipeline }),
            Some(found) if found.state.is_final() => Err(PsrpError::WrongPipelineState { call, state: found.state }),
            Some(_) => Ok(()),
        }
    }

    fn send(&mut self, target: Target, kind: MessageType, value: Option<&PsValue>) -> Result<(), PsrpError> {
        let unwritable = |source| PsrpError::Unwritable { message: kind, source };
        let body = match (value, self.secret_form()) {
            (None, _) => Vec::new(),
            (Some(value), SecretForm::Plain) => {
                let changed = encode_plain(value).map_err(unwritable)?;
                write_fragment(changed.as_ref().unwrap_or(value), None).map_err(unwritable)?
            }
            (Some(value), SecretForm::Key(key)) => write_fragment(value, Some(key)).map_err(unwritable)?,
        };
        self.send_body(target, kind, &body);
        Ok(())
    }

    fn send_body(&mut self, target: Target, kind: MessageType, body: &[u8]) {
        // Capability and session-key messages carry a zero RPID, as seen from PowerShell 7.6.5.
        let pool = match kind {
            MessageType::SessionCapability | MessageType::EncryptedSessionKey => Uuid::nil(),
            _ => self.id,
        };
        let message = encode_parts(Destination::Client, kind, pool, target.pipeline_id(), body);
        let object_id = self.outbox.draw_object_id();
        self.outbox.push(target, StreamName::Default, object_id, &message);
    }
}

fn state_bag(name: &'static str, number: i32, reason: Option<&ErrorRecord>) -> PsValue {
    let mut members = vec![(name, PsValue::I32(number))];
    if let Some(reason) = reason {
        members.push(("ExceptionAsErrorRecord", reason.to_value()));
    }
    PsObject::bag(members).into()
}
