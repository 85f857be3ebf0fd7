//! What a text gives away of a purchase, in thirteen languages: two customers of one name, whom only the text can tell apart. Each
//! line is a text, whose it is, and the evidence that must, or must not, be given.

use goodword::identity::{Index, Order};
use goodword_shared::{
    Author, Mention, Time,
    customer::CustomerFacts,
    matching::{Decision, Identification},
};

/// Whose a text is.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Whose {
    /// The first customer's: bought on 3 March 2026, a Tuesday, for 42.50.
    A,
    /// The other one's: on 14 February 2026 for 1,299.
    B,
    /// It could be either's.
    Either,
}
use Whose::{A, B, Either};

/// A shop: its language, its two orders' numbers, products, branches, staff.
type Shop = (&'static str, [&'static str; 2], [&'static str; 3], [&'static str; 3]);

const SHOPS: [Shop; 13] = [
    ("en", ["1042", "2077"], ["Walnut desk", "Riverside", "Priya"], ["Reading lamp", "Old Market", "Ben"]),
    (
        "de",
        ["A-1042/23", "A-2077/23"],
        ["Eichenregal", "Altstadt", "Lukas"],
        ["Leselampe", "Filiale Hauptbahnhof", "Greta"],
    ),
    (
        "fr",
        ["001042", "002077"],
        ["Chaise de bureau", "Vieux Port", "Amélie"],
        ["Lampe de chevet", "Place du Marché", "Joris"],
    ),
    (
        "es",
        ["1042", "2077"],
        ["Mesa de nogal", "Plaza Mayor", "Inés"],
        ["Lámpara de pie", "Puerta del Sol", "Diego"],
    ),
    (
        "it",
        ["ORD-1042", "ORD-2077"],
        ["Tavolo in noce", "Porta Romana", "Chiara"],
        ["Lampada da terra", "Via Garibaldi", "Marco"],
    ),
    (
        "pt",
        ["1042", "2077"],
        ["Mesa de carvalho", "Baixa", "Inês"],
        ["Cadeira de escritório", "Alfama", "Rui"],
    ),
    (
        "nl",
        ["2026-1042", "2026-2077"],
        ["Eiken kast", "Oude Markt", "Joris"],
        ["Leeslamp", "Stationsplein", "Sanne"],
    ),
    (
        "pl",
        ["ZAM/1042/26", "ZAM/2077/26"],
        ["Stolik dębowy", "Stary Rynek", "Marek"],
        ["Lampa stojąca", "Dworzec", "Hania"],
    ),
    ("tr", ["1042", "2077"], ["Ceviz masa", "Kadıköy", "Yusuf"], ["Okuma lambası", "Beşiktaş", "Elif"]),
    ("ru", ["1042", "2077"], ["Дубовый стол", "Садовая", "Марина"], ["Настольная лампа", "Арбат", "Олег"]),
    ("ar", ["1042", "2077"], ["طاولة خشبية", "فرع الزهراء", "ليلى"], ["مصباح مكتب", "فرع النيل", "عمر"]),
    ("zh", ["1042", "2077"], ["胡桃木书桌", "中山路店", "王丽"], ["台灯", "南京路店", "张伟"]),
    ("ja", ["1042", "2077"], ["ウォールナットデスク", "渋谷店", "佐藤"], ["読書灯", "新宿店", "鈴木"]),
];

fn time(day: &str) -> Option<Time> {
    format!("{day}T12:00:00Z").parse().ok()
}

fn person(name: &str) -> CustomerFacts {
    CustomerFacts { name: name.into(), ..CustomerFacts::default() }
}

