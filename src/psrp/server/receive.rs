//! What the server does with the client's messages ([MS-PSRP] 3.2.5.4).
//!
//! Only reading; answers are in `send`.

use bytes::Bytes;
use uuid::Uuid;

use super::{Pipeline, ServerEvent, ServerPool};
use crate::clixml::PsValue;
use crate::psrp::bag::Bag;
use crate::psrp::capability::{Capability, PS_VERSION};
use crate::psrp::key::public_key_from_text;
use crate::psrp::secrets::{mentions_secret, reveal};
use crate::psrp::{
    CommandQuery, Destination, HostResponse, InvocationState, Message, MessageType, PROTOCOL_2_0, PipelineSpec,
    PoolRequest, PsrpError, RunspacePoolState, StreamName, Target,
};

impl ServerPool {
    pub(super) fn receive(&mut self, target: Target, stream: StreamName, bytes: Bytes) -> Result<(), PsrpError> {
        if self.state.is_final() {
            return Ok(());
        }
        self.defragmenter(target, stream).push(bytes);
        while let Some(message) = self.defragmenter(target, stream).poll()? {
            self.handle_message(Message::decode(message)?)?;
        }
        Ok(())
    }

    fn defragmenter(&mut self, target: Target, stream: StreamName) -> &mut crate::psrp::Defragmenter {
        let limits = self.options.limits;
        match (target, stream) {
            (Target::Pool, StreamName::Default) => &mut self.stream,
            (Target::Pool, StreamName::PromptResponse) => &mut self.answers,
            (Target::Pipeline(id), _) => {
                let pipeline = self.pipelines.entry(id).or_insert_with(|| Pipeline::new(limits));
                match stream {
                    StreamName::Default => &mut pipeline.input,
                    StreamName::PromptResponse => &mut pipeline.answers,
                }
            }
        }
    }

    fn handle_message(&mut self, message: Message) -> Result<(), PsrpError> {
        let Some(kind) = message.message_type() else { return Ok(()) }; // newer clients may say more
        let expected = Destination::Server.number();
        if message.destination != expected {
            return Err(PsrpError::WrongDestination { expected, found: message.destination });
        }
        if self.id.is_nil() {
            self.id = message.pool;
        }
        if message.pool != self.id {
            return Err(PsrpError::WrongPool { message: kind, expected: self.id, found: message.pool });
        }
        self.check_state(kind)?;
        let data = self.read(kind, &message)?;
        match kind {
            MessageType::SessionCapability => self.handle_capability(&data),
            MessageType::InitRunspacePool => self.handle_init(&data),
            MessageType::PublicKey => {
                let text = Bag::new("public key", &data)?.string("PublicKey")?;
                let key = public_key_from_text(&text.to_text());
                self.public_key = Some(key.map_err(|problem| PsrpError::KeyExchange { problem })?);
                self.tell(ServerEvent::PublicKeyReceived)
            }
            MessageType::CreatePipeline => self.handle_create_pipeline(message.pipeline, &data),
            MessageType::GetCommandMetadata => {
                let query = CommandQuery::from_value(&data)?;
                self.start(message.pipeline)?;
                self.tell(ServerEvent::MetadataRequested { pipeline: message.pipeline, query })
            }
            MessageType::PipelineInput => self.handle_input(message.pipeline, Some(data)),
            MessageType::EndOfPipelineInput => self.handle_input(message.pipeline, None),
            MessageType::PipelineHostResponse | MessageType::RunspacePoolHostResponse => {
                let response = HostResponse::from_value(&data)?;
                let pipeline = (!message.pipeline.is_nil()).then_some(message.pipeline);
                self.tell(ServerEvent::HostResponse { pipeline, response })
            }
            MessageType::SetMaxRunspaces => {
                let bag = Bag::new("request", &data)?;
                let (call_id, max_runspaces) = (bag.number("ci")?, bag.number_i32("MaxRunspaces")?);
                self.tell(ServerEvent::SetMaxRunspaces { call_id, max_runspaces })
            }
            MessageType::SetMinRunspaces => {
                let bag = Bag::new("request", &data)?;
                let (call_id, min_runspaces) = (bag.number("ci")?, bag.number_i32("MinRunspaces")?);
                self.tell(ServerEvent::SetMinRunspaces { call_id, min_runspaces })
            }
            MessageType::GetAvailableRunspaces => {
                let call_id = Bag::new("request", &data)?.number("ci")?;
                self.tell(ServerEvent::AvailabilityAsked { call_id })
            }
            MessageType::ResetRunspaceState => {
                let call_id = Bag::new("request", &data)?.number("ci")?;
                self.tell(ServerEvent::ResetRequested { call_id })
            }
            MessageType::CloseSession => self.tell(ServerEvent::CloseRequested),
            MessageType::EncryptedSessionKey
            | MessageType::PublicKeyRequest
            | MessageType::ConnectRunspacePool
            | MessageType::RunspaceAvailability
            | MessageType::RunspacePoolState
            | MessageType::UserEvent
            | MessageType::ApplicationPrivateData
            | MessageType::RunspacePoolInitData
            | MessageType::RunspacePoolHostCall
            | MessageType::PipelineOutput
            | MessageType::ErrorRecord
            | MessageType::PipelineState
            | MessageType::DebugRecord
            | MessageType::VerboseRecord
            | MessageType::WarningRecord
            | MessageType::ProgressRecord
            | MessageType::InformationRecord
            | MessageType::PipelineHostCall => self.unexpected(kind),
        }
    }

