//! `POST /kyc/facematch/search`: who of the tenant's registered faces is in the picture? (1:N)

use std::time::Instant;

use serde_json::{Value, json};

use super::body::{self, Members};
use super::image::{ImageFormat, picture};
use super::verify::millis;
use super::{Answer, Call};
use crate::handler::problem::Problem;
use crate::identity::faces::{FaceRecord, RecordState};
use crate::identity::{Candidate, FaceRecords, IdentityError, Ports, Search, SearchThresholds};
use crate::model::{CollectionId, CollectionRole, FaceId, Outcome, Reason, Step};

/// Matches that are returned where nobody asks for a number.
const DEFAULT_RESULTS: u16 = 10;
/// Most matches that can be asked for: each costs a look into the records.
pub(super) const MAX_RESULTS: u16 = 100;

pub(super) async fn answer<P: Ports>(call: &Call<'_, P>) -> Result<Answer, Problem> {
    let start = Instant::now();
    let mut members = Members::of(body::json(call.event)?)?;
    let format = ImageFormat::read(&mut members)?;
    let asked = members.optional_score("threshold")?;
    let limit = members.optional_number("max_results", 1, MAX_RESULTS)?.unwrap_or(DEFAULT_RESULTS);
    let image = picture(call, &mut members, "image", format).await?;
    members.end()?;

    let configured = call.tenant_settings.search_threshold.percent();
    let threshold = asked.unwrap_or(configured);
    let collections = collections(call)?;
    let thresholds = SearchThresholds::asked(&call.settings.matching, threshold);
    let search = Search { collections: &collections, thresholds, limit };
    let candidates = search.run(&call.engine, call.tally, (&image).into()).await?;
    let matches = with_records(call, candidates).await?;

    let blacklisted = matches.iter().any(|(_, record)| reason(call, record).is_some());
    // A caller's own threshold decides what is shown; nobody is counted as approved below the configured one.
    let missing = (configured.value() - threshold.value()).max(0.0);
    let verdict = match matches.iter().map(|(candidate, _)| candidate.margin()).reduce(f64::max) {
        _ if blacklisted => (Outcome::Fraud, Some((Step::Search, Reason::Blacklisted))),
        None => (Outcome::Failed, Some((Step::Search, Reason::NoMatch))),
        Some(margin) if margin < missing => (Outcome::Failed, Some((Step::Search, Reason::BelowThreshold))),
        Some(_) => (Outcome::Approved, None),
    };
    let shown: Vec<Value> = matches.iter().map(|(candidate, record)| shown(call, candidate, record)).collect();
    Ok(Answer {
        status: 200,
        body: json!({ "total_matches": shown.len(), "matches": shown, "search_time_ms": millis(start) }),
        verdict: Some(verdict),
    })
}

fn collections<P: Ports>(call: &Call<'_, P>) -> Result<Vec<CollectionId>, Problem> {
    let role = CollectionRole::Tenant(call.tenant.clone());
    let shards = call.settings.shards(&role).map_err(|error| Problem::internal(error.to_string()))?;
    Ok(shards.into_iter().map(|collection| collection.id).collect())
}

/// The candidates with their records, in the order of the candidates. A face without an active record was erased or is
/// just being registered: it is no match.
async fn with_records<P: Ports>(
    call: &Call<'_, P>,
    candidates: Vec<Candidate>,
) -> Result<Vec<(Candidate, FaceRecord)>, Problem> {
    let faces: Vec<FaceId> = candidates.iter().filter_map(face).collect();
    let records = call.ports.records().find_all(call.tenant, &faces).await.map_err(IdentityError::from)?;
    let record_of = |candidate: &Candidate| {
        let face = face(candidate);
        let same = |record: &&FaceRecord| Some(&record.face) == face.as_ref();
        records.iter().find(same).filter(|record| matches!(record.state, RecordState::Active(_))).cloned()
    };
    Ok(candidates.into_iter().filter_map(|candidate| record_of(&candidate).map(|record| (candidate, record))).collect())
}

/// Our id of a face that was found; `None` for one that somebody else has indexed.
fn face(candidate: &Candidate) -> Option<FaceId> {
    candidate.matched.reference.as_ref().and_then(|reference| FaceId::new(reference.as_str()).ok())
}

fn reason<'r, P: Ports>(call: &Call<'_, P>, record: &'r FaceRecord) -> Option<&'r str> {
    record
        .blacklisted
        .as_ref()
        .map(|blacklisting| blacklisting.reason.as_str())
        .filter(|_| call.tenant_settings.enable_blacklist)
}

fn shown<P: Ports>(call: &Call<'_, P>, candidate: &Candidate, record: &FaceRecord) -> Value {
    let reason = reason(call, record);
    json!({
        "face_id": record.face,
        "session_id": record.session.as_str(),
        "similarity": candidate.matched.similarity.ratio(),
        "metadata": record.metadata,
        "is_blacklisted": reason.is_some(),
        "blacklist_reason": reason,
    })
}
