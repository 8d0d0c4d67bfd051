//! Pipelines: stages that take one object at a time, push it on, and end together.
//!
//! What a stage does is in `command` and the built-ins.

use std::sync::{Arc, Mutex, OnceLock};

use super::command::Call;
use super::fault::{Fault, Res};
use super::state::{Cx, Frame};
use super::value::{V, lock};

/// Takes objects.
pub trait Sink: Send + Sync {
    /// Takes one.
    ///
    /// # Errors
    /// What the taker's work gives.
    fn push(&self, cx: Cx<'_>, value: V) -> Res<()>;
}

/// Keeps what it is given.
#[derive(Debug, Default)]
pub(super) struct Collector(Mutex<Vec<V>>);

impl Collector {
    /// What it was given.
    pub(super) fn take(&self) -> Vec<V> {
        std::mem::take(&mut lock(&self.0))
    }
}

impl Sink for Collector {
    fn push(&self, _: Cx<'_>, value: V) -> Res<()> {
        lock(&self.0).push(value);
        Ok(())
    }
}

/// Takes and forgets.
#[derive(Debug)]
pub(super) struct Nowhere;

impl Sink for Nowhere {
    fn push(&self, _: Cx<'_>, _: V) -> Res<()> {
        Ok(())
    }
}

/// A running stage.
pub trait Stage: Send + Sync {
    /// Before the first object.
    ///
    /// # Errors
    /// What the stage's work gives.
    fn begin(&self, _: Cx<'_>) -> Res<()> {
        Ok(())
    }

    /// For each object; once with `None` when nothing is piped in.
    ///
    /// # Errors
    /// What the stage's work gives.
    fn process(&self, cx: Cx<'_>, input: Option<V>) -> Res<()>;

    /// After the last object.
    ///
    /// # Errors
    /// What the stage's work gives.
    fn end(&self, _: Cx<'_>) -> Res<()> {
        Ok(())
    }

    /// When the pipeline is over, however it ended.
    ///
    /// # Errors
    /// What the stage's work gives.
    fn clean(&self, _: Cx<'_>) -> Res<()> {
        Ok(())
    }
}

/// A pipeline that has not run yet.
#[derive(Debug)]
pub struct Pipe {
    /// What flows in, if the first stage is a value.
    pub source: Option<V>,
    /// The commands.
    pub calls: Vec<Call>,
}

/// Pushes into a stage, in the scopes that the pipeline was started in.
struct Into {
    stage: OnceLock<Arc<dyn Stage>>,
    depth: usize,
}

impl Sink for Into {
    fn push(&self, cx: Cx<'_>, value: V) -> Res<()> {
        let Some(stage) = self.stage.get() else { return Ok(()) };
        let inner: Vec<Frame> = {
            let mut frames = lock(&cx.rt.frames);
            let depth = self.depth.min(frames.len());
            frames.split_off(depth)
        };
        let result = stage.process(cx, Some(value));
        lock(&cx.rt.frames).extend(inner);
        result
    }
}

impl Pipe {
    /// Runs it, pushing what comes out into `out`.
    ///
    /// # Errors
    /// What a stage gives.
    pub fn run(&self, cx: Cx<'_>, out: Arc<dyn Sink>) -> Res<()> {
        cx.check()?;
        let (stages, first) = self.stages(cx, out)?;
        let result = self.driven(cx, &stages, &first);
        let cleaned = stages.iter().try_for_each(|stage| stage.clean(cx));
        result.and(cleaned)
    }

    fn driven(&self, cx: Cx<'_>, stages: &[Arc<dyn Stage>], first: &Arc<dyn Sink>) -> Res<()> {
        match Self::drive(cx, self.source.clone(), stages, first) {
            Err(fault) => match *fault {
                // a stage wanted no more: the ones after it still end
                Fault::Enough(number) => Self::end_after(cx, number, &self.calls, stages),
                other => Err(Box::new(other)),
            },
            Ok(()) => Ok(()),
        }
    }

