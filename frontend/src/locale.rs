//! Amounts as the owner's browser writes them: its signs, its order, its blanks and points.

use js_sys::{Array, Intl::NumberFormat, Object, Reflect};
use wasm_bindgen::JsValue;

/// Signs that mean one currency only. Of the others, such as $ and ¥, the sign itself is shown: nobody knows whose dollars they are.
const SIGNS: [(&str, &str); 4] = [("€", "EUR"), ("£", "GBP"), ("₹", "INR"), ("₩", "KRW")];

/// "€1,240.50" or "1.240,50 €", as the browser does; the currency is a sign or a code.
pub fn amount(amount: f64, currency: &str) -> String {
    let currency = currency.trim();
    let code = SIGNS.iter().find(|(sign, _)| *sign == currency).map_or(currency, |(_, code)| code);
    if code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase()) {
        return written(amount, &[("style", &"currency".into()), ("currency", &code.into())]);
    }
    let cents = JsValue::from(2);
    let number = written(amount, &[("minimumFractionDigits", &cents), ("maximumFractionDigits", &cents)]);
    let gap = if currency.chars().count() > 1 { "\u{a0}" } else { "" };
    match number.strip_prefix('-') {
        Some(number) => format!("−{currency}{gap}{number}"),
        None => format!("{currency}{gap}{number}"),
    }
}

fn written(number: f64, how: &[(&str, &JsValue)]) -> String {
    let options = Object::new();
    for (name, value) in how {
        // Fails only for objects that are closed.
        let _ = Reflect::set(&options, &(*name).into(), value);
    }
    let format = NumberFormat::new(&Array::new(), &options).format();
    let text = format.call1(&JsValue::UNDEFINED, &number.into()).ok().and_then(|text| text.as_string());
    text.unwrap_or_else(|| number.to_string())
}
