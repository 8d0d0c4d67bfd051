//! Every kind of trouble a fault plan knows, at every operation, through the real client against the simulator.
//!
//! What each ends in is the table of `sim::fault`; the simulator's own counts say what was done, and how often.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use exsh::clixml::{PsObject, PsValue};
use exsh::psrp::{Argument, CommandSpec, PipelineSpec, PsrpError};
use exsh::remote::{ConnectionRequest, Record, RemoteError, Session, SessionState, Setting, connect};
use exsh::secret::Credential;
use exsh::sim::{FaultPlan, SimHandle, SimOptions, Simulator};

use super::client::Witness;

/// No test waits longer than this for anything.
const NEVER: Duration = Duration::from_secs(30);
/// Mailboxes of the organization: some answers of Receive long.
const MAILBOXES: u32 = 60;

/// Fails when `work` hangs.
async fn in_time<T>(work: impl Future<Output = T>) -> T {
    tokio::time::timeout(NEVER, work).await.unwrap()
}

async fn simulator(plan: &str) -> SimHandle {
    let faults = FaultPlan::parse(plan).unwrap();
    let receive_wait = Duration::from_millis(20);
    let options = SimOptions { faults, mailboxes: MAILBOXES, receive_wait, ..SimOptions::default() };
    Simulator::start(options).await.unwrap()
}

async fn open(sim: &SimHandle, witness: &Arc<Witness>) -> Result<Session, RemoteError> {
    let credential = Credential::new(SimOptions::ADMIN, SimOptions::PASSWORD.into());
    let mut request = ConnectionRequest::new(sim.url(), credential);
    for (name, milliseconds) in [("OpenTimeout", 5000), ("CancelTimeout", 1000), ("MaxConnectionRetryCount", 1)] {
        request.options.session_option.set(name, Setting::Number(milliseconds)).unwrap();
    }
    in_time(connect(request, witness.clone())).await
}

fn named(name: &str, arguments: &[(&str, &str)]) -> PipelineSpec {
    let command = arguments.iter().fold(CommandSpec::new(name), |command, (name, value)| {
        command.argument(Argument::named(name, PsValue::from(*value)))
    });
    PipelineSpec::new(vec![command])
}

fn change() -> PipelineSpec {
    named("Set-Mailbox", &[("Identity", "alice"), ("CustomAttribute1", "changed")])
}

fn list() -> PipelineSpec {
    named("Get-Mailbox", &[("ResultSize", "Unlimited")])
}

/// What a pipeline gave: the aliases of its mailboxes, its warnings, its end.
struct Given {
    aliases: Vec<String>,
    warnings: usize,
    end: Result<(), RemoteError>,
}

async fn run(session: &Session, spec: PipelineSpec) -> Given {
    run_with(session, spec, &[]).await
}

/// Runs a pipeline and sends it records of those identities as its input.
async fn run_with(session: &Session, spec: PipelineSpec, input: &[&str]) -> Given {
    let mut given = Given { aliases: Vec::new(), warnings: 0, end: Ok(()) };
    let work = async {
        let takes_input = !spec.no_input;
        let mut running = session.start(spec).await?;
        for identity in input {
            running.input(PsObject::bag([("Identity", PsValue::from(*identity))]).into()).await?;
        }
        if takes_input {
            running.end_input()?;
        }
        while let Some(record) = running.next().await {
            match record? {
                Record::Output(value) => {
                    let alias = value.as_object().and_then(|mailbox| mailbox.get("Alias"));
                    given.aliases.push(alias.map(|alias| format!("{alias:?}")).unwrap_or_default());
                }
                Record::Warning(_) => given.warnings += 1,
                _ => {}
            }
        }
        Ok(())
    };
    given.end = in_time(work).await;
    given
}

/// All mailboxes in their order, as a server without trouble gives them.
async fn all_of_them() -> Vec<String> {
    let sim = simulator("").await;
    let session = open(&sim, &Arc::default()).await.unwrap();
    let given = run(&session, list()).await;
    given.end.unwrap();
    session.close().await;
    given.aliases
}

const KINDS: [&str; 14] = [
    "close",
    "reset",
    "truncate",
    "stall=100",
    "503",
    "html",
    "slow=1",
    "duplicate",
    "reorder",
    "gone-shell",
    "lost-cookie",
    "quota",
    "load-quota=20",
    "micro-delay=5",
];

