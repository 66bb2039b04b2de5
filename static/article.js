// Tools for the text of a note, which is complete without them: code, tables, sections, formulas and images.
"use strict";
(() => {
  const { words, make, button } = notes;

  // Outlines of 24 × 24 units.
  const icons = {
    copy: "M9 9h11v11H9zM15 9V4H4v11h5",
    wrap: "M4 6h16M4 12h13a3 3 0 0 1 0 6h-5M14.5 15.5 12 18l2.5 2.5M4 18h4",
  };
  const drawn = (name) => {
    const namespace = "http://www.w3.org/2000/svg";
    const [picture, path] = ["svg", "path"].map((tag) => document.createElementNS(namespace, tag));
    const look = { viewBox: "0 0 24 24", fill: "none", stroke: "currentColor", "stroke-width": "2", "aria-hidden": "true" };
    for (const [attribute, value] of Object.entries(look)) picture.setAttribute(attribute, value);
    path.setAttribute("d", icons[name]);
    picture.append(path);
    return picture;
  };
  const tool = (name, text, work) => {
    const made = button("", work, { title: text });
    made.setAttribute("aria-label", text);
    made.append(drawn(name));
    return made;
  };

  const copy = async (text) => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // Scripts have no clipboard if it is not allowed or the page came without https: fall back to the old command.
      const area = make("textarea", { value: text });
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    notes.say(words.copied);
  };

  // The note as Markdown: copied where a script may read its file, which is not so from a disk; else shown.
  const markdown = document.querySelector(".origin [type='text/markdown']");
  if (markdown) {
    markdown.after(" ", button(words.copy_markdown, async () => {
      try {
        const answer = await fetch(markdown.href);
        if (!answer.ok) throw answer;
        copy(await answer.text());
      } catch { location = markdown.href; }
    }));
  }

  // Code.
  const equipBlock = (block, isWide) => {
    const frame = block.parentElement;
    if (!frame.matches("figure.code") || frame.querySelector(":scope > .code-tools")) return;
    const tools = make("div", { className: "code-tools" });
    if (isWide) {
      const wrap = tool("wrap", words.wrap, () => {
        wrap.setAttribute("aria-pressed", block.classList.toggle("wrap"));
      });
      wrap.setAttribute("aria-pressed", "false");
      tools.append(wrap);
    }
    tools.append(tool("copy", words.copy, () => copy(block.textContent.replace(/\n$/, ""))));
    frame.prepend(tools);
  };

  // Elements that scroll inside themselves can be focused with the keyboard while they scroll. All are measured before
  // anything is written: to measure after a change lays the page out again, on a page of many blocks half a second.
  const names = new WeakMap();
  const named = { code_block: 0, table: 0, formula: 0, diagram: 0 };
  const reach = (element, scrolls) => {
    const attributes = { tabindex: "0", role: "group", "aria-label": names.get(element) };
    for (const [name, value] of Object.entries(attributes)) {
      if (scrolls) element.setAttribute(name, value); else element.removeAttribute(name);
    }
  };
  const measure = (element) => {
    const isWide = element.scrollWidth > element.clientWidth;
    return { element, isWide, scrolls: isWide || element.scrollHeight > element.clientHeight };
  };
  const sizes = new ResizeObserver((entries) => {
    for (const { element, isWide, scrolls } of entries.map((entry) => measure(entry.target))) {
      reach(element, scrolls);
      if (element.matches("pre")) equipBlock(element, isWide);
    }
  });

  // A formula is copied as its source, in the lines of text that are selected with it.
  const dollars = (formula) => {
    const mark = formula.getAttribute("display") === "block" ? "$$" : "$";
    return mark + formula.getAttribute("alttext") + mark;
  };
  document.addEventListener("copy", (event) => {
    const selection = getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return;
    const range = selection.getRangeAt(0);
    const around = range.commonAncestorContainer;
    const within = (around instanceof Element ? around : around.parentElement).closest("math[alttext]");
    const copied = make("div", {}, within ? within.cloneNode(true) : range.cloneContents());
    const formulas = copied.querySelectorAll("math[alttext]");
    if (!formulas.length) return;
    for (const formula of formulas) formula.replaceWith(dollars(formula));
    // The text of an element has its line breaks while it is on the page.
    copied.style.position = "fixed";
    document.body.append(copied);
    event.clipboardData.setData("text/plain", copied.innerText);
    copied.remove();
    event.preventDefault();
  });

  // Links to sections, for the mouse and for touch: they are no part of the heading's name, and the outline has the same
  // addresses for the keyboard.
  const equipHeading = (heading) => {
    if (!heading.id || !heading.textContent.trim()) return;
    const link = make("a", {
      className: "anchor", href: "#" + encodeURIComponent(heading.id), textContent: "#", tabIndex: -1,
      title: words.link_here,
    });
    link.setAttribute("aria-hidden", "true");
    link.addEventListener("click", () => copy(link.href));
    heading.append(link);
  };

  // Images.
  const nameOf = (image) => {
    const url = new URL(image.currentSrc || image.src, location);
    const last = url.pathname.split("/").pop();
    let file = last;
    try { file = decodeURIComponent(last); } catch { /* as it is written */ }
    return [url.host, file].filter(Boolean).join(" › ");
  };
  // In a line of text, the description takes the place of the image; one by itself is named by host and file too.
  const failed = (image) => {
    // Uploaders write these if the writer gives no description.
    const isSaid = image.alt && !/^(default|image(\.png)?|img|logo|alt|图片)$/i.test(image.alt);
    const figure = image.closest("figure");
    const isCaptioned = figure && figure.querySelector("figcaption");
    const text = isSaid && !isCaptioned ? image.alt : words.missing_image;
    const label = make("span", { className: "missing" }, isSaid && !figure ? image.alt : `${text} `);
    if (figure) label.append(make("small", { textContent: nameOf(image) }));
    else label.title = nameOf(image);
    image.replaceWith(label);
  };
  const viewer = make("dialog", { className: "image" });
  viewer.setAttribute("aria-label", words.enlarge);
  viewer.addEventListener("click", () => viewer.close());
  viewer.addEventListener("close", () => viewer.replaceChildren());
  document.body.append(viewer);
  const enlarge = (picture) => {
    viewer.replaceChildren(picture);
    viewer.showModal();
  };
  const enlargeImage = (image) => enlarge(make("img", { src: image.currentSrc || image.src, alt: image.alt }));
  const equipImage = (image) => {
    if (image.complete && image.src && !image.naturalWidth && image.loading !== "lazy") failed(image);
    image.addEventListener("error", () => failed(image));
    const enlarges = () => image.naturalWidth > image.clientWidth * 1.1 || image.naturalWidth > 300;
    if (image.closest("a")) return;
    const offer = () => {
      if (!enlarges()) return;
      image.classList.add("enlarges");
      image.tabIndex = 0;
      image.setAttribute("role", "button");
      image.setAttribute("aria-label", `${words.enlarge}: ${image.alt}`);
      image.addEventListener("click", () => enlargeImage(image));
      image.addEventListener("keydown", (event) => {
        if (event.key === "Enter" || event.key === " ") { event.preventDefault(); enlargeImage(image); }
      });
    };
    if (image.complete && image.naturalWidth) offer(); else image.addEventListener("load", offer, { once: true });
  };

  // Scripts for what few pages have, by what it is found by.
  const rare = { tabs: "article .tabs", diagrams: "article .diagram" };
  const loading = new Set();
  const equipRare = (name) => {
    if (notes[name]) notes[name].equip();
    else if (!loading.has(name) && document.querySelector(rare[name])) {
      loading.add(name);
      notes.loadScript(name + ".js");
    }
  };
  // Equips these elements and their descendants: first the whole page, later its new elements.
  const equip = (elements) => {
    const all = (selector) => elements.flatMap((element) => [
      ...(element.matches(selector) ? [element] : []), ...element.querySelectorAll(selector),
    ]);
    const scrollable = {
      code_block: "article pre", table: "article .table", formula: "article .formula", diagram: "article .diagram",
    };
    for (const [kind, selector] of Object.entries(scrollable)) {
      for (const element of all(selector)) {
        names.set(element, `${words[kind]} ${++named[kind]}`);
        sizes.observe(element);
      }
    }
    all("article :is(h2, h3, h4, h5, h6)[id]").forEach(equipHeading);
    all("article img").forEach(equipImage);
    Object.keys(rare).forEach(equipRare);
  };
  notes.enlarge = enlarge;
  notes.equip = equip;
  equip([document.body]);
})();
