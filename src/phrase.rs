//! English templates with arguments → text in the language of the terminal. A [`Phrase`] is made
//! where something is found and kept with it; its language is chosen where it is shown.
//!
//! Templates are in the code, as gettext has them: `phrase!("`{file}` has {notes:note}", file,
//! notes = count)`. The Chinese ones are in `phrase/zh/`, in gettext's format, each under its
//! English one. Braces that are text are doubled.
//!
//! Must not know: the things that phrases are about, terminals, the environment.

mod catalogue;
mod plural;
mod system_error;
mod template;

use std::borrow::Cow;
use std::sync::Arc;
use std::{fmt, io, path};

use serde::{Deserialize, Serialize};

pub use self::catalogue::entries;
pub use self::system_error::system_error;
pub use self::template::{fits, places};

use self::template::TemplatePiece;

/// A language in which the program speaks to its user.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Language {
    /// English, in which all templates are written.
    #[default]
    English,
    /// Chinese.
    Chinese,
}

/// A text that can be shown in any [`Language`]: a template with its arguments.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Phrase {
    template: Cow<'static, str>,
    /// `None` if there are none, so that a constant can be a phrase.
    arguments: Option<Box<NamedArguments>>,
}

/// The arguments of a template, each with its name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
struct NamedArguments(Vec<(Cow<'static, str>, Argument)>);

/// The value of a place in a template.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Argument {
    /// The same text in all languages: the writer's, or a piece of code.
    Verbatim(String),
    /// A number, on which the form of a noun depends.
    Count(u64),
    /// A phrase in a phrase.
    Phrase(Phrase),
    /// Several values, with the language's commas between them.
    List(Vec<Argument>),
}

/// A [`Phrase`] from a literal and its arguments: `phrase!("…")`, or `phrase!("`{a}` is {b}", a,
/// b = expression)`. A place without an argument does not compile, nor an argument without a place.
macro_rules! phrase {
    ($template:literal) => {{
        const { assert!($crate::phrase::fits($template, &[]), "a place without an argument") };
        $crate::phrase::Phrase::new($template)
    }};
    ($template:literal, $($name:ident $(= $value:expr)?),+ $(,)?) => {{
        const {
            assert!(
                $crate::phrase::fits($template, &[$(stringify!($name)),+]),
                "places and arguments differ"
            )
        };
        $crate::phrase::Phrase::with(
            $template,
            vec![$((stringify!($name).into(), $crate::phrase::phrase!(@value $name $($value)?))),+],
        )
    }};
    (@value $name:ident) => { $crate::phrase::ToArgument::to_argument(&$name) };
    (@value $name:ident $value:expr) => { $crate::phrase::ToArgument::to_argument(&$value) };
}

pub(crate) use phrase;

impl Phrase {
    /// A phrase without arguments. Use `phrase!`, which looks at the template.
    #[must_use]
    pub const fn new(template: &'static str) -> Self {
        Self { template: Cow::Borrowed(template), arguments: None }
    }

    /// A phrase with arguments. Use `phrase!`, which looks at the template.
    #[must_use]
    pub fn with(template: &'static str, arguments: Vec<(Cow<'static, str>, Argument)>) -> Self {
        let arguments = Some(Box::new(NamedArguments(arguments)));
        Self { template: Cow::Borrowed(template), arguments }
    }

    /// A text that is the same in all languages, such as a message of another program.
    #[must_use]
    pub fn verbatim(text: impl Into<String>) -> Self {
        let argument = Argument::Verbatim(text.into());
        Self::with("{text}", vec![("text".into(), argument)])
    }

    /// Its text in a language.
    #[must_use]
    pub fn text(&self, language: Language) -> String {
        let mut text = String::new();
        for piece in template::pieces(language.translated(&self.template)) {
            match piece {
                TemplatePiece::Literal(literal) => text.push_str(literal),
                TemplatePiece::Place { name, noun } => {
                    if let Some(argument) = self.argument(name) {
                        argument.append(&mut text, noun, language);
                    }
                }
            }
        }
        text
    }

    fn argument(&self, name: &str) -> Option<&Argument> {
        let NamedArguments(arguments) = &**self.arguments.as_ref()?;
        arguments.iter().find(|(other, _)| other == name).map(|(_, argument)| argument)
    }
}

/// English, for formats that programs read.
impl fmt::Display for Phrase {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text(Language::English))
    }
}

/// So that an error of the system can have its own words.
impl std::error::Error for Phrase {}

#[cfg(test)]
impl PartialEq<&str> for Phrase {
    fn eq(&self, other: &&str) -> bool {
        self.to_string() == **other
    }
}

impl Argument {
    /// Words in backticks, as messages show names, with commas between them.
    pub fn quoted<'w>(words: impl IntoIterator<Item = &'w str>) -> Self {
        let quoted = words.into_iter().map(|word| Self::Verbatim(format!("`{word}`")));
        Self::List(quoted.collect())
    }

    /// Words as they are, with commas between them.
    pub fn verbatim<W: ToString>(words: impl IntoIterator<Item = W>) -> Self {
        Self::List(words.into_iter().map(|word| Self::Verbatim(word.to_string())).collect())
    }

    fn append(&self, text: &mut String, noun: Option<&str>, language: Language) {
        match (self, noun) {
            (Self::Verbatim(verbatim), _) => text.push_str(verbatim),
            (Self::Count(count), Some(noun)) => text.push_str(&plural::counted(*count, noun)),
            (Self::Count(count), None) => text.push_str(&count.to_string()),
            (Self::Phrase(phrase), _) => text.push_str(&phrase.text(language)),
            (Self::List(arguments), _) => {
                let has_clauses = arguments.iter().any(|it| matches!(it, Self::Phrase(_)));
                let comma = if has_clauses { language.clause_comma() } else { language.comma() };
                for (index, argument) in arguments.iter().enumerate() {
                    if index > 0 {
                        text.push_str(comma);
                    }
                    argument.append(text, None, language);
                }
            }
        }
    }
}

