//! What authors say of themselves: that somebody of the family was in it, that they never bought. It knows no customer.

use super::tokens::{Kind, Token};

const MINE: &str = "my our mein meine meiner meinem meinen unser unsere unserem mon ma notre mi mis nuestro nuestra mio mia nostro nostra meu \
    minha nosso mijn onze m moj moja moim mojego mojej moj moi moia moemu moei moego moiu nash";
const FAMILY: &str = "husband wife partner spouse hubby boyfriend girlfriend fiance fiancee mum mom mother father dad parents son daughter brother \
    sister grandma grandpa mann frau partner partnerin mutter vater eltern sohn tochter freund freundin oma opa mari femme epoux epouse \
    mere pere parents compagnon compagne fils fille marido esposo esposa mujer madre padre hijo hija pareja novio novia marito moglie \
    mamma papa figlio figlia compagno compagna fidanzato fidanzata mae pai filho filha namorado namorada vrouw man moeder vader zoon \
    dochter vriend vriendin maz mezem meza zona zone zony mama mamy tata taty matka matki ojciec syn syna corka corki muzh muzhem muzha \
    zhena zhenoi zhenu zheny mama mamy papa papy syn syna doch";
/// Words that say whose it is by themselves.
const OF_MINE: &str =
    "esim esimle kocam karim annem babam oglum kizim زوجي زوجتي امي ابي والدتي والدي ابني ابنتي";
const SIGNS: &[&str] = &[
    "老公",
    "老婆",
    "太太",
    "丈夫",
    "妻子",
    "妈妈",
    "我妈",
    "我爸",
    "儿子",
    "女儿",
    "妻と",
    "夫と",
    "主人と",
    "旦那",
    "家内",
    "母と",
    "父と",
    "妻が",
    "夫が",
    "母の",
    "息子",
    "彼女と",
    "彼氏",
];
/// Words in a row of those who did not buy.
const NEVER: &[&str] = &[
    "never been there",
    "never been to",
    "never been inside",
    "never bought here",
    "never bought there",
    "never bought from",
    "never bought anything",
    "never ordered here",
    "never ordered from",
    "never ordered anything",
    "never shopped",
    "not a customer",
    "no customer",
    "haven t been there",
    "haven t bought",
    "haven t ordered",
    "haven t tried",
    "have not bought",
    "have not ordered",
    "thinking of buying",
    "thinking about buying",
    "considering buying",
    "has anyone bought",
    "has anyone tried",
    "anyone been there",
    "planning to buy",
    "noch nie dort",
    "noch nie da",
    "noch nie gekauft",
    "noch nie bestellt",
    "noch nichts gekauft",
    "nie etwas gekauft",
    "kein kunde",
    "keine kundin",
    "uberlege zu kaufen",
    "hat jemand erfahrung",
    "jamais alle",
    "jamais allee",
    "jamais rien achete",
    "jamais achete",
    "jamais commande",
    "pas client",
    "pas cliente",
    "nunca he comprado",
    "nunca he estado",
    "nunca he pedido",
    "nunca compre",
    "no soy cliente",
    "no soy clienta",
    "non sono cliente",
    "mai comprato",
    "mai stato qui",
    "mai stato li",
    "mai ordinato",
    "nunca comprei",
    "nunca fui",
    "nunca encomendei",
    "nao sou cliente",
    "nooit geweest",
    "nooit gekocht",
    "nooit besteld",
    "geen klant",
    "nigdy nie bylem",
    "nigdy nie bylam",
    "nigdy nie kupilem",
    "nigdy nie kupilam",
    "nie jestem klientem",
    "nie jestem klientka",
    "hic gitmedim",
    "hic almadim",
    "musterisi degilim",
    "musteri degilim",
    "nikogda ne byl",
    "nikogda ne byla",
    "nikogda ne pokupal",
    "nikogda ne pokupala",
    "nikogda ne zakazyval",
    "nikogda ne zakazyvala",
];

/// Somebody of the family came along, ordered, or is whom it was for.
pub fn with_family(tokens: &[Token]) -> bool {
    let words: Vec<&Token> = tokens.iter().filter(|t| t.kind != Kind::Mark).collect();
    let is = |list: &str, word: &str| list.split_ascii_whitespace().any(|w| w == word);
    words.iter().enumerate().any(|(at, token)| match token.kind {
        Kind::Word => {
            is(OF_MINE, &token.text)
                || (is(FAMILY, &token.text)
                    && (words[at.saturating_sub(2)..at].iter().any(|t| is(MINE, &t.text))
                        || words
                            .get(at + 1..at + 3)
                            .is_some_and(|next| next[0].text == "and" && next[1].text == "i")))
        }
        Kind::Sign => {
            let two: String = words[at..].iter().take(2).map(|t| t.text.as_str()).collect();
            SIGNS.contains(&two.as_str())
        }
        _ => false,
    })
}

/// Whether the author says that they never bought here.
pub fn never_bought(tokens: &[Token]) -> bool {
    let words: Vec<&str> = tokens.iter().filter(|t| t.kind == Kind::Word).map(|t| t.text.as_str()).collect();
    words.iter().enumerate().any(|(at, word)| {
        NEVER.iter().any(|phrase| {
            let mut parts = phrase.split(' ');
            parts.next() == Some(word)
                && parts.enumerate().all(|(n, part)| words.get(at + 1 + n) == Some(&part))
        })
    })
}
