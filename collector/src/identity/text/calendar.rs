//! The words by which days are spoken of in the languages that we read: months, weekdays, feasts, units of time, and what stands
//! before or after them. Words are as [`super::tokens`] makes them comparable. It reckons no day but that of Easter.

use std::{collections::HashMap, sync::LazyLock};

use chrono::NaiveDate;

/// Words of one list, parted by blanks.
type List = &'static str;

/// What a word means where days are spoken of; several things, often.
#[derive(Clone, Debug, Default)]
pub struct Meaning {
    /// Lists that it is in, a bit for each.
    pub lists: u64,
    /// A month, from 1.
    pub month: Option<i32>,
    /// A weekday from Monday, 0.
    pub weekday: Option<i32>,
    /// The same of a sign, behind 周 or before 曜.
    pub weekday_sign: Option<i32>,
    /// A unit of time.
    pub unit: Option<Unit>,
    /// A number.
    pub count: Option<i32>,
    /// Early, in the middle of, late: 0 to 2.
    pub third: Option<i32>,
    /// The same of a word behind the month: "Mart başında".
    pub third_behind: Option<i32>,
    /// A feast: the day and month it begins on, and how many days it takes. Day 0: the month is days after Easter Sunday.
    pub feast: Option<(i32, i32, i32)>,
}

static MEANINGS: LazyLock<HashMap<&'static str, Meaning>> = LazyLock::new(|| {
    let mut all: HashMap<&'static str, Meaning> = HashMap::new();
    let mut each = |list: List, add: &dyn Fn(&mut Meaning)| {
        for word in list.split_ascii_whitespace() {
            add(all.entry(word).or_default());
            // The first sign tells whether a longer word may begin there.
            if let Some(first) = word.chars().next().filter(|c| !c.is_ascii() && word.len() > c.len_utf8()) {
                all.entry(&word[..first.len_utf8()]).or_default();
            }
        }
    };
    LISTS.iter().for_each(|(bit, list)| each(list, &|m| m.lists |= bit));
    for (list, n) in MONTHS.iter().zip(1..) {
        each(list, &|m| m.month = Some(n));
    }
    for (list, n) in WEEKDAYS.iter().zip(0..) {
        each(list, &|m| m.weekday = Some(n));
    }
    for (list, n) in WEEKDAY_SIGNS.iter().zip(0..) {
        each(list, &|m| m.weekday_sign = Some(n));
    }
    for (list, n) in COUNTS.iter().zip(1..) {
        each(list, &|m| m.count = m.count.or(Some(n)));
    }
    for (list, n) in THIRDS.iter().zip(0..) {
        each(list, &|m| m.third = Some(n));
    }
    for (list, n) in ["basinda basi", "ortasinda", "sonunda sonu"].iter().zip(0..) {
        each(list, &|m| m.third_behind = Some(n));
    }
    UNITS.iter().for_each(|(unit, list)| each(list, &|m| m.unit = Some(*unit)));
    FEASTS
        .iter()
        .for_each(|(list, day, month, width)| each(list, &|m| m.feast = Some((*day, *month, *width))));
    each(OTHERS, &|_| {});
    all
});

/// What a word means; none for a word that has nothing to do with days.
pub fn meaning(word: &str) -> Option<&'static Meaning> {
    MEANINGS.get(word)
}

/// Words that are looked for beside others.
const OTHERS: List = "de del of day before yesterday gun antes feira gunu couple few a y temu nazad week 前 间 間 期 末 星 曜 周 週 个 個 \
                      か ヶ ケ カ 日 に 年 号 號 月 년 월 일 for fur pour para per voor dla dlia icin eve gununde dagen the dia giorno am \
                      until since di d 上 先 本 这 قبل منذ يوم يومين اسبوعين شهرين hier w heute etim te letzte last this cette esta \
                      questa deze dit bu onceki evvelsi saint san st sviatogo valentine valentin valentino valentina s fin fim fine end week 午 que qui viene vient vem ayinda ayi an valentinstag walentynki sevgililer";

