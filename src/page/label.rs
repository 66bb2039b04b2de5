//! The words of the site itself, in Chinese and English, and its way to write numbers and days; the
//! configuration may replace each word.
//!
//! Must not know: templates.

use std::collections::BTreeMap;

use crate::markdown::Length;

use super::view::DayView;

/// Fewest lines of code that are named beside the words.
const FEWEST_LINES: u32 = 20;
/// Han characters that are read in the time in which a line of code is skimmed.
const LINE: u64 = 10;
/// Han characters that are read in a quarter of a minute; the reading time of shorter pages is not
/// shown.
const GLANCE: u64 = 100;
const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// Ending of the name of a word's singular: `found` and `found_one`.
const SINGULAR: &str = "_one";

/// All words, by name: Chinese, English.
const WORDS: [(&str, &str, &str); 162] = [
    ("home", "首页", "Home"),
    ("contents", "目录", "Contents"),
    ("navigation", "导航", "Navigation"),
    ("breadcrumbs", "所在位置", "You are here"),
    ("outline", "本页内容", "On this page"),
    ("previous", "上一篇", "Previous"),
    ("next", "下一篇", "Next"),
    ("children", "本节内容", "In this section"),
    ("list_pages", "列表分页", "Pages of this list"),
    ("notes", "篇", "notes"),
    ("edit", "编辑此页", "Edit this page"),
    ("source", "查看源文件", "View source"),
    ("markdown", "Markdown", "Markdown"),
    ("copy_markdown", "复制 Markdown", "Copy as Markdown"),
    ("full_text", "全文", "Full text"),
    ("original", "原文", "Original"),
    ("repository", "源代码仓库", "Repository"),
    ("license", "许可协议：", "License: "),
    ("author", "作者：", "Author: "),
    ("skip", "跳到正文", "Skip to content"),
    ("menu", "打开目录", "Open navigation"),
    ("close", "关闭", "Close"),
    ("more", "全部", "All"),
    ("matrix", "导航矩阵", "Navigation matrix"),
    ("others", "其他", "Other"),
    ("code", "代码", "Code"),
    ("diagram", "图", "Diagram"),
    ("enlarge_diagram", "放大", "Enlarge"),
    ("diagram_source", "图的源码", "Source of the diagram"),
    ("mind_map_topics", "列表形式", "As a list"),
    ("folders", "其他文件夹", "Other folders"),
    ("links_here", "链接到这里的笔记", "Notes that link here"),
    ("named_in", "提到这篇的笔记", "Notes that mention this one"),
    ("mentions", "相关笔记", "Related notes"),
    ("more_notes", "另有 {count} 篇", "{count} more notes"),
    ("more_notes_one", "另有 {count} 篇", "{count} more note"),
    ("stub", "这一页还没有内容。", "This page has no content yet."),
    ("dead_link", "链接的目标不存在", "Broken link"),
    ("missing_image", "图片缺失", "Image not found"),
    ("missing_media", "文件缺失", "File not found"),
    ("note", "说明", "Note"),
    ("tip", "提示", "Tip"),
    ("important", "重要", "Important"),
    ("warning", "警告", "Warning"),
    ("caution", "危险", "Caution"),
    ("details", "详情", "Details"),
    ("task_done", "已完成", "Done"),
    ("task_open", "未完成", "Not done"),
    ("length", "{count} 字，约 {minutes} 分钟", "{count} words, {minutes} min read"),
    (
        "length_code",
        "{count} 字，{lines} 行代码，约 {minutes} 分钟",
        "{count} words, {lines} lines of code, {minutes} min read",
    ),
    ("written", "写于 ", "Written "),
    ("changed", "更新于 ", "Last updated "),
    ("and", "、", ", "),
    ("more_authors", "等 {total} 人", " and {count} others"),
    ("begin", "开始阅读", "Start reading"),
    ("recent", "最近更新", "Recently updated"),
    ("former_name", "原名 ", "renamed from "),
    ("renamed_notes", "{count} 篇改名", "{count} notes renamed"),
    ("new_note", "新", "new"),
    ("terms", "术语", "Terms"),
    ("tags", "标签", "Tags"),
    ("all_tags", "全部标签", "All tags"),
    ("notes_count", "{count} 篇笔记", "{count} notes"),
    ("notes_count_one", "{count} 篇笔记", "{count} note"),
    ("go_on", "继续阅读", "Continue reading"),
    ("up", "回到顶部", "Back to top"),
    ("preferences", "阅读设置", "Reading preferences"),
    ("scheme", "配色", "Color scheme"),
    ("system", "跟随系统", "Match system"),
    ("light", "浅色", "Light"),
    ("sepia", "米黄", "Sepia"),
    ("dark", "深色", "Dark"),
    ("size", "字号", "Text size"),
    ("small", "小", "Small"),
    ("medium", "中", "Medium"),
    ("large", "大", "Large"),
    ("largest", "特大", "Extra large"),
    ("font", "字体", "Font"),
    ("sans", "黑体", "Sans"),
    ("serif", "宋体", "Serif"),
    ("open", "展开", "Expand"),
    ("fold", "收起", "Collapse"),
    ("copy", "复制", "Copy"),
    ("copied", "已复制", "Copied"),
    ("wrap", "折行", "Wrap lines"),
    ("code_block", "代码", "Code"),
    ("table", "表格", "Table"),
    ("link_here", "复制本节链接", "Copy link to this section"),
    ("formula", "公式", "Formula"),
    ("enlarge", "放大图片", "Enlarge image"),
    ("keys", "键盘快捷键", "Keyboard shortcuts"),
    ("keys_on", "开", "On"),
    ("keys_off", "关", "Off"),
    ("key_help", "显示快捷键", "Show shortcuts"),
    ("key_turn", "上一篇、下一篇", "Previous or next page"),
    ("key_contents", "目录", "Contents"),
    ("key_top", "回到顶部", "Back to top"),
    ("key_close", "关闭", "Close"),
    ("part", "打印整个部分", "Print this section"),
    ("ebook", "电子书", "E-book"),
    ("links", "链接", "Links"),
    ("links_count", "共 {count} 个链接", "{count} links"),
    ("links_count_one", "共 {count} 个链接", "{count} link"),
    ("links_shown", "{count} 个链接中的 {shown} 个", "Showing {shown} of {count}"),
    ("places", "另有 {count} 处", "{count} more"),
    ("filter", "筛选链接", "Filter links"),
    ("filter_part", "部分", "Part"),
    ("filter_kind", "类型", "Type"),
    ("filter_host", "网站", "Website"),
    ("filter_year", "年份", "Year"),
    ("kind_book", "书籍", "Book"),
    ("kind_course", "课程", "Course"),
    ("kind_paper", "论文", "Paper"),
    ("kind_project", "项目", "Project"),
    ("kind_series", "系列", "Series"),
    ("kind_video", "视频", "Video"),
    ("search", "搜索", "Search"),
    ("results", "搜索结果", "Search results"),
    ("found", "找到 {count} 页", "{count} pages found"),
    ("found_one", "找到 {count} 页", "{count} page found"),
    ("found_least", "至少找到 {count} 页", "At least {count} pages found"),
    ("found_least_one", "至少找到 {count} 页", "At least {count} page found"),
    ("found_none", "没有找到", "No results"),
    ("all_results", "查看全部结果", "Show all results"),
    ("more_results", "更多结果", "Show more results"),
    ("in_notes", "笔记", "Notes"),
    ("in_part", "范围", "In"),
    ("cancel", "取消", "Cancel"),
    ("all_parts", "全部", "All parts"),
    ("this_site", "本站", "This site"),
    ("other_sites", "其他网站", "Other sites"),
    ("sites_between", "、", ", "),
    ("sites_waiting", "还在等待：{names}。", "Still waiting for {names}."),
    (
        "sites_silent",
        "没有回应，结果里缺少：{names}。",
        "Without results, as they gave no answer: {names}.",
    ),
    (
        "sites_version",
        "由其他版本的程序构建，没有搜索：{names}。",
        "Not searched, as they were built by another version: {names}.",
    ),
    (
        "sites_invalid",
        "返回的不是搜索索引，没有搜索：{names}。",
        "Not searched, as they sent something other than a search index: {names}.",
    ),
    ("marked", "已标出 {count} 处，按 Esc 清除", "{count} matches highlighted; press Esc to clear"),
    (
        "marked_one",
        "已标出 {count} 处，按 Esc 清除",
        "{count} match highlighted; press Esc to clear",
    ),
    (
        "search_failed",
        "搜索索引没能载入，请检查网络后重试。",
        "The search index could not be loaded. Check your connection and try again.",
    ),
    (
        "search_script",
        "搜索需要 JavaScript。也可以从这里查找：",
        "Search needs JavaScript. You can also look here: ",
    ),
    ("offline", "离线阅读", "Offline reading"),
    ("offline_keep_part", "离线保存本部分（{size}）", "Keep this part offline ({size})"),
    (
        "offline_keep_site",
        "离线保存“{title}”全部（{size}）",
        "Keep all of “{title}” offline ({size})",
    ),
    ("offline_stop", "停止保存", "Stop"),
    ("offline_remove_part", "删除已保存的本部分（{size}）", "Remove this part ({size})"),
    ("offline_remove_site", "删除已保存的“{title}”（{size}）", "Remove “{title}” ({size})"),
    ("offline_clear", "删除本站保存的全部内容", "Remove everything kept of this site"),
    ("offline_kept", "已保存，没有网络也能读", "Kept: it opens without a network"),
    ("offline_removed", "已删除", "Removed"),
    ("offline_full", "浏览器的空间不够，没有保存", "Not kept: the browser has no room for it"),
    ("offline_stopped", "已停止，原来保存的还在", "Stopped; what was kept before stays"),
    (
        "offline_gone",
        "网站上不再有“{title}”，保存的内容已删除",
        "“{title}” is not on this site any more; what was kept of it is removed",
    ),
    (
        "offline_incomplete",
        "没有保存完：有的文件服务器上没有，下次打开时再试",
        "Not complete: the host lacks some files; they are asked for again at your next visit",
    ),
    (
        "offline_interrupted",
        "网络中断，下次打开时继续",
        "Interrupted; it goes on at your next visit",
    ),
    ("offline_missing", "这一页没有保存", "This page was not kept"),
    (
        "offline_missing_text",
        "现在没有网络，这个浏览器里也没有保存这一页。联网后再打开。",
        "There is no network, and this browser has not kept this page. Open it again when you are online.",
    ),
    ("moved", "这一页已经移到：", "This page has moved to: "),
    ("formers", "旧地址", "Old addresses"),
    ("leads_to", "现在是", "is now"),
    ("languages", "语言", "Languages"),
    ("not_found", "没有找到这一页", "Page not found"),
    (
        "not_found_text",
        "它可能已被移动或改名。可以搜索标题中的词，或从首页、目录开始找。",
        "It may have been moved or renamed. Search for words of its title, or start from the home page or the contents.",
    ),
];

