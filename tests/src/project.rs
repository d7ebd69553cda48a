//! Sites made of the npm package, as `cargo xtask test npm` has built them.

use std::path::{Path, PathBuf};

use crate::fixture::{STRICT_CSP, Served};
use crate::site::{Site, kind};

impl Site {
    /// Puts up what was built of a project in examples/ and gives the address of its page, which has the policy of a
    /// careful site. The files are in `folder` of the project.
    ///
    /// # Panics
    /// When it was not built.
    pub fn project(&self, name: &str, folder: &str) -> String {
        let built = projects().join(name).join(folder);
        let mut files = Vec::new();
        collect(&built, &mut files);
        assert!(!files.is_empty(), "{} is not there: `cargo xtask test npm examples` makes it", built.display());
        for file in files {
            let below = file.strip_prefix(&built).unwrap().to_str().unwrap();
            // As the build was told; see xtask/src/npm.rs.
            let path = format!("/built/{name}/{below}");
            // Trunk starts an application from a script in the page.
            let csp = (below.ends_with(".html") && name != "yew-app").then(|| STRICT_CSP.to_owned());
            self.serve(
                &path,
                Served { content_type: kind(&path), csp, cache: "no-store", body: std::fs::read(&file).unwrap() },
            );
        }
        format!("{}/built/{name}/index.html", self.origin())
    }
}

/// `npm` in the target folder that this program was built in.
fn projects() -> PathBuf {
    let program = std::env::current_exe().unwrap();
    program.ancestors().nth(3).unwrap_or(&program).join("npm")
}

fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    for path in std::fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()) {
        if path.is_dir() {
            collect(&path, files);
        } else {
            files.push(path);
        }
    }
}
