//! A headless Chromium, spoken to through its debugging pipe.
//!
//! In: a page's address and scripts to run in it. Out: what the scripts answer, and screenshots.
//! Must not know: what is on the page.
//!
//! The pipe (`--remote-debugging-pipe`) carries the Chrome DevTools Protocol as JSON texts, each ended by a zero
//! byte, on the descriptors 3 and 4; a shell hands it our ends of the standard streams.

use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

/// A running browser with one page; it ends with the value.
pub(crate) struct Chromium {
    child: Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
    session: String,
    last_id: u64,
    _profile: tempfile::TempDir,
}

impl Chromium {
    /// Starts the browser; installs it first where that is possible and it is missing.
    pub(crate) fn start() -> Self {
        let profile = tempfile::tempdir().expect("a folder for the browser's profile");
        let mut child = Command::new("sh")
            .args(["-c", "exec \"$0\" \"$@\" 3<&0 4>&1 >/dev/null 2>&1"])
            .arg(program())
            .args([
                "--headless",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-quic",
                "--no-first-run",
            ])
            .args([
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
            ])
            .args([
                "--disable-dev-shm-usage",
                "--window-size=1400,900",
                "--remote-debugging-pipe",
            ])
            .arg(format!("--user-data-dir={}", profile.path().display()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a shell to start the browser");
        let to = child.stdin.take().expect("piped");
        let from = BufReader::new(child.stdout.take().expect("piped"));
        let mut browser = Chromium {
            child,
            to,
            from,
            session: String::new(),
            last_id: 0,
            _profile: profile,
        };
        let target = browser.call("Target.createTarget", json!({"url": "about:blank"}));
        let attached = browser.call(
            "Target.attachToTarget",
            json!({"targetId": target["targetId"], "flatten": true}),
        );
        browser.session = attached["sessionId"]
            .as_str()
            .expect("a session")
            .to_owned();
        browser
    }

    /// Opens an address.
    pub(crate) fn open(&mut self, url: &str) {
        self.call("Page.navigate", json!({"url": url}));
    }

    /// Runs an expression in the page until it answers something truthy, and answers that.
    ///
    /// # Panics
    /// After 60 seconds, with the text that the page shows.
    pub(crate) fn wait_for(&mut self, expression: &str) -> Value {
        let deadline = Instant::now() + Duration::from_secs(60);
        loop {
            let value = self.evaluate(expression);
            if !matches!(value, Value::Null | Value::Bool(false)) && value != json!("") {
                return value;
            }
            assert!(
                Instant::now() < deadline,
                "`{expression}` did not come true; the page shows:\n{}",
                self.evaluate("document.body.innerText")
            );
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    /// Runs an expression in the page and answers its value; null if it throws.
    pub(crate) fn evaluate(&mut self, expression: &str) -> Value {
        let answer = self.call(
            "Runtime.evaluate",
            json!({"expression": expression, "returnByValue": true, "awaitPromise": true}),
        );
        answer["result"]["value"].clone()
    }

    /// Writes a picture of the page.
    pub(crate) fn screenshot(&mut self, path: &Path) {
        use base64::Engine as _;
        let answer = self.call("Page.captureScreenshot", json!({"format": "png"}));
        let data = answer["data"].as_str().expect("a picture");
        let png = base64::engine::general_purpose::STANDARD
            .decode(data)
            .expect("base64");
        std::fs::write(path, png).expect("the screenshot is written");
    }

    fn call(&mut self, method: &str, params: Value) -> Value {
        self.last_id += 1;
        let mut request = json!({"id": self.last_id, "method": method, "params": params});
        if !self.session.is_empty() {
            request["sessionId"] = json!(self.session);
        }
        write!(self.to, "{request}\0").expect("the browser reads");
        loop {
            let mut text = Vec::new();
            let read = self
                .from
                .read_until(0, &mut text)
                .expect("the browser answers");
            assert!(read > 0, "the browser ended while `{method}` was under way");
            text.pop();
            let message: Value = serde_json::from_slice(&text).expect("the protocol is JSON");
            if message["id"] == json!(self.last_id) {
                assert!(message["error"].is_null(), "{method}: {}", message["error"]);
                return message["result"].clone();
            }
        }
    }
}

impl Drop for Chromium {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The browser's program: `CHROMIUM`, or one on the path, or Debian's package installed now.
fn program() -> PathBuf {
    if let Some(path) = std::env::var_os("CHROMIUM") {
        return path.into();
    }
    find().unwrap_or_else(|| {
        eprintln!("no Chromium here: installing Debian's package `chromium`");
        let installed = Command::new("sh")
            .args(["-c", "apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium >&2"])
            .status();
        assert!(
            installed.is_ok_and(|status| status.success()),
            "this test needs Chromium: install it, or name the program in CHROMIUM"
        );
        find().expect("the package brings the program")
    })
}

fn find() -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .flat_map(|dir| {
            ["chromium", "chromium-browser", "google-chrome"].map(|name| dir.join(name))
        })
        .find(|program| program.is_file())
}
