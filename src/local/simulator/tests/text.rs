//! DetectText over HTTP.

use super::*;

fn card(portrait: Portrait) -> Value {
    image(&portrait.id_card().png().unwrap())
}

fn of_type<'a>(detected: &'a Value, kind: &str) -> Vec<&'a Value> {
    detected["TextDetections"].as_array().unwrap().iter().filter(|one| one["Type"] == kind).collect()
}

#[test]
fn a_card_is_read_in_lines_and_words() {
    let server = Server::start();
    let detected = server.ok("DetectText", &json!({ "Image": card(Portrait::new("anna")) }));
    assert_eq!(detected["TextModelVersion"], "3.0");
    let (lines, words) = (of_type(&detected, "LINE"), of_type(&detected, "WORD"));
    let texts: Vec<_> = lines.iter().map(|line| line["DetectedText"].as_str().unwrap()).collect();
    assert_eq!(texts[..6], ["IDENTITY CARD", "SPECIMEN", "SURNAME", "SPECIMEN", "GIVEN NAME", "TEST PERSON"]);
    assert_eq!(texts.len(), 12);
    assert!(texts[11].starts_with("SPECIMEN<<TEST<PERSON<<<"), "{texts:?}");
    let ids: Vec<_> = lines.iter().chain(&words).map(|one| one["Id"].as_u64().unwrap()).collect();
    assert_eq!(ids, (0..ids.len() as u64).collect::<Vec<_>>());
    assert!(lines.iter().all(|line| line.get("ParentId").is_none()));
    for (id, line) in lines.iter().enumerate() {
        let own = words.iter().filter(|word| word["ParentId"] == id);
        let joined: Vec<_> = own.map(|word| word["DetectedText"].as_str().unwrap()).collect();
        assert_eq!(joined.join(" "), line["DetectedText"].as_str().unwrap());
    }
    for one in lines.iter().chain(&words) {
        let (place, polygon) = (&one["Geometry"]["BoundingBox"], one["Geometry"]["Polygon"].as_array().unwrap());
        let edge = |name: &str| place[name].as_f64().unwrap();
        assert!(edge("Left") >= 0.0 && edge("Left") + edge("Width") <= 1.0, "{one}");
        assert!(edge("Top") >= 0.0 && edge("Top") + edge("Height") <= 1.0, "{one}");
        assert_eq!((polygon.len(), &polygon[0]["X"]), (4, &place["Left"]));
        assert!((80.0..=100.0).contains(&one["Confidence"].as_f64().unwrap()), "{one}");
    }
}

#[test]
fn only_cards_have_text_and_only_legible_ones() {
    let server = Server::start();
    for picture in
        [image(&png("anna")), nobody(), card(Portrait::new("anna").dark()), card(Portrait::new("anna").blur(12.0))]
    {
        let detected = server.ok("DetectText", &json!({ "Image": picture }));
        assert_eq!(detected["TextDetections"], json!([]));
    }
    let filters = json!({ "WordFilter": { "MinConfidence": 0 } });
    let dark = json!({ "Image": card(Portrait::new("anna").dark()), "Filters": filters });
    assert!(!of_type(&server.ok("DetectText", &dark), "WORD").is_empty(), "asked for, bad guesses are answered");
}

#[test]
fn filters_choose_words_and_lines_follow() {
    let server = Server::start();
    let picture = card(Portrait::new("anna"));
    let read = |filters: &Value| server.ok("DetectText", &json!({ "Image": picture, "Filters": filters }));
    let head =
        json!({ "RegionsOfInterest": [{ "BoundingBox": { "Left": 0, "Top": 0, "Width": 0.5, "Height": 0.2 } }] });
    let lines: Vec<_> = of_type(&read(&head), "LINE").iter().map(|line| line["DetectedText"].clone()).collect();
    assert_eq!(lines, [json!("IDENTITY CARD")]);
    let corner = json!({ "RegionsOfInterest": [{ "Polygon": [
        { "X": 0.7, "Y": 0 }, { "X": 1, "Y": 0 }, { "X": 1, "Y": 0.2 }, { "X": 0.7, "Y": 0.2 }] }] });
    assert_eq!(of_type(&read(&corner), "WORD").len(), 1);
    let wide = read(&json!({ "WordFilter": { "MinBoundingBoxWidth": 0.7 } }));
    assert_eq!(of_type(&wide, "WORD").len(), 2, "the lines for machines");
    assert_eq!(read(&json!({ "WordFilter": { "MinBoundingBoxHeight": 0.5 } }))["TextDetections"], json!([]));
    for bad in [
        json!({ "WordFilter": { "MinConfidence": 101 } }),
        json!({ "WordFilter": { "MinBoundingBoxWidth": 1.5 } }),
        json!({ "RegionsOfInterest": [{}] }),
        json!({ "RegionsOfInterest": vec![json!({ "BoundingBox": {} }); 11] }),
    ] {
        let request = json!({ "Image": picture, "Filters": bad });
        assert_eq!(server.error("DetectText", &request), "InvalidParameterException", "{bad}");
    }
}
