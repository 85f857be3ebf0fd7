//! Words that say little where products, branches and staff are looked for: small ones, those of every review, those that are names
//! and other words as well. Without endings, as [`super::tokens`] leaves them. It knows no text.

use std::{collections::HashSet, sync::LazyLock};

/// A list of words.
pub type List = LazyLock<HashSet<&'static str>>;

/// Whether a word is in a list.
pub fn is(list: &'static List, word: &str) -> bool {
    list.contains(word)
}

fn set(words: &'static str) -> HashSet<&'static str> {
    words.split_ascii_whitespace().flat_map(|word| [word, super::tokens::stem(word)]).collect()
}

/// Articles, prepositions, conjunctions, measures, sizes.
pub static SMALL: List = LazyLock::new(|| {
    set(
        "the and for with from of in on at by to an my our your no not it is was are were be been had has have this that there here they we \
         she he his her you who what which when very too also so but or as all any one two out up off \
         der die das dem den des ein eine einer einem einen und mit von im am zu zum zur bei fur auf aus nicht ist war wir ich sie er es auch \
         sehr hat habe haben aber oder als wie nach vor uber unter \
         le la les du de un une et avec pour sur dans par au aux en il elle nous je vous est pas tres mais ou que qui ce cette ces son sa ses \
         el los las del al una uno con para por y lo se su sus mi me muy pero como mas que no \
         il lo gli di da dei della delle degli con per che non mi ci si ma come piu molto nel nella sul sulla \
         o os as um uma do dos das no na nos nas com para por que nao mais muito meu minha \
         het een van voor met op bij niet en ik wij was zijn maar ook heel \
         na do od za ze po przy dla nie jest sie to ten ta i z w bardzo \
         bir ve ile icin bu cok da ne \
         i v na s po dlia ne eto k iz za u ot ochen byl byla \
         kg ml cl cm mm xl xs pcs stk st set inkl incl plus max mini no nr",
    )
});

/// What shops are called beside their names.
pub static SHOP: List = LazyLock::new(|| {
    set(
        "branch store shop outlet location site filiale filialen standort laden geschaft niederlassung magasin boutique agence succursale \
         tienda sucursal local negozio punto vendita sede loja filial winkel filiaal vestiging sklep oddzial salon punkt sube subesi magaza \
         magazin filial فرع محل 店 分店 支店 本店 号店 營業所 营业部 점 restaurant cafe",
    )
});

/// Words that reviews have whatever was bought.
pub static REVIEWS: List = LazyLock::new(|| {
    set(
        "service table food place time staff meal dinner lunch breakfast coffee menu delivery order product price quality experience gift \
         room visit team shop store people day night bar drink drinks water wine beer friend family work job repair advice help customer \
         class course lesson session treatment massage haircut cut colour color appointment consultation ticket tour stay package special \
         market station center centre park garden river bridge street square airport mill gate west east north south old new town city hall \
         house home church port beach lake hill castle tower mall plaza \
         essen tisch platz zeit personal service kaffee wein bier fruhstuck mittag abend preis qualitat beratung lieferung zimmer termin \
         behandlung markt bahnhof zentrum stadt altstadt strasse haus garten kirche hafen \
         repas table place temps cafe vin biere prix qualite service livraison chambre marche gare centre ville rue maison jardin port \
         comida mesa tiempo cafe vino cerveza precio calidad servicio entrega habitacion mercado estacion centro ciudad calle casa jardin \
         cibo tavolo tempo caffe vino birra prezzo qualita servizio consegna camera mercato stazione centro citta via casa \
         comida mesa tempo cafe vinho cerveja preco qualidade servico entrega quarto mercado estacao cidade rua \
         eten tafel tijd koffie wijn bier prijs kwaliteit bediening levering kamer markt station stad straat huis \
         jedzenie stolik stol czas kawa wino piwo cena jakosc obsluga dostawa pokoj rynek dworzec miasto ulica dom \
         yemek masa zaman kahve sarap fiyat kalite hizmet servis teslimat oda pazar istasyon merkez sehir sokak ev \
         eda stol vremia kofe vino tsena kachestvo obsluzhivanie dostavka nomer rynok vokzal tsentr gorod ulitsa dom \
         服务 味道 环境 价格 餐厅 料理 店員 サービス",
    )
});

/// First names that are other words as well.
pub static NAMES: List = LazyLock::new(|| {
    set(
        "will may mark grant rose joy hope grace art bill rich sue pat dawn april june august faith summer chase drew miles dean dale \
         earl page penny ruby sky star sunny angel angelo christian chance crystal candy ginger honey iris ivy jade jasmine lily olive pearl \
         victor max chip guy gene frank ernst heide felix blanca luz sol mercedes dolores consuelo santa rosa bianca felice bruno clement \
         prudence constance olive reine pascal noel ocean deniz umut can bar ben dan den ken kim mia pia nino mar paz pilar luna son nur sana sevgi savas baris yagmur gul",
    )
});

/// First names that are other words where a sentence begins with them, too.
pub static OPENING: List = LazyLock::new(|| {
    set(
        "will may can bar rich chance chase page art sunny angel santa felice nur son mar sol hope grant mark bill faith joy grace max star dale \
         summer ocean april june august",
    )
});
