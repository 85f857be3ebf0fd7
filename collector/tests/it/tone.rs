//! The tone of a reply: what would hurt the one who reads it is found where it stands, and a kind answer is left alone.

use goodword::analysis::tone::check;
use goodword_shared::api::{
    mentions::ListMentions,
    replies::{CheckTone, Draft, Fault},
};

use crate::{api::some_days, service::Service};

/// What is remarked, with the words.
fn remarks(draft: &str, language: Option<&str>, private: &[&str]) -> Vec<(Fault, String)> {
    check(draft, language, private, None)
        .into_iter()
        .map(|r| (r.fault, draft.chars().skip(r.start).take(r.end - r.start).collect()))
        .collect()
}

#[test]
fn what_spoils_a_reply_is_found_where_it_stands() {
    let cases = [
        ("Had you asked us, that is: you should have read it.", Fault::Blame, "you should have"),
        ("We are sorry you feel that way about the soup.", Fault::Sarcasm, "sorry you feel that way"),
        ("Our terms and conditions clearly state it.", Fault::Boilerplate, "terms and conditions"),
        ("It is plain that we were negligent that day.", Fault::Admission, "we were negligent"),
        ("You can ring Tom on 0555 010 2030 any time.", Fault::Private, "0555 010 2030"),
        ("Write to olga.p@example.org.", Fault::Private, "olga.p@example.org"),
        ("PLEASE READ THIS first.", Fault::Shouting, "PLEASE READ THIS"),
        ("Thank you!!!", Fault::Shouting, "!!!"),
    ];
    for (draft, fault, words) in cases {
        let found = remarks(draft, Some("en"), &[]);
        assert!(found.contains(&(fault, words.to_owned())), "{draft}: {found:?}");
    }
    let german = remarks("Das stimmt nicht, sehr geehrter Kunde.", Some("de-AT"), &[]);
    assert_eq!(german.iter().map(|r| r.0).collect::<Vec<_>>(), [Fault::Blame, Fault::Boilerplate]);
}

#[test]
fn a_kind_answer_is_left_alone() {
    for draft in [
        "Thank you for telling us, Ada. The soup was cold because a burner failed on Friday at 12:30; it is mended. I would like to \
         cook it for you again. Ask for me, I am in from Tuesday.",
        "That was slow, and I am sorry. There are two of us in the kitchen again from Monday.",
        "",
    ] {
        assert_eq!(remarks(draft, None, &[]), []);
    }
}

#[test]
fn facts_that_we_alone_know_stay_private_and_the_place_has_an_end() {
    let found = remarks("Dear ÁDA Quill, thank you.", None, &["Ada Quill", "Bo"]);
    assert_eq!(found, [(Fault::Private, "ÁDA Quill".to_owned())]);
    let long = check("Thanks, Ada", None, &[], Some(6));
    assert_eq!((long[0].fault, long[0].start, long[0].end), (Fault::Long, 6, 11));
}

#[tokio::test]
async fn a_draft_is_checked_over_the_api() {
    let service = Service::signed_in().await;
    some_days(&service).await;
    let mentions = service.call::<ListMentions>((), Default::default(), ()).await.expect("mentions");
    let id = mentions.items[0].quote.mention_id.as_str().to_owned();
    let draft = Draft {
        text: "You should have come earlier".into(),
        mention_id: Some(id),
        limit: Some(10),
        ..Draft::default()
    };
    let tone = service.call::<CheckTone>((), (), draft).await.expect("checked");
    let faults: Vec<_> = tone.remarks.iter().map(|r| r.fault).collect();
    assert_eq!(faults, [Fault::Blame, Fault::Long]);
    let unknown = Draft { mention_id: Some("none".into()), ..Draft::default() };
    assert_eq!(service.call::<CheckTone>((), (), unknown).await.expect_err("no such mention").status, 404);
}
