//! The parts of an attempt: the selfie, its quality, the person on it.

use std::collections::BTreeSet;

use super::{At, Attempt, Authenticated, Authentication, Stopped};
use crate::identity::error::{IdentityError, Refusal};
use crate::identity::given::Given;
use crate::identity::liveness::{Liveness, LivenessPurpose};
use crate::identity::picture::{PictureError, PictureRef};
use crate::identity::ports::{FaceEngine, Ports};
use crate::identity::quality::assess;
use crate::identity::routing::Routing;
use crate::identity::search::{Candidate, MOST_FACES, Search, SearchThresholds};
use crate::identity::user::User;
use crate::model::{CollectionId, CollectionRole, Metric, Outcome, Reason, Step, TenantId, UserId};

impl<E: FaceEngine, P: Ports> Authentication<'_, E, P> {
    /// The picture to be judged; the inner error is why no living person stands behind it. A session is used up here.
    pub(in crate::identity) async fn selfie(
        &self,
        attempt: Attempt,
        purpose: LivenessPurpose,
    ) -> Result<Result<Given, Reason>, Stopped> {
        let Some(session) = attempt.liveness else {
            if self.settings.liveness.required {
                return Ok(Err(Reason::LivenessRequired));
            }
            return attempt.selfie.ok_or(PictureError::Empty).at(Step::Intake).map(Ok);
        };
        let Self { engine, ports, tally, settings, deadline } = *self;
        let liveness = Liveness { engine, ports, tally, settings, deadline };
        let redeemed = liveness.redeem(&session, &attempt.tenant, attempt.user.as_ref(), purpose).await;
        let verdict = redeemed.at(Step::Liveness)?;
        // One without a reference picture is refused already; nobody is recognised on no picture, all the same.
        Ok(verdict.and_then(|verdict| verdict.reference.ok_or(Reason::LivenessIncomplete)).map(Given::Upload))
    }

    /// The quality gate.
    pub(in crate::identity) async fn judge(
        &self,
        picture: PictureRef<'_>,
        size: (u32, u32),
    ) -> Result<(), IdentityError> {
        let faces = self.engine.detect(picture).await?;
        self.tally.count(Metric::FacesDetected, faces.len());
        let judged = assess(size, &faces, &self.settings.matching.quality);
        if let Err(Refusal::PoorQuality(failures)) = &judged {
            for failure in failures {
                self.tally.quality_failure(failure.rule);
            }
        }
        judged?;
        Ok(())
    }

    /// 1:1: is it this user?
    pub(in crate::identity) async fn verify(
        &self,
        user: &User,
        picture: PictureRef<'_>,
    ) -> Result<Authenticated, IdentityError> {
        let candidates = self.similar(std::slice::from_ref(&user.collection), picture).await?;
        if let Some(own) = candidates.iter().find(|candidate| is_of(candidate, &user.id)) {
            return Ok(self.approved(user, own));
        }
        let others = self.users_among(&candidates, &user.tenant, 1).await?;
        let reason = if others.is_empty() { Reason::NoMatch } else { Reason::OtherPerson };
        let threshold = self.thresholds().of(user.selfie.indexed.model_version.as_ref());
        Ok(Authenticated { threshold: Some(threshold), ..Authenticated::failed(Step::Search, reason) })
    }

    /// 1:N: which user of the tenant is it? The user comes with an approval.
    pub(super) async fn identify(
        &self,
        tenant: &TenantId,
        picture: PictureRef<'_>,
    ) -> Result<(Authenticated, Option<User>), IdentityError> {
        let routing = Routing::of(self.ports.routing(), self.settings, &CollectionRole::Registered).await?;
        let candidates = self.similar(&routing.collections(), picture).await?;
        let mut found = self.users_among(&candidates, tenant, 2).await?;
        match (found.pop(), found.is_empty()) {
            (None, _) => Ok((Authenticated::failed(Step::Search, Reason::NoMatch), None)),
            (Some((user, best)), true) => Ok((self.approved(&user, best), Some(user))),
            (Some(_), false) => Ok((Authenticated::failed(Step::Search, Reason::Ambiguous), None)),
        }
    }

    /// Everybody above the thresholds. All of them are asked for: with fewer, the faces of users of other tenants could
    /// leave no room for the one that counts.
    async fn similar(
        &self,
        collections: &[CollectionId],
        picture: PictureRef<'_>,
    ) -> Result<Vec<Candidate>, IdentityError> {
        let search = Search { collections, thresholds: self.thresholds(), limit: MOST_FACES };
        search.find(self.engine, self.tally, picture).await
    }

    /// The first `most` users of a tenant among candidates, best first, each with the best of the user's candidates. A
    /// face that is no user's is left over from a registration or belongs to one that is not concluded.
    async fn users_among<'c>(
        &self,
        candidates: &'c [Candidate],
        tenant: &TenantId,
        most: usize,
    ) -> Result<Vec<(User, &'c Candidate)>, IdentityError> {
        let (mut seen, mut found) = (BTreeSet::new(), Vec::new());
        for candidate in candidates {
            let reference = candidate.matched.reference.as_ref();
            let Some(id) = reference.and_then(|reference| UserId::new(reference.as_str()).ok()) else { continue };
            if found.len() == most {
                break;
            }
            if seen.insert(id.clone()) {
                found.extend(self.users().find(tenant, &id).await?.map(|user| (user, candidate)));
            }
        }
        Ok(found)
    }

    fn approved(&self, user: &User, best: &Candidate) -> Authenticated {
        self.tally.similarity(Step::Search, best.matched.similarity);
        Authenticated {
            outcome: Outcome::Approved,
            step: Step::Search,
            reason: None,
            user: Some(user.id.clone()),
            similarity: Some(best.matched.similarity),
            threshold: Some(best.threshold),
            left_over: None,
        }
    }

    fn thresholds(&self) -> SearchThresholds<'_> {
        SearchThresholds::configured(&self.settings.matching)
    }
}

/// Whether a face is one of a user's.
pub(in crate::identity) fn is_of(candidate: &Candidate, user: &UserId) -> bool {
    candidate.matched.reference.as_ref().is_some_and(|reference| reference.as_str() == user.as_str())
}
