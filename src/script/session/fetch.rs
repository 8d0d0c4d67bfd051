//! What an import asks of a server: its commands by the metadata message or the pipeline that stands in for it, its views.
//!
//! Whoever asks hears of every record; what is done with the answer is `import`'s business.

use std::sync::Arc;

use crate::catalog::{CommandMetadata, SharedNames};
use crate::clixml::{PsValue, write_fragment};
use crate::psrp::{Argument, CommandQuery, CommandSpec, CommandTypes, PipelineSpec, Record};
use crate::remote::{self, RemoteError, Running, Stopper};

use super::super::state::{RhaiError, RhaiResult};
use super::super::value::{list_of, whole_number};
use super::filter::Wanted;
use super::shelf::Answer;

/// What is asked of every command, by the metadata message and by the pipeline that stands in for it.
const PROPERTIES: [&str; 7] =
    ["Name", "Namespace", "HelpUri", "CommandType", "ResolvedCommandName", "OutputType", "Parameters"];

/// What to ask for.
pub(super) struct Query {
    pub(super) wanted: Wanted,
    pub(super) kinds: CommandTypes,
    pub(super) modules: Vec<String>,
    pub(super) arguments: PsValue,
    pub(super) formats: Vec<String>,
    pub(super) with_commands: bool,
    pub(super) with_formats: bool,
}

impl Query {
    /// Whether arguments of cmdlets decide about the answer: such answers are not kept.
    pub(super) fn depends_on_arguments(&self) -> bool {
        !self.arguments.is_null()
    }

    /// Everything that decides about the answer, as text.
    pub(super) fn fingerprint(&self) -> Vec<String> {
        let lists = [self.wanted.patterns(), &self.modules, &self.formats];
        let list = |list: &[String]| list.join("\n").to_lowercase();
        let flags = format!("{} {} {}", self.kinds.0, self.with_commands, self.with_formats);
        lists.into_iter().map(list).chain([flags]).collect()
    }

    fn message(&self) -> CommandQuery {
        let mut query = CommandQuery::new(self.wanted.patterns().iter().map(String::as_str));
        query.kinds = self.kinds;
        query.modules = self.modules.iter().map(|name| name.as_str().into()).collect();
        query.arguments = self.arguments.clone();
        query
    }

    /// `Get-Command | Select-Object`: two commands and no script, for endpoints without a language.
    fn stand_in(&self) -> PipelineSpec {
        let mut get = CommandSpec::new("Get-Command").argument(Argument::named("Name", texts(self.wanted.patterns())));
        if self.kinds != CommandTypes::IMPORTABLE {
            get = get.argument(Argument::named("CommandType", self.kinds.to_value()));
        }
        if !self.modules.is_empty() {
            get = get.argument(Argument::named("Module", texts(&self.modules)));
        }
        if !self.arguments.is_null() {
            get = get.argument(Argument::named("ArgumentList", self.arguments.clone()));
        }
        let properties = PROPERTIES.map(str::to_owned);
        let select = CommandSpec::new("Select-Object").argument(Argument::named("Property", texts(&properties)));
        PipelineSpec::new(vec![get, select])
    }
}

fn texts(names: &[String]) -> PsValue {
    list_of(names.iter().map(|name| name.as_str().into()).collect())
}

/// Why there is no answer.
pub(super) enum Trouble {
    Remote(RemoteError),
    Script(RhaiError),
}

/// Hears how the asking goes.
pub(super) trait Listener: Send {
    /// A new question went out; its pipeline can be stopped.
    fn asks(&mut self, for_what: &str, stopper: Stopper);
    /// A record that is no progress; gives the output back.
    fn hears(&mut self, record: Record) -> RhaiResult<Option<PsValue>>;
    /// So many values have come, of so many expected.
    fn counts(&mut self, received: usize, expected: Option<i64>);
}

