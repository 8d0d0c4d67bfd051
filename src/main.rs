//! The `exsh` program: hands its arguments to the library and ends with the library's exit code.

fn main() -> std::process::ExitCode {
    exsh::cli::main()
}
