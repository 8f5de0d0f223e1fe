//! What the Lambda program costs: its size, its start, its memory, and the time that it adds to Rekognition's own in a
//! comparison of two pictures of about 100 KB.
//!
//! `cargo bench --bench handler --features lambda` builds the program as a deployment does, plays Lambda's Runtime API
//! and Rekognition to it on this machine, and prints every figure beside its budget. Nothing is asserted, since a busy
//! machine is no defect. `IDVCTL_HANDLER` names another program to be measured.

use std::error::Error;
use std::io::{self, BufRead, BufReader, Cursor, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use idvctl::config::Config;
use idvctl::deploy::{Package, Runtime, Search};
use idvctl::local::portrait::Portrait;
use idvctl::model::{Environment, HandlerSettings};
use serde_json::json;

/// Fresh processes that are started for the figure of a cold start.
const STARTS: usize = 20;
/// Comparisons of one process, of which the first ones warm it up.
const COMPARISONS: usize = 1_000;
/// Comparisons after which the memory is read.
const SETTLED: usize = 100;
/// Least bytes of a picture.
const PICTURE_BYTES: usize = 100_000;
/// Longest wait for one answer.
const PATIENCE: Duration = Duration::from_secs(20);

/// What Rekognition answers to CompareFaces, at once.
const COMPARED: &str = r#"{"SourceImageFace":{"BoundingBox":{"Width":0.4,"Height":0.5,"Left":0.3,"Top":0.2},
    "Confidence":99.9},"FaceMatches":[{"Similarity":98.7,"Face":{"BoundingBox":{"Width":0.4,"Height":0.5,"Left":0.3,
    "Top":0.2},"Confidence":99.8,"Pose":{"Roll":0.1,"Yaw":0.2,"Pitch":0.3},"Quality":{"Brightness":80.0,
    "Sharpness":90.0}}}],"UnmatchedFaces":[]}"#;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::temp_dir().join(format!("idvctl-bench-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let program = folder.join("bootstrap");
    let archive = package()?.archive()?;
    let size = unpack(&archive, &program)?;
    figure("program", &megabytes(size), "");
    figure("archive", &megabytes(archive.len()), "budget 2.50 MB");

    let stage = Stage::new(program)?;
    let mut starts = Vec::new();
    for _ in 0..STARTS {
        starts.push(stage.play(1, |_| Ok(()))?.start);
    }
    figure("cold start, median", &milliseconds(percentile(&mut starts, 50)), "budget 45 ms");
    figure("cold start, slowest", &milliseconds(percentile(&mut starts, 100)), "");

    let mut memory = String::new();
    let mut run = stage.play(COMPARISONS, |process| {
        memory = std::fs::read_to_string(format!("/proc/{process}/status"))?;
        Ok(())
    })?;
    figure("memory, resident", &kilobytes(&memory, "VmRSS")?, "budget 12 MB");
    figure("memory, peak", &kilobytes(&memory, "VmHWM")?, "");
    let times = &mut run.comparisons[SETTLED..];
    figure("comparison, p50", &milliseconds(percentile(times, 50)), "budget 2 ms beside Rekognition");
    figure("comparison, p99", &milliseconds(percentile(times, 99)), "");
    // The folder is the bench's own; leaving it behind would hurt nobody.
    drop(std::fs::remove_dir_all(&folder));
    Ok(())
}

/// The program as a deployment finds or builds it.
fn package() -> Result<Package, Box<dyn Error>> {
    let search = Search {
        named: std::env::var_os("IDVCTL_HANDLER").map(PathBuf::from),
        program: std::env::current_exe()?,
        manifest_folder: Some(env!("CARGO_MANIFEST_DIR").into()),
    };
    Ok(Package::make(&search, Runtime::ThisMachine, &mut |line| eprintln!("{line}"))?)
}

/// Does what Lambda does with the archive; gives the program's size.
fn unpack(archive: &[u8], program: &Path) -> Result<usize, Box<dyn Error>> {
    let mut bytes = Vec::new();
    zip::ZipArchive::new(Cursor::new(archive))?.by_name("bootstrap")?.read_to_end(&mut bytes)?;
    std::fs::write(program, &bytes)?;
    std::fs::set_permissions(program, std::fs::Permissions::from_mode(0o755))?;
    Ok(bytes.len())
}

/// Everything around the program: the environment that it is started in and the event that it is sent.
struct Stage {
    program: PathBuf,
    settings: String,
    event: Arc<Vec<u8>>,
}

