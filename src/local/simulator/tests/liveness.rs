//! Liveness sessions over HTTP; what time does to them is tested with the sessions themselves.

use super::*;

impl Server {
    fn session(&self, request: &Value) -> String {
        self.ok("CreateFaceLivenessSession", request)["SessionId"].as_str().unwrap().to_owned()
    }

    fn play(&self, session: &str, part: &Value) -> (u16, Value) {
        self.admin("POST", &format!("liveness/{session}"), part)
    }

    fn results(&self, session: &str) -> Value {
        self.ok("GetFaceLivenessSessionResults", &json!({ "SessionId": session }))
    }
}

#[test]
fn a_session_goes_from_creation_to_its_findings() {
    let server = Server::start();
    let session = server.session(&json!({ "Settings": { "AuditImagesLimit": 2 } }));
    assert_eq!(server.results(&session), json!({ "SessionId": session, "Status": "CREATED" }));
    assert_eq!(server.play(&session, &json!({ "status": "IN_PROGRESS" })).0, 200);
    assert_eq!(server.results(&session)["Status"], "IN_PROGRESS");
    let anna = png("anna");
    let part = json!({ "confidence": 12.5, "status": "SUCCEEDED", "image": STANDARD.encode(&anna) });
    assert_eq!(server.play(&session, &part), (200, json!({ "status": "SUCCEEDED" })));
    let results = server.results(&session);
    assert_eq!((&results["Status"], &results["Confidence"]), (&json!("SUCCEEDED"), &json!(12.5)));
    assert_eq!(results["ReferenceImage"]["Bytes"], STANDARD.encode(&anna));
    assert!(results["ReferenceImage"]["BoundingBox"]["Width"].as_f64().unwrap() > 0.0);
    assert_eq!(results["AuditImages"].as_array().unwrap().len(), 2);
    assert_eq!(results["Challenge"]["Type"], "FaceMovementAndLightChallenge");
    assert_eq!(server.play(&session, &part).0, 409, "each session is used once");
}

#[test]
fn a_session_can_fail_or_expire_and_then_tells_nothing() {
    let server = Server::start();
    for status in ["FAILED", "EXPIRED"] {
        let session = server.session(&json!({}));
        assert_eq!(server.play(&session, &json!({ "status": status })).0, 200);
        let results = server.results(&session);
        assert_eq!((&results["Status"], &results["Confidence"]), (&json!(status), &Value::Null));
        assert_eq!(results["ReferenceImage"], Value::Null);
    }
    let unknown = "00000000-0000-4000-8000-000000000000";
    let request = json!({ "SessionId": unknown });
    assert_eq!(server.error("GetFaceLivenessSessionResults", &request), "SessionNotFoundException");
    assert_eq!(server.play(unknown, &json!({})).0, 404);
}

#[test]
fn without_a_picture_somebody_is_drawn() {
    let server = Server::start();
    let session = server.session(&json!({}));
    server.play(&session, &json!({}));
    let reference = server.results(&session)["ReferenceImage"]["Bytes"].clone();
    let faces = server.ok("DetectFaces", &json!({ "Image": { "Bytes": reference } }));
    assert_eq!(faces["FaceDetails"].as_array().unwrap().len(), 1);
}

#[test]
fn with_a_bucket_only_places_are_answered() {
    let server = Server::start();
    let settings = |bucket: &str| {
        let output = json!({ "S3Bucket": bucket, "S3KeyPrefix": "liveness/" });
        json!({ "Settings": { "AuditImagesLimit": 1, "OutputConfig": output } })
    };
    let session = server.session(&settings("images"));
    assert_eq!(server.play(&session, &json!({})).0, 200);
    let results = server.results(&session);
    let object = |name: &str| json!({ "Bucket": "images", "Name": format!("liveness/{session}/{name}.png") });
    assert_eq!(results["ReferenceImage"]["S3Object"], object("reference"));
    assert_eq!(results["ReferenceImage"].get("Bytes"), None);
    assert_eq!(results["AuditImages"][0]["S3Object"], object("audit-0"));
    let session = server.session(&settings("missing"));
    assert_eq!(server.play(&session, &json!({})).0, 502);
    assert_eq!(server.results(&session)["Status"], "CREATED", "nothing was written, so nothing has happened");
}

#[test]
fn the_same_token_is_the_same_session_and_bad_requests_are_refused() {
    let server = Server::start();
    let request = json!({ "ClientRequestToken": "t-1" });
    assert_eq!(server.session(&request), server.session(&request));
    assert_ne!(server.session(&json!({})), server.session(&json!({})));
    for bad in [
        json!({ "ClientRequestToken": "" }),
        json!({ "Settings": { "AuditImagesLimit": 5 } }),
        json!({ "Settings": { "OutputConfig": {} } }),
        json!({ "Settings": { "OutputConfig": { "S3Bucket": "images", "S3KeyPrefix": "a b" } } }),
        json!({ "Settings": { "ChallengePreferences": [{ "Type": "Dance" }] } }),
    ] {
        assert_eq!(server.error("CreateFaceLivenessSession", &bad), "InvalidParameterException", "{bad}");
    }
    assert_eq!(
        server.error("GetFaceLivenessSessionResults", &json!({ "SessionId": "x" })),
        "InvalidParameterException"
    );
    let session = server.session(&json!({}));
    for bad in
        [json!({ "confidence": 100.5 }), json!({ "image": "?" }), json!({ "image": STANDARD.encode("no picture") })]
    {
        assert_eq!(server.play(&session, &bad).0, 400, "{bad}");
    }
    assert_eq!(server.results(&session)["Status"], "CREATED");
}
