//! stub
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use crate::path::Route;
use crate::diagnostic::Diagnostic;
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum File { Bytes(Vec<u8>), Copy { from: PathBuf, size: u64 } }
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Output(pub BTreeMap<Route, File>);
#[derive(Debug, Default)]
pub struct Written { pub written: usize, pub unchanged: usize, pub deleted: usize, pub bytes: u64, pub problems: Vec<Diagnostic> }
pub fn write(site: &Path, output: &Output, _force: bool) -> Written {
    let mut w = Written::default();
    for (r, f) in &output.0 {
        let p = site.join(r.as_str());
        std::fs::create_dir_all(p.parent().unwrap()).unwrap();
        match f { File::Bytes(b) => { w.bytes += b.len() as u64; std::fs::write(p, b).unwrap() }, File::Copy{from, size} => { w.bytes += size; std::fs::copy(from, p).unwrap(); } }
        w.written += 1;
    }
    w
}
pub const MANIFEST: &str = ".notes-manifest";

pub fn check_place(_: &Path, _: &Path, _: bool) -> Result<(), Diagnostic> { Ok(()) }
