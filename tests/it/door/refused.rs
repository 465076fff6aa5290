//! What is refused: everything that is printed of it is kept in `goldens/door.txt`, to be read as a user would read it.

use std::path::Path;
use std::{env, fs};

use serde_json::Value;
use talks::app::Store;

use super::{Folder, Ran};

const GOLDEN: &str = "tests/it/goldens/door.txt";
const CASES_AT_LEAST: usize = 60;

/// What stands in a folder before anything is tried there, and what is tried: a title, and what is typed.
struct Scene {
    what: &'static str,
    made_by: &'static str,
    tried: &'static [(&'static str, &'static str)],
}

const SCENES: [Scene; 5] = [
    Scene { what: "where there is no store", made_by: "", tried: NOWHERE },
    Scene { what: "in an empty store", made_by: "talks init", tried: EMPTY },
    Scene { what: "in a store with one negotiation", made_by: PAY, tried: PAY_CASES },
    Scene { what: "in a store with two negotiations", made_by: TWO, tried: TWO_CASES },
    Scene {
        what: "where a log is only asked",
        made_by: "printf '{{ titel }}\\n' > wrong.md && talks init",
        tried: ASKED,
    },
];

/// e1 opens, e2 and e3 are S1 and S2, e4 is R1, e5 and e6 are D1 and D2, e7 withdraws D2, e9 retracts e8, e10 is D3, e11 retracts it, and e12 is another in `apart.jsonl`.
const PAY: &str = "talks init && talks import pay.jsonl --recorder ana
talks retract e8 --reason 'Typed twice' --recorder ana
talks add demand.raised by=union of=port text='A bus' --when 2024-03-04 --recorder ana && talks undo --recorder ana
talks export -q -o sealed.jsonl && sed 's/canteen/kitchen/' sealed.jsonl > broken.jsonl
talks init apart.db && talks receive sealed.jsonl -n pay --store apart.db
talks add note.added text=Apart --store apart.db && talks export -q -o apart.jsonl --store apart.db
talks add note.added text=Here --recorder ana
talks export -q > part.jsonl && sed 3d part.jsonl > gap.jsonl
: > nothing.jsonl; mkdir folder; head -c 2097152 /dev/zero | tr '\\0' x > long.jsonl
head -c 71680 /dev/zero | tr '\\0' x > long.txt
(printf '{\"kind\":\"note.added\",\"data\":{\"text\":\"x\",\"on\":'; head -c 40 /dev/zero | tr '\\0' [; head -c 40 /dev/zero | tr '\\0' ]; echo }}) > deep.jsonl";
const TWO: &str =
    "talks init && talks import pay.jsonl && talks open gate --title Gate --party a=A:state --when 2024-01-01";

const NOWHERE: &[(&str, &str)] = &[
    ("no store to write to", "talks add demand.raised by=union"),
    ("a store that is not there", "talks add note.added text=x --store no-such.db"),
    ("a folder for the store that is not there", "talks init no-such-folder/talks.db"),
    ("a store that is none", "echo hello > hello.db; talks add note.added text=x --store hello.db"),
    ("a log and a writing command", "talks add note.added text=x --log pay.jsonl"),
    ("a log and a store", "talks add note.added text=x --log pay.jsonl --store talks.db"),
];

