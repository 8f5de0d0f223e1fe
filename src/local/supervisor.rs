//! The background process of the local cloud: starts the parts in order, keeps them, and ends them in order.

use std::net::TcpListener as StdListener;
use std::sync::Arc;

use tokio::net::TcpListener;
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::announcement::Announcement;
use super::emulator::{Emulator, Process};
use super::folder::create_folder;
use super::images::BucketImages;
use super::lock::Lock;
use super::settings::Settings;
use super::simulator::{Simulator, SimulatorConfig};
use super::{Folder, LocalError, issuer, log, observer, plugin, ports, python, simulator};
use crate::aws::Cloud;
use crate::model::LocalCloud;

/// Leaves the terminal that this process was started from, so that closing it or Ctrl-C there ends nothing here. A
/// process that leads its group was started by hand in a shell and stays where it is.
pub fn leave_terminal() {
    if rustix::process::setsid().is_err() {
        log::say("started by hand: ends with the terminal");
    }
}

/// Runs the local cloud of a folder until it is asked to end (SIGTERM or SIGINT).
///
/// # Errors
/// [`LocalError`] when another process runs it already, or a part does not start.
pub async fn serve(folder: &Folder) -> Result<(), LocalError> {
    let folder = folder.create()?;
    let mut ends = Ends::listen()?;
    let Some(_lock) = Lock::try_take(&folder.lock())? else {
        return Err(LocalError::new(
            format!("the local cloud of {} runs already", folder.path().display()),
            "use it, or end it with `idvctl local stop`",
        ));
    };
    Announcement::withdraw(&folder)?;
    let mut settings = Settings::load(&folder)?;
    let (listener, simulator_port) = ports::listen(settings.simulator_port)?;
    let emulator_port = ports::free(settings.emulator_port)?;
    settings.simulator_port = Some(simulator_port);
    settings.emulator_port = Some(emulator_port);
    settings.save(&folder)?;
    let cloud = settings.cloud(emulator_port, simulator_port)?;
    let way = Cloud::local(&cloud).await;

    let (reporter, calls) = observer::channel(&way);
    let server = Server::start(&folder, listener, &cloud, &way, reporter)?;
    let script = plugin::write(&folder)?;
    let python = python::ensure(&folder, &|line| log::say(line))?;
    let emulator = Emulator::new(&folder, python, script, cloud.clone(), emulator_port);
    let mut process = tokio::select! {
        started = emulator.start() => started?,
        name = ends.next() => return ended_early(server, name).await,
    };

    Announcement { process: std::process::id(), cloud: cloud.clone() }.publish(&folder)?;
    log::say(&format!("ready: {} (Rekognition: {})", cloud.endpoint, cloud.rekognition_endpoint));
    let outcome = watch(&emulator, &mut process, Box::pin(observer::run(way, calls)), &mut ends).await;

    Announcement::withdraw(&folder)?;
    // The emulator first: its functions may still call the simulator.
    emulator.end(process).await;
    server.end().await?;
    log::say("ended");
    outcome
}

async fn ended_early(server: Server, signal: &str) -> Result<(), LocalError> {
    log::say(&format!("{signal} while starting"));
    server.end().await
}

async fn watch(
    emulator: &Emulator,
    process: &mut Process,
    observer: impl Future<Output = ()>,
    ends: &mut Ends,
) -> Result<(), LocalError> {
    tokio::select! {
        error = emulator.keep(process) => Err(error),
        () = observer => Ok(()),
        name = ends.next() => {
            log::say(&format!("{name}: ending"));
            Ok(())
        }
    }
}

/// The signals that end the local cloud.
struct Ends {
    term: Signal,
    interrupt: Signal,
}

impl Ends {
    fn listen() -> Result<Self, LocalError> {
        let listen = |kind| {
            signal(kind)
                .map_err(|error| LocalError::new(format!("signals cannot be received: {error}"), "run it again"))
        };
        Ok(Self { term: listen(SignalKind::terminate())?, interrupt: listen(SignalKind::interrupt())? })
    }

    async fn next(&mut self) -> &'static str {
        tokio::select! {
            _ = self.term.recv() => "SIGTERM",
            _ = self.interrupt.recv() => "SIGINT",
        }
    }
}

/// The Rekognition simulator and the token issuer, behind one port.
struct Server {
    stop: oneshot::Sender<()>,
    task: JoinHandle<std::io::Result<()>>,
}

impl Server {
    fn start(
        folder: &Folder,
        listener: StdListener,
        cloud: &LocalCloud,
        way: &Cloud,
        reporter: observer::Reporter,
    ) -> Result<Self, LocalError> {
        let state_folder = folder.simulator();
        create_folder(&state_folder)?;
        let simulator = Simulator::open(SimulatorConfig {
            state_folder: state_folder.clone(),
            region: cloud.region.clone(),
            account: cloud.account.clone(),
            images: Arc::new(BucketImages(way.clone())),
            observer: Arc::new(reporter),
        })
        .map_err(|error| {
            LocalError::new(
                format!("the Rekognition simulator cannot open {}: {error}", state_folder.display()),
                "free the disk, or begin anew with `idvctl local reset`",
            )
        })?;
        let router = simulator::router(simulator).merge(issuer::router(folder, &issuer::url(cloud))?);
        let listener = listener.set_nonblocking(true).and_then(|()| TcpListener::from_std(listener));
        let listener = listener.map_err(|error| {
            LocalError::new(format!("{} cannot be served: {error}", cloud.rekognition_endpoint), "start it again")
        })?;
        let (stop, stopped) = oneshot::channel::<()>();
        let task = tokio::spawn(async move {
            axum::serve(listener, router)
                .with_graceful_shutdown(async move {
                    // An error means that the sender is gone, which ends the server as well.
                    drop(stopped.await);
                })
                .await
        });
        Ok(Self { stop, task })
    }

    async fn end(self) -> Result<(), LocalError> {
        // The receiver may have ended already; then there is nobody to tell.
        let _ = self.stop.send(());
        let grace = std::time::Duration::from_secs(3);
        match tokio::time::timeout(grace, self.task).await {
            Ok(Ok(Err(error))) => {
                Err(LocalError::new(format!("the simulator's server failed: {error}"), "start it again"))
            }
            Ok(Err(error)) => Err(LocalError::new(format!("the simulator's server broke: {error}"), "start it again")),
            // Connections that clients keep open end with the process.
            Ok(Ok(Ok(()))) | Err(_) => Ok(()),
        }
    }
}
