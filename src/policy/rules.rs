//! Where the Guard rules come from: built into the program, or a folder that the user owns.

use std::borrow::Cow;
use std::fs;
use std::path::Path;

use super::PolicyError;

macro_rules! built_in {
    ($($file:literal),+ $(,)?) => {
        [$(RuleFile {
            name: Cow::Borrowed(concat!("policies/guard/", $file)),
            text: Cow::Borrowed(include_str!(concat!("../../policies/guard/", $file))),
            only_named_types: true,
        }),+]
    };
}

/// The rules that templates are held to.
#[derive(Debug, Clone)]
pub struct Rules {
    files: Vec<RuleFile>,
}

/// One file in the Guard language.
#[derive(Debug, Clone)]
pub(super) struct RuleFile {
    pub(super) name: Cow<'static, str>,
    pub(super) text: Cow<'static, str>,
    /// Whether its rules look only at resources of the types that it names in quotes. So it is with the built-in
    /// rules; of foreign ones it is not known.
    pub(super) only_named_types: bool,
}

impl Rules {
    /// The rules that come with the program.
    #[must_use]
    pub fn built_in() -> Self {
        let files = built_in![
            "api_authorisation.guard",
            "api_logging.guard",
            "encryption.guard",
            "iam.guard",
            "log_retention.guard",
            "public_access.guard",
            "recovery.guard",
            "retain.guard",
            "transport.guard",
            "workflow.guard",
        ];
        Self { files: files.into() }
    }

    /// Every `*.guard` file of a folder, in the order of their names.
    pub fn from_folder(folder: &Path) -> Result<Self, PolicyError> {
        let unreadable = |path: &Path| {
            let path = path.to_owned();
            move |source| PolicyError::Unreadable { path, source }
        };
        let mut paths = Vec::new();
        for entry in fs::read_dir(folder).map_err(unreadable(folder))? {
            let path = entry.map_err(unreadable(folder))?.path();
            if path.extension().is_some_and(|extension| extension == "guard") {
                paths.push(path);
            }
        }
        paths.sort();
        let mut files = Vec::new();
        for path in paths {
            let text = fs::read_to_string(&path).map_err(unreadable(&path))?;
            files.push(RuleFile {
                name: path.display().to_string().into(),
                text: text.into(),
                only_named_types: false,
            });
        }
        let rules = Self { files };
        if rules.names().next().is_none() {
            return Err(PolicyError::NoRules { path: folder.to_owned() });
        }
        Ok(rules)
    }

    pub(super) fn files(&self) -> &[RuleFile] {
        &self.files
    }

    /// The names of all rules, in the order of their files.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.files.iter().flat_map(RuleFile::rules)
    }
}

impl RuleFile {
    /// Whether a rule of this file may look at a resource of this type.
    pub(super) fn concerns(&self, kind: &str) -> bool {
        !self.only_named_types || self.text.contains(&format!("'{kind}'"))
    }

    /// The names of the rules in this file.
    pub(super) fn rules(&self) -> impl Iterator<Item = &str> {
        self.text.lines().filter_map(|line| line.strip_prefix("rule ")?.split_whitespace().next())
    }
}
