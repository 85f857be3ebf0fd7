//! Mailboxes and streams over TLS, against servers of the test's own with a certificate of the test's own authority: refused in
//! plain words until the owner names that authority, refused for another name, and listened to otherwise.

use std::{path::PathBuf, sync::Arc};

use goodword::{
    app::App,
    config::Config,
    fetch::FetchError,
    serve::{self, Door},
};
use goodword_shared::{
    api::sources::{NewSource, PreviewSource},
    source::Values,
};
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use crate::{
    mailbox::{Server, add, has_texts},
    service::Service,
    streams::{Platform, post},
};

fn file(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "tests/fixtures/tls", name].iter().collect()
}

/// The port of a door that speaks TLS and leads to that port.
async fn door_to(port: u16) -> u16 {
    let chain: Vec<_> = CertificateDer::pem_file_iter(file("server.pem"))
        .expect("a file")
        .map(|c| c.expect("a certificate"))
        .collect();
    let key = PrivateKeyDer::from_pem_file(file("server.key.pem")).expect("a key");
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .expect("they fit");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let own = listener.local_addr().expect("an address").port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                let Ok(mut outside) = acceptor.accept(stream).await else { return };
                let Ok(mut inside) = TcpStream::connect(("127.0.0.1", port)).await else { return };
                let _ = tokio::io::copy_bidirectional(&mut outside, &mut inside).await;
            });
        }
    });
    own
}

/// A service that may reach that port of this machine by either name, and trusts the authorities in these files.
async fn service(port: u16, trust: &[PathBuf]) -> (Service, tempfile::TempDir) {
    let folder = tempfile::tempdir().expect("a folder");
    let mut config = Config::load(folder.path()).expect("the default configuration");
    config.fetch.allow_private = vec![format!("127.0.0.1:{port}"), format!("localhost:{port}")];
    config.fetch.trust = trust.to_vec();
    let app = App::build(folder.path(), config, false).await.expect("an app");
    let running = serve::start(app.clone(), &Door::loopback()).await.expect("it listens");
    let service = Service::around(app, running);
    service.set_up().await;
    (service, folder)
}

fn mailbox(server: &Server, port: u16, host: &str) -> NewSource {
    let port = port.to_string();
    let settings = server.settings(&[("security", "tls"), ("port", &port), ("host", host)]);
    NewSource { connector: "mail".into(), settings, ..NewSource::default() }
}

#[tokio::test]
async fn a_mailbox_is_listened_to_by_tls_with_an_authority_of_ones_own() {
    let server = Server::start().await;
    server.deliver("one", "The soup was cold.");
    let port = door_to(server.port).await;
    let (trusting, _folder) = service(port, &[file("authority.pem")]).await;
    add(&trusting, "mail", mailbox(&server, port, "127.0.0.1").settings).await;
    has_texts(&trusting, &["The soup was cold."]).await;
    server.deliver("two", "Lovely evening!");
    has_texts(&trusting, &["Lovely evening!", "The soup was cold."]).await;

    // The same certificate under a name that does not stand in it.
    let preview =
        trusting.call::<PreviewSource>((), (), mailbox(&server, port, "localhost")).await.expect("a preview");
    let told = preview.problem.expect("refused").detail;
    assert!(told.contains("another name"), "{told}");
    trusting.stop().await;
}

#[tokio::test]
async fn an_unknown_authority_is_refused_and_says_what_to_do() {
    let server = Server::start().await;
    server.deliver("one", "The soup was cold.");
    let port = door_to(server.port).await;
    let (wary, _folder) = service(port, &[]).await;
    let preview =
        wary.call::<PreviewSource>((), (), mailbox(&server, port, "127.0.0.1")).await.expect("a preview");
    let told = preview.problem.expect("refused").detail;
    assert!(told.contains("not trusted") && told.contains("fetch.trust"), "{told}");
    assert!(server.commands().is_empty(), "nobody signed in over a connection that is not trusted");
    wary.stop().await;
}

#[tokio::test]
async fn a_stream_is_listened_to_by_tls() {
    let platform = Platform::start(None).await;
    let port = door_to(platform.port).await;
    let (trusting, _folder) = service(port, &[file("authority.pem")]).await;
    let stream = format!("https://127.0.0.1:{port}");
    let pairs = [("query", "plum"), ("live", "true"), ("stream", stream.as_str()), ("base", stream.as_str())];
    let settings: Values = pairs.iter().map(|(n, v)| ((*n).to_owned(), (*v).to_owned())).collect();
    add(&trusting, "bluesky", settings).await;
    platform.connected(1).await;
    platform.say(post(1_700_000_000_000_000, "3k", "A plum cake!"));
    has_texts(&trusting, &["A plum cake!"]).await;
    trusting.stop().await;
}

#[tokio::test]
async fn a_certificate_file_that_is_none_is_told_at_the_start() {
    let folder = tempfile::tempdir().expect("a folder");
    for (trust, told) in
        [(file("README.md"), "holds no certificate"), (file("nowhere.pem"), "cannot be opened")]
    {
        let mut config = Config::load(folder.path()).expect("the default configuration");
        config.fetch.trust = vec![trust];
        let refused = goodword::fetch::FetchSettings::of(&config.fetch).expect_err("refused");
        assert!(
            matches!(refused, FetchError::Authority { .. }) && refused.to_string().contains(told),
            "{refused}"
        );
    }
}
