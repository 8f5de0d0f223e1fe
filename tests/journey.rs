//! The whole road, walked once: real program, real emulator, real handler process, clients that are not ours.

// Clippy takes only functions marked `#[test]` for tests, not their helpers.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod support;

use std::time::Duration;

use serde_json::Value;
use support::peers;
use support::project::Project;
use support::terminal::Terminal;

/// How long something on the screen may take before it is missing.
const PATIENCE: Duration = Duration::from_mins(1);
/// Where the traffic's faces are.
const COLLECTION: &str = "idv-local-tenant-demo-00";
const STACKS: [&str; 4] = ["idv-local-data", "idv-local-service", "idv-local-monitoring", "idv-local-governance"];

#[test]
fn from_an_empty_folder_to_a_living_environment_and_back() {
    let project = Project::new();
    up_with_traffic(&project);
    let variables = project.variables();
    stacks_are_complete(&variables);
    status_knows_everything(&project);
    results_are_as_their_schemas_say(&project);
    strangers_are_refused(&project, &variables);
    a_workshop_runs_unchanged(&project, &variables);
    a_second_up_changes_nothing(&project);
    a_plan_sees_no_difference(&project);
    the_dashboard_outlives_its_cloud(&project);
    what_was_made_is_there_after_a_restart(&project, &variables);
    destroy_keeps_what_holds_faces(&project, &variables);
    purge_leaves_nothing(&project);
}

fn up_with_traffic(project: &Project) {
    let said = project.ok(&["up", "--traffic", "15s"]);
    for expected in ["local · simulated", "CREATE_COMPLETE", "curl -H \"Authorization: Bearer ey"] {
        assert!(said.contains(expected), "no `{expected}` in:\n{said}");
    }
    assert!(!said.contains('\u{1b}'), "colour in a pipe:\n{said}");
}

fn stacks_are_complete(variables: &[(String, String)]) {
    let seen: Value = serde_json::from_str(&peers::script("stacks.py", &[], variables)).unwrap();
    for stack in STACKS {
        assert_eq!(seen[stack], "CREATE_COMPLETE", "{seen}");
    }
}

fn status_knows_everything(project: &Project) {
    let status = project.json(&["status"]);
    let demo = status["collections"].as_array().unwrap().iter().find(|collection| collection["id"] == COLLECTION);
    let demo = demo.unwrap_or_else(|| panic!("no {COLLECTION} in {status:#}"));
    assert!(demo["faces"].as_u64().unwrap() > 0, "{demo}");
    assert_eq!(demo["model_version"], "7.0");
    assert_eq!(demo["capacity"], 20_000_000);
    assert_eq!(status["simulated"], true);
    assert!(status["api_url"].as_str().unwrap().starts_with("http://127.0.0.1:"), "{status:#}");
    for operation in ["CompareFaces", "IndexFaces", "SearchFacesByImage", "DetectFaces"] {
        let measured = status["operations"].as_array().unwrap().iter().find(|row| row["name"] == operation).unwrap();
        assert!(measured["requests"].as_u64().unwrap() > 0, "{measured}");
        assert!(measured["p50_ms"].as_f64().unwrap() > 0.0, "{measured}");
        assert!(measured["p99_ms"].as_f64() >= measured["p50_ms"].as_f64(), "{measured}");
    }
    let approved = status["kpis"].as_array().unwrap().iter().filter(|kpi| kpi["value"].as_f64() > Some(0.0));
    assert!(approved.count() > 2, "{:#}", status["kpis"]);
    assert_no_unknown_but_idle(&status);
}

/// Every null has its reason beside it, and after traffic only idle operations may lack their percentiles.
fn assert_no_unknown_but_idle(status: &Value) {
    for part in ["collections", "alarms", "operations", "kpis", "stacks"] {
        for row in status[part].as_array().unwrap_or_else(|| panic!("{part} is not known: {status:#}")) {
            let nulls: Vec<_> = row.as_object().unwrap().iter().filter(|(_, value)| value.is_null()).collect();
            let idle = part == "operations" && row["requests"] == 0;
            assert!(nulls.is_empty() || row.get("why").is_some(), "{part}: {row}");
            assert!(nulls.is_empty() || idle || part == "kpis" || part == "alarms", "{part}: {row}");
        }
    }
}

/// What scripts read is what docs/schemas promises.
fn results_are_as_their_schemas_say(project: &Project) {
    let schemas = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/schemas");
    let commands: [(&str, &[&str]); 4] =
        [("status", &["status"]), ("local-status", &["local", "status"]), ("check", &["check"]), ("plan", &["plan"])];
    let mut arguments = Vec::new();
    for (name, command) in commands {
        let schema = schemas.join(format!("{name}.schema.json"));
        let result = project.write(&format!("{name}.json"), project.json(command).to_string());
        arguments.extend([schema, result].map(|path| path.to_str().unwrap().to_owned()));
    }
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    peers::script("schemas.py", &arguments, &[]);
}

fn strangers_are_refused(project: &Project, variables: &[(String, String)]) {
    let status = project.json(&["status"]);
    let folder = project.path().join("pictures");
    draw_pictures(project, &folder);
    let token = project.ok(&["token", "--tenant", "demo", "--scope", "kyc:read kyc:create"]);
    let powerless = project.ok(&["token", "--tenant", "demo", "--scope", "none"]);
    let arguments = [status["api_url"].as_str().unwrap(), token.trim(), powerless.trim(), folder.to_str().unwrap()];
    peers::script("api.py", &arguments, variables);
}

