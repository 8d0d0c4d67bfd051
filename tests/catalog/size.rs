//! The carried data: complete, small, quick to open.

use exsh::catalog::{Catalog, pack};

#[test]
fn the_catalogue_is_under_400_kb_and_has_every_documented_cmdlet() {
    let packed = include_bytes!("../../src/catalog/catalog.bin");
    assert!(packed.len() < 400_000, "{} bytes", packed.len());
    let catalog = Catalog::from_bytes(packed).unwrap();
    assert_eq!(catalog.len(), 1437);
    assert_eq!(catalog.cmdlets().count(), 1437);
    assert_eq!(catalog.cmdlets().map(|cmdlet| cmdlet.parameters.len()).sum::<usize>(), 15_254);
}

#[test]
fn the_program_in_the_repository_builds_the_carried_catalogue_byte_for_byte() {
    let data = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    let read = |name: &str| std::fs::read(data.join(name));
    let (Ok(pages), Ok(corrections)) = (read("cmdlet-catalog.json"), read("cmdlet-traces/binding.json")) else {
        println!("skipped: ../shared/data is absent");
        return;
    };
    let built = crate::build_catalog::built(&pages, &corrections).unwrap();
    assert!(built == include_bytes!("../../src/catalog/catalog.bin"), "src/catalog/catalog.bin is out of date");
}

#[test]
fn packing_what_was_unpacked_gives_the_same_bytes() {
    let packed = include_bytes!("../../src/catalog/catalog.bin");
    let catalog = Catalog::from_bytes(packed).unwrap();
    let cmdlets: Vec<_> = catalog.cmdlets().map(|cmdlet| (*cmdlet).clone()).collect();
    assert!(pack(&cmdlets) == packed.as_slice());
}

#[test]
fn damaged_data_are_refused() {
    let packed = include_bytes!("../../src/catalog/catalog.bin");
    for length in [0, 3, 4, 100, packed.len() / 2, packed.len() - 1] {
        assert!(Catalog::from_bytes(&packed[..length]).is_err(), "{length}");
    }
}

#[test]
fn every_cmdlet_is_found_by_each_of_its_spellings() {
    let catalog = Catalog::built_in();
    for cmdlet in catalog.cmdlets() {
        let spellings = [cmdlet.name.to_string(), cmdlet.snake_name(), cmdlet.name.replace('-', "").to_lowercase()];
        for spelling in spellings {
            assert_eq!(
                catalog.find(&spelling).map(|found| found.name.clone()),
                Some(cmdlet.name.clone()),
                "{spelling}"
            );
        }
    }
    assert!(catalog.find("get_nothing").is_none());
}

#[test]
fn names_that_are_nearly_right_are_suggested_in_the_spelling_used() {
    let catalog = Catalog::built_in();
    assert_eq!(catalog.similar("get_mailbx").first().map(String::as_str), Some("get_mailbox"));
    assert_eq!(catalog.similar("Get-Mailbxo").first().map(String::as_str), Some("Get-Mailbox"));
    assert!(catalog.similar("zzzzzz").is_empty());
}
