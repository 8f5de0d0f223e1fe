//! Idempotency: a request that comes again with its token gets the answer that it got before, and changes nothing.
//!
//! Kept in memory: a token is for the caller who lost an answer and asks again within seconds.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::{ApiError, ErrorKind};
use crate::model::CollectionId;

/// How long a token is remembered. AWS does not document its own time.
const REMEMBERED: Duration = Duration::from_hours(1);

/// The tokens of successful requests.
#[derive(Debug, Default)]
pub struct Tokens(Mutex<Memory>);

/// One request that carries a token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request<'a> {
    /// The operation; two operations may use the same token.
    pub operation: &'static str,
    /// The token.
    pub token: &'a str,
    /// The collection that it works on.
    pub collection: &'a CollectionId,
    /// Everything else that it asks for, in a form of its own that tells any two requests apart.
    pub parameters: String,
}

#[derive(Debug, Default)]
struct Memory {
    answers: BTreeMap<Key, Remembered>,
    /// Oldest first.
    ages: VecDeque<(Instant, Key)>,
}

/// Operation and token.
type Key = (&'static str, String);

#[derive(Debug)]
struct Remembered {
    collection: CollectionId,
    parameters: String,
    body: Vec<u8>,
}

impl Tokens {
    /// The body that `work` answers, or the one that it answered to this request before.
    ///
    /// # Errors
    /// IdempotentParameterMismatchException when the token came with other parameters before; what `work` fails with,
    /// which is not remembered.
    pub fn once(
        &self,
        request: Request<'_>,
        now: Instant,
        work: impl FnOnce() -> Result<Vec<u8>, ApiError>,
    ) -> Result<Vec<u8>, ApiError> {
        // Locked during the work as well: the same request twice at once is the very case that tokens are for. Memory
        // is whole after every statement, so a panic in the work cannot have left it half-written.
        let mut memory = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        memory.forget_before(now);
        let key = (request.operation, request.token.to_owned());
        if let Some(known) = memory.answers.get(&key) {
            if known.collection != *request.collection || known.parameters != request.parameters {
                let message = format!("The ClientRequestToken: {} you have supplied is already in use.", request.token);
                return Err(ApiError::new(ErrorKind::IdempotentParameterMismatch, message));
            }
            return Ok(known.body.clone());
        }
        let body = work()?;
        let remembered =
            Remembered { collection: request.collection.clone(), parameters: request.parameters, body: body.clone() };
        memory.ages.push_back((now, key.clone()));
        memory.answers.insert(key, remembered);
        Ok(body)
    }

    /// Forgets the requests on a collection that is no more: another one of this name is another one.
    pub fn forget(&self, collection: &CollectionId) {
        let mut memory = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        memory.answers.retain(|_, known| known.collection != *collection);
        let Memory { answers, ages } = &mut *memory;
        ages.retain(|(_, key)| answers.contains_key(key));
    }
}

impl Memory {
    fn forget_before(&mut self, now: Instant) {
        while let Some((at, key)) = self.ages.front()
            && now.saturating_duration_since(*at) > REMEMBERED
        {
            self.answers.remove(key);
            self.ages.pop_front();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(tokens: &Tokens, parameters: &str, now: Instant) -> Result<Vec<u8>, ApiError> {
        let collection = CollectionId::new("a").unwrap();
        let request =
            Request { operation: "CreateUser", token: "t", collection: &collection, parameters: parameters.to_owned() };
        tokens.once(request, now, || Ok(b"first".to_vec()))
    }

    #[test]
    fn work_is_done_once_per_token() {
        let (tokens, start) = (Tokens::default(), Instant::now());
        let collection = CollectionId::new("a").unwrap();
        let request = |operation| Request { operation, token: "t", collection: &collection, parameters: String::new() };
        ask(&tokens, "", start).unwrap();
        let again = tokens.once(request("CreateUser"), start, || panic!("done again"));
        assert_eq!(again.unwrap(), b"first");
        let other = tokens.once(request("DeleteUser"), start, || Ok(b"second".to_vec()));
        assert_eq!(other.unwrap(), b"second", "another operation has tokens of its own");
    }

    #[test]
    fn a_token_belongs_to_its_parameters_until_it_is_forgotten() {
        let (tokens, start) = (Tokens::default(), Instant::now());
        ask(&tokens, "one", start).unwrap();
        assert_eq!(ask(&tokens, "two", start).unwrap_err().kind, ErrorKind::IdempotentParameterMismatch);
        assert!(ask(&tokens, "two", start + REMEMBERED + Duration::from_secs(1)).is_ok());
        tokens.forget(&CollectionId::new("a").unwrap());
        assert!(ask(&tokens, "three", start).is_ok());
    }

    #[test]
    fn a_failure_is_not_remembered() {
        let (tokens, start) = (Tokens::default(), Instant::now());
        let collection = CollectionId::new("a").unwrap();
        let request =
            Request { operation: "CreateUser", token: "t", collection: &collection, parameters: String::new() };
        tokens.once(request, start, || Err(ErrorKind::Throttling.into())).unwrap_err();
        assert!(ask(&tokens, "", start).is_ok());
    }
}
