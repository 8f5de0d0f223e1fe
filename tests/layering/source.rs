//! A source file as tokens: comments and the contents of strings are gone, lines are kept, tests are marked.

/// A word, a number or one punctuation mark (`::` is one), and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    pub text: String,
    pub line: usize,
    /// Whether it belongs to code that only tests compile.
    pub in_test: bool,
}

/// One source file.
pub struct Source {
    /// Its path from the package's root.
    pub path: String,
    pub lines: usize,
    pub tokens: Vec<Token>,
}

impl Source {
    pub fn new(path: &str, text: &str) -> Self {
        let mut tokens = Lexer { rest: text.chars().collect(), at: 0, line: 1, tokens: Vec::new() }.run();
        mark_tests(&mut tokens);
        Self { path: path.to_owned(), lines: text.lines().count(), tokens }
    }

    /// The same file as one that only tests compile.
    pub fn of_tests(mut self) -> Self {
        for token in &mut self.tokens {
            token.in_test = true;
        }
        self
    }

    /// The files and folders, without extension, of the modules that this file declares for tests only.
    pub fn test_modules(&self) -> Vec<String> {
        let folder = self.path.trim_end_matches(".rs").trim_end_matches("/mod").trim_end_matches("/lib");
        let declared = self.tokens.windows(3).filter(|words| words[0].text == "mod" && words[2].text == ";");
        declared.filter(|words| words[0].in_test).map(|words| format!("{folder}/{}", words[1].text)).collect()
    }
}

struct Lexer {
    rest: Vec<char>,
    at: usize,
    line: usize,
    tokens: Vec<Token>,
}

impl Lexer {
    fn run(mut self) -> Vec<Token> {
        while let Some(c) = self.peek(0) {
            match c {
                '/' if self.peek(1) == Some('/') => self.skip_while(|c| c != '\n'),
                '/' if self.peek(1) == Some('*') => self.block_comment(),
                'r' | 'b' | 'c' if self.string_prefix() => {}
                '"' => self.string(),
                '\'' => self.character_or_lifetime(),
                c if c.is_alphanumeric() || c == '_' => self.word(),
                c if c.is_whitespace() => self.skip(1),
                ':' if self.peek(1) == Some(':') => self.push("::".to_owned(), 2),
                c => self.push(c.to_string(), 1),
            }
        }
        self.tokens
    }

    fn peek(&self, ahead: usize) -> Option<char> {
        self.rest.get(self.at + ahead).copied()
    }

    fn skip(&mut self, count: usize) {
        for _ in 0..count {
            if self.peek(0) == Some('\n') {
                self.line += 1;
            }
            self.at += 1;
        }
    }

    fn skip_while(&mut self, goes_on: fn(char) -> bool) {
        while self.peek(0).is_some_and(goes_on) {
            self.skip(1);
        }
    }

    fn push(&mut self, text: String, length: usize) {
        self.tokens.push(Token { text, line: self.line, in_test: false });
        self.skip(length);
    }

    fn word(&mut self) {
        let word: String = self.rest[self.at..].iter().take_while(|c| c.is_alphanumeric() || **c == '_').collect();
        let length = word.chars().count();
        self.push(word, length);
    }

    /// Block comments nest.
    fn block_comment(&mut self) {
        let mut depth = 0;
        loop {
            match (self.peek(0), self.peek(1)) {
                (Some('/'), Some('*')) => (depth += 1, self.skip(2)).1,
                (Some('*'), Some('/')) => (depth -= 1, self.skip(2)).1,
                (None, _) => return,
                _ => self.skip(1),
            }
            if depth == 0 {
                return;
            }
        }
    }

    fn string(&mut self) {
        self.skip(1);
        while let Some(c) = self.peek(0) {
            self.skip(if c == '\\' { 2 } else { 1 });
            if c == '"' {
                return;
            }
        }
    }

    /// `r"…"`, `r#"…"#`, `b"…"`, `br#"…"#`, `c"…"`: skipped as a whole. Anything else is left to be a word.
    fn string_prefix(&mut self) -> bool {
        let letters = (0..2).take_while(|ahead| self.peek(*ahead).is_some_and(|c| "rbc".contains(c))).count();
        let hashes = self.rest.iter().skip(self.at + letters).take_while(|c| **c == '#').count();
        let is_raw = (0..letters).any(|ahead| self.peek(ahead) == Some('r'));
        if self.peek(letters + hashes) != Some('"') || (hashes > 0 && !is_raw) {
            return false;
        }
        self.skip(letters + hashes);
        if !is_raw {
            self.string();
            return true;
        }
        self.skip(1);
        while self.peek(0).is_some() {
            let closes = self.peek(0) == Some('"') && (1..=hashes).all(|ahead| self.peek(ahead) == Some('#'));
            if closes {
                self.skip(1 + hashes);
                return true;
            }
            self.skip(1);
        }
        true
    }

    fn character_or_lifetime(&mut self) {
        match (self.peek(1), self.peek(2)) {
            (Some('\\'), _) => {
                self.skip(3);
                self.skip_while(|c| c != '\'');
                self.skip(1);
            }
            (Some(_), Some('\'')) => self.skip(3),
            _ => self.skip(1),
        }
    }
}

/// Marks every item behind `#[cfg(test)]`, `#[cfg(all(test, …))]` and `#[test]`, to its closing brace or semicolon.
fn mark_tests(tokens: &mut [Token]) {
    let mut at = 0;
    while at < tokens.len() {
        if !is_test_attribute(&tokens[at..]) {
            at += 1;
            continue;
        }
        let end = end_of_item(tokens, at);
        for token in &mut tokens[at..end] {
            token.in_test = true;
        }
        at = end;
    }
}

fn is_test_attribute(tokens: &[Token]) -> bool {
    if tokens.first().is_none_or(|token| token.text != "#") {
        return false;
    }
    let attribute: Vec<&str> = tokens.iter().map(|token| token.text.as_str()).take_while(|text| *text != "]").collect();
    let says = |word: &str| attribute.contains(&word);
    attribute.starts_with(&["#", "[", "test"])
        || (attribute.starts_with(&["#", "[", "cfg"]) && says("test") && !says("not"))
}

/// Where the item that begins here ends: behind the first `;` or the first closed `{…}` outside other brackets.
fn end_of_item(tokens: &[Token], start: usize) -> usize {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(start) {
        match token.text.as_str() {
            "{" | "(" | "[" => depth += 1,
            ")" | "]" => depth = depth.saturating_sub(1),
            "}" => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at + 1;
                }
            }
            ";" if depth == 0 => return at + 1,
            _ => {}
        }
    }
    tokens.len()
}