    /// A stage for each command, first to last, so that the first whose arguments do not fit is told of; and where the
    /// source flows in.
    #[expect(clippy::type_complexity, reason = "stages and the way into them")]
    fn stages(&self, cx: Cx<'_>, out: Arc<dyn Sink>) -> Res<(Vec<Arc<dyn Stage>>, Arc<dyn Sink>)> {
        let depth = lock(&cx.rt.frames).len();
        let doors: Vec<Arc<Into>> =
            self.calls.iter().map(|_| Arc::new(Into { stage: OnceLock::new(), depth })).collect();
        let mut stages = Vec::with_capacity(self.calls.len());
        for (index, call) in self.calls.iter().enumerate() {
            let next = doors.get(index + 1).map_or_else(|| out.clone(), |door| -> Arc<dyn Sink> { door.clone() });
            let place = super::command::Place { piped: index > 0 || self.source.is_some() };
            let stage = call.start(cx, next, place).or_else(|fault| {
                // That a later command does not exist is noticed before arguments are bound.
                self.calls[index + 1..].iter().try_for_each(|later| later.exists(cx))?;
                Err(fault)
            })?;
            if let Some(door) = doors.get(index) {
                let _ = door.stage.set(stage.clone()); // set once
            }
            stages.push(stage);
        }
        let first = doors.first().map_or(out, |door| -> Arc<dyn Sink> { door.clone() });
        Ok((stages, first))
    }

    fn drive(cx: Cx<'_>, source: Option<V>, stages: &[Arc<dyn Stage>], first: &Arc<dyn Sink>) -> Res<()> {
        for stage in stages {
            stage.begin(cx)?;
        }
        match source {
            Some(value) => {
                for item in value.unrolled() {
                    first.push(cx, item)?;
                }
            }
            None => {
                if let Some(stage) = stages.first() {
                    stage.process(cx, None)?;
                }
            }
        }
        for stage in stages {
            stage.end(cx)?;
        }
        Ok(())
    }

    fn end_after(cx: Cx<'_>, number: u64, calls: &[Call], stages: &[Arc<dyn Stage>]) -> Res<()> {
        let Some(at) = calls.iter().position(|call| call.number() == number) else {
            return Err(Box::new(Fault::Enough(number)));
        };
        for stage in stages.iter().skip(at + 1) {
            stage.end(cx)?;
        }
        Ok(())
    }
}

/// Gives what redirected streams hold before each object, so that the order stays.
pub(super) struct Flushing(pub Arc<dyn Sink>);

impl Sink for Flushing {
    fn push(&self, cx: Cx<'_>, value: V) -> Res<()> {
        flush(cx)?;
        self.0.push(cx, value)
    }
}

/// A stage whose other streams go on with its output.
pub(super) struct Merging {
    /// The stage.
    pub stage: Arc<dyn Stage>,
    /// Where its output goes.
    pub next: Arc<dyn Sink>,
    /// The streams, one character each.
    pub streams: String,
}

impl Merging {
    fn within(&self, cx: Cx<'_>, work: impl FnOnce() -> Res<()>) -> Res<()> {
        let depth = {
            let mut all = lock(&cx.rt.redirections);
            let depth = all.len();
            all.extend(self.streams.chars().map(|from| (from, super::state::Target::Output(Some(self.next.clone())))));
            depth
        };
        let result = work();
        lock(&cx.rt.redirections).truncate(depth);
        flush(cx)?;
        result
    }
}

impl Stage for Merging {
    fn begin(&self, cx: Cx<'_>) -> Res<()> {
        self.within(cx, || self.stage.begin(cx))
    }

    fn process(&self, cx: Cx<'_>, input: Option<V>) -> Res<()> {
        self.within(cx, || self.stage.process(cx, input))
    }

    fn end(&self, cx: Cx<'_>) -> Res<()> {
        self.within(cx, || self.stage.end(cx))
    }

    fn clean(&self, cx: Cx<'_>) -> Res<()> {
        self.within(cx, || self.stage.clean(cx))
    }
}

/// Gives on what redirected streams hold.
pub(super) fn flush(cx: Cx<'_>) -> Res<()> {
    loop {
        let next = {
            let mut held = lock(&cx.rt.redirected_values);
            if held.is_empty() { None } else { Some(held.remove(0)) }
        };
        let Some((sink, value)) = next else { return Ok(()) };
        sink.push(cx, value)?;
    }
}
