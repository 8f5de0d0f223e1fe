//! Listings in pages. A token holds the last name of its page and a checksum over what was listed, so that it goes on
//! correctly when that name is deleted in between, and is refused by any other listing.

use sha2::{Digest, Sha256};

use super::{ApiError, ErrorKind};

/// Hexadecimal digits of the checksum.
const CHECKSUM: usize = 8;

/// The token that goes on behind `last` in the listing `scope`.
#[must_use]
pub fn token_after(scope: &str, last: &str) -> String {
    format!("{}{last}", checksum(scope, last))
}

/// The name behind which a listing goes on; `None` for its beginning.
pub fn resume<'a>(scope: &str, token: Option<&'a str>) -> Result<Option<&'a str>, ApiError> {
    let Some(token) = token.filter(|token| !token.is_empty()) else { return Ok(None) };
    match token.split_at_checked(CHECKSUM) {
        Some((sum, last)) if sum == checksum(scope, last) => Ok(Some(last)),
        _ => Err(ErrorKind::InvalidPaginationToken.into()),
    }
}

fn checksum(scope: &str, last: &str) -> String {
    let mut sum = format!("{:x}", Sha256::digest(format!("{scope}\n{last}")));
    sum.truncate(CHECKSUM);
    sum
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_token_leads_back_to_its_place_and_nowhere_else(last in "[a-z0-9-]{1,40}", other in ".{0,40}") {
            let token = token_after("faces/a", &last);
            prop_assert_eq!(resume("faces/a", Some(&token)).unwrap(), Some(last.as_str()));
            prop_assert!(resume("faces/b", Some(&token)).is_err());
            prop_assert!(other.is_empty() || resume("faces/a", Some(&other)).is_err());
        }
    }
}
