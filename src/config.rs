//! stub
use std::collections::BTreeMap;
use globset::GlobSet;
use crate::path::SourcePath;
use crate::markdown::Options;
#[derive(Debug, Clone, Default)]
pub struct Config { pub title: Option<String>, pub description: Option<String>, pub language: Option<String>, pub author: Option<String>, pub license: Option<License>, pub base_url: Option<String>, pub repository: Option<String>, pub edit: Option<String>, pub source: Option<String>, pub cover: Option<String>, pub content: Option<String>, pub navigation: Option<SourcePath>, pub readme: Option<SourcePath>, pub exclude: GlobSet, pub assets: GlobSet, pub markdown: Options, pub matrix: Matrix, pub labels: BTreeMap<String,String>, pub navigation_is_tree: bool }
#[derive(Debug, Clone, Default)]
pub struct License { pub name: String, pub url: Option<String> }
#[derive(Debug, Clone, Default)]
pub struct Matrix { pub replace: bool, pub rows: Vec<Row> }
#[derive(Debug, Clone, Default)]
pub struct Row { pub label: String, pub cells: Vec<Cell> }
#[derive(Debug, Clone, Default)]
pub struct Cell { pub title: String, pub link: Option<String>, pub code: Option<String> }

pub struct Loaded { pub config: Config, pub notices: Vec<crate::diagnostic::Diagnostic> }
pub fn load(folder: &std::path::Path) -> Result<Loaded, Vec<crate::diagnostic::Diagnostic>> { let mut config = Config::default(); if folder.join(".gitbook.yaml").exists() { config.navigation = SourcePath::new(".meta/SUMMARY.md"); } Ok(Loaded { config, notices: vec![] }) }
pub fn base_url(u: &str) -> Result<String, crate::diagnostic::Diagnostic> { Ok(u.to_owned()) }
