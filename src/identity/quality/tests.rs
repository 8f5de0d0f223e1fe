use proptest::prelude::*;

use super::*;
use crate::identity::fakes::face;
use crate::model::Environment;

/// Width and height of the pictures in these tests.
const SIZE: (u32, u32) = (640, 480);

fn gates() -> QualityGates {
    Environment::fixture().matching.quality
}

fn broken(face: DetectedFace) -> Vec<(QualityRule, String, String)> {
    match assess(SIZE, &[face], &gates()) {
        Err(Refusal::PoorQuality(failures)) => {
            failures.into_iter().map(|failure| (failure.rule, failure.measured, failure.limit)).collect()
        }
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_good_picture_passes() {
    assert!(assess(SIZE, &[face()], &gates()).is_ok());
}

#[test]
fn each_rule_says_what_it_measured_and_what_it_allows() {
    let percent = |value| Percent::new(value).ok();
    let small = crate::identity::BoundingBox { width: 0.05, height: 0.5 };
    let cases = [
        (DetectedFace { yaw: Some(-50.0), ..face() }, QualityRule::Yaw, "-50.0°", "-45° to 45°"),
        (DetectedFace { pitch: Some(-30.1), ..face() }, QualityRule::Pitch, "-30.1°", "-30° to 45°"),
        (DetectedFace { sharpness: percent(15.0), ..face() }, QualityRule::Sharpness, "15.0", "more than 15"),
        (DetectedFace { brightness: percent(3.0), ..face() }, QualityRule::Brightness, "3.0", "more than 15"),
        (DetectedFace { eyes_open: Some(false), ..face() }, QualityRule::EyesOpen, "no", "yes"),
        (DetectedFace { sunglasses: Some(true), ..face() }, QualityRule::Sunglasses, "yes", "no"),
        (DetectedFace { occluded: Some(true), ..face() }, QualityRule::Occlusion, "yes", "no"),
        (DetectedFace { place: small, ..face() }, QualityRule::FaceSize, "32 x 240 pixels", "more than 50 x 50 pixels"),
    ];
    for (face, rule, measured, limit) in cases {
        assert_eq!(broken(face), [(rule, measured.to_owned(), limit.to_owned())]);
    }
}

#[test]
fn what_was_not_measured_does_not_pass() {
    let blind = DetectedFace { yaw: None, sharpness: None, sunglasses: None, ..face() };
    let rules: Vec<QualityRule> = broken(blind).into_iter().map(|(rule, ..)| rule).collect();
    assert_eq!(rules, [QualityRule::Yaw, QualityRule::Sharpness, QualityRule::Sunglasses]);
}

#[test]
fn rules_that_are_switched_off_let_pass() {
    let lenient = QualityGates { eyes_open: false, no_sunglasses: false, not_occluded: false, ..gates() };
    let masked = DetectedFace { eyes_open: Some(false), sunglasses: Some(true), occluded: Some(true), ..face() };
    assert!(assess(SIZE, &[masked], &lenient).is_ok());
}

#[test]
fn exactly_one_face() {
    assert_eq!(assess(SIZE, &[], &gates()), Err(Refusal::NoFace));
    assert_eq!(assess(SIZE, &[face(), face()], &gates()), Err(Refusal::SeveralFaces { found: 2 }));
}

#[test]
fn a_document_is_judged_by_its_largest_face_and_by_light_and_focus_only() {
    let turned = DetectedFace { yaw: Some(80.0), eyes_open: Some(false), sunglasses: Some(true), ..face() };
    let dark = DetectedFace { brightness: Percent::new(1.0).ok(), ..face() };
    assert!(assess_document(&[turned, dark.clone()], &gates()).is_ok());
    assert_eq!(assess_document(&[], &gates()), Err(Refusal::NoFace));
    let Err(Refusal::PoorQuality(failures)) = assess_document(&[dark, face()], &gates()) else { panic!() };
    assert_eq!(failures.len(), 1);
    assert_eq!((failures[0].subject, failures[0].rule), (Subject::Document, QualityRule::Brightness));
    assert!(failures[0].advice.contains("document"));
}

#[test]
fn every_advice_on_a_document_speaks_of_it() {
    for rule in QualityRule::ALL {
        assert!(rule.advice(Subject::Document).contains("document"), "{rule}");
        assert!(!rule.advice(Subject::Person).contains("document"), "{rule}");
    }
}

/// Numbers around a limit: itself, its very neighbours, and others not far away.
fn edge(limit: f64) -> impl Strategy<Value = f64> {
    prop_oneof![
        Just(limit),
        Just(limit.next_down()),
        Just(limit.next_up()),
        (-2.0..2.0f64).prop_map(move |off| limit + off)
    ]
}

fn passes(face: DetectedFace, gates: &QualityGates) -> bool {
    assess(SIZE, &[face], gates).is_ok()
}

proptest! {
    #[test]
    fn an_angle_passes_up_to_its_limits(
        (least, yaw) in (-90.0..0.0f64).prop_flat_map(|limit| (Just(limit), edge(limit))),
        (most, pitch) in (0.0..90.0f64).prop_flat_map(|limit| (Just(limit), edge(limit))),
    ) {
        let gates = QualityGates { yaw: (least, 180.0), pitch: (-180.0, most), ..gates() };
        prop_assert_eq!(passes(DetectedFace { yaw: Some(yaw), ..face() }, &gates), yaw >= least);
        prop_assert_eq!(passes(DetectedFace { pitch: Some(pitch), ..face() }, &gates), pitch <= most);
    }

    #[test]
    fn a_score_passes_above_its_limit_only(
        (limit, score) in (3.0..97.0f64).prop_flat_map(|limit| (Just(limit), edge(limit))),
    ) {
        let (limit, score) = (Percent::new(limit).unwrap(), Percent::new(score).unwrap());
        let gates = QualityGates { sharpness: limit, brightness: limit, ..gates() };
        let good = Percent::new(100.0).ok();
        let blurred = DetectedFace { sharpness: Some(score), brightness: good, ..face() };
        let dark = DetectedFace { sharpness: good, brightness: Some(score), ..face() };
        for face in [blurred, dark] {
            prop_assert_eq!(assess_document(std::slice::from_ref(&face), &gates).is_ok(), score > limit);
            prop_assert_eq!(passes(face, &gates), score > limit);
        }
    }

    #[test]
    fn a_face_passes_when_both_sides_are_larger_than_the_limit(
        least in 1u32..200, wide in 0.0..1.0f64, high in 0.0..1.0f64, exact in any::<bool>(),
    ) {
        // Exactly at the limit: 640 and 480 pixels times a share that is exact in binary.
        let (wide, least) = if exact { (0.25, 160) } else { (wide, least) };
        let place = crate::identity::BoundingBox { width: wide, height: high };
        let large = wide * 640.0 > f64::from(least) && high * 480.0 > f64::from(least);
        let gates = QualityGates { min_face_pixels: least, ..gates() };
        prop_assert_eq!(passes(DetectedFace { place, ..face() }, &gates), large);
    }

    #[test]
    fn only_one_face_is_judged_whatever_the_others_are(others in 1usize..6) {
        let faces = vec![face(); others + 1];
        prop_assert_eq!(assess(SIZE, &faces, &gates()), Err(Refusal::SeveralFaces { found: others + 1 }));
        prop_assert!(assess_document(&faces, &gates()).is_ok());
    }
}
