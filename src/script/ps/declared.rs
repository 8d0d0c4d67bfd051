//! The types that the running script defines, by name: what `types`, `enums` and casts look up.
//!
//! Names are asked for in places that know nothing of the run, so the thread that runs a script keeps its types.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use super::class::Class;
use super::enums::Shape;
use super::value::{Obj, lock};

/// The types of one run.
#[derive(Debug, Default)]
pub(super) struct Declared {
    classes: Mutex<HashMap<String, Arc<Class>>>,
    enumerations: Mutex<HashMap<String, Arc<Shape>>>,
}

thread_local! {
    static PRESENT: RefCell<Arc<Declared>> = RefCell::default();
}

/// Makes a run's types the ones that this thread sees.
pub(super) fn enter(declared: &Arc<Declared>) {
    PRESENT.with(|present| *present.borrow_mut() = declared.clone());
}

fn present() -> Arc<Declared> {
    PRESENT.with(|present| present.borrow().clone())
}

/// Makes a class known.
pub(super) fn add_class(class: Class) {
    let declared = present();
    lock(&declared.classes).insert(class.name.to_lowercase(), Arc::new(class));
}

/// Makes an enumeration known.
pub(super) fn add_enumeration(shape: Shape) {
    let declared = present();
    lock(&declared.enumerations).insert(shape.name.to_lowercase(), Arc::new(shape));
}

/// A class of the script.
#[must_use]
pub(super) fn class(name: &str) -> Option<Arc<Class>> {
    let declared = present();
    let classes = lock(&declared.classes);
    if classes.is_empty() { None } else { classes.get(&name.to_lowercase()).cloned() }
}

/// The class of an object.
#[must_use]
pub(super) fn class_of(object: &Obj) -> Option<Arc<Class>> {
    if lock(&present().classes).is_empty() {
        return None;
    }
    object.types().iter().find_map(|name| class(name))
}

/// An enumeration of the script.
#[must_use]
pub(super) fn enumeration(name: &str) -> Option<Arc<Shape>> {
    let declared = present();
    let enumerations = lock(&declared.enumerations);
    if enumerations.is_empty() { None } else { enumerations.get(&name.to_lowercase()).cloned() }
}

/// The name of a type of the script, as it was defined.
#[must_use]
pub(super) fn name(name: &str) -> Option<Arc<str>> {
    class(name).map(|class| class.name.clone()).or_else(|| enumeration(name).map(|shape| shape.name.clone()))
}
