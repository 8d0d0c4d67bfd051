//! What the client does with the server's messages ([MS-PSRP] 3.1.5.4).
//!
//! Only reading; what is asked and answered is in `send`.

use bytes::Bytes;

use super::machine::{self, PoolInput};
use super::{Availability, ClientEvent, ClientPool, event::UserEvent};
use crate::clixml::{PsString, PsValue};
use crate::psrp::bag::Bag;
use crate::psrp::capability::{Capability, PS_VERSION, protocol_version_in, serialization_version};
use crate::psrp::secrets::{mentions_secret, reveal};
use crate::psrp::{
    Destination, ErrorRecord, HostCall, HostMethod, InvocationState, Message, MessageType, PROTOCOL_2_0, PROTOCOL_2_3,
    PsrpError, Record, RunspacePoolState, Target,
};
use uuid::Uuid;

impl ClientPool {
    pub(super) fn receive(&mut self, target: Target, bytes: Bytes) -> Result<(), PsrpError> {
        if self.state.is_final() {
            return Ok(()); // late data of a pool that is gone
        }
        match target {
            Target::Pool => self.stream.push(bytes),
            Target::Pipeline(id) => match self.pipelines.get_mut(&id) {
                Some(pipeline) => pipeline.stream.push(bytes),
                None => return Ok(()), // late data of a closed pipeline is normal
            },
        }
        loop {
            let stream = match target {
                Target::Pool => Some(&mut self.stream),
                Target::Pipeline(id) => self.pipelines.get_mut(&id).map(|pipeline| &mut pipeline.stream),
            };
            let Some(stream) = stream else { return Ok(()) };
            let Some(message) = stream.poll()? else { return Ok(()) };
            self.check_and_handle(Message::decode(message)?)?;
        }
    }

    /// Checks the header, then handles the message or lets it wait for the session key.
    fn check_and_handle(&mut self, message: Message) -> Result<(), PsrpError> {
        let Some(kind) = message.message_type() else { return Ok(()) }; // newer servers may say more
        let expected = Destination::Client.number();
        if message.destination != expected {
            return Err(PsrpError::WrongDestination { expected, found: message.destination });
        }
        // Servers put a zero RPID on capability and session-key messages; both forms are accepted there.
        let is_session_message = matches!(
            kind,
            MessageType::SessionCapability | MessageType::EncryptedSessionKey | MessageType::PublicKeyRequest
        );
        let is_own = message.pool == self.options.id || (is_session_message && message.pool.is_nil());
        if !is_own {
            return Err(PsrpError::WrongPool { message: kind, expected: self.options.id, found: message.pool });
        }
        if !message.pipeline.is_nil() && !self.pipelines.contains_key(&message.pipeline) {
            return Ok(()); // late data of a closed pipeline is normal
        }
        // most messages are output, and most output can have no secret in it
        if kind == MessageType::PipelineOutput
            && self.held.incoming.is_empty()
            && !self.has_ended(message.pipeline())
            && let Some(value) = self.decoder.decode_quickly(&message.body)
        {
            self.take_record(message.pipeline(), Record::Output(value));
            return Ok(());
        }
        let must_wait = !is_session_message
            && self.key_may_come()
            && (!self.held.incoming.is_empty() || (self.secret_form().is_none() && mentions_secret(&message.body)));
        if must_wait {
            self.held.incoming.push_back(message);
            self.need_key();
            return Ok(());
        }
        self.handle_message(message)
    }

