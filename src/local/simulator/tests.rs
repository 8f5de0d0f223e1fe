//! The simulator over real HTTP, as a client sees it.

mod faults;
mod liveness;
mod text;
mod users;

use std::sync::Mutex;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use tokio::sync::oneshot;

use super::*;
use crate::local::portrait::Portrait;

/// A simulator on a port of its own, with a store of its own.
struct Server {
    address: String,
    folder: tempfile::TempDir,
    calls: Arc<Calls>,
    stop: Option<oneshot::Sender<()>>,
    runtime: tokio::runtime::Runtime,
}

#[derive(Debug, Default)]
struct Calls(Mutex<Vec<CallEvent>>);

impl CallObserver for Calls {
    fn observe(&self, call: CallEvent) {
        self.0.lock().unwrap().push(call);
    }
}

/// One bucket with one object in it.
#[derive(Debug)]
struct OneObject(Vec<u8>);

impl ImageSource for OneObject {
    fn fetch<'a>(&'a self, location: &'a ImageLocation, _limit: u64) -> Fetching<'a> {
        let found = location.bucket == "images" && location.key == "anna.png";
        Box::pin(async move { if found { Ok(self.0.clone()) } else { Err(ImageUnavailable::Unreadable) } })
    }

    fn store(&self, image: ImageToStore) -> Storing<'_> {
        let found = image.location.bucket == "images";
        Box::pin(async move { if found { Ok(()) } else { Err("no such bucket".to_owned()) } })
    }
}

struct Reply {
    status: u16,
    headers: ureq::http::HeaderMap,
    text: String,
    body: Value,
}

impl Server {
    fn start() -> Self {
        Self::start_in(tempfile::tempdir().unwrap())
    }

    fn start_in(folder: tempfile::TempDir) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let calls = Arc::new(Calls::default());
        let simulator = Simulator::open(SimulatorConfig {
            state_folder: folder.path().to_owned(),
            region: Region::new("us-east-1").unwrap(),
            account: AccountId::new("000000000000").unwrap(),
            images: Arc::new(OneObject(png("anna"))),
            observer: calls.clone(),
        })
        .unwrap();
        let listener = runtime.block_on(tokio::net::TcpListener::bind("127.0.0.1:0")).unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let (stop, stopped) = oneshot::channel();
        runtime.spawn(serve(listener, simulator, async move {
            stopped.await.ok();
        }));
        let server = Self { address, folder, calls, stop: Some(stop), runtime };
        // What is tested is not how fast a test may call.
        let unlimited: serde_json::Map<_, _> =
            operations::TABLE.iter().map(|entry| (entry.name.to_owned(), Value::Null)).collect();
        assert_eq!(server.admin("PUT", "quotas", &Value::Object(unlimited)).0, 200);
        server
    }

    fn restart(mut self) -> Self {
        self.stop.take();
        let Self { folder, runtime, .. } = self;
        drop(runtime);
        Self::start_in(folder)
    }

    fn send(&self, operation: &str, body: &str, signed: bool) -> Reply {
        let agent = ureq::Agent::config_builder().http_status_as_error(false).build().new_agent();
        let mut request = agent
            .post(format!("{}/", self.address))
            .header("content-type", "application/x-amz-json-1.1")
            .header("x-amz-target", format!("RekognitionService.{operation}"));
        if signed {
            request =
                request.header("authorization", "AWS4-HMAC-SHA256 Credential=KEY/20260101/us-east-1/x/aws4_request");
        }
        let mut response = request.send(body).unwrap();
        let text = response.body_mut().read_to_string().unwrap();
        let body = serde_json::from_str(&text).unwrap();
        Reply { status: response.status().as_u16(), headers: response.headers().clone(), text, body }
    }

    fn reply(&self, operation: &str, body: &Value) -> Reply {
        self.send(operation, &body.to_string(), true)
    }

    fn ok(&self, operation: &str, body: &Value) -> Value {
        let reply = self.reply(operation, body);
        assert_eq!(reply.status, 200, "{operation}: {}", reply.text);
        reply.body
    }

    fn error(&self, operation: &str, body: &Value) -> String {
        let reply = self.reply(operation, body);
        assert_ne!(reply.status, 200, "{operation}");
        reply.body["__type"].as_str().unwrap().to_owned()
    }

    fn admin(&self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let agent = ureq::Agent::config_builder().http_status_as_error(false).build().new_agent();
        let address = format!("{}/_admin/{path}", self.address);
        let response = match method {
            "GET" => agent.get(address).call(),
            "DELETE" => agent.delete(address).call(),
            "PUT" => agent.put(address).header("content-type", "application/json").send(body.to_string()),
            _ => agent.post(address).header("content-type", "application/json").send(body.to_string()),
        };
        let mut response = response.unwrap();
        let body = serde_json::from_str(&response.body_mut().read_to_string().unwrap()).unwrap();
        (response.status().as_u16(), body)
    }

    fn create(&self, collection: &str) {
        self.ok("CreateCollection", &json!({ "CollectionId": collection }));
    }

    fn index(&self, collection: &str, person: &str, external: &str) -> Value {
        let request = json!({ "CollectionId": collection, "Image": image(&png(person)), "ExternalImageId": external });
        self.ok("IndexFaces", &request)["FaceRecords"][0]["Face"].clone()
    }
}