/// What one process did.
struct Run {
    /// From its start to its first answer.
    start: Duration,
    /// Each comparison, without the time that Rekognition took.
    comparisons: Vec<Duration>,
}

impl Stage {
    fn new(program: PathBuf) -> Result<Self, Box<dyn Error>> {
        let environment: Environment = Config::built_in()?.environment("local")?;
        let tenant = environment.tenants.iter().find(|(_, tenant)| tenant.enabled).ok_or("no enabled tenant")?.0;
        let body = json!({ "source_image": picture("ada")?, "target_image": picture("bob")? });
        let event = json!({
            "resource": "/kyc/facematch/verify",
            "path": "/kyc/facematch/verify",
            "httpMethod": "POST",
            "headers": { "Content-Type": "application/json" },
            "requestContext": {
                "requestId": "c6af9ac6-7b61-11e6-9a41-93e8deadbeef",
                "authorizer": { "tenant": tenant, "scope": "kyc:read" },
            },
            "body": body.to_string(),
            "isBase64Encoded": false,
        });
        let settings = serde_json::to_string(&HandlerSettings::from(&environment))?;
        Ok(Self { program, settings, event: Arc::new(event.to_string().into_bytes()) })
    }

    /// Starts a process and sends it `rounds` events; `settled` is called with its id after some of them.
    fn play(&self, rounds: usize, mut settled: impl FnMut(u32) -> io::Result<()>) -> Result<Run, Box<dyn Error>> {
        let elsewhere = Arc::new(AtomicU64::new(0));
        let rekognition = listen({
            let elsewhere = Arc::clone(&elsewhere);
            move |stream| answer_comparisons(stream, &elsewhere)
        })?;
        let (events, next) = mpsc::channel::<Arc<Vec<u8>>>();
        let (tell, answers) = mpsc::channel();
        let next = Arc::new(Mutex::new(next));
        let runtime = listen(move |stream| serve_runtime(stream, &next, &tell))?;

        let start = Instant::now();
        let process = Process(self.start(runtime, rekognition)?);
        let mut run = Run { start: Duration::ZERO, comparisons: Vec::with_capacity(rounds) };
        for round in 0..rounds {
            events.send(Arc::clone(&self.event))?;
            let Exchange { sent, answered } = answers.recv_timeout(PATIENCE)?;
            if round == 0 {
                run.start = answered - start;
            }
            let rekognition = Duration::from_nanos(elsewhere.swap(0, Ordering::Relaxed));
            run.comparisons.push((answered - sent).saturating_sub(rekognition));
            if round + 1 == SETTLED.min(rounds) {
                settled(process.0.id())?;
            }
        }
        Ok(run)
    }

    fn start(&self, runtime: SocketAddr, rekognition: SocketAddr) -> io::Result<Child> {
        Command::new(&self.program)
            .env_clear()
            .env("AWS_LAMBDA_RUNTIME_API", runtime.to_string())
            .env("AWS_LAMBDA_FUNCTION_NAME", "idv-local-api")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "512")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "$LATEST")
            .env("AWS_REGION", "us-east-1")
            .env("AWS_ACCESS_KEY_ID", "000000000000")
            .env("AWS_SECRET_ACCESS_KEY", "bench")
            .env("AWS_ENDPOINT_URL", format!("http://{rekognition}"))
            .env("AWS_ENDPOINT_URL_REKOGNITION", format!("http://{rekognition}"))
            .env("IDV_FUNCTION", "api")
            .env("IDV_SETTINGS", &self.settings)
            .env("IDV_FACES_TABLE", "idv-local-faces")
            .env("IDV_IMAGE_BUCKET", "idv-local-images")
            .env("IDV_ISSUER", "http://127.0.0.1/oidc")
            .env("IDV_AUDIENCE", "idv-api")
            .env("IDV_TENANT_CLAIM", "tenant")
            .stdout(Stdio::null())
            .spawn()
    }
}

/// A process that ends with its stage.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself.
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

/// One event with its answer.
struct Exchange {
    sent: Instant,
    answered: Instant,
}

