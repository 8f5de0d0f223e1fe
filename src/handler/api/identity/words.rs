//! What an app can tell a person about how it ended.

use crate::model::{Outcome, Reason};

/// A registration that is approved.
pub(super) const REGISTERED: &str = "You are registered.";
/// A registration that goes on.
pub(super) const GOES_ON: &str = "We are still checking. Ask again in a moment.";
/// An attempt that was approved.
pub(super) const RECOGNISED: &str = "We recognised you.";

/// What to say about a conclusion.
pub(super) const fn of_outcome(outcome: Outcome, reason: Option<Reason>) -> &'static str {
    match (outcome, reason) {
        (Outcome::Approved, _) => REGISTERED,
        (_, Some(reason)) => of(reason),
        (_, None) => "We could not register you.",
    }
}

/// What to say about a reason. Where somebody tries to deceive, it is not said what gave it away.
pub(super) const fn of(reason: Reason) -> &'static str {
    match reason {
        Reason::NoFaceDetected => "We found no face. Be in the picture with your whole face.",
        Reason::MultipleFaces => "There is more than one face. Be in the picture alone.",
        Reason::QualityRejected => "The picture is not good enough. Take it again in good light.",
        Reason::InvalidImage => "We cannot read the picture. Take it again.",
        Reason::NoMatch | Reason::BelowThreshold | Reason::OtherPerson | Reason::UnknownUser => {
            "We did not recognise you. Try again in good light, or use another way to identify yourself."
        }
        Reason::Ambiguous => "We could not tell for sure who you are. Enter your user name and try again.",
        Reason::Blacklisted => "We cannot complete this. Please contact us.",
        Reason::AlreadyRegistered => "You are registered already.",
        Reason::RegisteredMeanwhile => "You are just being registered by another request.",
        Reason::UserExists => "This user name is taken.",
        Reason::UnreadableDocument => {
            "We cannot read the document. Take its picture again: all of it, flat, in good light."
        }
        Reason::NotLive => "We could not confirm that you are in front of the camera. Try again.",
        Reason::LivenessRequired => "A video check is needed first.",
        Reason::LivenessIncomplete => "The video check was not completed. Do it again.",
        Reason::LivenessExpired | Reason::LivenessReused | Reason::LivenessForeign => {
            "The video check is not valid any more. Do it again."
        }
        Reason::MaxFacesExceeded => "No more pictures can be registered.",
        Reason::Throttled => "Too many people at the moment. Try again in a few seconds.",
        Reason::Internal | Reason::Interrupted => "Something went wrong on our side. Try again.",
        Reason::Abandoned => "This was not completed in time. Begin again.",
    }
}
