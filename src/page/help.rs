//! The keys, and what they do.

use maud::{Markup, html};

const KEYS: [(&str, &str); 15] = [
    ("← →", "one stop back or on"),
    ("Shift ← →", "to the change of the state before or after"),
    ("Home End", "first and last stop"),
    ("[ ]", "what was known: one stop back or on"),
    ("j k", "next and previous event"),
    ("Enter", "open or close the event"),
    ("w", "why: what the chosen line rests on"),
    ("/", "filter the timeline"),
    ("p", "pin this point, or take the pin out"),
    ("d", "to the difference from the pinned point"),
    ("e", "export what is shown"),
    ("n", "add an event, where that is allowed"),
    ("t", "dark or light"),
    ("?", "this list"),
    ("Esc", "close, leave"),
];

/// The list of keys, as a dialog.
pub(super) fn dialog() -> Markup {
    html! {
        dialog id="help" aria-labelledby="help-heading" {
            h2 id="help-heading" { "Keys" }
            dl { @for (keys, does) in KEYS { div { dt { kbd { (keys) } } dd { (does) } } } }
            p { label class="check" { input type="checkbox" id="keys-on" checked; " single keys work (they never do while you type)" } }
            form method="dialog" { button { "Close" } }
        }
    }
}
