//! The identity routes: what they answer.

use super::town::Town;
use super::*;
use crate::identity::fakes::registered;
use crate::identity::{LivenessStatus, WorkflowEnd};
use crate::model::{CollectionRole, DeferrableStep, LivenessSessionId};

/// The API over the empty collections of registered users and of fraudsters.
fn town(change: impl FnOnce(&mut HandlerSettings)) -> Api<Town> {
    let mut settings = settings();
    change(&mut settings);
    let world = World::of_users();
    for shard in settings.shards(&CollectionRole::Fraudulent).unwrap() {
        world.holds(&shard.id, "7.0", &[]);
    }
    let town = Town { world, settings: settings.clone(), broken: None };
    Api::new(settings, site(), town)
}

fn quiet() -> Api<Town> {
    town(|_| {})
}

fn person(user: &str, words: &str) -> Value {
    json!({ "user_id": user, "selfie": image(words), "document": image(&format!("{words} document")) })
}

async fn register(api: &Api<Town>, user: &str, words: &str) -> (u16, Value) {
    post(api, "/identity/registrations", &person(user, words)).await
}

async fn authenticate(api: &Api<Town>, body: &Value) -> (u16, Value) {
    post(api, "/identity/authentications", body).await
}

/// A request about a user or with a query, by a tenant.
fn about(name: &str, user: Option<&str>, query: &[(&str, &str)], tenant: &str) -> RequestEvent {
    let (method, resource) = name.split_once(' ').unwrap();
    let mut event = event(method, resource, None);
    event.path_parameters = user.map(|user| [("user_id".to_owned(), user.to_owned())].into());
    let query = query.iter().map(|(name, value)| ((*name).to_owned(), vec![(*value).to_owned()]));
    event.multi_value_query_string_parameters =
        Some(query.collect()).filter(|query: &std::collections::BTreeMap<_, _>| !query.is_empty());
    let authorizer = json!({ "tenant": tenant, "scope": "kyc:read kyc:create" });
    event.request_context.authorizer = authorizer.as_object().cloned();
    event
}

async fn ask(api: &Api<Town>, event: RequestEvent) -> (u16, Value) {
    let (status, body, _) = send(api, event).await;
    (status, body)
}

fn faces(api: &Api<Town>) -> usize {
    let state = api.ports.world.state();
    [0, 1].into_iter().map(|shard| state.collections[&registered(shard)].1.len()).sum()
}

#[tokio::test]
async fn a_registered_person_is_a_user_who_is_recognised() {
    let api = quiet();
    let (status, answer) = register(&api, "user-ada", "ada").await;
    assert_eq!((status, &answer["state"], &answer["step"]), (201, &json!("approved"), &json!("settle")), "{answer}");
    assert_eq!(answer["user_id"], json!("user-ada"));
    assert_eq!((&answer["reason"], &answer["message"]), (&Value::Null, &json!("You are registered.")));

    let id = answer["registration_id"].as_str().unwrap();
    let look = |tenant| about("GET /identity/registrations", None, &[("registration_id", id)], tenant);
    assert_eq!(ask(&api, look("demo")).await, (200, answer.clone()));
    assert_eq!(code(&ask(&api, look("other")).await.1), "registration_not_found");

    for body in [json!({ "user_id": "user-ada", "selfie": image("ada") }), json!({ "selfie": image("ada") })] {
        let (status, answer) = authenticate(&api, &body).await;
        assert_eq!((status, &answer["authenticated"], &answer["user_id"]), (200, &json!(true), &json!("user-ada")));
        assert_eq!((&answer["outcome"], &answer["reason"]), (&json!("approved"), &Value::Null));
    }
    let (status, answer) = authenticate(&api, &json!({ "selfie": image("bob") })).await;
    assert_eq!((status, &answer["authenticated"], &answer["reason"]), (200, &json!(false), &json!("no_match")));
    assert_eq!((&answer["step"], &answer["user_id"]), (&json!("search"), &Value::Null));
}

#[tokio::test]
async fn a_person_without_an_id_gets_a_random_one() {
    let api = quiet();
    let body = json!({ "selfie": image("ada"), "document": image("ada") });
    let (status, answer) = post(&api, "/identity/registrations", &body).await;
    assert_eq!(status, 201);
    assert!(crate::model::FaceId::new(answer["user_id"].as_str().unwrap()).is_ok(), "{answer}");
}

