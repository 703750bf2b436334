//! The real binary, a node that the test itself plays, and a page's WebSocket.

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::handshake::client::Request;
use tokio_tungstenite::tungstenite::http::HeaderValue;

/// Regtest's, as Bitcoin Core's chainparams have it.
pub const MAGIC: [u8; 4] = [0xfa, 0xbf, 0xb5, 0xda];

/// A site of one page.
pub fn site() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/web/site")
}

/// The binary, at work until it is dropped.
pub struct Farthing {
    child: Child,
    pub address: SocketAddr,
    /// Its data, gone when it is.
    _data: TempDir,
}

impl Farthing {
    pub fn start(args: &[&str]) -> Self {
        let data = tempfile::tempdir().unwrap();
        let mut child = Command::new(env!("CARGO_BIN_EXE_farthing"))
            .args([
                "--listen",
                "127.0.0.1:0",
                "--p2p",
                "none",
                "--stratum",
                "none",
                "--network",
                "practice:web",
            ])
            .arg("--data")
            .arg(data.path())
            .arg("--site")
            .arg(site())
            .args(args)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap())
            .read_line(&mut line)
            .unwrap();
        let address = line
            .trim()
            .strip_prefix("Farthing is at http://")
            .and_then(|rest| rest.strip_suffix('/'))
            .and_then(|address| address.parse().ok())
            .unwrap_or_else(|| panic!("expected the site's address, found {line:?}"));
        Self {
            child,
            address,
            _data: data,
        }
    }

    /// The request of a page of this site for a bridge to a node.
    pub fn request(&self, node: &str) -> Request {
        self.page(&format!("bridge/{node}"))
    }

    /// The request of a page of this site for a WebSocket.
    pub fn page(&self, path: &str) -> Request {
        let url = format!("ws://{}/{path}", self.address);
        let mut request = url.into_client_request().unwrap();
        let origin = format!("http://{}", self.address);
        set(&mut request, "origin", &origin);
        request
    }

    pub async fn open(&self, request: Request) -> Result<WebSocketStream<TcpStream>, u16> {
        use tokio_tungstenite::tungstenite::Error;
        let stream = TcpStream::connect(self.address).await.unwrap();
        match tokio_tungstenite::client_async(request, stream).await {
            Ok((socket, _)) => Ok(socket),
            Err(Error::Http(response)) => Err(response.status().as_u16()),
            Err(error) => panic!("expected a WebSocket or a refusal, found {error}"),
        }
    }

    /// A plain request, and all of its answer.
    pub async fn ask(&self, lines: &str) -> String {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let request = format!("{lines}\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// Asks it to end, and gives how it did.
    #[cfg(unix)]
    pub fn interrupt(mut self) -> Option<i32> {
        let pid = self.child.id().to_string();
        Command::new("kill").args(["-INT", &pid]).status().unwrap();
        self.child.wait().unwrap().code()
    }
}

impl Drop for Farthing {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

pub fn set(request: &mut Request, name: &'static str, value: &str) {
    let value = HeaderValue::from_str(value).unwrap();
    request.headers_mut().insert(name, value);
}

/// Starts it where it cannot start, and gives what it says.
pub fn fails(args: &[&str]) -> String {
    let data = tempfile::tempdir().unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_farthing"))
        .args(args)
        .args(["--p2p", "none", "--stratum", "none", "--data"])
        .arg(data.path())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = String::new();
    let mut stderr = child.stderr.take().unwrap();
    stderr.read_to_string(&mut said).unwrap();
    assert!(!child.wait().unwrap().success(), "{said}");
    said
}

/// A node's port: the test says what the node says.
pub struct Node {
    listener: TcpListener,
    pub address: String,
}

impl Node {
    pub async fn listen() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap().to_string();
        Self { listener, address }
    }

    /// What to start the binary with.
    pub fn option(&self) -> String {
        format!("regtest@{}", self.address)
    }

    pub async fn accept(&self) -> TcpStream {
        soon(self.listener.accept()).await.unwrap().0
    }
}

/// The test fails rather than waits for ever.
pub async fn soon<T>(future: impl Future<Output = T>) -> T {
    tokio::time::timeout(Duration::from_secs(20), future)
        .await
        .expect("it happens in time")
}