    /// Which messages a state takes: the one table of the server's pool.
    fn check_state(&self, kind: MessageType) -> Result<(), PsrpError> {
        use RunspacePoolState as S;
        let fits = match (self.state, kind) {
            (S::BeforeOpen, kind) => kind == MessageType::SessionCapability,
            (S::NegotiationSucceeded, kind) => {
                matches!(kind, MessageType::InitRunspacePool | MessageType::PublicKey | MessageType::CloseSession)
            }
            (S::Opening, kind) => matches!(kind, MessageType::PublicKey | MessageType::CloseSession),
            (S::Opened | S::Closing, kind) => {
                !matches!(kind, MessageType::SessionCapability | MessageType::InitRunspacePool)
            }
            (S::NegotiationSent | S::Connecting | S::Disconnected, _) => false, // states of a client
            (S::Closed | S::Broken, _) => true,                                 // nothing matters any more
        };
        if fits { Ok(()) } else { self.unexpected(kind) }
    }

    fn unexpected(&self, message: MessageType) -> Result<(), PsrpError> {
        Err(PsrpError::UnexpectedMessage { state: self.state, message })
    }

    fn tell(&mut self, event: ServerEvent) -> Result<(), PsrpError> {
        self.events.push_back(event);
        Ok(())
    }

    fn read(&mut self, kind: MessageType, message: &Message) -> Result<PsValue, PsrpError> {
        let body = |source| PsrpError::Body { message: kind, source };
        if message.body.is_empty() {
            return Ok(PsValue::Null);
        }
        let value = self.decoder.decode(&message.body).map_err(body)?;
        if mentions_secret(&message.body) { reveal(value, self.secret_form()).map_err(body) } else { Ok(value) }
    }

    fn handle_capability(&mut self, data: &PsValue) -> Result<(), PsrpError> {
        let client = Capability::from_value(data)?;
        if client.protocol < PROTOCOL_2_0 {
            return Err(PsrpError::IncompatibleVersion { what: "protocol version", offered: client.protocol });
        }
        if client.ps_version != PS_VERSION {
            return Err(PsrpError::IncompatibleVersion { what: "PowerShell version", offered: client.ps_version });
        }
        self.negotiated = self.options.protocol_version.min(client.protocol);
        self.state = RunspacePoolState::NegotiationSucceeded;
        self.send_capability()
    }

    fn handle_init(&mut self, data: &PsValue) -> Result<(), PsrpError> {
        let request = PoolRequest::from_value(data)?;
        self.has_host = !request.host_info.is_host_null;
        self.state = RunspacePoolState::Opening;
        self.tell(ServerEvent::OpenRequested(Box::new(request)))
    }

    fn handle_create_pipeline(&mut self, id: Uuid, data: &PsValue) -> Result<(), PsrpError> {
        let spec = PipelineSpec::from_value(data)?;
        let pool_has_host = self.has_host;
        let pipeline = self.start(id)?;
        pipeline.has_host = if spec.host_info.use_runspace_host { pool_has_host } else { !spec.host_info.is_host_null };
        self.tell(ServerEvent::PipelineCreated { pipeline: id, spec: Box::new(spec) })
    }

    /// A pipeline begins to run, once.
    fn start(&mut self, id: Uuid) -> Result<&mut Pipeline, PsrpError> {
        let limits = self.options.limits;
        let pipeline = self.pipelines.entry(id).or_insert_with(|| Pipeline::new(limits));
        if pipeline.state != InvocationState::NotStarted {
            return Err(PsrpError::DuplicatePipeline { pipeline: id });
        }
        pipeline.state = InvocationState::Running;
        Ok(pipeline)
    }

    fn handle_input(&mut self, pipeline: Uuid, value: Option<PsValue>) -> Result<(), PsrpError> {
        if !self.pipelines.contains_key(&pipeline) {
            return Ok(()); // input for a closed pipeline is normal
        }
        self.tell(match value {
            Some(value) => ServerEvent::Input { pipeline, value },
            None => ServerEvent::InputEnded { pipeline },
        })
    }
}
