//! A mail by the owner's own mail server (SMTP): plain text and HTML, with the customer's words, why they are unhappy and
//! where to go. The Message-ID is made of the idempotency key, so that a mail sent twice is seen to be one.

use std::time::SystemTime;

use goodword_shared::{
    Time,
    alert::ChannelDescriptor,
    problem::FieldError,
    source::{FieldType, Values, is_mail_address},
};
use html_escape::encode_text;
use lettre::message::{
    Mailbox, MultiPart,
    header::{HeaderName, HeaderValue},
};

use super::{Channel, Effect, MailSecurity, MailServer, field, required, setting};
use crate::{actions::message::Message, secrets::Secret};

/// The right-hand side of Message-IDs: a reserved name, so that it is nobody's, and the same for every try.
const ID_DOMAIN: &str = "goodword.invalid";

/// See the module.
pub struct Email;

impl Channel for Email {
    fn describe(&self) -> ChannelDescriptor {
        let mut host =
            required("host", "Mail server", "The server that takes your outgoing mail.", FieldType::Text);
        host.example = Some("smtp.example.org".into());
        let mut security = field(
            "security",
            "Protection",
            "How the way to the server is protected. Without protection only on your own machine or network.",
            FieldType::Choice {
                options: vec![
                    ("starttls".into(), "STARTTLS (port 587)".into()),
                    ("tls".into(), "TLS (port 465)".into()),
                    ("none".into(), "None (port 25)".into()),
                ],
            },
        );
        security.default = Some("starttls".into());
        let mut to =
            required("to", "To", "Who gets the alerts; several with commas between.", FieldType::Text);
        to.example = Some("you@example.org".into());
        let mut from = required(
            "from",
            "From",
            "The sender; an address that the server lets you use.",
            FieldType::Email,
        );
        from.example = Some("goodword@example.org".into());
        ChannelDescriptor {
            slug: "email".into(),
            title: "E-mail".into(),
            summary: "Sends alerts by your own mail server.".into(),
            fields: vec![
                to,
                from,
                host,
                security,
                field(
                    "port",
                    "Port",
                    "Only where it is not the usual one.",
                    FieldType::Number { min: 1, max: 65535 },
                ),
                field("user", "User", "Where the server wants you to sign in.", FieldType::Text),
                field("password", "Password", "Goes with the user; stored encrypted.", FieldType::Secret),
            ],
        }
    }

    fn check(&self, settings: &Values) -> Vec<FieldError> {
        let mut errors = Vec::new();
        let mut fault = |field: &str, detail: String| errors.push(FieldError { field: field.into(), detail });
        if let Some(wrong) = recipients(settings).find(|a| !is_mail_address(a)) {
            fault("to", format!("“{wrong}” is not a mail address."));
        } else if recipients(settings).next().is_none() {
            fault("to", "At least one address is needed.".into());
        }
        let user = setting(settings, "user");
        let password = setting(settings, "password");
        if user.is_empty() && !password.is_empty() {
            fault("user", "A password goes with a user; enter both or neither.".into());
        }
        if !user.is_empty() && security(settings) == MailSecurity::None && !on_this_machine(settings) {
            fault(
                "security",
                "A password is sent over a protected connection only: choose STARTTLS or TLS.".into(),
            );
        }
        errors
    }

    fn prepare(&self, settings: &Values, message: &Message, now: Time) -> Result<Effect, String> {
        if let Some(error) = self.check(settings).into_iter().next() {
            return Err(error.detail);
        }
        let security = security(settings);
        let usual = match security {
            MailSecurity::None => 25,
            MailSecurity::StartTls => 587,
            MailSecurity::Tls => 465,
        };
        let user = setting(settings, "user");
        let server = MailServer {
            host: setting(settings, "host").to_owned(),
            port: setting(settings, "port").parse().unwrap_or(usual),
            security,
            login: (!user.is_empty()).then(|| (user.to_owned(), Secret::new(setting(settings, "password")))),
        };
        let mail =
            mail(settings, message, now).map_err(|e| format!("The mail cannot be put together: {e}"))?;
        Ok(Effect::Mail { server, mail: Box::new(mail) })
    }
}

fn security(settings: &Values) -> MailSecurity {
    match setting(settings, "security") {
        "none" => MailSecurity::None,
        "tls" => MailSecurity::Tls,
        _ => MailSecurity::StartTls,
    }
}

