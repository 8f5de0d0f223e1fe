//! What the business counts.

use std::collections::BTreeSet;

use crate::aws::cloudwatch::{MetricName, Statistic};
use crate::model::{Dimension, METRIC_NAMESPACE, Metric, Outcome, Reading};

use super::series::{Answers, Asked, Questions, Series};
use super::snapshot::{FlowKpi, Kpis, Refusal, SimilarityKpi};

/// The flow under which broken rules of the quality gate are listed.
const QUALITY: &str = "quality";

/// What was asked.
#[derive(Debug)]
pub(super) struct KpisAsked {
    registrations: Vec<(Outcome, Asked)>,
    authentications: Vec<(Outcome, Asked)>,
    /// The metrics whose labels are open lists must be found first; unknown where that failed.
    labelled: Reading<Labelled>,
    counts: [Asked; 5],
}

#[derive(Debug)]
struct Labelled {
    refusals: Vec<(String, String, Asked)>,
    similarity: Vec<(String, Asked)>,
}

/// Asks about the environment `prefix`. `emitted` lists the metrics that have had data, because reasons and rules are
/// open lists.
pub(super) fn ask(questions: &mut Questions, prefix: &str, emitted: &Reading<Vec<MetricName>>) -> KpisAsked {
    let mut by_outcome = |metric: Metric| -> Vec<(Outcome, Asked)> {
        Outcome::ALL
            .iter()
            .map(|outcome| {
                let labels = [(Dimension::Outcome, outcome.name())];
                (*outcome, questions.ask(&name(metric, prefix, &labels), Statistic::Sum))
            })
            .collect()
    };
    let registrations = by_outcome(Metric::Registrations);
    let authentications = by_outcome(Metric::Authentications);
    let counts =
        [Metric::FacesDetected, Metric::FacesIndexed, Metric::FacesDeleted, Metric::Searches, Metric::SearchMatches]
            .map(|metric| questions.ask(&name(metric, prefix, &[]), Statistic::Sum));
    let labelled = emitted.as_ref().map(|emitted| ask_labelled(questions, prefix, emitted));
    KpisAsked { registrations, authentications, labelled, counts }
}

fn ask_labelled(questions: &mut Questions, prefix: &str, emitted: &[MetricName]) -> Labelled {
    let of = |metric: Metric| emitted.iter().filter(move |name| name.name == metric.name());
    let label = |name: &MetricName, dimension: Dimension| name.dimension(dimension.name()).map(str::to_owned);
    let reasons: BTreeSet<_> = of(Metric::Refusals)
        .filter_map(|name| {
            let flow = label(name, Dimension::Flow)?;
            Some((flow, label(name, Dimension::Step)?, label(name, Dimension::Reason)?))
        })
        .collect();
    let rules: BTreeSet<_> = of(Metric::QualityFailures).filter_map(|name| label(name, Dimension::Rule)).collect();
    let flows: BTreeSet<_> = of(Metric::Similarity).filter_map(|name| label(name, Dimension::Flow)).collect();
    let mut refusals = Vec::new();
    for (flow, step, reason) in reasons {
        let labels =
            [(Dimension::Flow, flow.as_str()), (Dimension::Step, step.as_str()), (Dimension::Reason, reason.as_str())];
        let asked = questions.ask(&name(Metric::Refusals, prefix, &labels), Statistic::Sum);
        refusals.push((flow, reason, asked));
    }
    for rule in rules {
        let labels = [(Dimension::Rule, rule.as_str())];
        let asked = questions.ask(&name(Metric::QualityFailures, prefix, &labels), Statistic::Sum);
        refusals.push((QUALITY.to_owned(), rule, asked));
    }
    let similarity = flows
        .into_iter()
        .map(|flow| {
            let labels = [(Dimension::Flow, flow.as_str())];
            let asked = questions.ask_whole(&name(Metric::Similarity, prefix, &labels), Statistic::P50);
            (flow, asked)
        })
        .collect();
    Labelled { refusals, similarity }
}

/// What the answers say.
pub(super) fn read(asked: &KpisAsked, answers: &Answers) -> Kpis {
    let [detected, indexed, deleted, searches, matches] = asked.counts.map(|asked| answers.total(asked));
    Kpis {
        registrations: flow(&asked.registrations, answers),
        authentications: flow(&asked.authentications, answers),
        refusals: asked.labelled.as_ref().map(|labelled| refusals(labelled, answers)),
        similarity: asked.labelled.as_ref().map(|labelled| {
            let median =
                |(flow, asked): &(String, Asked)| SimilarityKpi { flow: flow.clone(), p50: answers.whole(*asked) };
            labelled.similarity.iter().map(median).collect()
        }),
        faces_detected: detected,
        faces_indexed: indexed,
        faces_deleted: deleted,
        searches,
        search_matches: matches,
    }
}

