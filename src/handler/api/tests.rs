mod contract;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::*;
use crate::identity::faces::Blacklisting;
use crate::identity::fakes::{World, collection, face_id, picture_bytes};
use crate::identity::{MAX_PICTURE_BYTES, ServiceErrorKind};
use crate::model::Environment;

const BUCKET: &str = "idv-local-images";
const POSTS: [&str; 4] = ["/ips", "/kyc/facematch/verify", "/kyc/facematch/register", "/kyc/facematch/search"];

/// The API with one empty collection of the tenant `demo`.
fn api() -> Api<World> {
    let world = World::default();
    world.holds(&collection(0), "7.0", &[]);
    let mut settings = HandlerSettings::from(&Environment::fixture());
    let demo = settings.tenants.values().next().unwrap().clone();
    settings.tenants.insert(TenantId::new("closed").unwrap(), TenantSettings { enabled: false, ..demo });
    Api::new(settings, BUCKET.to_owned(), world)
}

fn image(words: &str) -> String {
    STANDARD.encode(picture_bytes(words))
}

fn event(method: &str, resource: &str, body: Option<&str>) -> RequestEvent {
    let event = json!({
        "httpMethod": method,
        "resource": resource,
        "headers": { "content-type": "application/json" },
        "body": body,
        "requestContext": {
            "requestId": "request-1",
            "authorizer": { "tenant": "demo", "scope": "kyc:read kyc:create" },
        },
    });
    // API Gateway says null where it has nothing, which is not the same as leaving it out.
    serde_json::from_value(event).unwrap()
}

async fn send(api: &Api<World>, event: RequestEvent) -> (u16, Value, Vec<String>) {
    let (method, resource) = (event.http_method.clone(), event.resource.clone());
    let reply = api.handle(event, Deadline::NEVER).await;
    let body = serde_json::from_str(&reply.response.body).unwrap();
    contract::check(&method, &resource, reply.response.status_code, &body);
    (reply.response.status_code, body, reply.lines)
}

async fn post(api: &Api<World>, resource: &str, body: &Value) -> (u16, Value) {
    let (status, body, _) = send(api, event("POST", resource, Some(&body.to_string()))).await;
    (status, body)
}

fn code(body: &Value) -> &str {
    body["code"].as_str().unwrap_or_default()
}

#[tokio::test]
async fn ips_answers_a_match_and_a_mismatch() {
    let api = api();
    let body = json!({ "selfie": image("ada"), "dl": image("ada similarity=99.5") });
    let expected = json!({ "similarity": 99.5, "is_match": true, "threshold": 99.0 });
    assert_eq!(post(&api, "/ips", &body).await, (200, expected));
    let body = json!({ "selfie": image("ada"), "dl": image("bob") });
    let expected = json!({ "similarity": 5.0, "is_match": false, "threshold": 99.0 });
    assert_eq!(post(&api, "/ips", &body).await, (200, expected));
}

#[tokio::test]
async fn ips_understands_the_published_client() {
    let inner = json!({ " dl ": image("ada"), " selfie ": image("ada") }).to_string();
    let (status, body) = post(&api(), "/ips", &Value::String(inner)).await;
    assert_eq!((status, &body["is_match"]), (200, &json!(true)));
}

#[tokio::test]
async fn ips_takes_a_body_that_the_gateway_has_encoded() {
    let body = json!({ "selfie": image("ada"), "dl": image("ada") }).to_string();
    let encoded = RequestEvent { is_base64_encoded: true, ..event("POST", "/ips", Some(&STANDARD.encode(body))) };
    assert_eq!(send(&api(), encoded).await.0, 200);
}

#[tokio::test]
async fn verify_speaks_in_ratios() {
    let api = api();
    let body = json!({ "source_image": image("ada"), "target_image": image("ada similarity=61") });
    let (status, answer) = post(&api, "/kyc/facematch/verify", &body).await;
    assert_eq!((status, &answer["is_match"], &answer["similarity_score"]), (200, &json!(true), &json!(0.61)));
    assert_eq!((&answer["confidence"], &answer["threshold"]), (&json!(1.0), &json!(0.6)));
    assert!(answer["processing_time_ms"].is_u64());
    let strict = json!({
        "source_image": image("ada"), "target_image": image("ada similarity=61"), "threshold": 0.62,
        "image_format": "base64",
    });
    assert_eq!(post(&api, "/kyc/facematch/verify", &strict).await.1["is_match"], json!(false));
}

