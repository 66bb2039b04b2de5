//! Style sheets and attributes of an SVG → the properties of each of its elements.
//!
//! Must not know: colours, how an element is written.

use roxmltree::{Document, Node};
use simplecss::{AttributeOperator, Declaration, DeclarationTokenizer, PseudoClass, StyleSheet};

/// The properties that are kept, which are attributes in SVG too (SVG 2, §6.6). Those that elements
/// inherit have their initial value beside them.
const PROPERTIES: [(&str, Option<&str>); 23] = [
    ("alignment-baseline", None),
    ("display", None),
    ("dominant-baseline", Some("auto")),
    ("fill", Some("var(--diagram-text)")),
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
    fn of(name: &str) -> Option<Self> {
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

/// The rules of a drawing's style sheets.
pub(super) struct Styles<'s> {
    sheet: StyleSheet<'s>,
}

impl<'s> Styles<'s> {
    /// The rules of all style sheets in a document, those that are more specific last.
    pub fn of(document: &'s Document<'_>) -> Self {
        let mut sheet = StyleSheet::new();
        let elements = document.descendants().filter(|node| node.has_tag_name("style"));
        elements.filter_map(|node| node.text()).for_each(|text| sheet.parse_more(text));
        Self { sheet }
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
        for rule in &self.sheet.rules {
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
        for declaration in DeclarationTokenizer::from(own) {
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
