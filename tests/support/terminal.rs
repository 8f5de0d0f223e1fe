//! A real terminal: the program runs on a pseudo-terminal, and what it draws is read off an emulated screen.

use std::io::{Read, Write};
use std::num::NonZero;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

/// A program on a terminal.
pub struct Terminal {
    screen: Arc<Mutex<vt100::Parser>>,
    keyboard: Box<dyn Write + Send>,
    program: Box<dyn Child + Send + Sync>,
    line: Box<dyn MasterPty + Send>,
}

impl Terminal {
    /// Starts a command on a terminal of that size.
    pub fn start(command: &Command, columns: u16, rows: u16) -> Self {
        let size = PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 };
        let pair = native_pty_system().openpty(size).expect("a pseudo-terminal");
        let mut builder = CommandBuilder::new(command.get_program());
        builder.args(command.get_args());
        if let Some(folder) = command.get_current_dir() {
            builder.cwd(folder);
        }
        for (name, value) in command.get_envs() {
            match value {
                Some(value) => builder.env(name, value),
                None => builder.env_remove(name),
            }
        }
        builder.env("TERM", "xterm-256color");
        let program = pair.slave.spawn_command(builder).expect("the program starts");
        let screen = Arc::new(Mutex::new(vt100::Parser::new(cells(rows), cells(columns), 0)));
        let mut output = pair.master.try_clone_reader().expect("the terminal's output");
        let drawn = Arc::clone(&screen);
        std::thread::spawn(move || {
            let mut buffer = [0; 8_192];
            while let Ok(length @ 1..) = output.read(&mut buffer) {
                drawn.lock().expect("the screen").process(&buffer[..length]);
            }
        });
        let keyboard = pair.master.take_writer().expect("the terminal's input");
        Self { screen, keyboard, program, line: pair.master }
    }

    /// Types.
    pub fn press(&mut self, keys: &str) {
        self.keyboard.write_all(keys.as_bytes()).and_then(|()| self.keyboard.flush()).expect("a key press");
    }

    /// Changes the window's size.
    pub fn resize(&mut self, columns: u16, rows: u16) {
        self.screen.lock().expect("the screen").screen_mut().set_size(cells(rows), cells(columns));
        let size = PtySize { rows, cols: columns, pixel_width: 0, pixel_height: 0 };
        self.line.resize(size).expect("a new size");
    }

    /// What the screen shows now.
    pub fn text(&self) -> String {
        self.screen.lock().expect("the screen").screen().contents()
    }

    /// Waits until the screen shows something; fails with the screen when it does not come.
    pub fn wait_for(&self, what: &str, patience: Duration) -> String {
        self.wait_until(what, patience, |screen| screen.contains(what))
    }

    /// Waits until the screen is as wanted; fails with the screen when it does not become so.
    pub fn wait_until(&self, what: &str, patience: Duration, wanted: impl Fn(&str) -> bool) -> String {
        let deadline = Instant::now() + patience;
        loop {
            let screen = self.text();
            if wanted(&screen) {
                return screen;
            }
            assert!(Instant::now() < deadline, "no `{what}` within {patience:?} on this screen:\n{screen}");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Waits for the program to end and returns its exit code.
    pub fn wait_for_end(&mut self, patience: Duration) -> u32 {
        let deadline = Instant::now() + patience;
        loop {
            if let Some(status) = self.program.try_wait().expect("the program's state") {
                return status.exit_code();
            }
            assert!(Instant::now() < deadline, "the program did not end within {patience:?}:\n{}", self.text());
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // The program may have ended already; nothing of it may stay behind.
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

fn cells(count: u16) -> NonZero<u16> {
    NonZero::new(count).expect("a terminal with cells")
}
