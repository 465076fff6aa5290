//! The program: parses, runs, and turns an error into text and an exit code.

fn main() -> std::process::ExitCode {
    talks::cli::main()
}
