use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};

use serde_json::{Value, json};

use super::*;

/// What was called: `METHOD /path`, with the bodies that came.
type Calls = Arc<Mutex<BTreeMap<String, Vec<Value>>>>;

/// A server that answers 201 to the token that may and 403 to the one that may not, like the API and the simulator.
fn server() -> (String, Calls) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let calls = Calls::default();
    let (noted, base) = (Arc::clone(&calls), url.clone());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let (noted, base) = (Arc::clone(&noted), base.clone());
            thread::spawn(move || answer(stream.unwrap(), &noted, &base));
        }
    });
    (url, calls)
}

fn answer(mut stream: TcpStream, noted: &Calls, base: &str) {
    let mut reader = BufReader::new(stream.try_clone().unwrap());
    let mut head = String::new();
    while reader.read_line(&mut head).unwrap() > 2 {}
    let header = |name: &str| {
        let lines = head.lines().filter_map(|line| line.split_once(": "));
        lines.filter(|(each, _)| each.eq_ignore_ascii_case(name)).map(|(_, value)| value.to_owned()).next()
    };
    let mut body = Vec::new();
    let length = header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    reader.take(length).read_to_end(&mut body).unwrap();
    let call: Vec<&str> = head.split_whitespace().take(2).collect();
    let target = header("x-amz-target").unwrap_or_default();
    let call = format!("{}{target}", call.join(" "));
    noted.lock().unwrap().entry(call).or_default().push(serde_json::from_slice(&body).unwrap_or(Value::Null));
    let status = if head.contains("Bearer not") { "403 Forbidden" } else { "201 Created" };
    let document = json!({
        "face_id": "face-1", "registration_id": "registration-1", "session_id": "session-1",
        "upload_url": format!("{base}/bucket/key?signed"), "s3_uri": "s3://bucket/key",
    });
    let document = document.to_string();
    let length = document.len();
    write!(stream, "HTTP/1.1 {status}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{document}").unwrap();
}

fn traffic(url: &str, rate: f64) -> Traffic {
    let token = |token: &str| token.to_owned();
    Traffic {
        api_url: format!("{url}/v1"),
        token: token("may"),
        powerless_token: token("not"),
        simulator_url: url.to_owned(),
        fraudulent_collection: "idv-local-fraudulent-00".to_owned(),
        rate,
        duration: Duration::from_millis(500),
        seed: 7,
    }
}

#[test]
fn every_visit_is_counted_once() {
    let mut last = 0;
    let summary = traffic(&server().0, 40.0).run(&mut |summary, _| last = summary.visits).unwrap();
    assert_eq!(summary.visits + summary.skipped, 20);
    assert_eq!((summary.failed(), last), (0, summary.visits));
    assert!(summary.sent() > summary.visits, "a member's first visit has two requests");
    let registrations = summary.routes().into_iter().find(|route| route.route.ends_with("/register")).unwrap();
    assert!(registrations.succeeded > 0 && registrations.p50_ms.is_some());
}

#[test]
fn other_machines_are_never_a_target() {
    for url in ["https://127.0.0.1", "http://api.example.com", "http://127.0.0.1.example.com", "nonsense"] {
        let refused = traffic(url, 1.0).run(&mut |_, _| {}).unwrap_err();
        assert_eq!(refused, TrafficError::NotLocal(format!("{url}/v1")));
    }
    let rate = traffic("http://127.0.0.1:1", f64::NAN).run(&mut |_, _| {}).unwrap_err();
    assert!(matches!(rate, TrafficError::Rate(_)));
}

#[test]
fn a_day_brings_every_kind_of_visit() {
    let mut dice = fastrand::Rng::with_seed(1);
    let mut kinds = Visit::of_every_kind();
    for number in 0..3_000 {
        let visit = Visit::random(&mut dice, number);
        kinds.retain(|kind| !kind.is_like(&visit));
    }
    assert_eq!(kinds, []);
}

/// Each journey goes on with what the API said before: ids, sessions, addresses.
#[test]
fn every_kind_of_visit_calls_what_it_should() {
    let (url, noted) = server();
    let (traffic, album) = (traffic(&url, 1.0), Album::default());
    let mut caller = Caller::new(&traffic, &album);
    for visit in Visit::of_every_kind() {
        visit.make(&mut caller);
    }
    let statuses: Vec<_> = caller.take_answered().into_iter().filter_map(|answered| answered.status).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 403).count(), 1, "one token may nothing");
    let calls = noted.lock().unwrap();
    let routes: Vec<&str> =
        calls.keys().map(String::as_str).filter(|call| !call.contains("/users/traffic-7")).collect();
    let expected = [
        "DELETE /v1/kyc/facematch/faces/face-1",
        "GET /v1/identity/liveness-sessions?session_id=session-1",
        "GET /v1/identity/registrations?registration_id=registration-1",
        "GET /v1/identity/users/traffic-member-1",
        "GET /v1/kyc/facematch/collections/status",
        "POST /RekognitionService.IndexFaces",
        "POST /_admin/liveness/session-1",
        "POST /v1/identity/authentications",
        "POST /v1/identity/liveness-sessions",
        "POST /v1/identity/registrations",
        "POST /v1/ips",
        "POST /v1/kyc/facematch/blacklist",
        "POST /v1/kyc/facematch/register",
        "POST /v1/kyc/facematch/search",
        "POST /v1/kyc/facematch/upload-url",
        "POST /v1/kyc/facematch/verify",
        "PUT /bucket/key?signed",
        "PUT /v1/identity/users/traffic-member-1/photo",
    ];
    assert_eq!(routes, expected);
    let left = calls.keys().filter(|call| call.starts_with("DELETE /v1/identity/users/traffic-7-")).count();
    assert_eq!(left, 1, "one newcomer wants to be forgotten");
    let with_session = |call: &Value| call["liveness_session_id"] == "session-1";
    assert_eq!(calls["POST /v1/identity/authentications"].iter().filter(|call| with_session(call)).count(), 2);
    let uploaded = |call: &Value| call["image"] == "s3://bucket/key" && call["image_format"] == "s3";
    assert_eq!(calls["POST /v1/kyc/facematch/register"].iter().filter(|call| uploaded(call)).count(), 1);
}
