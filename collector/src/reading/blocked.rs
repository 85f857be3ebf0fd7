//! Recognises pages that stand in the way: captchas, challenges, firewalls. Goodword says so and stops; it never goes past.
//! A page that merely carries such a script among its own content is not blocked, so marks count only on pages with little text.

use memchr::memmem;

use super::{markup, plain};

/// Visible text beyond which a page is content, whatever scripts it carries, bytes.
const LITTLE: usize = 2_500;

/// Titles (lower case) that only such pages have.
const TITLES: [&str; 33] = [
    "just a moment",
    "attention required",
    "access denied",
    "access to this page has been denied",
    "you are being redirected",
    "please wait... | cloudflare",
    "checking your browser",
    "ddos-guard",
    "the request could not be satisfied",
    "pair your account to this browser",
    "prove your humanity",
    "robot check",
    "bot verification",
    "human verification",
    "are you a robot",
    "security check",
    "pardon our interruption",
    "request rejected",
    "sucuri website firewall",
    "incapsula",
    "blocked",
    "please verify you are a human",
    "verifying you are human",
    "sorry! something went wrong!",
    "captcha",
    "unusual traffic",
    "making sure you're not a bot",
    "site verification",
    "client challenge",
    "before you continue",
    "вы не робот",
    "ой!",
    "whoa there, pardner",
];

/// Words in the visible text of such pages (lower case).
const WORDS: [&str; 38] = [
    "make sure you're not a robot",
    "to discuss automated access",
    "confirm you are human",
    "confirm that you're human",
    "please turn javascript on and reload the page",
    "your access to this site has been limited",
    "enable javascript and cookies to continue",
    "checking your browser before accessing",
    "checking if the site connection is secure",
    "needs to review the security of your connection",
    "verify you are human",
    "verify you are a human",
    "verify that you are not a robot",
    "confirm you are a human",
    "prove your humanity",
    "i'm not a robot",
    "i am not a robot",
    "please complete the security check",
    "complete the challenge below",
    "why have i been blocked",
    "you have been blocked",
    "you've been blocked",
    "our systems have detected unusual traffic",
    "enter the characters you see below",
    "not a robot, please enter",
    "please enable javascript before you are allowed to see this page",
    "request unsuccessful. incapsula incident",
    "the request could not be satisfied",
    "press & hold to confirm you are",
    "you don't have permission to access",
    "making sure you're not a bot",
    "verifying your browser",
    "please enable js and disable any ad blocker",
    "is using a security service to protect itself",
    "click the button below to continue shopping",
    "запросы отправляли вы, а не робот",
    "the requested url was rejected",
    "bestätige, dass du ein mensch bist",
];

/// Marks in the source that only such pages have.
const MARKS: [&str; 19] = [
    "cf-browser-verification",
    "cf_chl_opt",
    "_cf_chl",
    "jschl-answer",
    "jschl_vc",
    "cf-captcha-container",
    "captcha-bypass",
    "sucuri_cloudproxy_js",
    "_incapsula_resource",
    "px-captcha",
    "captcha-delivery.com",
    "/recaptcha/challenge",
    "awswafcookiedomainlist",
    "validatecaptcha",
    "challenge-running",
    "window.kpsdk",
    "/authwall?",
    "token.awswaf.com",
    "smartcaptcha",
];

/// Marks that ordinary pages behind the same services carry as well: they count where there is hardly anything else.
const WEAK_MARKS: [&str; 7] = [
    "/cdn-cgi/challenge-platform",
    "__cf$cv$params",
    "/cdn-cgi/bm/cv/",
    "datadome",
    "g-recaptcha",
    "h-captcha",
    "ak_bmsc",
];

/// A page smaller than this that shows nothing and carries a weak mark is nothing but the check, bytes.
const SHELL: usize = 5_000;

/// What kind of page stands in the way, if one does; words for the owner.
pub fn block_page(page: &str) -> Option<&'static str> {
    let lower = page.to_ascii_lowercase();
    let title = memmem::find(lower.as_bytes(), b"<title").and_then(|at| {
        let rest = &lower[at..];
        let start = rest.find('>')? + 1;
        rest[start..].split('<').next()
    });
    let title = plain::entities(title.unwrap_or("").trim()).into_owned();
    let body = visible(page).to_lowercase();
    if body.len() > LITTLE {
        return None;
    }
    let named = TITLES.iter().any(|t| title.starts_with(t) || (t.len() > 12 && title.contains(t)));
    let said = WORDS.iter().any(|w| body.contains(w) || (body.is_empty() && lower.contains(w)));
    let has = |marks: &[&str]| marks.iter().any(|m| memmem::find(lower.as_bytes(), m.as_bytes()).is_some());
    let strong = has(&MARKS);
    let weak = has(&WEAK_MARKS);
    let bare = body.len() < 300;
    match (named, said, strong || weak) {
        (_, _, true) if named || said || (bare && (strong || page.len() < SHELL)) => {
            Some("A captcha or browser check stands in the way of the page.")
        }
        (true, _, _) => Some("The site refuses the page to us (access denied or a check for robots)."),
        (_, true, _) => Some("The site asks for proof that a person is reading."),
        _ => None,
    }
}

/// The text that a reader would see, `<noscript>` included; reading stops once it is clearly a page of content.
fn visible(page: &str) -> String {
    let mut text = String::new();
    let mut skip = false;
    for token in markup::html(page) {
        match token {
            markup::Token::Open { name, .. } => {
                skip = ["script", "style", "title"].iter().any(|n| name.eq_ignore_ascii_case(n));
            }
            markup::Token::Close { .. } => skip = false,
            markup::Token::Text(t) => {
                for word in plain::entities(t).split_whitespace() {
                    text.push_str(word);
                    text.push(' ');
                }
            }
            markup::Token::Raw(t) if !skip => text.push_str(t),
            markup::Token::Raw(_) => {}
        }
        if text.len() > LITTLE {
            break;
        }
    }
    text
}
