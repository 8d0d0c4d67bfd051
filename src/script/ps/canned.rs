//! Canned objects as the Exchange of a script, without a server in between: for measuring many scripts quickly.
//!
//! What they answer, and how calls are written down, is decided in `sim::canned`.

use std::sync::{Arc, Mutex};

use serde_json::Value;

use super::exchange::{Exchange, ExchangeCall, Item};
use super::fault::{Problem, Res};
use super::value::lock;
use crate::catalog::{Catalog, Cmdlet};
use crate::render::view::{Alignment, Control, Header, Row, Source, TableControl, View, Views};
use crate::sim::canned::{CannedObjects, CannedRun};

/// Canned objects and the calls that asked for them.
pub struct Canned {
    run: CannedRun,
    calls: Arc<Mutex<Vec<Value>>>,
}

impl Canned {
    /// From the content of an objects file.
    ///
    /// # Errors
    /// When it is no such file.
    pub fn new(document: &Value) -> Result<Self, &'static str> {
        let calls: Arc<Mutex<Vec<Value>>> = Arc::default();
        let noted = calls.clone();
        let objects = CannedObjects::new(document)?.with_log(Arc::new(move |call| lock(&noted).push(call.clone())));
        Ok(Self { run: CannedRun::new(Arc::new(objects)), calls })
    }

    /// The calls so far, as JSON objects.
    #[must_use]
    pub fn calls(&self) -> Vec<Value> {
        lock(&self.calls).clone()
    }
}

/// The table that objects of a type are shown as.
fn table(name: &str, columns: &[&str]) -> View {
    let cell = |column: &&str| crate::render::view::Item {
        label: None,
        source: Source::Property((*column).into()),
        format: None,
        alignment: Alignment::Undefined,
        condition: None,
    };
    let row = Row { cells: columns.iter().map(cell).collect(), ..Row::default() };
    let header = |column: &&str| Header { label: Some((*column).into()), ..Header::default() };
    let control =
        TableControl { headers: columns.iter().map(header).collect(), rows: vec![row], ..TableControl::default() };
    View {
        name: name.into(),
        type_names: vec![name.into()],
        group: None,
        control: Control::Table(control),
        out_of_band: false,
    }
}

impl Exchange for Canned {
    fn find(&self, name: &str) -> Option<Arc<Cmdlet>> {
        // The catalogue knows names in any spelling; PowerShell does not.
        Catalog::built_in().find(name).filter(|cmdlet| cmdlet.name.eq_ignore_ascii_case(name))
    }

    fn add_views(&self, views: &mut Views) {
        for (name, columns) in self.run.objects().tables() {
            views.add(table(name, &columns));
        }
    }

    fn run(&self, call: &ExchangeCall, take: &mut dyn FnMut(Item) -> Res<()>) -> Res<()> {
        match self.run.answer(&call.bound, call.input.is_some()) {
            Ok(objects) => objects.iter().try_for_each(|object| take(Item::Output(super::wire::from_wire(object)))),
            Err(missing) => {
                let id = format!("ObjectNotFound,{}", call.bound.cmdlet);
                let problem = Problem::new(id, "NotSpecified", missing.to_string());
                take(Item::Error(problem.exception("System.Management.Automation.RemoteException")))
            }
        }
    }
}