fn shop((_, numbers, a, b): Shop) -> Index {
    let mut index = Index::new();
    index.insert("A", &person("Ruth Winter"));
    index.insert("B", &person("Ruth Winter"));
    let order =
        |id: String, customer: &str, day: &str, amount: f64, [product, branch, staff]: [&str; 3]| Order {
            id,
            customer: customer.into(),
            date: time(day),
            product: Some(product.into()),
            amount: Some(amount),
            branch: Some(branch.into()),
            staff: Some(staff.into()),
        };
    index.insert_order(&order(numbers[0].into(), "A", "2026-03-03", 42.5, a));
    index.insert_order(&order(numbers[1].into(), "B", "2026-02-14", 1299.0, b));
    // Everybody else buys the same things on other days.
    for n in 0..60 {
        let (key, name) = (format!("f{n}"), format!("Customer{} Other{}", n % 7, n % 11));
        index.insert(&key, &person(&name));
        let day = format!("2026-{:02}-{:02}", 1 + n % 3, 1 + (n * 7) % 28);
        let what = [[a, b][n % 2][0], [a, b][n / 2 % 2][1], [a, b][n / 4 % 2][2]];
        let id = numbers[0].replace("1042", &(5000 + n).to_string());
        index.insert_order(&order(id, &key, &day, 20.0 + n as f64 * 9.35, what));
    }
    index.settle();
    index
}

fn says(index: &Index, author: &str, day: &str, text: &str) -> Identification {
    let author = Author { name: Some(author.into()), ..Author::default() };
    let published_at = time(day);
    index.identify(&Mention { author, text: text.into(), published_at, ..Mention::default() }, &[])
}

fn sure(found: &Identification, customer: &str) -> f64 {
    found.candidates.iter().find(|c| c.customer == customer).map_or(0.0, |c| c.probability).max(1e-4)
}

fn evidence(found: &Identification, customer: &str) -> Vec<(String, String)> {
    let one = found.candidates.iter().find(|c| c.customer == customer);
    one.map(|c| c.evidence.iter().map(|e| (e.kind.clone(), e.text.clone())).collect()).unwrap_or_default()
}

