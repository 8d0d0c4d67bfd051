//! Meetings of a mailbox: Get-CalendarDiagnosticObjects and -Log say what became of them, Remove-CalendarEvents cancels them.
//!
//! Which meetings there are follows from the mailbox and the week; only what was cancelled is kept.

use jiff::{SignedDuration, Timestamp};

use super::mailbox::keep;
use super::reading::{identified, result_size};
use super::{Attempt, Call, Failure, Halt, Spec, Tries};
use crate::clixml::PsValue;
use crate::sim::org::entry::{Class, Entry, EntryId};
use crate::sim::org::seed::mix;
use crate::sim::org::{canonical_name, schema, value};

/// Under which name a mailbox remembers which of its meetings were cancelled, and when.
const CANCELLED: &str = "CancelledMeetings";

/// Weeks before and after now that have meetings.
const WEEKS: std::ops::Range<i64> = -9..27;

/// A window of more days is refused, as the documentation has it.
const WINDOW_DAYS_MAX: i64 = 1825;

const SUBJECTS: &[&str] =
    &["Weekly review", "Budget", "Planning", "Interview", "Project Aurora", "One to one", "Demo", "Suppliers"];

pub(super) fn specs() -> Vec<Spec> {
    vec![
        Spec {
            name: "Get-CalendarDiagnosticObjects",
            parameters: &[
                "Identity",
                "Subject",
                "ExactMatch",
                "MeetingId",
                "ItemClass",
                "StartDate",
                "EndDate",
                "ResultSize",
                "~MaxResults",
                "~CustomPropertyNames",
                "~ShouldBindToItem",
                "~ShouldDecodeEnums",
                "~ShouldFetchAttendeeCollection",
                "~ShouldFetchRecurrenceExceptions",
                "~ShouldResolveParticipants",
            ],
            output: "",
            start: |_| Box::new(Tries(diagnose)),
        },
        Spec {
            name: "Get-CalendarDiagnosticLog",
            parameters: &[
                "Identity",
                "Subject",
                "ExactMatch",
                "MeetingID",
                "ItemClass",
                "StartDate",
                "EndDate",
                "ResultSize",
                "Latest",
                "~ReadFromDomainController",
            ],
            output: "",
            start: |_| Box::new(Tries(diagnose)),
        },
        Spec {
            name: "Remove-CalendarEvents",
            parameters: &[
                "Identity",
                "QueryWindowInDays",
                "QueryStartDate",
                "CancelOrganizedMeetings",
                "PreviewOnly",
                "~UseCustomRouting",
            ],
            output: "System.String",
            start: |_| Box::new(Tries(remove)),
        },
    ]
}

/// A meeting in somebody's calendar.
struct Meeting {
    /// The same in the calendars of all who take part.
    id: String,
    subject: &'static str,
    organizer: Entry,
    /// Who else takes part.
    others: Vec<Entry>,
    /// When it was made; never later than now.
    made: Timestamp,
    start: Timestamp,
    end: Timestamp,
    weekly: bool,
    /// When it was cancelled, if it was.
    cancelled: Option<Timestamp>,
}

impl Meeting {
    fn is_of(&self, mailbox: &Entry) -> bool {
        self.organizer.id == mailbox.id
    }
}

/// Whoever mailbox `number` of the organization is, going round.
fn somebody(call: &Call<'_>, number: u64) -> Option<Entry> {
    let count = call.organization().mailbox_count().max(1) as u64;
    call.organization().read(|state| state.get(EntryId::Mailbox((number % count) as u32)))
}

/// The meetings of a mailbox around now, oldest first.
fn meetings(call: &Call<'_>, mailbox: &Entry) -> Vec<Meeting> {
    let week = SignedDuration::from_hours(24 * 7);
    let now = call.organization().now().as_second().div_euclid(week.as_secs());
    let cancelled = mailbox.texts(CANCELLED);
    let mut found = Vec::new();
    for week_number in (now + WEEKS.start)..(now + WEEKS.end) {
        let draw = mix(mailbox.guid.as_u128() as u64 ^ mix(week_number as u64));
        for part in 0..draw % 3 {
            let draw = mix(draw ^ part);
            let Some(other) = somebody(call, draw >> 20) else { continue };
            let own = mailbox.class == Class::UserMailbox && draw.is_multiple_of(2);
            let (organizer, guest) = if own { (mailbox.clone(), other) } else { (other, mailbox.clone()) };
            if guest.id == organizer.id {
                continue;
            }
            // A Monday at 8, later on another day.
            let monday = Timestamp::from_second(week_number * week.as_secs()).unwrap_or_default();
            let hours = 24 * (4 + (draw >> 8) as i64 % 5) + 8 + (draw >> 12) as i64 % 9;
            let start = monday + SignedDuration::from_hours(hours);
            let id = format!("040000008200E00074C5B7101A82E008{draw:016X}");
            let when = cancelled.iter().find_map(|entry| entry.strip_prefix(&id)?.strip_prefix('=')?.parse().ok());
            found.push(Meeting {
                id,
                subject: SUBJECTS[(draw >> 4) as usize % SUBJECTS.len()],
                organizer,
                others: vec![guest],
                made: (start - SignedDuration::from_hours(24 * 9))
                    .min(call.organization().now() - SignedDuration::from_hours(1 + (draw >> 24) as i64 % 200)),
                start,
                end: start + SignedDuration::from_mins(30 + 30 * ((draw >> 16) as i64 % 4)),
                weekly: (draw >> 18).is_multiple_of(4),
                cancelled: when,
            });
        }
    }
    found.sort_by_key(|meeting| meeting.start);
    found
}