    /// Handles a message whose header is checked.
    pub(super) fn handle_message(&mut self, message: Message) -> Result<(), PsrpError> {
        let Some(kind) = message.message_type() else { return Ok(()) };
        match kind {
            MessageType::SessionCapability => {
                // Before the body is looked at: a second one is refused whatever it says.
                let state = machine::next(self.state, PoolInput::Capability)?;
                let capability = Capability::from_value(&self.read(kind, &message)?)?;
                self.accept_capability(&capability)?;
                self.state = state;
                self.events.push_back(ClientEvent::Negotiated { protocol: self.negotiated });
                Ok(())
            }
            MessageType::EncryptedSessionKey => {
                let data = self.read(kind, &message)?;
                self.accept_session_key(&data)
            }
            MessageType::PublicKeyRequest => {
                self.need_key();
                Ok(())
            }
            MessageType::RunspacePoolState => self.handle_pool_state(&message),
            MessageType::ApplicationPrivateData => self.handle_private_data(&message),
            MessageType::RunspaceAvailability => self.handle_availability(&message),
            MessageType::RunspacePoolInitData => {
                let data = self.read(kind, &message)?;
                let bag = Bag::new("runspace pool sizes", &data)?;
                let (min_runspaces, max_runspaces) = (bag.number_i32("MinRunspaces")?, bag.number_i32("MaxRunspaces")?);
                self.events.push_back(ClientEvent::PoolSizes { min_runspaces, max_runspaces });
                Ok(())
            }
            MessageType::UserEvent => {
                let event = UserEvent::from_value(&self.read(kind, &message)?)?;
                self.events.push_back(ClientEvent::UserEvent(event));
                Ok(())
            }
            MessageType::RunspacePoolHostCall | MessageType::PipelineHostCall => self.handle_host_call(kind, &message),
            MessageType::PipelineState => self.handle_pipeline_state(&message),
            MessageType::PipelineOutput
            | MessageType::ErrorRecord
            | MessageType::DebugRecord
            | MessageType::VerboseRecord
            | MessageType::WarningRecord
            | MessageType::ProgressRecord
            | MessageType::InformationRecord => self.handle_record(kind, &message),
            MessageType::CloseSession
            | MessageType::InitRunspacePool
            | MessageType::PublicKey
            | MessageType::ConnectRunspacePool
            | MessageType::SetMaxRunspaces
            | MessageType::SetMinRunspaces
            | MessageType::CreatePipeline
            | MessageType::GetAvailableRunspaces
            | MessageType::GetCommandMetadata
            | MessageType::ResetRunspaceState
            | MessageType::RunspacePoolHostResponse
            | MessageType::PipelineInput
            | MessageType::EndOfPipelineInput
            | MessageType::PipelineHostResponse => {
                Err(PsrpError::UnexpectedMessage { state: self.state, message: kind })
            }
        }
    }

    /// The body as a value; an empty one is null. Secrets are readable, unless the key never came.
    fn read(&mut self, kind: MessageType, message: &Message) -> Result<PsValue, PsrpError> {
        let body = |source| PsrpError::Body { message: kind, source };
        if message.body.is_empty() {
            return Ok(PsValue::Null);
        }
        let value = self.decoder.decode(&message.body).map_err(body)?;
        match self.secret_form() {
            Some(form) if mentions_secret(&message.body) => reveal(value, form).map_err(body),
            _ => Ok(value),
        }
    }

    fn accept_capability(&mut self, server: &Capability) -> Result<(), PsrpError> {
        let own = self.options.protocol_version;
        let is_known = server.protocol == own || (server.protocol >= PROTOCOL_2_0 && server.protocol <= PROTOCOL_2_3);
        if !is_known {
            return Err(PsrpError::IncompatibleVersion { what: "protocol version", offered: server.protocol });
        }
        if server.ps_version != PS_VERSION {
            return Err(PsrpError::IncompatibleVersion { what: "PowerShell version", offered: server.ps_version });
        }
        if server.serialization != serialization_version() {
            let what = "serialization version";
            return Err(PsrpError::IncompatibleVersion { what, offered: server.serialization });
        }
        self.negotiated = own.min(server.protocol);
        self.server_version = server.protocol;
        Ok(())
    }

    fn handle_pool_state(&mut self, message: &Message) -> Result<(), PsrpError> {
        let data = self.read(MessageType::RunspacePoolState, message)?;
        let bag = Bag::new("runspace pool state", &data)?;
        let number = bag.number("RunspaceState")?;
        let told = i32::try_from(number)
            .ok()
            .and_then(RunspacePoolState::from_number)
            .ok_or(PsrpError::UnknownNumber { place: "runspace pool state", number })?;
        let reason = reason_in(&bag)?;
        let state = machine::next(self.state, PoolInput::State(told))?;
        if state.is_final() {
            self.end_pool(state, reason);
        } else if state != self.state {
            self.state = state;
            self.events.push_back(ClientEvent::PoolState { state, reason });
        }
        Ok(())
    }

