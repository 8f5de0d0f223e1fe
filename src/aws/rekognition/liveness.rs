//! Sessions of Face Liveness. Their pictures go straight into the image bucket, encrypted by the bucket's default.

use aws_sdk_rekognition::types::{
    AuditImage, CreateFaceLivenessSessionRequestSettings, LivenessOutputConfig, LivenessSessionStatus, S3Object,
};

use super::engine::{RekognitionEngine, SERVICE};
use crate::aws::{CloudError, ErrorKind};
use crate::identity::{LivenessEngine, LivenessResult, LivenessStatus, ServiceError};
use crate::model::{LivenessSessionId, Percent};

impl LivenessEngine for RekognitionEngine {
    async fn create_session(
        &self,
        token: &str,
        prefix: &str,
        audit_images: u8,
    ) -> Result<LivenessSessionId, ServiceError> {
        const OPERATION: &str = "CreateFaceLivenessSession";
        let incomplete = |what| CloudError::incomplete(SERVICE, OPERATION, what);
        let output = LivenessOutputConfig::builder().s3_bucket(&self.pictures.bucket).s3_key_prefix(prefix).build();
        let settings = CreateFaceLivenessSessionRequestSettings::builder()
            .output_config(output.map_err(|_| incomplete("bucket"))?)
            .audit_images_limit(i32::from(audit_images))
            .build();
        let session = self.clients.liveness.create_face_liveness_session().client_request_token(token);
        let session = session.settings(settings).send().await;
        let session = session.map_err(|error| CloudError::from_sdk(SERVICE, OPERATION, &error))?;
        Ok(LivenessSessionId::new(session.session_id()).map_err(|_| incomplete("SessionId"))?)
    }

    async fn session_result(&self, session: &LivenessSessionId) -> Result<Option<LivenessResult>, ServiceError> {
        const OPERATION: &str = "GetFaceLivenessSessionResults";
        let asked = self.clients.liveness.get_face_liveness_session_results().session_id(session.as_str());
        let answer = match asked.send().await {
            Ok(answer) => answer,
            Err(error) => {
                let error = CloudError::from_sdk(SERVICE, OPERATION, &error);
                return if error.kind == ErrorKind::NotFound { Ok(None) } else { Err(error.into()) };
            }
        };
        let status = status(answer.status()).ok_or_else(|| CloudError::incomplete(SERVICE, OPERATION, "Status"))?;
        Ok(Some(LivenessResult {
            status,
            confidence: answer.confidence.map(Percent::from_wire),
            reference: answer.reference_image().and_then(key),
            audit: answer.audit_images().iter().filter_map(key).collect(),
        }))
    }
}

/// `None`: a status that did not exist when this was written.
fn status(wire: &LivenessSessionStatus) -> Option<LivenessStatus> {
    match wire {
        LivenessSessionStatus::Created | LivenessSessionStatus::InProgress => Some(LivenessStatus::Open),
        LivenessSessionStatus::Succeeded => Some(LivenessStatus::Succeeded),
        LivenessSessionStatus::Failed => Some(LivenessStatus::Failed),
        LivenessSessionStatus::Expired => Some(LivenessStatus::Expired),
        _ => None,
    }
}

fn key(image: &AuditImage) -> Option<String> {
    image.s3_object().and_then(S3Object::name).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_that_nobody_knows_is_none() {
        assert_eq!(status(&"SUCCEEDED".into()), Some(LivenessStatus::Succeeded));
        assert_eq!(status(&"IN_PROGRESS".into()), Some(LivenessStatus::Open));
        assert_eq!(status(&"PAUSED".into()), None);
    }
}
