//! The words of the site itself, in Chinese and English; the configuration may replace each.
//!
//! Must not know: where they stand.

use std::collections::BTreeMap;

/// All words, by name: Chinese, English.
const WORDS: [(&str, &str, &str); 33] = [
    ("home", "首页", "Home"),
    ("contents", "目录", "Contents"),
    ("navigation", "导航", "Navigation"),
    ("breadcrumbs", "所在位置", "You are here"),
    ("outline", "本页内容", "On this page"),
    ("previous", "上一篇", "Previous"),
    ("next", "下一篇", "Next"),
    ("children", "本节内容", "In this section"),
    ("notes", "篇", "notes"),
    ("edit", "编辑此页", "Edit this page"),
    ("source", "查看源文件", "View source"),
    ("repository", "源代码仓库", "Repository"),
    ("license", "许可协议：", "License: "),
    ("author", "作者：", "Author: "),
    ("skip", "跳到正文", "Skip to the text"),
    ("menu", "打开目录", "Open the navigation"),
    ("close", "关闭", "Close"),
    ("more", "全部", "All"),
    ("matrix", "导航矩阵", "Navigation matrix"),
    ("others", "其他", "Others"),
    ("code", "代码", "Code"),
    ("folders", "其他文件夹", "Other folders"),
    ("stub", "这一页还没有内容。", "There is nothing on this page yet."),
    ("dead_link", "链接的目标不存在", "The target of this link does not exist"),
    ("missing_image", "图片缺失", "Image missing"),
    ("note", "说明", "Note"),
    ("tip", "提示", "Tip"),
    ("important", "重要", "Important"),
    ("warning", "警告", "Warning"),
    ("caution", "危险", "Caution"),
    ("details", "详情", "Details"),
    ("not_found", "没有找到这一页", "Page not found"),
    (
        "not_found_text",
        "它可能已被移动或改名。请从目录中查找：",
        "It may have been moved or renamed. Look for it in the contents: ",
    ),
];

/// The names of all words.
pub fn names() -> impl Iterator<Item = &'static str> {
    WORDS.iter().map(|&(name, _, _)| name)
}

/// The words of one site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labels(BTreeMap<&'static str, String>);

impl Labels {
    /// The words for a language (Chinese for `zh…`, else English), with the writer's own in their place.
    #[must_use]
    pub fn new(language: &str, own: &BTreeMap<String, String>) -> Self {
        let is_chinese = language.to_ascii_lowercase().starts_with("zh");
        let word = |&(name, chinese, english): &(&'static str, &str, &str)| {
            let usual = if is_chinese { chinese } else { english };
            (name, own.get(name).map_or_else(|| usual.to_owned(), Clone::clone))
        };
        Self(WORDS.iter().map(word).collect())
    }

    /// A word; its name if there is none of that name.
    #[must_use]
    pub fn get<'a>(&'a self, name: &'a str) -> &'a str {
        self.0.get(name).map_or(name, String::as_str)
    }

    /// All words, for templates.
    #[must_use]
    pub fn all(&self) -> &BTreeMap<&'static str, String> {
        &self.0
    }
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
}
