//! DetectText.

mod region;

use self::region::Region;
use super::Answer;
use crate::local::portrait::Bounds;
use crate::local::simulator::analysis::{Word, read, wire_box};
use crate::local::simulator::{ApiError, Simulator, check, picture, wire};

/// Confidence that a word needs when nothing else is asked for, in percent.
const CONFIDENCE: f32 = 80.0;
const MODEL_VERSION: &str = "3.0";

pub fn detect_text(simulator: &Simulator, request: wire::DetectText) -> Result<Answer, ApiError> {
    let filter = Filter::of(request.filters.unwrap_or_default())?;
    let mut lines = read(&picture::load(simulator, request.image, "image")?);
    for line in &mut lines {
        line.words.retain(|word| filter.passes(word));
    }
    lines.retain(|line| !line.words.is_empty());
    let mut detections: Vec<_> = lines
        .iter()
        .enumerate()
        .map(|(id, line)| wire::TextDetection {
            detected_text: line.text(),
            r#type: "LINE",
            id,
            parent_id: None,
            confidence: line.confidence(),
            geometry: geometry(&line.bounds()),
        })
        .collect();
    // Words follow all lines, numbered on.
    let words = lines.iter().enumerate().flat_map(|(parent, line)| line.words.iter().map(move |word| (parent, word)));
    let words = words.enumerate().map(|(number, (parent, word))| wire::TextDetection {
        detected_text: word.text.clone(),
        r#type: "WORD",
        id: lines.len() + number,
        parent_id: Some(parent),
        confidence: word.confidence,
        geometry: geometry(&word.bounds),
    });
    detections.extend(words);
    Answer::of(&wire::TextDetected { text_detections: detections, text_model_version: MODEL_VERSION })
}

/// Which words are asked for.
struct Filter {
    confidence: f32,
    height: f32,
    width: f32,
    /// Anywhere when empty.
    regions: Vec<Region>,
}

impl Filter {
    fn of(filters: wire::TextFilters) -> Result<Self, ApiError> {
        let word = filters.word_filter.unwrap_or_default();
        let at = |member: &str| format!("filters.wordFilter.{member}");
        Ok(Self {
            confidence: check::percent(word.min_confidence, &at("minConfidence"), CONFIDENCE)?,
            height: check::ratio(word.min_bounding_box_height, &at("minBoundingBoxHeight"))?,
            width: check::ratio(word.min_bounding_box_width, &at("minBoundingBoxWidth"))?,
            regions: region::all(filters.regions_of_interest.unwrap_or_default())?,
        })
    }

    fn passes(&self, word: &Word) -> bool {
        word.confidence >= self.confidence
            && word.bounds.height >= self.height
            && word.bounds.width >= self.width
            && (self.regions.is_empty() || self.regions.iter().any(|region| region.holds(&word.bounds)))
    }
}

fn geometry(bounds: &Bounds) -> wire::Geometry {
    let polygon = region::corners(bounds).iter().map(|&(x, y)| wire::Point { x, y }).collect();
    wire::Geometry { bounding_box: wire_box(bounds), polygon }
}
