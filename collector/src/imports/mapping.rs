//! What the columns of a customer list mean: the fields, and a guess from headings in several languages. Pure.

use goodword_shared::import::Mapping;

/// Field, label, and headings that mean it, the likeliest first; folded, parted by commas.
pub type Fields = &'static [(&'static str, &'static str, &'static str)];

/// The fields of an order.
pub const ORDERS: Fields = &[
    (
        "id",
        "Order number",
        "id,order id,order number,order no,order nr,order,invoice,invoice number,receipt,bestellnummer,bestellung,auftragsnummer,\
         rechnungsnummer,numero de commande,commande,facture,numero de pedido,pedido,factura,numero ordine,ordine,fattura,\
         ordernummer,bestelling,numer zamowienia,zamowienie,number,nr,bon,ticket,siparis no,siparis numarasi,номер заказа,заказ,رقم الطلب,订单号,注文番号,encomenda,numero de orden",
    ),
    (
        "customer",
        "Your customer number",
        "customer,customer id,customer number,customer no,client,client id,account,kunde,kundennummer,kunden nr,kundennr,kunden id,\
         numero client,id client,cliente,id cliente,codice cliente,klant,klantnummer,klient,numer klienta,member number,n client,no client,numero de client,code client,numero de cliente,codigo de cliente,nr klienta,musteri no,musteri,номер клиента,клиент,رقم العميل,客户编号,顧客番号,customer_id",
    ),
    (
        "email",
        "The customer's e-mail",
        "email,e mail,mail,email address,e mail address,customer email,e mail adresse,adresse e mail,courriel,correo,\
         correo electronico,posta elettronica,e posta,eposta,почта,email клиента,邮箱,メール",
    ),
    (
        "date",
        "Date",
        "date,day,when,order date,ordered at,created,created at,purchase date,sold on,invoice date,datum,tag,\
         kaufdatum,bestelldatum,rechnungsdatum,date de commande,fecha,fecha de pedido,data,data ordine,besteldatum,data zamowienia,tarih,дата,дата заказа,التاريخ,日期,注文日,dato",
    ),
    (
        "product",
        "Product",
        "product,item,article,product name,service,description,artikel,produkt,leistung,produit,article,producto,articulo,\
         prodotto,articolo,produto,urun,товар,المنتج,商品,产品,商品名,omschrijving",
    ),
    (
        "amount",
        "Amount",
        "amount,total,sum,price,value,gross,betrag,summe,preis,umsatz,montant,total ttc,prix,importe,precio,importo,prezzo,\
         totale,bedrag,prijs,kwota,cena,tutar,fiyat,сумма,цена,المبلغ,金额,金額,valor",
    ),
    (
        "currency",
        "Currency",
        "currency,currency code,order currency,wahrung,wahrungscode,devise,monnaie,moneda,divisa,valuta,waluta",
    ),
    (
        "branch",
        "Branch",
        "branch,location,store,shop,site,filiale,standort,laden,magasin,agence,tienda,sucursal,negozio,filiaal,winkel,oddzial,sklep,sube,magaza,филиал,магазин,الفرع,门店,店舗,loja",
    ),
    (
        "staff",
        "Served by",
        "staff,employee,served by,seller,sales person,cashier,mitarbeiter,verkaufer,bedient von,vendeur,employe,vendedor,empleado,\
         commesso,venditore,medewerker,verkoper,pracownik,sprzedawca,personel,satici,сотрудник,продавец,الموظف,店员,担当者,担当",
    ),
];

