//! The Python that teaches MiniStack what it lacks. It travels in this program and is written out at every start.

use std::fs;
use std::path::PathBuf;

use super::folder::{create_folder, remove};
use super::{Folder, LocalError};

/// Each file with its path in the folder `plugin`.
const FILES: [(&str, &str); 21] = [
    ("main.py", include_str!("plugin/main.py")),
    ("lessons/__init__.py", include_str!("plugin/lessons/__init__.py")),
    ("lessons/adoption.py", include_str!("plugin/lessons/adoption.py")),
    ("lessons/access_log.py", include_str!("plugin/lessons/access_log.py")),
    ("lessons/alarms.py", include_str!("plugin/lessons/alarms.py")),
    ("lessons/collections.py", include_str!("plugin/lessons/collections.py")),
    ("lessons/faults.py", include_str!("plugin/lessons/faults.py")),
    ("lessons/functions.py", include_str!("plugin/lessons/functions.py")),
    ("lessons/gateway.py", include_str!("plugin/lessons/gateway.py")),
    ("lessons/governance.py", include_str!("plugin/lessons/governance.py")),
    ("lessons/lifecycle.py", include_str!("plugin/lessons/lifecycle.py")),
    ("lessons/metrics.py", include_str!("plugin/lessons/metrics.py")),
    ("lessons/organizations.py", include_str!("plugin/lessons/organizations.py")),
    ("lessons/protection.py", include_str!("plugin/lessons/protection.py")),
    ("lessons/queues.py", include_str!("plugin/lessons/queues.py")),
    ("lessons/relay.py", include_str!("plugin/lessons/relay.py")),
    ("lessons/replacements.py", include_str!("plugin/lessons/replacements.py")),
    ("lessons/resource_types.py", include_str!("plugin/lessons/resource_types.py")),
    ("lessons/tables.py", include_str!("plugin/lessons/tables.py")),
    ("lessons/transport.py", include_str!("plugin/lessons/transport.py")),
    ("lessons/workflows.py", include_str!("plugin/lessons/workflows.py")),
];

/// Writes the files and names the one to run. What an older version left is removed first.
pub fn write(folder: &Folder) -> Result<PathBuf, LocalError> {
    let root = folder.plugin();
    remove(&root)?;
    create_folder(&root.join("lessons"))?;
    for (name, content) in FILES {
        let path = root.join(name);
        fs::write(&path, content).map_err(|error| LocalError::file(&path, "be written", error))?;
    }
    Ok(root.join("main.py"))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    #[test]
    fn every_lesson_is_packed() {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/local/plugin");
        let files = |folder: &Path| -> usize {
            fs::read_dir(folder)
                .unwrap()
                .filter(|f| f.as_ref().unwrap().path().extension().is_some_and(|e| e == "py"))
                .count()
        };
        assert_eq!(FILES.len(), files(&source) + files(&source.join("lessons")));
        for (name, content) in FILES {
            assert_eq!(fs::read_to_string(source.join(name)).unwrap(), content, "{name}");
        }
    }
}
