//! The name that was meant: what is a slip of the finger away from what was written.

/// The nearest of the names, if one is near enough; letter case does not count.
pub fn near<'n>(name: &str, names: impl Iterator<Item = &'n str>) -> Option<&'n str> {
    const LONGEST_NAME_BYTES: usize = 64;
    if name.len() > LONGEST_NAME_BYTES {
        return None;
    }
    let written = name.trim().to_lowercase();
    let slips_allowed = (written.chars().count() / 3).max(1);
    let slips = |known: &'n str| (strsim::damerau_levenshtein(&written, &known.to_lowercase()), known);
    names.map(slips).filter(|(slips, _)| *slips <= slips_allowed).min().map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_name_is_the_one_suggested() {
        let names = || ["demo", "deadlines", "demands"].into_iter();
        assert_eq!(near("demnads", names()), Some("demands"));
        assert_eq!(near("weather", names()), None);
    }
}
