//! `/ips` and the Face Matching API: what they answer.

use super::*;

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

/// Registers Ada; the face's id.
async fn registered(api: &Api<World>) -> String {
    let body = json!({ "image": image("ada"), "session_id": "s-1" });
    let (status, answer) = post(api, "/kyc/facematch/register", &body).await;
    assert_eq!(status, 201, "{answer}");
    answer["face_id"].as_str().unwrap().to_owned()
}

async fn delete(api: &Api<World>, tenant: &str, face: &str) -> (u16, Value) {
    let mut request = event("DELETE", "/kyc/facematch/faces/{face_id}", None);
    request.path_parameters = Some([("face_id".to_owned(), face.to_owned())].into());
    request.request_context.authorizer = json!({ "tenant": tenant, "scope": "kyc:create" }).as_object().cloned();
    let (status, answer, _) = send(api, request).await;
    (status, answer)
}

#[tokio::test]
async fn a_blacklisted_face_is_told_by_every_search_that_finds_it() {
    let api = api();
    let face = registered(&api).await;
    let body = json!({ "face_id": face, "reason": "chargeback", "reviewer": "reviewer-7" });
    let expected = json!({
        "face_id": face, "is_blacklisted": true, "blacklist_reason": "chargeback", "reviewed_by": "reviewer-7",
        "message": "Face blacklisted.",
    });
    assert_eq!(post(&api, "/kyc/facematch/blacklist", &body).await, (200, expected));
    let search = json!({ "image": image("ada") }).to_string();
    let (_, found, lines) = send(&api, event("POST", "/kyc/facematch/search", Some(&search))).await;
    assert_eq!(found["matches"][0]["is_blacklisted"], json!(true));
    assert_eq!(found["matches"][0]["blacklist_reason"], json!("chargeback"));
    assert!(lines.join("\n").contains(r#""Outcome":"fraud""#));

    // Without a reviewer nobody has reviewed it.
    let body = json!({ "face_id": face, "reason": "mule" });
    let (status, answer) = post(&api, "/kyc/facematch/blacklist", &body).await;
    assert_eq!((status, &answer["reviewed_by"]), (200, &Value::Null));
}

#[tokio::test]
async fn only_faces_of_the_tenant_that_are_there_can_be_blacklisted() {
    let api = api();
    let face = registered(&api).await;
    for (id, status, expected) in [
        (face_id(9).to_string(), 404, "face_not_found"),
        ("no-face-id".to_owned(), 404, "face_not_found"),
        (face.to_uppercase(), 404, "face_not_found"),
    ] {
        let body = json!({ "face_id": id, "reason": "mule" });
        let (got, problem) = post(&api, "/kyc/facematch/blacklist", &body).await;
        assert_eq!((got, code(&problem)), (status, expected), "{id}");
    }
    let body = json!({ "face_id": face, "reason": "mule" }).to_string();
    let mut foreign = event("POST", "/kyc/facematch/blacklist", Some(&body));
    foreign.request_context.authorizer = json!({ "tenant": "other", "scope": "kyc:create" }).as_object().cloned();
    assert_eq!(code(&send(&api, foreign.clone()).await.1), "face_not_found");
    foreign.request_context.authorizer = json!({ "tenant": "lenient", "scope": "kyc:create" }).as_object().cloned();
    let (status, problem, _) = send(&api, foreign).await;
    assert_eq!((status, code(&problem)), (403, "feature_not_enabled"));

    api.ports.fails("index", ServiceErrorKind::Throttled);
    let pending = json!({ "image": image("bob"), "session_id": "s-2" });
    let (_, pending) = post(&api, "/kyc/facematch/register", &pending).await;
    let body = json!({ "face_id": pending["face_id"], "reason": "mule" });
    let (status, problem) = post(&api, "/kyc/facematch/blacklist", &body).await;
    assert_eq!((status, code(&problem)), (409, "conflict"));
}

#[tokio::test]
async fn a_deleted_face_is_gone_and_nobody_elses_can_be_deleted() {
    let api = api();
    let face = registered(&api).await;
    assert_eq!(code(&delete(&api, "other", &face).await.1), "face_not_found");
    assert_eq!(code(&delete(&api, "demo", face_id(9).as_str()).await.1), "face_not_found");
    assert_eq!(api.ports.state().records.len(), 1);

    let expected = json!({ "face_id": face, "status": "deleted", "message": "Face deleted." });
    assert_eq!(delete(&api, "demo", &face).await, (200, expected));
    {
        let state = api.ports.state();
        assert!(state.records.is_empty() && state.images.is_empty() && state.collections[&collection(0)].1.is_empty());
    }
    let (status, problem) = delete(&api, "demo", &face).await;
    assert_eq!((status, code(&problem)), (404, "face_not_found"));
}

#[tokio::test]
async fn a_face_that_is_being_registered_or_deleted_is_deleted_later() {
    let api = api();
    let face = registered(&api).await;
    api.ports.fails("forget", ServiceErrorKind::Throttled);
    let (status, problem) = delete(&api, "demo", &face).await;
    assert_eq!((status, code(&problem)), (429, "throttled"));
    // It is no match any more.
    let (_, found) = post(&api, "/kyc/facematch/search", &json!({ "image": image("ada") })).await;
    assert_eq!(found["total_matches"], json!(0));
    let (status, answer) = delete(&api, "demo", &face).await;
    assert_eq!((status, &answer["status"]), (202, &json!("deleting")));
}

#[tokio::test]
async fn an_upload_address_is_below_the_tenants_own_prefix() {
    let api = api();
    for (content_type, extension) in [("image/jpeg", "jpg"), ("image/png", "png")] {
        let body = json!({ "content_type": content_type });
        let (status, answer) = post(&api, "/kyc/facematch/upload-url", &body).await;
        assert_eq!(status, 200, "{answer}");
        let key = answer["s3_key"].as_str().unwrap();
        assert!(key.starts_with("uploads/demo/") && key.ends_with(extension), "{key}");
        assert_eq!(answer["s3_uri"], json!(format!("s3://{BUCKET}/{key}")));
        assert!(answer["upload_url"].as_str().unwrap().contains(key));
        // What is put there can be used at once.
        api.ports.state().images.insert(key.to_owned(), picture_bytes("ada"));
        let body = json!({ "image": answer["s3_uri"], "image_format": "s3", "session_id": "s-1" });
        let (status, registered) = post(&api, "/kyc/facematch/register", &body).await;
        assert_eq!(status, 201, "{registered}");
        let copy = registered["s3_key"].as_str().unwrap();
        assert!(copy.starts_with("tenants/demo/faces/"), "{copy}");
        assert_eq!(api.ports.state().images[copy], picture_bytes("ada"));
    }
}

#[tokio::test]
async fn an_upload_may_be_larger_than_a_picture_in_a_request() {
    let api = api();
    let upload = |bytes: usize| {
        let mut picture = picture_bytes("ada ");
        picture.resize(bytes, b' ');
        api.ports.state().images.insert("uploads/demo/large".to_owned(), picture);
    };
    let body = json!({ "image": "uploads/demo/large", "image_format": "s3" });
    upload(MAX_STORED_PICTURE_BYTES);
    assert_eq!(post(&api, "/kyc/facematch/search", &body).await.0, 200);
    assert!(!api.ports.state().calls.contains(&"load"), "the picture was fetched");
    upload(MAX_STORED_PICTURE_BYTES + 1);
    let (status, problem) = post(&api, "/kyc/facematch/search", &body).await;
    assert_eq!((status, code(&problem)), (400, "image_too_large"));
    api.ports.state().images.insert("uploads/demo/large".to_owned(), Vec::new());
    assert_eq!(code(&post(&api, "/kyc/facematch/search", &body).await.1), "invalid_image");
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
        "step": "quality",
        "reason": "quality_rejected",
        "failures": [
            {
                "image": "selfie",
                "rule": "yaw",
                "measured": "60.0°",
                "limit": "-45° to 45°",
                "advice": "Look straight into the camera; do not turn your head to the side.",
            },
            {
                "image": "selfie", "rule": "sunglasses", "measured": "yes", "limit": "no",
                "advice": "Take off your sunglasses.",
            },
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
