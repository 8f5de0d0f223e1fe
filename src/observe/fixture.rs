//! Snapshots for tests: a healthy busy environment, an idle one, one in trouble, and one that nothing is known of.

use std::time::Duration;

use crate::aws::Cloud;
use crate::model::{
    AccountId, Alarm, AlarmState, COLLECTION_CAPACITY, ComplianceStatus, Control, Environment, Evidence, LocalCloud,
    ModelVersion, Operation, OptOut, OptOutAnswer, Outcome, Reading, Region, Requirement, Route, SimilarityBand,
    StackKind, StoreKind, Timestamp, UnsettledKind, Verdict,
};

use super::business::{FlowKpi, Kpis, QualityKpi, Refusal, SimilarityKpi, SweepReport, UnsettledKpi, Why};
use super::series::NO_METRIC_YET;
use super::snapshot::{CollectionStatus, OperationStatus, Place, Reach, RouteStatus, Snapshot, StackStatus};
use super::{Series, Window, findings};

/// The moment of every fixture.
pub(crate) const NOW: Timestamp = Timestamp::from_millis(1_793_353_043_000);

/// The way to a cloud at an address.
pub(crate) async fn cloud(address: &str) -> Cloud {
    let local = LocalCloud {
        endpoint: address.to_owned(),
        rekognition_endpoint: address.to_owned(),
        account: AccountId::new("000000000000").unwrap(),
        region: Region::new("us-east-1").unwrap(),
        access_key_id: "local".to_owned(),
        secret_access_key: "local".to_owned(),
    };
    Cloud::local(&local).await
}

/// Busy, and nothing is wrong.
pub(crate) fn healthy() -> Snapshot {
    let environment = Environment::fixture();
    let ago = |minutes: u64| NOW.before(Duration::from_mins(minutes));
    Snapshot {
        place: Place {
            project: "idv".to_owned(),
            environment: "local".to_owned(),
            simulated: true,
            region: Some("us-east-1".to_owned()),
            account: Some("000000000000".to_owned()),
        },
        generated_at: NOW,
        window: Window::HOUR,
        reach: Reach::Answered,
        api_url: Reading::Known(Some("http://127.0.0.1:45661/restapis/a1b2c3/v1/_user_request_".to_owned())),
        stacks: StackKind::ALL
            .map(|kind| StackStatus {
                kind,
                name: kind.stack_name(&environment),
                status: Reading::Known(Some("CREATE_COMPLETE".to_owned())),
                reason: None,
                changed: Some(ago(90)),
            })
            .to_vec(),
        collections: collections(&environment),
        alarms: Reading::Known(
            ["api-5xx", "api-latency", "dlq-depth", "rekognition-throttles"]
                .map(|name| Alarm {
                    name: format!("idv-local-{name}"),
                    state: AlarmState::Ok,
                    since: Some(ago(85)),
                    reason: "Threshold Crossed: no datapoints were breaching".to_owned(),
                })
                .to_vec(),
        ),
        operations: operations(),
        routes: routes(),
        kpis: kpis(),
        compliance: Some(Reading::Known(compliance(&environment))),
        findings: Vec::new(),
    }
}

/// Freshly deployed: everything answers, nobody has called it yet.
pub(crate) fn idle() -> Snapshot {
    let mut snapshot = healthy();
    let unheard = || Reading::unknown(NO_METRIC_YET);
    let (nothing, never) = (Reading::Known(vec![None; 60]), Reading::Known(None));
    for status in &mut snapshot.collections {
        (status.faces, status.users) = (Reading::Known(Some(0)), Reading::Known(Some(0)));
    }
    for status in &mut snapshot.operations {
        (status.requests, status.errors, status.throttles) = (unheard(), unheard(), unheard());
        (status.p50_ms, status.p99_ms) = (never.clone(), never.clone());
        (status.calls, status.p50_series, status.p99_series) = (nothing.clone(), nothing.clone(), nothing.clone());
    }
    for status in &mut snapshot.routes {
        (status.requests, status.client_errors) = (Reading::Known(0), Reading::Known(0));
        (status.p50_ms, status.p99_ms) = (never.clone(), never.clone());
        (status.calls, status.p50_series, status.p99_series) = (nothing.clone(), nothing.clone(), nothing.clone());
    }
    let zero =
        || FlowKpi { outcomes: Outcome::ALL.map(|outcome| (outcome, unheard())).to_vec(), series: nothing.clone() };
    snapshot.kpis = Kpis {
        registrations: zero(),
        authentications: zero(),
        photo_updates: zero(),
        liveness_checks: zero(),
        refusals: Reading::Known(Vec::new()),
        quality_failures: Reading::Known(Vec::new()),
        similarity: Reading::Known(Vec::new()),
        pictures_examined: unheard(),
        faces_detected: unheard(),
        faces_indexed: unheard(),
        faces_deleted: unheard(),
        faces_updated: unheard(),
        comparisons: unheard(),
        searches: unheard(),
        search_matches: unheard(),
        unsettled: Reading::Known(Vec::new()),
    };
    snapshot
}