const MONTHS: [List; 12] = [
    "january januar janner janvier enero gennaio janeiro januari styczen stycznia styczniu ianvar ianvaria ianvare ocak ocakta \
     jan janv ene gen يناير",
    "february februar feber fevrier febrero febbraio fevereiro februari luty lutego lutym fevral fevralia fevrale subat subatta \
     feb fev fevr lut فبراير شباط",
    "march marz maerz mars marzo marco maart marzec marca marcu mart marta marte martta mar mrt مارس اذار",
    "april avril abril aprile kwiecien kwietnia kwietniu aprel aprelia aprele nisan nisanda apr avr abr kwi ابريل نيسان",
    "may mai mayo maggio maio mei maj maja maju maia mae mayis mayista مايو ايار",
    "june juni juin junio giugno junho czerwiec czerwca czerwcu iiun iiunia iiune haziran haziranda jun giu يونيو حزيران",
    "july juli juillet julio luglio julho lipiec lipca lipcu iiul iiulia iiule temmuz temmuzda jul juil lug يوليو تموز",
    "august aout agosto augustus sierpien sierpnia sierpniu avgust avgusta avguste agustos agustosta aug اغسطس",
    "september septembre septiembre settembre setembro wrzesien wrzesnia wrzesniu sentiabr sentiabria sentiabre eylul eylulde \
     sept sep سبتمبر ايلول",
    "october oktober octobre octubre ottobre outubro pazdziernik pazdziernika pazdzierniku oktiabr oktiabria oktiabre ekim \
     ekimde oct okt ott اكتوبر",
    "november novembre noviembre novembro listopad listopada listopadzie noiabr noiabria noiabre kasim kasimda nov نوفمبر",
    "december dezember decembre diciembre dicembre dezembro grudzien grudnia grudniu dekabr dekabria dekabre aralik aralikta \
     dec dez dic gru ديسمبر",
];

/// Months that are other words as well: a month only where a number before, or a capital letter, says so.
pub const DOUBTFUL: u64 = 1 << 17;

/// Weekdays that are other words as well: ordinals in Portuguese, a market in Turkish.
pub const DOUBTFUL_DAY: u64 = 1 << 18;

const WEEKDAYS: [List; 7] = [
    "monday montag lundi lunes lunedi segunda maandag poniedzialek poniedzialku ponedelnik pazartesi اثنين",
    "tuesday tues dienstag mardi martes martedi terca dinsdag wtorek wtorku vtornik sali ثلاثاء",
    "wednesday mittwoch mercredi miercoles mercoledi quarta woensdag sroda srode sredu carsamba اربعاء",
    "thursday thurs donnerstag jeudi jueves giovedi quinta donderdag czwartek czwartku chetverg persembe خميس",
    "friday freitag vendredi viernes venerdi sexta vrijdag piatek piatku piatnitsu piatnitsa cuma جمعه",
    "saturday samstag sonnabend samedi sabado sabato zaterdag sobota sobote subbotu subbota cumartesi سبت",
    "sunday sonntag dimanche domingo domenica zondag niedziela niedziele voskresene voskresenie pazar احد",
];

/// Signs for weekdays behind 周, 星期 and before 曜: from Monday.
const WEEKDAY_SIGNS: [List; 7] = ["一 月", "二 火", "三 水", "四 木", "五 金", "六 土", "日 天"];

/// Today, by one word.
pub const TODAY: u64 = 1 << 0;
/// Yesterday, by one word. "Hier" is another word in German and Dutch.
pub const YESTERDAY: u64 = 1 << 1;
/// The day before yesterday, by one word.
pub const BEFORE_YESTERDAY: u64 = 1 << 2;
/// What before "yesterday" makes it the day before.
pub const ONE_MORE: u64 = 1 << 3;

/// Parts of the day behind "this" or "last".
pub const DAYTIME: u64 = 1 << 4;
/// Night, as in "last night".
pub const NIGHT: u64 = 1 << 5;

/// This, as in "this week".
pub const THIS: u64 = 1 << 6;
/// The one before: "last week", "la semaine dernière".
pub const LAST: u64 = 1 << 7;
/// The one to come, or each of them.
pub const OTHER: u64 = 1 << 8;

/// Units of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Up to a few hours.
    Hour,
    /// A day.
    Day,
    /// A week.
    Week,
    /// A month.
    Month,
    /// A year.
    Year,
    /// Saturday and Sunday.
    Weekend,
}

const UNITS: [(Unit, List); 6] = [
    (
        Unit::Hour,
        "hour hours minute minutes stunde stunden minuten heure heures hora horas ora ore uur godzine godziny godzin saat chas chasa chasov \
         ساعه ساعات",
    ),
    (
        Unit::Day,
        "day days tag tage tagen jour jours dia dias giorno giorni dag dagen dzien dni den dnia dnei gun يوم ايام يومين 天 日",
    ),
    (
        Unit::Week,
        "week weeks woche wochen semaine semaines semana semanas settimana settimane weken tydzien tygodniu tygodnie tygodni \
         nedeliu nedeli nedel nedele hafta اسبوع اسابيع اسبوعين 周 週 週間 星期",
    ),
    (
        Unit::Month,
        "month months monat monats monate monaten mois mes meses mese mesi maand maanden miesiac miesiacu miesiace miesiecy mesiats \
         mesiatse mesiatsa mesiatsev ay شهر اشهر شهور شهرين 月",
    ),
    (
        Unit::Year,
        "year years jahr jahre jahren an ans annee annees ano anos anni anno jaar jaren rok roku lata lat god goda let yil سنه سنوات عام 年",
    ),
    (Unit::Weekend, "weekend weekends wochenende weekende finde weekendzie vykhodnye vykhodnykh 周末 週末"),
];