fn png(person: &str) -> Vec<u8> {
    Portrait::new(person).size(160).png().unwrap()
}

fn image(bytes: &[u8]) -> Value {
    json!({ "Bytes": STANDARD.encode(bytes) })
}

fn nobody() -> Value {
    image(&Portrait::new("anna").faces(0).size(160).png().unwrap())
}

#[test]
fn a_collection_lives_from_creation_to_deletion() {
    let server = Server::start();
    let created = server.ok("CreateCollection", &json!({ "CollectionId": "a", "Tags": { "k": "v" } }));
    let arn = "arn:aws:rekognition:us-east-1:000000000000:collection/a";
    assert_eq!(created, json!({ "StatusCode": 200, "CollectionArn": arn, "FaceModelVersion": "7.0" }));
    assert_eq!(server.error("CreateCollection", &json!({ "CollectionId": "a" })), "ResourceAlreadyExistsException");
    let described = server.ok("DescribeCollection", &json!({ "CollectionId": "a" }));
    assert_eq!(described["CollectionARN"], arn);
    assert_eq!((&described["FaceCount"], &described["UserCount"]), (&json!(0), &json!(0)));
    assert!(described["CreationTimestamp"].is_number());
    server.ok("TagResource", &json!({ "ResourceArn": arn, "Tags": { "x": "y" } }));
    server.ok("UntagResource", &json!({ "ResourceArn": arn, "TagKeys": ["k"] }));
    assert_eq!(server.ok("ListTagsForResource", &json!({ "ResourceArn": arn })), json!({ "Tags": { "x": "y" } }));
    let elsewhere = arn.replace("us-east-1", "eu-west-1");
    assert_eq!(server.error("ListTagsForResource", &json!({ "ResourceArn": elsewhere })), "ResourceNotFoundException");
    server.index("a", "anna", "s1");
    assert_eq!(server.ok("DeleteCollection", &json!({ "CollectionId": "a" })), json!({ "StatusCode": 200 }));
    assert_eq!(server.error("DescribeCollection", &json!({ "CollectionId": "a" })), "ResourceNotFoundException");
}

#[test]
fn listings_come_in_pages_that_survive_deletions() {
    let server = Server::start();
    for id in ["a", "b", "c"] {
        server.create(id);
    }
    let first = server.ok("ListCollections", &json!({ "MaxResults": 2 }));
    assert_eq!(first["CollectionIds"], json!(["a", "b"]));
    assert_eq!(first["FaceModelVersions"], json!(["7.0", "7.0"]));
    server.ok("DeleteCollection", &json!({ "CollectionId": "b" }));
    let rest = server.ok("ListCollections", &json!({ "MaxResults": 2, "NextToken": first["NextToken"] }));
    assert_eq!((&rest["CollectionIds"], &rest["NextToken"]), (&json!(["c"]), &Value::Null));
    let stray = json!({ "CollectionId": "a", "NextToken": first["NextToken"] });
    assert_eq!(server.error("ListFaces", &stray), "InvalidPaginationTokenException");
}

#[test]
fn a_picture_without_a_face_is_a_result_or_an_error_by_operation() {
    let server = Server::start();
    server.create("a");
    assert_eq!(server.ok("DetectFaces", &json!({ "Image": nobody() }))["FaceDetails"], json!([]));
    let indexed = server.ok("IndexFaces", &json!({ "CollectionId": "a", "Image": nobody() }));
    assert_eq!((&indexed["FaceRecords"], &indexed["UnindexedFaces"]), (&json!([]), &json!([])));
    let search = json!({ "CollectionId": "a", "Image": nobody() });
    assert_eq!(server.error("SearchFacesByImage", &search), "InvalidParameterException");
    let anna = image(&png("anna"));
    for (source, target) in [(&nobody(), &anna), (&anna, &nobody())] {
        let compare = json!({ "SourceImage": source, "TargetImage": target });
        assert_eq!(server.error("CompareFaces", &compare), "InvalidParameterException");
    }
    let nothing = server.ok("SearchFacesByImage", &json!({ "CollectionId": "a", "Image": anna }));
    assert_eq!(nothing["FaceMatches"], json!([]), "a face without a match is no error");
}