/// An alarm, throttling, a slow operation, mixed models, a failed stack, and alarms that cannot be told.
pub(crate) fn troubled() -> Snapshot {
    let mut snapshot = healthy();
    if let Reading::Known(alarms) = &mut snapshot.alarms {
        alarms[0].state = AlarmState::Alarm;
        alarms[0].since = Some(NOW.before(Duration::from_mins(12)));
        alarms[0].reason = "Threshold Crossed: 1 out of the last 1 datapoints [4.0 (30/10/26 09:24:00)] was greater \
                            than the threshold (1.0)"
            .to_owned();
        alarms[2].state = AlarmState::InsufficientData;
        alarms.sort_by_key(|alarm| alarm.state);
    }
    snapshot.operations[1].p99_ms = Reading::Known(Some(2_412.0));
    snapshot.operations[3].throttles = Reading::Known(84);
    snapshot.operations[3].errors = Reading::Known(3);
    snapshot.collections[1].model_version = Reading::Known(ModelVersion::new("6.0").ok());
    if let Reading::Known(unsettled) = &mut snapshot.kpis.unsettled {
        unsettled[0].last = Reading::Known(Some(SweepReport { left: 3, at: NOW.before(Duration::from_mins(1)) }));
    }
    snapshot.collections[1].faces = Reading::Known(Some(16_790_112));
    snapshot.collections[3].faces = Reading::unknown("Rekognition DescribeCollection: AccessDeniedException: no");
    snapshot.stacks[2].status = Reading::Known(Some("UPDATE_ROLLBACK_COMPLETE".to_owned()));
    snapshot.stacks[2].reason = Some("Resource handler returned message: Invalid alarm name".to_owned());
    if let Some(Reading::Known(status)) = &mut snapshot.compliance {
        status.controls[2].verdict = Verdict::Fail;
        status.controls[2].evidence = Evidence::new("dynamodb:DescribeContinuousBackups", "DISABLED");
        status.controls[2].remedy = "turn point-in-time recovery on and deploy the data stack".to_owned();
        status.controls[3].verdict = Verdict::Unknown;
    }
    snapshot.findings = findings::all(&snapshot, &Environment::fixture());
    snapshot
}

/// Nothing answers.
pub(crate) fn dark() -> Snapshot {
    let why = "CloudFormation DescribeStacks: connection refused";
    let mut snapshot = healthy();
    snapshot.reach = Reach::Lost(why.to_owned());
    snapshot.place.account = None;
    snapshot.api_url = Reading::unknown(why);
    snapshot.alarms = Reading::unknown(why);
    snapshot.compliance = Some(Reading::unknown(why));
    for stack in &mut snapshot.stacks {
        stack.status = Reading::unknown(why);
    }
    for status in &mut snapshot.collections {
        (status.faces, status.users) = (Reading::unknown(why), Reading::unknown(why));
        status.model_version = Reading::unknown(why);
    }
    for status in &mut snapshot.operations {
        (status.requests, status.errors, status.throttles) =
            (Reading::unknown(why), Reading::unknown(why), Reading::unknown(why));
        (status.p50_ms, status.p99_ms) = (Reading::unknown(why), Reading::unknown(why));
        (status.calls, status.p50_series) = (Reading::unknown(why), Reading::unknown(why));
        status.p99_series = Reading::unknown(why);
    }
    for status in &mut snapshot.routes {
        (status.requests, status.client_errors) = (Reading::unknown(why), Reading::unknown(why));
        status.server_errors = Reading::unknown(why);
        (status.p50_ms, status.p99_ms) = (Reading::unknown(why), Reading::unknown(why));
        (status.calls, status.p50_series) = (Reading::unknown(why), Reading::unknown(why));
        status.p99_series = Reading::unknown(why);
    }
    let kpis = &mut snapshot.kpis;
    for flow in [&mut kpis.registrations, &mut kpis.authentications, &mut kpis.photo_updates, &mut kpis.liveness_checks]
    {
        flow.outcomes.iter_mut().for_each(|(_, count)| *count = Reading::unknown(why));
        flow.series = Reading::unknown(why);
    }
    kpis.refusals = Reading::unknown(why);
    kpis.quality_failures = Reading::unknown(why);
    kpis.similarity = Reading::unknown(why);
    kpis.unsettled = Reading::unknown(why);
    snapshot.findings = findings::all(&snapshot, &Environment::fixture());
    snapshot
}