fn refusals(labelled: &Labelled, answers: &Answers) -> Vec<Refusal> {
    let mut refusals: Vec<Refusal> = labelled
        .refusals
        .iter()
        .map(|(flow, reason, asked)| Refusal {
            flow: flow.clone(),
            reason: reason.clone(),
            count: answers.total(*asked),
        })
        // A reason of last week that did not occur in this window is no news.
        .filter(|refusal| refusal.count != Reading::Known(0))
        .collect();
    refusals.sort_by_key(|refusal| std::cmp::Reverse(refusal.count.known().copied()));
    refusals
}

fn flow(asked: &[(Outcome, Asked)], answers: &Answers) -> FlowKpi {
    let outcomes = asked.iter().map(|(outcome, asked)| (*outcome, answers.total(*asked))).collect();
    let mut series = Reading::Known(Series::new());
    for (_, asked) in asked {
        series = match (series, answers.series(*asked)) {
            (Reading::Known(sum), Reading::Known(each)) => Reading::Known(add(sum, &each)),
            (Reading::Unknown(why), _) | (_, Reading::Unknown(why)) => Reading::Unknown(why),
        };
    }
    FlowKpi { outcomes, series }
}

fn add(mut sum: Series, each: &Series) -> Series {
    sum.resize(each.len(), None);
    for (sum, value) in sum.iter_mut().zip(each) {
        *sum = match (*sum, *value) {
            (Some(a), Some(b)) => Some(a + b),
            (a, b) => a.or(b),
        };
    }
    sum
}

fn name(metric: Metric, prefix: &str, labels: &[(Dimension, &str)]) -> MetricName {
    let environment = [(Dimension::Environment, prefix)];
    let dimensions = environment.iter().chain(labels);
    MetricName {
        namespace: METRIC_NAMESPACE.to_owned(),
        name: metric.name().to_owned(),
        dimensions: dimensions.map(|(label, value)| (label.name().to_owned(), (*value).to_owned())).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::observe::Window;

    #[test]
    fn every_metric_is_asked_by_exactly_the_labels_that_it_is_emitted_with() {
        let emitted = |metric: Metric, labels: &[(Dimension, &str)]| name(metric, "idv-local", labels);
        let emitted = vec![
            emitted(
                Metric::Refusals,
                &[
                    (Dimension::Flow, "registration"),
                    (Dimension::Step, "quality"),
                    (Dimension::Reason, "no_face_detected"),
                ],
            ),
            emitted(Metric::QualityFailures, &[(Dimension::Rule, "sharpness")]),
            emitted(Metric::Similarity, &[(Dimension::Flow, "verification")]),
        ];
        let mut questions = Questions::new(Window::HOUR);
        ask(&mut questions, "idv-local", &Reading::Known(emitted));
        let mut asked = BTreeSet::new();
        for query in questions.queries() {
            let metric = Metric::ALL.into_iter().find(|metric| metric.name() == query.metric.name).unwrap();
            let labels: Vec<&str> = query.metric.dimensions.iter().map(|(name, _)| name.as_str()).collect();
            let expected: Vec<&str> = metric.dimensions().iter().map(|dimension| dimension.name()).collect();
            assert_eq!(labels, expected, "{metric:?}");
            asked.insert(metric);
        }
        assert_eq!(asked.len(), 10, "all but the three of Rekognition's operations");
    }

    #[test]
    fn unknown_labels_leave_the_closed_lists_known() {
        let mut questions = Questions::new(Window::HOUR);
        let asked = ask(&mut questions, "idv-local", &Reading::unknown("denied"));
        let answered = vec![Reading::Known(Vec::new()); questions.queries().len()];
        let start = crate::model::Timestamp::from_millis(0);
        let other = name(Metric::Searches, "idv-local", &[]);
        let answers = Answers::new(&questions, start, answered, &Reading::Known(vec![other]));
        let kpis = read(&asked, &answers);
        assert_eq!(kpis.refusals.why(), Some("denied"));
        assert_eq!(kpis.registrations.total(), Reading::Known(0));
    }
}
