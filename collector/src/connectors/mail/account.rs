//! How to get into a mailbox, from a source's settings, and how its folders are called on the wire.

use base64::{Engine as _, engine::general_purpose::STANDARD_NO_PAD};
use goodword_shared::{problem::SourceProblem, source::Values};

use super::super::settings;
use crate::reading::answer;

/// How to get into a mailbox.
#[derive(Clone, Copy)]
pub struct Account<'v> {
    /// The server's name.
    pub host: &'v str,
    /// Its port.
    pub port: u16,
    /// By TLS.
    pub tls: bool,
    /// Who.
    pub user: &'v str,
    /// By what.
    pub secret: Key<'v>,
    /// Which folder.
    pub folder: &'v str,
    /// What is stored is marked as read.
    pub mark: bool,
}

/// What lets one in.
#[derive(Clone, Copy)]
pub enum Key<'v> {
    /// A password.
    Password(&'v str),
    /// A bearer token (XOAUTH2).
    Token(&'v str),
}

impl<'v> Account<'v> {
    /// From a source's settings.
    pub fn of(values: &'v Values) -> Result<Self, SourceProblem> {
        let secret = match settings::value(values, "token") {
            Some(token) => Key::Token(token),
            None => {
                Key::Password(settings::need_secret(values, "password", "an app password of your mailbox")?)
            }
        };
        let port = settings::value(values, "port").unwrap_or("993");
        Ok(Self {
            host: settings::need(values, "host", "the mail server's name")?,
            port: port.parse().map_err(|_| answer::unsupported(format!("“{port}” is no port.")))?,
            tls: settings::value(values, "security") != Some("none"),
            user: settings::need(values, "user", "your name on the mail server")?,
            secret,
            folder: settings::value(values, "folder").unwrap_or("INBOX"),
            mark: settings::value(values, "mark") == Some("true"),
        })
    }
}

/// A folder's name as IMAP writes it (RFC 3501, 5.1.3): other letters than ASCII's in an UTF-7 of its own.
pub fn folder_name(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut foreign: Vec<u8> = Vec::new();
    let close = |foreign: &mut Vec<u8>, out: &mut String| {
        if !foreign.is_empty() {
            out.push('&');
            out.push_str(&STANDARD_NO_PAD.encode(&*foreign).replace('/', ","));
            out.push('-');
            foreign.clear();
        }
    };
    for c in name.chars() {
        match c {
            '&' => {
                close(&mut foreign, &mut out);
                out.push_str("&-");
            }
            ' '..='~' => {
                close(&mut foreign, &mut out);
                out.push(c);
            }
            c => foreign.extend(c.encode_utf16(&mut [0; 2]).iter().flat_map(|unit| unit.to_be_bytes())),
        }
    }
    close(&mut foreign, &mut out);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_called_as_the_document_calls_them() {
        assert_eq!(folder_name("INBOX"), "INBOX");
        assert_eq!(folder_name("Tom & Co"), "Tom &- Co");
        assert_eq!(folder_name("~peter/mail/台北/日本語"), "~peter/mail/&U,BTFw-/&ZeVnLIqe-");
        assert_eq!(folder_name("Bewertungen/Köln"), "Bewertungen/K&APY-ln");
    }
}
