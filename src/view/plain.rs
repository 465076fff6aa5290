//! Text from events as it may be shown anywhere: it says what it says, and steers nothing.

/// The text with everything that could steer a terminal or reorder what is read written out: `\u{202e}`.
pub fn clean(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => out.push(' '),
            c if is_steering(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out
}

/// JSON as it may be shown anywhere: the same values, with everything that could steer escaped as JSON escapes it, `\u202e`.
pub fn clean_json(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        match c {
            c if c != '\n' && is_steering(c) => {
                let mut units = [0; 2];
                c.encode_utf16(&mut units).iter().for_each(|unit| out.push_str(&format!("\\u{unit:04x}")));
            }
            c => out.push(c),
        }
    }
    out
}

/// Control characters, bidirectional and zero-width ones, line and paragraph separators, tags.
fn is_steering(c: char) -> bool {
    c.is_control()
        || matches!(c,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}' | '\u{600}'..='\u{605}' | '\u{6dd}' | '\u{70f}'
            | '\u{8e2}' | '\u{110bd}' | '\u{110cd}' | '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}' | '\u{890}' | '\u{891}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_steer_a_terminal_is_written_out() {
        let steering =
            ["\u{1b}[31m", "\u{7}", "\u{202e}", "\u{2066}", "\u{200b}", "\u{feff}", "\u{9b}", "\u{e0041}", "\u{61c}"];
        for text in steering {
            let shown = clean(text);
            assert!(shown.contains("\\u{"), "{text:?} was shown as {shown:?}");
            assert!(shown.chars().all(|c| !is_steering(c)));
        }
    }

    #[test]
    fn json_that_steers_nothing_has_the_same_values() {
        let value = serde_json::json!({ "a\u{202e}": ["\u{9b}31m", "\u{e0041}\u{feff}", "\n\t\u{1b}", "پاکستان"] });
        let shown = clean_json(&format!("{value:#}\n"));
        assert!(shown.chars().all(|c| c == '\n' || !is_steering(c)), "{shown:?}");
        assert!(shown.contains("\\u202e") && shown.contains("\\udb40\\udc41") && shown.contains("پاکستان"), "{shown}");
        assert_eq!(serde_json::from_str::<serde_json::Value>(&shown).expect("JSON"), value);
    }

    #[test]
    fn names_in_other_scripts_are_left_alone() {
        for name in ["پاکستان", "افغانستان", "土耳其", "Türkiye", "“quoted”"] {
            assert_eq!(clean(name), name);
        }
    }
}