/// A value that can be an argument.
pub trait ToArgument {
    /// The argument.
    fn to_argument(&self) -> Argument;
}

impl<T: ToArgument + ?Sized> ToArgument for &T {
    fn to_argument(&self) -> Argument {
        (**self).to_argument()
    }
}

/// Texts and names.
macro_rules! verbatim {
    ($($type:ty),*) => {$(
        impl ToArgument for $type {
            fn to_argument(&self) -> Argument {
                Argument::Verbatim(self.to_string())
            }
        }
    )*};
}

verbatim!(str, String, Arc<str>, Cow<'_, str>, char, path::Display<'_>);

/// Numbers.
macro_rules! counts {
    ($($type:ty),*) => {$(
        impl ToArgument for $type {
            fn to_argument(&self) -> Argument {
                Argument::Count(u64::from(*self))
            }
        }
    )*};
}

counts!(u8, u16, u32, u64);

impl ToArgument for usize {
    fn to_argument(&self) -> Argument {
        Argument::Count(*self as u64)
    }
}

impl ToArgument for Phrase {
    fn to_argument(&self) -> Argument {
        Argument::Phrase(self.clone())
    }
}

impl ToArgument for Argument {
    fn to_argument(&self) -> Argument {
        self.clone()
    }
}

impl ToArgument for [Phrase] {
    fn to_argument(&self) -> Argument {
        Argument::List(self.iter().map(ToArgument::to_argument).collect())
    }
}

impl ToArgument for Vec<Phrase> {
    fn to_argument(&self) -> Argument {
        self.as_slice().to_argument()
    }
}

impl ToArgument for io::Error {
    fn to_argument(&self) -> Argument {
        Argument::Phrase(system_error(self))
    }
}

impl Language {
    /// The language of an environment's locale, such as `zh_CN.UTF-8`; of one that is not known,
    /// English.
    #[must_use]
    pub fn of_locale(locale: &str) -> Self {
        let name = locale.split(['_', '-', '.', '@']).next().unwrap_or_default();
        if name.eq_ignore_ascii_case("zh") { Self::Chinese } else { Self::English }
    }

    /// A template, or any other text of the program, in this language; the English one if there is
    /// no other.
    #[must_use]
    pub fn translated(self, english: &str) -> &str {
        match self {
            Self::English => english,
            Self::Chinese => catalogue::chinese(english).unwrap_or(english),
        }
    }

    /// The sign between two parts of a sentence.
    #[must_use]
    pub fn semicolon(self) -> &'static str {
        match self {
            Self::English => "; ",
            Self::Chinese => "；",
        }
    }

    /// The sign between phrases in a row.
    #[must_use]
    pub fn clause_comma(self) -> &'static str {
        match self {
            Self::English => ", ",
            Self::Chinese => "，",
        }
    }

    /// The sign between the values of a list.
    #[must_use]
    pub fn comma(self) -> &'static str {
        match self {
            Self::English => ", ",
            Self::Chinese => "、",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_filled_by_name() {
        let count = 2_usize;
        let inner = phrase!("{pages:page} rendered", pages = 1_u32);
        let list = Argument::quoted(["a", "b"]);
        let phrase = phrase!("{{{count:entry}}} of {list}: {inner}", count, list, inner);
        assert_eq!(phrase, "{2 entries} of `a`, `b`: 1 page rendered");
        assert_eq!(Phrase::verbatim("{a}"), "{a}");
    }

    #[test]
    fn the_language_is_chosen_when_a_phrase_is_shown() {
        let phrase = phrase!("`{destination}` leads nowhere", destination = "a.md");
        assert_eq!(phrase.text(Language::English), "`a.md` leads nowhere");
        assert_eq!(phrase.text(Language::Chinese), "`a.md` 没有指向任何文件");
        let kept: Phrase = postcard::from_bytes(&postcard::to_stdvec(&phrase).unwrap()).unwrap();
        assert_eq!(
            (kept.text(Language::Chinese), &kept),
            (phrase.text(Language::Chinese), &phrase)
        );
        let list = phrase!("{text}", text = Argument::quoted(["a", "b"]));
        assert_eq!(list.text(Language::Chinese), "`a`、`b`");
        let clauses = phrase!("{text}", text = vec![phrase.clone(), phrase]);
        assert!(clauses.text(Language::Chinese).contains("文件，`a.md`"));
    }

    #[test]
    fn locales() {
        for (locale, language) in [
            ("zh_CN.UTF-8", Language::Chinese),
            ("zh-Hant", Language::Chinese),
            ("zh", Language::Chinese),
            ("ZH_TW", Language::Chinese),
            ("zhx", Language::English),
            ("C.UTF-8", Language::English),
            ("de_DE", Language::English),
            ("", Language::English),
        ] {
            assert_eq!(Language::of_locale(locale), language, "{locale}");
        }
    }
}
