//! `goodword users`: who may sign in, and a new password for whoever forgot theirs.

use std::{
    io::{BufRead, IsTerminal},
    path::PathBuf,
    process::ExitCode,
};

use super::folder;
use crate::api;

/// Arguments of `goodword users`.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
    /// Folder of the database
    #[arg(long, value_name = "DIR", default_value = "var", global = true)]
    data: PathBuf,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    /// Print who may sign in.
    List,
    /// Read a new password from stdin; every session of that user ends.
    Password {
        /// The user's mail address.
        email: String,
    },
}

/// Lists or sets.
pub fn run(args: Args) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        let app = folder::open(&args.data, false).await?;
        match args.command {
            Command::List => {
                for email in app.store.user_emails().await? {
                    println!("{email}");
                }
            }
            Command::Password { email } => {
                let email = email.trim().to_lowercase();
                let Some(user) = app.store.user_by_email(&email).await? else {
                    anyhow::bail!("there is no user {email}; `goodword users list` shows them");
                };
                if std::io::stdin().is_terminal() {
                    eprintln!("New password for {email} (it will be visible):");
                }
                let mut password = String::new();
                std::io::stdin().lock().read_line(&mut password)?;
                let password = password.trim_end_matches(['\r', '\n']).to_owned();
                api::reset_password(&app, &user, password).await?;
                app.audit("command line", "password", Some(user.id.as_str()), "set a new password").await?;
                println!("{email} has a new password; every session has ended");
            }
        }
        Ok(ExitCode::SUCCESS)
    })
}
