//! The door, tried as a user tries it: commands typed into a shell, in a folder of their own.

mod kinds;
mod refused;
mod works;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::{env, fs};

use serde_json::Value;

/// A log of drafts: e1 opens, S1 and S2 are registered, R1 opens, D1 and D2 are raised and D2 is withdrawn, a statement is made.
const PAY_LOG: &str = r#"{"kind":"negotiation.opened","occurred":"2024-03-01","data":{"title":"Pay talks at the port","zone":"+01:00","parties":[{"party":"union","name":"Dockers' union","aliases":["the dockers","the staff"],"kind":"union","role":"party"},{"party":"port","name":"Port authority","aliases":["the harbour"],"kind":"employer","role":"party"},{"party":"clerks","name":"Clerks' union","aliases":["the staff"],"kind":"union","role":"party"}]}}
{"kind":"source.registered","data":{"title":"The strike of the cranes","publisher":"Harbour Post","published":"2024-03-05"}}
{"kind":"source.registered","data":{"title":"The port answers","publisher":"Evening News","published":"2024-03-08"}}
{"kind":"round.opened","occurred":"2024-03-04","data":{"called":"the first round"}}
{"kind":"demand.raised","occurred":"2024-03-04","data":{"by":["union"],"of":["port"],"text":"Eight per cent for all grades"},"sources":[{"source":"S1"}],"id":"01890a5d-ac96-774b-bcce-b302099a8057"}
{"kind":"demand.raised","occurred":"2024-03-04","data":{"by":"union","of":"port","text":"A new canteen"}}
{"kind":"demand.withdrawn","occurred":"2024-03-06","data":{"demand":"D2"}}
{"kind":"statement.made","occurred":"2024-03-07","data":{"by":"port","act":"position","text":"The books are open"}}
"#;
/// A log of drafts about something else.
const OTHER_LOG: &str = r#"{"kind":"negotiation.opened","occurred":"2024-05-01","data":{"title":"Another matter","parties":[{"party":"a","name":"A","kind":"state","role":"party"}]}}
{"kind":"demand.raised","occurred":"2024-05-02","data":{"by":["a"],"of":["a"],"text":"Nothing"}}
"#;

/// What a script printed, and how it left.
struct Ran {
    out: String,
    err: String,
    code: i32,
}

/// A fresh folder, gone when it is dropped.
struct Folder(PathBuf);

impl Folder {
    fn new() -> Folder {
        static MADE: AtomicUsize = AtomicUsize::new(0);
        let name = format!("door.{}.{}", std::process::id(), MADE.fetch_add(1, Ordering::Relaxed));
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&folder).expect("a folder can be made");
        Folder(folder)
    }

    fn path(&self) -> &Path {
        &self.0
    }

    fn write(&self, name: &str, text: &str) {
        fs::write(self.0.join(name), text).expect("a file can be written");
    }

    /// Runs a script with nothing of the surroundings.
    fn run(&self, script: &str) -> Ran {
        self.run_given(script, "")
    }

    fn run_given(&self, script: &str, input: &str) -> Ran {
        let program = Path::new(env!("CARGO_BIN_EXE_talks")).parent().expect("the program is in a folder");
        let path = env::var_os("PATH").unwrap_or_default();
        let path = env::join_paths([program.to_owned()].into_iter().chain(env::split_paths(&path))).expect("a PATH");
        let mut shell = Command::new("sh");
        shell.arg("-c").arg(script).current_dir(&self.0).env_clear();
        shell.env("PATH", path).env("HOME", &self.0).env("LC_ALL", "C").env("TZ", "UTC").env("COLUMNS", "80");
        shell.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = shell.spawn().expect("sh runs");
        // A script that reads nothing has closed its end.
        let _ = child.stdin.take().expect("an input").write_all(input.as_bytes());
        let output = child.wait_with_output().expect("sh ends");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        Ran { out: text(&output.stdout), err: text(&output.stderr), code: output.status.code().unwrap_or(-1) }
    }

    /// What a command prints that works.
    #[track_caller]
    fn says(&self, script: &str) -> String {
        let ran = self.run(script);
        assert_eq!(ran.code, 0, "{script}\n{}{}", ran.out, ran.err);
        ran.out
    }

    /// The same as JSON.
    #[track_caller]
    fn json(&self, script: &str) -> Value {
        let text = self.says(&format!("{script} --json"));
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{script}: {error}\n{text}"))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // A folder that stays behind is in nobody's way: it lies below `target`.
        let _ = fs::remove_dir_all(&self.0);
    }
}
