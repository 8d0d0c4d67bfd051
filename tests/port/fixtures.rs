//! Fixtures: PowerShell files and the Rhai they become, as snapshots that a person has read; the twenty tasks of
//! `scripts/ported` with their ported texts beside them.

use std::path::{Path, PathBuf};

use exsh::diagnostic::Severity;
use exsh::port;

fn here(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn sources(folder: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = std::fs::read_dir(here(folder))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "ps1"))
        .map(|path| {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read_to_string(path).unwrap())
        })
        .collect();
    found.sort();
    found
}

fn snapshot(folder: &str, name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(here(folder));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}

#[test]
fn whole_scripts_are_carried_over_and_compile() {
    for (name, source) in sources("tests/port/ok") {
        let parsed = port::parse(&source);
        assert_eq!(parsed.failures().count(), 0, "{name}: {:?}", parsed.errors);
        let kept = port::keep(&source, &parsed, &format!("{name}.ps1"));
        assert!(kept.is_complete(), "{name}: {:?}", kept.diagnostics);
        exsh::script::ps::check(&kept.text).unwrap_or_else(|error| panic!("{name}: {error}\n{}", kept.text));
        snapshot("tests/port/ok", &name, &kept.text);
    }
}

#[test]
fn whole_reporting_scripts_are_carried_over_as_a_person_would_keep_them() {
    let reports = sources("tests/port/reports");
    assert!(reports.len() >= 12, "{}", reports.len());
    for (name, source) in reports {
        let kept = port::keep(&source, &port::parse(&source), &format!("{name}.ps1"));
        assert!(kept.is_complete(), "{name}: {:?}", kept.diagnostics);
        exsh::script::ps::check(&kept.text).unwrap_or_else(|error| panic!("{name}: {error}\n{}", kept.text));
        snapshot("tests/port/reports", &name, &kept.text);
    }
}

#[test]
fn the_example_of_every_page_meets_the_page() {
    for page in port::diagnostic::PAGES {
        let parsed = port::parse(page.example);
        let kept = port::keep(page.example, &parsed, "");
        let found: Vec<&str> = kept.diagnostics.iter().map(|found| found.code).collect();
        assert!(found.contains(&page.code), "{}: {found:?}\n{}", page.code, kept.text);
        assert_eq!(kept.text.contains("unsupported("), page.stops, "{}\n{}", page.code, kept.text);
    }
}

#[test]
fn comments_stay_where_they_were() {
    let source = "# one\n$a = @{\n    # two\n    b = 1 # three\n    c = 2\n}\nif ($a) {\n    'x'\n    # four\n}\ntry { 'y' } catch {\n    # five\n}\n'z' # six\n";
    let kept = port::keep(source, &port::parse(source), "");
    let expected = "import \"powershell\" as ps;\n\n// one\nlet a = table {\n    // two\n    b: 1, // three\n    c: 2,\n};\n\
                    if truthy(a) {\n    show(\"x\");\n    // four\n}\ntry {\n    show(\"y\");\n} catch (err) {\n    // five\n}\n\
                    show(\"z\"); // six\n";
    assert_eq!(kept.text, expected);
}

#[test]
fn what_stays_behind_is_named_and_throws_in_its_place() {
    let mut codes = Vec::new();
    for (name, source) in sources("tests/port/unsupported") {
        let kept = port::keep(&source, &port::parse(&source), &format!("{name}.ps1"));
        exsh::script::ps::check(&kept.text).unwrap_or_else(|error| panic!("{name}: {error}\n{}", kept.text));
        let errors = kept.diagnostics.iter().filter(|found| found.severity == Severity::Error).count();
        assert_eq!(kept.text.matches("unsupported(").count(), errors, "{name}\n{}", kept.text);
        codes.extend(kept.diagnostics.iter().map(|found| found.code));
        snapshot("tests/port/unsupported", &name, &kept.text);
    }
    for found in codes {
        assert!(port::diagnostic::page(found).is_some(), "{found} has no page");
    }
}

#[test]
fn broken_sources_give_all_their_errors_with_places() {
    for (name, source) in sources("tests/port/parse_error") {
        let parsed = port::parse(&source);
        let shown: String = parsed
            .errors
            .iter()
            .map(|error| exsh::render::diagnostic(&error.diagnostic(), &source, &name, exsh::render::Theme::Plain))
            .collect();
        assert!(parsed.errors.len() > 1, "{name}: {shown}");
        snapshot("tests/port/parse_error", &name, &shown);
    }
}

#[test]
fn the_twenty_tasks_are_ported_as_the_files_beside_them_say() {
    let tasks = sources("scripts/ported");
    assert!(tasks.len() >= 20, "{}", tasks.len());
    for (name, source) in tasks {
        let kept = port::keep(&source, &port::parse(&source), &format!("{name}.ps1"));
        assert!(kept.is_complete(), "{name}: {:?}", kept.diagnostics);
        exsh::script::ps::check(&kept.text).unwrap_or_else(|error| panic!("{name}: {error}\n{}", kept.text));
        let file = here("scripts/ported").join(format!("{name}.rhai"));
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&file, &kept.text).unwrap();
        }
        let beside = std::fs::read_to_string(&file).unwrap_or_default();
        assert_eq!(beside, kept.text, "run with UPDATE=1 to write {name}.rhai anew, and read it");
    }
}
