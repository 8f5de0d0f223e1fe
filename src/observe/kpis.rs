//! What the business counts.

use std::collections::BTreeSet;

use crate::aws::cloudwatch::{MetricName, Statistic};
use crate::model::{Dimension, METRIC_NAMESPACE, Metric, Outcome, Reading, SimilarityBand, UnsettledKind};

use super::business::{FlowKpi, Kpis, QualityKpi, Refusal, SimilarityKpi, SweepReport, UnsettledKpi, Why};
use super::series::{Answers, Asked, Questions, Series, to_count};

/// What was asked.
#[derive(Debug)]
pub(super) struct KpisAsked {
    /// Registrations, authentications, photo updates, liveness checks.
    flows: [Vec<(Outcome, Asked)>; 4],
    pictures: Asked,
    counts: [Asked; 7],
    /// The metrics whose labels are open lists must be found first; unknown where that failed.
    labelled: Reading<Labelled>,
}

#[derive(Debug)]
struct Labelled {
    refusals: Vec<(Why, Asked)>,
    rules: Vec<(String, Asked)>,
    similarity: Vec<SimilarityAsked>,
    unsettled: Vec<(UnsettledKind, Asked)>,
}

#[derive(Debug)]
struct SimilarityAsked {
    step: String,
    percentiles: [Asked; 3],
    bands: Vec<(SimilarityBand, Asked)>,
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
    let flows = [Metric::Registrations, Metric::Authentications, Metric::PhotoUpdates, Metric::LivenessChecks];
    let flows = flows.map(&mut by_outcome);
    // One datapoint for each picture: their number is the number of pictures.
    let pictures = questions.ask(&name(Metric::FacesDetected, prefix, &[]), Statistic::SampleCount);
    let counts = [
        Metric::FacesDetected,
        Metric::FacesIndexed,
        Metric::FacesDeleted,
        Metric::FacesUpdated,
        Metric::Comparisons,
        Metric::Searches,
        Metric::SearchMatches,
    ]
    .map(|metric| questions.ask(&name(metric, prefix, &[]), Statistic::Sum));
    let labelled = emitted.as_ref().map(|emitted| Labelled::ask(questions, prefix, emitted));
    KpisAsked { flows, pictures, counts, labelled }
}

impl Labelled {
    fn ask(questions: &mut Questions, prefix: &str, emitted: &[MetricName]) -> Self {
        let mut ask = |metric: Metric, labels: &[(Dimension, &str)], statistic: Statistic| {
            questions.ask(&name(metric, prefix, labels), statistic)
        };
        let refusals = distinct(emitted, Metric::Refusals, why).into_iter().map(|why| {
            let labels = [
                (Dimension::Flow, why.flow.as_str()),
                (Dimension::Outcome, why.outcome.as_str()),
                (Dimension::Step, why.step.as_str()),
                (Dimension::Reason, why.reason.as_str()),
            ];
            let asked = ask(Metric::Refusals, &labels, Statistic::Sum);
            (why, asked)
        });
        let refusals = refusals.collect();
        let rules = distinct(emitted, Metric::QualityFailures, |name| label(name, Dimension::Rule));
        let rules = rules.into_iter().map(|rule| {
            let asked = ask(Metric::QualityFailures, &[(Dimension::Rule, &rule)], Statistic::Sum);
            (rule, asked)
        });
        let rules = rules.collect();
        let unsettled = UnsettledKind::ALL.into_iter().filter_map(|kind| {
            let reported = |name: &MetricName| label(name, Dimension::Kind).filter(|found| found == kind.name());
            distinct(emitted, Metric::Unsettled, reported).first()?;
            Some((kind, ask(Metric::Unsettled, &[(Dimension::Kind, kind.name())], Statistic::Maximum)))
        });
        let unsettled = unsettled.collect();
        let steps = distinct(emitted, Metric::Similarity, |name| label(name, Dimension::Step));
        let similarity = steps.into_iter().map(|step| SimilarityAsked::ask(questions, prefix, step)).collect();
        Self { refusals, rules, similarity, unsettled }
    }
}

impl SimilarityAsked {
    fn ask(questions: &mut Questions, prefix: &str, step: String) -> Self {
        let of_step = (Dimension::Step, step.as_str());
        let metric = name(Metric::Similarity, prefix, &[of_step]);
        let percentiles =
            [Statistic::P10, Statistic::P50, Statistic::P90].map(|statistic| questions.ask_whole(&metric, statistic));
        let bands = SimilarityBand::all()
            .map(|band| {
                let labels = [of_step, (Dimension::Band, band.name())];
                (band, questions.ask(&name(Metric::SimilarityBand, prefix, &labels), Statistic::Sum))
            })
            .collect();
        Self { step, percentiles, bands }
    }

