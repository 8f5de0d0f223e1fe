//! Face Liveness sessions. On AWS a person moves in front of a camera, and the app streams the video to a service of
//! its own; here [`client`] plays that part.
//!
//! Kept in memory: a session is of use for three minutes only.

pub mod client;

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use uuid::Uuid;

use super::{ApiError, ErrorKind};
use crate::local::portrait::Bounds;
use crate::model::Timestamp;

/// How long a session is valid after its creation (Rekognition developer guide, "Face Liveness").
const VALID: Duration = Duration::from_mins(3);
/// How long it is known at all. AWS does not document its own time.
const KNOWN: Duration = Duration::from_hours(1);
/// Regions with the larger quota of sessions under way at once, and both quotas.
pub const LARGE_REGIONS: &[&str] = &["us-east-1", "us-west-2"];
const MOST_UNDER_WAY: (usize, usize) = (75, 15);

/// The sessions, by id. Every method is told the time, so that tests can make it pass.
#[derive(Debug)]
pub struct Sessions {
    sessions: Mutex<BTreeMap<String, Session>>,
    most_under_way: usize,
}

/// One session.
#[derive(Debug, Clone)]
struct Session {
    created: Timestamp,
    token: Option<String>,
    settings: Settings,
    state: State,
}

/// What a session was created with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Where its images go; without it they are part of the results.
    pub output: Option<Output>,
    /// Most audit images, 0–4.
    pub audit_images: usize,
    /// What the person has to do.
    pub challenge: Challenge,
}

/// Where images go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// The bucket.
    pub bucket: String,
    /// What every key begins with; may be empty.
    pub prefix: String,
    /// The KMS key that encrypts them, when it is not the bucket's own.
    pub kms_key: Option<String>,
}

/// What the person has to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Challenge {
    /// Its name on the wire.
    pub kind: &'static str,
    /// Its version, `x.y.z`.
    pub version: String,
}

/// How far a session is.
#[derive(Debug, Clone, PartialEq)]
pub enum State {
    /// Nobody has come yet.
    Created,
    /// The person is in front of the camera.
    InProgress,
    /// The check ran. That does not mean that the person is live.
    Succeeded(Findings),
    /// The check could not run.
    Failed,
    /// Its time is over, and with it its findings.
    Expired,
}

/// What a check found.
#[derive(Debug, Clone, PartialEq)]
pub struct Findings {
    /// How surely the person is live, in percent.
    pub confidence: f32,
    /// The best picture.
    pub reference: Frame,
    /// Further ones.
    pub audit: Vec<Frame>,
}

/// One picture of the person.
#[derive(Debug, Clone, PartialEq)]
pub struct Frame {
    /// Where the face is, when one is seen.
    pub bounds: Option<Bounds>,
    /// The picture.
    pub content: Content,
}

/// A picture, or where it lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// The encoded image.
    Bytes(Vec<u8>),
    /// Bucket and key.
    Stored(String, String),
}

/// Why a session does not go on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Halt {
    /// There is no such session.
    Unknown,
    /// It has come to its end: each is used once.
    Over,
    /// Too many others are under way.
    Busy,
}

impl Sessions {
    /// No sessions yet, with the quota of a region.
    #[must_use]
    pub fn of_region(region: &str) -> Self {
        let (large, small) = MOST_UNDER_WAY;
        let most_under_way = if LARGE_REGIONS.contains(&region) { large } else { small };
        Self { sessions: Mutex::default(), most_under_way }
    }

    /// Creates a session and answers its id; the one of an earlier session when the token is the same.
    pub fn create(&self, settings: Settings, token: Option<String>, now: Timestamp) -> String {
        let mut sessions = self.lock();
        sessions.retain(|_, session| session.age(now) < KNOWN);
        let known = token.as_ref().and_then(|token| {
            let mut all = sessions.iter();
            all.find_map(|(id, session)| (session.token.as_ref() == Some(token)).then(|| id.clone()))
        });
        known.unwrap_or_else(|| {
            let id = Uuid::new_v4().to_string();
            sessions.insert(id.clone(), Session { created: now, token, settings, state: State::Created });
            id
        })
    }

    /// How far a session is, and its challenge.
    pub fn results(&self, id: &str, now: Timestamp) -> Result<(State, Challenge), ApiError> {
        let sessions = self.lock();
        let session = sessions.get(id).ok_or(ErrorKind::SessionNotFound)?;
        Ok((session.state(now).clone(), session.settings.challenge.clone()))
    }