const ASKED: &[(&str, &str)] = &[
    ("a date with two readings", "talks status --log pay.jsonl --as-of 10/11/2024"),
    ("a day that is not there", "talks status --log pay.jsonl --as-of 2024-02-30"),
    ("a weekday that does not fit", "talks status --log pay.jsonl --as-of 'Mon 5 Mar 2024'"),
    ("no date at all", "talks status --log pay.jsonl --as-of soonish"),
    ("a date without an end", "talks status --log pay.jsonl --as-of 2024-03-01/.."),
    ("the later day first", "talks diff 2024-03-05 2024-03-01 --log pay.jsonl"),
    ("a day of the record where nobody recorded", "talks status --log pay.jsonl --recorded-by 2024-03-05"),
    ("two readings at once", "talks status --log pay.jsonl --corroborated --accounts-of union"),
    ("a reading beside two readings", "talks diff --between union port --corroborated --log pay.jsonl"),
    ("a reading of nobody", "talks diff --between union prot --log pay.jsonl"),
    ("a party that is not there", "talks party unoin --log pay.jsonl"),
    ("a kind that is not there", "talks timeline --kind demnad --log pay.jsonl"),
    ("a source that is not there", "talks timeline --source S9 --log pay.jsonl"),
    ("a life that is not there", "talks why D9 --log pay.jsonl --as-of 2024-03-05"),
    ("a check that is not there", "talks check weekdays --log pay.jsonl"),
    ("a schema that is not there", "talks schema demads"),
    ("a topic that is not there", "talks help datse"),
    ("a table where there is none", "talks status --csv --log pay.jsonl"),
    ("a picture from the later day on", "talks timeline --svg --from 2024-03-05 --to 2024-03-01 --log pay.jsonl"),
    ("a picture of some events", "talks timeline --svg --party union --log pay.jsonl"),
    ("a question that writes", "talks query 'DELETE FROM demands' --log pay.jsonl"),
    ("two questions", "talks query 'SELECT 1; SELECT 2' --log pay.jsonl"),
    ("a column that is not there", "talks query 'SELECT fat FROM demands' --log pay.jsonl"),
    ("a table that is not there", "talks query 'SELECT * FROM demand' --log pay.jsonl"),
    ("a question with a value to come", "talks query 'SELECT ?' --log pay.jsonl"),
    ("a template that asks for what is not there", "talks brief --template wrong.md --log pay.jsonl"),
    ("a file that is not there", "talks status --log nowhere.jsonl"),
    ("entry without a terminal", "talks add < /dev/null"),
];

const EMPTY: &[(&str, &str)] = &[
    ("a store where one is", "talks init"),
    ("a store in two files", "talks init one.db --store other.db"),
    ("nothing to add to", "talks add demand.raised by=union of=port text=Bread --when 2024-03-02"),
    ("a negotiation that is not there", "talks add note.added text=x -n pay"),
    ("a name that can't be typed", "talks open 'Pay Talks!' --title 'Pay talks'"),
    ("a name without a letter", "talks open --title 'Pay talks' -- '?'"),
    ("two parties of one name", "talks open pay --title 'Pay talks' --party a=Dockers --party a=Clerks"),
    ("an empty title", "talks open pay --title ''"),
    ("a party that is no pair", "talks open pay --title 'Pay talks' --party union"),
    ("a party of an unknown kind", "talks open pay --title 'Pay talks' --party union=Dockers:guild"),
    ("a party of an unknown role", "talks open pay --title 'Pay talks' --party union=Dockers:union:boss"),
    (
        "a party with one colon too many",
        "talks open pay --title 'Pay talks' --party 'union=Dockers: all of them:union:party'",
    ),
    ("a party whose slug can't be typed", "talks open pay --title 'Pay talks' --party 'The Union=Dockers:union'"),
    ("a zone that is none", "talks open pay --title 'Pay talks' --zone Europe/Berlin"),
    ("an ambiguous date to open at", "talks open pay --title 'Pay talks' --when 3/4/2024"),
    (
        "a first draft that does not open",
        "echo '{\"kind\":\"note.added\",\"data\":{\"text\":\"x\"}}' | talks import -n pay -",
    ),
    (
        "a first draft that does not open, forced",
        "echo '{\"kind\":\"note.added\",\"data\":{\"text\":\"x\"}}' | talks import -n pay - --force",
    ),
    ("drafts from standard input without a name", "talks import - < pay.jsonl"),
    ("a file whose name has no letter", "cp pay.jsonl _.jsonl; talks import _.jsonl"),
    ("nothing to export", "talks export"),
];

