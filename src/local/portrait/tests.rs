use super::*;

fn caption_of(png: &[u8]) -> Caption {
    let reader = png::Decoder::new(std::io::Cursor::new(png)).read_info().unwrap();
    let chunk = reader.info().uncompressed_latin1_text.iter().find(|chunk| chunk.keyword == CAPTION_KEYWORD).unwrap();
    Caption::parse(&chunk.text).unwrap()
}

#[test]
fn the_same_name_is_the_same_picture() {
    assert_eq!(Portrait::new("anna").png().unwrap(), Portrait::new("anna").png().unwrap());
    assert_ne!(Portrait::new("anna").png().unwrap(), Portrait::new("ben").png().unwrap());
}

#[test]
fn the_caption_says_what_was_asked_for_and_never_who() {
    let png = Portrait::new("anna-maria").yaw(20.0).pitch(-5.0).sunglasses().eyes_closed().png().unwrap();
    let caption = caption_of(&png);
    let face = &caption.faces[0];
    assert_eq!((face.pose.yaw, face.pose.pitch), (20.0, -5.0));
    assert!(face.traits.sunglasses && face.traits.occluded && !face.traits.eyes_open);
    assert!(!png.windows(4).any(|bytes| bytes == b"anna"), "the picture carries the name");
}

#[test]
fn pictures_are_small_files() {
    let pictures = [
        Portrait::new("ben"),
        Portrait::new("hiro").id_card(),
        Portrait::new("eva").blur(8.0),
        Portrait::new("eva").faces(4),
    ];
    for portrait in pictures {
        let bytes = portrait.png().unwrap().len();
        assert!(bytes < 60_000, "{portrait:?}: {bytes} bytes");
    }
}

#[test]
fn every_face_lies_in_the_picture() {
    for faces in 0..=MOST_FACES {
        let caption = caption_of(&Portrait::new("anna").faces(faces).size(480).png().unwrap());
        assert_eq!(caption.faces.len(), faces);
        for Bounds { left, top, width, height } in caption.faces.iter().map(|face| face.bounds) {
            assert!(left >= 0.0 && top >= 0.0 && left + width <= 1.0 && top + height <= 1.0, "{faces} faces");
        }
    }
}

#[test]
fn extreme_poses_and_sizes_can_be_drawn() {
    for (yaw, pitch, roll) in [(90.0, 0.0, 0.0), (-90.0, 90.0, 90.0), (0.0, -90.0, -90.0), (400.0, 0.0, 0.0)] {
        for size in [0, 80, 3000] {
            let portrait = Portrait::new("anna").yaw(yaw).pitch(pitch).roll(roll).size(size.min(700));
            assert!(portrait.png().is_ok(), "{portrait:?}");
        }
    }
}

#[test]
fn a_caption_with_impossible_numbers_is_no_caption() {
    let good = r#"{"faces":[{"identity":"a","bounds":{"left":0.1,"top":0.1,"width":0.5,"height":0.5},
        "pose":{"yaw":0,"pitch":0,"roll":0},"traits":{"eyes_open":true,"mouth_open":false,"smile":false,
        "eyeglasses":false,"sunglasses":false,"occluded":false,"beard":false,"mustache":false,"age":30}}]}"#;
    assert!(Caption::parse(good).is_some());
    for (from, to) in [("\"width\":0.5", "\"width\":-1"), ("\"yaw\":0", "\"yaw\":999"), ("{\"faces\"", "{\"no\"")] {
        assert!(Caption::parse(&good.replace(from, to)).is_none(), "{to}");
    }
}
