//! Reading a JSON body, member by member. Errors name the member and what it must be, never what was sent: that may
//! be a picture.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use super::RequestEvent;
use super::image::UPLOAD_INSTEAD;
use crate::handler::problem::{Code, Problem};
use crate::model::{Percent, Ratio};

/// Most bytes of a body: what Lambda takes with one request (quotas, "Invocation payload"). The gateway refuses more by
/// itself.
const MAX_BODY_BYTES: usize = 6 * 1024 * 1024;

/// The members of a JSON object that have not been read yet.
#[derive(Debug)]
pub(super) struct Members {
    unread: Map<String, Value>,
}

/// Reads the body as JSON.
pub(super) fn json(event: &RequestEvent) -> Result<Value, Problem> {
    check_content_type(event)?;
    let body = event.body.as_deref().unwrap_or_default();
    if body.len() > MAX_BODY_BYTES {
        let detail = format!("The body has more than {MAX_BODY_BYTES} bytes. {UPLOAD_INSTEAD}");
        return Err(Problem::new(Code::PayloadTooLarge, detail));
    }
    if event.is_base64_encoded {
        let bytes = STANDARD.decode(body).map_err(|_| Problem::invalid("The body is not valid base64."))?;
        return parse(&bytes);
    }
    parse(body.as_bytes())
}

/// Parses JSON; nesting deeper than 128 levels is refused by the parser.
pub(super) fn parse(bytes: &[u8]) -> Result<Value, Problem> {
    if bytes.is_empty() {
        return Err(Problem::invalid("The body is empty; a JSON object is expected."));
    }
    serde_json::from_slice(bytes).map_err(|error| {
        // The parser's own words may quote the input: only the position is told.
        let place = format!("line {}, column {}", error.line(), error.column());
        Problem::invalid(format!("The body is not valid JSON ({place})."))
    })
}

fn check_content_type(event: &RequestEvent) -> Result<(), Problem> {
    let Some(value) = event.header("content-type") else { return Ok(()) };
    let media_type = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if media_type == "application/json" || (media_type.starts_with("application/") && media_type.ends_with("+json")) {
        return Ok(());
    }
    Err(Problem::invalid("The content type must be application/json."))
}

impl Members {
    /// The members of a body that must be an object.
    pub(super) fn of(body: Value) -> Result<Self, Problem> {
        match body {
            Value::Object(unread) => Ok(Self { unread }),
            _ => Err(Problem::invalid("The body must be a JSON object.")),
        }
    }

    /// The same with spaces around the names taken away.
    pub(super) fn trimmed(self) -> Result<Self, Problem> {
        let mut unread = Map::new();
        for (name, value) in self.unread {
            if unread.insert(name.trim().to_owned(), value).is_some() {
                return Err(Problem::invalid("Two members have the same name, but for spaces around it."));
            }
        }
        Ok(Self { unread })
    }

    /// A text that must be there.
    pub(super) fn text(&mut self, name: &str) -> Result<String, Problem> {
        match self.take(name) {
            Some(Value::String(text)) => Ok(text),
            Some(_) => Err(Problem::invalid(format!("`{name}` must be a string."))),
            None => Err(Problem::invalid(format!("`{name}` is missing."))),
        }
    }

    /// A text that may be missing.
    pub(super) fn optional_text(&mut self, name: &str) -> Result<Option<String>, Problem> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(Problem::invalid(format!("`{name}` must be a string."))),
        }
    }

    /// A line of text that must be there, 1 to `most` characters long, without control characters.
    pub(super) fn line(&mut self, name: &str, most: usize) -> Result<String, Problem> {
        self.text(name).and_then(|text| checked_line(name, text, most))
    }

    /// The same where it may be missing.
    pub(super) fn optional_line(&mut self, name: &str, most: usize) -> Result<Option<String>, Problem> {
        self.optional_text(name)?.map(|text| checked_line(name, text, most)).transpose()
    }

    /// A score between 0.0 and 1.0 that may be missing. The one place where a ratio comes into the program.
    pub(super) fn optional_score(&mut self, name: &str) -> Result<Option<Percent>, Problem> {
        let Some(value) = self.take(name) else { return Ok(None) };
        let ratio = value.as_f64().and_then(|number| Ratio::new(number).ok());
        match ratio {
            Some(ratio) => Ok(Some(ratio.percent())),
            None => Err(Problem::invalid(format!("`{name}` must be a number between 0.0 and 1.0."))),
        }
    }

    /// A whole number within limits that may be missing.
    pub(super) fn optional_number(&mut self, name: &str, least: u16, most: u16) -> Result<Option<u16>, Problem> {
        let Some(value) = self.take(name) else { return Ok(None) };
        let number = value.as_u64().and_then(|number| u16::try_from(number).ok());
        match number.filter(|number| (least..=most).contains(number)) {
            Some(number) => Ok(Some(number)),
            None => Err(Problem::invalid(format!("`{name}` must be a whole number between {least} and {most}."))),
        }
    }

    /// An object that may be missing, at most `limit` bytes as JSON.
    pub(super) fn optional_object(&mut self, name: &str, limit: usize) -> Result<Map<String, Value>, Problem> {
        match self.take(name) {
            None => Ok(Map::new()),
            Some(value @ Value::Object(_)) if value.to_string().len() > limit => {
                Err(Problem::invalid(format!("`{name}` has more than {limit} bytes as JSON.")))
            }
            Some(Value::Object(object)) => Ok(object),
            Some(_) => Err(Problem::invalid(format!("`{name}` must be an object."))),
        }
    }

    /// Refuses what nobody has read: a misspelt threshold must not become the default one.
    pub(super) fn end(self) -> Result<(), Problem> {
        if self.unread.is_empty() {
            return Ok(());
        }
        let number = self.unread.len();
        Err(Problem::invalid(format!("The body has {number} unknown member(s); check the spelling of their names.")))
    }

    /// A member; `null` is as good as missing.
    fn take(&mut self, name: &str) -> Option<Value> {
        self.unread.remove(name).filter(|value| !value.is_null())
    }
}

fn checked_line(name: &str, text: String, most: usize) -> Result<String, Problem> {
    if (1..=most).contains(&text.chars().count()) && !text.chars().any(char::is_control) {
        return Ok(text);
    }
    Err(Problem::invalid(format!("`{name}` must be 1 to {most} characters in one line.")))
}
