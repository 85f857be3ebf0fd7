//! Secrets: sealed for one row, opened only there, never printed; the key file is private and lasts.

use goodword::secrets::{Sealer, Secret, Secrets, join, shown, split};
use goodword_shared::source::{Field, FieldType, Values};

fn field(name: &str, kind: FieldType, default: Option<&str>) -> Field {
    Field {
        name: name.into(),
        label: name.into(),
        help: String::new(),
        kind,
        required: false,
        default: default.map(Into::into),
        example: None,
    }
}

fn values(pairs: &[(&str, &str)]) -> Values {
    pairs.iter().map(|(k, v)| ((*k).into(), (*v).into())).collect()
}

#[test]
fn a_sealed_secret_opens_for_its_own_row_with_the_same_key_only() {
    let folder = tempfile::tempdir().expect("a folder");
    let sealer = Sealer::open(folder.path()).expect("makes a key");
    let sealed = sealer.seal("channels", "one", "pa55word");
    assert!(!sealed.contains("pa55word"));
    assert_ne!(sealed, sealer.seal("channels", "one", "pa55word"), "every sealing has its own nonce");

    let again = Sealer::open(folder.path()).expect("finds the key");
    assert_eq!(again.unseal("channels", "one", &sealed).expect("opens").expose(), "pa55word");
    assert!(again.unseal("channels", "two", &sealed).is_err());
    assert!(again.unseal("sources", "one", &sealed).is_err());

    let elsewhere = tempfile::tempdir().expect("a folder");
    let stranger = Sealer::open(elsewhere.path()).expect("makes a key");
    assert!(stranger.unseal("channels", "one", &sealed).is_err());
    for broken in ["", "x1.", "x1.AAAA", &sealed[..sealed.len() - 2]] {
        assert!(again.unseal("channels", "one", broken).is_err(), "{broken}");
    }
}

#[cfg(unix)]
#[test]
fn the_key_file_is_readable_by_its_owner_only() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().expect("a folder");
    Sealer::open(folder.path()).expect("makes a key");
    let names: Vec<_> =
        std::fs::read_dir(folder.path()).expect("lists").map(|e| e.expect("entry").file_name()).collect();
    assert_eq!(names, ["secret.key"], "nothing else is left behind");
    let mode = std::fs::metadata(folder.path().join("secret.key")).expect("is there").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_damaged_key_file_is_named_and_not_replaced() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("secret.key"), "half a k").expect("written");
    let error = Sealer::open(folder.path()).expect_err("refused").to_string();
    assert!(error.contains("secret.key"), "{error}");
    assert_eq!(std::fs::read_to_string(folder.path().join("secret.key")).expect("there"), "half a k");
}

#[test]
fn secrets_do_not_show_in_debug_output() {
    let folder = tempfile::tempdir().expect("a folder");
    let secrets: Secrets = [("password".to_owned(), Secret::new("pa55word"))].into();
    assert!(!format!("{secrets:?} {:?}", Sealer::open(folder.path()).expect("opens")).contains("pa55word"));
}

#[test]
fn settings_are_parted_and_joined_by_their_fields_and_an_empty_secret_stays() {
    let fields = [
        field("host", FieldType::Text, None),
        field("port", FieldType::Number { min: 1, max: 65535 }, Some("587")),
        field("password", FieldType::Secret, None),
    ];
    let (open, secrets) = split(
        &fields,
        &values(&[("host", "mail.example"), ("password", "one"), ("stray", "x")]),
        &Secrets::new(),
    );
    assert_eq!(open, values(&[("host", "mail.example")]));
    assert_eq!(secrets["password"].expose(), "one");

    let (open, secrets) = split(&fields, &values(&[("host", "other.example"), ("password", "")]), &secrets);
    assert_eq!(secrets["password"].expose(), "one");
    assert_eq!(
        join(&fields, &open, &secrets),
        values(&[("host", "other.example"), ("port", "587"), ("password", "one")])
    );
    assert_eq!(shown(&fields, &open), values(&[("host", "other.example"), ("password", "")]));

    let folder = tempfile::tempdir().expect("a folder");
    let sealer = Sealer::open(folder.path()).expect("makes a key");
    let column = sealer.seal_fields("channels", "one", &secrets).expect("something to seal");
    assert_eq!(sealer.unseal_fields("channels", "one", Some(&column)).expect("opens"), secrets);
    assert_eq!(sealer.seal_fields("channels", "one", &Secrets::new()), None);
}
