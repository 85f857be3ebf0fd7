//! Sums of money that a text says were paid: "€42.50", "1.299,- Euro", "around 40 bucks", 1299元. Discounts, tips, weights, times of
//! the day and marks are none. It knows no order.

use super::tokens::{Kind, Token};

/// Sums of one text, at most.
const MOST: usize = 6;
/// Digits of a sum before the decimals, at most.
const MOST_DIGITS: usize = 9;
/// The largest, in hundredths.
const LARGEST: i64 = 2_000_000_000;

/// A sum, as hundredths, between which what was paid may lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amount {
    /// As written.
    pub cents: i32,
    /// The least that may be meant.
    pub from: i32,
    /// The most.
    pub to: i32,
}

const SIGNS: [char; 12] = ['€', '$', '£', '¥', '￥', '₺', '₽', '₹', '₩', '₪', '₴', '฿'];

/// Currencies by name, and what they are called; parted by blanks, as [`super::tokens`] makes them comparable.
const CURRENCIES: &str = "euro euros eur usd dollar dollars bucks quid pound pounds gbp chf franken fr sfr francs franc zl zlote zlotych \
    zloty pln lira liras lirasi lire tl try rub rublei rublia rubl kr kronor kroner kronen sek nok dkk czk kc ft huf yuan rmb \
    reais real dolares dolar pesos peso dirham ريال درهم دينار جنيه ليره يورو دولار 元 块 塊 円 圆 원";
/// Before a sum that is not exact.
const ABOUT: &str = "about around nearly almost roughly approx approximately circa ca etwa rund ungefahr knapp fast gut uber over environ \
    presque pres plus quasiment unos unas casi sobre alrededor cerca quasi circa quase ongeveer bijna rond okolo prawie ponad \
    yaklasik primerno pochti under less حوالي تقريبا 约 約 大约 近";
/// Words beside sums that were not what an order cost, by how they begin.
const OTHERWISE: &[&str] = &[
    "off",
    "discount",
    "rabatt",
    "nachlass",
    "saved",
    "saving",
    "save",
    "gespart",
    "sparen",
    "remise",
    "reduc",
    "descuent",
    "ahorr",
    "sconto",
    "risparm",
    "descont",
    "poup",
    "korting",
    "bespaar",
    "rabat",
    "znizk",
    "oszczed",
    "indirim",
    "skidk",
    "tip",
    "tips",
    "tipped",
    "trinkgeld",
    "pourboire",
    "propina",
    "mancia",
    "gorjeta",
    "fooi",
    "napiw",
    "bahsis",
    "chaev",
    "voucher",
    "coupon",
    "gutschein",
    "bon",
    "cheaper",
    "gunstiger",
    "billiger",
    "fine",
    "fee",
    "versand",
    "shipping",
    "delivery",
    "livraison",
    "envio",
    "spediz",
    "frete",
    "verzend",
    "wysylk",
    "kargo",
    "dostavk",
    "mehr",
    "zuviel",
    "extra",
    "deposit",
    "خصم",
    "折",
];
/// Behind numbers that are no sums.
const UNITS: &str = "kg g gr km m cm mm l ml h min mins minutes minuten minutos minuti minuty hours hour hrs stunden heures horas ore uhr am \
    pm stars star sterne etoiles estrellas stelle estrelas sterren gwiazdek people personen personnes personas persone days tage jours \
    dias giorni times mal fois years jahre metres meter meters miles followers orders points punkte degrees grad o uur godz saat 分 点 時 人 个 個 次";
/// Before times of the day.
const TIMES: &str = "um ab bis at until till from gegen a las les alle tegen om o w ب";

fn is(list: &str, token: Option<&Token>) -> bool {
    token.is_some_and(|t| t.is_word() && list.split_ascii_whitespace().any(|w| w == t.text))
}

fn currency(token: Option<&Token>) -> bool {
    token.is_some_and(|t| t.kind == Kind::Mark && t.text.starts_with(SIGNS)) || is(CURRENCIES, token)
}

/// A number with its groups and decimals.
struct Figure {
    cents: i64,
    decimals: bool,
    /// Behind its last piece.
    end: usize,
}