    fn read(&self, answers: &Answers) -> SimilarityKpi {
        let [p10, p50, p90] = self.percentiles.map(|asked| answers.whole(asked));
        let bands = self.bands.iter().map(|(band, asked)| (*band, answers.total(*asked))).collect();
        SimilarityKpi { step: self.step.clone(), p10, p50, p90, bands }
    }
}

/// What the metrics of this name are about, each once.
fn distinct<T: Ord>(emitted: &[MetricName], metric: Metric, of: impl Fn(&MetricName) -> Option<T>) -> BTreeSet<T> {
    emitted.iter().filter(|name| name.name == metric.name()).filter_map(of).collect()
}

fn label(name: &MetricName, dimension: Dimension) -> Option<String> {
    name.dimension(dimension.name()).map(str::to_owned)
}

fn why(name: &MetricName) -> Option<Why> {
    Some(Why {
        flow: label(name, Dimension::Flow)?,
        outcome: label(name, Dimension::Outcome)?,
        step: label(name, Dimension::Step)?,
        reason: label(name, Dimension::Reason)?,
    })
}

/// What the answers say.
pub(super) fn read(asked: &KpisAsked, answers: &Answers) -> Kpis {
    let [registrations, authentications, photo_updates, liveness_checks] =
        asked.flows.each_ref().map(|outcomes| flow(outcomes, answers));
    let [faces_detected, faces_indexed, faces_deleted, faces_updated, comparisons, searches, search_matches] =
        asked.counts.map(|asked| answers.total(asked));
    Kpis {
        registrations,
        authentications,
        photo_updates,
        liveness_checks,
        refusals: labelled_of(asked, |labelled| {
            let refusals =
                labelled.refusals.iter().map(|(why, asked)| Refusal { why: why.clone(), count: answers.total(*asked) });
            frequent(refusals, |refusal| &refusal.count)
        }),
        quality_failures: labelled_of(asked, |labelled| {
            let rules = labelled
                .rules
                .iter()
                .map(|(rule, asked)| QualityKpi { rule: rule.clone(), count: answers.total(*asked) });
            frequent(rules, |rule| &rule.count)
        }),
        similarity: labelled_of(asked, |labelled| {
            labelled.similarity.iter().map(|similarity| similarity.read(answers)).collect()
        }),
        pictures_examined: answers.total(asked.pictures),
        faces_detected,
        faces_indexed,
        faces_deleted,
        faces_updated,
        comparisons,
        searches,
        search_matches,
        unsettled: labelled_of(asked, |labelled| {
            labelled.unsettled.iter().map(|(kind, asked)| unsettled(*kind, *asked, answers)).collect()
        }),
    }
}

fn labelled_of<T>(asked: &KpisAsked, read: impl FnOnce(&Labelled) -> T) -> Reading<T> {
    asked.labelled.as_ref().map(read)
}

fn unsettled(kind: UnsettledKind, asked: Asked, answers: &Answers) -> UnsettledKpi {
    let report = |point: crate::aws::cloudwatch::Point| SweepReport { left: to_count(point.value), at: point.at };
    UnsettledKpi { kind, last: answers.latest(asked).map(|point| point.map(report)) }
}

/// The most frequent first. A reason of last week that did not occur in this window is no news.
fn frequent<T>(counted: impl Iterator<Item = T>, count: impl Fn(&T) -> &Reading<u64>) -> Vec<T> {
    let mut counted: Vec<T> = counted.filter(|one| *count(one) != Reading::Known(0)).collect();
    counted.sort_by_key(|one| std::cmp::Reverse(count(one).known().copied()));
    counted
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
                    (Dimension::Outcome, "incomplete"),
                    (Dimension::Step, "quality"),
                    (Dimension::Reason, "no_face_detected"),
                ],
            ),
            emitted(Metric::QualityFailures, &[(Dimension::Rule, "sharpness")]),
            emitted(Metric::Similarity, &[(Dimension::Step, "compare")]),
            emitted(Metric::Unsettled, &[(Dimension::Kind, "registration")]),
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
        assert_eq!(asked.len(), Metric::ALL.len() - 3, "all but the three of Rekognition's operations");
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