const PAY_CASES: &[(&str, &str)] = &[
    // Kinds, keys and values
    ("an unknown kind, near one", "talks add demand.riased by=union of=port text=Bread --when 2024-03-08"),
    ("a group of kinds", "talks add demand text=Bread"),
    ("an unknown kind, near none", "talks add xyz text=Bread"),
    ("an unknown key, near one", "talks add demand.raised by=union wieght=primary --when 2024-03-08"),
    ("an unknown key, near none", "talks add demand.raised by=union zzz=1 --when 2024-03-08"),
    ("a key without =", "talks add demand.raised by=union text --when 2024-03-08"),
    ("a value that is broken JSON", "talks add demand.raised by=union 'of:=[\"port\"' text=Bread --when 2024-03-08"),
    ("a value that is empty", "talks add demand.raised by=union of=port text= --when 2024-03-08"),
    ("a value given twice", "talks add demand.raised by=union of=port text=a text=b --when 2024-03-08"),
    ("a date as a pair", "talks add demand.raised by=union of=port text=Bread when=2024-03-08"),
    ("a source as a pair", "talks add demand.raised by=union of=port text=Bread source=S1 --when 2024-03-08"),
    ("sources as a pair", "talks add demand.raised by=union of=port text=Bread sources=S1 --when 2024-03-08"),
    ("a value of the wrong type", "talks add demand.raised by=union of=port text:=7 --when 2024-03-08"),
    ("a word that is not in the list", "talks add demand.answered demand=D1 by=port answer=perhaps --when 2024-03-08"),
    ("a number with decimals", "talks add commitment.assessed commitment=K1 level=2.5 --when 2024-03-08"),
    (
        "a number with decimals in a draft",
        "echo '{\"kind\":\"incident.reported\",\"occurred\":\"2024-03-08\",\"data\":{\"category\":\"clash\",\"tolls\":[{\"killed\":{\"low\":1.5}}]}}' | talks add --json",
    ),
    (
        "a number beyond 2^53",
        "talks add incident.reported category=clash tolls.class=civilians tolls.killed.low=9007199254740993 --when 2024-03-08",
    ),
    (
        "a number beyond 2^53 in a draft",
        "echo '{\"kind\":\"incident.reported\",\"occurred\":\"2024-03-08\",\"data\":{\"category\":\"clash\",\"tolls\":[{\"killed\":{\"low\":9007199254740993}}]}}' | talks import -n pay -",
    ),
    (
        "a flag that is neither true nor false",
        "talks add incident.reported category=clash aggregate=maybe --when 2024-03-08",
    ),
    (
        "a key twice in a draft",
        "echo '{\"kind\":\"note.added\",\"data\":{\"text\":\"one\",\"text\":\"two\"}}' | talks import -n pay -",
    ),
    ("a required field missing", "talks add demand.raised by=union of=port --when 2024-03-08"),
    ("several required fields missing", "talks add demand.answered --when 2024-03-08"),
    (
        "an unknown member of a draft",
        "echo '{\"kind\":\"note.added\",\"data\":{\"text\":\"x\"},\"verison\":3}' | talks add --json",
    ),
    ("an unknown kind in a draft", "echo '{\"kind\":\"note.aded\",\"data\":{\"text\":\"x\"}}' | talks import -n pay -"),
    ("deep nesting", "talks import -n pay deep.jsonl"),
    ("a text of 70 KiB", "talks add note.added text=@long.txt"),
    ("a line of 2 MiB", "talks import -n pay long.jsonl"),
    (
        "bytes that are not UTF-8",
        "printf '{\"kind\":\"note.added\",\"data\":{\"text\":\"caf\\351\"}}\\n' | talks import -n pay -",
    ),
    ("bytes that are not UTF-8 in a text file", "printf 'caf\\351' > latin.txt; talks add note.added text=@latin.txt"),
    (
        "half of a surrogate pair",
        "echo '{\"kind\":\"note.added\",\"data\":{\"text\":\"\\ud83d\"}}' | talks import -n pay -",
    ),
    (
        "control characters in a value",
        "talks add demand.raised \"by=$(printf 'un\\033[31mion')\" of=port text=Bread --when 2024-03-08",
    ),
    ("control characters in a key", "talks add note.added \"$(printf 'te\\033]0;x\\007xt')=x\""),
    ("a text from a file that is missing", "talks add note.added text=@no-such.txt"),
    // Dates
    ("a date missing", "talks add demand.raised by=union of=port text=Bread"),
    ("a date on what keeps the record", "talks add note.added text=Bread --when 2024-03-08"),
    ("an ambiguous date", "talks add statement.made by=port act=position text=No --when 3/4/2024"),
    ("an impossible date", "talks add statement.made by=port act=position text=No --when 2024-02-30"),
    (
        "a weekday that is not that of the date",
        "talks add statement.made by=port act=position text=No --when 'Mon 8 Mar 2024'",
    ),
    ("a date that is none", "talks add statement.made by=port act=position text=No --when soonish"),
    ("a handle where a date is asked for", "talks add ceasefire.agreed parties=union until=R1 --when 2024-03-08"),
    (
        "a date field that is none",
        "talks add ceasefire.agreed parties=union parties=port until=soonish --when 2024-03-08",
    ),
    (
        "a date that ends before it begins",
        "talks add statement.made by=port act=position text=No --when 2024-03-08/2024-03-01",
    ),
    // Names
    ("an unknown round", "talks add round.closed round=R7 --when 2024-03-08"),
    ("an unknown demand", "talks add demand.answered demand=D9 by=port answer=rejected --when 2024-03-08"),
    ("an unknown offer", "talks add offer.withdrawn offer=O1 --when 2024-03-08"),
    ("an unknown ceasefire", "talks add ceasefire.ended ceasefire=C1 how=expired --when 2024-03-08"),
    ("an unknown agreement", "talks add agreement.ratified agreement=A1 by=union --when 2024-03-08"),
    ("an unknown commitment", "talks add commitment.assessed commitment=K1 level=2 --when 2024-03-08"),
    ("an unknown measure", "talks add measure.lifted measure=M1 --when 2024-03-08"),
    ("an unknown claim", "talks add claim.denied of=Q1 by=port --when 2024-03-08"),
    ("an unknown follow-up", "talks add followup.done followup=F1"),
    ("an unknown event", "talks add note.added on=e99 text=x"),
    ("a handle of the wrong sort", "talks add demand.answered demand=R1 by=port answer=rejected --when 2024-03-08"),
    (
        "an event where a handle is asked for",
        "talks add demand.answered demand=e5 by=port answer=rejected --when 2024-03-08",
    ),
    ("what can't be violated", "talks add violation.alleged of=D1 --when 2024-03-08"),
    ("a demand that was retracted", "talks add demand.met demand=D3 how=fully --when 2024-03-08"),
    ("an undeclared party, near one", "talks add statement.made by=unoin act=position text=No --when 2024-03-08"),
    ("an undeclared party, near none", "talks add statement.made by=atlantis act=position text=No --when 2024-03-08"),
    ("a name of two parties", "talks add statement.made 'by=the staff' act=position text=No --when 2024-03-08"),
    // Sources
    (
        "a source that is not registered",
        "talks add statement.made by=port act=position text=No --when 2024-03-08 --source S9",
    ),
    (
        "a source by its title",
        "talks add statement.made by=port act=position text=No --when 2024-03-08 --source 'Harbour Post'",
    ),
    ("a quote without a source", "talks add statement.made by=port act=position text=No --when 2024-03-08 --quote no"),
    (
        "a quote with two sources",
        "talks add statement.made by=port act=position text=No --when 2024-03-08 --source S1 --source S2 --quote no",
    ),
    (
        "a date of report that is none",
        "talks add statement.made by=port act=position text=No --when 2024-03-08 --source S1 --reported 3/4/2024",
    ),
    ("a source without a field", "talks source add"),
    ("a source with an unknown field", "talks source add titel=Post"),
    // What does not fit
    (
        "an answer by one who was not asked",
        "talks add demand.answered demand=D1 by=clerks answer=rejected --when 2024-03-08",
    ),
    ("met after it was withdrawn", "talks add demand.met demand=D2 how=fully --when 2024-03-08"),
    ("a round that is open, opened", "talks add round.opened round=R1 --when 2024-03-08"),
    ("a round that is not open, closed", "talks add round.closed round=R1 --when 2024-03-01"),
    ("a second opening", "talks add negotiation.opened title=Again --when 2024-03-08"),
    ("an existing negotiation, opened", "talks open pay --title 'Pay talks'"),
    ("reopened and not closed", "talks add negotiation.reopened --when 2024-03-08"),
    // What is said of events
    ("the opening, retracted", "talks retract e1 --reason 'Not ours'"),
    ("retracted twice", "talks retract e8 --reason 'Typed twice'"),
    ("reinstated and not retracted", "talks reinstate e5 --reason 'It stands'"),
    ("retracted and not there", "talks retract e99 --reason 'Typed twice'"),
    ("retracted without a reason", "talks retract e5"),
    ("retracted for an empty reason", "talks retract e5 --reason ' '"),
    ("retracted by a name that is none", "talks retract demand --reason 'Typed twice'"),
    ("corrected with nothing", "talks correct e5 --reason 'A slip'"),
    ("corrected to what can't be read", "talks correct e5 text:=null --reason 'A slip'"),
    ("corrected to another type", "talks correct e5 text:=7 --reason 'A slip'"),
    ("corrected by an unknown key", "talks correct D1 txet=Bread --reason 'A slip'"),
    ("corrected and retracted", "talks correct D3 text=Bread --reason 'A slip'"),
    ("corrected and not there", "talks correct D9 text=Bread --reason 'A slip'"),
    ("undone by nobody", "talks undo"),
    ("undone by an unknown recorder", "talks undo --recorder ben"),
    ("an unknown part, erased", "talks erase e5 --part text --reason 'A name' --basis 'GDPR, article 17'"),
    ("erased and not there", "talks erase e99 --part data --reason 'A name' --basis 'GDPR, article 17'"),
    ("erased without a ground", "talks erase e5 --part data --reason 'A name'"),
    // Once
    ("an id that is no UUID", "talks add note.added text=x --id 17"),
    ("an id that is taken", "talks add note.added text=x --id 01890a5d-ac96-774b-bcce-b302099a8057"),
    ("word for word what is there", "talks add demand.raised by=union of=port text='A new canteen' --when 2024-03-04"),
    (
        "word for word what was retracted",
        "talks add statement.made by=port act=position text='The books are open' --when 2024-03-07",
    ),
    ("a version that the log has left behind", "talks add note.added text=x --expect-version 7"),
    ("a version that the log has not reached", "talks add note.added text=x --expect-version e70"),
    ("a version that is none", "talks add note.added text=x --expect-version last"),
    // Files
    ("sealed lines, imported", "talks import sealed.jsonl -n pay"),
    ("drafts, received", "talks receive pay.jsonl"),
    ("a line that was changed, received", "talks receive broken.jsonl"),
    ("a line that is missing, received", "talks receive gap.jsonl"),
    (
        "one bad line among good ones",
        "printf '%s\\n' '{\"kind\":\"note.added\",\"data\":{\"text\":\"one\"}}' '{\"kind\":\"note.added\",\"data\":{}}' '{\"kind\":\"note.added\",\"data\":{\"text\":\"three\"}}' | talks import - -n pay",
    ),
    (
        "one line among good ones that does not fit",
        "printf '%s\\n' '{\"kind\":\"note.added\",\"data\":{\"text\":\"one\"}}' '{\"kind\":\"note.added\",\"data\":{\"text\":\"two\",\"on\":\"D9\"}}' | talks import - -n pay",
    ),
    (
        "drafts that name handles of another log",
        "printf '%s\\n' '{\"kind\":\"offer.answered\",\"occurred\":\"2024-03-08\",\"data\":{\"offer\":\"O2\",\"by\":\"port\",\"answer\":\"rejected\"}}' '{\"kind\":\"demand.answered\",\"occurred\":\"2024-03-08\",\"data\":{\"demand\":\"D7\",\"by\":\"port\",\"answer\":\"rejected\"}}' | talks import - -n pay",
    ),
    (
        "one id twice in a file",
        "printf '%s\\n' '{\"kind\":\"note.added\",\"data\":{\"text\":\"one\"},\"id\":\"01890a5d-ac96-774b-bcce-b302099a8058\"}' '{\"kind\":\"note.added\",\"data\":{\"text\":\"two\"},\"id\":\"01890a5d-ac96-774b-bcce-b302099a8058\"}' | talks import - -n pay",
    ),
    ("another log under a name that is taken", "talks import other.jsonl -n pay"),
    (
        "two drafts where one is expected",
        "printf '%s\\n' '{\"kind\":\"note.added\",\"data\":{\"text\":\"one\"}}' '{\"kind\":\"note.added\",\"data\":{\"text\":\"two\"}}' | talks add --json",
    ),
    ("no draft where one is expected", "talks add --json < nothing.jsonl"),
    ("neither a kind nor a draft", "talks add"),
    ("an empty file, imported", "talks import nothing.jsonl"),
    ("a log that went on apart, received", "talks receive apart.jsonl"),
    ("a root that is none", "talks verify --root 00"),
    ("an empty file, received", "talks receive nothing.jsonl"),
    ("a file that is missing", "talks import no-such.jsonl"),
    ("a folder as a file", "talks import folder"),
    ("an export to a file that is there", "talks export -o pay.jsonl"),
    ("an export to a folder that is not there", "talks export -o no-such-folder/pay.jsonl"),
    ("an unknown part withheld", "talks export --withhold text"),
    ("a backup to a file that is there", "talks backup pay.jsonl"),
    ("a backup to the store itself", "talks backup talks.db"),
    // As JSON
    ("an ambiguous date, as JSON", "talks add statement.made by=port act=position text=No --when 3/4/2024 --json"),
    ("an unknown key, as JSON", "talks add demand.raised by=union wieght=primary --when 2024-03-08 --json"),
    ("what does not fit, as JSON", "talks add demand.met demand=D2 how=fully --when 2024-03-08 --json"),
    ("a bad line, as JSON", "echo '{\"kind\":\"note.added\",\"data\":{}}' | talks import - -n pay --json"),
    ("a stale version, as JSON", "talks add note.added text=x --expect-version 7 --json"),
];

