//! Fits how the word lists and the learned weights are weighed against each other, per group, on the texts that learning did not
//! see: a logistic regression of a dozen numbers, which also makes the probabilities honest.

use crate::{
    analysis::{
        linear::Linear,
        subjects::grievance,
        verdict::{COMPLAINT, Evidence, LEANING, MIDDLE, probabilities},
    },
    corpus::{Answer, Corpus},
    learn::features_of,
};

const NAMES: [&str; 3] = ["post", "review", "clause"];

/// The text of `verdict.tsv`.
pub fn weigh(corpus: &Corpus, file: &[u8]) -> String {
    let linear = Linear::read(file).expect("the weights just written can be read");
    let mut out = String::from(
        "# Weights of the evidence (see analysis/verdict.rs), written by the training programme. group <TAB> part <TAB> numbers.\n\
         # leaning: 1, balance of praise and blame, the last clause that judges, learned leaning.\n\
         # middle: 1, amount of praise and blame, mixedness, none found, log of words, \"!\", \"?\", learned middle.\n\
         # complaint: 1, learned, phrases, leaning, blame less praise.\n",
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
            let wanted = crate::analysis::intents_found(corpus.shelf.of(example.language), &tokens);
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
    out
}

/// Logistic regression with a little pull to zero: there are few texts.
fn fit_complaint(rows: &[([f32; COMPLAINT], bool)]) -> [f32; COMPLAINT] {
    let mut weights = [0.0f32; COMPLAINT];
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
