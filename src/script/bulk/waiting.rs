//! `retry_until`, `wait_for`, `chunked`, `rate_limiter`: patience with servers, and rows in portions.
//!
//! Waiting ends with Ctrl-C. Not here: whole jobs (`bulk`).

use std::sync::Arc;
use std::time::{Duration, Instant};

use rhai::{Array, Dynamic, Engine, EvalAltResult, FLOAT, FnPtr, INT, Map, Module, NativeCallContext};

use super::super::failure::Failure;
use super::super::options::{Known, Options};
use super::super::state::{RhaiResult, State};
use super::super::value::{Results, described, values_of};
use super::limit::Limit;

const OPTIONS: [Known; 2] = [("Seconds", &["Timeout"]), ("Every", &["Interval"])];
/// How long and how often is asked when nobody says.
const SECONDS: FLOAT = 300.0;
const EVERY: FLOAT = 2.0;
/// The pause between questions grows up to so many times `Every`.
const GROWTH_MAX: FLOAT = 16.0;
/// Servers are not asked more often, whatever `Every` says.
const PAUSE_MIN: Duration = Duration::from_millis(10);

const RETRY: &str = "Calls `action` again and again until it gives something: not an error, not `()`, not false, not nothing found.\n\
    Gives that; when time is up, the last error is the script's. For servers where what was just made is not yet found\n\
    everywhere. Options: `Seconds` (300), `Every` (2 seconds, growing).\n\
    # Example\n\
    ```rhai\n\
    let calls = 0;\n\
    let found = retry_until(|| { calls += 1; if calls < 3 { throw \"not yet\" } \"found\" }, #{ Every: 0.01 });\n\
    print(`${found} at call ${calls}`);\n\
    ```\n\
    ```text\n\
    found at call 3\n\
    ```";
const WAIT: &str = "Waits until `test` gives true; an error in it ends the waiting at once. When time is up, that is an error.\n\
    Options: `Seconds` (300), `Every` (2 seconds, growing).\n\
    # Example\n\
    ```rhai\n\
    let left = 3;\n\
    wait_for(|| { left -= 1; left == 0 }, #{ Every: 0.01 });\n\
    print(left);\n\
    ```\n\
    ```text\n\
    0\n\
    ```";
const CHUNKED: &str = "Values in portions of at most `size`.\n\
    # Example\n\
    ```rhai\n\
    print([1, 2, 3, 4, 5].chunked(2));\n\
    ```\n\
    ```text\n\
    [[1, 2], [3, 4], [5]]\n\
    ```";
const LIMITER: &str = "A limit of so many turns in so many seconds, evenly spread: `wait()` returns when it is one's turn.\n\
    # Example\n\
    ```rhai\n\
    let limit = rate_limiter(1000, 1);\n\
    for name in [\"ann\", \"bob\"] { limit.wait(); print(name); }\n\
    ```\n\
    ```text\n\
    ann\n\
    bob\n\
    ```";

/// A limit as scripts hold it.
#[derive(Clone)]
struct RateLimiter(Arc<Limit>);

