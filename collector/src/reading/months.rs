//! Names of months in the languages of the review sites, whole, cut, and in the cases that dates put them into.

/// A month's number from its name, whole or cut, in the languages of the review sites.
pub fn month_of(word: &str) -> Option<u32> {
    let word: String = word.to_lowercase();
    if word.chars().count() < 3 {
        return None;
    }
    MONTHS
        .iter()
        .position(|names| names.split(' ').any(|name| word == name || is_cut(&word, name)))
        .and_then(|i| u32::try_from(i).ok().map(|n| n + 1))
}

/// `word` is `name` in another case ending ("августа") or cut to three letters or more ("Sept").
fn is_cut(word: &str, name: &str) -> bool {
    let length = name.chars().count();
    length > 4 && word.chars().count() >= 3 && name.starts_with(word)
}

/// January first; whole names and the short ones that are no beginnings of a whole one.
const MONTHS: [&str; 12] = [
    "january januar janvier enero janeiro gennaio januari stycznia styczeń ledna leden ocak января январь tammikuuta tammikuu január ianuarie jänner ene jan janv янв січня ιανουαρίου \
     januára siječnja януари gener yanvar يناير كانون जनवरी มกราคม januarie ינואר",
    "february februar février febrero fevereiro febbraio februari lutego luty února únor şubat февраля февраль helmikuuta helmikuu február februarie feber fev feb févr fév фев лютого φεβρουαρίου \
     februára veljače февруари febrer فبراير شباط फ़रवरी फरवरी กุมภาพันธ์ פברואר",
    "march märz mars marzo março maart marca marzec března březen mart марта март maaliskuuta maaliskuu március martie marts mar mrt mär maa мар березня μαρτίου \
     ožujka marca maret مارس آذار मार्च มีนาคม מרץ",
    "april avril abril aprile kwietnia kwiecień dubna duben nisan апреля апрель huhtikuuta huhtikuu április aprilie abr apr avr апр квітня απριλίου \
     apríla travnja أبريل ابريل نيسان अप्रैल เมษายน אפריל",
    "may mai mayo maio maggio mei maj maja května květen mayıs мая май toukokuuta toukokuu május mag травня μαΐου \
     mája svibnja maig مايو أيار मई พฤษภาคม מאי",
    "june juni juin junio junho giugno czerwca czerwiec června červen haziran июня июнь kesäkuuta kesäkuu június iunie jun giu июн червня ιουνίου \
     júna lipnja юни juny يونيو يونيه حزيران जून มิถุนายน יוני",
    "july juli juillet julio julho luglio lipca lipiec července červenec temmuz июля июль heinäkuuta heinäkuu július iulie jul juil lug июл липня ιουλίου \
     júla srpnja юли juliol يوليو يوليه تموز जुलाई กรกฎาคม יולי",
    "august août aout agosto augustus augusti sierpnia sierpień srpna srpen ağustos августа август elokuuta elokuu augusztus aug ago ag авг серпня αυγούστου \
     augusta kolovoza agustus agost أغسطس آب अगस्त สิงหาคม אוגוסט",
    "september septembre septiembre setembro settembre września wrzesień září eylül сентября сентябрь syyskuuta syyskuu szeptember septembrie sept sep set сен вересня σεπτεμβρίου \
     septembra rujna септември setembre سبتمبر أيلول सितंबर सितम्बर กันยายน ספטמבר",
    "october oktober octobre octubre outubro ottobre października październik října říjen ekim октября октябрь lokakuuta lokakuu október octombrie oct okt out ott окт жовтня οκτωβρίου \
     októbra октомври أكتوبر تشرين अक्टूबर अक्तूबर ตุลาคม אוקטובר",
    "november novembre noviembre novembro listopada listopad listopadu kasım ноября ноябрь marraskuuta marraskuu noiembrie nov ноя листопада νοεμβρίου \
     novembra studenoga ноември نوفمبر नवंबर नवम्बर พฤศจิกายน נובמבר",
    "december dezember décembre decembre diciembre dezembro dicembre grudnia grudzień prosince prosinec aralık декабря декабрь joulukuuta joulukuu decembrie dec dez dic déc дек грудня δεκεμβρίου \
     decembra prosinca декември desembre desember ديسمبر दिसंबर दिसम्बर ธันวาคม דצמבר",
];