/// One change and one long list under a plan: whatever happens, nothing is done twice, nothing is lost unnoticed,
/// nobody asks on and on, and nothing stays behind but what the connection could not reach any more.
async fn survives(plan: &str, all: &[String]) {
    let sim = simulator(plan).await;
    let quiet = sim.counters().writes;
    let opened = open(&sim, &Arc::default()).await;
    if let Ok(session) = &opened {
        let changed = run(session, change()).await;
        let writes = sim.counters().writes - quiet;
        match &changed.end {
            Ok(()) => assert_eq!(writes, 1, "{plan}"),
            Err(_) => assert!(writes <= 1, "{plan}: done {writes} times"),
        }
        let listed = run(session, list()).await;
        match &listed.end {
            Ok(()) => assert_eq!(listed.aliases, all, "{plan}"),
            Err(_) => assert!(once_each(&listed.aliases, all), "{plan}"),
        }
        in_time(session.close()).await;
        assert!(sim.counters().writes - quiet <= 1, "{plan}");
    }
    let counters = sim.counters();
    assert!(counters.requests < 150, "{plan}: {} requests", counters.requests);
}

/// Whether all that came is something that was to come, and nothing came twice.
fn once_each(came: &[String], all: &[String]) -> bool {
    let different: HashSet<&String> = came.iter().collect();
    different.len() == came.len() && came.iter().all(|one| all.contains(one))
}

