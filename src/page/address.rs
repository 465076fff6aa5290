//! Where a page is, and what is asked of it: everything that is chosen stands in the address.

/// What is asked of the page of one negotiation, as it stands in the address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// The world of this day.
    pub as_of: Option<String>,
    /// What had been reported by then.
    pub known_by: Option<String>,
    /// What had been recorded by then.
    pub recorded_by: Option<String>,
    /// Only what is certain.
    pub certain: bool,
    /// One party's account.
    pub account: Option<String>,
    /// Only what is corroborated.
    pub corroborated: bool,
    /// Only events that name this party.
    pub party: Option<String>,
    /// Only events of this kind, or of kinds that begin so.
    pub kind: Option<String>,
    /// Only events that cite this source.
    pub source: Option<String>,
    /// Only events in which these words stand.
    pub text: Option<String>,
    /// The event that is chosen.
    pub sel: Option<String>,
    /// The point that was pinned, to compare with.
    pub pin: Option<String>,
    /// The kind of event that is being entered.
    pub add: Option<String>,
}

/// Where a page lies among others.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The address of the board; none in a file.
    pub home: Option<String>,
    /// The address of this page; none in a file.
    pub base: Option<String>,
    /// The address under which its answers lie as data; none in a file.
    pub api: Option<String>,
    /// Whether something can be entered.
    pub may_write: bool,
}

impl Query {
    /// From the names and values of an address; names that are not known are left aside, and so is what is empty.
    pub fn from_pairs(pairs: impl IntoIterator<Item = (String, String)>) -> Query {
        let mut query = Query::default();
        for (name, value) in pairs.into_iter().filter(|(_, value)| !value.trim().is_empty()) {
            match name.as_str() {
                "certain" => query.certain = true,
                "corroborated" => query.corroborated = true,
                name => {
                    if let Some(field) = query.field(name) {
                        *field = Some(value);
                    }
                }
            }
        }
        // One reading at a time: a party's account is the narrower wish.
        query.corroborated &= query.account.is_none();
        query
    }

    fn field(&mut self, name: &str) -> Option<&mut Option<String>> {
        Some(match name {
            "as_of" => &mut self.as_of,
            "known_by" => &mut self.known_by,
            "recorded_by" => &mut self.recorded_by,
            "account" => &mut self.account,
            "party" => &mut self.party,
            "kind" => &mut self.kind,
            "source" => &mut self.source,
            "text" => &mut self.text,
            "sel" => &mut self.sel,
            "pin" => &mut self.pin,
            "add" => &mut self.add,
            _ => return None,
        })
    }

    /// The names and values of this query, without what is not asked.
    pub fn pairs(&self) -> Vec<(&'static str, &str)> {
        let texts = [
            ("as_of", &self.as_of),
            ("known_by", &self.known_by),
            ("recorded_by", &self.recorded_by),
            ("account", &self.account),
            ("party", &self.party),
            ("kind", &self.kind),
            ("source", &self.source),
            ("text", &self.text),
            ("sel", &self.sel),
            ("pin", &self.pin),
            ("add", &self.add),
        ];
        let flags = [("certain", self.certain), ("corroborated", self.corroborated)];
        let texts = texts.into_iter().filter_map(|(name, value)| Some((name, value.as_deref()?)));
        texts.chain(flags.into_iter().filter(|(_, is)| *is).map(|(name, _)| (name, "1"))).collect()
    }

    /// As it stands behind the question mark of an address.
    pub fn encoded(&self) -> String {
        let pair = |(name, value): (&str, &str)| format!("{name}={}", encoded(value));
        self.pairs().into_iter().map(pair).collect::<Vec<_>>().join("&")
    }

    /// The address of the page with this query.
    pub fn href(&self, base: &str) -> String {
        let encoded = self.encoded();
        if encoded.is_empty() { base.to_string() } else { format!("{base}?{encoded}") }
    }

    /// The part of it that says which point and reading is shown, for an address of data.
    pub fn point(&self) -> Query {
        let Query { as_of, known_by, recorded_by, certain, account, corroborated, .. } = self.clone();
        Query { as_of, known_by, recorded_by, certain, account, corroborated, ..Query::default() }
    }
}

/// A value as it may stand in an address.
fn encoded(value: &str) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    value.bytes().map(|byte| if plain(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_an_address_is_read_back_as_it_was() {
        let query = Query {
            as_of: Some("20 Oct 2025".into()),
            account: Some("a&b=\"ü\"".into()),
            certain: true,
            ..Query::default()
        };
        assert_eq!(query.href("/n/x"), "/n/x?as_of=20%20Oct%202025&account=a%26b%3D%22%C3%BC%22&certain=1");
        let pairs = query.pairs().into_iter().map(|(name, value)| (name.to_string(), value.to_string()));
        assert_eq!(Query::from_pairs(pairs), query);
        assert_eq!(Query::default().href("/n/x"), "/n/x");
    }

    #[test]
    fn what_is_empty_or_unknown_is_left_aside_and_one_reading_is_asked() {
        let pair = |name: &str, value: &str| (name.to_string(), value.to_string());
        let query =
            Query::from_pairs([pair("as_of", " "), pair("x", "1"), pair("corroborated", "1"), pair("account", "a")]);
        assert_eq!(query, Query { account: Some("a".into()), ..Query::default() });
    }
}
