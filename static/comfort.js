// Enhancements of the frame of a page, which also works without them: messages, the search, preferences, keyboard
// shortcuts, the page that was read last. First of the scripts that use what it adds to `notes`.
"use strict";
(() => {
  const words = notes.words;
  const folder = document.currentScript.src.replace(/[^/]*$/, "");
  const version = new URL(document.currentScript.src).search;
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
  const loadScript = (name) => document.head.append(make("script", { src: folder + name + version, async: false }));
  // From a disk a page in the frame of another tells what it says (see preview.js), and is not read: it keeps nothing. To
  // other sites it says nothing.
  const isPreview = location.protocol === "file:" && parent !== window && location.search === "?preview";
  Object.assign(notes, { say, make, button, loadScript, isPreview });

  // The script of previews is loaded when the reader points at a link; it goes on with that one.
  const previewed = "article a[href], .mentions a[href]";
  const withPreviews = (event) => {
    const link = event.pointerType !== "touch" && event.target instanceof Element && event.target.closest(previewed);
    if (!link || event.type === "focusin" && !link.matches(":focus-visible")) return;
    for (const kind of ["pointerover", "focusin"]) document.removeEventListener(kind, withPreviews);
    notes.pointed = link;
    loadScript("preview.js");
  };
  if (isPreview) loadScript("preview.js");
  else for (const kind of ["pointerover", "focusin"]) document.addEventListener(kind, withPreviews);

  // A site without a worker lets the one of before go.
  const hadWorker = () => {
    const { controller } = navigator.serviceWorker || {}, { href, pathname } = new URL("../offline.js", folder);
    try { if (localStorage.getItem(`notes-worker:${pathname}`)) return true; } catch { /* no storage: no mark */ }
    return controller && controller.scriptURL === href;
  };
  if (!document.querySelector("script[data-worker]") && hadWorker()) loadScript("offline.js");

  // The scripts of the search are loaded when the reader is about to search, or arrives from a result.
  const form = document.querySelector("body > .top > .search");
  const withSearch = () => {
    if (notes.isSearching) return;
    notes.isSearching = true;
    ["search.js", "searchbox.js"].forEach(loadScript);
  };
  const field = form ? form.elements.q : document.querySelector("main > .search input");
  if (form) {
    const name = /Mac|iPhone|iPad/.test(navigator.platform) ? "⌘K" : "Ctrl K";
    const hint = make("kbd", { textContent: name });
    hint.setAttribute("aria-hidden", "true");
    form.append(hint);
    field.addEventListener("focus", withSearch);
    if (field === document.activeElement || new URL(location).searchParams.has("q")) withSearch();
  }

  // On the page for addresses that lead nowhere: the name of the file is a good guess for its title.
  const lost = document.querySelector("main > .lost > input");
  if (lost) {
    const last = location.pathname.split("/").filter(Boolean).pop() || "";
    try { lost.value = decodeURIComponent(last).replace(/\.\w+$/, "").replace(/[-_+]+/g, " "); } catch { /* left empty */ }
  }

  // Preferences.
  const choices = {
    scheme: ["system", "light", "sepia", "dark"],
    size: ["small", "medium", "large", "largest"],
    font: ["sans", "serif"],
    keys: ["keys_on", "keys_off"],
  };
  const key = `notes-preferences:${new URL("..", folder).pathname}`;
  const usual = { scheme: "system", size: "medium", font: "sans", keys: "keys_on" };
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
  // The menu of languages closes as this one does.
  const languages = document.querySelector("body > .top > .languages");
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) showPreferences(false);
    if (languages && !languages.contains(event.target)) languages.open = false;
  });
  if (languages) {
    languages.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !languages.open) return;
      languages.open = false;
      languages.firstElementChild.focus();
    });
  }
  menu.addEventListener("focusout", (event) => {
    if (event.relatedTarget && !menu.contains(event.relatedTarget)) showPreferences(false);
  });
  const top = document.querySelector("body > .top");
  const repository = top && top.querySelector(":scope > .repository");
  if (repository) repository.before(menu); else if (top) top.append(menu);

  // Keyboard shortcuts. They do nothing while the reader types, and do not replace those of the browser.
  const keys = [
    ["Ctrl K / /", words.search],
    ["?", words.key_help],
    ["n / p", words.key_turn],
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
  const search = () => {
    if (!field) return;
    field.focus();
    field.select();
  };
  const isWriting = (target) =>
    target instanceof Element && target.closest("input:not([type=radio]), textarea, select, [contenteditable]");
  // One character each, so the reader can turn them off (WCAG 2.2, success criterion 2.1.4).
  const single = {
    "/": search,
    "?": () => help.showModal(),
    n: () => follow('main > .turn > [rel="next"]'),
    p: () => follow('main > .turn > [rel="prev"]'),
    c: () => follow("body > .top > .contents"),
    t: () => scrollTo({ top: 0 }),
  };
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.altKey) return;
    if (event.ctrlKey || event.metaKey) {
      if (!field || event.shiftKey || event.key.toLowerCase() !== "k") return;
      event.preventDefault();
      search();
    } else if (Object.hasOwn(single, event.key) && !chosen.keys && !isWriting(event.target)) {
      event.preventDefault();
      single[event.key]();
    }
  });

  // The page that this reader read last: the home page leads back to it. It is kept in this browser only.
  const site = new URL("..", folder);
  const place = `notes-read:${site.pathname}`;
  const recall = () => {
    try {
      const { title, to } = JSON.parse(localStorage.getItem(place));
      const address = new URL(to, site);
      return address.href.startsWith(site.href) && typeof title === "string" ? { title, address } : null;
    } catch { return null; }
  };
  const isOf = (...kinds) => kinds.some((kind) => document.body.classList.contains(kind));
  const heading = document.querySelector("main h1");
  if (heading && isOf("note", "folder") && !isPreview) {
    const title = heading.textContent;
    const to = location.href.slice(site.href.length).replace(/#.*/, "");
    try { localStorage.setItem(place, JSON.stringify({ title, to })); } catch { /* no storage: nothing is kept */ }
  }
  const begin = isOf("home") && document.querySelector("main .begin");
  const last = begin && recall();
  if (last) {
    const link = make("a", { href: last.address.href, title: last.title });
    link.append(make("small", { textContent: words.go_on }), " ", last.title);
    begin.append(link);
  }
})();
