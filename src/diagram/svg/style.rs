//! Style sheets and attributes of an SVG → the properties of each of its elements.
//!
//! Must not know: colours, how an element is written.

use std::collections::HashMap;

use super::sheet;
use roxmltree::{Document, Node};
use simplecss::{AttributeOperator, Declaration, DeclarationTokenizer, PseudoClass, StyleSheet};

/// The properties that are kept, which are attributes in SVG too (SVG 2, §6.6). Those that elements
/// inherit have their initial value beside them.
const PROPERTIES: [(&str, Option<&str>); 23] = [
    ("alignment-baseline", None),
    ("display", None),
    ("dominant-baseline", Some("auto")),
    ("fill", Some("")),
    ("fill-opacity", Some("1")),
    ("fill-rule", Some("nonzero")),
    ("font-size", Some("")),
    ("font-style", Some("normal")),
    ("font-weight", Some("normal")),
    ("marker-end", Some("none")),
    ("marker-mid", Some("none")),
    ("marker-start", Some("none")),
    ("opacity", None),
    ("stop-color", None),
    ("stop-opacity", None),
    ("stroke", Some("none")),
    ("stroke-dasharray", Some("none")),
    ("stroke-linecap", Some("butt")),
    ("stroke-linejoin", Some("miter")),
    ("stroke-opacity", Some("1")),
    ("stroke-width", Some("1")),
    ("text-anchor", Some("start")),
    ("text-decoration", None),
];

/// A property, by its index in the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Property(u8);

impl Property {
    /// The property with a name, if it is kept.
    pub fn of(name: &str) -> Option<Self> {
        let index = PROPERTIES.binary_search_by_key(&name, |(name, _)| name).ok()?;
        u8::try_from(index).ok().map(Self)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        PROPERTIES[usize::from(self.0)].0
    }

    /// The value where no element around sets it, if elements inherit it.
    pub fn initial(self) -> Option<&'static str> {
        PROPERTIES[usize::from(self.0)].1
    }
}

/// The properties of an element, each once, in the order of their names.
#[derive(Debug, Clone, Default)]
pub(super) struct Properties<'s>(Vec<(Property, &'s str)>);

impl<'s> Properties<'s> {
    fn set(&mut self, name: &str, value: &'s str) {
        let Some(property) = Property::of(name) else { return };
        let value = value.trim();
        match self.0.iter_mut().find(|(known, _)| *known == property) {
            Some((_, known)) => *known = value,
            None => self.0.push((property, value)),
        }
    }

    /// Each property with its value.
    pub fn iter(&self) -> impl Iterator<Item = (Property, &'s str)> + '_ {
        self.0.iter().copied()
    }

    fn sort(&mut self) {
        self.0.sort_unstable_by_key(|(property, _)| *property);
    }
}

/// More pairs of an element and a rule that any element may fit are not compared.
const MOST_PAIRS: usize = 4_000_000;

/// The rules of a drawing's style sheets.
pub(super) struct Styles<'s> {
    sheet: StyleSheet<'s>,
    /// The rules, by the class of the elements that they are for, or of those around these.
    by_class: HashMap<String, Vec<usize>>,
    by_class_around: HashMap<String, Vec<usize>>,
    /// The rules, by the name of the elements that they are for.
    by_name: HashMap<String, Vec<usize>>,
    /// The other rules.
    for_all: Vec<usize>,
}

impl<'s> Styles<'s> {
    /// The rules of all style sheets of a document, those that are more specific last; `None` if
    /// they are too many for it.
    pub fn of(document: &'s Document<'_>, sheets: &'s str) -> Option<Self> {
        let mut sheet = StyleSheet::new();
        for piece in sheet::pieces(sheets) {
            sheet.parse_more(piece);
        }
        let mut styles = Self {
            by_class: HashMap::new(),
            by_class_around: HashMap::new(),
            by_name: HashMap::new(),
            for_all: Vec::new(),
            sheet: StyleSheet::new(),
        };
        for (index, rule) in sheet.rules.iter().enumerate() {
            styles.add(index, &rule.selector.to_string());
        }
        styles.sheet = sheet;
        let pairs = styles.for_all.len().checked_mul(document.descendants().count());
        pairs.is_some_and(|pairs| pairs <= MOST_PAIRS).then_some(styles)
    }

