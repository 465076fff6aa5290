//! The program: parses, runs, and turns an error into text and an exit code.

/// Records are many small pieces, made on one thread and freed on another.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    talks::cli::main()
}