/// Asks for all of it. Gives the answer, and how many commands were described in a form that cannot be read.
pub(super) async fn fetch(
    remote: &remote::Session,
    query: &Query,
    listener: &mut impl Listener,
) -> Result<(Answer, usize), Trouble> {
    let mut answer = Answer::default();
    let mut unreadable = 0;
    if query.with_commands {
        (answer.commands, unreadable) = commands(remote, query, listener).await?;
    }
    let offers_formats = !query.with_commands
        || !query.wanted.is_everything()
        || answer.commands.iter().any(|command| command.name.eq_ignore_ascii_case("Get-FormatData"));
    if query.with_formats && offers_formats {
        answer.formats = formats(remote, query, listener).await?;
    }
    Ok((answer, unreadable))
}

async fn commands(
    remote: &remote::Session,
    query: &Query,
    listener: &mut impl Listener,
) -> Result<(Vec<Arc<CommandMetadata>>, usize), Trouble> {
    let running = remote.command_metadata(query.message()).await.map_err(Trouble::Remote)?;
    listener.asks("asking for cmdlets", running.stopper());
    match read_commands(running, listener).await {
        // A server of the first protocol, or one that refuses the message: its commands are asked for as anybody's.
        Err(Trouble::Remote(RemoteError::Failed(_) | RemoteError::FailedSilently)) => {
            let running = remote.start(query.stand_in()).await.map_err(Trouble::Remote)?;
            listener.asks("asking for cmdlets", running.stopper());
            read_commands(running, listener).await
        }
        received => received,
    }
}

/// Each description is read as it comes: what is kept of it is a small part of what was sent.
async fn read_commands(
    running: Running,
    listener: &mut impl Listener,
) -> Result<(Vec<Arc<CommandMetadata>>, usize), Trouble> {
    let (mut commands, mut unreadable, mut names) = (Vec::new(), 0, SharedNames::default());
    let read = |value: PsValue| match CommandMetadata::from_value(&value, &mut names) {
        Ok(command) => commands.push(Arc::new(command)),
        Err(_) => unreadable += 1,
    };
    receive(running, listener, read).await?;
    Ok((commands, unreadable))
}

async fn formats(
    remote: &remote::Session,
    query: &Query,
    listener: &mut impl Listener,
) -> Result<Vec<PsValue>, Trouble> {
    let get = CommandSpec::new("Get-FormatData").argument(Argument::named("TypeName", texts(&query.formats)));
    let running = remote.start(PipelineSpec::new(vec![get])).await.map_err(Trouble::Remote)?;
    listener.asks("asking for views", running.stopper());
    let mut views = Vec::new();
    match receive(running, listener, |view| views.push(view)).await {
        // Views are a convenience: an endpoint without Get-FormatData has none.
        Err(Trouble::Remote(RemoteError::Failed(_) | RemoteError::FailedSilently)) => Ok(Vec::new()),
        received => received.map(|()| views),
    }
}

/// Hands over all output; a leading count only tells how far along we are.
async fn receive(
    mut running: Running,
    listener: &mut impl Listener,
    mut hand_over: impl FnMut(PsValue),
) -> Result<(), Trouble> {
    let mut received = 0;
    let mut expected = None;
    loop {
        let record = match running.next().await {
            None => return Ok(()),
            Some(record) => record.map_err(Trouble::Remote)?,
        };
        if matches!(record, Record::Progress(_)) {
            continue; // ours says more
        }
        let Some(value) = listener.hears(record).map_err(Trouble::Script)? else { continue };
        if let (true, Some(count)) = (received == 0 && expected.is_none(), count_of(&value)) {
            expected = Some(count);
            continue;
        }
        hand_over(value);
        received += 1;
        listener.counts(received, expected);
    }
}

/// The number in the object that precedes the descriptions.
fn count_of(value: &PsValue) -> Option<i64> {
    let object = value.as_object()?;
    if object.get("Name").is_some() || object.get("TypeName").is_some() {
        return None;
    }
    object.get("Count").as_ref().and_then(whole_number)
}

/// What the server says of itself, comparable: another one has other commands, perhaps.
pub(super) fn build_of(remote: &remote::Session) -> Arc<[u8]> {
    let data = remote.private_data().and_then(|data| write_fragment(&data, None).ok());
    data.unwrap_or_default().into()
}
