//! What stands around a name and is no part of it: titles, degrees, particles, legal forms; and what platforms write where
//! nobody is named. It knows words in Latin letters, and nobody's names.

use std::sync::LazyLock;

/// Words in order.
type Words = LazyLock<Vec<&'static str>>;

fn cut(words: &'static str) -> Vec<&'static str> {
    let mut words: Vec<&str> = words.split(' ').filter(|word| !word.is_empty()).collect();
    words.sort_unstable();
    words
}

fn among(word: &str, words: &[&'static str]) -> bool {
    words.binary_search(&word).is_ok()
}

/// Before a name.
static TITLES: Words = LazyLock::new(|| {
    cut("mr mrs ms miss mx dr prof professor doctor sir dame lady herr frau hr mme mlle madame monsieur \
     mademoiselle sr sra srta senor senora senorita don dona sig sigra signor signora dott dottssa avv \
     avvto cav geom rag ing dipl mag dhr mevr mevrouw meneer drs lic licda rev reverend capt captain col \
     maj sgt hon shri shree smt sri kumari haji hajji sheikh shaikh ustadh mgr phdr judr mudr rndr inz \
     pan pani bay bayan kyrios kyria m gn gospodin gospoza fr jun sen familie fam family famille famiglia \
     familia rodzina rodina semia perhe familjen the el los las les")
});

/// After another title only.
static AFTER_TITLE: Words =
    LazyLock::new(|| cut("med habil rer nat hc univ dent vet jur phil h c mult ing em"));

/// Behind a name.
static DEGREES: Words = LazyLock::new(|| {
    cut("jr jun junior senior sen sr ii iii iv esq esquire mba msc bsc phd md cpa dds llm llb jd rn obe mbe \
     ret dipl family familie san sama sensei ssi nim ji bey hanim garu saheb sahib")
});

/// Words of these lists that are names as well: with one other word they are taken for one.
static NAMES_TOO: Words = LazyLock::new(|| {
    cut("don dona sig ing mag sen jun junior senior fr hr miss lady dame pan bay m rag col maj hon ii md jd \
     ji san nim bey cav lic el sri shri shree haji sheikh h c em nat vet phil bayan")
});

/// Small words inside family names; people leave them out.
static PARTICLES: Words = LazyLock::new(|| {
    cut("de del della dello degli dei di da do dos das du des la le les los las van von vom zu zur zum den \
     der vd vande vander ten ter te und and et al el bin ibn bint ben bn abu abou bou san af av st saint \
     mac y e i ul ur t")
});

/// What firms add to their name.
static FIRMS: Words = LazyLock::new(|| {
    cut(
        "gmbh kg kgaa ug ohg gbr ltd limited llc inc incorporated corp company plc sas sarl srl slu bv nv lda \
     ltda oy oyj aps kft zrt bt sro doo spzoo mbh llp pty ooo oao zao pao tov eood ood ead ike epe sti",
    )
});

/// The same, of letters that are names as well: only where they are written large, with stops, or far behind.
static FIRMS_TOO: Words = LazyLock::new(|| cut("ag sa as co spa sl ab cv ip ae kk eg eu ev"));

/// What platforms, shops and shy people write where nobody is named.
static NOBODY: Words = LazyLock::new(|| {
    cut("a an the un une una ein eine einer of from di de d damazon google amazon kindle facebook yelp \
     tripadvisor trustpilot booking user users nutzer nutzerin benutzer usuario usuaria utilisateur \
     utente utilizador gebruiker uzytkownik polzovatel kullanici kullanicisi yuza guest gast invitado \
     invite ospite convidado anonymous anonym anonyme anonymer anonimo anonima anonim anoniem \
     nimingyonghu niming verified verifizierter verifizierte verificado verifie verificato buyer kaufer \
     kunde kundin kunden customer client cliente klient klant acheteur comprador reviewer reviews review \
     member mitglied membre traveller traveler shopper deleted geloscht supprime hidden unknown unbekannt \
     inconnu desconocido null none undefined na n test tester local guide localguide elite happy owner \
     service support account profile private name noname nickname via by purchase compra rezension \
     bewertung fan top contributor")
});

/// What stands around a name in a handle.
static BEFORE_HANDLE: Words = LazyLock::new(|| {
    cut("thereal therealest real its itsme iam im hey hello the mister mr mrs ms miss dr xx x not official \
     just simply yo soy ich dj el la")
});
static BEHIND_HANDLE: Words = LazyLock::new(|| {
    cut("official oficial real xx x uk us usa de at ch fr it es nl photography photo photos pics travels \
     travel eats blog art music fit home life style jr phd md")
});

/// A word before it is known whether it is part of the name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    /// In lower-case Latin letters.
    pub text: String,
    /// Written in large letters among others that are not, or with stops between its letters.
    pub loud: bool,
    /// Written in small letters among others that are not.
    pub quiet: bool,
}

/// Whether it is a small word inside family names.
pub fn is_particle(word: &str) -> bool {
    among(word, &PARTICLES)
}

/// Whether it is what a firm adds to its name.
pub fn is_legal_form(word: &str) -> bool {
    among(word, &FIRMS) || among(word, &FIRMS_TOO)
}

/// Whether words name nobody: "A Google user", "Verified buyer".
pub fn is_nobody(words: &[String]) -> bool {
    words.iter().all(|word| says_nothing(word))
}

/// Whether a word is one that platforms write, or a number.
pub fn says_nothing(word: &str) -> bool {
    among(word, &NOBODY) || word.bytes().all(|b| b.is_ascii_digit())
}

/// What is left of a handle's word without what stands around names in handles; none where nothing does.
pub fn bare_handle(word: &str) -> Vec<&str> {
    let short = |rest: &&str| rest.len() >= 5;
    let heads = BEFORE_HANDLE.iter().filter_map(|head| word.strip_prefix(head)).filter(short);
    let tails = BEHIND_HANDLE.iter().filter_map(|tail| word.strip_suffix(tail)).filter(short);
    let both = |rest| BEHIND_HANDLE.iter().filter_map(move |tail: &&str| str::strip_suffix(rest, *tail));
    let inner: Vec<&str> = heads.clone().flat_map(both).filter(short).collect();
    let mut found: Vec<&str> = heads.chain(tails).chain(inner).collect();
    // The longest first: the least was taken away.
    found.sort_by_key(|rest| std::cmp::Reverse(rest.len()));
    found.truncate(6);
    found
}

/// Whether a part of a handle stands around names only.
pub fn is_around_handle(part: &str) -> bool {
    among(part, &BEFORE_HANDLE) || among(part, &BEHIND_HANDLE)
}

/// The words that are part of the name. `whole`: a full name rather than its given or family part.
pub fn kept(mut words: Vec<Word>, whole: bool) -> Vec<String> {
    join(&mut words);
    legal_forms(&mut words);
    titles(&mut words, whole);
    particles(&mut words, whole);
    words.into_iter().map(|word| word.text).collect()
}

/// How many words are more than an initial, but one.
fn others(words: &[Word], but: usize) -> usize {
    words
        .iter()
        .enumerate()
        .filter(|(at, word)| *at != but && word.text.len() > 1 && !is_particle(&word.text))
        .count()
}

/// Makes one word of what is one: "Mac Kinnon", "Abd al-Rahman".
fn join(words: &mut Vec<Word>) {
    let mut at = 0;
    while at + 1 < words.len() {
        let next = words[at + 1].text.clone();
        match words[at].text.as_str() {
            "mac" | "mc" | "fitz" if next.len() > 2 && at > 0 => {
                let next = words.remove(at + 1);
                words[at].text.push_str(&next.text);
            }
            "abd" | "abdul" | "abdel" | "abdal" | "abdur" | "abdu" => {
                let article = matches!(next.as_str(), "al" | "el" | "ul" | "ur" | "ar" | "as" | "er" | "r");
                let from = at + 1 + usize::from(article);
                if let Some(name) =
                    words.get(from).map(|word| word.text.clone()).filter(|name| name.len() > 2)
                {
                    words[at].text = format!("abdul{name}");
                    words.drain(at + 1..=from);
                }
            }
            _ => {}
        }
        at += 1;
    }
    for word in words.iter_mut() {
        word.text = one_servant(std::mem::take(&mut word.text));
    }
}

/// "Abdelrahman", "Abdurrahman" and "Abderrahman" are one name; so are all others of that kind.
fn one_servant(word: String) -> String {
    let Some(rest) =
        word.strip_prefix("abd").filter(|rest| rest.len() >= 6 && rest.starts_with(['a', 'e', 'i', 'u']))
    else {
        return word;
    };
    let mut letters = rest[1..].chars();
    match (letters.next(), letters.clone().next()) {
        (Some('l'), _) => format!("abdul{}", letters.as_str()),
        (Some(a), Some(b)) if a == b => format!("abdul{}", letters.as_str()),
        (Some('r'), Some('r')) => format!("abdul{}", letters.as_str()),
        _ => word,
    }
}

fn legal_forms(words: &mut Vec<Word>) {
    let mut at = words.len();
    let mut behind = true;
    while at > 0 {
        at -= 1;
        let (text, loud) = (words[at].text.as_str(), words[at].loud);
        let sure = among(text, &FIRMS) && others(words, at) >= 1;
        let perhaps = among(text, &FIRMS_TOO)
            && others(words, at) >= 1
            && (loud || (others(words, at) >= 2 && text != "sa" && text != "as"));
        if sure || perhaps && behind {
            words.remove(at);
        } else {
            behind = false;
        }
    }
}

fn titles(words: &mut Vec<Word>, whole: bool) {
    let goes = |words: &[Word], at: usize, list: &[&'static str]| {
        let text = words[at].text.as_str();
        let least = if among(text, &NAMES_TOO) && !words[at].quiet { 2 } else { 1 };
        among(text, list) && others(words, at) >= least && (text.len() > 1 || words.len() > 2)
    };
    if !whole {
        return;
    }
    let mut titled = false;
    while words.len() > 1 {
        // "Mr & Mrs", "Herr und Frau": what binds titles goes with them.
        let bound =
            titled && matches!(words[0].text.as_str(), "und" | "and" | "y" | "e" | "et") && words.len() > 2;
        if goes(words, 0, &TITLES) || titled && goes(words, 0, &AFTER_TITLE) || bound {
            words.remove(0);
            titled = true;
        } else {
            break;
        }
    }
    while words.len() > 1 && goes(words, words.len() - 1, &DEGREES) {
        words.pop();
    }
    // Behind the family's name, which was turned to the front.
    let mut at = words.len();
    while at > 1 && words.len() > 2 {
        at -= 1;
        let text = words[at].text.as_str();
        if text.len() > 1 && !among(text, &NAMES_TOO) && among(text, &TITLES) && others(words, at) >= 2 {
            words.remove(at);
        }
    }
}

fn particles(words: &mut Vec<Word>, whole: bool) {
    let mut at = 0;
    // The last word is a name even if it looks like a particle.
    while at + 1 < words.len() {
        let (text, quiet) = (words[at].text.as_str(), words[at].quiet);
        let binds = text.len() > 1 || quiet;
        // So is the first one, "Ben Carter", "Le Minh", but for "de la Cruz".
        let first = whole && at == 0 && !is_particle(&words[1].text);
        if binds && !first && is_particle(text) && others(words, at) >= 1 {
            words.remove(at);
        } else {
            at += 1;
        }
    }
}