    /// The settings of a session that can still go on.
    pub fn settings(&self, id: &str, now: Timestamp) -> Result<Settings, Halt> {
        let sessions = self.lock();
        let session = sessions.get(id).ok_or(Halt::Unknown)?;
        if session.is_over(now) { Err(Halt::Over) } else { Ok(session.settings.clone()) }
    }

    /// Takes a session on to its next state. What has come to its end stays as it is.
    pub fn advance(&self, id: &str, next: State, now: Timestamp) -> Result<(), Halt> {
        let mut sessions = self.lock();
        let others = sessions.iter().filter(|(other, session)| *other != id && session.is_under_way(now)).count();
        let session = sessions.get_mut(id).ok_or(Halt::Unknown)?;
        if session.is_over(now) {
            return Err(Halt::Over);
        }
        if next == State::InProgress && others >= self.most_under_way {
            return Err(Halt::Busy);
        }
        session.state = next;
        Ok(())
    }

    fn lock(&self) -> MutexGuard<'_, BTreeMap<String, Session>> {
        // A session is whole after every statement, so a panic elsewhere cannot have left it half-written.
        self.sessions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Session {
    fn age(&self, now: Timestamp) -> Duration {
        Duration::from_millis(u64::try_from(now.millis() - self.created.millis()).unwrap_or(0))
    }

    fn state(&self, now: Timestamp) -> &State {
        if self.age(now) < VALID { &self.state } else { &State::Expired }
    }

    fn is_over(&self, now: Timestamp) -> bool {
        !matches!(self.state(now), State::Created | State::InProgress)
    }

    fn is_under_way(&self, now: Timestamp) -> bool {
        *self.state(now) == State::InProgress
    }
}

impl State {
    /// Its name on the wire.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Created => "CREATED",
            Self::InProgress => "IN_PROGRESS",
            Self::Succeeded(_) => "SUCCEEDED",
            Self::Failed => "FAILED",
            Self::Expired => "EXPIRED",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings() -> Settings {
        let challenge = Challenge { kind: "FaceMovementChallenge", version: "1.0.0".to_owned() };
        Settings { output: None, audit_images: 0, challenge }
    }

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(1_793_352_600_000 + seconds * 1_000)
    }

    fn findings() -> State {
        let reference = Frame { bounds: None, content: Content::Bytes(vec![1]) };
        State::Succeeded(Findings { confidence: 99.0, reference, audit: Vec::new() })
    }

    #[test]
    fn findings_are_gone_after_three_minutes() {
        let sessions = Sessions::of_region("us-east-1");
        let id = sessions.create(settings(), None, at(0));
        sessions.advance(&id, findings(), at(10)).unwrap();
        assert_eq!(sessions.results(&id, at(179)).unwrap().0, findings());
        assert_eq!(sessions.results(&id, at(180)).unwrap().0, State::Expired);
        sessions.create(settings(), None, at(3_600));
        assert_eq!(sessions.results(&id, at(3_600)).unwrap_err().kind, ErrorKind::SessionNotFound);
    }

    #[test]
    fn a_session_is_used_once() {
        let sessions = Sessions::of_region("us-east-1");
        let id = sessions.create(settings(), None, at(0));
        sessions.advance(&id, State::InProgress, at(1)).unwrap();
        sessions.advance(&id, State::Failed, at(2)).unwrap();
        assert_eq!(sessions.advance(&id, findings(), at(3)), Err(Halt::Over));
        assert_eq!(sessions.settings(&id, at(3)), Err(Halt::Over));
        assert_eq!(sessions.advance("none", State::Failed, at(3)), Err(Halt::Unknown));
        let late = sessions.create(settings(), None, at(0));
        assert_eq!(sessions.advance(&late, State::InProgress, at(181)), Err(Halt::Over));
    }

    #[test]
    fn the_same_token_is_the_same_session() {
        let sessions = Sessions::of_region("us-east-1");
        let token = || Some("t".to_owned());
        let id = sessions.create(settings(), token(), at(0));
        assert_eq!(sessions.create(settings(), token(), at(60)), id);
        assert_ne!(sessions.create(settings(), None, at(60)), id);
        assert_ne!(sessions.create(settings(), token(), at(3_700)), id, "forgotten with its session");
    }

    #[test]
    fn only_so_many_are_under_way_at_once() {
        let sessions = Sessions::of_region("eu-west-1");
        let begin = |now| sessions.advance(&sessions.create(settings(), None, now), State::InProgress, now);
        for _ in 0..15 {
            begin(at(0)).unwrap();
        }
        assert_eq!(begin(at(1)), Err(Halt::Busy));
        begin(at(200)).expect("the expired ones are under way no more");
    }
}
