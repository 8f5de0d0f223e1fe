//! What callers do, and how often. A visit is one request or a few that belong together.

use serde_json::{Value, json};

use super::album::{Look, Person};
use super::caller::Caller;
use super::identity::{self, Errand};
use super::route::Route;

/// People who are registered before anybody searches for them.
pub(super) const MEMBERS: u32 = 8;

/// What a caller comes for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Visit {
    act: Act,
    person: u32,
    number: u32,
}

/// What the caller does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Act {
    /// Registers as a member, with the tenant and as a user.
    Join,
    /// Registers a picture that looks like this.
    Register(Look),
    /// Uploads a picture and registers it from there.
    RegisterUpload,
    /// Registers a face, and deletes it.
    RegisterAndDelete,
    /// Registers a face, blacklists it, and looks for it.
    Blacklist,
    /// Compares a person's card with this picture of the same person.
    Verify(Look),
    /// Compares a person's card with somebody else.
    VerifyStranger,
    /// ID and selfie of one person.
    Ips,
    /// ID of one person, selfie of another.
    IpsStranger,
    /// Looks for a member.
    SearchMember,
    /// Looks for somebody who never registered.
    SearchStranger,
    /// Asks for the collection's size.
    Status,
    /// Sends nonsense.
    Nonsense,
    /// Registers with a token that may not.
    Powerless,
    /// Uses an identity flow.
    Identity(Errand),
}

/// The mix: shares of what callers do. Most goes well; the rest is what a real day brings.
const MIX: [(u32, Act); 38] = [
    (10, Act::Register(Look::Front)),
    (2, Act::Register(Look::Sunglasses)),
    (1, Act::Register(Look::Dark)),
    (1, Act::Register(Look::Turned)),
    (1, Act::Register(Look::Empty)),
    (2, Act::RegisterUpload),
    (2, Act::RegisterAndDelete),
    (2, Act::Blacklist),
    (12, Act::Verify(Look::Front)),
    (5, Act::Verify(Look::Aside)),
    (1, Act::Verify(Look::Empty)),
    (3, Act::VerifyStranger),
    (14, Act::Ips),
    (3, Act::IpsStranger),
    (12, Act::SearchMember),
    (4, Act::SearchStranger),
    (2, Act::Status),
    (2, Act::Nonsense),
    (1, Act::Powerless),
    (8, Act::Identity(Errand::Register(Look::Front))),
    (2, Act::Identity(Errand::Register(Look::Sunglasses))),
    (1, Act::Identity(Errand::Register(Look::Turned))),
    (1, Act::Identity(Errand::Register(Look::Empty))),
    (2, Act::Identity(Errand::RegisterImpostor)),
    (2, Act::Identity(Errand::RegisterAgain)),
    (1, Act::Identity(Errand::RegisterFraudster)),
    (8, Act::Identity(Errand::Authenticate)),
    (2, Act::Identity(Errand::AuthenticateAsAnother)),
    (1, Act::Identity(Errand::AuthenticateBadly)),
    (6, Act::Identity(Errand::Recognise)),
    (2, Act::Identity(Errand::RecogniseStranger)),
    (2, Act::Identity(Errand::UpdatePhoto)),
    (1, Act::Identity(Errand::UpdatePhotoOfAnother)),
    (3, Act::Identity(Errand::Liveness)),
    (1, Act::Identity(Errand::LivenessOfAPicture)),
    (1, Act::Identity(Errand::LivenessLeft)),
    (2, Act::Identity(Errand::ComeAndGo)),
    (1, Act::Identity(Errand::Look)),
];

impl Visit {
    /// A member's first visit.
    pub(super) const fn joining(person: u32) -> Self {
        Self { act: Act::Join, person, number: person }
    }

    /// Any visit of the mix.
    pub(super) fn random(dice: &mut fastrand::Rng, number: u32) -> Self {
        let total = MIX.iter().map(|(share, _)| share).sum();
        let mut roll = dice.u32(0..total);
        let act = MIX.iter().find(|(share, _)| match roll.checked_sub(*share) {
            Some(rest) => {
                roll = rest;
                false
            }
            None => true,
        });
        Self { act: act.map_or(Act::Status, |(_, act)| *act), person: dice.u32(0..MEMBERS), number }
    }