#[tokio::test]
async fn a_lower_threshold_of_the_caller_approves_nobody() {
    let api = api();
    let body = json!({ "image": image("ada"), "session_id": "s-1" });
    assert_eq!(post(&api, "/kyc/facematch/register", &body).await.0, 201);
    let (ada, bob) = (image("ada"), image("bob"));
    for (resource, body, outcome) in [
        ("verify", json!({ "source_image": ada, "target_image": bob, "threshold": 0.0 }), "failed"),
        ("verify", json!({ "source_image": ada, "target_image": ada, "threshold": 0.0 }), "approved"),
        ("search", json!({ "image": bob, "threshold": 0.0 }), "failed"),
        ("search", json!({ "image": ada, "threshold": 0.0 }), "approved"),
    ] {
        let request = event("POST", &format!("/kyc/facematch/{resource}"), Some(&body.to_string()));
        let (status, answer, lines) = send(&api, request).await;
        // The caller is told what was asked for.
        assert_eq!(
            (status, answer["is_match"] == json!(true), answer["total_matches"] == json!(1)),
            match resource {
                "verify" => (200, true, false),
                _ => (200, false, true),
            }
        );
        let counted = format!(r#""Outcome":"{outcome}""#);
        assert!(lines.join("\n").contains(&counted), "{resource}: {lines:?}");
    }
}

#[tokio::test]
async fn a_registered_face_is_found_with_its_metadata() {
    let api = api();
    let body = json!({ "image": image("ada"), "session_id": "s-1", "metadata": { "order": 7 } });
    let (status, registered) = post(&api, "/kyc/facematch/register", &body).await;
    assert_eq!(status, 201, "{registered}");
    let face = registered["face_id"].as_str().unwrap();
    assert_eq!(registered["s3_key"], json!(format!("tenants/demo/faces/{face}.png")));
    assert!(registered["rekognition_face_id"].is_string() && registered["message"].is_string());

    let (status, found) = post(&api, "/kyc/facematch/search", &json!({ "image": image("ada similarity=90") })).await;
    assert_eq!((status, &found["total_matches"]), (200, &json!(1)));
    let expected = json!({
        "face_id": face, "session_id": "s-1", "similarity": 0.9, "metadata": { "order": 7 },
        "is_blacklisted": false, "blacklist_reason": null,
    });
    assert_eq!(found["matches"], json!([expected]));

    let (status, nobody) = post(&api, "/kyc/facematch/search", &json!({ "image": image("bob") })).await;
    assert_eq!((status, &nobody["matches"]), (200, &json!([])));
    let (status, facts, _) = send(&api, event("GET", "/kyc/facematch/collections/status", None)).await;
    assert_eq!((status, &facts["face_count"], &facts["status"]), (200, &json!(1), &json!("ACTIVE")));
    assert_eq!(facts["collection_name"], json!("idv-local-tenant-demo-00"));
}

#[tokio::test]
async fn a_match_says_when_it_is_blacklisted() {
    let api = api();
    let body = json!({ "image": image("ada"), "session_id": "s-1" });
    post(&api, "/kyc/facematch/register", &body).await;
    for record in api.ports.state().records.values_mut() {
        record.blacklisted = Some(Blacklisting {
            reason: "chargeback".to_owned(),
            reviewer: None,
            at: crate::model::Timestamp::from_millis(0),
        });
    }
    let body = json!({ "image": image("ada") }).to_string();
    let (_, found, lines) = send(&api, event("POST", "/kyc/facematch/search", Some(&body))).await;
    assert_eq!(found["matches"][0]["blacklist_reason"], json!("chargeback"));
    assert!(lines.join("\n").contains(r#""Outcome":"fraud""#));
}

#[tokio::test]
async fn a_face_without_a_record_is_no_match() {
    let api = api();
    api.ports.holds(&collection(0), "7.0", &[("ada", 1)]);
    let (status, found) = post(&api, "/kyc/facematch/search", &json!({ "image": image("ada") })).await;
    assert_eq!((status, &found["total_matches"]), (200, &json!(0)));
}

#[tokio::test]
async fn a_poor_picture_is_refused_with_every_rule_and_advice() {
    let body = json!({ "image": image("ada yaw=60 sunglasses=true"), "session_id": "s-1" });
    let (status, problem) = post(&api(), "/kyc/facematch/register", &body).await;
    let expected = json!({
        "type": "about:blank",
        "title": "Bad Request",
        "status": 400,
        "detail": "Look straight into the camera; do not turn your head to the side. Take off your sunglasses.",
        "code": "quality_rejected",
        "request_id": "request-1",
        "failures": [
            {
                "rule": "yaw",
                "measured": "60.0°",
                "limit": "-45° to 45°",
                "advice": "Look straight into the camera; do not turn your head to the side.",
            },
            { "rule": "sunglasses", "measured": "yes", "limit": "no", "advice": "Take off your sunglasses." },
        ],
    });
    assert_eq!((status, problem), (400, expected));
}

#[tokio::test]
async fn registering_more_faces_than_allowed_is_refused() {
    let api = api();
    let body = json!({ "image": image("ada"), "session_id": "s-1" });
    for _ in 0..5 {
        assert_eq!(post(&api, "/kyc/facematch/register", &body).await.0, 201);
    }
    let (status, problem) = post(&api, "/kyc/facematch/register", &body).await;
    assert_eq!((status, code(&problem)), (400, "max_faces_exceeded"));
}

#[tokio::test]
async fn uploads_are_taken_from_the_tenants_own_prefix_only() {
    let api = api();
    for key in ["uploads/demo/a.png", "uploads/other/a.png", "tenants/demo/faces/b.png"] {
        api.ports.state().images.insert(key.to_owned(), picture_bytes("ada"));
    }
    for (address, status, expected) in [
        ("uploads/demo/a.png", 200, ""),
        ("tenants/demo/faces/b.png", 200, ""),
        ("s3://idv-local-images/uploads/demo/a.png", 200, ""),
        ("uploads/demo/missing.png", 400, "invalid_image"),
        ("uploads/other/a.png", 403, "permission_denied"),
        ("uploads/demo/../other/a.png", 403, "permission_denied"),
        ("s3://idv-local-images-evil/uploads/demo/a.png", 403, "permission_denied"),
        ("s3://other-bucket/uploads/demo/a.png", 403, "permission_denied"),
        ("", 403, "permission_denied"),
    ] {
        let body = json!({ "image": address, "image_format": "s3" });
        let (got, answer) = post(&api, "/kyc/facematch/search", &body).await;
        assert_eq!((got, code(&answer)), (status, expected), "{address}");
    }
}

#[tokio::test]
async fn scope_and_tenant_decide_who_may_call() {
    let api = api();
    let body = json!({ "image": image("ada"), "session_id": "s-1" }).to_string();
    for (authorizer, expected) in [
        (json!({ "tenant": "demo", "scope": "kyc:read" }), "permission_denied"),
        (json!({ "tenant": "demo", "scope": "kyc:created" }), "permission_denied"),
        (json!({ "tenant": "demo" }), "permission_denied"),
        (json!({ "scope": "kyc:create" }), "permission_denied"),
        (json!({ "tenant": "unknown", "scope": "kyc:create" }), "permission_denied"),
        (json!({ "tenant": "closed", "scope": "kyc:create" }), "feature_not_enabled"),
        (json!({ "tenant": 7, "scope": ["kyc:create"] }), "permission_denied"),
    ] {
        let mut event = event("POST", "/kyc/facematch/register", Some(&body));
        event.request_context.authorizer = authorizer.as_object().cloned();
        let (status, problem, _) = send(&api, event).await;
        assert_eq!((status, code(&problem)), (403, expected), "{authorizer}");
    }
    assert!(api.ports.state().records.is_empty());
}

#[tokio::test]
async fn whatever_is_sent_the_answer_is_a_problem_with_a_stable_code() {
    let api = api();
    let good = image("ada");
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let bodies = [
        String::new(),
        "{".to_owned(),
        "null".to_owned(),
        "[]".to_owned(),
        "7".to_owned(),
        r#""text""#.to_owned(),
        r#""\"nested\"""#.to_owned(),
        "{}".to_owned(),
        deep,
        "\u{0}\u{1}".to_owned(),
        r#"{"image": 1e999}"#.to_owned(),
        json!({ "image": good }).to_string() + "trailing",
    ];
    for resource in POSTS {
        for body in &bodies {
            let (status, problem, _) = send(&api, event("POST", resource, Some(body))).await;
            let start = &body[..body.len().min(20)];
            assert_eq!((status, code(&problem)), (400, "invalid_request"), "{resource} {start}");
        }
        let (status, problem, _) = send(&api, event("POST", resource, None)).await;
        assert_eq!((status, code(&problem)), (400, "invalid_request"), "{resource}");
    }
}

#[tokio::test]
async fn every_wrong_member_is_refused_by_name() {
    let api = api();
    let good = image("ada");
    for (resource, body) in [
        ("/ips", json!({ "selfie": good, "dl": 7 })),
        ("/ips", json!({ "selfie": good, " selfie": good, "dl": good })),
        ("/ips", json!({ "selfie": good, "dl": good, "extra": 1 })),
        ("/kyc/facematch/verify", json!({ "source_image": good })),
        ("/kyc/facematch/verify", json!({ "source_image": good, "target_image": good, "threshold": 80 })),
        ("/kyc/facematch/verify", json!({ "source_image": good, "target_image": good, "threshold": "0.8" })),
        ("/kyc/facematch/verify", json!({ "source_image": good, "target_image": good, "image_format": "url" })),
        ("/kyc/facematch/verify", json!({ "source_image": good, "target_image": good, "image_format": 1 })),
        ("/kyc/facematch/search", json!({ "image": good, "max_results": 0 })),
        ("/kyc/facematch/search", json!({ "image": good, "max_results": 1.5 })),
        ("/kyc/facematch/search", json!({ "image": good, "max_result": 5 })),
        ("/kyc/facematch/register", json!({ "image": good })),
        ("/kyc/facematch/register", json!({ "image": good, "session_id": "a b" })),
        ("/kyc/facematch/register", json!({ "image": good, "session_id": "x".repeat(129) })),
        ("/kyc/facematch/register", json!({ "image": good, "session_id": "s", "metadata": [] })),
        (
            "/kyc/facematch/register",
            json!({ "image": good, "session_id": "s", "metadata": { "x": "y".repeat(5_000) } }),
        ),
    ] {
        let (status, problem) = post(&api, resource, &body).await;
        assert_eq!((status, code(&problem)), (400, "invalid_request"), "{resource}");
        assert!(!problem.to_string().contains(&good), "the picture was sent back");
    }
}

#[tokio::test]
async fn every_wrong_picture_is_refused() {
    let api = api();
    let large = STANDARD.encode(vec![0; MAX_PICTURE_BYTES + 1]);
    let giant = "A".repeat(8_000_000);
    for (picture, expected) in [
        (String::new(), "invalid_image"),
        ("%%%".to_owned(), "invalid_image"),
        ("A".to_owned(), "invalid_image"),
        (STANDARD.encode("GIF89a, not one of ours"), "invalid_image"),
        (STANDARD.encode(&picture_bytes("ada")[..20]), "invalid_image"),
        (large, "image_too_large"),
        (giant, "image_too_large"),
        (image("nobody"), "no_face_detected"),
    ] {
        for (resource, body) in [
            ("/ips", json!({ "selfie": picture, "dl": image("ada") })),
            ("/kyc/facematch/verify", json!({ "source_image": image("ada"), "target_image": picture })),
            ("/kyc/facematch/register", json!({ "image": picture, "session_id": "s-1" })),
            ("/kyc/facematch/search", json!({ "image": picture })),
        ] {
            let (status, problem) = post(&api, resource, &body).await;
            assert_eq!((status, code(&problem)), (400, expected), "{resource}");
        }
    }
    let body = json!({ "image": image("ada faces=2"), "session_id": "s-1" });
    assert_eq!(code(&post(&api, "/kyc/facematch/register", &body).await.1), "multiple_faces");
}

#[tokio::test]
async fn pictures_may_come_as_data_urls_with_line_breaks_and_without_padding() {
    let api = api();
    let plain = image("ada");
    let folded = plain.as_bytes().chunks(20).map(|line| std::str::from_utf8(line).unwrap()).collect::<Vec<_>>();
    for picture in
        [format!("data:image/png;base64,{plain}"), folded.join("\r\n"), plain.trim_end_matches('=').to_owned()]
    {
        assert_eq!(post(&api, "/kyc/facematch/search", &json!({ "image": picture })).await.0, 200);
    }
}

#[tokio::test]
async fn other_problems_of_a_request() {
    let api = api();
    let mut wrong_type = event("POST", "/ips", Some("{}"));
    wrong_type.headers = Some([("Content-Type".to_owned(), "text/plain".to_owned())].into());
    let not_base64 = RequestEvent { is_base64_encoded: true, ..event("POST", "/ips", Some("%")) };
    let binary =
        RequestEvent { is_base64_encoded: true, ..event("POST", "/ips", Some(&STANDARD.encode([0xFF, 0xFE]))) };
    let huge = event("POST", "/ips", Some(&" ".repeat(10 * 1024 * 1024 + 1)));
    for (request, status, expected) in [
        (wrong_type, 400, "invalid_request"),
        (not_base64, 400, "invalid_request"),
        (binary, 400, "invalid_request"),
        (huge, 413, "payload_too_large"),
        (event("GET", "/ips", None), 404, "not_found"),
        (event("POST", "/nowhere", None), 404, "not_found"),
        (RequestEvent::default(), 404, "not_found"),
    ] {
        let (got, problem, _) = send(&api, request).await;
        assert_eq!((got, code(&problem)), (status, expected));
    }
}

#[tokio::test]
async fn a_throttled_read_says_when_to_come_back() {
    let api = api();
    for call in ["compare", "search", "describe"] {
        api.ports.fails(call, ServiceErrorKind::Throttled);
    }
    let good = image("ada");
    for request in [
        event("POST", "/ips", Some(&json!({ "selfie": good, "dl": good }).to_string())),
        event("POST", "/kyc/facematch/search", Some(&json!({ "image": good }).to_string())),
        event("GET", "/kyc/facematch/collections/status", None),
    ] {
        let reply = api.handle(request, Deadline::NEVER).await;
        assert_eq!(reply.response.status_code, 429);
        assert_eq!(reply.response.headers["Retry-After"], "2");
        assert!(reply.lines.join("\n").contains(r#""RekognitionThrottles":1.0"#));
    }
}

#[tokio::test]
async fn a_throttled_registration_is_accepted_and_queued() {
    let api = api();
    api.ports.fails("index", ServiceErrorKind::Throttled);
    let body = json!({ "image": image("ada"), "session_id": "s-1" }).to_string();
    let (status, answer, lines) = send(&api, event("POST", "/kyc/facematch/register", Some(&body))).await;
    assert_eq!((status, &answer["status"]), (202, &json!("pending")));
    assert_eq!(api.ports.state().queue.len(), 1);
    // It is counted when it is concluded, not before.
    assert!(!lines.join("\n").contains("Registrations"));
}

#[test]
fn the_description_names_every_code_and_limit() {
    let described = contract::codes();
    for code in Code::ALL {
        assert!(described.contains(&code.name()), "{} is not described", code.name());
    }
    assert_eq!(contract::max_results(), Some(u64::from(search::MAX_RESULTS)));
}

#[tokio::test]
async fn a_failure_of_ours_is_logged_and_not_told() {
    let api = api();
    api.ports.fails("add", ServiceErrorKind::Unavailable);
    let body = json!({ "image": image("ada"), "session_id": "s-1" }).to_string();
    let (status, problem, lines) = send(&api, event("POST", "/kyc/facematch/register", Some(&body))).await;
    assert_eq!((status, code(&problem)), (500, "internal"));
    assert!(!problem.to_string().contains("add fails"));
    assert!(lines.last().unwrap().contains("add fails"));
}

#[tokio::test]
async fn log_lines_name_nobody() {
    let api = api();
    let picture = image("ada");
    let body = json!({ "image": picture, "session_id": "session-of-ada", "metadata": { "name": "Ada L" } });
    let request = event("POST", "/kyc/facematch/register", Some(&body.to_string()));
    let (_, answer, lines) = send(&api, request).await;
    let lines = lines.join("\n");
    let face = answer["face_id"].as_str().unwrap();
    for secret in [picture.as_str(), "session-of-ada", "Ada L", face, "tester", face_id(2_000).as_str()] {
        assert!(!lines.contains(secret), "{secret} in {lines}");
    }
    assert!(lines.contains(r#""route":"POST /kyc/facematch/register""#), "{lines}");
    assert!(lines.contains(r#""Registrations":1.0"#), "{lines}");
}
