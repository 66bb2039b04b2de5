// Enhancements of a page that also works without them: preferences, tools for code, tables, tabs and images, links to
// sections, keyboard shortcuts.
"use strict";
(() => {
  const words = notes.words;
  const folder = document.currentScript.src.replace(/[^/]*$/, "");
  const make = (name, properties, ...children) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  };
  const button = (text, work, properties) => {
    const made = make("button", { type: "button", textContent: text, ...properties });
    made.addEventListener("click", work);
    return made;
  };

  // A short-lived message, on the page and for screen readers.
  const status = make("p", { className: "status" });
  status.setAttribute("role", "status");
  document.body.append(status);
  let silence = 0;
  const say = (text) => {
    status.textContent = text;
    clearTimeout(silence);
    silence = setTimeout(() => { status.textContent = ""; }, 1600);
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
    say(words.copied);
  };

  notes.say = say;

  // The scripts of the search are loaded when the reader is about to search, or arrives from a result.
  const form = document.querySelector("body > .top > .search");
  const loadScript = (name) => document.head.append(make("script", { src: folder + name, async: false }));
  const withSearch = () => {
    if (notes.isSearching) return;
    notes.isSearching = true;
    ["search.js", "searchbox.js"].forEach(loadScript);
  };
  const field = form ? form.elements.q : document.querySelector("main > .search input");
  if (form) {
    field.addEventListener("focus", withSearch);
    if (field === document.activeElement || new URL(location).searchParams.has("q")) withSearch();
  }

  // Preferences.
  const choices = {
    scheme: ["system", "light", "sepia", "dark"],
    size: ["small", "medium", "large", "largest"],
    font: ["sans", "serif"],
  };
  const key = `notes-preferences:${new URL("..", folder).pathname}`;
  const usual = { scheme: "system", size: "medium", font: "sans" };
  const chosen = { ...document.documentElement.dataset };
  const choose = (name, value) => {
    if (value === usual[name]) delete chosen[name]; else chosen[name] = value;
    if (chosen[name]) document.documentElement.dataset[name] = value;
    else delete document.documentElement.dataset[name];
    try { localStorage.setItem(key, JSON.stringify(chosen)); } catch { /* no storage: for this page only */ }
  };
  const group = (name) => {
    const options = choices[name].map((value) => {
      const input = make("input", { type: "radio", name, value });
      input.checked = (chosen[name] || usual[name]) === value;
      input.addEventListener("change", () => choose(name, value));
      return make("label", {}, input, make("span", { textContent: words[value] }));
    });
    return make("fieldset", {}, make("legend", { textContent: words[name] }), ...options);
  };
  const preferences = make("form", { hidden: true, id: "page:preferences" }, ...Object.keys(choices).map(group));
  const toggle = button("Aa", () => showPreferences(preferences.hidden), { title: words.preferences });
  const showPreferences = (isShown) => {
    preferences.hidden = !isShown;
    toggle.setAttribute("aria-expanded", isShown);
    if (isShown) preferences.querySelector("input:checked").focus();
  };
  toggle.setAttribute("aria-label", words.preferences);
  toggle.setAttribute("aria-controls", "page:preferences");
  toggle.setAttribute("aria-expanded", "false");
  const menu = make("div", { className: "preferences" }, toggle, preferences);
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !preferences.hidden) { showPreferences(false); toggle.focus(); }
  });
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) showPreferences(false);
  });
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) showPreferences(false);
  });
  const top = document.querySelector("body > .top");
  const repository = top.querySelector(":scope > .repository");
  if (repository) repository.before(menu); else top.append(menu);

  // Elements that scroll inside themselves can be focused with the keyboard while they scroll.
  const scrolls = (element) =>
    element.scrollWidth > element.clientWidth || element.scrollHeight > element.clientHeight;
  const names = new WeakMap();
  const named = { blocks: 0, tables: 0, formulas: 0, diagrams: 0 };
  const reach = (element) => {
    const attributes = { tabindex: "0", role: "region", "aria-label": names.get(element) };
    for (const [name, value] of Object.entries(attributes)) {
      if (scrolls(element)) element.setAttribute(name, value); else element.removeAttribute(name);
    }
  };
  const sizes = new ResizeObserver((entries) => entries.forEach((entry) => reach(entry.target)));

  // Code.
  const equipBlock = (block) => {
    const frame = block.parentElement;
    if (!frame.matches("figure.code")) return;
    const tools = make("div", { className: "code-tools" });
    if (block.scrollWidth > block.clientWidth) {
      const wrap = button(words.wrap, () => {
        wrap.setAttribute("aria-pressed", block.classList.toggle("wrap"));
        reach(block);
      });
      wrap.setAttribute("aria-pressed", "false");
      tools.append(wrap);
    }
    tools.append(button(words.copy, () => copy(block.textContent.replace(/\n$/, ""))));
    frame.prepend(tools);
  };

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

  // Links to sections.
  const equipHeading = (heading) => {
    if (!heading.id || !heading.textContent.trim()) return;
    const link = make("a", { className: "anchor", href: "#" + encodeURIComponent(heading.id), textContent: "#" });
    link.setAttribute("aria-label", `${words.link_here}: ${heading.textContent}`);
    link.addEventListener("click", () => copy(link.href));
    heading.append(link);
  };

  // Images.
  const failed = (image) => {
    const address = make("code", { textContent: image.currentSrc || image.src });
    // Uploaders write these if the writer gives no description.
    const isSaid = image.alt && !/^(default|image|img|alt|图片)$/i.test(image.alt);
    const text = isSaid ? image.alt : words.missing_image;
    const label = make("span", { className: "missing" }, text + " ", address);
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
    const measure = () => {
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
    if (image.complete && image.naturalWidth) measure(); else image.addEventListener("load", measure, { once: true });
  };

  // Scripts for what few pages have, by what it is found by.
  const rare = { tabs: "article .tabs", diagrams: "article .diagram" };
  const loading = new Set();
  const equipRare = (name) => {
    if (notes[name]) notes[name].equip();
    else if (!loading.has(name) && document.querySelector(rare[name])) {
      loading.add(name);
      loadScript(name + ".js");
    }
  };
  // Equips these elements and their descendants: first the whole page, later its new elements.
  const equip = (elements) => {
    const all = (selector) => elements.flatMap((element) => [
      ...(element.matches(selector) ? [element] : []), ...element.querySelectorAll(selector),
    ]);
    const blocks = all("article pre");
    for (const block of blocks) names.set(block, `${words.code_block} ${++named.blocks}`);
    const tables = all("article .table");
    for (const table of tables) names.set(table, `${words.table} ${++named.tables}`);
    const formulas = all("article .formula");
    for (const formula of formulas) names.set(formula, `${words.formula} ${++named.formulas}`);
    const diagrams = all("article .diagram");
    for (const diagram of diagrams) names.set(diagram, `${words.diagram} ${++named.diagrams}`);
    for (const element of [...blocks, ...tables, ...formulas, ...diagrams]) { reach(element); sizes.observe(element); }
    blocks.forEach(equipBlock);
    all("article :is(h2, h3, h4, h5, h6)[id]").forEach(equipHeading);
    all("article img").forEach(equipImage);
    Object.keys(rare).forEach(equipRare);
  };
  notes.enlarge = enlarge;
  notes.equip = equip;
  equip([document.body]);

  // Keyboard shortcuts. They do nothing while the reader types, and do not replace those of the browser.
  const keys = [
    ["/ / Ctrl K", words.search],
    ["?", words.key_help],
    ["Alt ← / Alt →", words.key_turn],
    ["c", words.key_contents],
    ["t", words.key_top],
    ["Esc", words.key_close],
  ];
  const list = make("dl", {}, ...keys.flatMap(([key, text]) => [
    make("dt", {}, ...key.split(" / ").flatMap((one, index) => [index ? " " : "", make("kbd", { textContent: one })])),
    make("dd", { textContent: text }),
  ]));
  const help = make("dialog", { className: "keys" },
    make("h2", { textContent: words.keys }), list, button(words.close, () => help.close()));
  document.body.append(help);
  const follow = (selector) => { const link = document.querySelector(selector); if (link) link.click(); };
  const search = () => { field.focus(); field.select(); };
  const isWriting = (target) =>
    target instanceof Element && target.closest("input:not([type=radio]), textarea, select, [contenteditable]");
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented) return;
    if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === "k") {
      event.preventDefault();
      search();
    }
    if (event.ctrlKey || event.metaKey || isWriting(event.target)) return;
    if (event.altKey) {
      const to = { ArrowLeft: "prev", ArrowRight: "next" }[event.key];
      if (to && !event.shiftKey) { event.preventDefault(); follow(`main > .turn > [rel="${to}"]`); }
      return;
    }
    if (event.key === "/") { event.preventDefault(); search(); }
    else if (event.key === "?") help.showModal();
    else if (event.key === "c") follow("body > .top > .contents");
    else if (event.key === "t") scrollTo({ top: 0 });
  });
})();
