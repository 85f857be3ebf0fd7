//! The ways in which people all over the world show their names, and names that only look alike: made-up customers and authors, tried
//! among some thousand others.

use goodword::identity::Index;
use goodword_shared::{
    Author, Mention,
    customer::CustomerFacts,
    matching::{Decision, Identification},
};

/// Given and family names of many languages, for the crowd.
const CROWD: &[(&str, &str)] = &[
    (
        "James Mary John Emma William Sarah Thomas Laura Oliver Grace Henry Alice George Ruth Peter Helen",
        "Smith Jones Brown Taylor Wilson Clark Walker Hall Green Wood Carter Baker Turner Hill Cook Ward",
    ),
    (
        "Peter Maria Thomas Anna Michael Julia Stefan Katharina Andreas Lena Markus Petra Jan Monika Tobias Eva",
        "Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Koch Bauer Richter Klein Wolf Neumann",
    ),
    (
        "Jean Marie Pierre Camille Luc Claire Antoine Sophie Paul Julie Hugo Manon Louis Chloé",
        "Martin Bernard Dubois Thomas Robert Richard Petit Durand Leroy Moreau Simon Laurent Lefebvre Michel",
    ),
    (
        "María José Carmen Antonio Lucía Manuel Ana Francisco Elena Javier Laura Juan Paula Carlos Marta Luis",
        "García González Rodríguez Fernández López Martínez Sánchez Pérez Gómez Martín Jiménez Ruiz Hernández Díaz",
    ),
    (
        "Giuseppe Maria Giovanni Anna Luca Chiara Marco Giulia Francesco Sara Paolo Elena",
        "Rossi Russo Ferrari Esposito Bianchi Romano Colombo Ricci Marino Greco Bruno Gallo",
    ),
    (
        "Александр Елена Сергей Ольга Дмитрий Наталья Андрей Анна Алексей Ирина Иван Мария",
        "Иванов Смирнов Кузнецов Попов Васильев Петров Соколов Михайлов Новиков Фёдоров Морозов Волков",
    ),
    (
        "Γιώργος Μαρία Ελένη Κώστας Νίκος Δημήτρης Αικατερίνη Βασίλης Σοφία Παναγιώτης",
        "Παπαδόπουλος Παππάς Οικονόμου Γεωργίου Νικολάου Δημητρίου Βλάχος Αθανασίου Μακρής",
    ),
    ("محمد أحمد علي فاطمة عائشة يوسف خالد حسن مريم عمر", "العلي الحسن الأحمد حداد الخطيب المصري السيد النجار"),
    (
        "Mohammed Ahmed Ali Fatima Youssef Khaled Hassan Maryam Omar Layla",
        "Hassan Haddad El-Khatib Al-Masri Najjar Mansour Saleh Benali Alaoui Idrissi",
    ),
    (
        "Rahul Priya Amit Sunita Anjali Vijay Sanjay Deepak Pooja Ravi",
        "Sharma Singh Kumar Patel Gupta Reddy Iyer Nair Mehta Joshi",
    ),
    ("伟 芳 娜 敏 静 丽 强 磊 军 洋 小明 晓燕 建国 文涛", "王 李 张 刘 陈 杨 赵 黄 周 吴 徐 孙"),
    ("Wei Min Xiaoming Jing Li Yan Jun Mei", "Wang Li Zhang Liu Chen Yang Huang Lin"),
    (
        "Hiroshi Yuki Sakura Kenji Haruto Takashi Naoko Keiko Akira Daisuke",
        "Sato Suzuki Takahashi Tanaka Watanabe Ito Yamamoto Nakamura Kato Yoshida",
    ),
    ("민수 지훈 서연 지우 현우 민지 영희 철수", "김 이 박 최 정 강 조 윤"),
    (
        "Piotr Anna Krzysztof Katarzyna Andrzej Agnieszka Jan Ewa",
        "Nowak Kowalski Wiśniewski Wójcik Kamiński Lewandowski Zieliński",
    ),
    ("Mehmet Ayşe Mustafa Fatma Ahmet Emine Ali Zeynep", "Yılmaz Kaya Demir Çelik Şahin Yıldız Aydın Öztürk"),
    (
        "Jan Anna Pieter Maria Kees Femke Willem Sanne",
        "Jansen Bakker Visser Smit Meijer Mulder Bos Vos Peters",
    ),
    (
        "László Zsófia Gábor Katalin István Éva Péter Erzsébet",
        "Nagy Kovács Tóth Szabó Horváth Varga Kiss Molnár",
    ),
];

