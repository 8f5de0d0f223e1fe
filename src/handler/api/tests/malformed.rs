//! Whatever is sent, to whichever route, the answer is a problem with a stable code.

use super::*;

/// A route that takes a body, with a body that it takes.
struct Route {
    name: &'static str,
    good: Value,
    /// The members that are pictures.
    pictures: &'static [&'static str],
}

fn routes() -> Vec<Route> {
    let ada = image("ada");
    let route = |name, good, pictures| Route { name, good, pictures };
    vec![
        route("POST /ips", json!({ "selfie": ada, "dl": ada, "image_format": "base64" }), &["selfie", "dl"]),
        route(
            "POST /kyc/facematch/verify",
            json!({ "source_image": ada, "target_image": ada, "image_format": "base64", "threshold": 0.5 }),
            &["source_image", "target_image"],
        ),
        route(
            "POST /kyc/facematch/register",
            json!({ "image": ada, "session_id": "s-1", "image_format": "base64", "metadata": {} }),
            &["image"],
        ),
        route(
            "POST /kyc/facematch/search",
            json!({ "image": ada, "image_format": "base64", "threshold": 0.9, "max_results": 5 }),
            &["image"],
        ),
        route(
            "POST /kyc/facematch/blacklist",
            json!({ "face_id": face_id(1), "reason": "chargeback", "reviewer": "reviewer-7" }),
            &[],
        ),
        route("POST /kyc/facematch/upload-url", json!({ "content_type": "image/png" }), &[]),
        route(
            "POST /identity/registrations",
            json!({
                "user_id": "user-1", "selfie": ada, "document": ada, "image_format": "base64", "attribute": "CH",
                "liveness_session_id": face_id(3),
            }),
            &["selfie", "document"],
        ),
        route(
            "POST /identity/authentications",
            json!({ "user_id": "user-1", "selfie": ada, "image_format": "base64", "liveness_session_id": face_id(3) }),
            &["selfie"],
        ),
        route(
            "PUT /identity/users/{user_id}/photo",
            json!({ "selfie": ada, "image_format": "base64", "liveness_session_id": face_id(3) }),
            &["selfie"],
        ),
        route("POST /identity/liveness-sessions", json!({ "purpose": "registration", "user_id": "user-1" }), &[]),
    ]
}

/// Members that a route may do without. A selfie only with a session, which every good body has; an /ips not at all.
const OPTIONAL: [&str; 8] =
    ["image_format", "threshold", "max_results", "metadata", "reviewer", "user_id", "attribute", "liveness_session_id"];

impl Route {
    fn event(&self, body: Option<&str>) -> RequestEvent {
        let (method, resource) = self.name.split_once(' ').unwrap();
        let path_parameters = Some([("user_id".to_owned(), "user-1".to_owned())].into());
        RequestEvent { path_parameters, ..event(method, resource, body) }
    }

    fn with(&self, member: &str, value: Value) -> String {
        let mut body = self.good.clone();
        body[member] = value;
        body.to_string()
    }

    async fn refused(&self, api: &Api<World>, body: &str) -> (u16, String) {
        let (status, problem, _) = send(api, self.event(Some(body))).await;
        assert!(!problem.to_string().contains(&image("ada")), "{}: the picture was sent back", self.name);
        (status, code(&problem).to_owned())
    }
}

#[tokio::test]
async fn every_route_takes_its_good_body() {
    // What becomes of a session that does not exist is another matter.
    for route in routes().into_iter().filter(|route| !route.name.contains("/identity/")) {
        let api = api();
        api.ports.holds(&collection(0), "7.0", &[]);
        let (status, answer, _) = send(&api, route.event(Some(&route.good.to_string()))).await;
        // There is no face to be blacklisted.
        let expected = if route.name.ends_with("/blacklist") { 404 } else { answer_status(&route) };
        assert_eq!(status, expected, "{}: {answer}", route.name);
    }
}

fn answer_status(route: &Route) -> u16 {
    if route.name.ends_with("/register") { 201 } else { 200 }
}