/// The fields of a customer.
pub const CUSTOMERS: Fields = &[
    (
        "external_id",
        "Your customer number",
        "id,customer id,customer number,customer no,customer nr,client id,account number,kundennummer,kunden nr,kundennr,\
         kunden id,debitor,numero client,no client,id client,id cliente,numero cliente,codice cliente,klantnummer,numer klienta,\
         external id,member number,number,nr,no,n client,no de client,numero de client,code client,numero de cliente,codigo de cliente,n cliente,num cliente,numero do cliente,nr klienta,id klienta,musteri no,musteri numarasi,номер клиента,номер,رقم العميل,客户编号,客户号,顧客番号,会員番号",
    ),
    (
        "name",
        "Name",
        "name,full name,customer name,customer,client,client name,contact,contact name,kunde,kundenname,vollstandiger name,\
         nom complet,nom du client,nombre completo,cliente,nome completo,nominativo,naam,klant,klantnaam,imie i nazwisko,ad soyad,adi soyadi,фио,имя и фамилия,полное имя,الاسم,姓名,氏名,名前,客户姓名,navn,namn",
    ),
    (
        "first",
        "First name",
        "first name,first,firstname,given name,forename,vorname,prenom,nombre,nome,voornaam,imie,primeiro nome,ad,adi,имя,الاسم الاول,名,fornavn,fornamn",
    ),
    (
        "last",
        "Last name",
        "last name,last,lastname,surname,family name,nachname,familienname,zuname,nom,nom de famille,apellido,apellidos,\
         cognome,achternaam,sobrenome,apelido,nazwisko,primer apellido,soyad,soyadi,фамилия,اسم العائلة,姓,etternavn,efternamn",
    ),
    (
        "email",
        "E-mail",
        "email,e mail,mail,email address,e mail address,mail address,e mail adresse,mailadresse,adresse e mail,courriel,\
         correo,correo electronico,posta elettronica,indirizzo email,e mailadres,e posta,eposta,email adres,почта,электронная почта,البريد الالكتروني,邮箱,电子邮件,メール,メールアトレス",
    ),
    (
        "phone",
        "Telephone",
        "phone,telephone,phone number,mobile,mobile phone,cell,cell phone,tel,telefon,telefonnummer,handy,mobil,rufnummer,\
         telephone portable,portable,telefono,movil,celular,cellulare,telefoon,telefoonnummer,telemovel,numer telefonu,telefon numarasi,cep telefonu,телефон,الهاتف,电话,手机,电话号码,電話,電話番号",
    ),
    (
        "city",
        "Town",
        "city,town,place,ort,stadt,wohnort,ville,commune,ciudad,poblacion,localidad,citta,comune,stad,plaats,woonplaats,\
         cidade,miasto,sehir,il,город,المدينة,城市,市,住所,stad",
    ),
    (
        "handle",
        "Handle on social sites",
        "handle,username,user name,nickname,twitter,x,instagram,mastodon,bluesky,social,benutzername,pseudo,usuario",
    ),
    (
        "company",
        "Company",
        "company,company name,organisation,organization,business,firm,firma,unternehmen,entreprise,societe,empresa,azienda,\
         ditta,bedrijf",
    ),
    ("language", "Language", "language,lang,locale,sprache,langue,idioma,lingua,taal,jezyk"),
    (
        "since",
        "Customer since",
        "since,customer since,client since,member since,first order,first purchase,first visit,joined,join date,created,\
         created at,date added,signup date,kunde seit,seit,angelegt,angelegt am,erstellt am,client depuis,depuis,\
         date de creation,cliente desde,desde,fecha de alta,cliente dal,klant sinds",
    ),
    (
        "value",
        "Worth to you",
        "value,total,total spent,lifetime value,ltv,clv,revenue,turnover,spend,spent,amount,sales,umsatz,gesamtumsatz,wert,\
         kundenwert,chiffre d affaires,ca,montant,total depense,importe,ventas,facturacion,total gastado,fatturato,totale,omzet",
    ),
    (
        "birthday",
        "Birthday",
        "birthday,date of birth,birth date,birthdate,dob,born,geburtstag,geburtsdatum,geboren,date de naissance,naissance,anniversaire,\
         fecha de nacimiento,nacimiento,cumpleanos,data di nascita,compleanno,geboortedatum,verjaardag,data de nascimento,\
         data urodzenia,urodziny",
    ),
    (
        "contact_consent",
        "May be contacted",
        "contact consent,consent,opt in,optin,newsletter,marketing consent,accepts marketing,email marketing,subscribed,\
         einwilligung,werbung erlaubt,consentement,consentimiento,consenso",
    ),
    (
        "do_not_contact",
        "Do not contact",
        "do not contact,dnc,no contact,opt out,optout,unsubscribed,blocked,nicht kontaktieren,keine werbung,werbesperre,\
         ne pas contacter,no contactar,non contattare",
    ),
    (
        "tags",
        "Tags",
        "tags,tag,labels,groups,group,segment,category,kategorie,gruppe,etiquettes,etiquetas,etichette",
    ),
    (
        "notes",
        "Notes",
        "notes,note,comment,comments,remark,remarks,bemerkung,bemerkungen,notiz,notizen,anmerkung,remarques,commentaire,\
         notas,observaciones,note interne,opmerkingen",
    ),
];

