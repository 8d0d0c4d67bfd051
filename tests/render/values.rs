//! `clixml-golden/values.json`: texts of single values.

use exsh::clixml::{PsObject, PsValue};
use exsh::render::inspect;
use exsh::render::text::{Culture, interpolated};
use serde_json::Value;

use super::data;

/// Cases that differ, and why.
const DIFFERS: &[(&str, &str)] =
    &[("v-credential.json", "the length of a secret is not known without its key, and is nobody's business")];

#[test]
fn values_look_as_in_powershell() {
    let Some(folder) = data::folder("clixml-golden") else { return };
    let mut surprises = Vec::new();
    let (mut equal, mut all) = (0, 0);
    for case in data::cases(&folder.join("values.json")) {
        let name = case["name"].as_str().unwrap().to_owned();
        let value = data::clixml(case["clixml"].as_str()).remove(0);
        let bag: PsValue = PsObject::bag([("V", value.clone())]).into();
        let shown = |command: &str, of: &PsValue, width: usize| {
            inspect(std::slice::from_ref(of), &[], command, width).unwrap_or_else(|error| error.to_string())
        };
        let lines = |command: &str| shown(command, &bag, 60).trim_end_matches('\n').to_owned();
        let forms: [(&str, String); 6] = [
            ("inString", interpolated(&value)),
            ("pipeline", shown("", &value, 60)),
            ("tableCell", shown("Format-Table V", &bag, 60)),
            ("list", shown("Format-List V", &bag, 60)),
            ("csv", lines("ConvertTo-Csv -NoHeader")),
            ("json", lines("ConvertTo-Json -Compress -Depth 3")),
        ];
        for (form, ours) in forms {
            let Value::String(theirs) = &case["read"][form] else { continue };
            all += 1;
            let key = format!("{name}.{form}");
            let same = *theirs == ours;
            equal += usize::from(same);
            if same == DIFFERS.iter().any(|(known, _)| *known == key) {
                println!("{key}: theirs {theirs:?}, ours {ours:?}");
                surprises.push(key);
            }
        }
    }
    println!("values.json: {equal} of {all} equal ({})", Culture::EN_US.name);
    assert!(surprises.is_empty(), "these changed sides: {surprises:?}");
}

#[test]
fn what_exchange_adds_for_its_own_tools_is_shown_to_whoever_names_it_only() {
    let data = PsValue::Bytes([0, 1, 0].into());
    let object = PsObject::builder().adapted("Name", "alice").extended("SerializationData", data).build();
    for command in ["", "Format-List", "Format-Table", "ConvertTo-Json", "ConvertTo-Csv"] {
        let text = inspect(&[object.clone().into()], &[], command, 80).unwrap();
        assert!(text.contains("alice") && !text.contains("SerializationData"), "{command}: {text}");
    }
    let text = inspect(&[object.into()], &[], "Format-List Name, SerializationData", 80).unwrap();
    assert!(text.contains("SerializationData : {0, 1, 0}"), "{text}");
}