/// The names of all words.
pub fn names() -> impl Iterator<Item = &'static str> {
    WORDS.iter().map(|&(name, _, _)| name)
}

/// The words of one site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labels {
    words: BTreeMap<&'static str, String>,
    is_chinese: bool,
}

impl Labels {
    /// The words for a language (Chinese for `zh…`, else English), with the writer's own in their
    /// place.
    #[must_use]
    pub fn new(language: &str, own: &BTreeMap<String, String>) -> Self {
        let is_chinese = language.to_ascii_lowercase().starts_with("zh");
        let mut words = BTreeMap::new();
        for (name, chinese, english) in WORDS {
            let default = if is_chinese { chinese } else { english };
            words.insert(name, own_word(own, name).unwrap_or(default).to_owned());
        }
        Self { words, is_chinese }
    }

    /// A word; its name if there is none of that name.
    #[must_use]
    pub fn get<'a>(&'a self, name: &'a str) -> &'a str {
        self.words.get(name).map_or(name, String::as_str)
    }

    /// Length and reading time at 400 Han characters, 200 words or 40 lines of code a minute;
    /// `None` for a page that is read at a glance.
    #[must_use]
    pub fn length(&self, length: Length) -> Option<String> {
        let lines = u64::from(length.code_lines);
        let glances = u64::from(length.han) + 2 * u64::from(length.words) + LINE * lines;
        let count = grouped(u64::from(length.han) + u64::from(length.words));
        let minutes = grouped(glances.div_ceil(400));
        let name = if length.code_lines < FEWEST_LINES { "length" } else { "length_code" };
        let text = || {
            let text = self.get(name).replace("{count}", &count).replace("{minutes}", &minutes);
            text.replace("{lines}", &grouped(lines))
        };
        (glances >= GLANCE).then(text)
    }

