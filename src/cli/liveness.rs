//! `idvctl local liveness`: the person in front of the camera, for a session of the local cloud.

use std::path::{Path, PathBuf};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use clap::{Args, ValueEnum};

use super::{CliError, Context};
use crate::local::simulator::{LivenessPart, LivenessStatus};
use crate::local::{self, Folder};

const EXAMPLES: &str = "\
Examples:
  SESSION=$(aws rekognition create-face-liveness-session --query SessionId --output text)
  idvctl local liveness $SESSION                                    the person is live, surely
  idvctl local liveness $SESSION --confidence 12.5                  the check ran, and sees no live person
  idvctl local liveness $SESSION --image anna.png                   this is what the camera sees
  idvctl local liveness $SESSION --status expired                   the three minutes are over at once

On AWS an app does this with the camera and Amplify's FaceLivenessDetector.";

/// Play the person in front of the camera in a liveness session.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct LivenessArgs {
    /// Id of the session, as CreateFaceLivenessSession answered it.
    session: String,
    /// How surely the person is live, in percent.
    #[arg(long, value_name = "N", default_value_t = 99.5, value_parser = percent)]
    confidence: f32,
    /// What becomes of the session.
    #[arg(long, value_enum, default_value_t = StatusArg::Succeeded)]
    status: StatusArg,
    /// PNG or JPEG that the camera sees; without it, a portrait of nobody in particular.
    #[arg(long, value_name = "FILE")]
    image: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum StatusArg {
    /// The person has begun.
    InProgress,
    /// The check ran; the confidence says what it found.
    Succeeded,
    /// The check could not run.
    Failed,
    /// Its time is over.
    Expired,
}

/// Plays the part and prints the session's status.
pub fn run(context: &Context, folder: &Folder, args: &LivenessArgs) -> Result<(), CliError> {
    let part = LivenessPart {
        confidence: args.confidence,
        status: match args.status {
            StatusArg::InProgress => LivenessStatus::InProgress,
            StatusArg::Succeeded => LivenessStatus::Succeeded,
            StatusArg::Failed => LivenessStatus::Failed,
            StatusArg::Expired => LivenessStatus::Expired,
        },
        image: args.image.as_deref().map(read).transpose()?,
    };
    let status = local::liveness::play(&local::running(folder)?, &args.session, &part)?;
    context.print(&format!("{status}\n"))
}

fn read(path: &Path) -> Result<String, CliError> {
    let bytes = std::fs::read(path).map_err(|error| {
        CliError::failed(format!("{} cannot be read: {error}", path.display()), "name a PNG or JPEG that exists")
    })?;
    Ok(STANDARD.encode(bytes))
}

fn percent(text: &str) -> Result<f32, String> {
    match text.parse() {
        Ok(number) if (0.0..=100.0).contains(&number) => Ok(number),
        _ => Err("a confidence is a number from 0 to 100".to_owned()),
    }
}