/// Every sum that may have been paid. `taken` are pieces that are a date's, or an order's.
pub fn paid(tokens: &[Token], taken: &[bool]) -> Vec<Amount> {
    let mut found: Vec<Amount> = Vec::new();
    let mut at = 0;
    while at < tokens.len() && found.len() < MOST {
        if tokens[at].kind != Kind::Number || taken.get(at).copied().unwrap_or(false) {
            at += 1;
            continue;
        }
        let (amount, end) = sum(tokens, at);
        found.extend(amount.filter(|a| !found.contains(a)));
        at = end.max(at + 1);
    }
    found
}

fn sum(tokens: &[Token], at: usize) -> (Option<Amount>, usize) {
    let before = at.checked_sub(1).map(|n| &tokens[n]);
    // A minus, a slash, a word that runs into it: part of something else.
    let glued = before.is_some_and(|t| {
        !tokens[at].gap
            && !currency(Some(t))
            && !matches!(t.text.as_str(), "(" | "\"" | "'" | "=" | ":" | "~" | "≈")
            && t.kind != Kind::Sign
    });
    let signed_before = currency(before);
    let Some(figure) = figure(tokens, at, signed_before) else { return (None, at + 1) };
    let mut end = figure.end;
    // "42.-", "1.299,--".
    let round = tokens.get(end).is_some_and(|t| !t.gap && (t.is_mark('.') || t.is_mark(',')))
        && tokens.get(end + 1).is_some_and(|t| !t.gap && matches!(t.text.as_str(), "-" | "–" | "—"));
    if round {
        end += 2;
        end += usize::from(tokens.get(end).is_some_and(|t| t.is_mark('-')));
    }
    let signed_behind = currency(tokens.get(end));
    let mut cents = figure.cents;
    let mut decimals = figure.decimals;
    if signed_behind {
        end += 1;
        // "42€50".
        let rest = tokens.get(end).filter(|t| !t.gap && t.text.len() == 2 && !figure.decimals);
        if let Some(rest) = rest.and_then(Token::number).filter(|_| tokens[end - 1].kind == Kind::Mark) {
            cents += i64::from(rest);
            decimals = true;
            end += 1;
        }
    }
    let signed = signed_before || signed_behind || round;
    let next = tokens.get(end);
    let unit =
        next.is_some_and(|t| matches!(t.text.as_str(), "%" | "/" | "°" | "*" | "★" | ":")) || is(UNITS, next);
    let part = next.is_some_and(|t| !t.gap && matches!(t.kind, Kind::Number | Kind::Word));
    let large = is(
        "million millions mio mrd billion tausend thousand k mila mille mil tys tysiecy bin milyon тыс millionov 万 億 亿",
        next,
    );
    let time = !signed && cents < 2400 && cents % 100 < 60 && is(TIMES, before);
    if glued
        || (!signed && (!figure.decimals || unit || part))
        || time
        || large
        || cents <= 0
        || otherwise(tokens, at, end)
    {
        return (None, end);
    }
    let Some(cents) = i32::try_from(cents).ok().filter(|c| i64::from(*c) <= LARGEST) else {
        return (None, end);
    };
    let words = (1..=3).filter_map(|n| Some(&tokens[at.checked_sub(n)?]));
    let about = words
        .take_while(|t| t.kind != Kind::Number && !matches!(t.text.as_str(), "." | "!" | "?"))
        .any(|t| is(ABOUT, Some(t)));
    let slack = if about { (i64::from(cents) * 8 / 100).min(LARGEST) as i32 } else { 0 };
    let rest = if decimals { 0 } else { 99 };
    let amount = Amount {
        cents,
        from: cents.saturating_sub(slack.max(if about { rest } else { 0 })),
        to: cents.saturating_add(slack.max(rest)),
    };
    (Some(amount), end)
}

