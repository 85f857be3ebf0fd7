//! Which column is what: the fields there are, and the guess from headings in several languages and from the first lines.

use goodword_shared::import::Mapping;

use crate::reading::{dates, numbers};

/// Name, label, and the headings that mean it (lower case, letters and digits only, whole or as a part; best first).
const FIELDS: [(&str, &str, &str); 25] = [
    (
        "external_id",
        "Id of the review",
        "review id,reviewid,external id,id,uuid,response id,responseid,submission id,ticket id",
    ),
    (
        "rating",
        "Rating",
        "rating,stars,star rating,score,five star rating,review rating,overall rating,overall,star,bewertung,sterne,note,punkte,puntuación,puntuacion,calificación,calificacion,valoración,valoracion,estrellas,nota,avaliação,voto,valutazione,stelle,beoordeling,sterren,cijfer,оценка,рейтинг,评分,評価,nps,csat",
    ),
    ("best", "Best possible rating", "best rating,best,rating scale,max rating,out of,scale"),
    (
        "title",
        "Title",
        "review title,title,headline,summary,subject line,betreff,titel,titre,título,titulo,titolo,заголовок,标题,タイトル",
    ),
    (
        "text",
        "Text",
        "review text,review body,text,review,comment,comments,body,content,message,feedback,review content,review comment,answer,reviews,kommentar,rezension,bewertungstext,nachricht,commentaire,avis,texte,comentario,comentarios,reseña,texto,opinión,recensione,commento,testo,opmerking,recensie,tekst,отзыв,текст,комментарий,评论,内容,レビュー,verbatim,opinion,description",
    ),
    (
        "published_at",
        "Date",
        "date,review date,published at,published,created at,created,date created,submitted at,submitted,timestamp,time,posted,date posted,review created at,datum,erstellt,fecha,data,дата,日期,日付,日時,date published,response date",
    ),
    ("edited_at", "Changed on", "updated at,modified,edited at,last updated,date modified"),
    (
        "author",
        "Author",
        "author,author name,reviewer,reviewer name,customer name,customer,full name,display name,username,user name,user,name,nickname,consumer name,guest,guest name,client,verfasser,autor,kunde,auteur,client name,nom,nombre,cliente,autore,nome,klant,naam,автор,имя,作者,用户名,名前,投稿者",
    ),
    ("first_name", "First name", "first name,firstname,given name,vorname,prénom,voornaam"),
    ("last_name", "Last name", "last name,lastname,surname,family name,nachname,achternaam,apellido"),
    ("handle", "Login", "handle,login,screen name,account"),
    ("author_id", "Id of the author", "author id,user id,userid,customer id,reviewer id,profile id"),
    (
        "email",
        "E-mail",
        "email,e mail,email address,customer email,mail,reviewer email,consumer email,correo",
    ),
    ("location", "Place of the author", "location,city,country,reviewer location,ort,ville,ciudad"),
    ("url", "Link to the review", "review url,review link,permalink,url,link"),
    ("language", "Language", "language,lang,locale,sprache,langue,idioma"),
    (
        "reply",
        "Your answer",
        "reply,response,owner response,owner reply,owner answer,business response,company reply,merchant reply,antwort,réponse,respuesta,risposta,developer reply,response text",
    ),
    (
        "reply_at",
        "Date of your answer",
        "reply date,response date,owner response date,replied at,developer reply date",
    ),
    (
        "subject",
        "Product or place",
        "product,product name,place,place name,business,business name,location name,item,hotel,restaurant,store,branch,company,app,app name,produkt,produit,producto,prodotto",
    ),
    (
        "subject_id",
        "Id of product or place",
        "product id,place id,sku,asin,item id,business id,location id,app id,package name,product handle",
    ),
    (
        "order_id",
        "Order number",
        "order id,order number,order,reference id,reference number,bestellnummer,order reference",
    ),
    (
        "likes",
        "Helpful votes",
        "likes,helpful,helpful votes,upvotes,thumbs up,useful,votes,helpful count,thumbs up count",
    ),
    ("verified", "Verified", "verified,verified purchase,verified buyer,is verified,verified reviewer"),
    ("kind", "Kind", "kind,mention type"),
    ("thread_id", "Conversation", "thread id,conversation id,thread"),
];

/// The fields that a column may be mapped to: name and label.
pub fn fields() -> Vec<(String, String)> {
    FIELDS.iter().map(|(name, label, _)| ((*name).to_owned(), (*label).to_owned())).collect()
}

/// Whether there is such a field.
pub fn is_field(name: &str) -> bool {
    FIELDS.iter().any(|(n, _, _)| *n == name)
}

/// Reads the owner's mapping: `Heading = field` lines (or parted by semicolons), or a JSON object.
pub fn parse(text: &str) -> Mapping {
    if let Ok(mapping) = serde_json::from_str(text) {
        return mapping;
    }
    text.split(['\n', ';'])
        .filter_map(|line| line.rsplit_once('='))
        .map(|(column, field)| (column.trim().to_owned(), field.trim().to_owned()))
        .filter(|(_, field)| is_field(field))
        .collect()
}

