//! Insights: trends with intervals, and the analysis against the owner's labels.

use goodword::clock;
use goodword_shared::{
    Label,
    api::{
        ById,
        insights::GetInsights,
        mentions::{CorrectMention, Correction},
    },
};

use crate::service::{Row, Service, add_mention, add_source};

#[tokio::test]
async fn trends_tell_change_from_chance_and_labels_measure_the_analysis() {
    let service = Service::signed_in().await;
    let now = clock::now();
    add_source(&service.app, "s1", now - chrono::Duration::days(400)).await;
    // Waiting was a plague and is not any more; three words on price say nothing yet.
    for n in 0..80_i64 {
        let lately = n < 40;
        let label = if !lately || n < 4 { Label::Negative } else { Label::Positive };
        let (id, at) = (format!("m{n}"), now - chrono::Duration::days(if lately { 20 } else { 120 }));
        let theme = Some(if n < 3 { "price" } else { "waiting" });
        let text = "I hate this awful, terrible place, never again";
        let row = Row { id: &id, author: "Ada", text, label, stars: 1.0, at, theme };
        add_mention(&service.app, "s1", &row).await;
    }
    let view = service.call::<GetInsights>((), (), ()).await.expect("insights");
    let themes: Vec<_> =
        view.themes.iter().map(|t| (t.theme.as_str(), t.now.some, t.now.of, t.better)).collect();
    assert_eq!(themes, [("price", 3, 3, None), ("waiting", 1, 37, Some(true))]);
    assert_eq!(view.themes[1].before.of, 40);
    assert_eq!(view.months.iter().map(|m| m.happy.of).sum::<u64>(), 80);
    assert!(view.months.iter().all(|m| m.unhappy.low <= m.unhappy.high && m.unhappy.some <= m.unhappy.of));
    assert_eq!((view.accuracy.right.of, view.accuracy.wrong.len()), (0, 0));

    for (id, label) in [("m0", Label::Negative), ("m1", Label::Negative), ("m2", Label::Positive)] {
        let correction = Correction { label: Some(label), ..Correction::default() };
        service.call::<CorrectMention>(ById { id: id.into() }, (), correction).await.expect("labelled");
    }
    let accuracy = service.call::<GetInsights>((), (), ()).await.expect("insights").accuracy;
    assert_eq!((accuracy.right.some, accuracy.right.of), (2, 3));
    assert!(accuracy.right.low > 0.2 && accuracy.right.high < 0.95);
    let wrong: Vec<_> = accuracy.wrong.iter().map(|w| (w.quote.mention_id.as_str(), w.analysis)).collect();
    assert_eq!(wrong, [("m2", Label::Negative)]);
    service.stop().await;
}