    /// Files a rule below what its elements have in common, by its selector as simplecss writes it:
    /// `g[class~='a'] > *`.
    fn add(&mut self, index: usize, selector: &str) {
        // Values in brackets may hold blanks.
        let is_plain =
            selector.split(' ').all(|part| part.matches('[').count() == part.matches(']').count());
        let mut parts = selector.rsplit(' ');
        let last = parts.next().filter(|_| is_plain).unwrap_or_default();
        let around = (parts.next() == Some(">")).then(|| parts.next()).flatten();
        let name = last.split(['[', ':']).next().unwrap_or_default();
        let list = if let Some(class) = class_in(last) {
            self.by_class.entry(class.to_owned()).or_default()
        } else if !matches!(name, "" | "*") {
            self.by_name.entry(name.to_owned()).or_default()
        } else if let Some(class) = around.and_then(class_in) {
            self.by_class_around.entry(class.to_owned()).or_default()
        } else {
            &mut self.for_all
        };
        list.push(index);
    }

    /// The rules that an element may fit, in order.
    fn candidates(&self, element: Node<'_, '_>) -> Vec<usize> {
        let classes = |node: Node<'_, '_>, lists: &HashMap<String, Vec<usize>>| {
            let classes = node.attribute("class").unwrap_or_default().split_whitespace();
            classes.filter_map(|class| lists.get(class)).flatten().copied().collect::<Vec<_>>()
        };
        let mut found = self.for_all.clone();
        found.extend(classes(element, &self.by_class));
        let around = element.parent_element();
        found.extend(
            around.map(|around| classes(around, &self.by_class_around)).unwrap_or_default(),
        );
        found.extend(self.by_name.get(element.tag_name().name()).into_iter().flatten());
        found.sort_unstable();
        found.dedup();
        found
    }

    /// The properties of an element: its attributes, then the rules, then its own style, and last
    /// what is important (CSS 2.1, §6.4).
    pub fn of_element(&self, element: Node<'s, '_>) -> Properties<'s> {
        let mut properties = Properties::default();
        for attribute in element.attributes() {
            if attribute.namespace().is_none() {
                properties.set(attribute.name(), attribute.value());
            }
        }
        let mut important: Vec<Declaration<'s>> = Vec::new();
        for index in self.candidates(element) {
            let rule = &self.sheet.rules[index];
            if !rule.selector.matches(&Styled(element)) {
                continue;
            }
            for declaration in &rule.declarations {
                if declaration.important {
                    important.push(*declaration);
                } else {
                    properties.set(declaration.name, declaration.value);
                }
            }
        }
        let own = element.attribute("style").unwrap_or_default();
        // simplecss ends at an empty declaration before the first one.
        for declaration in DeclarationTokenizer::from(own.trim_start_matches([';', ' '])) {
            if declaration.important {
                important.push(declaration);
            } else {
                properties.set(declaration.name, declaration.value);
            }
        }
        for declaration in important {
            properties.set(declaration.name, declaration.value);
        }
        properties.sort();
        properties
    }
}

/// The class in a part of a selector.
fn class_in(part: &str) -> Option<&str> {
    part.split_once("[class~='")?.1.split('\'').next()
}

/// An element, for selectors.
struct Styled<'a, 'i>(Node<'a, 'i>);

impl simplecss::Element for Styled<'_, '_> {
    fn parent_element(&self) -> Option<Self> {
        self.0.parent_element().map(Styled)
    }

    fn prev_sibling_element(&self) -> Option<Self> {
        self.0.prev_sibling_element().map(Styled)
    }

    fn has_local_name(&self, name: &str) -> bool {
        self.0.tag_name().name() == name
    }

    fn attribute_matches(&self, name: &str, operator: AttributeOperator<'_>) -> bool {
        self.0.attribute(name).is_some_and(|value| operator.matches(value))
    }

    fn pseudo_class_matches(&self, class: PseudoClass<'_>) -> bool {
        matches!(class, PseudoClass::FirstChild) && self.0.prev_sibling_element().is_none()
    }
}
