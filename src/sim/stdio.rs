//! One client over a pair of pipes: the simulator as a child process or as an SSH subsystem.
//!
//! Lines are read and written by `process`; what is asked is done by `runspace`, as it is over HTTP.

use std::io;
use std::sync::Arc;

use tokio::io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader};
use uuid::Uuid;

use super::counters::{Counters, Tally};
use super::fault::FaultPlayer;
use super::runspace::{Runspace, Terms};
use super::simulator::{Simulator, Site};
use super::{Organization, SimOptions, SimUser};
use crate::process::{AcknowledgeAfter, Acknowledgements, Asked, LINE_BYTES_MAX, ProcessPacket};
use crate::psrp::{PROTOCOL_2_4, Target};

/// Room for one fragment of the usual size, as base64.
const PACKET_TEXT_BYTES: usize = 64 * 1024;

impl Simulator {
    /// Serves one client over a pair of pipes until it closes its pool or its end of the pipe. Nobody signs in: the
    /// client is the first of the users, as whoever starts a program is known already.
    ///
    /// # Errors
    /// When the pipes fail, or the client sends what is no packet or breaks the protocol.
    pub async fn serve_pipes(
        options: SimOptions,
        input: impl AsyncRead + Unpin,
        output: impl AsyncWrite + Unpin,
    ) -> io::Result<Counters> {
        let user = options.users.first().cloned();
        let user = user.unwrap_or_else(|| SimUser::new(SimOptions::ADMIN, "", &["Organization Management"]));
        let organization = Arc::new(Organization::of(&options));
        let faults = FaultPlayer::new(options.faults.clone());
        let site = Arc::new(Site { options, organization, tally: Tally::default(), faults });
        let terms = Terms { protocol: PROTOCOL_2_4, envelope_bytes: PACKET_TEXT_BYTES, full: false };
        let runspace = Runspace::new(Arc::clone(&site), user, &terms, None);
        let mut pipes =
            Pipes { runspace, output, pipelines: Vec::new(), acks: Acknowledgements::default(), is_closed: false };
        let served = pipes.serve(input).await;
        pipes.runspace.close();
        served.map(|()| site.counters())
    }
}

struct Pipes<W> {
    runspace: Arc<Runspace>,
    output: W,
    pipelines: Vec<Uuid>,
    acks: Acknowledgements,
    is_closed: bool,
}

impl<W: AsyncWrite + Unpin> Pipes<W> {
    async fn serve(&mut self, input: impl AsyncRead + Unpin) -> io::Result<()> {
        let runspace = Arc::clone(&self.runspace);
        let mut reader = BufReader::with_capacity(PACKET_TEXT_BYTES, input);
        let mut line = Vec::new();
        loop {
            // Enabled before the buffers are looked at, so that nothing said meanwhile is missed.
            let news = runspace.output().notified();
            tokio::pin!(news);
            news.as_mut().enable();
            self.write_what_waits().await?;
            if self.is_closed {
                return Ok(());
            }
            let rest = (LINE_BYTES_MAX + 1).saturating_sub(line.len());
            let mut limited = (&mut reader).take(rest as u64);
            tokio::select! {
                // What was read of a line stays in `line` when the other branch wins.
                read = limited.read_until(b'\n', &mut line) => {
                    if read? == 0 {
                        return Ok(());
                    }
                    if line.ends_with(b"\n") || rest <= 1 {
                        let taken = std::mem::take(&mut line);
                        self.handle(&String::from_utf8_lossy(&taken))?;
                    }
                }
                () = news => {}
            }
        }
    }

    fn handle(&mut self, line: &str) -> io::Result<()> {
        if line.trim().is_empty() {
            return Ok(());
        }
        let invalid = |problem: String| io::Error::new(io::ErrorKind::InvalidData, problem);
        let packet = ProcessPacket::decode(line).map_err(|problem| invalid(problem.to_string()))?;
        match self.acks.take(packet).map_err(|problem| invalid(problem.to_string()))? {
            Asked::Data { target, stream, bytes } => match (self.runspace.handle(target, stream, bytes), target) {
                (Ok(()), _) => {}
                // What breaks the stream of one pipeline ends that pipeline, as over HTTP.
                (Err(problem), Target::Pipeline(id)) => self.runspace.fail(id, &problem),
                (Err(problem), Target::Pool) => return Err(invalid(problem.to_string())),
            },
            Asked::Command(Target::Pipeline(id)) => self.pipelines.push(id),
            Asked::Command(Target::Pool) => {}
            Asked::Signal(target) | Asked::Close(target) => self.stop(target),
        }
        Ok(())
    }

    fn stop(&self, target: Target) {
        match target {
            Target::Pipeline(id) => self.runspace.stop(id),
            Target::Pool => self.pipelines.iter().for_each(|id| self.runspace.stop(*id)),
        }
    }

    /// Acknowledges and sends until nothing is left to say: answers of the pool before its acknowledgements,
    /// acknowledgements of a pipeline before its records.
    async fn write_what_waits(&mut self) -> io::Result<()> {
        self.write_data(Target::Pool).await?;
        while let Some(due) = self.acks.next_due(|_, after| after != AcknowledgeAfter::End) {
            self.write_line(&due).await?;
        }
        let mut over = Vec::new();
        for id in self.pipelines.clone() {
            if self.write_data(Target::Pipeline(id)).await? {
                over.push(id);
            }
        }
        let pipelines = self.pipelines.clone();
        let is_over = |id: &Uuid| over.contains(id) || !pipelines.contains(id);
        let has_ended = |target: Target, _: AcknowledgeAfter| match target {
            Target::Pipeline(id) => is_over(&id),
            Target::Pool => pipelines.iter().all(is_over),
        };
        while let Some(due) = self.acks.next_due(has_ended) {
            self.end(&due).await?;
        }
        self.output.flush().await
    }

    /// A signal or a close has been carried out.
    async fn end(&mut self, packet: &ProcessPacket) -> io::Result<()> {
        match packet {
            ProcessPacket::CloseAck(Target::Pipeline(id)) => {
                self.runspace.close_pipeline(*id);
                self.pipelines.retain(|own| own != id);
            }
            ProcessPacket::CloseAck(Target::Pool) => {
                self.runspace.tell_closed();
                self.write_data(Target::Pool).await?;
                self.is_closed = true;
            }
            _ => {}
        }
        self.write_line(packet).await
    }

    /// Sends what waits for a target; true when nothing more will come for it.
    async fn write_data(&mut self, target: Target) -> io::Result<bool> {
        loop {
            let taken = self.runspace.take(target, PACKET_TEXT_BYTES);
            if taken.fragments.is_empty() {
                return Ok(taken.done);
            }
            for bytes in taken.fragments {
                let stream = crate::psrp::StreamName::Default;
                self.write_line(&ProcessPacket::Data { target, stream, bytes }).await?;
            }
        }
    }

    async fn write_line(&mut self, packet: &ProcessPacket) -> io::Result<()> {
        let mut line = packet.encode();
        line.push('\n');
        self.output.write_all(line.as_bytes()).await
    }
}
