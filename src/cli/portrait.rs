//! `idvctl portrait`: a synthetic portrait or ID card as a PNG.

use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};

use super::{CliError, Context, Exit};
use crate::local::portrait::{DEFAULT_SIZE, Light, MOST_FACES, Portrait, SIZES};

const EXAMPLES: &str = "\
Examples:
  idvctl portrait --person anna -o anna.png
  idvctl portrait --person anna --id-card -o card.png
  idvctl portrait --person anna --yaw 20 --light dim -o evening.png
  idvctl portrait --person anna --sunglasses -o - | base64

The same name is the same face on every machine. The local cloud knows the person again at another angle or in another
light, and tells two persons apart. Nobody real is shown.";

/// Draw a synthetic portrait or ID card of nobody real.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
#[allow(clippy::struct_excessive_bools)] // Independent switches, one per option.
pub struct PortraitArgs {
    /// Who it shows: any name, always the same face.
    #[arg(long, value_name = "NAME")]
    person: String,
    /// PNG file to write; `-` for standard output.
    #[arg(short, long, value_name = "FILE")]
    output: PathBuf,
    /// Degrees turned to a side.
    #[arg(long, value_name = "DEG", default_value_t = 0.0, allow_negative_numbers = true, value_parser = angle)]
    yaw: f32,
    /// Degrees looking up; negative is down.
    #[arg(long, value_name = "DEG", default_value_t = 0.0, allow_negative_numbers = true, value_parser = angle)]
    pitch: f32,
    /// Degrees tilted to a shoulder.
    #[arg(long, value_name = "DEG", default_value_t = 0.0, allow_negative_numbers = true, value_parser = angle)]
    roll: f32,
    /// Out of focus by this many pixels, 0–40.
    #[arg(long, value_name = "N", default_value_t = 0.0, value_parser = blur)]
    blur: f32,
    /// The light it is taken in.
    #[arg(long, value_enum, default_value_t = LightArg::Normal)]
    light: LightArg,
    /// Too dark to use; short for --light dark.
    #[arg(long, conflicts_with = "light")]
    dark: bool,
    /// How many faces; the person's is the largest. 0 is an empty wall.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = faces)]
    faces: usize,
    /// Wearing dark glasses.
    #[arg(long)]
    sunglasses: bool,
    /// With both eyes closed.
    #[arg(long)]
    eyes_closed: bool,
    /// With the mouth open.
    #[arg(long)]
    mouth_open: bool,
    /// An ID card with the person's photo.
    #[arg(long, conflicts_with = "faces")]
    id_card: bool,
    /// Width in pixels.
    #[arg(long, value_name = "PIXELS", default_value_t = DEFAULT_SIZE, value_parser = size)]
    size: u32,
}

#[derive(Debug, Clone, Copy, ValueEnum)]
enum LightArg {
    Normal,
    Dim,
    Dark,
    Bright,
}

/// Draws the portrait and writes it.
pub fn run(context: &Context, args: &PortraitArgs) -> Result<Exit, CliError> {
    let png = portrait(args).png().map_err(|error| CliError::failed(error.to_string(), "choose another size"))?;
    if args.output == Path::new("-") {
        to_stdout(&png)?;
    } else {
        std::fs::write(&args.output, &png).map_err(|error| {
            CliError::failed(
                format!("{} cannot be written: {error}", args.output.display()),
                "name a file in a folder that exists and may be written to",
            )
        })?;
        context.progress(&format!("{} ({} KB)", args.output.display(), png.len().div_ceil(1024)));
    }
    Ok(Exit::Done)
}

fn portrait(args: &PortraitArgs) -> Portrait {
    let light = match args.light {
        _ if args.dark => Light::Dark,
        LightArg::Normal => Light::Normal,
        LightArg::Dim => Light::Dim,
        LightArg::Dark => Light::Dark,
        LightArg::Bright => Light::Bright,
    };
    let mut portrait = Portrait::new(&args.person)
        .yaw(args.yaw)
        .pitch(args.pitch)
        .roll(args.roll)
        .blur(args.blur)
        .light(light)
        .faces(args.faces)
        .size(args.size);
    if args.sunglasses {
        portrait = portrait.sunglasses();
    }
    if args.eyes_closed {
        portrait = portrait.eyes_closed();
    }
    if args.mouth_open {
        portrait = portrait.mouth_open();
    }
    if args.id_card {
        portrait = portrait.id_card();
    }
    portrait
}

fn to_stdout(png: &[u8]) -> Result<(), CliError> {
    let mut out = std::io::stdout().lock();
    if out.is_terminal() {
        return Err(CliError::new(
            Exit::Usage,
            "a PNG cannot be shown on a terminal",
            "name a file with -o FILE, or pipe the output",
        ));
    }
    match out.write_all(png).and_then(|()| out.flush()) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        Err(error) => Err(CliError::failed(
            format!("standard output cannot be written: {error}"),
            "free the disk or the pipe that it goes to",
        )),
        Ok(()) => Ok(()),
    }
}

fn angle(text: &str) -> Result<f32, String> {
    within(text, -90.0, 90.0)
}

fn blur(text: &str) -> Result<f32, String> {
    within(text, 0.0, 40.0)
}

fn within(text: &str, low: f32, high: f32) -> Result<f32, String> {
    let value: f32 = text.parse().map_err(|_| "not a number".to_owned())?;
    if (low..=high).contains(&value) { Ok(value) } else { Err(format!("not between {low} and {high}")) }
}

fn faces(text: &str) -> Result<usize, String> {
    text.parse().ok().filter(|faces| *faces <= MOST_FACES).ok_or_else(|| format!("not between 0 and {MOST_FACES}"))
}

fn size(text: &str) -> Result<u32, String> {
    let (low, high) = (SIZES.start(), SIZES.end());
    text.parse().ok().filter(|size| SIZES.contains(size)).ok_or_else(|| format!("not between {low} and {high}"))
}