#[test]
fn the_same_image_is_the_same_face() {
    let server = Server::start();
    server.create("a");
    server.create("b");
    let face = server.index("a", "anna", "s1");
    assert_eq!(server.index("a", "anna", "s1"), face);
    assert_eq!(server.index("b", "anna", "s9")["FaceId"], face["FaceId"]);
    assert_eq!(server.ok("DescribeCollection", &json!({ "CollectionId": "a" }))["FaceCount"], 1);
    assert_ne!(server.index("a", "anna", "s2")["FaceId"], face["FaceId"]);
    assert_eq!(server.ok("DescribeCollection", &json!({ "CollectionId": "a" }))["FaceCount"], 2);
    assert_eq!(server.admin("POST", "model-version", &json!({ "version": "6.0" })).0, 200);
    server.create("old");
    let old = server.index("old", "anna", "s1");
    assert_eq!(old["IndexFacesModelVersion"], "6.0");
    assert_ne!(old["FaceId"], face["FaceId"]);
}

#[test]
fn searches_find_the_person_and_outlive_a_restart() {
    let server = Server::start();
    server.create("a");
    let anna = server.index("a", "anna", "s1");
    server.index("a", "ben", "s2");
    let server = server.restart();
    let turned = Portrait::new("anna").size(160).yaw(20.0).png().unwrap();
    let found = server.ok("SearchFacesByImage", &json!({ "CollectionId": "a", "Image": image(&turned) }));
    let matches = found["FaceMatches"].as_array().unwrap();
    assert_eq!((matches.len(), &matches[0]["Face"]), (1, &anna));
    let all = json!({ "CollectionId": "a", "FaceId": anna["FaceId"], "FaceMatchThreshold": 0 });
    let others = server.ok("SearchFaces", &all);
    assert_eq!(others["FaceMatches"].as_array().unwrap().len(), 1, "never the face itself");
    let gone = json!({ "CollectionId": "a", "FaceIds": [anna["FaceId"], "00000000-0000-4000-8000-000000000000"] });
    let deleted = server.ok("DeleteFaces", &gone);
    assert_eq!(deleted["DeletedFaces"], json!([anna["FaceId"]]));
    assert_eq!(deleted["UnsuccessfulFaceDeletions"][0]["Reasons"], json!(["FACE_NOT_FOUND"]));
    assert_eq!(server.ok("ListFaces", &json!({ "CollectionId": "a" }))["Faces"].as_array().unwrap().len(), 1);
}

#[test]
fn the_quality_filter_is_on_when_indexing_and_off_when_searching() {
    let server = Server::start();
    server.create("a");
    let dark = image(&Portrait::new("anna").size(160).dark().png().unwrap());
    let refused = server.ok("IndexFaces", &json!({ "CollectionId": "a", "Image": dark, "QualityFilter": "HIGH" }));
    assert_eq!(refused["FaceRecords"], json!([]));
    assert!(refused["UnindexedFaces"][0]["Reasons"].as_array().unwrap().contains(&json!("LOW_BRIGHTNESS")));
    server.ok("SearchFacesByImage", &json!({ "CollectionId": "a", "Image": dark }));
    let filtered = json!({ "CollectionId": "a", "Image": dark, "QualityFilter": "HIGH" });
    assert_eq!(server.error("SearchFacesByImage", &filtered), "InvalidParameterException");
    let group = image(&Portrait::new("anna").faces(3).png().unwrap());
    let one = server.ok("IndexFaces", &json!({ "CollectionId": "a", "Image": group, "MaxFaces": 1 }));
    assert_eq!(one["FaceRecords"].as_array().unwrap().len(), 1);
    let reasons: Vec<_> = one["UnindexedFaces"].as_array().unwrap().iter().map(|face| &face["Reasons"]).collect();
    assert_eq!(reasons, [&json!(["EXCEEDS_MAX_FACES"]); 2]);
}

