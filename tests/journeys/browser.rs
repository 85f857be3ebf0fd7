//! One browser window: what a journey can do with it, in the journeys' own words.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use base64::Engine as _;
use fantoccini::elements::Element;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};

use crate::driver::Driver;

/// How long something may take to appear on the page.
const PATIENCE: Duration = Duration::from_secs(10);

/// A window's size, in CSS pixels.
#[derive(Clone, Copy)]
pub enum Width {
    /// A phone held upright.
    Phone,
    /// A laptop.
    Wide,
}

/// A browser with one window on the service under test.
pub struct Browser {
    client: Client,
    address: String,
    folder: tempfile::TempDir,
}

impl Browser {
    /// Opens a window with an empty profile.
    pub async fn open(driver: &Driver, address: &str) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let mut arguments: Vec<String> = [
            "--headless",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
            // Small shared memory, as in many containers.
            "--disable-dev-shm-usage",
            "--hide-scrollbars",
            "--lang=en-GB",
        ]
        .map(str::to_owned)
        .to_vec();
        arguments.push(format!("--user-data-dir={}", folder.path().join("profile").display()));
        if is_root() {
            // The browser's sandbox refuses to work for root.
            arguments.push("--no-sandbox".to_owned());
        }
        let wanted = json!({
            "goog:chromeOptions": { "args": arguments, "prefs": { "intl.accept_languages": "en-GB" } },
            "goog:loggingPrefs": { "browser": "ALL" },
            "webSocketUrl": false,
        });
        let Value::Object(capabilities) = wanted else { bail!("capabilities are an object") };
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&driver.address())
            .await?;
        let browser = Self { client, address: address.to_owned(), folder };
        let downloads = browser.downloads();
        std::fs::create_dir(&downloads)?;
        browser
            .devtools("Browser.setDownloadBehavior", json!({"behavior": "allow", "downloadPath": downloads}))
            .await?;
        browser.resize(Width::Wide).await?;
        Ok(browser)
    }

    /// Where files that the page offers are saved.
    pub fn downloads(&self) -> PathBuf {
        self.folder.path().join("downloads")
    }

    /// Opens a path of the dashboard.
    pub async fn go(&self, path: &str) -> Result<()> {
        self.client.goto(&format!("{}{path}", self.address)).await.with_context(|| format!("opening {path}"))
    }

    /// Opens an address of another service.
    pub async fn visit(&self, address: &str) -> Result<()> {
        self.client.goto(address).await.with_context(|| format!("opening {address}"))
    }

    /// Opens the same page anew.
    pub async fn reload(&self) -> Result<()> {
        Ok(self.client.refresh().await?)
    }

    /// Signs out the hard way.
    pub async fn forget_cookies(&self) -> Result<()> {
        Ok(self.client.delete_all_cookies().await?)
    }

    /// The element with this `data-testid`, once it is there.
    pub async fn find(&self, id: &str) -> Result<Element> {
        self.css(&format!("[data-testid=\"{id}\"]")).await
    }

    /// The first element that this CSS selector finds, once it is there.
    pub async fn css(&self, selector: &str) -> Result<Element> {
        let wait = self.client.wait().at_most(PATIENCE).for_element(Locator::Css(selector));
        wait.await.with_context(|| format!("{selector} did not appear"))
    }

    /// How many elements this CSS selector finds now.
    pub async fn count(&self, selector: &str) -> Result<usize> {
        Ok(self.client.find_all(Locator::Css(selector)).await?.len())
    }

    /// The text of the element with this `data-testid`, once it is there.
    pub async fn text(&self, id: &str) -> Result<String> {
        Ok(self.find(id).await?.text().await?)
    }

    /// Types into the field that this CSS selector finds.
    pub async fn type_into(&self, selector: &str, text: &str) -> Result<()> {
        self.css(selector).await?.send_keys(text).await.with_context(|| format!("typing into {selector}"))
    }

    /// Presses a key with nothing in particular in focus.
    pub async fn press(&self, key: &str) -> Result<()> {
        for kind in ["keyDown", "keyUp"] {
            let event = json!({"type": kind, "key": key, "text": if kind == "keyDown" { key } else { "" }});
            self.devtools("Input.dispatchKeyEvent", event).await?;
        }
        Ok(())
    }

    /// Presses Enter on what has the focus, as a keyboard does.
    pub async fn press_enter(&self) -> Result<()> {
        for (kind, text) in [("keyDown", "\r"), ("keyUp", "")] {
            let event = json!({"type": kind, "key": "Enter", "code": "Enter", "windowsVirtualKeyCode": 13, "text": text});
            self.devtools("Input.dispatchKeyEvent", event).await?;
        }
        Ok(())
    }

    /// Runs a script in the page, outside of its content security policy; gives what it returns.
    pub async fn script(&self, script: &str, arguments: Vec<Value>) -> Result<Value> {
        Ok(self.client.execute(script, arguments).await?)
    }

    /// Runs a script that calls its last argument back when it is done.
    pub async fn script_async(&self, script: &str, arguments: Vec<Value>) -> Result<Value> {
        Ok(self.client.execute_async(script, arguments).await?)
    }

    /// Calls the service as the page does, with its session; gives the answer.
    pub async fn call(&self, method: &str, path: &str, body: Value) -> Result<Value> {
        let script = "const [method, path, body, done] = arguments;
            fetch(path, {method, headers: {'content-type': 'application/json'}, body: body === null ? undefined : JSON.stringify(body)})
                .then(answer => answer.json()).then(done).catch(error => done('' + error));";
        self.script_async(script, vec![json!(method), json!(path), body]).await
    }

    /// Asks the service as the page does.
    pub async fn get(&self, path: &str) -> Result<Value> {
        self.call("GET", path, Value::Null).await
    }

    /// Waits until this is so, looking again and again.
    pub async fn until(
        &self,
        what: &str,
        limit: Duration,
        mut is_so: impl AsyncFnMut() -> Result<bool>,
    ) -> Result<()> {
        let start = Instant::now();
        while !is_so().await? {
            if start.elapsed() > limit {
                bail!("{what}: not within {} s", limit.as_secs());
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        Ok(())
    }

    /// Whether the page looks dark to those whose system is dark.
    pub async fn prefer_dark(&self, dark: bool) -> Result<()> {
        let value = if dark { "dark" } else { "light" };
        let features = json!([
            {"name": "prefers-color-scheme", "value": value},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]);
        self.devtools("Emulation.setEmulatedMedia", json!({"features": features})).await.map(|_| ())
    }

    /// Makes the window a phone's or a laptop's.
    pub async fn resize(&self, width: Width) -> Result<()> {
        let (width, height, mobile) = match width {
            Width::Phone => (390, 844, true),
            Width::Wide => (1280, 900, false),
        };
        let metrics = json!({"width": width, "height": height, "deviceScaleFactor": 1, "mobile": mobile});
        self.devtools("Emulation.setDeviceMetricsOverride", metrics).await.map(|_| ())
    }

    /// Saves a picture of the window as `target/screenshots/NAME.png`.
    pub async fn screenshot(&self, name: &str) -> Result<()> {
        let answer = self.devtools("Page.captureScreenshot", json!({"format": "png"})).await?;
        let data = answer["data"].as_str().context("a picture")?;
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/screenshots");
        std::fs::create_dir_all(&folder)?;
        std::fs::write(
            folder.join(format!("{name}.png")),
            base64::engine::general_purpose::STANDARD.decode(data)?,
        )?;
        Ok(())
    }

    /// What the browser's console holds as errors since the last call: failed scripts, refused styles, panics.
    pub async fn complaints(&self) -> Result<Vec<String>> {
        let answer =
            self.client.issue_cmd(Vendor { path: "se/log", body: json!({"type": "browser"}) }).await?;
        let entries = answer.as_array().cloned().unwrap_or_default();
        let errors = entries.iter().filter(|entry| entry["level"] == "SEVERE");
        Ok(errors.map(|entry| entry["message"].as_str().unwrap_or_default().to_owned()).collect())
    }

    /// Closes the window.
    pub async fn close(self) {
        // The driver closes what is left when it ends itself.
        let _ = self.client.close().await;
    }

    async fn devtools(&self, command: &str, parameters: Value) -> Result<Value> {
        let body = json!({"cmd": command, "params": parameters});
        let answer = self.client.issue_cmd(Vendor { path: "goog/cdp/execute", body }).await;
        answer.with_context(|| format!("devtools command {command}"))
    }
}

/// A command of ChromeDriver's own, beyond the WebDriver standard.
#[derive(Debug)]
struct Vendor {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Vendor {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(self.body.to_string()))
    }
}

fn is_root() -> bool {
    let id = std::process::Command::new("id").arg("-u").output();
    id.is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}
