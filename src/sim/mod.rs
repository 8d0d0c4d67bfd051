//! The simulated Exchange organization: state, cmdlets, and an endpoint that serves them over real HTTP.
//!
//! It speaks with the server roles of `clixml`, `psrp` and `wsman` and never uses `remote` or `script`:
//! the demo and the tests travel the same road as a real Exchange. What it does not simulate it does
//! not advertise: the command list and the parameters of every command are cut to what has an effect.
//!
//! ```no_run
//! # async fn example() -> Result<(), exsh::sim::SimError> {
//! use exsh::sim::{SimOptions, Simulator};
//! let handle = Simulator::start(SimOptions { mailboxes: 1_000, ..SimOptions::default() }).await?;
//! println!("{}", handle.url()); // http://127.0.0.1:PORT/PowerShell/
//! assert_eq!(handle.open_shells(), 0);
//! handle.shutdown().await;
//! # Ok(())
//! # }
//! ```

pub mod canned;
mod clock;
mod cmdlet;
mod counters;
mod coverage;
mod endpoint;
mod error;
mod fault;
mod listener;
mod options;
pub mod org;
mod rbac;
mod runspace;
mod simulator;
mod stdio;

pub use clock::Clock;
pub use counters::Counters;
pub use coverage::{CmdletCoverage, coverage};
pub use error::SimError;
pub use fault::{Fault, FaultKind, FaultOperation, FaultPlan};
pub use options::{Release, SimOptions, SimUser, Size};
pub use org::Organization;
pub use simulator::{SimHandle, Simulator};