#[test]
fn bad_requests_get_the_exceptions_of_aws() {
    let server = Server::start();
    server.create("a");
    let anna = image(&png("anna"));
    let tiny = image(&{
        let mut bytes = std::io::Cursor::new(Vec::new());
        image::DynamicImage::new_rgb8(79, 200).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
        bytes.into_inner()
    });
    let s3 = |key: &str| json!({ "S3Object": { "Bucket": "images", "Name": key } });
    for (operation, request, exception) in [
        ("DetectFaces", json!({}), "InvalidParameterException"),
        ("DetectFaces", json!({ "Image": {} }), "InvalidParameterException"),
        ("DetectFaces", json!({ "Image": tiny }), "InvalidParameterException"),
        ("DetectFaces", json!({ "Image": image(b"no picture") }), "InvalidImageFormatException"),
        ("DetectFaces", json!({ "Image": image(&vec![0; 5_242_881]) }), "InvalidParameterException"),
        ("DetectFaces", json!({ "Image": s3("missing") }), "InvalidS3ObjectException"),
        ("DetectFaces", json!({ "Image": anna, "Attributes": ["NOSE"] }), "InvalidParameterException"),
        ("DetectFaces", json!({ "Image": 7 }), "SerializationException"),
        ("IndexFaces", json!({ "CollectionId": "none", "Image": anna }), "ResourceNotFoundException"),
        ("IndexFaces", json!({ "CollectionId": "a", "Image": anna, "MaxFaces": 0 }), "InvalidParameterException"),
        (
            "IndexFaces",
            json!({ "CollectionId": "a", "Image": anna, "ExternalImageId": "a@b" }),
            "InvalidParameterException",
        ),
        ("SearchFaces", json!({ "CollectionId": "a", "FaceId": "x" }), "InvalidParameterException"),
        ("DeleteFaces", json!({ "CollectionId": "a", "FaceIds": [] }), "InvalidParameterException"),
        ("ListFaces", json!({ "CollectionId": "a", "MaxResults": 4097 }), "InvalidParameterException"),
        ("DetectLabels", json!({}), "UnknownOperationException"),
    ] {
        assert_eq!(server.error(operation, &request), exception, "{operation}");
    }
    server.ok("DetectFaces", &json!({ "Image": s3("anna.png") }));
    assert_eq!(server.send("ListCollections", "{}", false).body["__type"], "MissingAuthenticationTokenException");
    assert_eq!(server.send("ListCollections", "{", true).body["__type"], "SerializationException");
}

#[test]
fn every_answer_carries_its_request_id_and_no_float_noise() {
    let server = Server::start();
    let reply = server.reply("DetectFaces", &json!({ "Image": image(&png("anna")), "Attributes": ["ALL"] }));
    assert_eq!(reply.headers["content-type"], "application/x-amz-json-1.1");
    assert_eq!(reply.headers["x-amzn-requestid"].len(), 36);
    assert_eq!(reply.body["FaceDetails"][0]["Landmarks"].as_array().unwrap().len(), 30);
    let digits = |text: &str| text.split(|c: char| !c.is_ascii_digit()).map(str::len).max().unwrap_or(0);
    assert!(digits(&reply.text) <= 10, "{}", reply.text);
    let reply = server.reply("DescribeCollection", &json!({ "CollectionId": "none" }));
    assert_eq!(
        (reply.status, &reply.headers["x-amzn-errortype"]),
        (400, &"ResourceNotFoundException".parse().unwrap())
    );
    assert_eq!(reply.body["Message"], "The collection id: none does not exist");
}

#[test]
fn calls_over_the_quota_and_planned_faults_are_refused() {
    let server = Server::start();
    assert_eq!(server.admin("PUT", "quotas", &json!({ "ListCollections": 0.001 })).0, 200);
    server.ok("ListCollections", &json!({}));
    let reply = server.reply("ListCollections", &json!({}));
    assert_eq!((reply.status, &reply.body["__type"]), (400, &json!("ProvisionedThroughputExceededException")));
    assert_eq!(server.admin("DELETE", "quotas", &Value::Null).1["ListCollections"], 5.0);
    let plan = json!({ "DescribeCollection": { "error_rate": 1.0, "error_code": "InternalServerError" } });
    assert_eq!(server.admin("PUT", "faults", &plan).0, 200);
    let reply = server.reply("DescribeCollection", &json!({ "CollectionId": "a" }));
    assert_eq!((reply.status, &reply.body["__type"]), (500, &json!("InternalServerError")));
    assert_eq!(server.admin("PUT", "faults", &json!({ "Nope": {} })).0, 400);
    server.admin("DELETE", "faults", &Value::Null);
    assert_eq!(server.error("DescribeCollection", &json!({ "CollectionId": "a" })), "ResourceNotFoundException");
    assert_eq!(server.admin("GET", "health", &Value::Null).1["status"], "ok");
    let calls = server.calls.0.lock().unwrap();
    let outcomes: Vec<_> = calls.iter().map(|call| (call.operation, call.outcome())).collect();
    assert_eq!(
        outcomes,
        [
            ("ListCollections", CallOutcome::Success),
            ("ListCollections", CallOutcome::Throttled),
            ("DescribeCollection", CallOutcome::ServerError),
            ("DescribeCollection", CallOutcome::UserError),
        ]
    );
    assert!(calls.iter().all(|call| call.access_key.as_deref() == Some("KEY")));
}