/// Registers the functions.
pub(super) fn register(engine: &mut Engine, module: &mut Module, state: &Arc<State>) {
    engine
        .register_type_with_name::<RateLimiter>("RateLimiter")
        .register_fn("to_string", |_: &mut RateLimiter| "RateLimiter")
        .register_fn("to_debug", |_: &mut RateLimiter| "RateLimiter");
    type Patience = fn(&State, &NativeCallContext<'_>, &FnPtr, Map) -> RhaiResult<Dynamic>;
    let both: [(&'static str, &'static str, &'static str, Patience); 2] =
        [("retry_until", "action: Fn", RETRY, retry_until), ("wait_for", "test: Fn", WAIT, wait_for)];
    for (name, parameter, about, patience) in both {
        let shared = state.clone();
        described(name, &[parameter, "?"], about)
            .set_into_module(module, move |context: NativeCallContext<'_>, function: FnPtr| {
                patience(&shared, &context, &function, Map::new())
            });
        let shared = state.clone();
        described(name, &[parameter, "options: map", "?"], about).set_into_module(
            module,
            move |context: NativeCallContext<'_>, function: FnPtr, options: Map| {
                patience(&shared, &context, &function, options)
            },
        );
    }
    described("chunked", &["values: array", "size: int", "array"], CHUNKED)
        .set_into_module(module, |values: &mut Array, size: INT| chunked(values.clone(), size));
    described("chunked", &["values: Results", "size: int", "array"], CHUNKED)
        .set_into_module(module, |values: &mut Results, size: INT| -> RhaiResult<Array> {
            chunked(values.clone().into_iter().collect(), size)
        });
    for_limits(module, state);
}

fn for_limits(module: &mut Module, state: &Arc<State>) {
    let make = |count: FLOAT, seconds: FLOAT| -> RhaiResult<RateLimiter> {
        let limit = Duration::try_from_secs_f64(seconds).ok().and_then(|span| Limit::new(count, span));
        let limit = limit
            .ok_or_else(|| Failure::script("rate_limiter takes a number of turns and of seconds, both above zero"))?;
        Ok(RateLimiter(Arc::new(limit)))
    };
    described("rate_limiter", &["count: int", "seconds: int", "RateLimiter"], LIMITER)
        .set_into_module(module, move |count: INT, seconds: INT| make(count as FLOAT, seconds as FLOAT));
    described("rate_limiter", &["count: float", "seconds: float", "RateLimiter"], LIMITER)
        .set_into_module(module, make);
    let shared = state.clone();
    described("wait", &["limit: RateLimiter", "()"], LIMITER)
        .set_into_module(module, move |limit: &mut RateLimiter| -> RhaiResult<()> {
            shared.sleep(limit.0.turn(Instant::now()))
        });
}

fn chunked(values: Array, size: INT) -> RhaiResult<Array> {
    let size = usize::try_from(size).ok().filter(|size| *size > 0);
    let size = size.ok_or_else(|| Failure::script("chunked takes a size from 1 on"))?;
    Ok(values.chunks(size).map(|chunk| Dynamic::from_array(chunk.to_vec())).collect())
}

/// Pauses that grow, until time is up.
struct Patience {
    until: Instant,
    every: FLOAT,
    pause: FLOAT,
    seconds: FLOAT,
}

impl Patience {
    fn read(function: &'static str, options: Map) -> RhaiResult<Self> {
        let mut options = Options::read(function, &OPTIONS, options)?;
        let mut number = |name: &str, default: FLOAT| -> RhaiResult<FLOAT> {
            let Some(value) = options.take(name) else { return Ok(default) };
            let number = value.as_float().or_else(|_| value.as_int().map(|number| number as FLOAT)).ok();
            let number = number.filter(|number| *number >= 0.0 && number.is_finite());
            number.ok_or_else(|| {
                Failure::script(format!("{function}: {name} takes a number of seconds from 0 on, not {value}")).into()
            })
        };
        let (seconds, every) = (number("Seconds", SECONDS)?, number("Every", EVERY)?);
        let until = Duration::try_from_secs_f64(seconds).ok().and_then(|span| Instant::now().checked_add(span));
        let until = until.ok_or_else(|| Failure::script(format!("{function}: Seconds is too long")))?;
        Ok(Self { until, every, pause: every, seconds })
    }

    /// Waits for the next try; false when there is none.
    fn wait(&mut self, state: &State) -> RhaiResult<bool> {
        let left = self.until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Ok(false);
        }
        let pause = Duration::try_from_secs_f64(self.pause).unwrap_or(left).clamp(PAUSE_MIN.min(left), left);
        self.pause = (self.pause * 1.5).min(self.every * GROWTH_MAX);
        state.sleep(pause)?;
        Ok(true)
    }
}

fn retry_until(state: &State, context: &NativeCallContext<'_>, action: &FnPtr, options: Map) -> RhaiResult<Dynamic> {
    let mut patience = Patience::read("retry_until", options)?;
    loop {
        let last = match action.call_within_context::<Dynamic>(context, ()) {
            Ok(given) => match something(given)? {
                Some(given) => return Ok(given),
                None => None,
            },
            Err(error) if matches!(error.unwrap_inner(), EvalAltResult::ErrorTerminated(..)) => return Err(error),
            Err(error) => Some(error),
        };
        if !patience.wait(state)? {
            let text = format!("there was nothing to be had within {} seconds", patience.seconds);
            return Err(last.unwrap_or_else(|| Failure::script(text).into()));
        }
    }
}

/// A value that is worth the wait. A stream is read: whether it is empty shows only then.
fn something(given: Dynamic) -> RhaiResult<Option<Dynamic>> {
    if given.is_unit() || given.as_bool() == Ok(false) {
        return Ok(None);
    }
    if given.is_array() || given.is::<Results>() {
        return Ok(values_of(given.clone()).next().transpose()?.map(|_| given));
    }
    if given.is::<super::super::value::RecordStream>() {
        let all = values_of(given).collect::<RhaiResult<Vec<_>>>()?;
        return Ok((!all.is_empty()).then(|| Dynamic::from(Results(all.into()))));
    }
    Ok(Some(given))
}

fn wait_for(state: &State, context: &NativeCallContext<'_>, test: &FnPtr, options: Map) -> RhaiResult<Dynamic> {
    let mut patience = Patience::read("wait_for", options)?;
    loop {
        let given = test.call_within_context::<Dynamic>(context, ())?;
        match given.as_bool() {
            Ok(true) => return Ok(Dynamic::TRUE),
            Ok(false) => {}
            Err(kind) => {
                return Err(Failure::script(format!(
                    "wait_for needs true or false from its function, which gave {kind}"
                ))
                .into());
            }
        }
        if !patience.wait(state)? {
            return Err(Failure::script(format!("it did not come true within {} seconds", patience.seconds)).into());
        }
    }
}