/// A customer, as `name` or `given|family|firm`; what an author shows; and what is right: `=` linked, `?` thought of first, `!` not
/// linked, `-` nobody.
const PAIRS: &str = "
    Александр|Черепанов > Sasha Cherepanov > =
    Aleksandr|Zhuravlyov > Александр Журавлев > =
    Aleksandr|Zhuravlyov > Alexander Zhuravlev > =
    Yuliia|Hrytsenko > Julia Gritsenko > =
    Юлия|Лапшина > Юля Лапшина > =
    Сергей|Николаевич Щербаков > Sergej Schtscherbakow > ?
    Анна Сергеевна Бурлакова > Anya Burlakova > =
    Evgeny|Tsvetkov > Jewgenij Zwetkow > ?
    Evgeny|Tsvetkov > Женя Цветков > =
    Наталья Соловьёва > Наташа Соловьева > =
    Tetiana|Pylypenko > Татьяна Пилипенко > =
    Петър Велчев > Petar Velchev > =
    Ђорђе Петковић > Djordje Petkovic > =
    Володимир|Кравчук > Vladimir Kravchuk > =
    Павло|Гнатюк > Pavel Gnatyuk > =
    Γεώργιος|Παπαχρήστου > Yiorgos Papahristou > ?
    Δημήτρης|Χατζηδάκης > Dimitris Chatzidakis > =
    Ioannis|Mpakogiannis > Γιάννης Μπακογιάννης > =
    Κωνσταντίνος Ευαγγέλου > Costas Evangelou > =
    Αικατερίνη Ντούλα > Katerina Ntoula > =
    Χαράλαμπος Σγουρός > Babis Sgouros > =
    محمد|العطار > Muhammad Alattar > =
    Abd al-Rahman|Darwish > Abdelrahman Darwich > =
    Abd al-Rahman|Darwish > عبد الرحمن درويش > =
    Fatima Zahra|Benkirane > Fatimazahra Benkirane > =
    Khaled|Abu Nasr > Khalid Abunasr > =
    نور|الدباغ > Noor Al Dabbagh > =
    Tariq|Shihabi > طارق الشهابي > =
    מיכל|שטרן > Michal Stern > ?
    Yosef|Ben-Ami > Yossi Ben Ami > =
    Shahrzad|Taheri > شهرزاد طاهری > =
    संजय|चतुर्वेदी > Sanjay Chaturvedi > =
    लक्ष्मी|विश्वनाथन > Laxmi Vishwanathan > =
    Karthik|Raghunathan > கார்த்திக் ரகுநாதன் > =
    Jyoti|Srivastava > Jyothi Shrivastava > =
    晓燕|诸葛 > 诸葛晓燕 > =
    赵雪薇 > Zhao Xue Wei > =
    赵雪薇 > 趙雪薇 > =
    吕思源 > Lv Siyuan > =
    しょうた|きむら > Shota Kimura > =
    ケンジ|オオタニ > Kenji Ohtani > =
    Shinichirō|Satō > しんいちろう さとう > =
    Kenji|Mochizuki > ﾓﾁﾂﾞｷ ｹﾝｼﾞ > =
    佐々木 健太朗 > 佐々木健太朗 > =
    서준|박 > Seojun Park > ?
    정수빈 > Jung Soobin > ?
    조은별 > Cho Eunbyul > ?
    Đặng Quốc Khánh > Khánh Đặng Quốc > =
    Thuỳ Linh|Huỳnh > Huynh Thuy Linh > =
    สมชาย|ศรีสุข > Somchai Srisook > =
    ქეთევან|ჯაფარიძე > Keti Japaridze > =
    Հայկ|Պետրոսյան > Haik Petrosian > =
    Işıl|Yıldırım > IŞIL YILDIRIM > =
    Jürgen|Böttcher > Juergen Boettcher > =
    Sören|Weißmüller > Weißmüller, Sören > =
    Hans-Joachim|Strößner > H.-J. Strößner > =
    Karl-Heinz|Überschär > Karlheinz Ueberschaer > =
    Åse|Håkonsen > Aase Haakonsen > =
    Małgorzata|Żółtowska > Gosia Zoltowska > =
    Jan|Hruška > Honza Hruška > =
    Ștefan|Țepeluș > Ştefan Ţepeluş > =
    Þórður|Sigurðsson > Thordur Sigurdsson > =
    Gergely|Szőllősi > Szőllősi Gergely > =
    Erzsébet|Újhelyi > Bözsi Újhelyi > =
    María José|Carballo Ibáñez > Mª José Carballo > =
    Javier Zubeldia Orozco > Zubeldia Orozco, Javier > =
    Juan Carlos|Urquiza > Juanca Urquiza > =
    João Miguel|Vasconcelos de Brito > João Brito > ?
    Jean-Baptiste|Fouquet > JB Fouquet > =
    Claire|Townsend-Hughes > Claire Hughes-Townsend > =
    Birgit|Kranz-Oberhuber > Birgit Oberhuber > =
    Sophie|van der Meulen > Sophie v.d. Meulen > =
    Sophie|van der Meulen > Sophie Vander Meulen > =
    Ricardo|de la Fuente Mora > Ricardo Delafuente > =
    Gianni|Di Benedetto > Gianni Dibenedetto > =
    Seán|O'Shaughnessy > Sean O Shaughnessy > =
    Ewan|MacKinnon > Ewan Mac Kinnon > =
    Alexander|von Trotha > Alex v. Trotha > =
    Pieter|ten Brinke > Piet Tenbrinke > =
    Friedrich|Haselbacher > Prof. Dr. med. Friedrich Haselbacher > =
    Harrison|Pemberwick > Pemberwick, Harrison J. > =
    Harrison|Pemberwick > Harrison Pemberwick, CPA, MBA > =
    Odile|Chastanet > Mme Chastanet Odile > =
    Ernesto|Pallavicini > Avv. Ernesto Pallavicini > =
    Lupita|Echeverri > Doña Guadalupe Echeverri > =
    Jonathan|Thistlewood > Thistlewood J. > =
    Jonathan|Thistlewood > Jonathan Q. Thistlewood > =
    Jonathan|Thistlewood > Jonathan Thist. > =
    Jonathan|Thistlewood > Jonathan > !
    Jonathan|Thistlewood > K. Thistlewood > !
    Jonathan|Thistlewood > JT > !
    William|Ravenshore > Bill Ravenshore > =
    Elizabeth|Cottesmore > Betsy Cottesmore > =
    José|Arrizabalaga > Pepe Arrizabalaga > =
    Francisco|Montoliu > Xisco Montoliu > =
    Rosario|Castelblanco > Charo Castelblanco > =
    Luigi|Mazzacurati > Gigi Mazzacurati > =
    Johann|Hinterleitner > Hansi Hinterleitner > =
    Francisco|Trigueiros > Chico Trigueiros > =
    Cornelis|Vroegindeweij > Kees Vroegindeweij > =
    Aleksandra|Krukowska > Ola Krukowska > =
    József|Csokonay > Jóska Csokonay > =
    Mikael|Lindskoug > Micke Lindskoug > =
    Anna|Holzinger > Anna Holzinger née Reutter > =
    Anna|Holzinger > Anna Holzinger (Reutter) > =
    Anna|Holzinger > Anna Reutter > -
    Jane|Ottoway > Jane Smythe (née Ottoway) > =
    Maria|Castellvecchio > ✨ Maria Castellvecchio ✨ > =
    Maria|Castellvecchio > 𝓜𝓪𝓻𝓲𝓪 𝓒𝓪𝓼𝓽𝓮𝓵𝓵𝓿𝓮𝓬𝓬𝓱𝓲𝓸 > =
    Maria|Castellvecchio > Maria Castellvecchio · Local Guide · 12 reviews > =
    Maria|Castellvecchio > MariaCastellvecchio > ?
    Maria|Castellvecchio > M A R I A   C A S T E L L V E C C H I O > =
    Maria|Castellvecchio > 🇮🇹Maria🇮🇹Castellvecchio > =
    Maria|Castellvecchio > Maria Castellvecchio via Google > =
    Maria|Castellvecchio > Maria ❤️ > !
    Anna|Beckerath > Anna & Tom Beckerath > =
    Anna|Beckerath > Tom y Anna Beckerath > ?
    Anna|Beckerath > Anna and Tom > -
    George|Hollingbrook > Mr & Mrs G Hollingbrook > =
    George|Hollingbrook > Mr & Mrs Smith > -
    Octavia|Birkenshaw > 0ct4via_b1rkenshaw > =
    Octavia|Birkenshaw > @obirkenshaw82 > =
    Octavia|Birkenshaw > xX_octavia_birkenshaw_Xx > =
    Octavia|Birkenshaw > therealoctaviabirkenshaw > =
    Octavia|Birkenshaw > octavia_birkenshaw_uk > =
    Octavia|Birkenshaw > OBirkenshaw > =
    Jürgen|Böttcher > juergenboettcher65 > =
    Mohammed|Al-Sabbagh > malsabbagh > ?
    Octavia|Birkenshaw > octavia1990 > !
    Octavia|Birkenshaw > https://instagram.com/octaviabirkenshaw > =
    Acmeron Ltd > Acmeron Limited > ?
    Brückmann & Söhne GmbH > Brueckmann und Soehne > =
    Ferreteria Olivares S.A. > Ferretería Olivares SA > =
    Sp. z o.o. Zielonka Meble > Zielonka Meble sp. z o.o. > =
    Petra|Lindlar|Lindlar Fliesen GmbH > Fliesen Lindlar > =
    株式会社あおぞら工房 > あおぞら工房 > =
    Octavia|Birkenshaw > A Google user > -
    Octavia|Birkenshaw > Ein Google-Nutzer > -
    Octavia|Birkenshaw > Verified buyer > -
    Octavia|Birkenshaw > TripAdvisor Member > -
    Octavia|Birkenshaw > Пользователь Google > -
    Octavia|Birkenshaw > Mr > -
    Octavia|Birkenshaw > N/A > -
    Octavia|Birkenshaw > user48213907 > -
    Octavia|Birkenshaw > 🙂🙂🙂 > -
    Marta|Weidenhaupt > Maria Weidenhaupt > !
    Jan|Kesselring > Jane Kesselring > !
    Robert|Winterhalter > Norbert Winterhalter > !
    Michael|Drosselmeyer > Michaela Drosselmeyer > !
    Christian|Haferkamp > Christina Haferkamp > !
    Simon|Fehrenbach > Simone Fehrenbach > !
    Alexander|Buntrock > Alexandra Buntrock > !
    Johanna|Steinlechner > Johann Steinlechner > !
    Sara|Quintanar > Tara Quintanar > !
    Xiaoming|Chen > Xiaoling Chen > !
    Yuki|Hashimura > Yuka Hashimura > !
    Ingrid|Falkenrath > Astrid Falkenrath > !
    Thomas|Kleinknecht > Thomas Kleinschmidt > -