/// Before a count of units that lie back: "vor drei Tagen", "il y a", "hace", "há".
pub const BACK_BEFORE: u64 = 1 << 9;
/// Behind a count of units that lie back.
pub const BACK_BEHIND: u64 = 1 << 10;

const COUNTS: [List; 31] = [
    "one a an einem einer einen un une uno una um uma een eine jeden jedna bir odin odnu واحد 一 first ersten erster premier primero \
     primo primeiro",
    "two zwei deux dos due dois duas twee dwa dwie iki dva dve couple pair ein_paar 二 两 兩 second zweiten",
    "three drei trois tres tre drie trzy uc tri ثلاثه ثلاث 三 third dritten",
    "four vier quatre cuatro quattro quatro cztery dort chetyre اربعه اربع 四 fourth vierten",
    "five funf cinq cinco cinque vijf piec bes piat خمسه خمس 五 fifth funften",
    "six sechs seis sei zes szesc alti shest سته ست 六 sixth sechsten",
    "seven sieben siete sette sete zeven siedem yedi sem سبعه سبع 七 seventh siebten",
    "eight acht huit ocho otto oito osiem sekiz vosem ثمانيه 八 eighth achten",
    "nine neun neuf nueve nove negen dziewiec dokuz deviat تسعه 九 ninth neunten",
    "ten zehn dix diez dieci dez tien dziesiec desiat dizaine عشره 十 tenth zehnten",
    "eleven elf onze undici eleventh elften",
    "twelve zwolf douze doce dodici doze twaalf twelfth zwolften",
    "thirteen dreizehn thirteenth dreizehnten",
    "fourteen vierzehn quatorze catorce quattordici fourteenth vierzehnten",
    "fifteen quinzaine funfzehn quinze quince quindici fifteenth funfzehnten",
    "sixteen sixteenth sechzehnten",
    "seventeen seventeenth siebzehnten",
    "eighteen eighteenth achtzehnten",
    "nineteen nineteenth neunzehnten",
    "twenty zwanzig vingt veinte venti vinte twentieth zwanzigsten",
    "einundzwanzigsten",
    "zweiundzwanzigsten",
    "dreiundzwanzigsten",
    "vierundzwanzigsten",
    "funfundzwanzigsten",
    "sechsundzwanzigsten",
    "siebenundzwanzigsten",
    "achtundzwanzigsten",
    "neunundzwanzigsten",
    "thirty dreissig treinta trenta trinta thirtieth dreissigsten",
    "einunddreissigsten",
];

/// Some, not many.
pub const FEW: u64 = 1 << 11;

/// Behind the figure of a day: "3rd", "1er", "3-го".
pub const ORDINAL: u64 = 1 << 12;

/// Between a day and its month: "3 de marzo", "3rd of March".
pub const OF: u64 = 1 << 13;
/// Before a month that is meant as a whole, or a day without its month.
pub const IN: u64 = 1 << 14;
/// Before a date of two numbers: "am 3.3.", "on 03/03".
pub const ON: u64 = 1 << 15;
/// Before a feast at which something was, and not before one for which it was bought.
pub const AT: u64 = 1 << 16;

/// Early, in the middle of, late: by which third of the month.
const THIRDS: [List; 3] = [
    "early anfang debut principios primi inizio inicio begin poczatku poczatek nachale beginning start اوائل 初",
    "mid mitte mi mediados meta meados midden polowie seredine middle منتصف 中旬",
    "late ende fin finales fine final eind koncu kontse end اواخر 末",
];