fn collections(environment: &Environment) -> Vec<CollectionStatus> {
    let faces = [4_812_331, 4_790_112, 1_204, 18_220];
    environment
        .collections
        .iter()
        .zip(faces)
        .map(|(collection, faces)| CollectionStatus {
            collection: collection.clone(),
            faces: Reading::Known(Some(faces)),
            users: Reading::Known(Some(0)),
            capacity: COLLECTION_CAPACITY,
            model_version: Reading::Known(ModelVersion::new("7.0").ok()),
        })
        .collect()
}

/// A wave that is the same in every run.
fn wave(base: f64, swing: f64, shift: usize) -> Reading<Series> {
    let value = |period: usize| {
        let angle = (period + shift) as f64 / 60.0 * std::f64::consts::TAU * 1.5;
        (base + swing * angle.sin()).round()
    };
    Reading::Known((0..60).map(|period| (period % 17 != 3).then(|| value(period))).collect())
}

fn operations() -> Vec<OperationStatus> {
    Operation::ALL
        .iter()
        .enumerate()
        .map(|(index, operation)| {
            // The last ones are called as rarely as the ninth.
            let index = index.min(8);
            let (calls, p50, p99) =
                (60.0 - 7.0 * index as f64, 60.0 + 30.0 * index as f64, 210.0 + 95.0 * index as f64);
            OperationStatus {
                operation: *operation,
                requests: Reading::Known(3_600 - 420 * index as u64),
                p50_ms: Reading::Known(Some(p50)),
                p99_ms: Reading::Known(Some(p99)),
                errors: Reading::Known(0),
                throttles: Reading::Known(0),
                quota_per_second: operation.default_quota("us-east-1"),
                calls: wave(calls, calls / 2.0, index * 5),
                p50_series: wave(p50, p50 / 4.0, index * 5),
                p99_series: wave(p99, p99 / 3.0, index * 5),
            }
        })
        .collect()
}

fn routes() -> Vec<RouteStatus> {
    Route::built_in()
        .into_iter()
        .enumerate()
        .map(|(index, route)| {
            let (rank, slowness) = (index as u64 + 1, (index % 5) as f64);
            let (calls, p50, p99) = (40.0 / rank as f64, 120.0 + 20.0 * slowness, 480.0 + 60.0 * slowness);
            RouteStatus {
                route,
                requests: Reading::Known(2_400 / rank),
                p50_ms: Reading::Known(Some(p50)),
                p99_ms: Reading::Known(Some(p99)),
                client_errors: Reading::Known(31 / rank),
                server_errors: Reading::Known(0),
                calls: wave(calls, calls / 2.0, index * 9),
                p50_series: wave(p50, p50 / 4.0, index * 9),
                p99_series: wave(p99, p99 / 3.0, index * 9),
            }
        })
        .collect()
}