    /// One visit of every kind.
    #[cfg(test)]
    pub(super) fn of_every_kind() -> Vec<Self> {
        MIX.iter().zip(0..).map(|((_, act), number)| Self { act: *act, person: 1, number }).collect()
    }

    #[cfg(test)]
    pub(super) fn is_like(&self, other: &Self) -> bool {
        self.act == other.act
    }

    /// Does what the caller came for.
    pub(super) fn make(&self, caller: &mut Caller<'_>) {
        let (member, stranger) = (Person::Member(self.person), Person::Stranger(self.person));
        match self.act {
            Act::Join => {
                self.register(caller, member, Look::Front);
                identity::join(caller, self.person);
            }
            Act::Register(look) => {
                self.register(caller, member, look);
            }
            Act::RegisterUpload => self.register_upload(caller, member),
            Act::RegisterAndDelete => {
                let registered = self.register(caller, stranger, Look::Front);
                if let Some(face) = text(registered.as_ref(), "face_id") {
                    caller.ask(Route::DeleteFace, face);
                }
            }
            Act::Blacklist => self.blacklist(caller, Person::Blacklisted(self.person)),
            Act::Verify(look) => verify(caller, member, (member, look)),
            Act::VerifyStranger => verify(caller, member, (stranger, Look::Front)),
            Act::Ips => ips(caller, member, member),
            Act::IpsStranger => ips(caller, member, stranger),
            Act::SearchMember => search(caller, member, Look::Aside),
            Act::SearchStranger => search(caller, stranger, Look::Front),
            Act::Status => {
                caller.ask(Route::Status, "");
            }
            Act::Nonsense => caller.post_nonsense(Route::Verify),
            Act::Powerless => {
                let body = json!({ "image": caller.picture(member, Look::Front), "session_id": self.session(caller) });
                caller.post_powerless(Route::Register, &body);
            }
            Act::Identity(errand) => errand.run(caller, self.person, self.number),
        }
    }

    /// Sessions are new in every run of another seed, so that nobody runs into the most faces of a session.
    fn session(&self, caller: &Caller<'_>) -> String {
        format!("traffic-{:x}-{}", caller.seed(), self.number)
    }

    fn register(&self, caller: &mut Caller<'_>, person: Person, look: Look) -> Option<Value> {
        let body = json!({ "image": caller.picture(person, look), "session_id": self.session(caller) });
        caller.post(Route::Register, &body)
    }

    fn register_upload(&self, caller: &mut Caller<'_>, person: Person) {
        let upload = caller.post(Route::UploadUrl, &json!({ "content_type": "image/png" }));
        let (url, place) = (text(upload.as_ref(), "upload_url"), text(upload.as_ref(), "s3_uri"));
        if let (Some(url), Some(place)) = (url, place)
            && caller.upload(url, person, Look::Front)
        {
            let body = json!({ "image": place, "image_format": "s3", "session_id": self.session(caller) });
            caller.post(Route::Register, &body);
        }
    }

    fn blacklist(&self, caller: &mut Caller<'_>, person: Person) {
        let registered = self.register(caller, person, Look::Front);
        if let Some(face) = text(registered.as_ref(), "face_id") {
            let body = json!({ "face_id": face, "reason": "charged back", "reviewer": "traffic" });
            caller.post(Route::Blacklist, &body);
            search(caller, person, Look::Aside);
        }
    }
}

fn verify(caller: &mut Caller<'_>, card: Person, (person, look): (Person, Look)) {
    let body =
        json!({ "source_image": caller.picture(card, Look::Card), "target_image": caller.picture(person, look) });
    caller.post(Route::Verify, &body);
}

fn ips(caller: &mut Caller<'_>, card: Person, person: Person) {
    let body = json!({ "dl": caller.picture(card, Look::Card), "selfie": caller.picture(person, Look::Front) });
    caller.post(Route::Ips, &body);
}

fn search(caller: &mut Caller<'_>, person: Person, look: Look) {
    let body = json!({ "image": caller.picture(person, look), "max_results": 3 });
    caller.post(Route::Search, &body);
}

/// A member of an answer; none where there was no answer.
pub(super) fn text<'a>(answer: Option<&'a Value>, member: &str) -> Option<&'a str> {
    answer?.get(member)?.as_str()
}
