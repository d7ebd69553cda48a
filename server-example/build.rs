//! Packs the demo site, the examples and dist/ into the binary, each file beside its Brotli form.
//!
//! Writes `assets.rs` into OUT_DIR: one `Asset` per file, sorted by path. A compressed file is kept under a name that
//! holds the hash of its source, so that a changed page does not compress the rest again.

use std::fmt::Write as _;
use std::hash::{DefaultHasher, Hasher};
use std::io;
use std::path::{Path, PathBuf};
use std::{env, fs};

/// Where files come from, under which URL they appear, and whether pages of other origins may load them.
const SOURCES: &[(&str, &str, bool)] =
    &[("site", "/", false), ("../examples", "/examples/", false), ("../dist", "/", true)];

/// What is served: suffix, content type, whether it is worth compressing. Other files are left out.
const TYPES: &[(&str, &str, bool)] = &[
    ("html", "text/html; charset=utf-8", true),
    ("css", "text/css; charset=utf-8", true),
    ("js", "text/javascript; charset=utf-8", true),
    ("mjs", "text/javascript; charset=utf-8", true),
    ("json", "application/json", true),
    ("svg", "image/svg+xml", true),
    ("txt", "text/plain; charset=utf-8", true),
    ("wasm", "application/wasm", true),
    ("png", "image/png", false),
];

fn main() -> io::Result<()> {
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("OUT_DIR is not set"))?);
    let root = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").ok_or_else(|| io::Error::other("no manifest dir"))?);
    let mut entries = Vec::new();
    for (folder, prefix, shared) in SOURCES {
        let folder = root.join(folder);
        println!("cargo::rerun-if-changed={}", folder.display());
        for file in files(&folder)? {
            if let Some(entry) = pack(&folder, &file, prefix, *shared, &out)? {
                entries.push(entry);
            }
        }
    }
    entries.sort();
    let list: String = entries.into_iter().map(|(_, code)| code).collect();
    fs::write(out.join("assets.rs"), format!("&[\n{list}]\n"))
}

/// Every file below `folder`, without hidden ones, packages' folders and build output.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let Ok(listing) = fs::read_dir(folder) else { return Ok(found) };
    for entry in listing {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        // examples/endpoints are programs, not pages.
        if name.starts_with('.') || ["node_modules", "target", "package.json", "endpoints"].contains(&name.as_str()) {
            continue;
        }
        // A folder with a manifest of its own (examples/yew-app) is a project to build, not a page to serve.
        if path.is_dir() && !path.join("Cargo.toml").exists() && !path.join("package.json").exists() {
            found.extend(files(&path)?);
        } else if path.is_file() {
            found.push(path);
        }
    }
    Ok(found)
}

/// Compresses one file and writes its entry; `None` when its type is not served.
fn pack(folder: &Path, file: &Path, prefix: &str, shared: bool, out: &Path) -> io::Result<Option<(String, String)>> {
    let suffix = file.extension().unwrap_or_default().to_string_lossy();
    let Some((_, content_type, compress)) = TYPES.iter().find(|(known, ..)| *known == suffix) else { return Ok(None) };
    let body = fs::read(file)?;
    let mut hasher = DefaultHasher::new();
    hasher.write(&body);
    let hash = format!("{:016x}", hasher.finish());

    let brotli = if *compress { compressed(&body, &out.join(format!("{hash}.br")))? } else { None };
    let relative = file.strip_prefix(folder).unwrap_or(file).to_string_lossy().replace('\\', "/");
    let path = format!("{prefix}{relative}");
    // include_bytes! of the original would race with a rebuild of dist/, so the bytes that were hashed are kept too.
    let kept = out.join(format!("{hash}.raw"));
    if !kept.exists() {
        fs::write(&kept, &body)?;
    }
    let mut code = String::new();
    let _ = writeln!(
        code,
        "Asset {{ path: {path:?}, content_type: {content_type:?}, hash: {hash:?}, shared: {shared}, \
         body: include_bytes!({kept:?}), brotli: {} }},",
        brotli.map_or("None".into(), |br| format!("Some(include_bytes!({br:?}))")),
    );
    Ok(Some((path, code)))
}

/// The Brotli form (quality 11) as a file, or `None` when it is not smaller.
fn compressed(body: &[u8], file: &Path) -> io::Result<Option<PathBuf>> {
    if !file.exists() {
        let params =
            brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, size_hint: body.len(), ..Default::default() };
        let mut packed = Vec::new();
        brotli::BrotliCompress(&mut &*body, &mut packed, &params)?;
        fs::write(file, packed)?;
    }
    Ok((fs::metadata(file)?.len() < body.len() as u64).then(|| file.to_path_buf()))
}