    /// Number of links in words.
    #[must_use]
    pub fn links(&self, count: usize) -> String {
        let name = if count == 1 { "links_count_one" } else { "links_count" };
        self.get(name).replace("{count}", &grouped(count as u64))
    }

    /// Number of notes in words.
    #[must_use]
    pub fn notes(&self, count: usize) -> String {
        let name = if count == 1 { "notes_count_one" } else { "notes_count" };
        self.get(name).replace("{count}", &grouped(count as u64))
    }

    /// Number of renamed notes in words; there are several.
    #[must_use]
    pub fn renamed_notes(&self, count: usize) -> String {
        self.get("renamed_notes").replace("{count}", &grouped(count as u64))
    }

    /// Number of further notes in words.
    #[must_use]
    pub fn more_notes(&self, count: usize) -> String {
        let name = if count == 1 { "more_notes_one" } else { "more_notes" };
        self.get(name).replace("{count}", &grouped(count as u64))
    }

    /// The number of a note's authors and of those that are not named, in words.
    #[must_use]
    pub fn more_authors(&self, total: usize, named: usize) -> String {
        let count = grouped((total - named) as u64);
        let total = grouped(total as u64);
        self.get("more_authors").replace("{count}", &count).replace("{total}", &total)
    }

    /// Number of further mentions in words.
    #[must_use]
    pub fn places(&self, count: usize) -> String {
        self.get("places").replace("{count}", &grouped(count as u64))
    }

