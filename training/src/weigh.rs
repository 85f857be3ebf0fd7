//! Fits how the word lists and the learned weights are weighed against each other, per group, on the texts that learning did not
//! see: a logistic regression of a dozen numbers, which also makes the probabilities honest.

use goodword_shared::Sentiment;

use crate::{
    analysis::{
        features,
        lexicon::Reading,
        linear::Linear,
        lists::INTENTS,
        second::{Second, Tongue, WANTS},
        subjects::grievance,
        tokens::Tokens,
        unsure,
        verdict::{BOTH, COMPLAINT, Evidence, LEANING, MIDDLE, Weights, decide, lists_abroad, probabilities},
        wants::{PHRASED, Said, by_phrases, found, phrased},
    },
    corpus::{Answer, Corpus, Example},
    learn::features_of,
    wants,
};

const NAMES: [&str; 3] = ["post", "review", "clause"];

/// The text of `verdict.tsv`.
pub fn weigh(corpus: &Corpus, file: &[u8], deep: [&'static [u8]; 2]) -> String {
    let linear = Linear::read(file).expect("the weights just written can be read");
    let mut out = String::from(
        "# Weights of the evidence (see analysis/verdict.rs), written by the training programme. group <TAB> part <TAB> numbers.\n\
         # leaning: 1, balance of praise and blame, the last clause that judges, learned leaning.\n\
         # middle: 1, amount of praise and blame, mixedness, none found, log of words, \"!\", \"?\", learned middle.\n\
         # complaint: 1, learned, phrases, leaning, blame less praise.\n\
         # both: where the second tier was asked: 1, the first tier's log-odds, the second's. abroad: the same, of other languages.\n\
         # intents: 1, a phrase speaks of it, the phrase's log-odds, the second tier's.\n",
    );
    let mut features = Vec::new();
    let mut rows: [Vec<(Evidence, Answer, f32)>; 3] = Default::default();
    let mut complaints = Vec::new();
    for example in corpus.examples.iter().filter(|e| e.kept_back) {
        let (tokens, reading) = corpus.reading(example);
        features_of(corpus, example, &mut features);
        let learned = linear.sums(&features);
        let reading = match example.term {
            Some((start, _)) => reading.part(tokens.list().iter().position(|t| t.end > start).unwrap_or(0)),
            None => reading,
        };
        let evidence = Evidence::new(&reading, learned);
        if let Answer::Complaint(yes) = example.answer {
            let wanted = found(corpus.shelf.of(example.language), &tokens);
            let (leaning, learned) = (evidence.leaning, linear.complaint(&features));
            complaints.push((reading, wanted, learned, leaning, yes));
        } else {
            rows[example.group].push((evidence, example.answer, example.weight));
        }
    }
    let line = |numbers: &[f32]| numbers.iter().map(|n| format!("{n:.4}")).collect::<Vec<_>>().join(" ");
    let mut of_posts = [0.0; LEANING];
    for (number, (name, rows)) in NAMES.iter().zip(&rows).enumerate() {
        let (leaning, middle) = fit(rows);
        if number == 0 {
            of_posts = leaning;
        }
        out.push_str(&format!("{name}\tleaning\t{}\n{name}\tmiddle\t{}\n", line(&leaning), line(&middle)));
        report(name, rows, &leaning, &middle);
    }
    let rows: Vec<([f32; COMPLAINT], bool)> = complaints
        .iter()
        .map(|(reading, wanted, learned, leaning, yes)| {
            (grievance(reading, wanted, *learned, dot(&of_posts, leaning)), *yes)
        })
        .collect();
    out.push_str(&format!("post\tcomplaint\t{}\n", line(&fit_complaint(&rows))));
    for (tongue, part, file) in [(Tongue::English, "both", deep[0]), (Tongue::Abroad, "abroad", deep[1])] {
        match Second::read(file, tongue) {
            Some(second) => both(corpus, &linear, &second, part, &mut out),
            None => println!("{tongue:?}: no second tier, only the first is weighed"),
        }
    }
    out
}

/// What each tier says of a text that was kept back: the first's log-odds, the second's, the answer and how much it counts.
type Heard = ((f32, f32), [f32; 2], Answer, f32);

/// Weighs the second tier against the first on the texts that it would be asked about.
fn both(corpus: &Corpus, linear: &Linear<'_>, second: &Second, part: &str, out: &mut String) {
    let weights = Weights::read(out);
    let mut rows: [Vec<Heard>; 3] = Default::default();
    let mut complaints: Vec<([f32; BOTH], bool)> = Vec::new();
    let mut features = Vec::new();
    let asked = |e: &Example| Tongue::of(e.language, e.group.min(1)) == Some(second.tongue());
    // Too few complaints are in other languages to weigh them there: English ones are read instead, which both models know.
    let asked = |e: &Example| asked(e) || matches!(e.answer, Answer::Complaint(_));
    for example in corpus.examples.iter().filter(|e| e.kept_back && asked(e)) {
        let (tokens, reading) = corpus.reading(example);
        features_of(corpus, example, &mut features);
        let learned = linear.sums(&features);
        let reading = match example.term {
            Some((start, _)) => reading.part(tokens.list().iter().position(|t| t.end > start).unwrap_or(0)),
            None => reading,
        };
        let evidence = Evidence::new(&reading, learned);
        let mut sums = weights.sums(example.group, &evidence);
        if example.group == 1 && corpus.shelf.own(example.language).is_some() {
            sums.0 += lists_abroad(example.language) * evidence.leaning[1];
        }
        if example.group < 2
            && !matches!(example.answer, Answer::Complaint(_))
            && !unsure(sums, example.group, None)
        {
            continue;
        }
        let Some(heard) = second.hear(&example.text, example.group.min(1)) else { continue };
        match example.answer {
            Answer::Complaint(yes) => {
                let wanted = found(corpus.shelf.of(example.language), &tokens);
                let grievance = grievance(&reading, &wanted, linear.complaint(&features), sums.0);
                complaints.push(([1.0, weights.complaint(&grievance), heard.complaint], yes));
            }
            // Of another question: feelings, not opinions.
            _ if corpus.sets[example.set].name == "goemotions" => {}
            answer => {
                let said = match example.term {
                    None => Some(heard.sums),
                    Some((from, to)) => second.about(&heard, (from as usize, to as usize)),
                };
                if let Some(said) = said {
                    rows[example.group].push((sums, said, answer, example.weight));
                }
            }
        }
    }
    let line = |numbers: &[f32]| numbers.iter().map(|n| format!("{n:.4}")).collect::<Vec<_>>().join(" ");
    for (name, rows) in NAMES.iter().zip(&rows) {
        let (leaning, middle) = fit_both(rows);
        out.push_str(&format!(
            "{name}\t{part} leaning\t{}\n{name}\t{part} middle\t{}\n",
            line(&leaning),
            line(&middle)
        ));
        println!("{name} {part}: {} texts asked about, leaning {leaning:?} middle {middle:?}", rows.len());
    }
    out.push_str(&format!("post\t{part} complaint\t{}\n", line(&fit_complaint(&complaints))));
    if let Some(weights) = intents(corpus, linear, second, &Weights::read(out)) {
        out.push_str(&format!("post\t{part} intents\t{}\n", line(&weights)));
    }
}

/// How much an intent that nobody looked for in a labelled text counts against it.
const UNLOOKED: f32 = 0.1;
/// One in so many of the labelled texts is read.
const STRIDE: usize = 11;

/// Weighs what the second tier makes of intents against their phrases: on the sentences kept back, and on texts that were labelled for
/// something else, most of which want nothing.
fn intents(
    corpus: &Corpus,
    linear: &Linear<'_>,
    second: &Second,
    weights: &Weights,
) -> Option<[f32; PHRASED]> {
    let mut rows: Vec<([f32; PHRASED], bool, f32)> = Vec::new();
    let mut add = |text: &str, language: Option<&str>, group: usize, truth: Option<[bool; WANTS.len()]>| {
        let lists = corpus.shelf.of(language);
        let tokens = Tokens::read(text);
        let reading = Reading::read(&tokens, lists, &corpus.shelf, language);
        let mut features = Vec::new();
        features::collect(&tokens, &reading.negated, (0, tokens.list().len()), group, None, &mut features);
        let evidence = Evidence::new(&reading, linear.sums(&features));
        let heard = second.hear(text, group)?;
        let sums = weights.both(second.tongue(), group, weights.sums(group, &evidence), heard.sums);
        let sentiment: Sentiment = decide(&evidence, sums, None, true);
        let said = Said { text, tokens: &tokens, lists, reading: &reading };
        let (phrases, _) = by_phrases(&said, &found(lists, &tokens), &sentiment);
        for ((at, name), said) in WANTS.iter().enumerate().zip(heard.wants?) {
            let phrase = INTENTS.iter().position(|i| i == name).and_then(|n| phrases[n]);
            match truth {
                Some(truth) => rows.push((phrased(phrase, said), truth[at], 1.0)),
                // What a phrase speaks of may well be there, and so may what many reviews do.
                None if phrase.is_some() || matches!(*name, "question" | "suggestion" | "recommendation") => {
                }
                None => rows.push((phrased(phrase, said), false, UNLOOKED)),
            }
        }
        Some(())
    };
    let ours = |language, group| Tongue::of(language, group) == Some(second.tongue());
    for sentence in wants::sentences().filter(|s| s.kept_back && ours(Some(s.language), s.group)) {
        add(sentence.text, Some(sentence.language), sentence.group, Some(sentence.wants))?;
    }
    let others = corpus.examples.iter().filter(|e| e.kept_back && e.group < 2 && ours(e.language, e.group));
    for example in others.step_by(STRIDE) {
        add(&example.text, example.language, example.group, None)?;
    }
    let mut fitted = [-2.0, 0.0, 0.3, 0.7];
    for _ in 0..4000 {
        let (mut gradient, mut total) = (fitted.map(|w| 0.3 * w), 0.0);
        for (numbers, yes, weight) in &rows {
            let p = 1.0 / (1.0 + (-dot(&fitted, numbers)).exp());
            let miss = weight * (p - if *yes { 1.0 } else { 0.0 });
            total += weight;
            gradient.iter_mut().zip(numbers).for_each(|(g, x)| *g += miss * x);
        }
        fitted.iter_mut().zip(gradient).for_each(|(w, g)| *w -= 1.0 * g / total);
    }
    let count = |wanted: &dyn Fn(bool, bool) -> bool| {
        rows.iter().filter(|(x, yes, weight)| *weight == 1.0 && wanted(dot(&fitted, x) > 0.0, *yes)).count()
            as f32
    };
    let (hit, told, there) = (count(&|a, b| a && b), count(&|a, _| a), count(&|_, b| b));
    println!("intents: precision {:.3} recall {:.3} of {there}\n  {fitted:?}", hit / told, hit / there);
    Some(fitted)
}

fn fit_both(rows: &[Heard]) -> ([f32; BOTH], [f32; BOTH]) {
    let (mut leaning, mut middle) = ([0.0, 0.4, 0.6], [0.0, 0.4, 0.6]);
    for _ in 0..1500 {
        let (mut g_l, mut g_m, mut total) = ([0f32; BOTH], [0f32; BOTH], 0f32);
        for ((l, m), said, answer, weight) in rows {
            let (of_l, of_m) = ([1.0, *l, said[0]], [1.0, *m, said[1]]);
            let (z_l, z_m) = (dot(&leaning, &of_l), dot(&middle, &of_m));
            total += weight;
            let (lean, mid) = match answer {
                Answer::Three(side) => {
                    let p = probabilities(z_l, z_m);
                    let is = |n: u8| if *side == n { 1.0 } else { 0.0 };
                    (((p[2] - is(2)) - (p[0] - is(0))) / 2.0, p[1] - is(1))
                }
                Answer::Two(side) => (1.0 / (1.0 + (-z_l).exp()) - if *side == 2 { 1.0 } else { 0.0 }, 0.0),
                Answer::Complaint(_) => continue,
            };
            for n in 0..BOTH {
                g_l[n] += weight * lean * of_l[n];
                g_m[n] += weight * mid * of_m[n];
            }
        }
        for n in 0..BOTH {
            leaning[n] -= 0.15 * g_l[n] / total.max(1.0);
            middle[n] -= 0.15 * g_m[n] / total.max(1.0);
        }
    }
    (leaning, middle)
}

/// Logistic regression with a little pull to zero: there are few texts.
fn fit_complaint<const N: usize>(rows: &[([f32; N], bool)]) -> [f32; N] {
    let mut weights = [0.0f32; N];
    for _ in 0..3000 {
        let mut gradient = weights.map(|w| 0.01 * w);
        for (numbers, yes) in rows {
            let p = 1.0 / (1.0 + (-dot(&weights, numbers)).exp());
            let miss = p - if *yes { 1.0 } else { 0.0 };
            for (g, x) in gradient.iter_mut().zip(numbers) {
                *g += miss * x / rows.len() as f32;
            }
        }
        for (w, g) in weights.iter_mut().zip(gradient) {
            *w -= 0.2 * g;
        }
    }
    let right = rows.iter().filter(|(x, yes)| (dot(&weights, x) > 0.0) == *yes).count();
    println!("complaint: {right} of {} right\n  {weights:?}", rows.len());
    weights
}

fn dot<const N: usize>(w: &[f32; N], x: &[f32; N]) -> f32 {
    w.iter().zip(x).map(|(w, x)| w * x).sum()
}

fn fit(rows: &[(Evidence, Answer, f32)]) -> ([f32; LEANING], [f32; MIDDLE]) {
    let (mut leaning, mut middle) = ([0.0, 0.5, 0.0, 1.0], [0.0f32; MIDDLE]);
    middle[MIDDLE - 1] = 1.0;
    let (mut v_l, mut v_m) = ([1e-4f32; LEANING], [1e-4f32; MIDDLE]);
    for round in 0..400 {
        let (mut g_l, mut g_m) = ([0.0f32; LEANING], [0.0f32; MIDDLE]);
        let mut total = 0.0;
        for (evidence, answer, weight) in rows {
            let (l, m) = (dot(&leaning, &evidence.leaning), dot(&middle, &evidence.middle));
            total += weight;
            let (lean, mid) = match answer {
                Answer::Three(side) => {
                    let p = probabilities(l, m);
                    let is = |n: u8| if *side == n { 1.0 } else { 0.0 };
                    (((p[2] - is(2)) - (p[0] - is(0))) / 2.0, p[1] - is(1))
                }
                Answer::Two(side) => (1.0 / (1.0 + (-l).exp()) - if *side == 2 { 1.0 } else { 0.0 }, 0.0),
                Answer::Complaint(_) => continue,
            };
            for (g, x) in g_l.iter_mut().zip(evidence.leaning) {
                *g += weight * lean * x;
            }
            for (g, x) in g_m.iter_mut().zip(evidence.middle) {
                *g += weight * mid * x;
            }
        }
        let step = if round < 300 { 0.1 } else { 0.02 };
        let update = |w: &mut [f32], v: &mut [f32], g: &[f32]| {
            for ((w, v), g) in w.iter_mut().zip(v).zip(g) {
                let g = g / total;
                *v = 0.95 * *v + 0.05 * g * g;
                *w -= step * g / (v.sqrt() + 1e-3);
            }
        };
        update(&mut leaning, &mut v_l, &g_l);
        update(&mut middle, &mut v_m, &g_m);
    }
    (leaning, middle)
}

fn report(name: &str, rows: &[(Evidence, Answer, f32)], leaning: &[f32; LEANING], middle: &[f32; MIDDLE]) {
    let (mut right, mut of, mut right_two, mut of_two) = (0, 0, 0, 0);
    for (evidence, answer, _) in rows {
        let (l, m) = (dot(leaning, &evidence.leaning), dot(middle, &evidence.middle));
        match answer {
            Answer::Three(side) => {
                let p = probabilities(l, m);
                of += 1;
                right += u32::from((0..3).all(|n| p[n] <= p[*side as usize]));
            }
            Answer::Two(side) => {
                of_two += 1;
                right_two += u32::from((l > 0.0) == (*side == 2));
            }
            Answer::Complaint(_) => {}
        }
    }
    println!("{name}: {right} of {of} three-way and {right_two} of {of_two} two-way texts right");
    println!("  leaning {leaning:?}\n  middle {middle:?}");
}
