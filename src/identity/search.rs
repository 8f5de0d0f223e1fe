//! 1:N: who is the person in the picture, over all shards of a role.

use std::cmp::Ordering;

use super::concurrently;
use super::error::IdentityError;
use super::face::{CollectionMatches, MatchedFace};
use super::picture::PictureRef;
use super::ports::FaceEngine;
use super::tally::Tally;
use crate::model::{CollectionId, Matching, Metric, ModelVersion, Percent, Step};

/// Most faces that a search can return (Rekognition API model, `MaxFaces`). Whoever looks for certain faces among the
/// similar ones asks for all of them: with fewer, the faces of others could leave no room for the one that is looked for.
pub const MOST_FACES: u16 = 4096;

/// The least similarity that counts as the same person, by the face model version of the collection that a face was
/// found in, because scores of different versions do not compare.
#[derive(Debug, Clone, Copy)]
pub struct SearchThresholds<'a> {
    matching: &'a Matching,
    /// What the caller asked for, where the configured thresholds are not to be taken as they are.
    asked: Option<Percent>,
}

/// A face that is similar enough.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// The collection that it was found in.
    pub collection: CollectionId,
    /// The face.
    pub matched: MatchedFace,
    /// The least similarity that counted in that collection.
    pub threshold: Percent,
}

/// A search over the shards of one role.
#[derive(Debug, Clone, Copy)]
pub struct Search<'a> {
    /// The shards.
    pub collections: &'a [CollectionId],
    /// What counts as the same person.
    pub thresholds: SearchThresholds<'a>,
    /// Most candidates to return.
    pub limit: u16,
}

impl<'a> SearchThresholds<'a> {
    /// The configured thresholds.
    #[must_use]
    pub const fn configured(matching: &'a Matching) -> Self {
        Self { matching, asked: None }
    }

    /// A threshold that the caller chose for faces of the default model version. For another version it moves by as
    /// much as the configured threshold of that version differs from the default one.
    #[must_use]
    pub const fn asked(matching: &'a Matching, asked: Percent) -> Self {
        Self { matching, asked: Some(asked) }
    }

    /// The threshold for faces of a model version.
    #[must_use]
    pub fn of(&self, version: Option<&ModelVersion>) -> Percent {
        let configured = self.matching.thresholds(version).search;
        match self.asked {
            None => configured,
            Some(asked) => {
                let shift = configured.value() - self.matching.default.search.value();
                Percent::saturating(asked.value() + shift)
            }
        }
    }

    /// The lowest threshold of any version: what to ask an engine for before its version is known.
    #[must_use]
    pub fn lowest(&self) -> Percent {
        let versions = self.matching.by_model_version.keys().map(|version| self.of(Some(version)));
        versions.fold(self.of(None), |lowest, own| if own < lowest { own } else { lowest })
    }
}

impl Candidate {
    /// How far above its threshold it is, percentage points: what candidates of different model versions are ranked by.
    #[must_use]
    pub fn margin(&self) -> f64 {
        self.matched.similarity.value() - self.threshold.value()
    }

    fn rank(&self, other: &Self) -> Ordering {
        other
            .margin()
            .total_cmp(&self.margin())
            .then_with(|| other.matched.similarity.value().total_cmp(&self.matched.similarity.value()))
            // Equal candidates keep one order, so that the same question gets the same answer.
            .then_with(|| self.matched.engine_face.cmp(&other.matched.engine_face))
    }
}

