//! What exsh costs, as ratios against references measured in the same run: one table, kept for comparison.
//!
//! `cargo bench --manifest-path benches/Cargo.toml`; `-- NAME` measures only figures whose names contain NAME.
//! A figure that needs a process of its own starts this program again, as itself or as `exsh`.

mod clixml;
mod end_to_end;
mod port;
mod program;

use exsh_benches::figure::Figures;

fn main() -> std::process::ExitCode {
    if let Some(task) = std::env::var_os(program::TASK) {
        return program::perform(&task.to_string_lossy());
    }
    // cargo says --bench to whatever it runs
    let wanted = std::env::args().skip(1).find(|argument| !argument.starts_with("--")).unwrap_or_default();
    let mut figures = Figures::new(wanted);
    clixml::measure(&mut figures);
    end_to_end::measure(&mut figures);
    port::measure(&mut figures);
    program::measure(&mut figures);
    match figures.finish() {
        0 => println!("every aim is met"),
        over => println!("{over} over their aim"),
    }
    std::process::ExitCode::SUCCESS
}
