//! `group_by`: values with an equal property together, as objects with Count, Name, Group and Values.
//!
//! Not here: how a group looks, which is the view of `Group-Object`'s type.

use rhai::{Dynamic, Map, Module, NativeCallContext};

use crate::clixml::PsValue;
use crate::render::select::{group_info, places_in_groups};

use super::super::super::options::{Known, Options};
use super::super::super::state::RhaiResult;
use super::super::{described, text_of, to_dynamic};
use super::key::{Key, comparable, values_of_all};
use super::{Item, Many, call};

const METHOD: &str = "group_by";

const GROUP: &str = "Values with an equal property, or what a function gives, together: objects with Count, Name and Group,\n\
    in the order of Name. Options: NoElement leaves Group out, AsHashTable gives a map from Name to the values.\n\
    # Example\n\
    ```rhai\n\
    get_mailbox().group_by(\"RecipientTypeDetails\")\n\
    ```";

pub(super) const OPTIONS: [Known; 2] = [("NoElement", &[]), ("AsHashTable", &["AsMap"])];

/// Registers the method.
pub(super) fn register<T: Many>(module: &mut Module) {
    described(METHOD, &[T::RECEIVER, "by: ?", T::GIVEN], GROUP).set_into_module(
        module,
        |context: NativeCallContext<'_>, values: &mut T, by: Dynamic| -> RhaiResult<Dynamic> {
            grouped::<T>(&context, &values.items()?, &by, Map::new())
        },
    );
    described(METHOD, &[T::RECEIVER, "by: ?", "options: map", "?"], GROUP).set_into_module(
        module,
        |context: NativeCallContext<'_>, values: &mut T, by: Dynamic, options: Map| -> RhaiResult<Dynamic> {
            grouped::<T>(&context, &values.items()?, &by, options)
        },
    );
}

fn grouped<T: Many>(
    context: &NativeCallContext<'_>,
    items: &[Item],
    by: &Dynamic,
    options: Map,
) -> RhaiResult<Dynamic> {
    let mut options = Options::read(METHOD, &OPTIONS, options)?;
    let no_element = options.truth("NoElement")?.unwrap_or(false);
    let as_map = options.truth("AsHashTable")?.unwrap_or(false);
    let keys = Key::read_all(METHOD, by)?;
    let rows = values_of_all(&keys, &|function, value| call(METHOD, context, function, value), items)?;
    let rows: Vec<Vec<PsValue>> =
        rows.into_iter().map(|row| row.into_iter().map(|value| value.unwrap_or(PsValue::Null)).collect()).collect();
    let order: Vec<Vec<PsValue>> = rows.iter().map(|row| row.iter().map(comparable).collect()).collect();
    let groups = places_in_groups(&order);
    let members = |places: &[usize]| places.iter().map(|place| items[*place].clone()).collect::<Vec<_>>();
    if as_map {
        let name = |row: &[PsValue]| row.iter().map(|key| text_of(&to_dynamic(key))).collect::<Vec<_>>().join(", ");
        let entry = |places: &Vec<usize>| (name(&rows[places[0]]).into(), T::of_items(members(places)));
        return Ok(groups.iter().map(entry).collect::<Map>().into());
    }
    let info = |places: &Vec<usize>| {
        let members = members(places).into_iter().map(|item| item.seen).collect();
        group_info(&rows[places[0]], members, no_element)
    };
    Ok(T::of_objects(groups.iter().map(info).collect()))
}
