//! Fits how the word lists and the learned weights are weighed against each other, per group, on the texts that learning did not
//! see: a logistic regression of a dozen numbers, which also makes the probabilities honest.

use crate::{
    analysis::{
        linear::Linear,
        verdict::{Evidence, LEANING, MIDDLE, probabilities},
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
         # complaint: 1, learned, blame, leaning.\n",
    );
    let mut features = Vec::new();
    let mut rows: [Vec<(Evidence, Answer, f32)>; 3] = Default::default();
    let mut complaints = Vec::new();
    for example in corpus.examples.iter().filter(|e| e.kept_back) {
        let (tokens, reading) = corpus.reading(&example.text);
        features_of(corpus, example, &mut features);
        let learned = linear.sums(&features);
        let reading = match example.term {
            Some((start, _)) => reading.part(tokens.list().iter().position(|t| t.end > start).unwrap_or(0)),
            None => reading,
        };
        let evidence = Evidence::new(&reading, learned);
        if let Answer::Complaint(yes) = example.answer {
            complaints.push((linear.complaint(&features), evidence, yes));
        } else {
            rows[example.group].push((evidence, example.answer, example.weight));
        }
    }
    let mut post = None;
    for (name, rows) in NAMES.iter().zip(&rows) {
        let (leaning, middle) = fit(rows);
        if post.is_none() {
            post = Some(leaning);
        }
        let line = |numbers: &[f32]| numbers.iter().map(|n| format!("{n:.4}")).collect::<Vec<_>>().join(" ");
        out.push_str(&format!("{name}\tleaning\t{}\n{name}\tmiddle\t{}\n", line(&leaning), line(&middle)));
        report(name, rows, &leaning, &middle);
    }
    println!("{} complaints kept back", complaints.len());
    out
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
