//! The running service: API and dashboard on one address, engine and outbox beside them, until it is told to end.

use std::{net::SocketAddr, path::PathBuf, time::Duration};

use anyhow::{Context, bail};
use axum_server::{Handle, tls_rustls::RustlsConfig};
use tokio::task::{JoinHandle, JoinSet};

use crate::{
    actions,
    api::{self, Reach},
    app::App,
    engine,
};

/// How long open requests may take to finish once the service is told to end.
const GRACE: Duration = Duration::from_secs(10);

/// A certificate and its key, PEM files.
#[derive(Clone, Debug)]
pub struct Tls {
    /// The certificate, with its chain.
    pub cert: PathBuf,
    /// The private key.
    pub key: PathBuf,
}

/// Where and how to listen.
#[derive(Clone, Debug)]
pub struct Door {
    /// The address; port 0 takes a free one.
    pub listen: SocketAddr,
    /// TLS with the owner's certificate.
    pub tls: Option<Tls>,
    /// A proxy in front does TLS.
    pub behind_proxy: bool,
}

impl Door {
    /// Plain HTTP on a free port of this machine.
    pub fn loopback() -> Self {
        Self { listen: SocketAddr::from(([127, 0, 0, 1], 0)), tls: None, behind_proxy: false }
    }

    /// Why this must not be opened, if so: beyond this machine only with TLS, and never the demo.
    pub fn refused(&self, demo: bool) -> Option<String> {
        let loopback = self.listen.ip().is_loopback();
        if demo && (!loopback || self.behind_proxy) {
            return Some(format!(
                "the demo signs everybody in by itself, so it listens on this machine only, not on {}",
                self.listen
            ));
        }
        if loopback || self.tls.is_some() || self.behind_proxy {
            return None;
        }
        Some(format!(
            "not listening on {}: without TLS, passwords and customers' words would cross the network in the clear. \
             Give --tls-cert and --tls-key, or --behind-proxy where a proxy in front does TLS",
            self.listen
        ))
    }

    fn reach(&self) -> Reach {
        let plain = self.tls.is_none() && !self.behind_proxy;
        Reach {
            secure: !plain,
            loopback_only: plain && self.listen.ip().is_loopback(),
            behind_proxy: self.behind_proxy,
        }
    }
}

/// A service that answers.
pub struct Running {
    /// Where.
    pub address: SocketAddr,
    /// By TLS.
    pub tls: bool,
    app: App,
    handle: Handle<SocketAddr>,
    server: JoinHandle<std::io::Result<()>>,
    parts: JoinSet<anyhow::Result<()>>,
}

impl Running {
    /// The address to open.
    pub fn url(&self) -> String {
        format!("{}://{}/", if self.tls { "https" } else { "http" }, self.address)
    }

    /// Runs one more part beside the others, as long as the service runs.
    pub fn beside<F>(&mut self, part: impl FnOnce(App) -> F)
    where
        F: Future<Output = anyhow::Result<()>> + Send + 'static,
    {
        self.parts.spawn(part(self.app.clone()));
    }

    /// Runs until `ended`, or until one of its parts breaks; then lets open requests finish.
    pub async fn until(mut self, ended: impl Future<Output = ()>) -> anyhow::Result<()> {
        let broken = tokio::select! {
            () = ended => None,
            Some(part) = self.parts.join_next() => Some(part),
        };
        self.app.closing.cancel();
        self.handle.graceful_shutdown(Some(GRACE));
        let finished = tokio::time::timeout(2 * GRACE, async {
            while let Some(part) = self.parts.join_next().await {
                part??;
            }
            anyhow::Ok(())
        });
        match finished.await {
            Ok(finished) => finished?,
            Err(_) => {
                tracing::warn!("the service ends with work under way; it is taken up again at the next start")
            }
        }
        self.server.await??;
        if let Some(part) = broken {
            part?.context("a part of the service ended")?;
            bail!("a part of the service ended by itself");
        }
        Ok(())
    }
}

/// Starts listening.
pub async fn start(app: App, door: &Door) -> anyhow::Result<Running> {
    if let Some(reason) = door.refused(app.demo) {
        bail!(reason);
    }
    let listener = std::net::TcpListener::bind(door.listen)
        .with_context(|| format!("cannot listen on {}", door.listen))?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let handle = Handle::new();
    let router = api::router(app.clone(), door.reach()).into_make_service_with_connect_info::<SocketAddr>();
    let server = match &door.tls {
        Some(tls) => {
            // An error says that a provider is installed already.
            let _ = rustls::crypto::ring::default_provider().install_default();
            let config = RustlsConfig::from_pem_file(&tls.cert, &tls.key).await.with_context(|| {
                format!("cannot read the certificate {} or its key {}", tls.cert.display(), tls.key.display())
            })?;
            let server = axum_server::from_tcp_rustls(listener, config)?.handle(handle.clone());
            tokio::spawn(server.serve(router))
        }
        None => {
            let server = axum_server::from_tcp(listener)?.handle(handle.clone());
            tokio::spawn(server.serve(router))
        }
    };
    actions::admin::set_up(&app).await?;
    let mut parts = JoinSet::new();
    parts.spawn(engine::run(app.clone(), app.closing.clone()));
    parts.spawn(engine::hear(app.clone(), app.closing.clone()));
    parts.spawn(engine::tend(app.clone(), app.closing.clone()));
    parts.spawn(engine::listen::run(app.clone(), app.closing.clone()));
    parts.spawn(engine::learn::run(app.clone(), app.closing.clone()));
    parts.spawn(engine::warn::warn(app.clone(), app.closing.clone()));
    parts.spawn(actions::run(app.clone(), app.closing.clone()));
    let running = Running { address, tls: door.tls.is_some(), app, handle, server, parts };
    // A second start of the same service in one process keeps the first address; only tests do that.
    let _ = running.app.address.set(running.url());
    Ok(running)
}
