//! Text in a picture: what the caption of an ID card says, read as well as light and focus allow.

use super::measure::View;
use crate::local::portrait::{Bounds, TextCaption};
use crate::local::simulator::picture::Picture;

/// Most words that are read in one picture.
const MOST_WORDS: usize = 100;
/// How much harder letters are to make out than a face: percent per point that [`super::confidence`] takes off.
const DELICACY: f32 = 5.0;

/// A line of words.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Its words from left to right; never empty.
    pub words: Vec<Word>,
}

/// Letters without a gap.
#[derive(Debug, Clone, PartialEq)]
pub struct Word {
    /// What it says.
    pub text: String,
    /// Where it is.
    pub bounds: Bounds,
    /// How surely it says that, in percent.
    pub confidence: f32,
}

/// The text of a picture, from top to bottom.
#[must_use]
pub fn read(picture: &Picture) -> Vec<Line> {
    let captions = picture.caption.as_ref().map_or(&[][..], |caption| &caption.text);
    if captions.is_empty() {
        return Vec::new();
    }
    // Measured on the whole picture: a line alone has too few pixels to tell focus by.
    let view = View::of(&picture.pixels);
    let doubt = 99.99 - super::confidence(view.brightness(), view.sharpness());
    let confidence = (99.9 - DELICACY * doubt).max(0.0);
    let mut left = MOST_WORDS;
    let mut lines: Vec<Line> = captions.iter().map(|caption| line(caption, confidence)).collect();
    for line in &mut lines {
        line.words.truncate(left);
        left -= line.words.len();
    }
    lines.retain(|line| !line.words.is_empty());
    lines
}

fn line(caption: &TextCaption, confidence: f32) -> Line {
    let letters = caption.text.chars().count().max(1) as f32;
    let mut words = Vec::new();
    let mut start = 0;
    for text in caption.text.split(' ') {
        let length = text.chars().count();
        if length > 0 {
            let bounds = Bounds {
                left: caption.bounds.left + caption.bounds.width * start as f32 / letters,
                width: caption.bounds.width * length as f32 / letters,
                ..caption.bounds
            };
            words.push(Word { text: text.to_owned(), bounds, confidence });
        }
        start += length + 1;
    }
    Line { words }
}

impl Line {
    /// What it says.
    #[must_use]
    pub fn text(&self) -> String {
        self.words.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ")
    }

    /// As sure as its words are on the whole, in percent.
    #[must_use]
    pub fn confidence(&self) -> f32 {
        self.words.iter().map(|word| word.confidence).sum::<f32>() / self.words.len().max(1) as f32
    }

    /// The box around all its words.
    #[must_use]
    pub fn bounds(&self) -> Bounds {
        let edges = |edge: fn(&Bounds) -> f32| self.words.iter().map(move |word| edge(&word.bounds));
        let (left, top) = (edges(|b| b.left).fold(f32::MAX, f32::min), edges(|b| b.top).fold(f32::MAX, f32::min));
        let right = edges(|b| b.left + b.width).fold(f32::MIN, f32::max);
        let bottom = edges(|b| b.top + b.height).fold(f32::MIN, f32::max);
        Bounds { left, top, width: right - left, height: bottom - top }
    }
}
