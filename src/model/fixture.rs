//! An environment for tests of rooms that do not read `idv.yaml`.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    AlarmSettings, Architecture, AuthSettings, Collection, CollectionRole, Environment, EnvironmentName,
    LivenessSettings, MatchThresholds, Matching, ModelVersion, Percent, ProjectName, QualityGates, Ratio,
    RegistrationSettings, Retention, ShardStrategy, Target, TenantId, TenantSettings,
};

impl Environment {
    /// `idv-local` with two shards of registered users, one of fraudsters and the enabled tenant `demo`.
    pub(crate) fn fixture() -> Self {
        let project = ProjectName::new("idv").unwrap();
        let name = EnvironmentName::new("local").unwrap();
        let demo = TenantId::new("demo").unwrap();
        let percent = |value| Percent::new(value).unwrap();
        let thresholds = MatchThresholds { compare: percent(99.0), search: percent(95.0) };
        let roles = [
            (CollectionRole::Registered, 0),
            (CollectionRole::Registered, 1),
            (CollectionRole::Fraudulent, 0),
            (CollectionRole::Tenant(demo.clone()), 0),
        ];
        Self {
            collections: roles
                .into_iter()
                .map(|(role, shard)| Collection::named(&project, &name, role, shard).unwrap())
                .collect(),
            project,
            name,
            target: Target::Local,
            strategy: ShardStrategy::Hash,
            matching: Matching {
                default: thresholds,
                by_model_version: BTreeMap::from([(ModelVersion::new("7.0").unwrap(), thresholds)]),
                quality: QualityGates {
                    yaw: (-45.0, 45.0),
                    pitch: (-30.0, 45.0),
                    sharpness: percent(15.0),
                    brightness: percent(15.0),
                    eyes_open: true,
                    no_sunglasses: true,
                    not_occluded: true,
                    min_face_pixels: 50,
                },
            },
            tenants: BTreeMap::from([(
                demo,
                TenantSettings {
                    enabled: true,
                    verification_threshold: Ratio::new(0.6).unwrap(),
                    search_threshold: Ratio::new(0.8).unwrap(),
                    max_faces_per_user: 5,
                    enable_blacklist: true,
                    shards: 1,
                },
            )]),
            registration: RegistrationSettings {
                deferred: BTreeSet::new(),
                document_text: false,
                abandoned_after_minutes: 15,
            },
            liveness: LivenessSettings { required: false, confidence: percent(90.0), audit_images: 2 },
            alarms: AlarmSettings {
                email: None,
                rekognition_p99_ms: 1_500,
                api_p99_ms: 3_000,
                error_percent: 1,
                throttles_per_minute: 10,
                queue_age_seconds: 300,
            },
            retention: Retention {
                logs_days: 30,
                uploads_days: 1,
                images_days: 1_095,
                backup_days: 35,
                registrations_days: 90,
                liveness_days: 30,
            },
            auth: AuthSettings { issuer: None, audience: "idv-api".to_owned(), tenant_claim: "tenant".to_owned() },
            architecture: Architecture::Arm64,
        }
    }
}
