//! JSON in its one canonical spelling: RFC 8785, restricted as in `docs/format.md`, section 1.
//!
//! Reading decides what is refused (duplicate names, fractions, great numbers); here is only how the rest is written.

use serde_json::Value;

/// The canonical spelling of a JSON text.
///
/// # Errors
/// It is no JSON.
pub fn canonical(text: &str) -> Result<String, serde_json::Error> {
    serde_json::from_str(text).map(|value| canonical_value(&value))
}

/// The canonical spelling of a value.
pub fn canonical_value(value: &Value) -> String {
    let mut out = String::new();
    write(value, &mut out);
    out
}

fn write(value: &Value, out: &mut String) {
    match value {
        Value::Object(fields) => {
            let mut members: Vec<_> = fields.iter().collect();
            members.sort_by(|(a, _), (b, _)| a.encode_utf16().cmp(b.encode_utf16()));
            out.push('{');
            for (at, (name, value)) in members.into_iter().enumerate() {
                out.push_str(if at > 0 { "," } else { "" });
                out.push_str(&Value::from(name.as_str()).to_string());
                out.push(':');
                write(value, out);
            }
            out.push('}');
        }
        Value::Array(values) => {
            out.push('[');
            for (at, value) in values.iter().enumerate() {
                out.push_str(if at > 0 { "," } else { "" });
                write(value, out);
            }
            out.push(']');
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => out.push_str(&value.to_string()),
    }
}

/// How deep lists and objects may nest, the line itself counted.
pub(super) const DEPTH_LIMIT: usize = 32;
/// The longest text or name, in bytes as it stands unescaped.
pub(super) const TEXT_LIMIT_BYTES: usize = 64 * 1024;
/// The last number that every reader keeps exact.
pub(super) const NUMBER_LIMIT: u64 = (1 << 53) - 1;

/// Whether a JSON text stands in its canonical spelling already; `depth` is that of the text itself, 1 for a line and 2 for a part.
pub fn is_canonical(text: &str, depth: usize) -> bool {
    let mut spelling = Spelling { text, at: 0 };
    spelling.value(depth) && spelling.at == text.len()
}

/// Goes over a text once and builds nothing.
struct Spelling<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Spelling<'a> {
    fn next(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn takes(&mut self, word: &str) -> bool {
        let stands = self.text.as_bytes()[self.at..].starts_with(word.as_bytes());
        self.at += if stands { word.len() } else { 0 };
        stands
    }

    fn value(&mut self, depth: usize) -> bool {
        match self.next() {
            Some(b'{') => depth <= DEPTH_LIMIT && self.object(depth),
            Some(b'[') => depth <= DEPTH_LIMIT && self.list(depth),
            Some(b'"') => self.string().is_some(),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => self.takes("true") || self.takes("false") || self.takes("null"),
        }
    }

    fn object(&mut self, depth: usize) -> bool {
        self.at += 1;
        let mut last: Option<&str> = None;
        while !self.takes("}") {
            if last.is_some() && !self.takes(",") {
                return false;
            }
            let Some(name) = self.string() else { return false };
            // What is escaped in a name sorts by what it stands for; a name that is, is left to the slow way.
            let is_plain = !name.contains('\\') && !last.is_some_and(|last| last.contains('\\'));
            let ascends =
                last.is_none_or(|last| if is_plain { goes_before(last, name) } else { unescaped_ascend(last, name) });
            if !ascends || name.starts_with("$serde_json::") || !self.takes(":") || !self.value(depth + 1) {
                return false;
            }
            last = Some(name);
        }
        true
    }

    fn list(&mut self, depth: usize) -> bool {
        self.at += 1;
        let mut is_first = true;
        while !self.takes("]") {
            if !(is_first || self.takes(",")) || !self.value(depth + 1) {
                return false;
            }
            is_first = false;
        }
        true
    }

    /// What stands between two quotes, where nothing is escaped that need not be.
    fn string(&mut self) -> Option<&'a str> {
        if !self.takes("\"") {
            return None;
        }
        let (start, mut escapes) = (self.at, 0);
        loop {
            match self.next()? {
                b'"' => break,
                b'\\' => {
                    let from = self.at;
                    let is_short =
                        ["\\\"", "\\\\", "\\b", "\\t", "\\n", "\\f", "\\r"].iter().any(|short| self.takes(short));
                    if !is_short && !self.control() {
                        return None;
                    }
                    escapes += self.at - from - 1;
                }
                byte if byte < b' ' => return None,
                _ => self.at += 1,
            }
        }
        let inner = &self.text[start..self.at];
        self.at += 1;
        (inner.len() - escapes <= TEXT_LIMIT_BYTES).then_some(inner)
    }

    /// A control character that has no short escape.
    fn control(&mut self) -> bool {
        let Some(digits) = self.text.get(self.at..self.at + 6).and_then(|escape| escape.strip_prefix("\\u00")) else {
            return false;
        };
        let lower = digits.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'));
        let code = u8::from_str_radix(digits, 16).unwrap_or(b' ');
        self.at += 6;
        lower && code < b' ' && !matches!(code, 8 | 9 | 10 | 12 | 13)
    }

    fn number(&mut self) -> bool {
        let is_negative = self.takes("-");
        let start = self.at;
        while self.next().is_some_and(|digit| digit.is_ascii_digit()) {
            self.at += 1;
        }
        let digits = &self.text[start..self.at];
        let is_plain = !digits.starts_with('0') || digits == "0" && !is_negative;
        is_plain && digits.parse::<u64>().is_ok_and(|number| number <= NUMBER_LIMIT)
    }
}

