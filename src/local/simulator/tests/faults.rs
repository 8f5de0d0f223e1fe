//! Faults on purpose, over real connections.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};

use super::*;

impl Server {
    /// Everything that a server says on a connection until it ends it.
    fn raw(&self, operation: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(self.address.trim_start_matches("http://")).unwrap();
        let request = format!(
            "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: x\r\nContent-Length: {}\r\n\
             X-Amz-Target: RekognitionService.{operation}\r\n\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    fn plan(&self, plan: &Value) {
        let (status, answer) = self.admin("PUT", "faults", plan);
        assert_eq!(status, 200, "{answer}");
    }

    fn struck(&self, operation: &str) -> Value {
        self.admin("GET", "faults", &Value::Null).1[operation]["struck"].clone()
    }
}

#[test]
fn a_fault_before_prevents_and_a_fault_after_does_not() {
    let server = Server::start();
    for (when, collection, done) in [("before", "a", 0), ("after", "b", 1)] {
        server.create(collection);
        server.plan(&json!({ "CreateUser": { "nth": 1, "when": when } }));
        let request = json!({ "CollectionId": collection, "UserId": "u" });
        assert_eq!(server.error("CreateUser", &request), "InternalServerError");
        assert_eq!(server.struck("CreateUser"), 1);
        let users = server.ok("ListUsers", &json!({ "CollectionId": collection }))["Users"].clone();
        assert_eq!(users.as_array().unwrap().len(), done, "{when}");
    }
    let request = json!({ "CollectionId": "a", "UserId": "u" });
    assert_eq!(server.ok("CreateUser", &request), json!({}), "only the first call is struck");
}

#[test]
fn a_timeout_is_a_connection_that_ends_without_a_word() {
    let server = Server::start();
    server.plan(&json!({ "CreateCollection": { "nth": 1, "when": "after", "action": "timeout", "latency_ms": 20 } }));
    assert_eq!(server.raw("CreateCollection", r#"{"CollectionId":"a"}"#), "");
    assert!(server.raw("ListCollections", "{}").starts_with("HTTP/1.1 200"), "other calls are answered");
    assert_eq!(server.ok("ListCollections", &json!({}))["CollectionIds"], json!(["a"]), "it has happened");
    server.plan(&json!({ "CreateCollection": { "error_rate": 1.0, "action": "timeout" } }));
    assert_eq!(server.raw("CreateCollection", r#"{"CollectionId":"b"}"#), "");
    assert_eq!(server.ok("ListCollections", &json!({}))["CollectionIds"], json!(["a"]), "it has not happened");
    let seen: Vec<_> = server.calls.0.lock().unwrap().iter().map(|call| call.operation).collect();
    assert_eq!(seen.iter().filter(|name| **name == "CreateCollection").count(), 1, "what never came counts nowhere");
}

#[test]
fn a_crash_calls_its_hook_and_hangs_up() {
    let server = Server::start();
    let hook = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/crash", hook.local_addr().unwrap());
    let called = std::thread::spawn(move || {
        let (mut stream, _) = hook.accept().unwrap();
        let mut head = [0; 11];
        stream.read_exact(&mut head).unwrap();
        stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").unwrap();
        head
    });
    let plan = json!({ "ListCollections": { "nth": 1, "action": "crash", "crash_url": url } });
    server.plan(&plan);
    assert_eq!(server.raw("ListCollections", "{}"), "");
    assert_eq!(&called.join().unwrap(), b"POST /crash");
    server.plan(&plan);
    assert_eq!(server.error("ListCollections", &json!({})), "InternalServerError", "nobody listens at the hook");
}

#[test]
fn a_plan_that_cannot_be_is_refused() {
    let server = Server::start();
    let plan = json!({ "IndexFaces": { "action": "crash", "nth": 1 } });
    assert_eq!(server.admin("PUT", "faults", &plan).0, 400);
    assert_eq!(server.admin("GET", "faults", &Value::Null).1, json!({}));
}
