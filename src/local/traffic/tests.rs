use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;

use super::*;

/// A server that answers 201 to the token that may, and 403 to the one that may not.
fn server() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            thread::spawn(move || {
                let mut reader = BufReader::new(stream.try_clone().unwrap());
                let mut head = String::new();
                while reader.read_line(&mut head).unwrap() > 2 {}
                let length = head.to_lowercase();
                let length = length.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
                std::io::copy(&mut reader.take(length.unwrap_or(0)), &mut std::io::sink()).unwrap();
                let status = if head.contains("Bearer may") { "201 Created" } else { "403 Forbidden" };
                write!(stream, "HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").unwrap();
            });
        }
    });
    url
}

fn traffic(api_url: String, rate: f64) -> Traffic {
    let token = |token: &str| token.to_owned();
    Traffic {
        api_url,
        token: token("may"),
        powerless_token: token("not"),
        rate,
        duration: Duration::from_millis(500),
        seed: 7,
    }
}

#[test]
fn every_visit_is_counted_once() {
    let mut last = 0;
    let summary = traffic(server(), 40.0).run(&mut |summary, _| last = summary.sent()).unwrap();
    assert_eq!(summary.sent() + summary.skipped, 20);
    assert_eq!((summary.failed(), last), (0, summary.sent()));
    let registrations = summary.routes().into_iter().find(|route| route.route.ends_with("/register")).unwrap();
    assert!(registrations.succeeded > 0 && registrations.p50_ms.is_some());
}

#[test]
fn other_machines_are_never_a_target() {
    for url in ["https://127.0.0.1/v1", "http://api.example.com/v1", "http://127.0.0.1.example.com/v1", "nonsense"] {
        let refused = traffic(url.to_owned(), 1.0).run(&mut |_, _| {}).unwrap_err();
        assert_eq!(refused, TrafficError::NotLocal(url.to_owned()));
    }
    let rate = traffic("http://127.0.0.1:1/v1".to_owned(), f64::NAN).run(&mut |_, _| {}).unwrap_err();
    assert!(matches!(rate, TrafficError::Rate(_)));
}

#[test]
fn a_mix_has_every_kind_of_visit() {
    let mut dice = fastrand::Rng::with_seed(1);
    let visits: Vec<Visit> = (0..2_000).map(|number| Visit::random(&mut dice, number)).collect();
    let powerless = visits.iter().filter(|visit| visit.is_powerless()).count();
    let routes: std::collections::BTreeSet<_> = visits.iter().map(Visit::route).collect();
    assert_eq!(routes.len(), 5);
    assert!((1..100).contains(&powerless), "{powerless}");
}