/// Lambda's Runtime API on one connection: events out, answers in.
fn serve_runtime(mut stream: TcpStream, next: &Mutex<Receiver<Arc<Vec<u8>>>>, tell: &Sender<Exchange>) -> Option<()> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let mut sent = Instant::now();
    loop {
        let request = Request::read(&mut reader)?;
        if request.line.starts_with("GET ") {
            let event = next.lock().ok()?.recv().ok()?;
            let deadline = SystemTime::now().duration_since(UNIX_EPOCH).ok()? + PATIENCE;
            let head = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\nLambda-Runtime-Deadline-Ms: \
                 {}\r\nLambda-Runtime-Aws-Request-Id: 8476a536-e9f4-11e8-9739-2dfe598c3fcd\r\n\
                 Lambda-Runtime-Invoked-Function-Arn: arn:aws:lambda:us-east-1:000000000000:function:idv-local-api\r\n\r\n",
                event.len(),
                deadline.as_millis()
            );
            sent = Instant::now();
            stream.write_all(head.as_bytes()).ok()?;
            stream.write_all(&event).ok()?;
        } else {
            let answered = Instant::now();
            if !request.body.windows(8).any(|part| part == b"is_match") {
                eprintln!("unexpected answer: {} {}", request.line, String::from_utf8_lossy(&request.body));
                return None;
            }
            stream.write_all(b"HTTP/1.1 202 Accepted\r\nContent-Length: 0\r\n\r\n").ok()?;
            tell.send(Exchange { sent, answered }).ok()?;
        }
    }
}

/// Rekognition on one connection. What passes between a whole request and its answer is counted as its own time.
fn answer_comparisons(mut stream: TcpStream, nanoseconds: &AtomicU64) -> Option<()> {
    let mut reader = BufReader::with_capacity(64 * 1024, stream.try_clone().ok()?);
    loop {
        Request::read(&mut reader)?;
        let asked = Instant::now();
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.1\r\nContent-Length";
        stream.write_all(format!("{head}: {}\r\n\r\n{COMPARED}", COMPARED.len()).as_bytes()).ok()?;
        nanoseconds.fetch_add(u64::try_from(asked.elapsed().as_nanos()).ok()?, Ordering::Relaxed);
    }
}

/// Serves every connection to a free port of this machine in a thread of its own, until the connection ends.
fn listen(serve: impl Fn(TcpStream) -> Option<()> + Send + Sync + 'static) -> io::Result<SocketAddr> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = listener.local_addr()?;
    let serve = Arc::new(serve);
    thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let serve = Arc::clone(&serve);
            thread::spawn(move || {
                stream.set_nodelay(true).ok()?;
                serve(stream)
            });
        }
    });
    Ok(address)
}

/// As much of an HTTP request as is looked at.
struct Request {
    line: String,
    body: Vec<u8>,
}

impl Request {
    fn read(reader: &mut impl BufRead) -> Option<Self> {
        let line = Self::line(reader)?;
        let mut length = 0;
        loop {
            let header = Self::line(reader)?.to_ascii_lowercase();
            if header.is_empty() {
                break;
            }
            if let Some(value) = header.strip_prefix("content-length:") {
                length = value.trim().parse().ok()?;
            }
        }
        let mut body = vec![0; length];
        reader.read_exact(&mut body).ok()?;
        Some(Self { line, body })
    }

    fn line(reader: &mut impl BufRead) -> Option<String> {
        let mut line = String::new();
        let bytes = reader.read_line(&mut line).ok()?;
        (bytes > 0).then(|| line.trim_end().to_owned())
    }
}

/// The smallest portrait of somebody with enough bytes, as base64.
fn picture(person: &str) -> Result<String, Box<dyn Error>> {
    for pixels in (400..=2_000).step_by(40) {
        let png = Portrait::new(person).size(pixels).png()?;
        if png.len() >= PICTURE_BYTES {
            return Ok(STANDARD.encode(png));
        }
    }
    Err(format!("no portrait has {PICTURE_BYTES} bytes").into())
}

fn percentile(times: &mut [Duration], percent: usize) -> Duration {
    times.sort_unstable();
    times[(times.len() * percent / 100).min(times.len() - 1)]
}

/// A line of `/proc/PID/status`.
fn kilobytes(status: &str, name: &str) -> Result<String, Box<dyn Error>> {
    let line = status.lines().find_map(|line| line.strip_prefix(name)).ok_or("no such line in /proc/PID/status")?;
    let digits: String = line.chars().filter(char::is_ascii_digit).collect();
    Ok(megabytes(digits.parse::<usize>()? * 1024))
}

fn megabytes(bytes: usize) -> String {
    format!("{:.2} MB", bytes as f64 / 1e6)
}

fn milliseconds(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1e3)
}

fn figure(name: &str, value: &str, budget: &str) {
    println!("{name:<20} {value:>10}   {budget}");
}
