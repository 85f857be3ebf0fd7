//! Links that reach a customer. Pure.

use goodword_shared::{
    Author,
    case::{ContactLink, ContactWay, Quote},
    customer::CustomerFacts,
};

/// How to reach a customer: by telephone, mail, text, and where they wrote. Never with an address that the platform merely
/// guesses.
pub fn contact_links(facts: Option<&CustomerFacts>, author: &Author, quote: &Quote) -> Vec<ContactLink> {
    let mut links = reach_customer(facts, author);
    if let Some(url) = &quote.url {
        links.push(ContactLink {
            way: ContactWay::Reply,
            label: format!("Reply on {}", quote.source),
            href: url.clone(),
        });
    }
    links
}

/// Telephone, mail and text of the record; the author's own mail address where the record has none.
pub fn reach_customer(facts: Option<&CustomerFacts>, author: &Author) -> Vec<ContactLink> {
    let mut links = Vec::new();
    if let Some(phone) = facts.and_then(|f| f.phone.as_deref()).filter(|p| digits(p).len() >= 4) {
        let dialled = digits(phone);
        links.push(ContactLink {
            way: ContactWay::Call,
            label: format!("Call {phone}"),
            href: format!("tel:{dialled}"),
        });
        links.push(ContactLink {
            way: ContactWay::Text,
            label: format!("Text {phone}"),
            href: format!("sms:{dialled}"),
        });
    }
    let mail = facts.and_then(|f| f.email.as_deref()).or(author.email.as_deref());
    if let Some(mail) = mail.filter(|m| m.contains('@')) {
        links.push(ContactLink {
            way: ContactWay::Mail,
            label: format!("Write to {mail}"),
            href: format!("mailto:{}", encode(mail)),
        });
    }
    links
}

fn digits(phone: &str) -> String {
    let plus = phone.trim_start().starts_with('+');
    let digits = phone.chars().filter(char::is_ascii_digit);
    if plus { std::iter::once('+').chain(digits).collect() } else { digits.collect() }
}

/// So that no `?cc=` of a hostile record gets into the link.
fn encode(address: &str) -> String {
    let mut out = String::new();
    for byte in address.bytes() {
        if byte.is_ascii_alphanumeric() || b"@.-_+".contains(&byte) {
            out.push(byte as char);
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_link_carries_an_address_and_nothing_else() {
        let facts = CustomerFacts { email: Some("a@b.example?cc=x@y.example".into()), ..Default::default() };
        let links = reach_customer(Some(&facts), &Author::default());
        assert_eq!(links[0].href, "mailto:a@b.example%3Fcc%3Dx@y.example");
    }
}
