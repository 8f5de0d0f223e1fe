//! One caller: sends requests and notes what comes back.

use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use ureq::Agent;

use super::album::{Album, Look, Person};
use super::route::{Method, Route};
use super::summary::Answered;
use super::{Traffic, is_on_this_machine};

/// Longest wait for an answer; the API gives up after 29 seconds itself.
const TIMEOUT: Duration = Duration::from_secs(35);

/// Sends the requests of visits.
pub(super) struct Caller<'t> {
    traffic: &'t Traffic,
    album: &'t Album,
    agent: Agent,
    answered: Vec<Answered>,
}

impl<'t> Caller<'t> {
    pub(super) fn new(traffic: &'t Traffic, album: &'t Album) -> Self {
        let config = Agent::config_builder().timeout_global(Some(TIMEOUT)).http_status_as_error(false).max_redirects(0);
        Self { traffic, album, agent: config.build().new_agent(), answered: Vec::new() }
    }

    /// What came back since this was last asked.
    pub(super) fn take_answered(&mut self) -> Vec<Answered> {
        std::mem::take(&mut self.answered)
    }

    /// The same seed sends the same visits.
    pub(super) const fn seed(&self) -> u64 {
        self.traffic.seed
    }

    /// A picture as base64.
    pub(super) fn picture(&self, person: Person, look: Look) -> String {
        self.album.picture(person, look).to_string()
    }

    /// Posts a document; the answer where the API said yes.
    pub(super) fn post(&mut self, route: Route, body: &Value) -> Option<Value> {
        self.call(route, "", Some(&body.to_string()), &self.traffic.token.clone())
    }

    /// Sends a document about something.
    pub(super) fn send_about(&mut self, route: Route, subject: &str, body: &Value) -> Option<Value> {
        self.call(route, subject, Some(&body.to_string()), &self.traffic.token.clone())
    }

    /// Asks about something, or deletes it.
    pub(super) fn ask(&mut self, route: Route, subject: &str) -> Option<Value> {
        self.call(route, subject, None, &self.traffic.token.clone())
    }

    /// Posts what is no document.
    pub(super) fn post_nonsense(&mut self, route: Route) {
        self.call(route, "", Some("{\"source_image\": 42, \"tar"), &self.traffic.token.clone());
    }

    /// Posts with a token that allows nothing.
    pub(super) fn post_powerless(&mut self, route: Route, body: &Value) {
        self.call(route, "", Some(&body.to_string()), &self.traffic.powerless_token.clone());
    }

    fn call(&mut self, route: Route, subject: &str, body: Option<&str>, token: &str) -> Option<Value> {
        let url = format!("{}{}", self.traffic.api_url.trim_end_matches('/'), route.path(subject));
        let authorization = format!("Bearer {token}");
        let start = Instant::now();
        let answer = match route.method() {
            Method::Get => self.agent.get(&url).header("Authorization", &authorization).call(),
            Method::Delete => self.agent.delete(&url).header("Authorization", &authorization).call(),
            method => {
                let request = if method == Method::Put { self.agent.put(&url) } else { self.agent.post(&url) };
                let request = request.header("Authorization", &authorization);
                request.header("Content-Type", "application/json").send(body.unwrap_or_default())
            }
        };
        let mut answer = answer.ok();
        let text = answer.as_mut().and_then(|answer| answer.body_mut().read_to_string().ok());
        let status = answer.map(|answer| answer.status().as_u16());
        self.answered.push(Answered { route, status, took: start.elapsed() });
        let went_well = status.is_some_and(|status| (200..300).contains(&status));
        went_well.then(|| text.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or(Value::Null))
    }

    /// Uploads a picture to a presigned address; whether it is there. Only this machine is ever a target.
    pub(super) fn upload(&self, url: &str, person: Person, look: Look) -> bool {
        let Ok(bytes) = STANDARD.decode(self.picture(person, look)) else { return false };
        let sent = || self.agent.put(url).header("Content-Type", "image/png").send(&bytes[..]).ok();
        is_on_this_machine(url) && sent().is_some_and(|answer| answer.status().is_success())
    }

    /// Plays the person in front of the camera in a liveness session; whether the simulator took it.
    pub(super) fn play_liveness(&self, session: &str, confidence: f64, person: Person) -> bool {
        let part = json!({ "confidence": confidence, "image": self.picture(person, Look::Camera) });
        let url = format!("{}/_admin/liveness/{session}", self.traffic.simulator_url);
        is_on_this_machine(&url)
            && self.agent.post(&url).send_json(part).is_ok_and(|answer| answer.status().is_success())
    }

    /// Puts a known fraudster into the fraudsters' collection, which no route of the API does. The simulator wants calls
    /// signed, but verifies no signature.
    pub(super) fn plant_fraudster(&self, person: Person) {
        let image = json!({
            "CollectionId": self.traffic.fraudulent_collection,
            "ExternalImageId": "traffic-fraudster",
            "Image": { "Bytes": self.picture(person, Look::Front) },
            "MaxFaces": 1,
        });
        if is_on_this_machine(&self.traffic.simulator_url) {
            let request = self.agent.post(&self.traffic.simulator_url);
            let request =
                request.header("X-Amz-Target", "RekognitionService.IndexFaces").header("Authorization", "unsigned");
            // Without the fraudster nobody is found to be one, which the figures tell.
            let _ = request.header("Content-Type", "application/x-amz-json-1.1").send(image.to_string());
        }
    }
}