/// Language, text, whose, the kind of evidence; a text without a day was written on Thursday, 12 March 2026.
const TEXTS: &[(&str, &str, &str, Whose, &str)] = &[
    // Order numbers in every dress.
    ("en", "", "My order #1042 never arrived.", A, "order"),
    ("en", "", "ORDER NO. 1042 WAS LATE!!!", A, "order"),
    ("en", "", "order 1,042 arrived", A, "order"),
    ("en", "", "ref 0001042: no reply so far", A, "order"),
    ("en", "", "order 9999 and order 1042 both came", A, "order"),
    ("de", "", "Bestellnr. A 1042 / 23, bitte melden", A, "order"),
    ("de", "", "Bestellung Nr. 1042 kam kaputt an", A, "order"),
    ("fr", "", "commande n° 1042 jamais reçue", A, "order"),
    ("es", "", "pedido 1.042 sin llegar", A, "order"),
    ("it", "", "numero d'ordine 1042", A, "order"),
    ("nl", "", "Bestelling 20261042 nooit aangekomen", A, "order"),
    ("pl", "", "zamówienia ZAM-1042-26", A, "order"),
    ("tr", "", "1042 numaralı siparişim gelmedi", A, "order"),
    ("ru", "", "номер заказа 1042", A, "order"),
    ("ar", "", "رقم الطلب ١٠٤٢ لم يصل", A, "order"),
    ("zh", "", "我的订单１０４２没到", A, "order"),
    ("ja", "", "注文番号1042が届きません", A, "order"),
    // Numbers that are something else, or nearly it.
    ("en", "", "order 1043 was late", Either, "order"),
    ("en", "", "order 10422 was late", Either, "order"),
    ("en", "", "It is €1042 too much", Either, "order"),
    ("en", "", "Call me on 020 1042 5599", Either, "order"),
    ("en", "", "I have 1042 followers, order from shop since 1999", Either, "order"),
    ("de", "", "Die Lieferung kostete 1042 Euro zu viel", Either, "order"),
    ("ja", "", "1042人が並んでいた", Either, "order"),
    // Days, absolute.
    ("en", "", "on the 3rd of March", A, "date"),
    ("en", "", "visited 03/03/2026", A, "date"),
    ("en", "", "visited 02/14/2026", B, "date"),
    ("en", "", "on Valentine's Day", B, "date"),
    ("de", "", "Am 3.3. gekauft", A, "date"),
    ("es", "", "a principios de marzo", A, "date"),
    ("tr", "", "14 Şubat'ta aldım", B, "date"),
    ("ar", "", "يوم ٣ مارس", A, "date"),
    ("zh", "", "三月三日去的", A, "date"),
    // Days, told from the one it was written on.
    ("en", "", "last Tuesday was a joy", A, "date"),
    ("de", "2026-03-05", "vorgestern gekauft", A, "date"),
    ("fr", "2026-02-17", "le week-end dernier", B, "date"),
    ("it", "2026-03-05", "l'altro ieri", A, "date"),
    ("nl", "2026-03-10", "een week geleden", A, "date"),
    ("pl", "2026-03-10", "w zeszłym tygodniu", A, "date"),
    ("pt", "2026-03-06", "há três dias", A, "date"),
    ("ru", "2026-03-06", "три дня назад", A, "date"),
    ("ja", "2026-03-06", "3日前に買いました", A, "date"),
    ("en", "", "I will come again next Tuesday, they are closed on Tuesdays", Either, "date"),
    ("en", "", "It takes 3 men to march on, 3/5, on my birthday", Either, "date"),
    ("de", "2026-03-04", "hier ist es schön und ich komme morgen wieder", Either, "date"),
    // Sums.
    ("de", "", "habe 42,50 € bezahlt", A, "amount"),
    ("fr", "", "payé 42€50", A, "amount"),
    ("en", "", "it cost around 40 bucks", A, "amount"),
    ("en", "", "CHF 1'299.-", B, "amount"),
    ("zh", "", "花了1299元", B, "amount"),
    ("en", "", "They gave me €42.50 off, 42.50 kg of it, opened at 12.50", Either, "amount"),
    // Products, branches, staff in any form.
    ("en", "", "A desk made of walnut", A, "product"),
    ("nl", "", "De eikenkasten zijn mooi", A, "product"),
    ("pl", "", "ze stolikiem dębowym jest problem", A, "product"),
    ("ru", "", "настольной лампой доволен", B, "product"),
    ("ja", "", "デスクが素敵です", A, "product"),
    ("de", "", "In der Altstadt-Filiale", A, "branch"),
    ("ru", "", "магазин на Садовой", A, "branch"),
    ("zh", "", "在中山路买的", A, "branch"),
    ("de", "", "Gretas Beratung war gut", B, "staff"),
    ("ru", "", "спасибо Марине", A, "staff"),
    ("ja", "", "鈴木さん、ありがとう", B, "staff"),
    ("en", "", "I have ben there", Either, "staff"),
    // Nothing.
    ("en", "", "Great service, friendly people, 10/10!", Either, "product"),
    ("zh", "", "非常好", Either, "date"),
];

