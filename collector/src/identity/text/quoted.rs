//! Order numbers that a text quotes, in whatever dress: "#1042", "Bestellnummer: A-1042/23", "order no. 1 042", 订单号1042. Numbers that
//! are something else are passed over. It knows the records' numbers, not whose they are.

use super::tokens::{Kind, Token};
use crate::identity::customers::purchases::{Purchase, Purchases};

/// Orders of one text, at most.
const MOST: usize = 4;
/// Numbers of one text that are looked up.
const LOOKED_UP: usize = 300;
/// Pieces that one number may be written in.
const PIECES: usize = 9;
/// So long, a number without a word for it may be an order's.
const LONG: usize = 5;

/// An order that is named.
#[derive(Clone, Debug)]
pub struct Quoted {
    /// Which.
    pub purchase: Purchase,
    /// As written.
    pub number: String,
    /// The platform gave it.
    pub given: bool,
    /// Odds that whoever wrote it is the one it belongs to, against anybody.
    pub odds: f64,
}

/// What a text quotes.
#[derive(Debug, Default)]
pub struct Quotes {
    /// Orders of these records.
    pub orders: Vec<Quoted>,
    /// A number that is called an order's and is in no record.
    pub unknown: Option<String>,
    /// Which of the text's pieces they are written in.
    pub taken: Vec<bool>,
}

/// What orders and what is written for them are called, by how the words begin.
const CALLED: &[&str] = &[
    "order",
    "invoic",
    "booking",
    "reserv",
    "receipt",
    "refer",
    "confirmation",
    "ticket",
    "purchase",
    "bestel",
    "auftrag",
    "rechnung",
    "buchung",
    "vorgang",
    "beleg",
    "quittung",
    "lieferschein",
    "commande",
    "facture",
    "pedido",
    "factura",
    "recib",
    "ordin",
    "fattur",
    "scontrin",
    "ricevut",
    "encomend",
    "fatura",
    "compra",
    "factuur",
    "kenmerk",
    "bon",
    "zamowien",
    "faktur",
    "paragon",
    "zakaz",
    "schet",
    "kvitan",
    "broni",
    "siparis",
    "fis",
    "rezerv",
    "طلب",
    "فاتوره",
    "حجز",
];
/// The same in signs.
const CALLED_SIGNS: &[&str] = &[
    "订单", "訂單", "单号", "單號", "注文", "予約", "伝票", "発票", "发票", "预订", "預訂", "领収", "주문",
    "예약",
];
/// What numbers are called.
const NUMBER: &str = "number no nr num numero numer nummer numara numarasi numarali nolu n nro nomer id code ref reference رقم 号 號 番";
/// Words between what it is called and the number.
const BETWEEN: &str = "is was the my with of and it s lautet ist war mit der die und n de del la le el est et que y es con e il di d o da to i w a \
    en van het te unser our mein meine ma mi meu minha moj moi";
/// Behind numbers that count something or cost something, and so are no order's.
const COUNTED: &str = "euro euros eur usd dollar dollars pounds gbp chf zl tl rub kr stars star sterne followers people personen days tage jours dias \
    years jahre times mal km m kg g cm minutes minuten hours stunden metres meters miles ad bc 人 元 円 天 日 年 月 次 个 個 円 点";

fn is(list: &str, token: &Token) -> bool {
    token.kind != Kind::Mark && list.split_ascii_whitespace().any(|w| w == token.text)
}

/// Finds them.
pub fn find(purchases: &Purchases, tokens: &[Token]) -> Quotes {
    let mut out = Quotes { taken: vec![false; tokens.len()], ..Quotes::default() };
    let (mut at, mut looked_up, mut last_called) = (0, 0, None);
    while at < tokens.len() && looked_up < LOOKED_UP && out.orders.len() < MOST {
        if tokens[at].kind != Kind::Number || out.taken[at] {
            at += 1;
            continue;
        }
        looked_up += 1;
        let called = called(tokens, at, last_called);
        let found = spans(tokens, at).into_iter().find_map(|(from, to)| {
            let key: String =
                tokens[from..to].iter().filter(|t| t.kind != Kind::Mark).map(|t| t.text.as_str()).collect();
            let bare = tokens[from..to].iter().all(|t| t.kind != Kind::Word);
            let clear = called != Called::No || (key.len() >= LONG && !is_part(tokens, from, to));
            let exact = purchases.by_number(&key).filter(|_| clear && sole(tokens, from, to));
            let core =
                || purchases.by_core(&key).filter(|_| called != Called::No && bare && sole(tokens, from, to));
            exact.or_else(core).map(|purchase| (from, to, *purchase, key))
        });
        match found {
            Some((from, to, purchase, key)) => {
                let number = written(&tokens[from..to]);
                let odds = odds(&key, called != Called::No);
                if out.orders.iter().all(|o| o.number != number) {
                    out.orders.push(Quoted { purchase, number, given: false, odds });
                }
                out.taken[from..to].iter_mut().for_each(|taken| *taken = true);
                last_called = (called != Called::No).then_some(to);
                at = to;
            }
            None => {
                let to = end_of_number(tokens, at);
                if called == Called::Order && tokens[at].text.len() >= 3 && sole(tokens, at, to) {
                    let number = written(&tokens[at..to]);
                    out.unknown.get_or_insert(number);
                    last_called = Some(to);
                }
                at += 1;
            }
        }
    }
    if !out.orders.is_empty() {
        out.unknown = None;
    }
    out
}

