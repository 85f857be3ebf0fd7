//! Who really sent a mail, as far as the receiving server found out, and what of its words are the sender's own. DKIM is not
//! worked out anew: that takes keys from the DNS, and the receiving server has done it when the mail arrived.

use crate::reading::plain;

/// What the receiving server found of the sender: `dkim=pass spf=pass dmarc=pass`. Only the header that the named server wrote
/// counts: anybody can write one into a mail.
pub fn sender_check(headers: &[String], receiver: &str) -> Option<String> {
    let mut parts = headers
        .iter()
        .find_map(|header| {
            let (by, findings) = header.split_once(';')?;
            let by = by.split_whitespace().next()?;
            by.eq_ignore_ascii_case(receiver).then_some(findings)
        })?
        .split(';')
        .filter_map(|finding| {
            let (method, result) = finding.split_whitespace().next()?.split_once('=')?;
            let method = method.to_ascii_lowercase();
            let result: String = result.chars().take_while(char::is_ascii_alphabetic).collect();
            (["dkim", "spf", "dmarc"].contains(&method.as_str()) && !result.is_empty())
                .then(|| format!("{method}={}", result.to_ascii_lowercase()))
        })
        .collect::<Vec<_>>();
    parts.dedup();
    (!parts.is_empty()).then(|| parts.join(" "))
}

/// Where the small print of a mass mail begins, in the languages of most mails.
const SMALL_PRINT: [&str; 16] = [
    "unsubscribe",
    "manage your preferences",
    "manage preferences",
    "email preferences",
    "you are receiving this",
    "you're receiving this",
    "why did i get this",
    "abbestellen",
    "abmelden",
    "diese e-mail erhalten sie",
    "sie erhalten diese",
    "se désabonner",
    "se désinscrire",
    "darse de baja",
    "cancelar la suscripción",
    "annulla l'iscrizione",
];

/// The words without what a mass mail must carry: everything from its small print on, and behind a signature's mark.
pub fn own_words(text: &str, unsubscribe: Option<&str>) -> String {
    let Some(unsubscribe) = unsubscribe else { return text.to_owned() };
    let link = unsubscribe.split(['<', '>', ',']).map(str::trim).find(|part| part.starts_with("http"));
    let small = |line: &str| {
        let line_lower = line.to_lowercase();
        line.trim() == "--"
            || link.is_some_and(|link| line.contains(link))
            || SMALL_PRINT.iter().any(|mark| line_lower.contains(mark))
    };
    let lines: Vec<&str> = text.lines().collect();
    // Somebody who writes of unsubscribing in the first line means it.
    let end =
        lines.iter().enumerate().skip(1).find(|(_, line)| small(line)).map_or(lines.len(), |(at, _)| at);
    plain::tidy(&lines[..end].join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_named_servers_findings_count() {
        let ours = "mx.mail.example; dkim=pass (2048-bit key) header.d=reviews.example; spf=softfail smtp.mailfrom=x; iprev=pass";
        let forged = "mx.evil.example; dkim=pass header.d=reviews.example";
        let check = |headers: &[&str], receiver: &str| {
            sender_check(&headers.iter().map(|h| (*h).to_owned()).collect::<Vec<_>>(), receiver)
        };
        assert_eq!(check(&[ours, forged], "MX.mail.example").as_deref(), Some("dkim=pass spf=softfail"));
        assert_eq!(check(&[forged], "mx.mail.example"), None);
        assert_eq!(check(&["mx.mail.example 1; none"], "mx.mail.example"), None);
    }

    #[test]
    fn small_print_goes_and_words_stay() {
        let mail = "The bread was stale.\n\nAda\n\nYou are receiving this because you subscribed.\nUnsubscribe: https://x.example/u";
        assert_eq!(own_words(mail, Some("<https://x.example/u>")), "The bread was stale.\n\nAda");
        assert_eq!(own_words(mail, None), mail, "a person's own mail is left as it is");
        let angry = "How do I unsubscribe from your letters?\nI asked twice.";
        assert_eq!(own_words(angry, Some("<mailto:u@x.example>")), angry);
    }
}
