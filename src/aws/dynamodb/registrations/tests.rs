//! Registrations as items.

use super::*;
use crate::identity::fakes::{collection, face_id, registration_id};
use crate::identity::registration::Pictures;
use crate::identity::{Indexed, QualityFailure, QualityRule, Subject};
use crate::model::{LivenessSessionId, ModelVersion, Outcome, Percent, Reason, Step, TenantId, UserId};
use proptest::prelude::*;

fn failures() -> impl Strategy<Value = QualityFailure> {
    (proptest::sample::select(&QualityRule::ALL[..]), ".{0,12}", ".{0,12}")
        .prop_map(|(rule, measured, limit)| QualityFailure::new(Subject::Person, rule, measured, limit))
}

fn conclusions() -> impl Strategy<Value = Conclusion> {
    let outcomes = [Outcome::Approved, Outcome::Incomplete, Outcome::Failed, Outcome::Duplicate, Outcome::Fraud];
    let reasons = [None, Some(Reason::NoMatch), Some(Reason::RegisteredMeanwhile), Some(Reason::Throttled)];
    (
        proptest::sample::select(outcomes.to_vec()),
        proptest::sample::select(&Step::REGISTRATION[..]),
        proptest::sample::select(reasons.to_vec()),
        proptest::option::of(0f64..=100.0),
        proptest::option::of("[a-z0-9:]{1,40}"),
        proptest::collection::vec(failures(), 0..4),
        0i64..4_000_000_000_000,
    )
        .prop_map(|(outcome, step, reason, similarity, existing, failures, at)| Conclusion {
            outcome,
            step,
            reason,
            similarity: similarity.map(Percent::saturating),
            existing: existing.map(|id| UserId::new(id).unwrap()),
            failures,
            at: Timestamp::from_millis(at),
        })
}

fn states() -> impl Strategy<Value = RegistrationState> {
    let faces = (0u32..999, proptest::option::of(0u32..999)).prop_map(|(selfie, document)| {
        let indexed = |number| Indexed { engine_face: face_id(number), model_version: ModelVersion::new("7.0").ok() };
        IndexedFaces { selfie: indexed(selfie), document: document.map(indexed) }
    });
    prop_oneof![
        Just(RegistrationState::Started),
        Just(RegistrationState::Pending { collection: collection(1) }),
        faces.prop_map(|faces| RegistrationState::Indexed { collection: collection(2), faces }),
        (any::<bool>(), conclusions()).prop_map(|(placed, verdict)| RegistrationState::Undoing {
            collection: placed.then(|| collection(3)),
            verdict,
        }),
        conclusions().prop_map(RegistrationState::Concluded),
    ]
}

proptest! {
    #[test]
    fn registrations_survive_the_trip_through_the_table(
        state in states(),
        attribute in proptest::option::of(".{1,12}"),
        uploads in proptest::collection::vec("[a-z/]{1,12}", 0..3),
        live in any::<bool>(),
        millis in 0i64..4_000_000_000_000,
    ) {
        let id = registration_id(5);
        let registration = Registration {
            tenant: TenantId::new("demo").unwrap(),
            user: UserId::new("customer:7").unwrap(),
            attribute,
            pictures: Pictures::of(&id),
            liveness: live.then(|| LivenessSessionId::new(face_id(9).to_string()).unwrap()),
            uploads,
            created_at: Timestamp::from_millis(millis),
            state,
            id,
        };
        let item = to_item(&registration).item();
        prop_assert_eq!(from_item(Record::new(TABLE, &item)), Ok(registration));
    }
}

#[test]
fn a_record_expires_so_many_seconds_after_its_end() {
    let fields = expiry(Timestamp::from_millis(1_793_353_043_250), Duration::from_hours(90 * 24)).item();
    assert_eq!(fields["expires_at"], number(1_793_353_043 + 7_776_000));
}
