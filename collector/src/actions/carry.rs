//! The one place where messages leave the house: HTTP by the polite client, mail by SMTP, alerts to open pages.
//! Every fault becomes a verdict in words; nothing here decides what is sent.

use std::{error::Error, time::Duration};

use goodword_shared::{Time, alert::Event};
use lettre::{
    AsyncSmtpTransport, AsyncTransport, Tokio1Executor,
    transport::smtp::{
        authentication::Credentials,
        client::{Tls, TlsParameters},
    },
};
use url::Url;

use super::{
    channels::{Channel, Effect, MailSecurity, MailServer, Verdict},
    message::one_line,
};
use crate::{
    app::App,
    fetch::{FetchError, FetchSettings, Fetcher},
    wire::Request,
};

/// Longest wait for a connection to a mail server; the whole exchange is under the deadline of a delivery.
const SMTP_WAIT: Duration = Duration::from_secs(20);

/// Mail servers' answers about signing in.
const SIGN_IN: [u16; 4] = [530, 534, 535, 538];

/// Mail servers' refusals of this mailbox or this mail. Other refusals are about settings, which the owner can mend.
const REFUSED: std::ops::RangeInclusive<u16> = 550..=556;

/// Carries out effects. The outbox has its own, so that a slow platform never holds up an alert.
pub struct Carrier {
    fetcher: Fetcher,
    settings: FetchSettings,
}

impl Carrier {
    /// A carrier that goes by the service's limits. The outbox counts the tries, so one request is one try.
    pub fn new(app: &App) -> Result<Self, FetchError> {
        let settings = FetchSettings { retries: 0, ..FetchSettings::of(&app.config.fetch)? };
        Ok(Self { fetcher: Fetcher::new(settings.clone())?, settings })
    }

    /// Carries out one effect and says what came of it.
    pub async fn carry(&self, app: &App, channel: &dyn Channel, effect: Effect, now: Time) -> Verdict {
        match effect {
            Effect::Call { request, private } => self.call(channel, &request, private, now).await,
            Effect::Mail { server, mail } => send_mail(&server, *mail).await,
            Effect::Show(alert) => {
                app.tell(Event::Alert(alert));
                Verdict::Done("Shown in the open pages.".into())
            }
        }
    }

    async fn call(&self, channel: &dyn Channel, request: &Request, private: bool, now: Time) -> Verdict {
        let opened;
        let fetcher = if private {
            // The owner opened this very address, and nothing else in the network.
            let place = Url::parse(&request.url)
                .ok()
                .and_then(|url| Some(format!("{}:{}", url.host_str()?, url.port_or_known_default()?)));
            let mut settings = self.settings.clone();
            settings.allow_private.extend(place);
            match Fetcher::new(settings) {
                Ok(fetcher) => opened = fetcher,
                Err(error) => return Verdict::Again(error.to_string(), None),
            }
            &opened
        } else {
            &self.fetcher
        };
        match fetcher.fetch(request, Duration::ZERO, None, now).await {
            Ok(fetched) => match channel.judge(&fetched.response) {
                Verdict::Again(detail, wait) => Verdict::Again(detail, wait.max(fetched.retry_after)),
                verdict => verdict,
            },
            Err(FetchError::Private { host }) => Verdict::Again(
                format!("{host} is in a private network. If it is yours, say so in the channel's settings."),
                None,
            ),
            Err(error) => Verdict::Again(error.to_string(), error.retry_after()),
        }
    }
}

async fn send_mail(server: &MailServer, mail: lettre::Message) -> Verdict {
    let tls = match tls(server) {
        Ok(tls) => tls,
        Err(error) => return Verdict::Again(in_words(&error, server), None),
    };
    let mut builder = AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous(&server.host)
        .port(server.port)
        .tls(tls)
        .timeout(Some(SMTP_WAIT));
    if let Some((user, password)) = &server.login {
        builder = builder.credentials(Credentials::new(user.clone(), password.expose().to_owned()));
    }
    match builder.build().send(mail).await {
        Ok(response) => {
            let said = one_line(response.first_line().unwrap_or_default());
            Verdict::Done(format!("{} took the mail: {} {said}", server.host, response.code()))
        }
        Err(error) => {
            let code = error.status().and_then(|code| code.to_string().parse().ok()).unwrap_or(0);
            let detail = in_words(&error, server);
            if REFUSED.contains(&code) { Verdict::Failed(detail) } else { Verdict::Again(detail, None) }
        }
    }
}

fn tls(server: &MailServer) -> Result<Tls, lettre::transport::smtp::Error> {
    Ok(match server.security {
        MailSecurity::None => Tls::None,
        MailSecurity::StartTls => Tls::Required(TlsParameters::new(server.host.clone())?),
        MailSecurity::Tls => Tls::Wrapper(TlsParameters::new(server.host.clone())?),
    })
}

/// The library's chain of causes in a line, with what to look at.
fn in_words(error: &lettre::transport::smtp::Error, server: &MailServer) -> String {
    let mut said = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        let text = next.to_string();
        if !said.contains(&text) {
            said = format!("{said}: {text}");
        }
        cause = next.source();
    }
    let look = match error.status().and_then(|code| code.to_string().parse().ok()) {
        Some(code) if SIGN_IN.contains(&code) => " Look at user and password.",
        Some(_) => "",
        None if error.is_tls() => " Look at the protection: STARTTLS wants port 587, TLS 465.",
        None => " Look at the server's name and port.",
    };
    format!("{}:{} did not take the mail: {}.{look}", server.host, server.port, one_line(&said))
}
