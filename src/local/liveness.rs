//! Plays the person in front of the camera, in a liveness session of the local cloud.

use std::time::Duration;

use serde::Deserialize;

use super::LocalError;
use super::simulator::LivenessPart;
use crate::model::LocalCloud;

/// Longest wait; the simulator may have images to write.
const ANSWERING: Duration = Duration::from_secs(30);

#[derive(Debug, Deserialize)]
struct Played {
    status: Option<String>,
    error: Option<String>,
}

/// Plays a part in a session; answers the session's status.
///
/// # Errors
/// [`LocalError`] when the local cloud does not answer, knows no such session, or the session is over.
pub fn play(cloud: &LocalCloud, session: &str, part: &LivenessPart) -> Result<String, LocalError> {
    let failed = |problem: String| {
        let remedy =
            "look at the session with `aws rekognition get-face-liveness-session-results`, or create a new one";
        LocalError::new(format!("the liveness session does not go on: {problem}"), remedy)
    };
    let config = ureq::Agent::config_builder().timeout_global(Some(ANSWERING)).http_status_as_error(false).build();
    let url = format!("{}/_admin/liveness/{session}", cloud.rekognition_endpoint);
    let answer = ureq::Agent::new_with_config(config).post(&url).send_json(part);
    let mut answer = answer.map_err(|error| failed(format!("{url}: {error}")))?;
    let code = answer.status();
    // The framework's own refusals are plain text.
    let text = answer.body_mut().read_to_string().map_err(|error| failed(error.to_string()))?;
    let played: Played =
        serde_json::from_str(&text).unwrap_or_else(|_| Played { status: None, error: Some(format!("{code}: {text}")) });
    match played {
        Played { status: Some(status), .. } => Ok(status),
        Played { error, .. } => Err(failed(error.unwrap_or_else(|| code.to_string()))),
    }
}
