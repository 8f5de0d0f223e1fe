//! `${Name}` and `&{Name}` in text.

use std::fmt;

/// The values that the loops around a node have now: identifier and value, outermost first.
#[derive(Debug, Clone, Default)]
pub(super) struct Scope(Vec<(String, String)>);

/// A piece of a text with placeholders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// Text that stands for itself; of the escape `${!x}`, this is `${x}`.
    Text(String),
    /// `${Name}`, blanks around the name taken off.
    Dollar(&'a str),
    /// `&{Name}`.
    Ampersand(&'a str),
}

/// The piece as `Fn::Sub` reads it.
impl fmt::Display for Piece<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(text) => f.write_str(&escape(text)),
            Self::Dollar(name) => write!(f, "${{{name}}}"),
            Self::Ampersand(name) => write!(f, "&{{{name}}}"),
        }
    }
}

impl Scope {
    /// Enters a loop's turn.
    pub fn push(&mut self, identifier: &str, value: &str) {
        self.0.push((identifier.to_owned(), value.to_owned()));
    }

    /// Leaves it.
    pub fn pop(&mut self) {
        self.0.pop();
    }

    /// The identifier's value in this turn.
    pub fn get(&self, identifier: &str) -> Option<&str> {
        self.0.iter().rev().find(|(name, _)| name == identifier).map(|(_, value)| value.as_str())
    }

    /// A fragment's key in this turn: `${Id}` is the value, `&{Id}` its letters and digits.
    pub fn key(&self, key: &str) -> String {
        let turn = |piece| match piece {
            Piece::Text(text) => text,
            Piece::Dollar(name) => self.get(name).map_or(format!("${{{name}}}"), str::to_owned),
            Piece::Ampersand(name) => self
                .get(name)
                .map_or(format!("&{{{name}}}"), |value| value.chars().filter(char::is_ascii_alphanumeric).collect()),
        };
        pieces(key).into_iter().map(turn).collect()
    }

    /// The first placeholder in a text that a loop here could fill.
    pub fn placeholder(&self, text: &str) -> Option<String> {
        pieces(text).into_iter().find_map(|piece| match piece {
            Piece::Dollar(name) if self.get(name).is_some() => Some(format!("${{{name}}}")),
            Piece::Ampersand(name) if self.get(name).is_some() => Some(format!("&{{{name}}}")),
            _ => None,
        })
    }
}

/// Whether a key names the identifier.
pub(super) fn mentions(key: &str, identifier: &str) -> bool {
    pieces(key).iter().any(|piece| matches!(piece, Piece::Dollar(name) | Piece::Ampersand(name) if *name == identifier))
}

/// Cuts a text into its placeholders and what is between them.
pub(super) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut found = Vec::new();
    let mut plain = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(['$', '&']) {
        let (before, from) = rest.split_at(start);
        plain.push_str(before);
        let inside = from.get(1..).and_then(|after| after.strip_prefix('{')).and_then(|after| after.split_once('}'));
        let (sigil, after) = from.split_at(1);
        let Some((name, after_name)) = inside else {
            plain.push_str(sigil);
            rest = after;
            continue;
        };
        rest = after_name;
        if let (Some(literal), "$") = (name.strip_prefix('!'), sigil) {
            plain.push_str("${");
            plain.push_str(literal);
            plain.push('}');
            continue;
        }
        if !plain.is_empty() {
            found.push(Piece::Text(std::mem::take(&mut plain)));
        }
        found.push(if sigil == "$" { Piece::Dollar(name.trim()) } else { Piece::Ampersand(name.trim()) });
    }
    plain.push_str(rest);
    if !plain.is_empty() {
        found.push(Piece::Text(plain));
    }
    found
}

/// A text that stands for itself inside `Fn::Sub`. What the escape `${!…}` encloses is not read again.
pub(super) fn escape(text: &str) -> String {
    let mut escaped = String::new();
    let mut rest = text;
    while let Some((before, from)) = rest.split_once("${") {
        let (inside, after) = from.split_once('}').map_or((from, None), |(inside, after)| (inside, Some(after)));
        for part in [before, "${!", inside] {
            escaped.push_str(part);
        }
        let Some(after) = after else {
            return escaped;
        };
        escaped.push('}');
        rest = after;
    }
    escaped + rest
}

/// The names that a text of `Fn::Sub` refers to, attributes taken off: `Table` of `${Table.Arn}`.
pub(super) fn references(text: &str) -> impl Iterator<Item = &str> {
    pieces(text).into_iter().filter_map(|piece| match piece {
        Piece::Dollar(name) => Some(name.split_once('.').map_or(name, |(resource, _)| resource)),
        Piece::Text(_) | Piece::Ampersand(_) => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn text_and_placeholders_alternate() {
        assert_eq!(
            pieces("a${B}c&{D}$ & ${!E} ${ F }"),
            [
                Piece::Text("a".to_owned()),
                Piece::Dollar("B"),
                Piece::Text("c".to_owned()),
                Piece::Ampersand("D"),
                Piece::Text("$ & ${E} ".to_owned()),
                Piece::Dollar("F"),
            ]
        );
    }

    #[test]
    fn an_ampersand_keeps_letters_and_digits_only() {
        let mut scope = Scope::default();
        scope.push("Shard", "tenant-demo-00");
        assert_eq!(scope.key("Collection&{Shard}"), "Collectiontenantdemo00");
        assert_eq!(scope.key("${Shard}"), "tenant-demo-00");
        assert_eq!(scope.key("${Other}&{Other}"), "${Other}&{Other}");
        scope.pop();
        assert_eq!(scope.placeholder("${Shard}"), None);
    }

    proptest! {
        #[test]
        fn escaped_text_has_no_placeholder_and_comes_back(text in "[a-z${}!]{0,20}[}]") {
            let escaped = escape(&text);
            let back: String = pieces(&escaped)
                .into_iter()
                .map(|piece| match piece {
                    Piece::Text(text) => text,
                    Piece::Dollar(name) => format!("DOLLAR {name}"),
                    Piece::Ampersand(name) => format!("&{{{name}}}"),
                })
                .collect();
            prop_assert_eq!(back, text);
        }
    }
}