/// Whether a name stands before another, as UTF-16.
fn goes_before(a: &str, b: &str) -> bool {
    if a.is_ascii() && b.is_ascii() { a < b } else { a.encode_utf16().lt(b.encode_utf16()) }
}

fn unescaped_ascend(a: &str, b: &str) -> bool {
    let read = |name: &str| serde_json::from_str::<String>(&format!("\"{name}\"")).unwrap_or_default();
    goes_before(&read(a), &read(b))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn spells(text: &str, expected: &str) {
        assert_eq!(canonical(text).expect("it is JSON"), expected);
    }

    #[test]
    fn members_are_sorted_as_utf_16_and_spaces_fall_out() {
        spells("{ \"b\" : [ 1 , {} ] , \"a\" : null }", r#"{"a":null,"b":[1,{}]}"#);
        // As code points the two would stand the other way round.
        spells("{\"\u{fb33}\":1,\"\u{1f600}\":2}", "{\"\u{1f600}\":2,\"\u{fb33}\":1}");
    }

    #[test]
    fn only_what_must_be_escaped_is() {
        spells(r#""\u00e9\/\u0041\u007f\u2028""#, "\"é/A\u{7f}\u{2028}\"");
        spells(r#""\u0008\u0009\u000a\u000c\u000d\u0000\u001F\"\\""#, r#""\b\t\n\f\r\u0000\u001f\"\\""#);
    }

    #[test]
    fn what_is_not_canonical_is_told() {
        for text in [
            "{ }",
            "{\"b\":1,\"a\":1}",
            "{\"a\":1,\"a\":1}",
            "{\"a\":1,}",
            "[1,]",
            "[,1]",
            "01",
            "-0",
            "-",
            "1.0",
            "1e3",
            "",
            "9007199254740992",
            r#""\/""#,
            r#""\u0041""#,
            r#""\u000A""#,
            r#""\u000a""#,
            r#""\u001F""#,
            "\"\n\"",
            "\"",
            "{}x",
            "tru",
            "{\"$serde_json::x\":1}",
            "{1:2}",
            "{\"a\" :1}",
            "\u{feff}{}",
            r#""\ud800""#,
            r#"{"\u0001":1,"!":1,"\t":1}"#,
        ] {
            assert!(!is_canonical(text, 1), "{text}");
        }
        assert!(is_canonical(&format!("{}{}", "[".repeat(32), "]".repeat(32)), 1));
        assert!(!is_canonical(&format!("{}{}", "[".repeat(32), "]".repeat(32)), 2), "a part is within a line");
        assert!(!is_canonical(&format!("{}{}", "[".repeat(33), "]".repeat(33)), 1));
        assert!(is_canonical(&format!("\"{}\"", "\\n".repeat(65_536)), 1));
        assert!(!is_canonical(&format!("\"{}\"", "a".repeat(65_537)), 1));
    }

    fn any_value() -> impl Strategy<Value = Value> {
        let text = prop_oneof![any::<String>(), "[\u{0}-\u{22}\u{fb33}\u{1f600}a\\\\]{0,4}"];
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            (-9_007_199_254_740_991i64..9_007_199_254_740_992).prop_map(Value::from),
            text.clone().prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 6, move |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::vec((text.clone(), inner), 0..6)
                    .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn a_text_is_canonical_just_where_it_would_be_spelled_so(value in any_value(), at in any::<prop::sample::Index>(), byte in any::<u8>()) {
            let text = canonical_value(&value);
            prop_assert!(is_canonical(&text, 1), "{}", text);
            let plain = value.to_string();
            prop_assert_eq!(is_canonical(&plain, 1), plain == text);
            let mut bytes = text.into_bytes();
            let at = at.index(bytes.len());
            bytes[at] = byte;
            if let Ok(other) = String::from_utf8(bytes) && is_canonical(&other, 1) {
                prop_assert_eq!(canonical(&other).expect("canonical text is JSON"), other);
            }
        }
    }
}
