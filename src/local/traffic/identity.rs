//! Visits of the identity flows: registrations with documents, authentications, photo updates, liveness, farewells.

use serde_json::{Value, json};

use super::album::{Look, Person};
use super::caller::Caller;
use super::route::Route;
use super::visit::{MEMBERS, text};

/// The confidence of a living person, and of a picture held before the camera, percent.
const LIVE: f64 = 99.2;
const NOT_LIVE: f64 = 31.0;

/// What somebody comes for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Errand {
    /// A newcomer registers with a selfie that looks like this.
    Register(Look),
    /// A stranger registers with a member's document.
    RegisterImpostor,
    /// A member registers once more, under another id.
    RegisterAgain,
    /// A known fraudster registers.
    RegisterFraudster,
    /// A member says who it is.
    Authenticate,
    /// A member says that it is another one.
    AuthenticateAsAnother,
    /// A member wears sunglasses.
    AuthenticateBadly,
    /// A member does not say who it is.
    Recognise,
    /// A stranger does not say who it is.
    RecogniseStranger,
    /// A member has a new photo.
    UpdatePhoto,
    /// A stranger wants to replace a member's photo.
    UpdatePhotoOfAnother,
    /// A member authenticates in front of the camera.
    Liveness,
    /// Somebody holds a member's picture before the camera.
    LivenessOfAPicture,
    /// Somebody begins a liveness check and leaves.
    LivenessLeft,
    /// A newcomer registers, and wants to be forgotten.
    ComeAndGo,
    /// Somebody asks what is known of a member.
    Look,
}

/// Registers a member as a user. In a second run the member is there already, which is an answer, too.
pub(super) fn join(caller: &mut Caller<'_>, member: u32) {
    let person = Person::Member(member);
    register(caller, &user(member), (person, Look::Front), person);
}

impl Errand {
    /// Runs the errand for a member; `number` makes newcomers new.
    pub(super) fn run(self, caller: &mut Caller<'_>, member: u32, number: u32) {
        let (person, stranger) = (Person::Member(member), Person::Stranger(member));
        let newcomer = Person::Newcomer(caller.seed(), number);
        let new = format!("traffic-{:x}-{number}", caller.seed());
        let another = user((member + 1) % MEMBERS);
        match self {
            Self::Register(look) => {
                let registered = register(caller, &new, (newcomer, look), newcomer);
                if let Some(id) = text(registered.as_ref(), "registration_id") {
                    caller.ask(Route::Registration, id);
                }
            }
            Self::RegisterImpostor => {
                register(caller, &new, (stranger, Look::Front), person);
            }
            Self::RegisterAgain => {
                register(caller, &new, (person, Look::Aside), person);
            }
            Self::RegisterFraudster => {
                caller.plant_fraudster(Person::Fraudster);
                register(caller, &new, (Person::Fraudster, Look::Aside), Person::Fraudster);
            }
            Self::Authenticate => authenticate(caller, Some(&user(member)), person, Look::Aside),
            Self::AuthenticateAsAnother => authenticate(caller, Some(&another), person, Look::Front),
            Self::AuthenticateBadly => authenticate(caller, Some(&user(member)), person, Look::Sunglasses),
            Self::Recognise => authenticate(caller, None, person, Look::Aside),
            Self::RecogniseStranger => authenticate(caller, None, stranger, Look::Front),
            Self::UpdatePhoto => update_photo(caller, member, person),
            Self::UpdatePhotoOfAnother => update_photo(caller, member, stranger),
            Self::Liveness => live(caller, member, LIVE),
            Self::LivenessOfAPicture => live(caller, member, NOT_LIVE),
            Self::LivenessLeft => {
                begin_liveness(caller, member);
            }
            Self::ComeAndGo => {
                if register(caller, &new, (newcomer, Look::Front), newcomer).is_some() {
                    caller.ask(Route::DeleteUser, &new);
                }
            }
            Self::Look => {
                caller.ask(Route::User, &user(member));
            }
        }
    }
}

/// The user id of a member: the same in every run, for a person can be registered only once.
fn user(member: u32) -> String {
    format!("traffic-member-{member}")
}

fn register(caller: &mut Caller<'_>, user: &str, (person, look): (Person, Look), on_document: Person) -> Option<Value> {
    let body = json!({
        "user_id": user,
        "selfie": caller.picture(person, look),
        "document": caller.picture(on_document, Look::Card),
    });
    caller.post(Route::BeginRegistration, &body)
}

fn authenticate(caller: &mut Caller<'_>, user: Option<&str>, person: Person, look: Look) {
    let mut body = json!({ "selfie": caller.picture(person, look) });
    if let Some(user) = user {
        body["user_id"] = user.into();
    }
    caller.post(Route::Authenticate, &body);
}

fn update_photo(caller: &mut Caller<'_>, member: u32, person: Person) {
    let body = json!({ "selfie": caller.picture(person, Look::Aside) });
    caller.send_about(Route::UpdatePhoto, &user(member), &body);
}

fn begin_liveness(caller: &mut Caller<'_>, member: u32) -> Option<String> {
    let body = json!({ "purpose": "authentication", "user_id": user(member) });
    let begun = caller.post(Route::BeginLiveness, &body);
    text(begun.as_ref(), "session_id").map(str::to_owned)
}

/// A liveness check and the authentication that it is for.
fn live(caller: &mut Caller<'_>, member: u32, confidence: f64) {
    let Some(session) = begin_liveness(caller, member) else { return };
    if caller.play_liveness(&session, confidence, Person::Member(member)) {
        caller.ask(Route::Liveness, &session);
        caller.post(Route::Authenticate, &json!({ "user_id": user(member), "liveness_session_id": session }));
    }
}
