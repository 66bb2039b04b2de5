// Diagrams enlarge. Without this script they are as wide as the text, or scroll.
"use strict";
(() => {
  const words = notes.words;
  const enlarge = (drawing) => {
    if (drawing.localName === "img") {
      notes.enlarge(Object.assign(document.createElement("img"), { src: drawing.src, alt: drawing.alt }));
      return;
    }
    const large = drawing.cloneNode(true);
    large.removeAttribute("aria-describedby");
    // References lead to the ids of the drawing itself, which stays on the page.
    for (const part of large.querySelectorAll("[id]")) part.removeAttribute("id");
    // As large as the window, and no smaller than its letters are meant to be.
    const { width, height } = drawing.viewBox.baseVal;
    const scale = Math.max(1, Math.min((innerWidth * .96) / width, (innerHeight * .94) / height));
    large.style.width = `${width * scale}px`;
    notes.enlarge(large);
  };
  const equip = (diagram) => {
    const drawing = diagram.querySelector(":scope > :is(svg, img)");
    const details = diagram.querySelector(":scope > details");
    if (!drawing || diagram.querySelector(":scope > .enlarge")) return;
    const button = Object.assign(document.createElement("button"), { className: "enlarge", type: "button" });
    button.textContent = words.enlarge_diagram;
    button.addEventListener("click", () => enlarge(drawing));
    diagram.insertBefore(button, details);
    // Images enlarge by a click everywhere.
    if (drawing.localName === "img") return;
    drawing.addEventListener("click", (event) => {
      // The end of a selection is a click too.
      if (!event.target.closest("a") && getSelection().isCollapsed) enlarge(drawing);
    });
  };
  notes.diagrams = { equip: () => document.querySelectorAll("article .diagram").forEach(equip) };
  notes.diagrams.equip();
})();