impl Search<'_> {
    /// [`Self::find`] for somebody who shows all that is found: the best candidate's similarity is counted.
    pub async fn run<E: FaceEngine>(
        &self,
        engine: &E,
        tally: &Tally,
        picture: PictureRef<'_>,
    ) -> Result<Vec<Candidate>, IdentityError> {
        let candidates = self.find(engine, tally, picture).await?;
        if let Some(best) = candidates.first() {
            tally.similarity(Step::Search, best.matched.similarity);
        }
        Ok(candidates)
    }

    /// The candidates for the largest face of a picture, best first. One shard that does not answer fails the search:
    /// "not found" is an answer that must not rest on collections that nobody has looked into.
    pub async fn find<E: FaceEngine>(
        &self,
        engine: &E,
        tally: &Tally,
        picture: PictureRef<'_>,
    ) -> Result<Vec<Candidate>, IdentityError> {
        let floor = self.thresholds.lowest();
        let asked = self.collections.iter().map(|collection| engine.search(collection, picture, floor, self.limit));
        let mut candidates = Vec::new();
        for (collection, answer) in self.collections.iter().zip(concurrently(asked).await) {
            candidates.extend(self.judge(collection, answer?));
        }
        candidates.sort_by(Candidate::rank);
        candidates.truncate(usize::from(self.limit));
        tally.count(Metric::Searches, 1);
        tally.count(Metric::SearchMatches, candidates.len());
        Ok(candidates)
    }

    fn judge(&self, collection: &CollectionId, answer: CollectionMatches) -> impl Iterator<Item = Candidate> {
        let threshold = self.thresholds.of(answer.model_version.as_ref());
        let collection = collection.clone();
        answer.faces.into_iter().filter(move |matched| matched.similarity >= threshold).map(move |matched| Candidate {
            collection: collection.clone(),
            matched,
            threshold,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::fakes::{World, collection, picture};
    use crate::identity::{ServiceError, ServiceErrorKind};
    use crate::model::{Environment, MatchThresholds};

    fn percent(value: f64) -> Percent {
        Percent::new(value).unwrap()
    }

    /// 95 by default and for 7.0, 90 for the older 6.0.
    fn matching() -> Matching {
        let mut matching = Environment::fixture().matching;
        let older = MatchThresholds { compare: percent(95.0), search: percent(90.0) };
        matching.by_model_version.insert(ModelVersion::new("6.0").unwrap(), older);
        matching
    }

    async fn found(world: &World, thresholds: SearchThresholds<'_>) -> Result<Vec<f64>, IdentityError> {
        let collections = [collection(0), collection(1)];
        let search = Search { collections: &collections, thresholds, limit: 10 };
        let candidates = search.run(world, &Tally::default(), (&picture("ada")).into()).await?;
        Ok(candidates.iter().map(|candidate| candidate.matched.similarity.value()).collect())
    }

    #[tokio::test]
    async fn each_collection_is_judged_by_its_own_model_version_and_ranked_by_margin() {
        let world = World::default();
        world.holds(&collection(0), "7.0", &[("ada similarity=97", 1), ("ada similarity=94", 2)]);
        world.holds(&collection(1), "6.0", &[("ada similarity=94", 3), ("ada similarity=89", 4)]);
        // 94 in the 6.0 collection is 4 above its threshold, 97 in the 7.0 collection is 2 above.
        assert_eq!(found(&world, SearchThresholds::configured(&matching())).await, Ok(vec![94.0, 97.0]));
    }

    #[tokio::test]
    async fn an_asked_threshold_moves_with_the_model_version() {
        let world = World::default();
        world.holds(&collection(0), "7.0", &[("ada similarity=79", 1)]);
        world.holds(&collection(1), "6.0", &[("ada similarity=76", 2)]);
        assert_eq!(found(&world, SearchThresholds::asked(&matching(), percent(80.0))).await, Ok(vec![76.0]));
    }

    #[tokio::test]
    async fn an_unmeasured_model_version_is_judged_by_the_strictest_threshold() {
        let world = World::default();
        world.holds(&collection(0), "99.0", &[("ada similarity=94", 1), ("ada similarity=95", 2)]);
        world.holds(&collection(1), "7.0", &[]);
        assert_eq!(found(&world, SearchThresholds::configured(&matching())).await, Ok(vec![95.0]));
    }

    #[tokio::test]
    async fn a_shard_that_does_not_answer_fails_the_search() {
        let world = World::default();
        world.holds(&collection(0), "7.0", &[("ada", 1)]);
        let missing = format!("collection {} does not exist; deploy the data stack", collection(1));
        assert_eq!(
            found(&world, SearchThresholds::configured(&matching())).await,
            Err(IdentityError::Failed(ServiceError::new(ServiceErrorKind::Missing, missing)))
        );
    }
}