const TWO_CASES: &[(&str, &str)] = &[
    ("several negotiations and none named", "talks add note.added text=x"),
    ("several negotiations and none named, to read", "talks status"),
    ("an unknown negotiation, near one", "talks add note.added text=x -n pya"),
    ("an unknown negotiation, near none", "talks add note.added text=x -n summit"),
    ("undone with nothing but the opening", "talks undo -n gate"),
    ("several negotiations, as JSON", "talks undo --json"),
];

/// What trying every case taught.
#[derive(Default)]
struct Outcome {
    cases: usize,
    text: String,
    faults: Vec<String>,
}

impl Outcome {
    /// Tries every case of a scene.
    fn try_all(&mut self, scene: &Scene) {
        let folder = Folder::new();
        folder.write("pay.jsonl", super::PAY_LOG);
        folder.write("other.jsonl", super::OTHER_LOG);
        folder.says(scene.made_by);
        let before = heads(folder.path());
        self.text.push_str(&format!("## {}\n\n", scene.what));
        for (title, script) in scene.tried {
            let ran = folder.run(script);
            let fault = if heads(folder.path()) == before { untold(&ran) } else { Some("something was stored") };
            self.faults.extend(fault.map(|fault| format!("{title}: {fault}\n{}{}exit {}", ran.out, ran.err, ran.code)));
            self.cases += 1;
            self.text.push_str(&block(title, script, &ran));
        }
    }
}