/// The longer the number, the less it is there by accident; a stranger hardly quotes one. Somebody else of the household may.
fn odds(key: &str, called: bool) -> f64 {
    let digits = key.bytes().filter(u8::is_ascii_digit).count().min(9) as i32;
    if called {
        10f64.powi(digits - 2).clamp(30.0, 1e5) * 30.0
    } else {
        10f64.powi(digits - 2).clamp(30.0, 1e6)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Called {
    /// By what an order is called.
    Order,
    /// It is called a number.
    Number,
    No,
}

/// Whether the words before a number, or just behind it, call it an order's.
fn called(tokens: &[Token], at: usize, last: Option<usize>) -> Called {
    let mut result = Called::No;
    let mut first = at;
    // The letters that a number begins with: "A-1042".
    let letters = |n: usize, at: usize| {
        let token = &tokens[n];
        token.kind == Kind::Word
            && token.text.len() <= 4
            && (token.capital || !tokens[at].gap)
            && !is(BETWEEN, token)
            && !begins(&token.text)
            && !is(NUMBER, token)
    };
    let join =
        |n: usize, at: usize| n > 0 && !tokens[at].gap && matches!(tokens[n].text.as_str(), "-" | "/" | "_");
    while first > 0 && at - first < 3 && (letters(first - 1, first) || join(first - 1, first)) {
        first -= 1;
    }
    for back in 1..=8 {
        let Some(n) = first.checked_sub(back) else { break };
        let token = &tokens[n];
        if Some(n + 1) == last && back <= 3 {
            return Called::Order;
        }
        match token.kind {
            Kind::Mark if matches!(token.text.as_str(), "#" | "№") => result = Called::Number,
            Kind::Mark
                if matches!(token.text.as_str(), "." | "!" | "?" | "。")
                    && tokens.get(n + 1).is_some_and(|t| t.gap)
                    && !(n > 0 && is(NUMBER, &tokens[n - 1]))
                    && !(n > 0 && abbreviated(&tokens[n - 1].text)) =>
            {
                break;
            }
            Kind::Mark if matches!(token.text.as_str(), "€" | "$" | "£" | "¥" | "%" | "+") => {
                return Called::No;
            }
            Kind::Mark => {}
            Kind::Number => break,
            Kind::Word if begins(&token.text) => return Called::Order,
            Kind::Sign if signs(tokens, n) => return Called::Order,
            Kind::Word | Kind::Sign if is(NUMBER, token) => result = Called::Number,
            Kind::Word if is(BETWEEN, token) && back <= 5 => {}
            Kind::Sign if back <= 5 => {}
            _ => break,
        }
    }
    let to = end_of_number(tokens, at);
    let behind = tokens[to..].iter().take(3).take_while(|t| t.kind != Kind::Mark || t.text == "-");
    for (n, token) in behind.enumerate() {
        let near = n == 0
            || tokens[to..to + n].iter().all(|t| is(NUMBER, t) || is(BETWEEN, t) || t.kind == Kind::Mark);
        if near && token.kind == Kind::Word && begins(&token.text) && (n > 0 || !token.text.ends_with("ed")) {
            // "I have 1042 orders" counts them.
            return if matches!(token.text.as_str(), "orders" | "bestellungen" | "commandes" | "pedidos") {
                result
            } else {
                Called::Order
            };
        }
    }
    result
}

fn begins(word: &str) -> bool {
    CALLED.iter().any(|called| match *called {
        "bon" | "fis" => word == *called || word == "fisi" || word == "bonnummer",
        "ordin" => word.starts_with("ordine") || word == "ordini",
        "compra" => word == "compra",
        "order" => word.starts_with("order") && !matches!(word, "orderly" | "ordered" | "ordering"),
        called => word.starts_with(called),
    })
}

fn abbreviated(word: &str) -> bool {
    word.len() <= 3 || word.ends_with("nr") || word.ends_with("nummer") || begins(word)
}

/// Whether signs that call an order end there, or a few signs before.
fn signs(tokens: &[Token], at: usize) -> bool {
    let from = at.saturating_sub(1);
    let two: String = tokens[from..=at].iter().map(|t| t.text.as_str()).collect();
    CALLED_SIGNS.contains(&two.as_str())
}

/// Where the run of digits ends that begins there: "1.042", "1 042" in groups of three.
fn end_of_number(tokens: &[Token], at: usize) -> usize {
    let mut end = at + 1;
    let three = |n: usize| tokens.get(n).is_some_and(|t| t.kind == Kind::Number && t.text.len() == 3);
    while tokens.get(end).is_some_and(|t| !t.gap && (t.is_mark('.') || t.is_mark(',')))
        && three(end + 1)
        && !tokens[end + 1].gap
    {
        end += 2;
    }
    end
}

/// Ways to take pieces around a number for one order number, the longest first.
fn spans(tokens: &[Token], at: usize) -> Vec<(usize, usize)> {
    let joins = |n: usize| {
        tokens[n].kind == Kind::Mark
            && matches!(tokens[n].text.as_str(), "-" | "/" | "." | "," | "_" | "–" | "#" | "'")
    };
    let mut starts = vec![at];
    let mut from = at;
    while from > 0 && at - from < 4 {
        let before = &tokens[from - 1];
        // "A 1042": a few letters before it.
        let letters = before.kind == Kind::Word && before.text.len() <= 6;
        let joined = joins(from - 1) && !tokens[from].gap;
        if !letters && !joined {
            break;
        }
        from -= 1;
        if letters {
            starts.push(from);
        }
    }
    let mut ends = vec![at + 1];
    let mut to = at + 1;
    while to < tokens.len() && to - at < PIECES {
        let next = &tokens[to];
        if matches!(next.kind, Kind::Number) || (next.kind == Kind::Word && next.text.len() <= 6) {
            to += 1;
            ends.push(to);
        } else if joins(to) {
            to += 1;
        } else {
            break;
        }
    }
    let mut all: Vec<(usize, usize)> = Vec::new();
    for to in ends.iter().rev() {
        all.extend(starts.iter().rev().map(|from| (*from, *to)));
    }
    all
}

/// Whether nothing runs into these pieces: not "2077x", not "1042.50", not "1042 Euro".
fn sole(tokens: &[Token], from: usize, to: usize) -> bool {
    let before = from.checked_sub(1).map(|n| &tokens[n]);
    let into = before.is_some_and(|t| {
        !tokens[from].gap
            && match t.kind {
                Kind::Number => true,
                Kind::Word => tokens[from].kind == Kind::Word || !(begins(&t.text) || is(NUMBER, t)),
                Kind::Mark => {
                    matches!(t.text.as_str(), "€" | "$" | "£" | "¥" | "+")
                        || (matches!(t.text.as_str(), "." | "," | "-" | "/")
                            && from > 1
                            && !t.gap
                            && tokens[from - 2].kind == Kind::Number)
                }
                Kind::Sign => false,
            }
    });
    let money = before
        .is_some_and(|t| matches!(t.text.as_str(), "€" | "$" | "£" | "¥" | "eur" | "usd" | "chf" | "+"));
    let next = tokens.get(to);
    let on = next.is_some_and(|t| {
        let glued = |n: usize| tokens.get(n).is_some_and(|t| !t.gap && matches!(t.kind, Kind::Number));
        match t.kind {
            Kind::Number | Kind::Word => !t.gap && !is(NUMBER, t) && !begins(&t.text),
            Kind::Mark => {
                !t.gap
                    && (matches!(t.text.as_str(), "%" | "€" | "$" | "£")
                        || (matches!(t.text.as_str(), "." | "," | "-" | "/" | ":") && glued(to + 1)))
            }
            Kind::Sign => false,
        }
    });
    let counted = next.is_some_and(|t| {
        is(COUNTED, t) || (t.kind == Kind::Mark && matches!(t.text.as_str(), "€" | "$" | "£" | "%" | "★"))
    });
    !into && !money && !on && !counted
}

/// Whether other numbers stand beside it, as in a telephone number.
fn is_part(tokens: &[Token], from: usize, to: usize) -> bool {
    let beside = |n: Option<usize>, step: fn(usize) -> Option<usize>| {
        let Some(n) = n else { return false };
        let Some(token) = tokens.get(n) else { return false };
        token.kind == Kind::Number
            || token.is_mark('+')
            || (matches!(token.text.as_str(), "-" | "/" | "." | "(" | ")")
                && step(n).and_then(|n| tokens.get(n)).is_some_and(|t| t.kind == Kind::Number))
    };
    // "10427 Berlin", "example.org/p/10427".
    let postcode = tokens[from..to].iter().all(|t| t.kind == Kind::Number)
        && to - from == 1
        && tokens[from].text.len() <= 6
        && tokens.get(to).is_some_and(|t| t.kind == Kind::Word && t.gap && t.capital);
    let path = from > 1
        && matches!(tokens[from - 1].text.as_str(), "/" | "=" | "@" | "_" | "&")
        && !tokens[from].gap
        && !tokens[from - 1].gap;
    postcode
        || path
        || beside(from.checked_sub(1), |n| n.checked_sub(1))
        || beside(Some(to), |n| n.checked_add(1))
}

/// As it stood in the text, but for case.
fn written(tokens: &[Token]) -> String {
    let mut out = String::new();
    for (n, token) in tokens.iter().enumerate() {
        if n > 0 && token.gap {
            out.push(' ');
        }
        match token.kind {
            Kind::Word => out.push_str(&token.text.to_uppercase()),
            _ => out.push_str(&token.text),
        }
    }
    out
}
