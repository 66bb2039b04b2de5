//! The attributes of an element: its properties, its place, its references.
//!
//! Must not know: which elements are kept.

use roxmltree::Node;

use super::number::write_rounded;
use super::paint::Paint;
use super::style::Property;
use super::value::Value;
use super::{Cleaner, HoleKind, Surroundings, offset, reference_of};

impl<'d> Cleaner<'d> {
    /// Writes the properties of an element that are not those of the elements around it; gives
    /// those that it passes on, and its fill.
    pub(super) fn write_properties(
        &mut self,
        node: Node<'d, '_>,
        around: &Surroundings<'_, 'd>,
    ) -> (Vec<(Property, String)>, Paint<'d>) {
        let (mut set, mut fill) = (Vec::new(), around.fill);
        let Some(properties) = self.properties.remove(&node.id()) else { return (set, fill) };
        for (property, value) in properties.iter() {
            let Some(value) = Value::of(property.name(), value) else { continue };
            if let ("fill", Value::Paint(paint)) = (property.name(), &value) {
                fill = *paint;
            }
            if property.initial().is_some() {
                let known = value.known();
                if around.value(property) == Some(&known) {
                    continue;
                }
                set.push((property, known));
            }
            self.diagram.svg.extend([" ", property.name(), "=\""]);
            self.write_value(&value);
            self.diagram.svg.push('"');
        }
        (set, fill)
    }

    fn write_value(&mut self, value: &Value<'_>) {
        match value {
            Value::Paint(Paint::Element(id))
            | Value::Line(Paint::Element(id))
            | Value::Element(id) => {
                let Some(number) = self.numbers.get(id).copied() else { return };
                self.diagram.svg.push_str("url(#");
                self.write_id(number);
                self.diagram.svg.push(')');
            }
            Value::Paint(paint) => self.diagram.svg.push_str(&paint.value()),
            Value::Line(paint) => self.diagram.svg.push_str(&paint.line_value()),
            Value::Other(text) => write_rounded(&mut self.diagram.svg, text),
        }
    }

    /// Writes the colour of a text on a shape that the writer coloured, for the scheme's might not
    /// be readable there.
    pub(super) fn write_text_colour(&mut self, name: &str, frame: &Surroundings<'_, 'd>) {
        let Some(colour) = frame.text_colour.filter(|_| name == "text") else { return };
        let is_own = frame.set.iter().any(|(property, _)| property.name() == "fill");
        if !is_own && matches!(frame.fill, Paint::Named(..)) {
            self.diagram.svg.extend([" fill=\"", colour, "\""]);
        }
    }

    /// Writes an attribute that places an element.
    pub(super) fn write_geometry(&mut self, name: &str, value: &str) {
        // Numbers, units and the words of transformations and paths.
        let is_plain = |c: char| c.is_ascii_alphanumeric() || " \n\r\t,.+-()%".contains(c);
        let is_number =
            !value.trim().is_empty() && !["NaN", "inf"].iter().any(|word| value.contains(word));
        if !is_number || !value.chars().all(is_plain) {
            return;
        }
        self.diagram.svg.extend([" ", name, "=\""]);
        write_rounded(&mut self.diagram.svg, value.trim());
        self.diagram.svg.push('"');
    }

    /// Writes where a link or a copy of a shape leads.
    pub(super) fn write_reference(&mut self, name: &str, node: Node<'d, '_>) {
        let Some(reference) = reference_of(node) else { return };
        match name {
            "a" => {
                let link = offset(self.diagram.links.len());
                self.diagram.links.push(reference.trim().to_owned());
                self.hole(HoleKind::Link(link));
            }
            "use" => {
                let id = reference.strip_prefix('#');
                let Some(number) = id.and_then(|id| self.numbers.get(id)).copied() else { return };
                self.diagram.svg.push_str(" href=\"#");
                self.write_id(number);
                self.diagram.svg.push('"');
            }
            _ => {}
        }
    }
}
