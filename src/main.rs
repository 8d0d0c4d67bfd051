//! The `exsh` program: hands the arguments to the library and ends with its exit code.

fn main() {}