#[tokio::test]
async fn every_no_is_an_answer_with_step_reason_and_words() {
    let api = quiet();
    register(&api, "user-ada", "ada").await;
    let fraudulent = settings().shards(&CollectionRole::Fraudulent).unwrap().remove(0).id;
    api.ports.world.holds(&fraudulent, "7.0", &[("mallory", 1)]);
    let document_of_another = json!({ "user_id": "u-1", "selfie": image("ben"), "document": image("bob") });
    for (body, state, step, reason) in [
        (person("u-2", "ada"), "duplicate", "duplicate_search", "already_registered"),
        (person("u-3", "mallory"), "fraud", "fraud_search", "blacklisted"),
        (document_of_another, "failed", "compare", "no_match"),
    ] {
        let (status, answer) = post(&api, "/identity/registrations", &body).await;
        assert_eq!((status, &answer["state"]), (200, &json!(state)), "{answer}");
        assert_eq!((&answer["step"], &answer["reason"]), (&json!(step), &json!(reason)));
        assert!(answer["message"].as_str().is_some_and(|words| words.ends_with('.')), "{answer}");
        // The existing user is told to the tenant whose user it is.
        assert_eq!(answer["existing_user_id"] == json!("user-ada"), state == "duplicate", "{answer}");
    }
    assert_eq!(faces(&api), 2, "somebody who was refused is in a collection");
}

#[tokio::test]
async fn another_tenants_user_does_not_exist() {
    let api = quiet();
    register(&api, "user-ada", "ada").await;
    for name in ["GET /identity/users/{user_id}", "DELETE /identity/users/{user_id}"] {
        let (status, problem) = ask(&api, about(name, Some("user-ada"), &[], "other")).await;
        assert_eq!((status, code(&problem)), (404, "user_not_found"), "{name}");
    }
    let mut request = about("POST /identity/registrations", None, &[], "other");
    request.body = Some(person("u-2", "ada").to_string());
    let (_, answer) = ask(&api, request).await;
    assert_eq!((&answer["state"], answer.get("existing_user_id")), (&json!("duplicate"), None), "{answer}");
    assert_eq!(faces(&api), 2);
}

#[tokio::test]
async fn a_poor_picture_is_a_problem_that_names_the_registration() {
    let api = quiet();
    let body = json!({ "user_id": "u-1", "selfie": image("ada sunglasses=true"), "document": image("ada") });
    let (status, problem) = post(&api, "/identity/registrations", &body).await;
    assert_eq!((status, code(&problem)), (400, "quality_rejected"), "{problem}");
    assert_eq!(problem["detail"], json!("Take off your sunglasses."));
    assert_eq!((&problem["state"], &problem["step"]), (&json!("incomplete"), &json!("quality")));
    assert_eq!((&problem["reason"], &problem["failures"][0]["image"]), (&json!("quality_rejected"), &json!("selfie")));
    let id = problem["registration_id"].as_str().unwrap();
    let request = about("GET /identity/registrations", None, &[("registration_id", id)], "demo");
    let (status, answer) = ask(&api, request).await;
    assert_eq!((status, &answer["state"], &answer["failures"]), (200, &json!("incomplete"), &problem["failures"]));
    let state = api.ports.world.state();
    assert!(state.images.is_empty() && state.users.is_empty() && state.reserved.is_empty());
}

