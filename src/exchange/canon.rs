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

#[cfg(test)]
mod tests {
    use super::*;

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
}
