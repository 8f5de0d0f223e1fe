//! Metric math, as far as alarms use it: `+ - * /`, parentheses, numbers, ids, and `FILL(id, number)`.
//!
//! Pure. A period in which an operand is missing has no result, as on CloudWatch; so has a division by zero.

/// A parsed expression.
#[derive(Debug, Clone, PartialEq)]
pub enum Expression {
    /// A number.
    Number(f64),
    /// The input of this id.
    Id(String),
    /// The input, with a number where it is missing.
    Fill(String, f64),
    /// Two operands.
    Binary(Operator, Box<Self>, Box<Self>),
}

/// What two operands are joined by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Operator {
    /// `+`
    Plus,
    /// `-`
    Minus,
    /// `*`
    Times,
    /// `/`
    Over,
}

/// An expression that is not understood.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("metric math `{expression}` is not understood at `{rest}`: + - * / ( ), numbers, ids and FILL(id, number) are")]
pub struct MathError {
    /// The whole expression.
    pub expression: String,
    /// What was left when it was given up.
    pub rest: String,
}

impl Expression {
    /// Parses an expression.
    pub fn parse(text: &str) -> Result<Self, MathError> {
        let mut parser = Parser { rest: text };
        let parsed = parser.sum().filter(|_| parser.rest.trim().is_empty());
        parsed.ok_or_else(|| MathError { expression: text.to_owned(), rest: parser.rest.trim().to_owned() })
    }

    /// Its value in one period, given the value of each input there.
    pub fn value(&self, input: &impl Fn(&str) -> Option<f64>) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Id(id) => input(id),
            Self::Fill(id, number) => Some(input(id).unwrap_or(*number)),
            Self::Binary(operator, left, right) => {
                let (left, right) = (left.value(input)?, right.value(input)?);
                let value = match operator {
                    Operator::Plus => left + right,
                    Operator::Minus => left - right,
                    Operator::Times => left * right,
                    Operator::Over => left / right,
                };
                value.is_finite().then_some(value)
            }
        }
    }
}

struct Parser<'a> {
    rest: &'a str,
}

impl Parser<'_> {
    fn sum(&mut self) -> Option<Expression> {
        self.chain(&[("+", Operator::Plus), ("-", Operator::Minus)], Self::product)
    }

    fn product(&mut self) -> Option<Expression> {
        self.chain(&[("*", Operator::Times), ("/", Operator::Over)], Self::operand)
    }

    fn chain(
        &mut self,
        operators: &[(&str, Operator)],
        operand: fn(&mut Self) -> Option<Expression>,
    ) -> Option<Expression> {
        let mut left = operand(self)?;
        while let Some((_, operator)) = operators.iter().find(|(symbol, _)| self.eat(symbol)) {
            left = Expression::Binary(*operator, Box::new(left), Box::new(operand(self)?));
        }
        Some(left)
    }

    fn operand(&mut self) -> Option<Expression> {
        if self.eat("(") {
            let inner = self.sum()?;
            return self.eat(")").then_some(inner);
        }
        if let Some(number) = self.number() {
            return Some(Expression::Number(number));
        }
        let word = self.word(|c| c.is_ascii_alphanumeric() || c == '_')?;
        if word != "FILL" {
            return word.starts_with(|c: char| c.is_ascii_lowercase()).then(|| Expression::Id(word.to_owned()));
        }
        let id = self.eat("(").then(|| self.word(|c| c.is_ascii_alphanumeric() || c == '_'))??.to_owned();
        let number = self.eat(",").then(|| self.number())??;
        self.eat(")").then_some(Expression::Fill(id, number))
    }

    fn number(&mut self) -> Option<f64> {
        let before = self.rest;
        let number = self.word(|c| c.is_ascii_digit() || c == '.').and_then(|digits| digits.parse().ok());
        if number.is_none() {
            self.rest = before;
        }
        number
    }

    fn word(&mut self, belongs: fn(char) -> bool) -> Option<&str> {
        let rest = self.rest.trim_start();
        let end = rest.find(|c| !belongs(c)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        self.rest = after;
        (!word.is_empty()).then_some(word)
    }

    fn eat(&mut self, symbol: &str) -> bool {
        let eaten = self.rest.trim_start().strip_prefix(symbol);
        self.rest = eaten.unwrap_or(self.rest);
        eaten.is_some()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn value(text: &str) -> Option<f64> {
        Expression::parse(text).unwrap().value(&|id| match id {
            "a" => Some(6.0),
            "b" => Some(4.0),
            "zero" => Some(0.0),
            _ => None,
        })
    }

    #[test]
    fn reckoned_as_written() {
        assert_eq!(value("a + b * 2"), Some(14.0));
        assert_eq!(value("(a+b)*2"), Some(20.0));
        assert_eq!(value("100 * a / (a + b)"), Some(60.0));
        assert_eq!(value("a - b - 1"), Some(1.0));
        assert_eq!(value("a / zero"), None);
        assert_eq!(value("a + absent"), None);
        assert_eq!(value("a + FILL(absent, 0.5)"), Some(6.5));
    }

    #[test]
    fn what_is_not_understood_is_shown() {
        for (text, rest) in [("a +", ""), ("IF(a > 1, 2)", "(a > 1, 2)"), ("a b", "b"), ("(a", "")] {
            assert_eq!(Expression::parse(text).unwrap_err().rest, rest, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_survived(text in ".{0,40}") {
            let _ = Expression::parse(&text);
        }

        #[test]
        fn sums_are_sums(numbers in prop::collection::vec(0..1000_u32, 1..20)) {
            let text = numbers.iter().map(u32::to_string).collect::<Vec<_>>().join("+");
            prop_assert_eq!(value(&text), Some(f64::from(numbers.iter().sum::<u32>())));
        }
    }
}
