//! Who is the person? The one on the document, nobody known as a fraudster, nobody registered already.

use std::collections::BTreeSet;

use super::{Answer, Conclusion, Registering, Registration};
use crate::identity::error::IdentityError;
use crate::identity::picture::PictureRef;
use crate::identity::ports::{FaceEngine, Ports, UserRecords};
use crate::identity::routing::Routing;
use crate::identity::search::{Candidate, MOST_FACES, Search, SearchThresholds};
use crate::model::{CollectionRole, Metric, Outcome, Percent, Reason, Step, TenantId, UserId};

impl<E: FaceEngine, P: Ports> Registering<'_, E, P> {
    /// The document's largest face against the selfie. `CompareFaces` does not say which face model version it used, so
    /// the strictest of the configured thresholds counts.
    pub(super) async fn compare(&self, registration: &Registration) -> Result<Answer, IdentityError> {
        let pictures = &registration.pictures;
        let (source, target) = (PictureRef::Stored(&pictures.document), PictureRef::Stored(&pictures.selfie));
        let comparison = self.engine.compare(source, target).await?;
        self.tally.count(Metric::Comparisons, 1);
        self.tally.similarity(Step::Compare, comparison.similarity);
        let threshold = self.settings.matching.thresholds(None).compare;
        Ok(if comparison.similarity >= threshold {
            Answer::Yes
        } else {
            Answer::No(Conclusion::unlike(distance(comparison.similarity), comparison.similarity))
        })
    }

    /// The selfie against every shard of known fraudsters.
    pub(super) async fn search_fraudsters(&self, registration: &Registration) -> Result<Answer, IdentityError> {
        let found = self.search(registration, Step::FraudSearch, CollectionRole::Fraudulent, 1).await?;
        Ok(if found.is_empty() {
            Answer::Yes
        } else {
            Answer::No(Conclusion::no(Outcome::Fraud, Step::FraudSearch, Reason::Blacklisted))
        })
    }

    /// The selfie against every shard of registered users. Who is just being registered does not count yet: that is for
    /// the last look. Left out where only this step is deferred, because the last look is deferred with it.
    pub(super) async fn search_duplicates(&self, registration: &Registration) -> Result<Answer, IdentityError> {
        if self.deferred_from() == Some(Step::Settle) {
            return Ok(Answer::Yes);
        }
        for user in self.look_alikes(registration).await? {
            if let Some(user) = self.ports.users().find(&user).await?.filter(|user| !user.is_leaving()) {
                let existing = told_to(&registration.tenant, &user.tenant, user.id);
                return Ok(Answer::No(Conclusion::duplicate(Step::DuplicateSearch, existing)));
            }
        }
        Ok(Answer::Yes)
    }

    /// Everybody in the collections of registered users who looks like the selfie, most similar first: users, those who
    /// are being registered, and what is left of those who are being removed. Faces that carry no user's id are nobody's.
    pub(super) async fn look_alikes(&self, registration: &Registration) -> Result<Vec<UserId>, IdentityError> {
        let candidates =
            self.search(registration, Step::DuplicateSearch, CollectionRole::Registered, MOST_FACES).await?;
        let mut seen = BTreeSet::new();
        let references = candidates.into_iter().filter_map(|candidate| candidate.matched.reference);
        let users = references.filter_map(|reference| UserId::new(reference.as_str()).ok());
        Ok(users.filter(|user| seen.insert(user.clone())).collect())
    }

    async fn search(
        &self,
        registration: &Registration,
        step: Step,
        role: CollectionRole,
        limit: u16,
    ) -> Result<Vec<Candidate>, IdentityError> {
        let collections = self.routing(&role).await?.collections();
        let thresholds = SearchThresholds::configured(&self.settings.matching);
        let search = Search { collections: &collections, thresholds, limit };
        let candidates =
            search.find(self.engine, self.tally, PictureRef::Stored(&registration.pictures.selfie)).await?;
        if let Some(best) = candidates.first() {
            self.tally.similarity(step, best.matched.similarity);
        }
        Ok(candidates)
    }

    pub(super) async fn routing(&self, role: &CollectionRole) -> Result<Routing, IdentityError> {
        Routing::of(self.ports.routing(), self.settings, role).await
    }
}

/// What somebody is told of a user: nothing, unless it is their own.
pub(super) fn told_to(asking: &TenantId, owner: &TenantId, user: UserId) -> Option<UserId> {
    (asking == owner).then_some(user)
}

/// How a similarity that is not enough is called: below 80 % Rekognition itself does not speak of a match (`CompareFaces`,
/// default of `SimilarityThreshold`).
fn distance(similarity: Percent) -> Reason {
    if similarity.value() < 80.0 { Reason::NoMatch } else { Reason::BelowThreshold }
}
