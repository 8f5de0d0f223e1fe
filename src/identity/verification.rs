//! 1:1: is the person in one picture the person in another?

use super::error::IdentityError;
use super::picture::PictureRef;
use super::ports::FaceEngine;
use super::tally::Tally;
use crate::model::{Metric, Percent, Step};

/// What comparing two pictures gave. No match is an answer, not an error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Verification {
    /// Similarity of the most similar face of the target.
    pub similarity: Percent,
    /// The lower of the two confidences that what was compared are faces.
    pub confidence: Percent,
    /// The least similarity that counts as the same person.
    pub threshold: Percent,
}

impl Verification {
    /// Whether both pictures show the same person.
    #[must_use]
    pub fn is_match(&self) -> bool {
        self.similarity >= self.threshold
    }
}

/// Compares the largest face of `source` (the identity document) with the faces of `target` (the selfie).
pub async fn verify<E: FaceEngine>(
    engine: &E,
    tally: &Tally,
    source: PictureRef<'_>,
    target: PictureRef<'_>,
    threshold: Percent,
) -> Result<Verification, IdentityError> {
    let comparison = engine.compare(source, target).await?;
    tally.count(Metric::Comparisons, 1);
    // One in the source, for otherwise there would be no comparison.
    tally.count(Metric::FacesDetected, 1);
    tally.count(Metric::FacesDetected, comparison.faces);
    tally.similarity(Step::Compare, comparison.similarity);
    Ok(Verification { similarity: comparison.similarity, confidence: comparison.confidence, threshold })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::Refusal;
    use crate::identity::fakes::{World, picture};

    #[tokio::test]
    async fn the_threshold_itself_is_a_match() {
        let world = World::default();
        let tally = Tally::default();
        for (threshold, is_match) in [(97.0, true), (97.1, false)] {
            let threshold = Percent::new(threshold).unwrap();
            let answer =
                verify(&world, &tally, (&picture("ada")).into(), (&picture("ada similarity=97")).into(), threshold)
                    .await
                    .unwrap();
            assert_eq!((answer.similarity.value(), answer.is_match()), (97.0, is_match));
        }
    }

    #[tokio::test]
    async fn another_person_is_an_answer_and_no_person_is_a_refusal() {
        let world = World::default();
        let tally = Tally::default();
        let threshold = Percent::new(80.0).unwrap();
        let answer =
            verify(&world, &tally, (&picture("ada")).into(), (&picture("bob")).into(), threshold).await.unwrap();
        assert!(!answer.is_match());
        let refused = verify(&world, &tally, (&picture("ada")).into(), (&picture("nobody")).into(), threshold).await;
        assert_eq!(refused, Err(IdentityError::Refused(Refusal::NoFace)));
    }
}
