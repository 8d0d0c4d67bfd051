//! The language itself, before any session: output, ending, errors with places, the memory of a prompt.

use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use exsh::script::ErrorKind;

use super::screen::Bench;

#[test]
fn print_goes_to_standard_output_and_debug_to_the_messages() {
    let bench = Bench::new();
    bench.eval("print(1 + 2); debug(\"x\");").unwrap();
    assert_eq!(bench.printed(), ["3"]);
    assert_eq!(*bench.screen.said.lock().unwrap(), ["Debug: <eval>:1: \"x\""]);
}

#[test]
fn exit_ends_with_its_code_and_cannot_be_caught() {
    let bench = Bench::new();
    let outcome = bench.eval("fn f() { try { exit(3) } catch { } } f(); print(\"never\")").unwrap();
    assert_eq!(outcome.exit_code, Some(3));
    assert!(bench.printed().is_empty());
    assert!(bench.text("exit(300)").contains("between 0 and 255"));
}

#[test]
fn a_broken_pipe_ends_the_script_quietly() {
    let bench = Bench::new();
    bench.screen.closed.store(true, Ordering::Relaxed);
    let error = bench.eval("loop { print(1) }").unwrap_err();
    assert_eq!(error.kind, ErrorKind::OutputClosed);
    assert_eq!(error.kind.exit_code(), 0);
}

#[test]
fn an_interrupt_ends_loops_waiting_and_catch_blocks_at_once() {
    let bench = Bench::new();
    let (listener, heard) = std::sync::mpsc::channel();
    *bench.screen.listener.lock().unwrap() = Some(listener);
    let host = bench.host.clone();
    let interrupter = std::thread::spawn(move || {
        for _ in heard {
            host.interrupt();
        }
    });
    for code in ["loop { }", "loop { try { loop { } } catch { } }", "sleep(1000)", "[1, 2].map(|x| { loop { } })"] {
        let since = Instant::now();
        let error = bench.eval(&format!("print(1); {code}")).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Interrupted, "{code}");
        assert!(since.elapsed() < Duration::from_secs(30), "{code}");
    }
    *bench.screen.listener.lock().unwrap() = None;
    interrupter.join().unwrap();
    assert_eq!(bench.text("40 + 2"), "42");
}

#[test]
fn an_error_knows_file_line_column_and_the_calls_around_it() {
    let bench = Bench::new();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("broken.rhai");
    std::fs::write(&path, "#!/usr/bin/env exsh\nfn f(x) {\n  `ä`; x.Name\n}\nf(#{});\n").unwrap();
    let error = bench.run_file(&path, &[]).unwrap_err();
    assert_eq!(error.position, Some((3, 10)));
    assert_eq!(error.source.as_ref().unwrap().name.as_ref(), path.display().to_string());
    let label = &error.diagnostic.labels[0];
    assert_eq!(&error.source.as_ref().unwrap().text[label.span.range()], "Name");
    assert_eq!((error.trace[0].function.as_str(), error.trace[0].line), ("f", 5));
}

#[test]
fn a_misspelt_variable_is_found_before_the_file_runs() {
    let bench = Bench::new();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("typo.rhai");
    std::fs::write(&path, "print(\"first\");\nlet total = 1;\nprint(totl);\n").unwrap();
    let error = bench.run_file(&path, &[]).unwrap_err();
    assert_eq!(error.diagnostic.code, "script::unknown_variable");
    assert_eq!(error.position, Some((3, 7)));
    assert!(bench.printed().is_empty());
}

#[test]
fn arguments_of_a_script_are_what_args_gives() {
    let bench = Bench::new();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("args.rhai");
    std::fs::write(&path, "fn f() { args()[1] } f() + args().len()").unwrap();
    assert_eq!(bench.run_file(&path, &["a", "b"]).unwrap().value.to_string(), "b2");
}

#[test]
fn a_file_that_is_not_there_is_a_usage_error() {
    let bench = Bench::new();
    let error = bench.run_file("/nowhere/at-all.rhai".as_ref(), &[]).unwrap_err();
    assert_eq!(error.kind.exit_code(), 2);
}

