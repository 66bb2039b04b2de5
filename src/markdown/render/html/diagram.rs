//! Diagrams → their drawings, with their source behind a button.
//!
//! Must not know: how a diagram is drawn.

use super::{HtmlWriter, Resolver};
use crate::diagram::{Diagram, Picture};
use crate::escape::{escape_into, write_attribute};

impl<R: Resolver> HtmlWriter<'_, R> {
    /// A code block that is drawn, by its index.
    pub(super) fn diagram(&mut self, index: usize, diagram: &Diagram) {
        let code = &self.parsed.codes[index];
        self.block("<figure class=\"diagram\">");
        if let Some(file) = &code.file {
            self.push("<figcaption>");
            escape_into(&mut self.out, file);
            self.push("</figcaption>");
        }
        // Each drawing has ids of its own, also where several notes are on one page.
        let prefix = format!("{}diagram:{index}:", self.options.id_prefix);
        match diagram.picture {
            Some(_) => self.push("<img"),
            None => self.push("<svg role=\"graphics-document\""),
        }
        let heading = self.heading.and_then(|heading| self.parsed.outline.get(heading));
        let heading = heading.map(|heading| &heading.text).filter(|text| !text.is_empty());
        let label = diagram.title.as_ref().or(heading).unwrap_or(&code.block.language);
        let name = if diagram.picture.is_some() { "alt" } else { "aria-label" };
        write_attribute(&mut self.out, name, label);
        if diagram.description.is_some() {
            write_attribute(&mut self.out, "aria-describedby", &format!("{prefix}text"));
        }
        match &diagram.picture {
            Some(picture) => self.picture(picture),
            None => diagram.write(&mut self.out, &prefix, |out, link| {
                self.resolver.diagram_link(out, link);
            }),
        }
        if let Some(description) = &diagram.description {
            self.push("<p hidden");
            write_attribute(&mut self.out, "id", &format!("{prefix}text"));
            self.push(">");
            escape_into(&mut self.out, description);
            self.push("</p>");
        }
        self.push("<details><summary>");
        escape_into(&mut self.out, self.resolver.diagram_source(&code.block.language));
        self.push("</summary><pre><code>");
        self.resolver.code(&mut self.out, index);
        self.push("</code></pre></details></figure>\n");
    }

    /// The element `img`, from behind the attributes that depend on the page.
    fn picture(&mut self, picture: &Picture) {
        write_attribute(&mut self.out, "width", &picture.width.to_string());
        write_attribute(&mut self.out, "height", &picture.height.to_string());
        self.push(" src=\"data:image/png;base64,");
        escape_into(&mut self.out, &picture.base64);
        self.push("\">");
    }
}
