//! The real binary with data of its own, and its miner.

use farthing_core::consensus::script_of_key;
use farthing_core::keys::SecretKey;
use farthing_core::params::NetworkParams;
use serde_json::Value;
use std::fs::File;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// A test mines as fast as blocks can be kept.
pub use crate::made::NETWORK;
/// Long enough for a machine that is busy with other things.
pub const PATIENT: Duration = Duration::from_secs(60);

pub fn binary() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_farthing"));
    command.stdin(Stdio::null());
    command
}

/// A site of one page.
fn site() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/web/site")
}

/// An address that nobody listens at now, and that no other test of this process is given. Its port
/// is below those that systems give to outgoing connections (Linux begins at 32768), so that none of
/// them can take it before the program it is meant for listens.
pub fn free_address() -> SocketAddr {
    static GIVEN: AtomicU32 = AtomicU32::new(0);
    const PORTS: Range<u32> = 10_000..32_000;
    let first = std::process::id().wrapping_mul(131);
    loop {
        let offset = first.wrapping_add(GIVEN.fetch_add(1, Ordering::Relaxed)) % PORTS.len() as u32;
        let port = u16::try_from(PORTS.start + offset).unwrap();
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        if TcpListener::bind(address).is_ok() {
            return address;
        }
    }
}

/// An address of the test's network.
pub fn address() -> String {
    let params = NetworkParams::by_name(NETWORK).unwrap();
    let script = script_of_key(&SecretKey::from_seed(&[7; 32]).public());
    params.address_from_script(&script).unwrap()
}

/// A node. It is killed when it is dropped.
pub struct Farthing {
    command: Vec<String>,
    child: Option<Child>,
    pub site: SocketAddr,
    pub p2p: SocketAddr,
    pub data: PathBuf,
    /// A file, if it is to be read.
    pub log: PathBuf,
}

impl Farthing {
    pub fn start(data: &Path, args: &[&str]) -> Self {
        let mut node = Self::new(data, args);
        node.restart();
        node
    }

    /// Started without a word on where miners may connect.
    pub fn start_with_usual_ports(data: &Path) -> Self {
        let mut node = Self::new(data, &[]);
        node.command
            .retain(|arg| arg != "--stratum" && arg != "none");
        node.restart();
        node
    }

    /// What [`Self::restart`] starts.
    pub fn new(data: &Path, args: &[&str]) -> Self {
        let (site_at, p2p) = (free_address(), free_address());
        let mut command = vec![
            "--network".to_owned(),
            NETWORK.to_owned(),
            "--data".to_owned(),
            data.display().to_string(),
            "--site".to_owned(),
            site().display().to_string(),
            "--listen".to_owned(),
            site_at.to_string(),
            "--p2p".to_owned(),
            p2p.to_string(),
        ];
        command.extend(args.iter().map(|arg| (*arg).to_owned()));
        // Nodes of several tests run at a time: none has the usual port.
        if !args.contains(&"--stratum") {
            command.extend(["--stratum".to_owned(), "none".to_owned()]);
        }
        let log = data.with_extension("log");
        Self {
            command,
            child: None,
            site: site_at,
            p2p,
            data: data.to_owned(),
            log,
        }
    }

    /// On the same ports, with the same data.
    pub fn restart(&mut self) {
        self.spawn();
        self.ready();
    }

    /// The same, and waits for nothing.
    pub fn spawn(&mut self) {
        let log = File::options()
            .create(true)
            .append(true)
            .open(&self.log)
            .unwrap();
        let child = binary()
            .args(&self.command)
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn();
        self.child = Some(child.unwrap());
    }

    /// Waits until it says where it is.
    pub fn ready(&mut self) {
        if let Err(said) = self.try_ready() {
            panic!("expected it to start: {said}");
        }
    }

    /// The same; what it said where it ended instead.
    pub fn try_ready(&mut self) -> Result<(), String> {
        let child = self.child.as_mut().unwrap();
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        out.read_line(&mut line).unwrap();
        if !line.starts_with("Farthing is at ") {
            child.wait().unwrap();
            return Err(format!("{line}{}", self.said()));
        }
        std::thread::spawn(move || std::io::copy(&mut out, &mut std::io::sink()));
        Ok(())
    }

    /// The end of its log.
    pub fn said(&self) -> String {
        if !self.log.is_file() {
            return "nothing that can be read".to_owned();
        }
        let all = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = all.lines().collect();
        lines[lines.len().saturating_sub(20)..].join("\n")
    }

