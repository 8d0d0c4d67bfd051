//! `asking`: a stage of a stream that asks the server again for each value, over sessions beside the stream's own.
//!
//! A session runs one pipeline at a time: asked over its own session, the rest of the stream would be read and kept first.
//! Here only a few values are on their way at once, whatever their number, and answers come in the order of the values.
//! Not here: changes, which are `bulk`'s.

#![allow(deprecated, reason = "stored call contexts are volatile, says Rhai, not deprecated; its version is pinned")]

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, Weak};
use std::thread::{self, JoinHandle};

use rhai::{Dynamic, Engine, FnPtr, Map, Module, NativeCallContext, NativeCallContextStore};

use super::super::diagnose::sentence;
use super::super::failure::Failure;
use super::super::host::STACK_BYTES;
use super::super::options::{Known, Options};
use super::super::state::{RhaiResult, State, lock};
use super::super::ui::MessageKind;
use super::super::value::{RecordStream, described, shown};
use super::{PARALLEL_MAX, lane, own, whole};

const OPTIONS: [Known; 1] = [("Parallel", &["ThrottleLimit"])];
/// Sessions beside the stream's own: together as many as Exchange Online allows one user.
const PARALLEL_DEFAULT: usize = 2;
/// So few values are asked about over the stream's own session, once it has ended.
const FEW: usize = 8;
/// Values on their way for each session.
const AHEAD: usize = 4;

const ASKING: &str = "What `ask` gives for each value of a stream, in order, where `ask` asks the server: the questions go over sessions of\n\
    their own, so that the stream goes on and nothing of it is kept. A few values need no further session. Each value\n\
    works with copies of the script's variables. Options: `Parallel` (sessions beside the stream's own, 1 to 18; 2 when\n\
    left out).\n\
    # Example\n\
    ```rhai\n\
    let first = stream(session, \"Get-Mailbox\", #{ ResultSize: 3 });\n\
    first.asking(|it| `${it.Alias}: ${session.get_inbox_rule(#{ Mailbox: it.Alias }).len()}`).for_each(|it| print(it));\n\
    ```\n\
    ```text\n\
    alice: 0\n\
    bob: 0\n\
    carol: 0\n\
    ```";

/// Registers the function.
pub(super) fn register(module: &mut Module, state: &Arc<State>) {
    let shared = state.clone();
    described("asking", &["stream: RecordStream", "ask: Fn", "RecordStream"], ASKING).set_into_module(
        module,
        move |context: NativeCallContext<'_>, stream: &mut RecordStream, ask: FnPtr| {
            asking(&shared, &context, stream, ask, Map::new())
        },
    );
    let shared = state.clone();
    described("asking", &["stream: RecordStream", "ask: Fn", "options: map", "RecordStream"], ASKING).set_into_module(
        module,
        move |context: NativeCallContext<'_>, stream: &mut RecordStream, ask: FnPtr, options: Map| {
            asking(&shared, &context, stream, ask, options)
        },
    );
}

fn asking(
    state: &Arc<State>,
    context: &NativeCallContext<'_>,
    stream: &RecordStream,
    ask: FnPtr,
    options: Map,
) -> RhaiResult<RecordStream> {
    let mut options = Options::read("asking", &OPTIONS, options)?;
    let parallel = whole(&mut options, "Parallel", PARALLEL_MAX)?.unwrap_or(PARALLEL_DEFAULT);
    let question = Arc::new(Question { state: state.clone(), context: context.store_data(), ask: own(ask) });
    let mut values = stream.clone().into_iter();
    let (mut waiting, mut way) = (VecDeque::new(), Way::Open);
    let pull = move || {
        if matches!(way, Way::Open) {
            while waiting.len() <= FEW
                && let Some(value) = values.next()
            {
                waiting.push_back(value);
            }
            let few = waiting.len() <= FEW || lane::is_here();
            way = if few { Way::Here } else { Lanes::start(&question, parallel) };
        }
        let mut next = || waiting.pop_front().or_else(|| values.next());
        let answer = match &mut way {
            Way::Lanes(lanes) => lanes.next(next),
            Way::Open | Way::Here => next().map(|value| value.and_then(|value| question.put(value))),
        };
        answer.map(|answer| answer.map(shown))
    };
    Ok(RecordStream::new(Box::new(pull), &state.engine))
}

/// What is asked about each value.
struct Question {
    state: Arc<State>,
    context: NativeCallContextStore,
    ask: FnPtr,
}

