//! The `notes` program; see [`notes::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    notes::cli::run()
}