fn kpis() -> Kpis {
    let flow = |counts: [u64; 6], calls: f64| FlowKpi {
        outcomes: Outcome::ALL.into_iter().zip(counts.map(Reading::Known)).collect(),
        series: wave(calls, calls / 2.0, 11),
    };
    let refusal = |[flow, outcome, step, reason]: [&str; 4], count| Refusal {
        why: Why { flow: flow.into(), outcome: outcome.into(), step: step.into(), reason: reason.into() },
        count: Reading::Known(count),
    };
    let rule = |rule: &str, count| QualityKpi { rule: rule.to_owned(), count: Reading::Known(count) };
    let similarity = |step: &str, [p10, p50, p90]: [f64; 3], bands: [u64; 9]| SimilarityKpi {
        step: step.to_owned(),
        p10: Reading::Known(Some(p10)),
        p50: Reading::Known(Some(p50)),
        p90: Reading::Known(Some(p90)),
        bands: SimilarityBand::all().zip(bands.map(Reading::Known)).collect(),
    };
    let swept = SweepReport { left: 0, at: NOW.before(Duration::from_mins(1)) };
    Kpis {
        registrations: flow([975, 48, 129, 12, 6, 34], 20.0),
        authentications: flow([9_485, 99, 296, 0, 0, 0], 160.0),
        photo_updates: flow([61, 4, 3, 0, 0, 0], 2.0),
        liveness_checks: flow([412, 9, 17, 0, 0, 21], 8.0),
        refusals: Reading::Known(vec![
            refusal(["authentication", "failed", "search", "no_match"], 240),
            refusal(["registration", "failed", "compare", "below_threshold"], 129),
            refusal(["authentication", "incomplete", "quality", "quality_rejected"], 99),
            refusal(["registration", "incomplete", "quality", "no_face_detected"], 38),
            refusal(["registration", "abandoned", "intake", "abandoned"], 34),
            refusal(["registration", "duplicate", "duplicate_search", "already_registered"], 12),
            refusal(["registration", "fraud", "fraud_search", "blacklisted"], 6),
        ]),
        quality_failures: Reading::Known(vec![rule("sharpness", 88), rule("sunglasses", 31)]),
        similarity: Reading::Known(vec![
            similarity("compare", [98.1, 99.6, 99.9], [71, 22, 18, 9, 14, 31, 88, 240, 640]),
            similarity("search", [97.2, 99.4, 99.9], [0, 0, 0, 0, 310, 420, 1_255, 2_300, 5_200]),
        ]),
        pictures_examined: Reading::Known(11_180),
        faces_detected: Reading::Known(11_204),
        faces_indexed: Reading::Known(1_950),
        faces_deleted: Reading::Known(64),
        faces_updated: Reading::Known(61),
        comparisons: Reading::Known(1_133),
        searches: Reading::Known(9_880),
        search_matches: Reading::Known(9_485),
        unsettled: Reading::Known(
            UnsettledKind::ALL.map(|kind| UnsettledKpi { kind, last: Reading::Known(Some(swept)) }).to_vec(),
        ),
    }
}

fn compliance(environment: &Environment) -> ComplianceStatus {
    let control = |requirement, kind, store: &str, verdict, value: &str, remedy: &str| Control {
        requirement,
        kind,
        store: store.to_owned(),
        verdict,
        evidence: Evidence::new("s3:GetBucketEncryption", value),
        remedy: remedy.to_owned(),
    };
    ComplianceStatus {
        project: environment.project.clone(),
        environment: environment.name.clone(),
        simulated: true,
        generated_at: NOW,
        opt_out: OptOut {
            answer: OptOutAnswer::No,
            reason: "no policy of type AISERVICES_OPT_OUT_POLICY is in force".to_owned(),
            evidence: vec![Evidence::new("organizations:ListPolicies", "[]")],
        },
        controls: vec![
            control(Requirement::EncryptionAtRest, StoreKind::Bucket, "idv-local-images", Verdict::Pass, "aws:kms", ""),
            control(Requirement::TlsOnly, StoreKind::Bucket, "idv-local-images", Verdict::Pass, "Deny", ""),
            control(
                Requirement::PointInTimeRecovery,
                StoreKind::Table,
                "idv-local-faces",
                Verdict::Pass,
                "ENABLED",
                "",
            ),
            control(Requirement::TlsOnly, StoreKind::Queue, "idv-local-index", Verdict::Pass, "Deny", ""),
        ],
        deletions: Reading::Known(3),
    }
}