#[tokio::test]
async fn a_missing_upload_is_a_problem_before_anything_is_kept() {
    let api = quiet();
    let body = json!({ "selfie": "uploads/demo/none", "document": "uploads/demo/none", "image_format": "s3" });
    let (status, problem, lines) = send(&api, event("POST", "/identity/registrations", Some(&body.to_string()))).await;
    assert_eq!((status, code(&problem)), (400, "invalid_image"));
    // An attempt that ended at its intake is counted like every other.
    let counted = lines.join("\n");
    assert!(counted.contains(r#""Registrations":1.0"#) && counted.contains(r#""Step":"intake""#), "{counted}");
    assert!(api.ports.world.state().registrations.is_empty());
}

#[tokio::test]
async fn what_a_registration_waits_for_too_long_is_told_with_its_id() {
    for (end, status, expected) in [
        (WorkflowEnd::TimedOut, 504, "timeout"),
        (WorkflowEnd::Failed, 500, "internal"),
        (WorkflowEnd::Succeeded, 500, "internal"),
    ] {
        let mut api = quiet();
        api.ports.broken = Some(end);
        let (got, problem) = register(&api, "user-ada", "ada").await;
        assert_eq!((got, code(&problem)), (status, expected));
        assert_eq!((&problem["state"], problem.get("reason")), (&json!("pending"), None), "{problem}");
        assert!(problem["registration_id"].is_string(), "{problem}");
    }
    let api = quiet();
    api.ports.world.fails("detect", ServiceErrorKind::Throttled);
    let (status, problem) = register(&api, "user-ada", "ada").await;
    assert_eq!((status, code(&problem), &problem["step"]), (429, "throttled", &json!("quality")), "{problem}");
}

#[tokio::test]
async fn what_is_deferred_is_pending_and_says_where_to_ask() {
    let api = town(|settings| {
        settings.registration.deferred.insert(DeferrableStep::Index);
    });
    let request = event("POST", "/identity/registrations", Some(&person("user-ada", "ada").to_string()));
    let reply = api.handle(request, Deadline::NEVER).await;
    let answer: Value = serde_json::from_str(&reply.response.body).unwrap();
    assert_eq!((reply.response.status_code, &answer["state"]), (202, &json!("pending")));
    let id = answer["registration_id"].as_str().unwrap();
    assert_eq!(reply.response.headers["Location"], format!("/identity/registrations?registration_id={id}"));
    let request = about("GET /identity/registrations", None, &[("registration_id", id)], "demo");
    assert_eq!(ask(&api, request).await, (200, answer));
}

#[tokio::test]
async fn a_user_is_read_gets_a_new_photo_and_is_deleted() {
    let api = quiet();
    register(&api, "user-ada", "ada").await;
    let (status, user) = ask(&api, about("GET /identity/users/{user_id}", Some("user-ada"), &[], "demo")).await;
    assert_eq!((status, &user["state"], &user["faces"]), (200, &json!("active"), &json!(2)), "{user}");
    assert_eq!(user["model_version"], json!("7.0"));

    let photo = |user: &str, words: &str| {
        let body = json!({ "selfie": image(words) }).to_string();
        RequestEvent { body: Some(body), ..about("PUT /identity/users/{user_id}/photo", Some(user), &[], "demo") }
    };
    let (status, answer) = ask(&api, photo("user-ada", "ada similarity=99")).await;
    assert_eq!((status, &answer["authenticated"]), (200, &json!(true)), "{answer}");
    let (status, answer) = ask(&api, photo("user-ada", "bob")).await;
    assert_eq!((status, &answer["authenticated"]), (200, &json!(false)), "{answer}");
    assert_eq!(code(&ask(&api, photo("nobody-here", "ada")).await.1), "user_not_found");
    assert_eq!(faces(&api), 2);

    let delete = || about("DELETE /identity/users/{user_id}", Some("user-ada"), &[], "demo");
    let (status, answer) = ask(&api, delete()).await;
    assert_eq!((status, &answer["status"]), (200, &json!("deleted")));
    assert_eq!(code(&ask(&api, delete()).await.1), "user_not_found");
    assert_eq!((faces(&api), api.ports.world.state().images.len()), (0, 0));
}

#[tokio::test]
async fn a_liveness_session_stands_for_the_selfie_and_tells_no_score() {
    let api = quiet();
    register(&api, "user-ada", "ada").await;
    let body = json!({ "purpose": "authentication", "user_id": "user-ada" });
    let (status, session) = post(&api, "/identity/liveness-sessions", &body).await;
    assert_eq!((status, &session["region"]), (201, &json!("us-east-1")), "{session}");
    let id = LivenessSessionId::new(session["session_id"].as_str().unwrap()).unwrap();
    let look = |tenant| about("GET /identity/liveness-sessions", None, &[("session_id", id.as_str())], tenant);
    assert_eq!(code(&ask(&api, look("other")).await.1), "liveness_session_not_found");
    api.ports.world.shows(&id, "ada", LivenessStatus::Succeeded, 97.0);
    let (status, standing) = ask(&api, look("demo")).await;
    assert_eq!((status, &standing["state"]), (200, &json!("passed")), "{standing}");
    assert_eq!(standing["expires_at"], session["expires_at"]);
    let told: Vec<&String> = standing.as_object().unwrap().keys().collect();
    assert_eq!(told, ["session_id", "purpose", "user_id", "state", "expires_at"], "no score is told");

    let body = json!({ "user_id": "user-ada", "liveness_session_id": id });
    let (status, answer) = authenticate(&api, &body).await;
    assert_eq!((status, &answer["authenticated"]), (200, &json!(true)), "{answer}");
    assert_eq!(ask(&api, look("demo")).await.1["state"], json!("used"));
    let (_, answer) = authenticate(&api, &body).await;
    assert_eq!((&answer["step"], &answer["reason"]), (&json!("liveness"), &json!("liveness_reused")), "{answer}");
}