fn on_this_machine(settings: &Values) -> bool {
    let host = setting(settings, "host");
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn recipients(settings: &Values) -> impl Iterator<Item = &str> {
    setting(settings, "to").split([',', ';']).map(str::trim).filter(|a| !a.is_empty())
}

fn mail(settings: &Values, message: &Message, now: Time) -> anyhow::Result<lettre::Message> {
    let mut builder = lettre::Message::builder()
        .message_id(Some(format!("<{}@{ID_DOMAIN}>", message.key)))
        .date(SystemTime::from(now))
        .from(Mailbox::new(Some("Goodword".into()), setting(settings, "from").parse()?))
        .subject(message.title())
        // Away messages do not answer what says that it is automatic.
        .raw_header(HeaderValue::new(
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".into(),
        ));
    for address in recipients(settings) {
        builder = builder.to(Mailbox::new(None, address.parse()?));
    }
    Ok(builder.multipart(MultiPart::alternative_plain_html(plain(message), html(message)))?)
}

fn plain(message: &Message) -> String {
    let mut text = format!("{}\n\n", message.title());
    let words = message.words();
    if !words.is_empty() {
        text.extend(words.lines().map(|line| format!("> {line}\n")));
        text.push('\n');
    }
    for line in facts(message) {
        text.push_str(&format!("{line}\n"));
    }
    text.push_str(&format!("\n{}:\n{}\n", button(message), message.link()));
    if let Some(url) = message.original() {
        text.push_str(&format!("\nThe original:\n{url}\n"));
    }
    text.push_str(&format!("\n-- \n{}\n", closing(message)));
    text
}

fn html(message: &Message) -> String {
    let words = message.words();
    let quote = if words.is_empty() {
        String::new()
    } else {
        format!(
            "<blockquote style=\"margin:16px 0;padding:12px 16px;border-left:4px solid #b3402a;background:#faf6f1;\
             font-size:17px;line-height:1.5\">{}</blockquote>",
            encode_text(&words).replace('\n', "<br>")
        )
    };
    let facts: String = facts(message)
        .iter()
        .map(|line| format!("<p style=\"margin:4px 0;color:#5b524a\">{}</p>", encode_text(line)))
        .collect();
    let original = message.original().map_or_else(String::new, |url| {
        format!(
            "<p style=\"margin:16px 0\"><a href=\"{}\" style=\"color:#5b524a\">See the original</a></p>",
            html_escape::encode_double_quoted_attribute(url)
        )
    });
    format!(
        "<!doctype html><html lang=\"en\"><body style=\"margin:0;padding:24px;background:#fff;color:#2a2420;\
         font-family:system-ui,-apple-system,'Segoe UI',sans-serif\"><div style=\"max-width:560px;margin:0 auto\">\
         <h1 style=\"font-size:22px;margin:0 0 8px\">{title}</h1>{quote}{facts}\
         <p style=\"margin:24px 0\"><a href=\"{link}\" style=\"display:inline-block;padding:12px 20px;background:#1f5f5b;\
         color:#fff;text-decoration:none;border-radius:6px\">{button}</a></p>{original}\
         <p style=\"margin:24px 0 0;font-size:13px;color:#6f665e\">{closing}</p></div></body></html>",
        title = encode_text(&message.title()),
        link = html_escape::encode_double_quoted_attribute(&message.link()),
        button = encode_text(button(message)),
        closing = encode_text(closing(message)),
    )
}

/// Stars, place, customer and reasons, a line each.
fn facts(message: &Message) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some((drawn, said)) = message.stars() {
        lines.push(format!("{drawn} {said}"));
    }
    if !message.test {
        lines.push(message.place());
    }
    if let Some(customer) = message.customer() {
        lines.push(format!("In your records: {customer}"));
    }
    let reasons = message.reasons();
    if !reasons.is_empty() {
        lines.push(format!("Why you hear of it: {}", reasons.join("; ")));
    }
    lines
}

fn button(message: &Message) -> &'static str {
    match &message.alert.case_id {
        _ if message.test => "Open your alerts",
        _ if message.about_source() => "Open your sources",
        Some(_) => "Open the case",
        None => "Open the mention",
    }
}

fn closing(message: &Message) -> &'static str {
    if message.test {
        "Sent by Goodword because you asked for a test. Alerts will come like this one."
    } else if message.unhappy() {
        "Sent by your own Goodword because one of your rules asks for it. A quick, kind answer is what wins people back."
    } else {
        "Sent by your own Goodword because one of your rules asks for it."
    }
}