fn diagnose(call: &mut Call<'_>) -> Attempt {
    let mailbox = identified(call, Class::MAILBOXES)?;
    let (limit, _) = result_size(call)?;
    let [from, to] = ["StartDate", "EndDate"].map(|name| call.value(name).and_then(value::timestamp_of));
    let subject = call.text("Subject").map(|text| text.to_lowercase());
    let exact = call.flag("ExactMatch");
    let id = call.text("MeetingId").or_else(|| call.text("MeetingID"));
    let classes = call.texts("ItemClass");
    let wanted = |meeting: &Meeting| {
        let own = meeting.subject.to_lowercase();
        from.is_none_or(|from| meeting.end >= from)
            && to.is_none_or(|to| meeting.start <= to)
            && subject.as_ref().is_none_or(|text| if exact { own == *text } else { own.contains(text.as_str()) })
            && id.as_ref().is_none_or(|id| meeting.id.eq_ignore_ascii_case(id))
    };
    let found = meetings(call, &mailbox).into_iter().filter(wanted);
    let mut rows: Vec<(Timestamp, Vec<(&'static str, PsValue)>)> =
        found.flat_map(|meeting| log_of(&mailbox, &meeting)).collect();
    rows.sort_by_key(|(when, _)| *when);
    if call.flag("Latest") {
        keep_latest(&mut rows);
    }
    let view = schema::view("CalendarDiagnosticObjects").ok_or(Halt::Stopped)?;
    let of_class = |row: &Vec<(&str, PsValue)>| {
        let own = row.iter().find(|(name, _)| *name == "ItemClass").and_then(|(_, value)| value::plain_text(value));
        let own = own.unwrap_or_default();
        classes.is_empty() || classes.iter().any(|class| value::wildcard(class, &own))
    };
    for (_, row) in rows.into_iter().filter(|(_, row)| of_class(row)).take(limit) {
        call.output(view.record(&row))?;
    }
    Ok(())
}

/// Of each meeting only what happened last.
fn keep_latest(rows: &mut Vec<(Timestamp, Vec<(&'static str, PsValue)>)>) {
    let id_of = |row: &[(&'static str, PsValue)]| {
        let id = row.iter().find(|(name, _)| *name == "CleanGlobalObjectId");
        id.and_then(|(_, id)| value::plain_text(id)).unwrap_or_default()
    };
    let mut seen = std::collections::HashSet::new();
    rows.reverse();
    rows.retain(|(_, row)| seen.insert(id_of(row)));
    rows.reverse();
}

/// What the log of a mailbox has of a meeting: made or invited to, answered, taken away.
fn log_of(mailbox: &Entry, meeting: &Meeting) -> Vec<(Timestamp, Vec<(&'static str, PsValue)>)> {
    let made = meeting.made;
    let own = meeting.is_of(mailbox);
    let row = |number: i32, when: Timestamp, action: &str, class: &str, client: &str, folder: &str| {
        let names: Vec<String> = meeting.others.iter().map(|other| other.text("DisplayName")).collect();
        let address = meeting.organizer.primary_address();
        let cancelled = action == "MoveToDeletedItems";
        let text = |text: &str| PsValue::from(text);
        let row = vec![
            ("Identity", canonical_name(mailbox).into()),
            ("LogTimestamp", value::utc(when)),
            ("LogRowType", text(if class == "IPM.Appointment" { "Interesting" } else { "MeetingMessageChange" })),
            ("CalendarLogTriggerAction", text(action)),
            ("ItemClass", text(class)),
            ("ItemVersion", PsValue::I32(number)),
            ("LogClientInfoString", text(client)),
            ("ResponsibleUserName", if own { address.as_str().into() } else { text("Calendar Assistant") }),
            ("SubjectProperty", text(meeting.subject)),
            ("NormalizedSubject", text(meeting.subject)),
            ("OrganizerSMTPAddress", address.as_str().into()),
            ("IsOrganizerProperty", own.into()),
            ("SentRepresentingDisplayName", meeting.organizer.text("DisplayName").into()),
            ("SentRepresentingEmailAddress", address.as_str().into()),
            ("DisplayAttendeesAll", names.join("; ").into()),
            ("StartTime", value::utc(meeting.start)),
            ("EndTime", value::utc(meeting.end)),
            ("Location", mailbox.get("Office").cloned().unwrap_or(PsValue::Null)),
            ("TimeZone", text("W. Europe Standard Time")),
            ("FreeBusyStatus", text(if cancelled { "Free" } else { "Busy" })),
            ("ResponseType", text(if own { "Organizer" } else { "Accept" })),
            ("AppointmentState", text(if own { "Meeting" } else { "Meeting, Received" })),
            ("AppointmentSequenceNumber", PsValue::I32(i32::from(cancelled))),
            ("AppointmentRecurring", meeting.weekly.into()),
            ("CalendarItemType", text(if meeting.weekly { "RecurringMaster" } else { "Single" })),
            ("IsCancelled", cancelled.into()),
            ("ParentDisplayName", text(folder)),
            ("OriginalParentDisplayName", text("Calendar")),
            ("OriginalCreationTime", value::utc(made)),
            ("OriginalLastModifiedTime", value::utc(when)),
            ("CleanGlobalObjectId", meeting.id.as_str().into()),
        ];
        (when, row)
    };
    let mut rows = vec![row(1, made, "Create", "IPM.Appointment", "Client=OWA;Action=CreateCalendarEvent", "Calendar")];
    if !own {
        let answered = made + SignedDuration::from_mins(1);
        rows.push(row(2, answered, "Update", "IPM.Appointment", "Client=ResourceBookingAssistant", "Calendar"));
    }
    if let Some(when) = meeting.cancelled {
        let client = "Client=Management;Action=RemoveCalendarEvents";
        rows.push(row(3, when, "MoveToDeletedItems", "IPM.Appointment", client, "Deleted Items"));
    }
    rows
}

fn remove(call: &mut Call<'_>) -> Attempt {
    let mailbox = identified(call, Class::MAILBOXES)?;
    let days = call.value("QueryWindowInDays").and_then(value::number_of).unwrap_or(0);
    if !(1..=WINDOW_DAYS_MAX).contains(&days) {
        let message = format!("The window is 1 to {WINDOW_DAYS_MAX} days.");
        return Err(Failure::invalid("QueryWindowInDays", message).into());
    }
    if !call.flag("CancelOrganizedMeetings") {
        let message = "Say that meetings are to be cancelled: CancelOrganizedMeetings.";
        return Err(Failure::invalid("CancelOrganizedMeetings", message).into());
    }
    let now = call.organization().now();
    let from = call.value("QueryStartDate").and_then(value::timestamp_of).unwrap_or(now);
    let to = from + SignedDuration::from_hours(24 * days);
    let concerned: Vec<Meeting> = meetings(call, &mailbox)
        .into_iter()
        .filter(|one| one.is_of(&mailbox) && one.cancelled.is_none() && one.start >= from && one.start < to)
        .collect();
    if call.flag("PreviewOnly") {
        for meeting in &concerned {
            let names: Vec<String> = meeting.others.iter().map(|other| other.text("DisplayName")).collect();
            let when = meeting.start.strftime("%Y-%m-%d %H:%M");
            call.output(format!("{} at {when} UTC with {}", meeting.subject, names.join("; ")).as_str())?;
        }
        return Ok(());
    }
    let name = canonical_name(&mailbox);
    if !call.should_process(&format!("Cancel {} meetings organized by", concerned.len()), &name)? {
        return Ok(());
    }
    let everybody = concerned.iter().flat_map(|meeting| meeting.others.iter().map(move |other| (other.id, meeting)));
    let own = concerned.iter().map(|meeting| (mailbox.id, meeting));
    for (id, meeting) in own.chain(everybody) {
        let Some(mut entry) = call.organization().read(|state| state.get(id)) else { continue };
        let mut list = entry.texts(CANCELLED);
        list.push(format!("{}={now}", meeting.id));
        entry.set(CANCELLED, value::texts(list));
        keep(call, entry);
    }
    for meeting in &concerned {
        call.verbose(&format!("the meeting \"{}\" was cancelled", meeting.subject))?;
    }
    Ok(())
}