    /// A day that is written as `2024-05-03`.
    #[must_use]
    pub(super) fn day(&self, iso: &str) -> DayView {
        let parts: Vec<usize> = iso.split('-').filter_map(|part| part.parse().ok()).collect();
        let text = match parts[..] {
            [year, month, day] if self.is_chinese => format!("{year} 年 {month} 月 {day} 日"),
            [year, month, day] => format!("{day} {} {year}", MONTHS[month.clamp(1, 12) - 1]),
            _ => iso.to_owned(),
        };
        DayView { iso: iso.to_owned(), text }
    }

    /// A script that gives the words to the others.
    #[must_use]
    pub fn script(&self) -> Vec<u8> {
        // Texts can always be written as JSON.
        let words = serde_json::to_string(&self.words).unwrap_or_default();
        // Other scripts of the same site are beside it; those of the theme may be elsewhere.
        let folder = "document.currentScript.src.replace(/[^/]*$/, \"\")";
        format!("\"use strict\";\nwindow.notes = {{ words: {words}, folder: {folder} }};\n")
            .into_bytes()
    }

    /// All words, for templates.
    #[must_use]
    pub fn all(&self) -> &BTreeMap<&'static str, String> {
        &self.words
    }
}

/// The writer's own word of this name; for a singular that has none, the plural's.
fn own_word<'a>(own: &'a BTreeMap<String, String>, name: &str) -> Option<&'a str> {
    if let Some(word) = own.get(name) {
        return Some(word);
    }
    own.get(name.strip_suffix(SINGULAR)?).map(String::as_str)
}

/// A number with a comma between thousands, as both languages have it.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut grouped = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_by_language_and_of_the_writers_own() {
        let own = BTreeMap::from([("next".to_owned(), "后一章".to_owned())]);
        for (language, home, next) in
            [("zh-CN", "首页", "后一章"), ("en", "Home", "后一章"), ("fr", "Home", "后一章")]
        {
            let labels = Labels::new(language, &own);
            assert_eq!((labels.get("home"), labels.get("next")), (home, next));
        }
    }

    #[test]
    fn one_thing_is_singular() {
        let none = BTreeMap::new();
        let plural = BTreeMap::from([("links_count".to_owned(), "{count} sources".to_owned())]);
        let mut both = plural.clone();
        both.insert("links_count_one".to_owned(), "{count} source".to_owned());
        for (language, own, one, many) in [
            ("en", &none, "1 link", "1,200 links"),
            ("zh-CN", &none, "共 1 个链接", "共 1,200 个链接"),
            // Written before there were singulars.
            ("en", &plural, "1 sources", "1,200 sources"),
            ("en", &both, "1 source", "1,200 sources"),
        ] {
            let labels = Labels::new(language, own);
            assert_eq!([labels.links(1), labels.links(1_200)], [one, many], "{language} {own:?}");
        }
    }

    #[test]
    fn authors_that_are_not_named_are_counted() {
        for (language, expected) in [("zh-CN", "等 1,204 人"), ("en", " and 1,201 others")] {
            let labels = Labels::new(language, &BTreeMap::new());
            assert_eq!(labels.more_authors(1_204, 3), expected);
        }
    }

    #[test]
    fn every_singular_has_a_plural() {
        let singulars: Vec<_> = names().filter_map(|name| name.strip_suffix(SINGULAR)).collect();
        assert!(singulars.contains(&"found"), "{singulars:?}");
        for plural in singulars {
            assert!(names().any(|name| name == plural), "{plural}");
        }
    }

    #[test]
    fn numbers_and_days_as_the_language_has_them() {
        let length = Length { han: 1200, words: 34, kana: 0, code_lines: 3 };
        for (language, expected, of_code, day) in [
            ("zh-CN", "1,234 字，约 4 分钟", "137 字，900 行代码，约 23 分钟", "2024 年 5 月 3 日"),
            (
                "en",
                "1,234 words, 4 min read",
                "137 words, 900 lines of code, 23 min read",
                "3 May 2024",
            ),
        ] {
            let labels = Labels::new(language, &BTreeMap::new());
            assert_eq!(labels.length(length).as_deref(), Some(expected));
            assert_eq!(labels.length(Length { han: 99, ..Length::default() }), None);
            let code = Length { han: 137, code_lines: 900, ..Length::default() };
            assert_eq!(labels.length(code).as_deref(), Some(of_code));
            assert_eq!(labels.day("2024-05-03").text, day);
        }
        let texts = [(7, "7"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567")];
        assert!(texts.iter().all(|(number, text)| grouped(*number) == *text));
    }
}
