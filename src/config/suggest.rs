//! "Did you mean …?"

/// Two words that are less alike than this are no slip of the fingers (Jaro-Winkler, 0–1).
const LEAST_SIMILARITY: f64 = 0.8;

/// The known word that was probably meant.
pub(super) fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.to_lowercase().replace('-', "_");
    known
        .into_iter()
        .map(|known| (strsim::jaro_winkler(&word, &known.replace('-', "_")), known))
        .filter(|(similarity, _)| *similarity >= LEAST_SIMILARITY)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_recognised_and_strangers_are_not() {
        let known = ["verification_threshold", "search_threshold", "shards", "us-east-1"];
        assert_eq!(nearest("serch_threshold", known), Some("search_threshold"));
        assert_eq!(nearest("Shards", known), Some("shards"));
        assert_eq!(nearest("us-esat-1", known), Some("us-east-1"));
        assert_eq!(nearest("colour", known), None);
    }
}
