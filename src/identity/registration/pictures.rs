//! Can the pictures be used? Of a living person, good enough to ask anybody about, with a document that can be read.

use super::{Answer, Conclusion, Registering, Registration};
use crate::identity::concurrently;
use crate::identity::error::{IdentityError, Refusal};
use crate::identity::given::stored_size;
use crate::identity::liveness::{Liveness, LivenessPurpose, LivenessVerdict};
use crate::identity::picture::PictureRef;
use crate::identity::ports::{FaceEngine, ImageStore, Ports};
use crate::identity::quality::{Subject, assess, assess_document};
use crate::model::{Metric, Outcome, Reason, Step};

impl<E: FaceEngine, P: Ports> Registering<'_, E, P> {
    /// The liveness session, whose reference picture becomes the selfie.
    pub(super) async fn check_life(&self, registration: &Registration) -> Result<Answer, IdentityError> {
        let no = |reason| Ok(Answer::No(Conclusion::no(Outcome::Failed, Step::Liveness, reason)));
        let Some(session) = &registration.liveness else {
            return if self.settings.liveness.required { no(Reason::LivenessRequired) } else { Ok(Answer::Yes) };
        };
        let Self { engine, ports, tally, settings, deadline } = *self;
        let liveness = Liveness { engine, ports, tally, settings, deadline };
        let (tenant, user, purpose) = (&registration.tenant, &registration.user, LivenessPurpose::Registration);
        let reference = match liveness.redeem(session, tenant, Some(user), purpose).await? {
            Err(reason) => return no(reason),
            Ok(LivenessVerdict { reference: None, .. }) => return no(Reason::LivenessIncomplete),
            Ok(LivenessVerdict { reference: Some(reference), .. }) => reference,
        };
        self.ports.images().copy(&reference, &registration.pictures.selfie).await?;
        Ok(Answer::Yes)
    }

    /// The quality gates. Both pictures are judged, so that whoever has to take both again is told at once.
    pub(super) async fn check_quality(&self, registration: &Registration) -> Result<Answer, IdentityError> {
        let pictures = &registration.pictures;
        let subjects = [(Subject::Person, &pictures.selfie), (Subject::Document, &pictures.document)];
        let judged = concurrently(subjects.map(|(subject, key)| self.judge(subject, key))).await;
        let mut verdict: Option<Conclusion> = None;
        for ((subject, _), refused) in subjects.into_iter().zip(judged) {
            let Some(refusal) = refused? else { continue };
            let own = Conclusion::refused(Step::Quality, subject, &refusal);
            match &mut verdict {
                Some(verdict) => verdict.failures.extend(own.failures),
                None => verdict = Some(own),
            }
        }
        Ok(verdict.map_or(Answer::Yes, Answer::No))
    }

    /// Why a picture will not do.
    async fn judge(&self, subject: Subject, key: &str) -> Result<Option<Refusal>, IdentityError> {
        let seen = async {
            let size = stored_size(self.ports.images(), key).await?;
            let faces = self.engine.detect(PictureRef::Stored(key)).await?;
            Ok((size, faces))
        };
        let (size, faces) = match seen.await {
            Ok(seen) => seen,
            Err(IdentityError::Refused(refusal)) => return Ok(Some(refusal)),
            Err(error) => return Err(error),
        };
        self.tally.count(Metric::FacesDetected, faces.len());
        let gates = &self.settings.matching.quality;
        let judged = match subject {
            Subject::Person => assess(size, &faces, gates),
            Subject::Document => assess_document(&faces, gates),
        };
        let Err(refusal) = judged else { return Ok(None) };
        for failure in refusal.failures(subject) {
            self.tally.quality_failure(failure.rule);
        }
        Ok(Some(refusal))
    }

    /// Whether the document holds text, where it must.
    pub(super) async fn read_document(&self, registration: &Registration) -> Result<Answer, IdentityError> {
        if !self.settings.registration.document_text {
            return Ok(Answer::Yes);
        }
        if self.engine.lines_of_text(PictureRef::Stored(&registration.pictures.document)).await? > 0 {
            return Ok(Answer::Yes);
        }
        let (step, reason) = (Step::DocumentText, Reason::UnreadableDocument);
        Ok(Answer::No(Conclusion::no(Outcome::Incomplete, step, reason)))
    }
}