";

fn facts(record: &str) -> CustomerFacts {
    let mut parts = record.split('|').map(str::to_owned);
    let (first, last, company) = (parts.next(), parts.next(), parts.next());
    let name = [first.as_deref(), last.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" ");
    CustomerFacts {
        name,
        first: last.is_some().then_some(first).flatten(),
        last,
        company,
        ..CustomerFacts::default()
    }
}

fn pairs() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
    PAIRS.trim().lines().map(|line| {
        let mut cells = line.trim().split(" > ");
        (cells.next().unwrap_or_default(), cells.next().unwrap_or_default(), cells.next().unwrap_or_default())
    })
}

/// Everybody of the pairs, and a crowd in which common names are common; beside each of the pairs' customers somebody of the same
/// family, and somebody of the same given name.
fn town() -> Index {
    let mut index = Index::new();
    let mut dice = 9_u64;
    let mut below = |n: usize| {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (dice >> 33) as usize % n
    };
    for number in 0..4_000 {
        let (given, family) = CROWD[number % CROWD.len()];
        let mut of = |names: &'static str| {
            let names: Vec<&str> = names.split(' ').collect();
            names[below(names.len()).min(below(names.len()))]
        };
        index.insert(&format!("crowd {number}"), &facts(&format!("{}|{}", of(given), of(family))));
    }
    for (record, ..) in pairs() {
        index.insert(record, &facts(record));
        if let [given, family] = record.split('|').collect::<Vec<_>>().as_slice() {
            index.insert(&format!("namesake of {record}"), &facts(&format!("{given}|Nobleworth")));
            index.insert(&format!("relative of {record}"), &facts(&format!("Zebulon|{family}")));
        }
    }
    index.settle();
    // Of ten links one may be wrong: what is tried are readings, and not where exactly the limit lies.
    index.set_choices(true, 0.9, true);
    index
}