/// A case as it is kept.
fn block(title: &str, script: &str, ran: &Ran) -> String {
    format!("# {title}\n$ {}\n{}exit {}\n\n", script.replace('\n', "\n> "), ran.err, ran.code)
}

/// Name, version and root of every log in the store, if there is one.
fn heads(folder: &Path) -> Option<Vec<(String, u64, String)>> {
    let store = folder.join("talks.db");
    store.exists().then(|| Store::open(&store).and_then(|store| store.negotiations()).expect("the store reads"))
}

/// What a refusal leaves to be wished, if anything: it names what is wrong and what to do, and steers no terminal.
fn untold(ran: &Ran) -> Option<&'static str> {
    if matches!(ran.code, 0 | 101) {
        return Some("it ends with a wrong code");
    }
    if !ran.out.is_empty() {
        return Some("it prints on standard output");
    }
    if ran.err.starts_with('{') {
        let problem: Value = serde_json::from_str(&ran.err).unwrap_or_default();
        let helped = |value: &Value| value["help"].is_string();
        let lines = problem["problems"].as_array().is_some_and(|lines| lines.iter().all(helped));
        let told = problem["exit"] == ran.code && problem["detail"].is_string() && (helped(&problem) || lines);
        return (!told).then_some("it is not one problem object with help");
    }
    let begins = |word: &str| ran.err.lines().any(|line| line.trim_start().starts_with(word));
    if !begins("error: ") || !begins("help: ") {
        return Some("it lacks an error or a help");
    }
    let steers = ran.err.chars().any(|c| c != '\n' && c.is_control());
    steers.then_some("it steers the terminal")
}

#[test]
fn what_is_refused_is_told_with_a_remedy_and_stores_nothing() {
    let mut outcome = Outcome::default();
    SCENES.iter().for_each(|scene| outcome.try_all(scene));
    let Outcome { cases, text, faults } = outcome;
    let golden = Path::new(env!("CARGO_MANIFEST_DIR")).join(GOLDEN);
    if env::var_os("UPDATE").is_some() {
        fs::write(&golden, &text).expect("the golden file is written");
    }
    assert!(faults.is_empty(), "{}", faults.join("\n\n"));
    assert!(cases >= CASES_AT_LEAST, "only {cases} cases are tried");
    let kept = fs::read_to_string(&golden).unwrap_or_default();
    let differs = kept.split("\n\n").zip(text.split("\n\n")).find(|(kept, now)| kept != now);
    assert!(kept == text, "to keep what is printed now: UPDATE=1 cargo test\n{differs:#?}");
}
