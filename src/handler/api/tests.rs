mod contract;
mod facematch;
mod identity;
mod malformed;
mod town;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::image::MAX_INLINE_PICTURE_BYTES;
use super::*;
use crate::identity::fakes::{World, collection, face_id, picture_bytes};
use crate::identity::{MAX_STORED_PICTURE_BYTES, ServiceErrorKind};
use crate::model::Environment;

const BUCKET: &str = "idv-local-images";

/// The settings of the environment, with a tenant that may not call, another one that may, and one without a blacklist.
fn settings() -> HandlerSettings {
    let mut settings = HandlerSettings::from(&Environment::fixture());
    let demo = settings.tenants.values().next().unwrap().clone();
    for (name, own) in [
        ("closed", TenantSettings { enabled: false, ..demo.clone() }),
        ("other", demo.clone()),
        ("lenient", TenantSettings { enable_blacklist: false, ..demo }),
    ] {
        settings.tenants.insert(TenantId::new(name).unwrap(), own);
    }
    settings
}

fn site() -> Site {
    Site { image_bucket: BUCKET.to_owned(), region: "us-east-1".to_owned() }
}

/// The API with one empty collection of the tenant `demo`.
fn api() -> Api<World> {
    let world = World::default();
    world.holds(&collection(0), "7.0", &[]);
    Api::new(settings(), site(), world)
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

async fn send(api: &Api<impl Ports>, event: RequestEvent) -> (u16, Value, Vec<String>) {
    let (method, resource) = (event.http_method.clone(), event.resource.clone());
    let reply = api.handle(event, Deadline::NEVER).await;
    let body = serde_json::from_str(&reply.response.body).unwrap();
    contract::check(&method, &resource, reply.response.status_code, &body);
    (reply.response.status_code, body, reply.lines)
}

async fn post(api: &Api<impl Ports>, resource: &str, body: &Value) -> (u16, Value) {
    let (status, body, _) = send(api, event("POST", resource, Some(&body.to_string()))).await;
    (status, body)
}

fn code(body: &Value) -> &str {
    body["code"].as_str().unwrap_or_default()
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

#[test]
fn the_description_names_every_code_and_limit() {
    let described = contract::codes();
    for code in Code::ALL {
        assert!(described.contains(&code.name()), "{} is not described", code.name());
    }
    let mut operations = route::Route::ALL.map(|route| (route.name().to_owned(), route.operation().to_owned()));
    operations.sort();
    let mut described = contract::operations();
    described.sort();
    assert_eq!(operations.to_vec(), described);
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
async fn every_request_of_a_route_leaves_an_audit_entry() {
    let api = api();
    let good = json!({ "image": image("ada"), "session_id": "s-1" }).to_string();
    let audited = async |request: RequestEvent| {
        let (_, answer, lines) = send(&api, request).await;
        let entries = lines.iter().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let entries: Vec<Value> = entries.filter(|line| line["audit"] == true).collect();
        assert_eq!(entries.len(), 1, "{lines:?}");
        (answer, entries[0].clone())
    };
    let (answer, entry) = audited(event("POST", "/kyc/facematch/register", Some(&good))).await;
    assert_eq!((&entry["operation"], &entry["outcome"]), (&json!("registerFace"), &json!("approved")));
    assert_eq!((&entry["tenant"], &entry["status"]), (&json!("demo"), &json!(201)));
    assert_eq!(entry["request_id"], json!("request-1"));

    let face = answer["face_id"].as_str().unwrap();
    let mut deletion = event("DELETE", "/kyc/facematch/faces/{face_id}", None);
    deletion.path_parameters = Some([("face_id".to_owned(), face.to_owned())].into());
    let (_, deleted) = audited(deletion.clone()).await;
    assert_eq!((&deleted["outcome"], &deleted["resource"]), (&json!("done"), &entry["resource"]));
    assert_eq!(entry["resource"].as_str().map(str::len), Some(16));
    let (_, again) = audited(deletion.clone()).await;
    assert_eq!((&again["outcome"], &again["status"]), (&json!("refused"), &json!(404)));

    deletion.request_context.authorizer = None;
    let (_, stranger) = audited(deletion).await;
    assert_eq!((&stranger["outcome"], &stranger["tenant"]), (&json!("refused"), &Value::Null));
    api.ports.fails("detect", ServiceErrorKind::Unavailable);
    let (_, failed) = audited(event("POST", "/kyc/facematch/register", Some(&good))).await;
    assert_eq!(failed["outcome"], json!("error"));
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
