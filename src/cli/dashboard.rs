//! `idvctl dashboard`: the terminal interface, or one frame of it as text or as a picture.

use std::fs;
use std::io::{self, IsTerminal};
use std::path::PathBuf;
use std::str::FromStr;
use std::sync::Arc;

use clap::Args;

use super::{CliError, Context, Exit};
use crate::compliance;
use crate::dashboard::{self, Options, Page, Theme};
use crate::model::Environment;
use crate::observe::{CloudFinder, ComplianceReader, Source, Window};
use crate::report::Color;

/// Watch an environment: what is wrong first, then collections, latency, business numbers.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  idvctl dashboard                          the local environment
  idvctl dashboard -e prod --page latency   begin on another page
  idvctl dashboard --once                   print one frame as text
  idvctl dashboard --svg overview.svg       draw one frame as a picture

Inside, `?` lists the keys. Without a terminal one frame is printed, as with --once.")]
pub struct DashboardArgs {
    /// Page to begin with: overview, collections, latency, kpis, deployments, alarms or compliance.
    #[arg(long, default_value = "overview", value_name = "PAGE")]
    pub page: Page,
    /// How far metrics look back, from 5m to 14d.
    #[arg(long, default_value_t = Window::HOUR, value_name = "TIME")]
    pub window: Window,
    /// Print one frame as text and end.
    #[arg(long)]
    pub once: bool,
    /// Write one frame as an SVG picture and end.
    #[arg(long, value_name = "FILE", conflicts_with = "once")]
    pub svg: Option<PathBuf>,
    /// Columns and rows of the frame that is printed or drawn.
    #[arg(long, default_value = "120x40", value_name = "COLUMNSxROWS")]
    pub size: Size,
}

/// Columns and rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size(u16, u16);

impl FromStr for Size {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let parsed = text.split_once('x').and_then(|(columns, rows)| Some((columns.parse().ok()?, rows.parse().ok()?)));
        match parsed {
            Some((columns @ 20..=500, rows @ 5..=300)) => Ok(Self(columns, rows)),
            _ => Err(format!("`{text}` is no size: write columns x rows, from 20x5 to 500x300, for example 120x40")),
        }
    }
}

/// Runs the subcommand.
pub fn run(context: &Context, args: &DashboardArgs) -> Result<Exit, CliError> {
    let environment = context.environment()?;
    context.block_on(async { show(context, args, source(context, &environment, args.window).await?).await })
}

/// Where the dashboard, `status` and `up` take their snapshots from.
pub(super) async fn source(context: &Context, environment: &Environment, window: Window) -> Result<Source, CliError> {
    let cloud = context.cloud(environment).await?;
    let find: CloudFinder = {
        let (context, environment) = (context.clone(), environment.clone());
        Arc::new(move || {
            let (context, environment) = (context.clone(), environment.clone());
            Box::pin(async move { context.cloud(&environment).await.map_err(|error| error.what) })
        })
    };
    let reader: ComplianceReader = {
        let environment = environment.clone();
        Arc::new(move |cloud| {
            let environment = environment.clone();
            Box::pin(async move { Box::pin(compliance::status(&cloud, &environment)).await })
        })
    };
    Ok(Source::new(cloud, find, environment.clone(), window).with_compliance(reader))
}

/// Shows a source on the terminal, or one frame of it where that was asked for or there is no terminal.
async fn show(context: &Context, args: &DashboardArgs, source: Source) -> Result<Exit, CliError> {
    let Size(columns, rows) = args.size;
    if let Some(file) = &args.svg {
        let picture = dashboard::frame_as_svg(source.whole_snapshot().await, args.page, (columns, rows));
        fs::write(file, picture).map_err(|error| {
            CliError::failed(
                format!("{} cannot be written: {error}", file.display()),
                "name a file in a writable folder",
            )
        })?;
    } else if args.once || !io::stdout().is_terminal() || !io::stdin().is_terminal() {
        let frame = dashboard::frame_as_text(source.whole_snapshot().await, args.page, (columns, rows));
        context.print(&frame)?;
    } else {
        let theme = match context.global.color {
            Color::Never => Theme::PLAIN,
            Color::Always => Theme::COLOUR,
            Color::Auto => Theme::from_process_environment(),
        };
        dashboard::run(source, Options { page: args.page, theme }).await.map_err(|error| {
            CliError::failed(format!("the terminal failed: {error}"), "try `idvctl dashboard --once`")
        })?;
    }
    Ok(Exit::Done)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_columns_and_rows() {
        assert_eq!("200x60".parse(), Ok(Size(200, 60)));
        for text in ["", "x", "120", "19x40", "120x", "0x0", "501x40", "120x-1"] {
            assert!(text.parse::<Size>().is_err(), "{text}");
        }
    }
}
