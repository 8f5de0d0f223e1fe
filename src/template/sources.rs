//! Where templates come from: built into the program, or ejected into a folder that the user owns.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

use super::TemplateError;

/// The files that templates are made of, by name (`data.yaml`, `workflows/registration.yaml` …).
#[derive(Debug, Clone)]
pub struct Sources {
    files: BTreeMap<String, Source>,
}

/// One file.
#[derive(Debug, Clone)]
pub(super) struct Source {
    /// Its name among the sources.
    pub name: String,
    /// Its name as findings and errors show it.
    pub shown: String,
    /// What is in it.
    pub text: Cow<'static, str>,
}

macro_rules! built_in {
    ($($name:literal),+) => {
        [$(($name, include_str!(concat!("../../templates/", $name)))),+]
    };
}

/// The templates of this version of the program.
const BUILT_IN: [(&str, &str); 11] = built_in![
    "data.yaml",
    "service.yaml",
    "api.yaml",
    "workflows/registration.yaml",
    "roles/api.yaml",
    "roles/authorizer.yaml",
    "roles/sweeper.yaml",
    "roles/worker.yaml",
    "roles/workflow.yaml",
    "monitoring.yaml",
    "governance.yaml"
];

impl Sources {
    /// The templates of this version of the program.
    #[must_use]
    pub fn built_in() -> Self {
        Self::from_texts(BUILT_IN.map(|(name, text)| (name, Cow::Borrowed(text))), "templates")
    }

    /// The templates of a folder: every file of [`Self::built_in`] must be there.
    pub fn folder(folder: &Path) -> Result<Self, TemplateError> {
        let shown = folder.display().to_string();
        let mut texts = Vec::new();
        for (name, _) in BUILT_IN {
            let path = folder.join(name);
            let text = std::fs::read_to_string(&path).map_err(|error| TemplateError {
                file: path.display().to_string(),
                position: None,
                message: format!("cannot be read: {error}"),
                remedy: "a folder of templates needs every built-in file; leave --templates out for the built-in ones"
                    .to_owned(),
            })?;
            texts.push((name, Cow::Owned(text)));
        }
        Ok(Self::from_texts(texts, &shown))
    }

    /// Each file's name and text, for whoever writes them to a folder.
    pub fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.values().map(|source| (source.name.as_str(), source.text.as_ref()))
    }

    pub(super) fn from_texts<'a>(texts: impl IntoIterator<Item = (&'a str, Cow<'static, str>)>, folder: &str) -> Self {
        let source =
            |(name, text): (&str, _)| Source { name: name.to_owned(), shown: format!("{folder}/{name}"), text };
        Self { files: texts.into_iter().map(source).map(|source| (source.name.clone(), source)).collect() }
    }

    pub(super) fn get(&self, name: &str) -> Result<&Source, TemplateError> {
        self.files.get(name).ok_or_else(|| TemplateError {
            file: name.to_owned(),
            position: None,
            message: "is not among the templates".to_owned(),
            remedy: format!("name one of {}", self.files.keys().cloned().collect::<Vec<_>>().join(", ")),
        })
    }
}
