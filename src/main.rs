//! The operator's tool: parse, dispatch, exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    idvctl::cli::main()
}