    fn handle_private_data(&mut self, message: &Message) -> Result<(), PsrpError> {
        if self.private_data.is_some() {
            return Ok(()); // only the first counts
        }
        let data = self.read(MessageType::ApplicationPrivateData, message)?;
        // Anything is tolerated here: nothing depends on it but which fields the server knows.
        let found = data.as_object().and_then(|bag| bag.get("ApplicationPrivateData")).unwrap_or(PsValue::Null);
        if let Some(version) = protocol_version_in(&found) {
            self.server_version = version;
        }
        self.private_data = Some(found.clone());
        self.events.push_back(ClientEvent::PrivateData(found));
        Ok(())
    }

    fn handle_availability(&mut self, message: &Message) -> Result<(), PsrpError> {
        let data = self.read(MessageType::RunspaceAvailability, message)?;
        let bag = Bag::new("runspace availability", &data)?;
        const RESPONSE: &str = "SetMinMaxRunspacesResponse";
        let answer = match bag.required(RESPONSE)? {
            PsValue::Bool(accepted) => Availability::Accepted(accepted),
            _ => Availability::Count(bag.number(RESPONSE)?), // I32 as seen, I64 in the document
        };
        self.events.push_back(ClientEvent::Availability { call_id: bag.number("ci")?, answer });
        Ok(())
    }

    fn handle_record(&mut self, kind: MessageType, message: &Message) -> Result<(), PsrpError> {
        let pipeline = message.pipeline();
        if self.has_ended(pipeline) {
            return Ok(());
        }
        let value = self.read(kind, message)?;
        if let Some(record) = Record::from_value(kind, value)? {
            self.take_record(pipeline, record);
        }
        Ok(())
    }

    fn take_record(&mut self, pipeline: Option<Uuid>, record: Record) {
        if let Some(pipeline) = pipeline.and_then(|id| self.pipelines.get_mut(&id)) {
            pipeline.last_text = repeated_text(&record);
            pipeline.state = running(pipeline.state);
        }
        self.events.push_back(ClientEvent::Record { pipeline, record });
    }

    fn handle_host_call(&mut self, kind: MessageType, message: &Message) -> Result<(), PsrpError> {
        let pipeline = message.pipeline();
        if self.has_ended(pipeline) {
            return Ok(());
        }
        let call = HostCall::from_value(&self.read(kind, message)?)?;
        if call.wants_answer() {
            self.open_host_calls.push((pipeline, call.call_id));
        }
        let last = pipeline.and_then(|id| self.pipelines.get_mut(&id)).and_then(|pipeline| pipeline.last_text.take());
        let repeats_record = last.is_some() && repeated_by(&call) == last;
        self.events.push_back(ClientEvent::HostCall { pipeline, call, repeats_record });
        Ok(())
    }

    fn handle_pipeline_state(&mut self, message: &Message) -> Result<(), PsrpError> {
        let data = self.read(MessageType::PipelineState, message)?;
        let bag = Bag::new("pipeline state", &data)?;
        let number = bag.number("PipelineState")?;
        let told = i32::try_from(number)
            .ok()
            .and_then(InvocationState::from_number)
            .ok_or(PsrpError::UnknownNumber { place: "pipeline state", number })?;
        let reason = reason_in(&bag)?;
        let Some(pipeline) = self.pipelines.get_mut(&message.pipeline) else {
            // Exchange sends one for the pool itself; all it can tell is why.
            if let Some(error) = reason {
                self.events.push_back(ClientEvent::Record { pipeline: None, record: Record::Error(error) });
            }
            return Ok(());
        };
        let Some(state) = next_pipeline_state(pipeline.state, told) else { return Ok(()) };
        pipeline.state = state;
        self.events.push_back(ClientEvent::PipelineState { pipeline: message.pipeline, state, reason });
        Ok(())
    }

