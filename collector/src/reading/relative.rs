//! "3 weeks ago" and its like in a dozen languages, worked out from the time of reading. It knows no platform.

use chrono::{Months, TimeDelta};
use goodword_shared::Time;

/// The instant that a relative date means at `now`. None where the words are not understood.
pub fn parse(text: &str, now: Time) -> Option<Time> {
    let lower = text.to_lowercase();
    let text = lower.trim();
    if ["just now", "gerade eben", "à l'instant", "ahora mismo", "たった今", "刚刚", "방금"]
        .iter()
        .any(|w| text.contains(w))
    {
        return Some(now);
    }
    // "today at 10:00", and not a word that only begins like it.
    let says = |word: &&str| {
        text.strip_prefix(*word).is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric()))
    };
    if TODAY.iter().any(says) {
        return Some(now);
    }
    if [
        "yesterday",
        "gestern",
        "hier",
        "ayer",
        "ontem",
        "ieri",
        "gisteren",
        "вчера",
        "昨日",
        "昨天",
        "어제",
        "i går",
        "igår",
        "eilen",
        "kemarin",
        "hôm qua",
        "včera",
        "tegnap",
        "вчора",
        "אתמול",
        "أمس",
    ]
    .iter()
    .any(says)
    {
        return now.checked_sub_signed(TimeDelta::days(1));
    }
    let unit = unit(text)?;
    let count = count(text)?;
    if !unit.plausible(count) {
        return None;
    }
    match unit {
        Unit::Seconds(seconds) => now.checked_sub_signed(TimeDelta::seconds(seconds.checked_mul(count)?)),
        Unit::Months(months) => {
            now.checked_sub_months(Months::new(u32::try_from(months.checked_mul(count)?).ok()?))
        }
    }
}

#[derive(Clone, Copy)]
enum Unit {
    Seconds(i64),
    Months(i64),
}

impl Unit {
    /// Whether something may have been that many of it ago: no more than a hundred years, and what looks like a year is one.
    fn plausible(self, count: i64) -> bool {
        match self {
            Self::Seconds(seconds) if seconds < 86_400 => true,
            Self::Seconds(seconds) => seconds * count <= 36_525 * 86_400 && !(1900..2100).contains(&count),
            Self::Months(months) => months * count <= 1_200,
        }
    }
}

/// The day of reading. Some of these words hold the one for a day.
const TODAY: [&str; 32] = [
    "today",
    "heute",
    "aujourd'hui",
    "aujourd’hui",
    "hoy",
    "hoje",
    "oggi",
    "vandaag",
    "сегодня",
    "今日",
    "今天",
    "本日",
    "오늘",
    "сьогодні",
    "اليوم",
    "היום",
    "วันนี้",
    "hari ini",
    "hôm nay",
    "bugün",
    "i dag",
    "idag",
    "tänään",
    "dzisiaj",
    "dziś",
    "dnes",
    "astăzi",
    "azi",
    "σήμερα",
    "आज",
    "avui",
    "danas",
];

fn count(text: &str) -> Option<i64> {
    let digits: String =
        text.chars().skip_while(|c| !c.is_ascii_digit()).take_while(char::is_ascii_digit).collect();
    if digits.len() > 4 {
        return None;
    }
    // Arabic and Hebrew say "two years" in one word.
    if digits.is_empty() && TWO.iter().any(|word| text.contains(word)) {
        return Some(2);
    }
    // "a week ago", "vor einem Jahr", "hace un mes"
    if digits.is_empty() { Some(1) } else { digits.parse().ok() }
}

fn unit(text: &str) -> Option<Unit> {
    for (words, unit) in UNITS {
        for word in words.split(' ') {
            let found =
                if word.is_ascii() || word.chars().all(char::is_alphabetic) && word.chars().count() > 1 {
                    text.split(|c: char| !c.is_alphabetic()).any(|w| w == word)
                        || (!word.is_ascii() && text.contains(word))
                } else {
                    text.contains(word)
                };
            if found {
                return Some(unit);
            }
        }
    }
    None
}

/// Two of a unit in one word.
const TWO: [&str; 12] = [
    "دقيقتين",
    "ساعتين",
    "يومين",
    "أسبوعين",
    "شهرين",
    "سنتين",
    "عامين",
    "שעתיים",
    "יומיים",
    "שבועיים",
    "חודשיים",
    "שנתיים",
];

const UNITS: [(&str, Unit); 7] = [
    (
        "second seconds sec secs sekunde sekunden seconde secondes segundo segundos secondo secondi secondo seconden секунд секунду секунды 秒 초 detik giây วินาที सेकंड sekunder sekund sekuntia sekundami másodperce secunde δευτερόλεπτα שניות ثانية ثوان",
        Unit::Seconds(1),
    ),
    (
        "minute minutes min mins minuten minuto minutos minuti minuut минут минуту минуты 分 분 menit minit phút นาที मिनट minuter minutter minuuttia minutami perce λεπτά λεπτό דקות דקה хвилин хвилини хвилину دقيقة دقائق دقيقتين",
        Unit::Seconds(60),
    ),
    (
        "hour hours hr hrs h stunde stunden heure heures hora horas ora ore uur uren час часа часов godzin godziny 小时 時間 시간 jam giờ ชั่วโมง घंटे घंटा timmar timme timer tuntia tunti hodinami hodinou órája oră ώρες ώρα שעות שעה שעתיים годин години годину ساعة ساعات ساعتين",
        Unit::Seconds(3_600),
    ),
    (
        "day days tag tage tagen jour jours día días dia dias giorno giorni dag dagen день дня дней dni dzień gün 天 日 일 hari ngày วัน दिन dagar dage dager päivää päivä dny dnem napja zile zi ημέρες ημέρα μέρες ימים יום יומיים дні днів يوم أيام يومين",
        Unit::Seconds(86_400),
    ),
    (
        "week weeks woche wochen semaine semaines semana semanas settimana settimane week weken неделю недели недель tydzień tygodnie tygodni hafta 周 週間 週 주 minggu tuần สัปดาห์ हफ़्ते हफ्ते सप्ताह veckor vecka uger uge uker uke viikkoa viikko týdny týdnem hete săptămâni săptămână εβδομάδες εβδομάδα שבועות שבוע שבועיים тижні тижнів тиждень أسبوع أسابيع أسبوعين",
        Unit::Seconds(604_800),
    ),
    (
        "month months monat monate monaten mois mes meses mês mese mesi maand maanden месяц месяца месяцев miesiąc miesiące miesięcy ay か月 ヶ月 个月 個月 개월 달 bulan tháng เดือน महीने महीना månader månad måneder måned kuukautta kuukausi měsíci měsícem hónapja luni lună μήνες μήνα חודשים חודש חודשיים місяці місяців місяць شهر أشهر شهور شهرين",
        Unit::Months(1),
    ),
    (
        "year years jahr jahre jahren an ans año años ano anos anno anni jaar год года лет rok lata lat yıl 年 년 tahun năm ปี साल वर्ष år vuotta vuosi lety éve ani χρόνια χρόνο έτη שנים שנה שנתיים роки років рік سنة سنوات عام أعوام سنتين عامين",
        Unit::Months(12),
    ),
];
