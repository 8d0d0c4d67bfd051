//! `exsh sim` as a process of its own.

use super::harness::{Exsh, Sim};

#[test]
fn the_simulator_says_its_address_first_and_its_counters_last() {
    let sim = Sim::start(&Exsh::new(), &["--mailboxes", "3"]);
    assert!(sim.url.starts_with("http://127.0.0.1:"), "{}", sim.url);
    assert_eq!(sim.stop()["open_shells"], 0);
}

#[test]
fn a_fault_plan_that_cannot_be_read_is_a_usage_error() {
    let ran = Exsh::new().run(&["sim", "--fault", "receive#3:explode"]).expect(2);
    assert!(ran.stderr.contains("receive#3:explode"), "{}", ran.stderr);
}
