//! How long rendering and checking everything takes: `cargo bench --bench check`.

use std::time::{Duration, Instant};

use idvctl::config::Config;
use idvctl::policy::{Rules, check};
use idvctl::template::{Sources, render};

const RUNS: usize = 50;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let environment = Config::built_in()?.environment("local")?;
    let mut rendering = Vec::with_capacity(RUNS);
    let mut checking = Vec::with_capacity(RUNS);
    for _ in 0..RUNS {
        let start = Instant::now();
        let stacks = render(&environment, &Sources::built_in())?;
        rendering.push(start.elapsed());
        let start = Instant::now();
        check(&environment, &stacks, &Rules::built_in())?;
        checking.push(start.elapsed());
    }
    report("render", rendering);
    report("check", checking);
    Ok(())
}

/// The first run is what a command feels, the median what the machine can do.
fn report(what: &str, mut times: Vec<Duration>) {
    let first = times[0];
    times.sort();
    println!("{what}: first {first:?}, median {:?}", times[times.len() / 2]);
}