fn shown(index: &Index, name: &str) -> Identification {
    let author = Author { name: Some(name.to_owned()), ..Author::default() };
    index.identify(&Mention { author, ..Mention::default() }, &[])
}

#[test]
fn names_of_the_world_are_recognised_and_others_are_not() {
    let index = town();
    let mut wrong = Vec::new();
    for (record, name, right) in pairs() {
        let found = shown(&index, name);
        let best = found.candidates.first();
        let first = best.is_some_and(|best| best.customer == record);
        let holds = match right {
            "=" => first && found.decision == Decision::Linked,
            "?" => first,
            "!" => found.decision != Decision::Linked,
            _ => found.decision == Decision::None,
        };
        if !holds {
            let best = best.map(|best| (best.customer.as_str(), best.probability));
            wrong.push(format!("{record} > {name} > {right}: {:?} {best:?}", found.decision));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), pairs().count(), wrong.join("\n"));
}

#[test]
fn nothing_that_is_shown_does_harm() {
    let index = town();
    let long = "Maria ".repeat(2_000);
    let one = "x".repeat(10_000);
    let bound = "a&".repeat(3_000) + "b";
    let signs = "\u{202e}\u{0}\u{7}\u{200d}\u{301}\u{301}";
    let emoji = "🙂🏳️‍🌈".repeat(500);
    let letters = "M A R ".repeat(1_000);
    let brackets = "((([[[(".repeat(300);
    for name in [
        &long, &one, &bound, &emoji, &letters, &brackets, signs, "", " ", ",", "&", "()", "@", "https://",
        "-", ".", "..", "'",
    ] {
        assert_eq!(shown(&index, name).decision, Decision::None, "{:.40}", name);
        let author = Author { handle: Some(name.to_owned()), ..Author::default() };
        let found = index.identify(&Mention { author, ..Mention::default() }, &[]);
        assert_eq!(found.decision, Decision::None, "{:.40}", name);
    }
}