/// Feasts that have their day: the day and month it begins on, and how many days it takes. Day 0: counted from Easter.
const FEASTS: [(List, i32, i32, i32); 7] = [
    (
        "christmas xmas weihnachten heiligabend noel navidad navidades natale natal kerst kerstmis wigilii rozhdestvo \
         rozhdestve 圣诞 聖誕 クリスマス",
        24,
        12,
        3,
    ),
    (
        "silvester nochevieja capodanno reveillon sylwestra sylwester yilbasi yilbasinda 大晦日 除夕",
        31,
        12,
        2,
    ),
    ("neujahr 元旦 元日", 1, 1, 1),
    (
        "valentine valentines valentin valentino valentina valentinstag valentijnsdag walentynki walentynkach walentynek sevgililer 情人节 情人節 バレンタイン",
        14,
        2,
        1,
    ),
    ("halloween", 31, 10, 1),
    (
        "easter ostern osterwochenende paques pascua pasqua pascoa pasen wielkanoc wielkanocy paskha paskhu 复活节",
        0,
        -2,
        4,
    ),
    ("pfingsten pentecote pinksteren whitsun", 0, 48, 3),
];

/// Easter Sunday of a year, Western.
pub fn easter(year: i32) -> Option<NaiveDate> {
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
    let l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    let n = h + l - 7 * ((a + 11 * h + 22 * l) / 451) + 114;
    NaiveDate::from_ymd_opt(year, (n / 31) as u32, (n % 31 + 1) as u32)
}

const LISTS: [(u64, List); 19] = [
    (
        TODAY,
        "today tonight heute hoy oggi hoje vandaag dzisiaj dzis segodnia bugun aujourd stasera stamattina \
                         vanavond vanmorgen vanochtend اليوم 今天 今日 今晚 今早 今朝",
    ),
    (
        YESTERDAY,
        "yesterday gestern hier ayer anoche ieri ontem gisteren wczoraj vchera dun امس مبارح بارحه 昨天 昨日 昨晚",
    ),
    (
        BEFORE_YESTERDAY,
        "vorgestern anteayer antier altroieri anteontem eergisteren przedwczoraj pozavchera avanthier 前天 一昨日 おととい",
    ),
    (ONE_MORE, "avant altro antes before"),
    (
        DAYTIME,
        "morning afternoon evening noon lunchtime night abend morgen nachmittag mittag nacht matin soir midi \
                           manana tarde noche mattina sera pomeriggio noite manha avond ochtend middag wieczor wieczorem rano \
                           aksam sabah vecherom utrom",
    ),
    (NIGHT, "night evening nacht nuit noche notte noite noc"),
    (
        THIS,
        "this diese dieser diesen diesem cette ce cet esta este questa questo esta deze dit dieses ten tym w bu \
                        etoi etot этой current هذا هذه 本 这 這 今",
    ),
    (
        LAST,
        "last past previous letzte letzten letzter letztes vergangene vergangenen vergangener vorige vorigen voriger \
                        derniere dernier passe passee pasada pasado ultima ultimo scorsa scorso passada passado vorige afgelopen \
                        zeszly zeszlym zeszla ubiegly ubieglym ostatni ostatnim minionym gecen proshloi proshlyi proshluiu \
                        proshlom proshloe ماضي ماضيه 上 先",
    ),
    (
        OTHER,
        "next every each coming following nachste nachsten nachster nachstes kommende kommenden jede jeden jeder \
                         prochain prochaine chaque proximo proxima proximos cada prossimo prossima ogni volgende komende elke \
                         iedere nastepny nastepnym przyszly przyszlym kazdy kazda gelecek onumuzdeki her sleduiushchii \
                         sleduiushchuiu kazhdyi kazhduiu closed open opens geschlossen geoffnet ferme fermes ouvert cerrado \
                         abierto chiuso aperto fechado aberto gesloten قادم قادمه كل 下 每 来 毎 再",
    ),
    (BACK_BEFORE, "vor hace ha قبل منذ"),
    (BACK_BEHIND, "ago back geleden temu nazad once evvel fa atras earlier 前 전"),
    (
        FEW,
        "few several paar einigen quelques unos unas algunos pochi alcuni alguns algumas enkele kilka pare birkac \
                       neskolko بضعه 几 数",
    ),
    (ORDINAL, "st nd rd th er e ste de go ego i"),
    (OF, "de of di d del den na"),
    (IN, "in im en em w we v au du a ad ai nel في last since"),
    (ON, "on am vom den le du el il op dia dnia giorno em no the since seit dated datum date"),
    (
        AT,
        "at over on during around last zu an uber um a en em no na w v vo przy nel per with met met la le el il \
                      this letzte letzten past ueber und vor after before nach avant apres",
    ),
    (DOUBTFUL, "may mar mart marta marte march mars sept sep dec jan nov set mai maja mae mei marco marca"),
    (DOUBTFUL_DAY, "segunda terca quarta quinta sexta pazar sali احد"),
];
