use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::{DynamicImage, ImageFormat, RgbImage, imageops};
use proptest::prelude::*;
use proptest::test_runner::RngSeed;

use super::*;
use crate::local::portrait::Portrait;

/// Below this, two faces are strangers.
const STRANGER: f32 = 80.0;

fn decoded(bytes: &[u8]) -> Picture {
    Picture::decode(bytes).unwrap()
}

fn only_face(picture: &Picture) -> Face {
    let mut faces = analyse(picture);
    assert_eq!(faces.len(), 1);
    faces.remove(0)
}

fn taken(portrait: &Portrait) -> Face {
    only_face(&decoded(&portrait.png().unwrap()))
}

fn pixels(portrait: &Portrait) -> RgbImage {
    decoded(&portrait.png().unwrap()).pixels
}

fn jpeg(pixels: &RgbImage, quality: u8) -> Picture {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(pixels).unwrap();
    decoded(&bytes)
}

fn png(pixels: RgbImage) -> Picture {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::from(pixels).write_to(&mut bytes, ImageFormat::Png).unwrap();
    decoded(bytes.get_ref())
}

proptest! {
    // A measured model and no law: the same pictures at every run, so that only a change of the model changes the answer.
    #![proptest_config(ProptestConfig { cases: 24, rng_seed: RngSeed::Fixed(7), ..ProptestConfig::default() })]

    #[test]
    fn a_photograph_is_known_again_however_it_was_saved(
        person in "[a-z]{3,8}", quality in 40u8..95, side in 160u32..700, brighter in -20i32..20,
    ) {
        let original = Portrait::new(&person).size(320);
        let known = taken(&original);
        let photograph = pixels(&original);
        let resized = imageops::resize(&photograph, side, side, imageops::FilterType::Triangle);
        let changed = imageops::brighten(&resized, brighter);
        let face = only_face(&jpeg(&changed, quality));
        prop_assert!(face.signature.identity.is_none(), "a JPEG carries no caption");
        let similarity = known.signature.similarity(&face.signature);
        prop_assert!(similarity >= 90.0, "{person}: {similarity}");
    }

    #[test]
    fn a_person_is_known_again_at_another_angle_and_in_another_light(
        person in "[a-z]{3,8}", yaw in -45f32..45.0, pitch in -20f32..20.0, blur in 0f32..2.0, size in 200u32..480,
    ) {
        let turned = Portrait::new(&person).yaw(yaw).pitch(pitch).blur(blur).size(size);
        let similarity = taken(&Portrait::new(&person).size(240)).signature.similarity(&taken(&turned).signature);
        prop_assert!(similarity >= 90.0, "{person}: {similarity}");
    }
}

#[test]
fn two_hundred_persons_are_strangers_to_each_other() {
    let faces: Vec<Face> = (0..200).map(|n| taken(&Portrait::new(format!("person {n}")).size(120))).collect();
    let worst_by = |similarity: fn(&Face, &Face) -> f32| {
        let pairs = faces.iter().enumerate().flat_map(|(i, a)| faces[i + 1..].iter().map(move |b| (a, b)));
        pairs.map(|(a, b)| similarity(a, b)).fold(0.0, f32::max)
    };
    let by_identity = worst_by(|a, b| a.signature.similarity(&b.signature));
    let by_pixels = worst_by(|a, b| {
        let without_caption = Signature { identity: None, ..a.signature.clone() };
        without_caption.similarity(&b.signature)
    });
    assert!(by_identity < STRANGER, "by identity {by_identity}");
    assert!(by_pixels < STRANGER, "by pixels {by_pixels}");
}

#[test]
fn a_selfie_matches_the_photo_on_the_card() {
    let selfie = taken(&Portrait::new("anna").yaw(12.0));
    let card = taken(&Portrait::new("anna").id_card());
    assert!(selfie.signature.similarity(&card.signature) >= 99.0);
    let stranger = taken(&Portrait::new("ben").id_card());
    assert!(selfie.signature.similarity(&stranger.signature) < STRANGER);
}

#[test]
fn light_and_focus_are_measured() {
    for person in ["anna", "ben", "chiara", "olga", "tess"] {
        let good = taken(&Portrait::new(person));
        assert!(good.brightness > 50.0 && good.sharpness > 50.0, "{person}: {} {}", good.brightness, good.sharpness);
        let dark = taken(&Portrait::new(person).dark());
        assert!(dark.brightness < 15.0, "{person}: {}", dark.brightness);
        let blurred = taken(&Portrait::new(person).blur(9.0));
        assert!(blurred.sharpness < 15.0, "{person}: {}", blurred.sharpness);
        assert!(QualityFilter::Auto.passes(&good));
        assert!(QualityFilter::High.passes(&good));
        assert_eq!(QualityFilter::High.reasons(&dark).first(), Some(&Reason::LowBrightness));
        assert!(QualityFilter::High.reasons(&blurred).contains(&Reason::LowSharpness));
    }
}

#[test]
fn a_flat_picture_has_no_face_and_a_photograph_has_one() {
    assert!(analyse(&png(RgbImage::from_pixel(200, 200, image::Rgb([90, 120, 200])))).is_empty());
    let waves = RgbImage::from_fn(200, 200, |x, y| image::Rgb([x.to_le_bytes()[0], (y * 2).to_le_bytes()[0], 80]));
    assert_eq!(analyse(&png(waves)).len(), 1);
}

#[test]
fn faces_come_largest_first_and_the_first_is_the_person() {
    let group = decoded(&Portrait::new("anna").faces(5).png().unwrap());
    let faces = analyse(&group);
    assert_eq!(faces.len(), 5);
    assert!(faces.is_sorted_by(|a, b| a.bounds.area() >= b.bounds.area()));
    let anna = taken(&Portrait::new("anna"));
    let alike: Vec<bool> = faces.iter().map(|face| anna.signature.similarity(&face.signature) >= 90.0).collect();
    assert_eq!(alike, [true, false, false, false, false]);
}

#[test]
fn a_face_of_a_few_pixels_is_not_seen() {
    let mut caption = decoded(&Portrait::new("anna").png().unwrap());
    for face in &mut caption.caption.as_mut().unwrap().faces {
        face.bounds.width = 0.05;
    }
    assert!(analyse(&caption).is_empty());
}
