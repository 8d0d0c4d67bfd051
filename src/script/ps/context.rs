//! What a function of the runtime does in its surroundings: gives output, runs code with another sink or scope.
//!
//! The state itself is in `state`.

use std::sync::Arc;

use super::fault::{Fault, Res};
use super::pipe::Sink;
use super::state::{Cx, Frame};
use super::value::{V, lock};

const CALL_DEPTH_MAX: usize = 90;

impl<'a> Cx<'a> {
    /// Gives a value to whoever takes the output here.
    pub(super) fn emit(self, value: V) -> Res<()> {
        let sink = lock(&self.rt.sinks).last().cloned();
        match sink {
            Some(sink) => sink.push(self, value),
            None => Ok(()),
        }
    }

    /// Runs `work` with its output going to `sink`.
    pub(super) fn with_sink<T>(self, sink: Arc<dyn Sink>, work: impl FnOnce() -> Res<T>) -> Res<T> {
        let depth = {
            let mut sinks = lock(&self.rt.sinks);
            sinks.push(sink);
            sinks.len() - 1
        };
        let result = work();
        lock(&self.rt.sinks).truncate(depth);
        result
    }

    /// Runs `work` and collects its output.
    pub(super) fn collect(self, work: impl FnOnce() -> Res<()>) -> Res<Vec<V>> {
        let sink = Arc::new(super::pipe::Collector::default());
        self.with_sink(sink.clone(), work)?;
        Ok(sink.take())
    }

    /// Runs `work` in a scope of its own that begins as `frame`; gives the scope back.
    pub(super) fn with_frame<T>(self, frame: Frame, work: impl FnOnce() -> Res<T>) -> (Res<T>, Frame) {
        let depth = {
            let mut frames = lock(&self.rt.frames);
            frames.push(frame);
            frames.len()
        };
        let result = work();
        let mut frames = lock(&self.rt.frames);
        frames.truncate(depth);
        let frame = if frames.len() == depth { frames.pop().unwrap_or_default() } else { Frame::default() };
        (result, frame)
    }

    /// Runs `work` with `$_` set.
    pub(super) fn with_item<T>(self, item: V, work: impl FnOnce() -> Res<T>) -> Res<T> {
        let before = self.rt.own_item();
        self.rt.set("_", item);
        let result = work();
        match before {
            Some(before) => self.rt.set("_", before),
            None => self.rt.forget_item(),
        }
        result
    }

    /// Counts one level of calls; too many are an error.
    pub(super) fn deeper<T>(self, work: impl FnOnce() -> Res<T>) -> Res<T> {
        {
            let mut calls = lock(&self.rt.calls);
            if *calls >= CALL_DEPTH_MAX {
                return super::fault::Problem::new(
                    "CallDepthOverflow",
                    "InvalidOperation",
                    "The script failed due to call depth overflow.",
                )
                .err();
            }
            *calls += 1;
        }
        let result = work();
        *lock(&self.rt.calls) -= 1;
        result
    }

    /// Fails when the script has run for too long or was interrupted.
    pub(super) fn check(self) -> Res<()> {
        self.rt.ending().map_or(Ok(()), |reason| Err(Box::new(Fault::Stopped(reason.to_owned()))))
    }
}
