//! Biometric data is kept for a purpose and a time, records of what was done long enough to look back.

use crate::model::{Environment, Finding};
use crate::policy::place::Note;
use crate::template::RenderedStack;

/// After three years without use a face is to be erased (whitepaper; the strictest biometric privacy laws agree).
const IMAGES_MOST_DAYS: u32 = 1_095;
/// An upload that was not registered has no purpose after a month.
const UPLOADS_MOST_DAYS: u32 = 30;
/// Less backup than a week does not cover a mistake that is noticed after a holiday.
const BACKUP_LEAST_DAYS: u32 = 7;
/// Less log than two weeks does not cover an incident review.
const LOGS_LEAST_DAYS: u32 = 14;

pub(super) fn check(environment: &Environment, _stacks: &[RenderedStack]) -> Vec<Finding> {
    let retention = &environment.retention;
    let too_long = |key, days: u32, most: u32| {
        (days > most).then(|| {
            let message = format!("{days} days; images of faces should not be kept longer than {most} days here");
            let remedy = format!("set {key} to {most} or less, or record the legal ground for more");
            Note::warning("RETENTION_TOO_LONG", message, remedy).in_configuration(key)
        })
    };
    let too_short = |key, days: u32, least: u32| {
        (days < least).then(|| {
            let message = format!("{days} days; less than {least} days is too short to look back after an incident");
            Note::warning("RETENTION_TOO_SHORT", message, format!("set {key} to {least} or more")).in_configuration(key)
        })
    };
    [
        too_long("retention.images_days", retention.images_days, IMAGES_MOST_DAYS),
        too_long("retention.uploads_days", retention.uploads_days, UPLOADS_MOST_DAYS),
        too_short("retention.backup_days", retention.backup_days, BACKUP_LEAST_DAYS),
        too_short("retention.logs_days", retention.logs_days, LOGS_LEAST_DAYS),
    ]
    .into_iter()
    .flatten()
    .collect()
}