#[test]
fn a_prompt_keeps_variables_functions_closures_and_constants_from_line_to_line() {
    let bench = Bench::new();
    for (line, expected) in [
        ("let n = 1;", ""),
        ("fn add(x) { x + 1 }", ""),
        ("add(n)", "2"),
        ("let inc = || { n += 1; n };", ""),
        ("inc.call(); inc.call()", "3"),
        ("n", "3"),
        ("fn add(x) { x + 10 }", ""),
        ("add(n)", "13"),
        ("throw \"oops\"", "error: oops"),
        ("let m = 5; nope", "error: there is no variable nope"),
        ("m", "5"),
    ] {
        let got = match bench.host.repl_line(line) {
            Ok(outcome) => outcome.value.to_string(),
            Err(error) => format!("error: {}", error.diagnostic.message),
        };
        assert_eq!(got, expected, "{line}");
    }
}

#[test]
fn deep_recursion_is_an_error_and_not_the_end_of_the_process() {
    let bench = Bench::new();
    let error = bench.eval("fn f(n) { for i in [1] { if true { try { return f(n + 1) } catch { throw } } } } f(0)");
    assert_eq!(error.unwrap_err().diagnostic.code, "script::call_depth");
}

#[test]
fn a_record_keeps_the_order_in_which_its_properties_are_written() {
    let bench = Bench::new();
    bench
        .eval(
            "fn line(n) {\n record(#{ Zone: n, Alias: `a${n}`, \"Mid dle\": [1] })\n}\n print(line(1).keys());
             print(record(#{ b: 1, a: 2 }, [\"b\"]).keys());",
        )
        .unwrap();
    assert_eq!(bench.printed(), ["[\"Zone\", \"Alias\", \"Mid dle\"]", "[\"b\", \"a\"]"]);
    let constant = bench.host.repl_line("record(#{ Second: 1, First: 2 }).keys()").unwrap();
    assert_eq!(exsh::script::value::text_of(&constant.value), "[Second, First]");
}

#[test]
fn a_table_may_have_calculated_columns_and_options() {
    let bench = Bench::new();
    bench
        .eval("table([#{ A: 1 }, #{ A: 2 }], [#{ Name: \"Twice\", Expression: |it| it.A * 2 }], #{ GroupBy: \"A\" })")
        .unwrap();
    let shown = bench.printed();
    assert!(shown[1].contains("[\"Twice\", \"A\"]"), "{shown:?}");
    assert!(bench.text("table([1], \"x\", #{ Wrop: true })").contains("has no option Wrop"));
}

/// `shared/data/exchange-clixml`: what exsh writes of each file is read back as the same objects.
#[test]
fn every_file_of_exchange_goes_through_import_and_export_unchanged() {
    use exsh::clixml::reading::Readings;
    use exsh::clixml::{ReadLimits, read_document};
    let folder = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/exchange-clixml"));
    let Ok(files) = std::fs::read_dir(folder) else {
        println!("skipped: ../shared/data is absent");
        return;
    };
    let bench = Bench::new();
    let copies = tempfile::tempdir().unwrap();
    let read = |path: &std::path::Path| -> Vec<String> {
        let mut readings = Readings::default();
        let values = read_document(&std::fs::read(path).unwrap(), &ReadLimits::default()).unwrap();
        values.iter().map(|value| readings.reading(value).to_string()).collect()
    };
    for file in files.map(|file| file.unwrap().path()) {
        let copy = copies.path().join("copy.xml");
        let code = format!("export_clixml({copy:?}, import_clixml({file:?}))");
        assert_eq!(bench.text(&code), read(&file).len().to_string(), "{file:?}");
        assert_eq!(read(&copy), read(&file), "{file:?}");
    }
    assert_eq!(std::fs::read_dir(copies.path()).unwrap().count(), 1, "nothing lies beside the file");
    let nowhere = copies.path().join("no such folder/copy.xml");
    let error = bench.eval(&format!("export_clixml({nowhere:?}, 1)")).unwrap_err();
    assert!(error.diagnostic.message.contains("cannot write"), "{error:?}");
}