fn draw_pictures(project: &Project, folder: &std::path::Path) {
    std::fs::create_dir_all(folder).unwrap();
    let pictures: [(&str, &[&str]); 5] = [
        ("selfie", &["--person", "journey"]),
        ("card", &["--person", "journey", "--id-card"]),
        ("stranger", &["--person", "somebody-else"]),
        ("wall", &["--person", "journey", "--faces", "0"]),
        ("glasses", &["--person", "journey", "--sunglasses"]),
    ];
    for (name, options) in pictures {
        let file = folder.join(format!("{name}.png"));
        let arguments: Vec<&str> =
            ["portrait"].iter().chain(options).copied().chain(["-o", file.to_str().unwrap()]).collect();
        project.ok(&arguments);
    }
}

fn a_workshop_runs_unchanged(project: &Project, variables: &[(String, String)]) {
    let picture = |name: &str| project.path().join(format!("pictures/{name}.png")).to_str().unwrap().to_owned();
    let pictures = ["card", "selfie", "stranger", "wall"].map(picture);
    peers::script("onboarding.py", &pictures.each_ref().map(String::as_str), variables);
}

fn a_second_up_changes_nothing(project: &Project) {
    let run = project.run(&["up"]).expect_code(0, &["up"]);
    assert!(run.stderr.contains("Nothing to change"), "{}", run.stderr);
}

fn a_plan_sees_no_difference(project: &Project) {
    let plan = project.json(&["plan", "--exit-code"]);
    for stack in plan["stacks"].as_array().unwrap() {
        assert_eq!(stack["changes"].as_array().unwrap().len(), 0, "{stack:#}");
    }
}

/// The local cloud dies under the dashboard: it says so, keeps what it knew, and recovers by itself.
fn the_dashboard_outlives_its_cloud(project: &Project) {
    let mut terminal = Terminal::start(&project.command(["dashboard"]), 120, 40);
    terminal.wait_for(COLLECTION, PATIENCE);
    kill(supervisor(project));
    let screen = terminal.wait_for("unreachable", PATIENCE);
    assert!(screen.contains(COLLECTION), "what was known is gone:\n{screen}");
    project.ok(&["local", "start"]);
    terminal.wait_until("it answers again", PATIENCE, |screen| {
        screen.contains(COLLECTION) && !screen.contains("unreachable")
    });
    terminal.press("?");
    terminal.wait_for("go to a page", PATIENCE);
    terminal.press("\u{1b}");
    // Escape and a digit that arrive together are Alt and the digit, so the first must be seen before the second is typed.
    terminal.wait_until("help is closed", PATIENCE, |screen| !screen.contains("go to a page"));
    terminal.press("7");
    terminal.wait_for("opt-out", PATIENCE);
    terminal.resize(20, 6);
    terminal.resize(80, 24);
    terminal.press("2");
    terminal.wait_for(COLLECTION, PATIENCE);
    terminal.press("q");
    assert_eq!(terminal.wait_for_end(PATIENCE), 0);
}

/// The process id of the local cloud's supervisor.
fn supervisor(project: &Project) -> u32 {
    let text = std::fs::read_to_string(project.path().join(".idvctl/local/supervisor.lock")).unwrap();
    text.trim().parse().unwrap()
}

fn kill(process: u32) {
    let status = std::process::Command::new("kill").args(["-9", &process.to_string()]).status().unwrap();
    assert!(status.success());
}

fn what_was_made_is_there_after_a_restart(project: &Project, variables: &[(String, String)]) {
    let before: Value = serde_json::from_str(&peers::script("stores.py", &[], variables)).unwrap();
    assert!(before["collections"][COLLECTION].as_u64().unwrap() > 0, "{before:#}");
    project.ok(&["local", "stop"]);
    project.ok(&["local", "start"]);
    let after: Value = serde_json::from_str(&peers::script("stores.py", &[], &project.variables())).unwrap();
    assert_eq!(before, after);
}

fn destroy_keeps_what_holds_faces(project: &Project, variables: &[(String, String)]) {
    project.run(&["destroy"]).expect_code(4, &["destroy"]);
    let said = project.ok(&["destroy", "--confirm", "local"]);
    assert!(said.contains(COLLECTION), "{said}");
    let stores: Value = serde_json::from_str(&peers::script("stores.py", &[], variables)).unwrap();
    assert!(stores["collections"][COLLECTION].as_u64().unwrap() > 0, "{stores:#}");
    assert_eq!(peers::script("stacks.py", &[], variables).trim(), "{}");
    // What was kept is taken over by the next deployment, faces and all.
    project.ok(&["up"]);
    let status = project.json(&["status"]);
    let demo = status["collections"].as_array().unwrap().iter().find(|collection| collection["id"] == COLLECTION);
    assert!(demo.unwrap()["faces"].as_u64().unwrap() > 0, "{status:#}");
}

fn purge_leaves_nothing(project: &Project) {
    project.ok(&["destroy", "--purge", "--confirm", "local"]);
    let stores: Value = serde_json::from_str(&peers::script("stores.py", &[], &project.variables())).unwrap();
    for kind in ["records", "objects", "collections"] {
        assert_eq!(stores[kind].as_object().unwrap().len(), 0, "{stores:#}");
    }
}