    fn has_ended(&self, pipeline: Option<Uuid>) -> bool {
        pipeline.and_then(|id| self.pipelines.get(&id)).is_some_and(|pipeline| pipeline.state.is_final())
    }

    /// An error of the protocol ends the pipeline, or the pool.
    pub(super) fn fail(&mut self, target: Target, error: &PsrpError) {
        match target {
            Target::Pipeline(id) => self.fail_pipeline(id),
            Target::Pool => {
                let text = error.to_string();
                let record = ErrorRecord::new(&text, "PSSessionBroken", crate::psrp::ErrorCategory::ProtocolError);
                self.end_pool(RunspacePoolState::Broken, Some(Box::new(record)));
            }
        }
    }

    /// The pool is closed or broken: its pipelines end with it, each with an event, then the pool's own event.
    pub(super) fn end_pool(&mut self, state: RunspacePoolState, reason: Option<Box<ErrorRecord>>) {
        if self.state.is_final() {
            return;
        }
        self.abandon_key();
        if self.state.is_final() {
            return; // a message that waited has ended it
        }
        let input = if state == RunspacePoolState::Broken { PoolInput::Broken } else { PoolInput::Closed };
        self.state = machine::next(self.state, input).unwrap_or(state);
        let is_broken = state == RunspacePoolState::Broken;
        for (id, pipeline) in &mut self.pipelines {
            if pipeline.state.is_final() {
                continue;
            }
            let failed = is_broken && !pipeline.stop_asked;
            pipeline.state = if failed { InvocationState::Failed } else { InvocationState::Stopped };
            let reason = reason.clone();
            self.events.push_back(ClientEvent::PipelineState { pipeline: *id, state: pipeline.state, reason });
        }
        self.open_host_calls.clear();
        self.events.push_back(ClientEvent::PoolState { state, reason });
    }
}

fn running(state: InvocationState) -> InvocationState {
    if state == InvocationState::NotStarted { InvocationState::Running } else { state }
}

/// The state after the server told one; `None` when nothing changes.
fn next_pipeline_state(state: InvocationState, told: InvocationState) -> Option<InvocationState> {
    use InvocationState as S;
    match (state, told) {
        (S::Stopped | S::Completed | S::Failed, _) => None, // late
        // Whatever end follows a stop, the pipeline was stopped.
        (S::Stopping, S::Stopped | S::Completed | S::Failed) => Some(S::Stopped),
        (S::Stopping, _) => None,
        (S::NotStarted | S::Running | S::Disconnected, S::NotStarted) => None,
        (S::Running, S::Running) => None,
        (S::NotStarted | S::Running | S::Disconnected, told) => Some(told),
    }
}

fn reason_in(bag: &Bag<'_>) -> Result<Option<Box<ErrorRecord>>, PsrpError> {
    match bag.optional("ExceptionAsErrorRecord") {
        None | Some(PsValue::Null) => Ok(None),
        Some(error) => Ok(Some(Box::new(ErrorRecord::from_value(&error)?))),
    }
}

/// The text by which a host call would repeat this record.
fn repeated_text(record: &Record) -> Option<PsString> {
    match record {
        Record::Warning(record) | Record::Verbose(record) | Record::Debug(record) => Some(record.message.clone()),
        Record::Information(record) => Some(record.text()),
        Record::Progress(record) => Some(record.activity.clone()),
        Record::Output(_) | Record::Error(_) => None,
    }
}

/// The text of a host call that may repeat a record.
fn repeated_by(call: &HostCall) -> Option<PsString> {
    let text = match call.method {
        HostMethod::Write1
        | HostMethod::Write2
        | HostMethod::WriteLine2
        | HostMethod::WriteLine3
        | HostMethod::WriteDebugLine
        | HostMethod::WriteVerboseLine
        | HostMethod::WriteWarningLine => call.parameters.last()?.clone(),
        HostMethod::WriteProgress => call.parameters.last()?.as_object()?.get("Activity")?,
        _ => return None,
    };
    match text {
        PsValue::String(text) => Some(text),
        _ => None,
    }
}