/// Reads "1.299,00", "1'299", "1 299", "42,5": groups of three, and what stands behind the last sign.
fn figure(tokens: &[Token], at: usize, signed: bool) -> Option<Figure> {
    let mut whole = tokens[at].text.clone();
    let mut end = at + 1;
    let mut last: Option<char> = None;
    let three = |n: usize| tokens.get(n).filter(|t| t.kind == Kind::Number && t.text.len() == 3);
    let mut cents = 0;
    let mut decimals = false;
    while let Some(next) = tokens.get(end) {
        if next.kind == Kind::Mark
            && !next.gap
            && tokens.get(end + 1).is_some_and(|t| t.kind == Kind::Number && !t.gap)
        {
            let sign = next.text.chars().next()?;
            let sign = match sign {
                '٫' => ',',
                '٬' | '’' | '\'' | '´' => '\'',
                c => c,
            };
            if !matches!(sign, '.' | ',' | '\'') {
                break;
            }
            let piece = &tokens[end + 1].text;
            let thousands = piece.len() == 3
                && whole.trim_start_matches('0').len() == whole.len()
                && last.is_none_or(|l| l == sign)
                && tokens[at].text.len() <= 3;
            if thousands {
                whole.push_str(piece);
                last = Some(sign);
            } else if piece.len() <= 2 && last != Some(sign) && sign != '\'' {
                let digits: i64 = piece.parse().ok()?;
                cents = if piece.len() == 1 { digits * 10 } else { digits };
                decimals = piece.len() == 2;
                end += 2;
                // A third piece: a date, a version, an address.
                let more = tokens.get(end).is_some_and(|t| t.kind == Kind::Mark && !t.gap && !t.is_mark('-'))
                    && tokens.get(end + 1).is_some_and(|t| t.kind == Kind::Number && !t.gap);
                return (!more).then(|| {
                    Some(Figure {
                        cents: whole.parse::<i64>().ok().filter(|_| whole.len() <= MOST_DIGITS)? * 100
                            + cents,
                        decimals,
                        end,
                    })
                })?;
            } else {
                return None;
            }
            end += 2;
        } else if three(end).is_some_and(|t| t.gap)
            && tokens[at].text.len() <= 3
            && (signed || {
                let mut behind = end + 1;
                while behind < end + MOST_DIGITS && three(behind).is_some_and(|t| t.gap) {
                    behind += 1;
                }
                let decimal = tokens.get(behind).is_some_and(|t| !t.gap && t.is_mark(','));
                decimal || currency(tokens.get(behind))
            })
        {
            whole.push_str(&next.text);
            last = Some(' ');
            end += 1;
        } else {
            break;
        }
        if whole.len() > MOST_DIGITS {
            return None;
        }
    }
    let whole: i64 = whole.parse().ok().filter(|_| whole.len() <= MOST_DIGITS)?;
    Some(Figure { cents: whole * 100 + cents, decimals, end })
}

/// Whether the words around say that it was a discount, a tip, the delivery.
fn otherwise(tokens: &[Token], at: usize, end: usize) -> bool {
    let stop = |t: &&Token| t.kind != Kind::Mark || !matches!(t.text.as_str(), "." | "!" | "?" | ";" | "。");
    let said = |t: &Token| {
        OTHERWISE.iter().any(|word| match *word {
            "off" | "tip" | "fine" | "fee" | "bon" | "save" | "mehr" | "extra" => t.text == *word,
            word => t.text.starts_with(word),
        })
    };
    let before = tokens[..at].iter().rev().take(4).take_while(stop).any(said);
    let too_much = tokens.get(end).is_some_and(|t| matches!(t.text.as_str(), "too" | "zu" | "zuviel"));
    before || too_much || tokens[end.min(tokens.len())..].iter().take(3).take_while(stop).any(said)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::text::tokens::cut;

    fn of(text: &str) -> Vec<i32> {
        paid(&cut(text), &[]).into_iter().map(|a| a.cents).collect()
    }

    #[test]
    fn sums_are_read_as_people_write_them() {
        for text in
            ["€42.50", "42,50 €", "paid 42.50", "EUR 42,50", "42€50", "R$ 42,50", "42.5 euros", "٤٢٫٥٠ ريال"]
        {
            assert_eq!(of(text), [4250], "{text}");
        }
        for text in ["$1,299", "1.299,00 €", "CHF 1'299.-", "1 299 €", "1299元", "1.299,-"] {
            assert_eq!(of(text), [129_900], "{text}");
        }
        for text in [
            "42.50 kg",
            "at 12.50",
            "um 12.50 Uhr",
            "a tip of $5",
            "€10 off",
            "20 %",
            "4.50/5",
            "1.2.34.56",
            "42",
        ] {
            assert!(of(text).is_empty(), "{text}: {:?}", of(text));
        }
        assert_eq!(paid(&cut("around 40 bucks"), &[])[0].to, 4320);
    }
}