async fn all_kinds_at(operations: &[&str]) {
    let all = all_of_them().await;
    assert_eq!(all.len(), 60);
    for operation in operations {
        for kind in KINDS {
            survives(&format!("{operation}:{kind}"), &all).await;
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn trouble_while_a_session_opens_or_closes_never_hangs_and_never_repeats_a_change() {
    all_kinds_at(&["create#1", "receive#1", "delete#1"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn trouble_where_a_cmdlet_starts_or_ends_never_hangs_and_never_repeats_a_change() {
    all_kinds_at(&["command#1", "command#2", "signal#1"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn trouble_amid_the_output_never_hangs_and_never_loses_a_record_unnoticed() {
    all_kinds_at(&["output#1", "output#2", "output#3"]).await;
}

/// A list under a plan for the Receives of its pipeline.
async fn listed(plan: &str) -> (SimHandle, Session, Arc<Witness>, Given) {
    let sim = simulator(plan).await;
    let witness = Arc::new(Witness::default());
    let session = open(&sim, &witness).await.unwrap();
    let given = run(&session, list()).await;
    (sim, session, witness, given)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_broken_connection_or_a_foreign_answer_amid_the_output_loses_the_session() {
    for kind in ["close", "reset", "truncate", "503", "html"] {
        let (sim, session, _, given) = listed(&format!("output#2:{kind}")).await;
        let lost = given.end.unwrap_err();
        assert!(matches!(lost, RemoteError::SessionLost { .. }), "{kind}: {lost}");
        assert!(!lost.hints().is_empty(), "{kind}");
        assert_eq!(session.state(), SessionState::Broken, "{kind}");
        assert_eq!(sim.counters().pipelines_started, 1, "{kind}: a cmdlet that was cut off is not run again");
        let after = run(&session, list()).await.end.unwrap_err();
        assert!(matches!(after, RemoteError::SessionLost { .. }), "{kind}: {after}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shell_that_is_gone_or_cannot_be_found_loses_the_session() {
    for kind in ["gone-shell", "lost-cookie"] {
        let (_sim, session, _, given) = listed(&format!("output#2:{kind}")).await;
        let lost = given.end.unwrap_err();
        assert!(matches!(lost, RemoteError::SessionLost { .. }), "{kind}: {lost}");
        assert_eq!(session.state(), SessionState::Broken, "{kind}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_comes_twice_or_late_fails_the_pipeline_and_spares_the_session() {
    for plan in ["output#1:duplicate", "output#2:duplicate", "output#1:reorder", "output#2:reorder"] {
        let (_sim, session, _, given) = listed(plan).await;
        let problem = given.end.unwrap_err();
        let RemoteError::Stream { problem, .. } = &problem else { panic!("{plan}: {problem}") };
        assert!(matches!(**problem, PsrpError::Fragment(_)), "{plan}: {problem}");
        assert_eq!(session.state(), SessionState::Opened, "{plan}");
        let next = run(&session, list()).await;
        assert!(next.end.is_ok(), "{plan}: {:?}", next.end);
        assert_eq!(next.aliases.len(), 60, "{plan}: the next one is whole");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn slowness_changes_nothing_but_time() {
    for kind in ["slow=1", "stall=50"] {
        let (_sim, session, _, given) = listed(&format!("output#2:{kind}")).await;
        given.end.unwrap();
        assert_eq!(given.aliases.len(), 60, "{kind}");
        assert_eq!(session.state(), SessionState::Opened, "{kind}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_busy_server_is_asked_again_after_the_time_it_says() {
    for plan in ["output#2:load-quota=30", "command#1:load-quota=30"] {
        let (sim, _session, witness, given) = listed(plan).await;
        given.end.unwrap();
        assert_eq!(given.aliases.len(), 60, "{plan}");
        assert_eq!(witness.heard(), ["throttled 30 ms"], "{plan}");
        assert_eq!(sim.counters().pipelines_started, 1, "{plan}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_stays_busy_is_not_asked_for_ever() {
    let (sim, _session, witness, given) = listed("output#*:load-quota=1").await;
    assert!(given.end.is_err());
    assert_eq!(witness.heard().len(), 5);
    assert!(sim.counters().requests < 30, "{:?}", sim.counters());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_micro_delay_is_a_warning_before_the_output() {
    let (_sim, _session, _, given) = listed("command#1:micro-delay=5").await;
    given.end.unwrap();
    assert_eq!((given.warnings, given.aliases.len()), (1, 60));
}

#[tokio::test(flavor = "multi_thread")]
async fn too_many_shells_is_an_error_with_a_hint_and_no_second_try() {
    let sim = simulator("create#1:quota").await;
    let problem = open(&sim, &Arc::default()).await.unwrap_err();
    assert!(!problem.hints().is_empty(), "{problem}");
    assert_eq!((sim.counters().requests, sim.open_shells()), (1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_never_answers_can_still_be_left() {
    let sim = simulator("output#2:stall").await;
    let session = open(&sim, &Arc::default()).await.unwrap();
    let mut running = session.start(list()).await.unwrap();
    let first = in_time(running.next()).await;
    assert!(matches!(first, Some(Ok(Record::Output(_)))), "{first:?}");
    let stopped = in_time(running.stop()).await;
    assert!(matches!(stopped, Ok(()) | Err(RemoteError::SessionLost { .. })), "{stopped:?}");
    in_time(session.close()).await;
    assert_eq!(sim.open_shells(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_was_cut_off_while_it_opened_is_one_error_and_leaves_no_shell() {
    for kind in ["close", "reset", "truncate", "html", "quota"] {
        let sim = simulator(&format!("create#1:{kind}")).await;
        let witness = Arc::new(Witness::default());
        let opened = open(&sim, &witness).await;
        assert!(opened.is_err(), "{kind}: {opened:?}");
        assert!(witness.heard().is_empty(), "{kind}: {:?}", witness.heard());
        assert!(sim.counters().requests <= 2, "{kind}: {:?}", sim.counters());
        assert_eq!(sim.open_shells(), 0, "{kind}");
    }
}

/// facts/remoting.md 2.9.
#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_is_not_available_yet_is_tried_again() {
    let sim = simulator("create#1:503").await;
    let witness = Arc::new(Witness::default());
    let session = open(&sim, &witness).await.unwrap();
    assert_eq!(witness.heard(), ["reconnecting 1"]);
    session.close().await;
    assert_eq!((sim.counters().shells_created, sim.open_shells()), (1, 0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_quota_amid_the_output_fails_the_pipeline_and_spares_the_session() {
    let (_sim, session, _, given) = listed("output#2:quota").await;
    assert!(matches!(given.end, Err(RemoteError::Fault { .. })), "{:?}", given.end);
    assert_eq!(session.state(), SessionState::Opened);
}

/// Mailboxes that the pipelines below change, one write each.
const FED: [&str; 3] = ["alice", "bob", "carol"];

fn change_what_comes() -> PipelineSpec {
    named("Set-Mailbox", &[("CustomAttribute1", "fed")]).with_input()
}

/// A change of three mailboxes that come as input, under a plan for its Sends.
async fn fed(plan: &str) -> (SimHandle, Session, Arc<Witness>, Given, u64) {
    let sim = simulator(plan).await;
    let witness = Arc::new(Witness::default());
    let session = open(&sim, &witness).await.unwrap();
    let quiet = sim.counters().writes;
    let given = run_with(&session, change_what_comes(), &FED).await;
    let writes = sim.counters().writes - quiet;
    (sim, session, witness, given, writes)
}

#[tokio::test(flavor = "multi_thread")]
async fn trouble_while_input_is_sent_never_hangs_and_never_repeats_a_change() {
    let all = all_of_them().await;
    for kind in KINDS {
        for place in ["send#1", "send#2"] {
            let plan = format!("{place}:{kind}");
            let (sim, session, _, given, writes) = fed(&plan).await;
            match &given.end {
                Ok(()) => assert_eq!(writes, 3, "{plan}"),
                Err(_) => assert!(writes <= 3, "{plan}: done {writes} times"),
            }
            let listed = run(&session, list()).await;
            match &listed.end {
                Ok(()) => assert_eq!(listed.aliases, all, "{plan}"),
                Err(_) => assert!(once_each(&listed.aliases, &all), "{plan}"),
            }
            in_time(session.close()).await;
            assert!(sim.counters().pipelines_started <= 2, "{plan}");
            assert!(sim.counters().requests < 100, "{plan}: {:?}", sim.counters());
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_send_that_is_cut_off_loses_the_session_and_is_not_sent_again() {
    for kind in ["close", "reset", "503", "html", "gone-shell", "lost-cookie"] {
        let (sim, session, _, given, writes) = fed(&format!("send#1:{kind}")).await;
        let lost = given.end.unwrap_err();
        assert!(matches!(lost, RemoteError::SessionLost { .. }), "{kind}: {lost}");
        assert!(!lost.hints().is_empty(), "{kind}");
        assert_eq!(session.state(), SessionState::Broken, "{kind}");
        assert!(writes <= 3, "{kind}: done {writes} times");
        assert_eq!(sim.counters().pipelines_started, 1, "{kind}: a cmdlet that was cut off is not run again");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn input_whose_acknowledgement_is_cut_off_has_arrived_once() {
    let (sim, session, _, given, writes) = fed("send#1:truncate").await;
    match &given.end {
        Ok(()) => assert_eq!(writes, 3), // its end was told before the answer broke
        Err(lost) => assert!(matches!(lost, RemoteError::SessionLost { .. }), "{lost}"),
    }
    let after = run(&session, list()).await;
    assert!(matches!(after.end, Err(RemoteError::SessionLost { .. })), "{:?}", after.end);
    assert!(sim.counters().writes <= 3);
}

/// Whoever feeds a pipeline may be the first to meet its end.
#[tokio::test(flavor = "multi_thread")]
async fn input_after_a_failure_is_refused_with_its_reason() {
    let sim = simulator("send#1:quota").await;
    let session = open(&sim, &Arc::default()).await.unwrap();
    let mut running = session.start(change_what_comes()).await.unwrap();
    let mut refused = Ok(());
    while refused.is_ok() {
        let alice = PsObject::bag([("Identity", "alice".into())]);
        refused = in_time(running.input(alice.into())).await;
    }
    assert!(matches!(refused, Err(RemoteError::Fault { .. })), "{refused:?}");
    assert!(matches!(running.next().await, Some(Err(RemoteError::Fault { .. }))), "its end says so, too");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_send_is_repeated_only_when_the_server_says_that_it_did_nothing() {
    let (_sim, session, witness, given, writes) = fed("send#1:load-quota=30").await;
    given.end.unwrap();
    assert_eq!((witness.heard(), writes), (vec!["throttled 30 ms".to_owned()], 3));
    assert_eq!(session.state(), SessionState::Opened);
    let (_sim, session, _, given, writes) = fed("send#1:quota").await;
    assert!(matches!(given.end, Err(RemoteError::Fault { .. })), "{:?}", given.end);
    assert_eq!((session.state(), writes), (SessionState::Opened, 0), "a refused input changed nothing");
    for kind in ["slow=1", "stall=50"] {
        let (_sim, _session, _, given, writes) = fed(&format!("send#1:{kind}")).await;
        given.end.unwrap();
        assert_eq!(writes, 3, "{kind}");
    }
}