/// The fields that a column may be mapped to: name and label.
pub fn fields(fields: Fields) -> Vec<(String, String)> {
    fields.iter().map(|(name, label, _)| ((*name).to_owned(), (*label).to_owned())).collect()
}

/// Guesses what each column is, by its heading: the best pairs first, each column and each field once. A column without a
/// telling heading that holds mail addresses is taken for them.
pub fn guess(fields: Fields, columns: &[String], sample: &[Vec<String>]) -> Mapping {
    let mut fits: Vec<(usize, usize, usize)> = Vec::new();
    for (column, heading) in columns.iter().enumerate() {
        let heading = folded(heading);
        for (field, (_, _, words)) in fields.iter().enumerate() {
            let words = words.split(',').map(str::trim);
            if let Some(rank) = words.clone().position(|word| word == heading) {
                fits.push((rank, column, field));
            } else if words.clone().any(|word| word.len() > 4 && contains_word(&heading, word)) {
                fits.push((1000, column, field));
            }
        }
    }
    fits.sort_unstable();
    let mut mapping = Mapping::new();
    let mut take = |column: usize, field: &str| {
        let free = !mapping.contains_key(&columns[column]) && !mapping.values().any(|taken| taken == field);
        if free {
            mapping.insert(columns[column].clone(), field.to_owned());
        }
    };
    for (_, column, field) in fits {
        take(column, fields[field].0);
    }
    for column in 0..columns.len() {
        let cells = || sample.iter().filter_map(|row| row.get(column)).filter(|cell| !cell.is_empty());
        if cells().count() > 0 && cells().all(|cell| super::rows::is_address(cell)) {
            take(column, "email");
        }
    }
    // "Name" beside "First name" is what the family is called.
    if mapping.values().any(|f| f == "first") && !mapping.values().any(|f| f == "last") {
        for field in mapping.values_mut().filter(|field| *field == "name") {
            "last".clone_into(field);
        }
    }
    mapping
}

/// The owner's mapping without what is no column or no field, and without a second column for one field.
pub fn checked(fields: Fields, mapping: &Mapping, columns: &[String]) -> Mapping {
    let mut out = Mapping::new();
    for column in columns {
        let Some(field) = mapping.get(column) else { continue };
        if fields.iter().any(|(name, _, _)| name == field) && !out.values().any(|taken| taken == field) {
            out.insert(column.clone(), field.clone());
        }
    }
    out
}

/// As headings are compared: "E-Mail-Adresse" → "e mail adresse", "firstName" → "first name".
fn folded(heading: &str) -> String {
    let mut spaced = String::with_capacity(heading.len() + 4);
    let mut before = ' ';
    for c in heading.chars() {
        if c.is_uppercase() && before.is_lowercase() {
            spaced.push(' ');
        }
        spaced.push(c);
        before = c;
    }
    crate::fold::fold(&spaced)
}

fn contains_word(heading: &str, word: &str) -> bool {
    format!(" {heading} ").contains(&format!(" {word} "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn guessed(headings: &[&str]) -> Vec<String> {
        let columns: Vec<String> = headings.iter().map(|h| (*h).to_owned()).collect();
        let mapping = guess(CUSTOMERS, &columns, &[]);
        columns.iter().map(|c| mapping.get(c).cloned().unwrap_or_default()).collect()
    }

    #[test]
    fn headings_of_several_languages_are_understood() {
        let german =
            guessed(&["Kundennr.", "Vorname", "Name", "E-Mail-Adresse", "Ort", "Kunde seit", "Umsatz"]);
        assert_eq!(german, ["external_id", "first", "last", "email", "city", "since", "value"]);
        assert_eq!(guessed(&["Prénom", "Nom", "Courriel", "Ville"]), ["first", "last", "email", "city"]);
        assert_eq!(guessed(&["Nombre", "Apellidos", "Teléfono"]), ["first", "last", "phone"]);
        assert_eq!(
            guessed(&["customerId", "fullName", "Home phone", "x9"]),
            ["external_id", "name", "phone", ""]
        );
    }
}