impl Question {
    fn put(&self, value: Dynamic) -> RhaiResult<Dynamic> {
        let engine: Option<Arc<Engine>> = self.state.engine.get().and_then(Weak::upgrade);
        let engine = engine.ok_or_else(|| Failure::script("the stream has outlived its script"))?;
        let context = NativeCallContext::from_stored_data(&engine, &self.context);
        self.ask.call_within_context(&context, (value,))
    }
}

/// Over which sessions is asked.
enum Way {
    /// That is not known before the first values are there.
    Open,
    /// Over the script's.
    Here,
    /// Over others.
    Lanes(Lanes),
}

/// A value, and where its answer goes.
struct Job {
    value: Dynamic,
    answer: Sender<RhaiResult<Dynamic>>,
}

/// Threads with sessions of their own; dropping it ends them.
struct Lanes {
    jobs: Option<Sender<Job>>,
    answers: VecDeque<Receiver<RhaiResult<Dynamic>>>,
    ahead: usize,
    threads: Vec<JoinHandle<()>>,
    unwanted: Arc<AtomicBool>,
}

impl Lanes {
    /// As many as the server allows; where it allows none, there is only the script's session.
    fn start(question: &Arc<Question>, parallel: usize) -> Way {
        let (jobs, taken) = mpsc::channel::<Job>();
        let (taken, unwanted) = (Arc::new(Mutex::new(taken)), Arc::new(AtomicBool::new(false)));
        let (opened, openings) = mpsc::channel::<bool>();
        let mut threads = Vec::new();
        for number in 1..=parallel {
            let (question, taken, unwanted, opened) =
                (question.clone(), taken.clone(), unwanted.clone(), opened.clone());
            let work = move || lane_of(&question, number, &taken, &unwanted, &opened);
            // A system that gives no further thread leaves those there are.
            threads.extend(thread::Builder::new().name(format!("asking {number}")).stack_size(STACK_BYTES).spawn(work));
        }
        drop(opened);
        if !openings.iter().any(|open| open) {
            let text = "no session beside the stream's own, so the rest of it is read first and kept";
            question.state.ui.message(MessageKind::Status, text);
            return Way::Here;
        }
        let ahead = threads.len() * AHEAD;
        Way::Lanes(Self { jobs: Some(jobs), answers: VecDeque::new(), ahead, threads, unwanted })
    }

    fn next(&mut self, mut values: impl FnMut() -> Option<RhaiResult<Dynamic>>) -> Option<RhaiResult<Dynamic>> {
        while self.answers.len() < self.ahead
            && let Some(value) = values()
        {
            let (answer, answered) = mpsc::channel();
            match value {
                Ok(value) => {
                    let _ = self.jobs.as_ref()?.send(Job { value, answer }); // nobody takes it: no answer comes, below
                }
                Err(error) => {
                    let _ = answer.send(Err(error)); // its turn is after those before it
                }
            }
            self.answers.push_back(answered);
        }
        let answer = self.answers.pop_front()?.recv();
        Some(answer.unwrap_or_else(|_| Err(Failure::script("exsh itself failed while it was asking").into())))
    }
}

impl Drop for Lanes {
    fn drop(&mut self) {
        self.unwanted.store(true, Ordering::SeqCst);
        self.jobs = None;
        // Their sessions are removed before the script goes on, as those of bulk work are.
        if tokio::runtime::Handle::try_current().is_err() {
            self.threads.drain(..).for_each(|thread| drop(thread.join()));
        }
    }
}

/// One thread: opens its sessions, and answers what it takes.
fn lane_of(
    question: &Question,
    number: usize,
    jobs: &Mutex<Receiver<Job>>,
    unwanted: &AtomicBool,
    opened: &Sender<bool>,
) {
    let entered = lane::enter(&question.state, number, lane::Purpose::Questions);
    let _ = opened.send(entered.is_ok()); // one is enough; nobody may listen any more
    let _here = match entered {
        Ok(entered) => entered,
        Err(error) => {
            let text = format!("no further session, going on with those there are: {}", sentence(&error));
            question.state.ui.message(MessageKind::Status, &text);
            return;
        }
    };
    loop {
        let job = lock(jobs).recv();
        let Ok(Job { value, answer }) = job else { return };
        if unwanted.load(Ordering::SeqCst) {
            return;
        }
        // A panic drops the sender, which the reader takes for what it is.
        let Ok(given) = catch_unwind(AssertUnwindSafe(|| question.put(value))) else { return };
        let _ = answer.send(given); // nobody may want it any more
    }
}