/// Letters and digits in lower case, one space between words.
fn folded(heading: &str) -> String {
    let spaced: String = heading
        .chars()
        .zip(std::iter::once(' ').chain(heading.chars()))
        .flat_map(|(c, before)| {
            // "reviewText" is two words.
            let border = c.is_uppercase() && before.is_lowercase();
            let c = if c.is_alphanumeric() { c } else { ' ' };
            border.then_some(' ').into_iter().chain(c.to_lowercase())
        })
        .collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Guesses what each column is: by heading, and where the words or the stars are not found so, by the first lines.
pub fn guess(columns: &[String], sample: &[Vec<String>]) -> Mapping {
    let headings: Vec<String> = columns.iter().map(|c| folded(c)).collect();
    // Every pair of column and field with how well they fit; the best pairs are taken first.
    let mut fits: Vec<(u32, usize, usize)> = Vec::new();
    for (column, heading) in headings.iter().enumerate() {
        for (field, (_, _, words)) in FIELDS.iter().enumerate() {
            let best = words.split(',').enumerate().filter_map(|(rank, word)| {
                let rank = u32::try_from(rank).unwrap_or(u32::MAX);
                if heading == word {
                    Some(1_000 - rank.min(400))
                } else if word.len() > 3 && heading.split(' ').any(|w| w == word) {
                    Some(500 - rank.min(400))
                } else {
                    None
                }
            });
            if let Some(score) = best.max() {
                fits.push((score, column, field));
            }
        }
    }
    fits.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(&b.1)));
    let (mut taken, mut used) = (vec![false; columns.len()], vec![false; FIELDS.len()]);
    let mut mapping = Mapping::new();
    let mut take = |column: usize, field: usize, mapping: &mut Mapping| {
        if !taken[column] && !used[field] {
            taken[column] = true;
            used[field] = true;
            mapping.insert(columns[column].clone(), FIELDS[field].0.to_owned());
        }
    };
    for (_, column, field) in fits {
        // A heading may promise what the cells do not keep: "Review" over dates, "Note" over words.
        if fits_cells(FIELDS[field].0, column, sample) {
            take(column, field, &mut mapping);
        }
    }
    let missing = |name: &str, mapping: &Mapping| !mapping.values().any(|f| f == name);
    let number = |name: &str| FIELDS.iter().position(|(n, _, _)| *n == name);
    let free = |mapping: &Mapping| -> Vec<usize> {
        (0..columns.len()).filter(|c| !mapping.contains_key(&columns[*c])).collect()
    };
    if missing("text", &mapping) {
        let length =
            |c: usize| sample.iter().filter_map(|r| r.get(c)).map(|v| v.chars().count()).sum::<usize>();
        let longest = free(&mapping).into_iter().max_by_key(|c| length(*c));
        if let (Some(column), Some(field)) =
            (longest.filter(|c| length(*c) > 20 * sample.len()), number("text"))
        {
            take(column, field, &mut mapping);
        }
    }
    if missing("published_at", &mapping) {
        let dated = free(&mapping)
            .into_iter()
            .find(|c| share(sample, *c, |v| dates::parse(v).is_some() && v.len() > 4) > 0.8);
        if let (Some(column), Some(field)) = (dated, number("published_at")) {
            take(column, field, &mut mapping);
        }
    }
    if missing("rating", &mapping) && missing("text", &mapping) {
        let rated = free(&mapping).into_iter().find(|c| share(sample, *c, is_stars) > 0.9);
        if let (Some(column), Some(field)) = (rated, number("rating")) {
            take(column, field, &mut mapping);
        }
    }
    mapping
}

/// The share of filled cells of a column that a test accepts; 0 where none is filled.
fn share(sample: &[Vec<String>], column: usize, test: impl Fn(&str) -> bool) -> f64 {
    let filled: Vec<&String> =
        sample.iter().filter_map(|r| r.get(column)).filter(|v| !v.is_empty()).collect();
    if filled.is_empty() {
        return 0.0;
    }
    let good = filled.iter().filter(|v| test(v)).count();
    #[expect(clippy::cast_precision_loss, reason = "at most fifty lines")]
    let share = good as f64 / filled.len() as f64;
    share
}

fn is_stars(value: &str) -> bool {
    value.len() <= 20 && super::row::stars(value).is_some_and(|(v, _)| (0.0..=10.0).contains(&v))
}

/// Whether the cells of a column may hold that field.
fn fits_cells(field: &str, column: usize, sample: &[Vec<String>]) -> bool {
    let empty = sample.iter().filter_map(|r| r.get(column)).all(String::is_empty);
    if empty {
        return true;
    }
    match field {
        "rating" => share(sample, column, |v| super::row::stars(v).is_some()) > 0.5,
        "published_at" | "edited_at" | "reply_at" => share(sample, column, super::row::date_like) > 0.5,
        "likes" | "best" => share(sample, column, |v| numbers::whole(v).is_some()) > 0.5,
        "email" => share(sample, column, |v| v.contains('@')) > 0.5,
        "url" => share(sample, column, |v| v.starts_with("http") || v.starts_with("www.")) > 0.5,
        "text" => share(sample, column, |v| v.chars().any(char::is_alphabetic)) > 0.3 || sample.len() < 3,
        _ => true,
    }
}
