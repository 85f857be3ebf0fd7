//! The feedback page as HTML: one form that works without scripts, its thanks, and the notice that it is closed. Everything that
//! a person wrote, owner or visitor, is escaped here. It knows no request and no store.

use html_escape::{encode_double_quoted_attribute as attribute, encode_text as text};

use super::words::Words;

/// What stands on the page of one source.
pub struct Page<'p> {
    pub source: &'p str,
    pub business: &'p str,
    pub question: &'p str,
    pub thanks: Option<&'p str>,
    pub review_url: Option<&'p str>,
    pub privacy_url: Option<&'p str>,
    pub words: &'static Words,
}

/// What a visitor has filled in, shown again where something is to be mended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filled {
    pub stars: Option<u8>,
    pub text: String,
    pub name: String,
    pub email: String,
    pub contact: bool,
}

/// The form. `fault` says what is to be mended and at which field.
pub fn form(page: &Page<'_>, token: &str, filled: &Filled, fault: Option<(Field, &str)>) -> String {
    let words = page.words;
    let mut out = String::with_capacity(4096);
    let at = |field: Field| fault.filter(|(wrong, _)| *wrong == field);
    if let Some((field, fault)) = fault {
        out.push_str(&format!(
            "<p class=\"fault\" role=\"alert\" id=\"fault-{}\">{}</p>\n",
            field.id(),
            text(fault)
        ));
    }
    out.push_str(&format!(
        "<form method=\"post\" action=\"/feedback/{0}\" accept-charset=\"utf-8\">\n\
         <input type=\"hidden\" name=\"token\" value=\"{1}\">\n\
         <fieldset class=\"stars\"><legend>{2}</legend>\n",
        attribute(page.source),
        attribute(token),
        text(words.stars),
    ));
    for (n, said) in (1..=5_u8).zip(words.each) {
        let checked = if filled.stars == Some(n) { " checked" } else { "" };
        out.push_str(&format!(
            "<label><input type=\"radio\" name=\"stars\" value=\"{n}\"{checked}><span aria-hidden=\"true\" class=\"star\">★</span>\
             <span aria-hidden=\"true\" class=\"number\">{n}</span><span class=\"aloud\">{}</span></label>\n",
            text(said)
        ));
    }
    out.push_str("</fieldset>\n");
    let described = |field: Field, more: &str| {
        let mut ids: Vec<&str> = more.split_whitespace().collect();
        let fault_id = format!("fault-{}", field.id());
        let wrong = at(field).is_some();
        if wrong {
            ids.push(&fault_id);
        }
        let invalid = if wrong { " aria-invalid=\"true\"" } else { "" };
        if ids.is_empty() {
            String::new()
        } else {
            format!(" aria-describedby=\"{}\"{invalid}", ids.join(" "))
        }
    };
    out.push_str(&format!(
        "<label for=\"text\">{}</label>\n<textarea id=\"text\" name=\"text\" rows=\"6\" maxlength=\"5000\"{}>\n{}</textarea>\n",
        text(words.text),
        described(Field::Text, ""),
        text(&filled.text)
    ));
    out.push_str(&format!(
        "<label for=\"name\">{}</label>\n<input id=\"name\" name=\"name\" autocomplete=\"name\" maxlength=\"100\" value=\"{}\">\n",
        text(words.name),
        attribute(&filled.name)
    ));
    out.push_str(&format!(
        "<label for=\"email\">{}</label>\n<input id=\"email\" name=\"email\" type=\"email\" autocomplete=\"email\" maxlength=\"200\" \
         value=\"{}\"{}>\n<p class=\"help\" id=\"email-help\">{}</p>\n",
        text(words.email),
        attribute(&filled.email),
        described(Field::Email, "email-help"),
        text(words.email_help)
    ));
    let checked = if filled.contact { " checked" } else { "" };
    out.push_str(&format!(
        "<label class=\"check\"><input type=\"checkbox\" name=\"contact\" value=\"yes\"{checked}><span>{}</span></label>\n\
         <div class=\"trap\" aria-hidden=\"true\"><label for=\"website\">{}</label>\
         <input id=\"website\" name=\"website\" tabindex=\"-1\" autocomplete=\"off\"></div>\n\
         <button type=\"submit\">{}</button>\n</form>\n",
        text(&consent(page)),
        text(words.empty),
        text(words.send),
    ));
    if let Some(url) = page.privacy_url {
        out.push_str(&format!(
            "<p class=\"help\"><a href=\"{}\" rel=\"noreferrer\">{}</a></p>\n",
            attribute(url),
            text(words.privacy)
        ));
    }
    whole(page, page.question, &out)
}

/// What a visitor agrees to, as it stands on the page.
pub fn consent(page: &Page<'_>) -> String {
    page.words.contact.replacen("{}", page.business, 1)
}

/// The thanks: the same for everybody.
pub fn thanks(page: &Page<'_>) -> String {
    let said = page.thanks.unwrap_or(page.words.thanks_text);
    let mut out = format!("<p>{}</p>\n", text(said));
    if let Some(url) = page.review_url {
        out.push_str(&format!(
            "<p><a class=\"button\" href=\"{}\" rel=\"noreferrer\">{}</a></p>\n",
            attribute(url),
            text(page.words.review)
        ));
    }
    whole(page, page.words.thanks, &out)
}

/// Nobody takes answers.
pub fn closed(words: &'static Words) -> String {
    let page = Page {
        source: "",
        business: "",
        question: "",
        thanks: None,
        review_url: None,
        privacy_url: None,
        words,
    };
    whole(&page, words.closed, &format!("<p>{}</p>\n", text(words.closed_text)))
}

fn whole(page: &Page<'_>, heading: &str, inside: &str) -> String {
    let title =
        if page.business.is_empty() { heading.to_owned() } else { format!("{heading} · {}", page.business) };
    let business = match page.business {
        "" => String::new(),
        name => format!("<p class=\"business\">{}</p>\n", text(name)),
    };
    format!(
        "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"robots\" content=\"noindex\">\n<meta name=\"color-scheme\" content=\"light dark\">\n\
         <title>{}</title>\n<link rel=\"stylesheet\" href=\"/feedback/page.css\">\n</head>\n<body>\n<main>\n{business}<h1>{}</h1>\n\
         {inside}</main>\n</body>\n</html>\n",
        page.words.language,
        text(&title),
        text(heading),
    )
}

/// A field that may be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The form as a whole.
    Form,
    /// The words.
    Text,
    /// The address.
    Email,
}

impl Field {
    fn id(self) -> &'static str {
        match self {
            Field::Form => "form",
            Field::Text => "text",
            Field::Email => "email",
        }
    }
}
