//! A registration as an item and back. Each state adds attributes to those of the state before, so that a change sets
//! what is new and leaves the rest alone.

use aws_sdk_dynamodb::types::AttributeValue;

use crate::aws::dynamodb::item::{Fields, Record, Unreadable};
use crate::aws::dynamodb::users::{indexed_face, read_indexed_face};
use crate::identity::registration::{Conclusion, IndexedFaces, Pictures, Registration, RegistrationState};
use crate::identity::{QualityFailure, QualityRule, Subject};
use crate::model::{CollectionId, LivenessSessionId, Outcome, RegistrationId, TenantId, UserId};

pub(super) const TABLE: &str = "registrations";
pub(super) const STARTED: &str = "STARTED";
pub(super) const PENDING: &str = "PENDING";
pub(super) const INDEXED: &str = "INDEXED";
pub(super) const UNDOING: &str = "UNDOING";
const CONCLUDED: &str = "CONCLUDED";

/// The whole registration, but for what the index of unsettled ones and its expiry need.
pub(super) fn to_item(registration: &Registration) -> Fields {
    Fields::new()
        .text("registration_id", &registration.id)
        .text("tenant", &registration.tenant)
        .text("user_id", &registration.user)
        .text_if("attribute", registration.attribute.as_ref())
        .text("selfie_key", &registration.pictures.selfie)
        .text("document_key", &registration.pictures.document)
        .text_if("liveness_session_id", registration.liveness.as_ref())
        .texts("uploads", &registration.uploads)
        .text("created_at", registration.created_at)
        .and(match &registration.state {
            RegistrationState::Started => Fields::new().text("state", STARTED),
            RegistrationState::Pending { collection } => pending(collection),
            RegistrationState::Indexed { collection, faces } => pending(collection).and(indexed(faces)),
            RegistrationState::Undoing { collection, verdict } => {
                Fields::new().text_if("collection", collection.as_ref()).and(undoing(verdict))
            }
            RegistrationState::Concluded(conclusion) => concluded(conclusion),
        })
}

/// Started to pending.
pub(super) fn pending(collection: &CollectionId) -> Fields {
    Fields::new().text("state", PENDING).text("collection", collection)
}

/// Pending to indexed.
pub(super) fn indexed(faces: &IndexedFaces) -> Fields {
    let fields = Fields::new().text("state", INDEXED).with("selfie_face", indexed_face(&faces.selfie).map());
    match &faces.document {
        Some(document) => fields.with("document_face", indexed_face(document).map()),
        None => fields,
    }
}

/// To undoing.
pub(super) fn undoing(verdict: &Conclusion) -> Fields {
    conclusion(verdict).text("state", UNDOING)
}

/// To concluded.
pub(super) fn concluded(answer: &Conclusion) -> Fields {
    conclusion(answer).text("state", CONCLUDED)
}

fn conclusion(conclusion: &Conclusion) -> Fields {
    let fields = Fields::new()
        .text("outcome", conclusion.outcome)
        .text("step", conclusion.step)
        .text_if("reason", conclusion.reason)
        .percent_if("similarity", conclusion.similarity)
        .text_if("existing_user_id", conclusion.existing.as_ref())
        .text("concluded_at", conclusion.at);
    let failures: Vec<_> = conclusion.failures.iter().map(failure).collect();
    if failures.is_empty() { fields } else { fields.with("failures", AttributeValue::L(failures)) }
}

fn failure(failure: &QualityFailure) -> AttributeValue {
    let fields = Fields::new().text("picture", failure.subject.name()).text("rule", failure.rule);
    fields.text("measured", &failure.measured).text("limit", &failure.limit).map()
}

/// Reads what [`to_item`] and the changes wrote.
pub(super) fn from_item(record: Record<'_>) -> Result<Registration, Unreadable> {
    Ok(Registration {
        id: record.checked("registration_id", RegistrationId::new)?,
        tenant: record.checked("tenant", TenantId::new)?,
        user: record.checked("user_id", UserId::new)?,
        attribute: record.text_if("attribute")?.map(str::to_owned),
        pictures: Pictures {
            selfie: record.text("selfie_key")?.to_owned(),
            document: record.text("document_key")?.to_owned(),
        },
        liveness: record.checked_if("liveness_session_id", LivenessSessionId::new)?,
        uploads: record.texts("uploads")?,
        created_at: record.moment("created_at")?,
        state: match record.text("state")? {
            STARTED => RegistrationState::Started,
            PENDING => RegistrationState::Pending { collection: record.checked("collection", CollectionId::new)? },
            INDEXED => RegistrationState::Indexed {
                collection: record.checked("collection", CollectionId::new)?,
                faces: IndexedFaces {
                    selfie: read_indexed_face(record.part("selfie_face")?)?,
                    document: record.part_if("document_face")?.map(read_indexed_face).transpose()?,
                },
            },
            UNDOING => RegistrationState::Undoing {
                collection: record.checked_if("collection", CollectionId::new)?,
                verdict: read_conclusion(record)?,
            },
            CONCLUDED => RegistrationState::Concluded(read_conclusion(record)?),
            _ => return Err(record.unreadable("state")),
        },
    })
}

fn read_conclusion(record: Record<'_>) -> Result<Conclusion, Unreadable> {
    Ok(Conclusion {
        outcome: record.word::<Outcome>("outcome")?,
        step: record.word("step")?,
        reason: record.word_if("reason")?,
        similarity: record.percent_if("similarity")?,
        existing: record.checked_if("existing_user_id", UserId::new)?,
        failures: record.parts("failures")?.into_iter().map(read_failure).collect::<Result<_, _>>()?,
        at: record.moment("concluded_at")?,
    })
}

fn read_failure(part: Record<'_>) -> Result<QualityFailure, Unreadable> {
    let name = part.text("picture")?;
    let subject = Subject::ALL.into_iter().find(|subject| subject.name() == name);
    let subject = subject.ok_or_else(|| part.unreadable("picture"))?;
    let name = part.text("rule")?;
    let rule = QualityRule::ALL.into_iter().find(|rule| rule.name() == name);
    let rule = rule.ok_or_else(|| part.unreadable("rule"))?;
    let (measured, limit) = (part.text("measured")?.to_owned(), part.text("limit")?.to_owned());
    Ok(QualityFailure::new(subject, rule, measured, limit))
}