#[tokio::test]
async fn a_body_that_is_no_object_of_members_is_refused() {
    let api = api();
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let deep_inside = format!(r#"{{"image": {deep}}}"#);
    for route in routes() {
        let trailing = route.good.to_string() + "trailing";
        let garbage = ["", "{", "null", "[]", "7", r#""text""#, r#""\"nested\"""#, "{}", "\u{0}\u{1}", "\u{feff}{}"];
        for body in garbage.into_iter().chain([deep.as_str(), &deep_inside, r#"{"image": 1e999}"#, &trailing]) {
            let start: String = body.chars().take(20).collect();
            assert_eq!(route.refused(&api, body).await, (400, "invalid_request".to_owned()), "{}: {start}", route.name);
        }
        let (status, problem, _) = send(&api, route.event(None)).await;
        assert_eq!((status, code(&problem)), (400, "invalid_request"), "{}", route.name);
    }
}

#[tokio::test]
async fn every_member_of_a_wrong_type_is_refused() {
    let api = api();
    for route in routes() {
        for (member, value) in route.good.as_object().unwrap() {
            let wrong = if value.is_number() { json!("7") } else { json!(7) };
            for wrong in [wrong, json!(["x"]), json!(true)] {
                let answer = route.refused(&api, &route.with(member, wrong)).await;
                assert_eq!(answer, (400, "invalid_request".to_owned()), "{}: {member}", route.name);
            }
            let replaced = member == "selfie" && route.good.get("liveness_session_id").is_some();
            if !OPTIONAL.contains(&member.as_str()) && !replaced {
                let answer = route.refused(&api, &route.with(member, Value::Null)).await;
                assert_eq!(answer, (400, "invalid_request".to_owned()), "{}: {member} is null", route.name);
            }
        }
        let answer = route.refused(&api, &route.with("unheard-of", json!(1))).await;
        assert_eq!(answer, (400, "invalid_request".to_owned()), "{}: an unknown member", route.name);
    }
}

#[tokio::test]
async fn every_value_out_of_its_limits_is_refused() {
    let api = api();
    let long = "x".repeat(5_000);
    let texts = [json!(""), json!(long), json!("a\nb"), json!("\u{0}")];
    for (name, member, values) in [
        ("POST /ips", " selfie", vec![json!(image("ada"))]),
        ("POST /kyc/facematch/verify", "threshold", vec![json!(80), json!(-0.1), json!(1.01)]),
        ("POST /kyc/facematch/verify", "image_format", vec![json!("url"), json!(""), json!("BASE64")]),
        ("POST /kyc/facematch/search", "max_results", vec![json!(0), json!(1.5), json!(101), json!(-1)]),
        (
            "POST /kyc/facematch/register",
            "session_id",
            vec![json!("a b"), json!("x".repeat(129)), json!("Zoë"), json!("")],
        ),
        ("POST /kyc/facematch/register", "metadata", vec![json!([]), json!({ "x": long })]),
        ("POST /kyc/facematch/blacklist", "reason", texts.to_vec()),
        ("POST /kyc/facematch/blacklist", "reviewer", texts.to_vec()),
        ("POST /identity/registrations", "user_id", user_ids()),
        ("POST /identity/registrations", "attribute", texts.to_vec()),
        ("POST /identity/registrations", "liveness_session_id", vec![json!("x"), json!(""), json!("../1")]),
        ("POST /identity/authentications", "user_id", user_ids()),
        ("POST /identity/authentications", "image_format", vec![json!("url")]),
        ("PUT /identity/users/{user_id}/photo", "user_id", vec![json!("user-2")]),
        ("POST /identity/liveness-sessions", "purpose", vec![json!(""), json!("Registration"), json!("erasure")]),
        ("POST /identity/liveness-sessions", "user_id", user_ids()),
        ("POST /kyc/facematch/upload-url", "content_type", vec![json!("image/gif"), json!(""), json!("IMAGE/PNG")]),
    ] {
        let route = routes().into_iter().find(|route| route.name == name).unwrap();
        for value in values {
            let start: String = value.to_string().chars().take(20).collect();
            let answer = route.refused(&api, &route.with(member, value)).await;
            assert_eq!(answer, (400, "invalid_request".to_owned()), "{name}: {member} = {start}");
        }
    }
}

/// No user ids: too long, of other characters, and national numbers.
fn user_ids() -> Vec<Value> {
    let long = "x".repeat(129);
    ["", " ", "a b", "a/b", "Zoë", "\u{202e}abc", "a\u{0}", &long, "078-05-1120", "078051120", "078.05.1120"]
        .map(Value::from)
        .to_vec()
}

#[tokio::test]
async fn nobody_is_recognised_without_being_shown() {
    let api = api();
    for route in routes().into_iter().filter(|route| route.good.get("liveness_session_id").is_some()) {
        let mut body = route.good.clone();
        body.as_object_mut().unwrap().retain(|name, _| name != "selfie" && name != "liveness_session_id");
        assert_eq!(route.refused(&api, &body.to_string()).await, (400, "invalid_request".to_owned()), "{}", route.name);
    }
}

#[tokio::test]
async fn every_wrong_picture_is_refused() {
    let api = api();
    let tiny = [&picture_bytes("ada")[..16], &1u32.to_be_bytes(), &1u32.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
    for (picture, status, expected) in [
        (String::new(), 400, "invalid_image"),
        ("%%%".to_owned(), 400, "invalid_image"),
        ("A".to_owned(), 400, "invalid_image"),
        ("data:image/png;base64,".to_owned(), 400, "invalid_image"),
        (STANDARD.encode("GIF89a, not one of ours"), 400, "invalid_image"),
        (STANDARD.encode(&picture_bytes("ada")[..20]), 400, "invalid_image"),
        (STANDARD.encode(tiny), 400, "invalid_image"),
        (STANDARD.encode(vec![0; MAX_INLINE_PICTURE_BYTES + 1]), 413, "payload_too_large"),
        ("A".repeat(6_000_000), 413, "payload_too_large"),
        ("A".repeat(27_000_000), 413, "payload_too_large"),
    ] {
        for route in routes() {
            for member in route.pictures {
                let start: String = picture.chars().take(10).collect();
                let answer = route.refused(&api, &route.with(member, json!(picture))).await;
                assert_eq!(answer, (status, expected.to_owned()), "{}: {member}: {start}", route.name);
            }
        }
    }
}

#[tokio::test]
async fn a_picture_that_is_too_large_is_shown_the_way() {
    let api = api();
    let large = STANDARD.encode(vec![0; MAX_INLINE_PICTURE_BYTES + 1]);
    for (resource, body) in [
        ("/kyc/facematch/search", json!({ "image": large })),
        ("/kyc/facematch/search", json!({ "image": "A".repeat(7_000_000) })),
        ("/ips", json!({ "selfie": large, "dl": image("ada") })),
    ] {
        let (status, problem) = post(&api, resource, &body).await;
        assert_eq!((status, code(&problem)), (413, "payload_too_large"));
        assert!(problem["detail"].as_str().unwrap().contains("POST /kyc/facematch/upload-url"), "{problem}");
    }
}

#[tokio::test]
async fn pictures_without_exactly_one_face_are_refused() {
    let api = api();
    // The identity routes judge a picture after they know the person: their own tests say what is refused.
    for route in routes().into_iter().filter(|route| !route.name.contains("/identity/")) {
        for member in route.pictures {
            let answer = route.refused(&api, &route.with(member, json!(image("nobody")))).await;
            assert_eq!(answer, (400, "no_face_detected".to_owned()), "{}: {member}", route.name);
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
async fn a_body_of_another_kind_is_refused() {
    let api = api();
    for route in routes() {
        let good = route.good.to_string();
        for content_type in ["text/plain", "multipart/form-data; boundary=x", "application/xml", ""] {
            let mut event = route.event(Some(&good));
            event.headers = Some([("Content-Type".to_owned(), content_type.to_owned())].into());
            let (status, problem, _) = send(&api, event).await;
            assert_eq!((status, code(&problem)), (400, "invalid_request"), "{}: {content_type}", route.name);
        }
        for encoded in ["%", &STANDARD.encode([0xFF, 0xFE])] {
            let event = RequestEvent { is_base64_encoded: true, ..route.event(Some(encoded)) };
            let (status, problem, _) = send(&api, event).await;
            assert_eq!((status, code(&problem)), (400, "invalid_request"), "{}: {encoded}", route.name);
        }
        let huge = " ".repeat(6 * 1024 * 1024 + 1);
        assert_eq!(route.refused(&api, &huge).await, (413, "payload_too_large".to_owned()), "{}", route.name);
    }
}

#[tokio::test]
async fn a_path_that_names_nothing_is_not_found() {
    let api = api();
    let long = "0".repeat(10_000);
    let photo = json!({ "selfie": image("ada") }).to_string();
    for (name, parameter, body, expected) in [
        ("DELETE /kyc/facematch/faces/{face_id}", "face_id", None, "face_not_found"),
        ("GET /identity/users/{user_id}", "user_id", None, "user_not_found"),
        ("DELETE /identity/users/{user_id}", "user_id", None, "user_not_found"),
        ("PUT /identity/users/{user_id}/photo", "user_id", Some(photo.as_str()), "user_not_found"),
    ] {
        let (method, resource) = name.split_once(' ').unwrap();
        for id in ["", " ", "x", "..", "../../demo", "%2e%2e%2f", "ä\u{202e}", "\u{0}", "*", "{face_id}", &long] {
            let path_parameters = Some([(parameter.to_owned(), id.to_owned())].into());
            let request = RequestEvent { path_parameters, ..event(method, resource, body) };
            let (status, problem, _) = send(&api, request).await;
            assert_eq!((status, code(&problem)), (404, expected), "{name}: {id}");
            assert!(id.len() < 3 || !problem.to_string().contains(id), "{problem}");
        }
        let (status, problem, _) = send(&api, event(method, resource, body)).await;
        assert_eq!((status, code(&problem)), (404, expected), "{name}");
    }
}

#[tokio::test]
async fn a_query_that_names_nothing_is_refused() {
    let api = api();
    for (resource, parameter, missing) in [
        ("/identity/registrations", "registration_id", "registration_not_found"),
        ("/identity/liveness-sessions", "session_id", "liveness_session_not_found"),
    ] {
        let known = face_id(9).to_string();
        let asked = |query: &[(&str, &[&str])]| {
            let query = query
                .iter()
                .map(|(name, values)| ((*name).to_owned(), values.iter().map(|value| (*value).to_owned()).collect()));
            let multi_value_query_string_parameters = Some(query.collect());
            RequestEvent { multi_value_query_string_parameters, ..event("GET", resource, None) }
        };
        for id in [known.as_str(), "", "x", "../../x", "%00", "ä", "' OR 1=1", &"0".repeat(10_000)] {
            let (status, problem, _) = send(&api, asked(&[(parameter, &[id])])).await;
            assert_eq!((status, code(&problem)), (404, missing), "{resource}: {id}");
        }
        for wrong in [
            event("GET", resource, None),
            asked(&[]),
            asked(&[(parameter, &[])]),
            asked(&[(parameter, &[&known, &known])]),
            asked(&[("id", &[&known])]),
            asked(&[(parameter, &[&known]), ("tenant", &["other"])]),
        ] {
            let (status, problem, _) = send(&api, wrong).await;
            assert_eq!((status, code(&problem)), (400, "invalid_request"), "{resource}");
        }
    }
}

#[tokio::test]
async fn what_is_no_route_is_not_found() {
    let api = api();
    for request in [
        event("GET", "/ips", None),
        event("POST", "/nowhere", None),
        event("POST", "/ips/", None),
        RequestEvent::default(),
    ] {
        let (status, problem, _) = send(&api, request).await;
        assert_eq!((status, code(&problem)), (404, "not_found"));
    }
}