    /// kill -9.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// Asks it to end, and gives how it did.
    pub fn interrupt(&mut self) -> Option<i32> {
        let mut child = self.child.take().unwrap();
        let pid = child.id().to_string();
        Command::new("kill").args(["-INT", &pid]).status().unwrap();
        child.wait().unwrap().code()
    }

    /// Waits until it ends by itself, and gives how it did.
    pub fn ended(&mut self) -> Option<i32> {
        let mut child = self.child.take().unwrap();
        let since = Instant::now();
        loop {
            if let Some(status) = child.try_wait().unwrap() {
                return status.code();
            }
            if since.elapsed() > PATIENT {
                child.kill().unwrap();
                child.wait().unwrap();
                panic!("expected it to end by itself: {}", self.said());
            }
            sleep(Duration::from_millis(20));
        }
    }

    pub fn ask(&self, request: &str, body: &str) -> (u16, String) {
        ask(self.site, request, body).unwrap()
    }

    pub fn health(&self) -> Value {
        let (code, body) = self.ask("GET /health", "");
        assert_eq!(code, 200, "{body}");
        serde_json::from_str(&body).unwrap()
    }

    pub fn height(&self) -> u64 {
        self.health()["height"].as_u64().unwrap()
    }

    pub fn tip(&self) -> String {
        self.health()["tip"].as_str().unwrap().to_owned()
    }

    /// Mines so many blocks here.
    pub fn mine(&self, blocks: u32) {
        let output = self
            .miner()
            .args(["--blocks", &blocks.to_string()])
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        assert!(
            output.status.success(),
            "{said}{}",
            String::from_utf8_lossy(&output.stderr)
        );
        assert_eq!(
            said.lines()
                .filter(|line| line.starts_with("block "))
                .count(),
            blocks as usize,
            "{said}"
        );
    }

    /// The miner that works here.
    pub fn miner(&self) -> Command {
        let mut command = binary();
        let node = format!("http://{}", self.site);
        command.args([
            "mine",
            "--to",
            &address(),
            "--threads",
            "1",
            "--node",
            &node,
        ]);
        command
    }
}

impl Drop for Farthing {
    fn drop(&mut self) {
        self.kill();
        std::fs::remove_file(&self.log).ok();
    }
}

/// A child that is killed when it is dropped.
pub struct Running(pub Child);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.kill().ok();
        self.0.wait().ok();
    }
}

/// A request, and the answer's code and body.
pub fn ask(to: SocketAddr, request: &str, body: &str) -> std::io::Result<(u16, String)> {
    let mut stream = TcpStream::connect(to)?;
    stream.set_read_timeout(Some(PATIENT))?;
    let length = body.len();
    let head = format!(
        "{request} HTTP/1.1\r\nHost: {to}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}"
    );
    stream.write_all(head.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or_default();
    let code = head
        .get(9..12)
        .and_then(|code| code.parse().ok())
        .unwrap_or_default();
    Ok((code, body.to_owned()))
}

/// Waits until it is so.
pub fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let since = Instant::now();
    while !is_so() {
        assert!(since.elapsed() < PATIENT, "expected in time: {what}");
        sleep(Duration::from_millis(50));
    }
}

/// Runs a command that ends by itself. What it says fits into a pipe.
pub fn run(args: &[&str]) -> Output {
    let mut command = binary();
    command.args(args).stdout(Stdio::piped());
    let mut running = Running(command.stderr(Stdio::piped()).spawn().unwrap());
    let child = &mut running.0;
    let since = Instant::now();
    let status = loop {
        match child.try_wait().unwrap() {
            Some(status) => break status,
            None => sleep(Duration::from_millis(5)),
        }
        assert!(
            since.elapsed() < 2 * PATIENT,
            "expected {args:?} to end by itself"
        );
    };
    let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
    let (out, err) = (child.stdout.take(), child.stderr.take());
    out.unwrap().read_to_end(&mut stdout).unwrap();
    err.unwrap().read_to_end(&mut stderr).unwrap();
    Output {
        status,
        stdout,
        stderr,
    }
}

/// The facts that `verify` or `rebuild` prints of a directory.
pub fn facts(command: &str, data: &Path) -> Value {
    let output = run(&[command, "--json", "--data", data.to_str().unwrap()]);
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        output.status.success(),
        "{command}: {said}{}",
        String::from_utf8_lossy(&output.stderr)
    );
    serde_json::from_str(&said).unwrap()
}

/// A copy of a directory that nobody writes to.
pub fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}
