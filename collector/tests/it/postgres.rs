//! A PostgreSQL of the test's own: started from the system's package on a free port, with its socket in its own folder, gone
//! with the guard. The server refuses to run as root, so root starts it as the package's `postgres` user.

use std::{
    fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

/// A running server.
pub struct Postgres {
    server: Child,
    port: u16,
    folder: tempfile::TempDir,
}

impl Postgres {
    /// Starts one. None, with a line on stderr, where the package is missing; there it fails if `CI` is set.
    pub fn start() -> Option<Self> {
        let Some(bin) = programs() else {
            assert!(std::env::var_os("CI").is_none(), "PostgreSQL is missing: apt-get install postgresql");
            eprintln!("skipped on PostgreSQL: the package is missing (apt-get install postgresql)");
            return None;
        };
        let folder = tempfile::Builder::new().prefix("goodword-pg").tempdir().expect("a folder");
        let root = is_root();
        if root {
            // The server's own user must get in.
            run(Command::new("chown").arg("postgres").arg(folder.path()));
        }
        let data = folder.path().join("data");
        run(as_server(root, &bin.join("initdb"))
            .args([
                "--no-sync",
                "--auth=trust",
                "--username=goodword",
                "--encoding=UTF8",
                "--locale=C",
                "--pgdata",
            ])
            .arg(&data));
        let port = TcpListener::bind("127.0.0.1:0").expect("a port").local_addr().expect("bound").port();
        let server = as_server(root, &bin.join("postgres"))
            .arg("-D")
            .arg(&data)
            .args(["-h", "127.0.0.1", "-p", &port.to_string(), "-k"])
            .arg(folder.path())
            .args(["-c", "fsync=off", "-c", "full_page_writes=off", "-c", "log_min_messages=fatal"])
            .stdout(Stdio::null())
            .stderr(fs::File::create(folder.path().join("log")).expect("a log"))
            .spawn()
            .expect("postgres starts");
        let mut postgres = Self { server, port, folder };
        postgres.wait(&bin);
        Some(postgres)
    }

    /// Where it answers.
    pub fn url(&self) -> String {
        format!("postgres://goodword@127.0.0.1:{}/postgres", self.port)
    }

    fn wait(&mut self, bin: &Path) {
        for _ in 0..200 {
            let ready = Command::new(bin.join("pg_isready"))
                .args(["-q", "-h", "127.0.0.1", "-p", &self.port.to_string()])
                .status()
                .is_ok_and(|status| status.success());
            if ready {
                return;
            }
            let ended = self.server.try_wait().expect("a child");
            let log = || fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
            assert!(ended.is_none(), "postgres ended: {}", log());
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("postgres does not answer");
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // SIGINT is its fast shutdown; killed, it would leave its helpers behind for a while.
        let _ = Command::new("kill").args(["-INT", &self.server.id().to_string()]).status();
        let _ = self.server.wait();
    }
}

/// The newest installed version's programs.
fn programs() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").ok()?;
    let mut found: Vec<PathBuf> = versions
        .flatten()
        .map(|entry| entry.path().join("bin"))
        .filter(|bin| bin.join("initdb").exists())
        .collect();
    found.sort();
    found.pop()
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|out| out.stdout == b"0\n")
}

fn as_server(root: bool, program: &Path) -> Command {
    if !root {
        return Command::new(program);
    }
    let mut command = Command::new("setpriv");
    command.args(["--reuid=postgres", "--regid=postgres", "--init-groups", "--"]).arg(program);
    command
}

fn run(command: &mut Command) {
    let out = command.output().expect("the program runs");
    assert!(out.status.success(), "{command:?}: {}", String::from_utf8_lossy(&out.stderr));
}