#[test]
fn what_a_text_says_of_a_purchase_is_understood_in_every_language() {
    let shops: Vec<(&str, Index)> = SHOPS.into_iter().map(|one| (one.0, shop(one))).collect();
    let mut wrong = Vec::new();
    for (language, day, text, whose, kind) in TEXTS {
        let (_, index) = shops.iter().find(|(code, _)| code == language).expect("its shop is there");
        let found = says(index, "Ruth Winter", if day.is_empty() { "2026-03-12" } else { day }, text);
        let (a, b) = (sure(&found, "A"), sure(&found, "B"));
        let speaks = |customer: &str| {
            let against = ["never", "nothing", "not in"];
            let list = evidence(&found, customer);
            list.iter().any(|(k, text)| k == kind && !against.iter().any(|word| text.contains(word)))
        };
        let right = match whose {
            A => a > 1.5 * b && speaks("A"),
            B => b > 1.5 * a && speaks("B"),
            Either => a < 1.3 * b && b < 1.3 * a && !speaks("A") && !speaks("B"),
        };
        if !right {
            wrong.push(format!("{language} “{text}”: {whose:?} by {kind}, but {a:.3} and {b:.3}: {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn the_evidence_says_what_was_bought_and_what_never_was() {
    let index = shop(SHOPS[0]);
    let text = "Bought the walnut desk on 3 March for €42.50, Priya at Riverside was patient.";
    let found = says(&index, "Ruth Winter", "2026-03-12", text);
    assert_eq!(found.decision, Decision::Linked);
    let words: Vec<String> = evidence(&found, "A").into_iter().map(|(_, text)| text).collect();
    for wanted in [
        "Names “Walnut desk”, which they bought",
        "Names Riverside, where they bought “Walnut desk”",
        "Names Priya, who served them",
        "Tells of 3 March 2026, when they bought “Walnut desk”",
        "Names what they paid, 42.50",
    ] {
        assert!(words.iter().any(|text| text == wanted), "{wanted}: {words:?}");
    }
    let mut index = index;
    index.insert("B", &person("Greta Sommer"));
    let found = says(&index, "Ruth Winter", "2026-03-12", "On 14 February at Old Market");
    let words: Vec<String> = evidence(&found, "A").into_iter().map(|(_, text)| text).collect();
    for wanted in ["Ruth Winter never bought at Old Market", "Ruth Winter bought nothing on 14 February 2026"]
    {
        assert!(words.iter().any(|text| text == wanted), "{wanted}: {words:?}");
    }
    let found = says(&index, "Ruth Winter", "2026-03-12", "My order 9999 never came.");
    let wanted = "Quotes order 9999, which is not in the records";
    assert!(evidence(&found, "A").iter().any(|(_, text)| text == wanted), "{found:?}");
}

#[test]
fn whoever_writes_may_be_of_the_household() {
    let mut index = shop(SHOPS[0]);
    index.insert("A", &person("Ruth Sommer"));
    let found = says(&index, "Karl Sommer", "2026-03-12", "My wife ordered it, order 1042 never came.");
    assert!(found.decision != Decision::None && found.candidates[0].customer == "A", "{found:?}");
    assert!(evidence(&found, "A").iter().any(|(kind, _)| kind == "household"), "{found:?}");
    // A name said in the text that is the author's own is nobody of the staff.
    let found = says(&index, "Priya Winter", "2026-03-12", "Lovely shop. Priya");
    assert!(found.candidates.iter().all(|c| c.evidence.iter().all(|e| e.kind != "staff")), "{found:?}");
}

#[test]
fn a_hostile_text_is_read_only_so_far() {
    let index = shop(SHOPS[0]);
    for text in
        ["1042 ".repeat(40_000), "3 March 2026, ".repeat(20_000), "1".repeat(200_000), "三".repeat(60_000)]
    {
        let found = says(&index, "Ruth Winter", "2026-03-12", &text);
        assert!(found.candidates.iter().all(|c| (0.0..=1.0).contains(&c.probability)));
    }
}

fn reasons(found: &Identification) -> Vec<&str> {
    let best = found.candidates.first();
    best.map(|best| best.evidence.iter().map(|one| one.text.as_str()).collect()).unwrap_or_default()
}

#[test]
fn towns_are_told_as_the_records_write_them_and_nobody_lives_in_their_own_name() {
    let mut index = Index::new();
    let lives = |name: &str, city: &str| CustomerFacts { city: Some(city.into()), ..person(name) };
    index.insert("K", &lives("Ruth Winter", "Köln"));
    index.insert("P", &lives("王小明", "北京"));
    index.insert("F", &lives("Florence Dupont", "Florence"));
    for n in 0..40 {
        index.insert(&format!("n{n}"), &lives(&format!("Customer{} Other{}", n % 7, n % 11), "Ulm"));
    }
    index.settle();
    let wrote = |name: &str, location: Option<&str>, text: &str| {
        let author =
            Author { name: Some(name.into()), location: location.map(str::to_owned), ..Author::default() };
        index.identify(&Mention { author, text: text.into(), ..Mention::default() }, &[])
    };
    assert!(reasons(&wrote("Ruth Winter", Some("KÖLN"), "")).contains(&"Both in Köln"));
    assert!(reasons(&wrote("王小明", None, "我住在北京。")).contains(&"Names 北京, where they live"));
    assert!(reasons(&wrote("Florence Dupont", None, "I live near Florence Cathedral")).len() == 2);
    assert!(
        reasons(&wrote("F. Dupont", None, "I live in Florence"))
            .iter()
            .any(|one| one.contains("Florence, where"))
    );
}
