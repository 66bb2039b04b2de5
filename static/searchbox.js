// The interface of the search: the box in the top bar with its list of results (a combobox with a listbox, WAI-ARIA
// APG), the page of results, and the highlights on the page that a result opens.
"use strict";
(() => {
  const words = notes.words;
  const finder = notes.finder;
  const make = (name, properties, ...children) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  };
  const say = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => name in values ? values[name].toLocaleString() : whole);
  const counts = (name, count) => say(words[count === 1 ? `${name}_one` : name], { count });
  const written = (parts) => parts.map(([text, isMarked]) => isMarked ? make("mark", { textContent: text }) : text);
  const marked = (text, looked) => written(finder.marked(text, looked));
  // The address of a result, with the query to highlight.
  const address = (found, section, typed) => {
    const url = new URL(found.page, found.root);
    url.searchParams.set("q", typed);
    if (section.anchor) url.hash = encodeURIComponent(section.anchor);
    return url.href;
  };
  const counted = (search, shown) => {
    if (!search.words.length) return "";
    const count = Math.max(search.total, shown);
    if (!count) return words.found_none;
    return counts(search.isLinks ? "links_count" : search.isCounted() ? "found" : "found_least", count);
  };
  // Sites elsewhere whose pages are missing, in words.
  const showAbsent = (place, search) => {
    const lines = search.absent().map(([reason, titles]) =>
      make("span", { textContent: say(words[`sites_${reason}`], { names: titles.join(words.sites_between) }) }));
    place.replaceChildren(...lines);
    place.hidden = !lines.length;
  };
  // An external link of the notes as a result.
  const linkResult = (link, search, properties) => {
    const facts = [link.kind && words[`kind_${link.kind}`], link.year, link.title === link.host ? "" : link.host].filter(Boolean);
    const entry = make("a", { href: link.url, rel: "external", className: "of-page", ...properties },
      make("strong", {}, ...marked(link.title, search.words)));
    if (facts.length) entry.append(make("span", { className: "snippet" }, facts.join(" · ")));
    return entry;
  };
  const linkHeading = (link) => {
    const [, page, heading] = link.places[0];
    return make("span", { className: "where" }, heading && heading !== page ? `${page} › ${heading}` : page);
  };
  // A section as a result: its heading, and the text around the match.
  const result = (found, section, search, typed, properties) => {
    const isPage = section.number === 0;
    const title = isPage ? found.title : section.heading || found.title;
    const entry = make("a", { href: address(found, section, typed), className: isPage ? "of-page" : "of-section", ...properties },
      make("strong", {}, ...marked(title, search.words)));
    const around = finder.snippet(section, search.words);
    if (around.length) entry.append(make("span", { className: "snippet" }, ...written(around)));
    return entry;
  };
  // The path to a result; the title of the page is already in its first section.
  const heading = (found) => {
    if (found.url) return linkHeading(found);
    const way = found.trail.join(" › ");
    if (!found.sections[0].number) return make("span", { className: "where" }, way);
    return make("span", { className: "where" }, way && `${way} › `, make("span", { textContent: found.title }));
  };
  const results = (found, search, typed, most, properties) => found.url ? [linkResult(found, search, properties())]
    : found.sections.slice(0, most).map((section) => result(found, section, search, typed, properties()));

  // True if a key belongs to an input method. In Safari the key that ends a composition comes after `compositionend`,
  // with the code of such keys alone (bugs.webkit.org/165004).
  const isOfInputMethod = (event) => event.isComposing || event.keyCode === 229;
  // Connects a field with `show(search, typed, isCurrent)`, which may stop when the query has changed.
  const attend = (field, scope, show, failed, isShown = () => true) => {
    let turn = 0;
    let wait = 0;
    const look = async () => {
      const mine = ++turn;
      const isCurrent = () => mine === turn;
      const typed = field.value;
      try {
        const { begin, part, tag } = scope();
        const search = await begin(typed, part, false, tag);
        if (isCurrent()) await show(search, typed, isCurrent);
      } catch (error) {
        if (await finder.renew()) { if (isCurrent()) look(); return; }
        console.warn(error);
        if (isCurrent()) failed();
      }
    };
    const soon = () => {
      clearTimeout(wait);
      // A single letter matches many words, and another letter is likely to follow.
      wait = setTimeout(look, /^\s*[a-z0-9]\s*$/i.test(field.value) ? 250 : 10);
    };
    field.addEventListener("input", (event) => { if (!event.isComposing) soon(); });
    field.addEventListener("compositionend", soon);
    // Letters of an input method are no query yet.
    let isComposing = false;
    field.addEventListener("compositionstart", () => { isComposing = true; });
    field.addEventListener("compositionend", () => { isComposing = false; });
    finder.onChange(() => { if (field.value && !isComposing && isShown()) look(); });
    return look;
  };
  // The scope of a search: notes or links, a part of the navigation or a site elsewhere if there are several, and a tag.
  const choice = (form, changed) => {
    const select = make("select", {}, make("option", { value: "", textContent: words.all_parts }));
    const label = make("label", { className: "part", hidden: true }, make("span", { textContent: words.in_part }), select);
    const params = new URL(location).searchParams;
    const tags = make("select", {}, make("option", { value: "", textContent: words.all_tags }));
    const tagLabel = make("label", { className: "part", hidden: true }, make("span", { textContent: words.tags }), tags);
    tags.addEventListener("change", changed);
    Promise.all([finder.parts(), finder.sites(), finder.tags()]).then(([parts, sites, allTags]) => {
      tags.append(...allTags.map((name) => make("option", { value: name, textContent: name })));
      tagLabel.hidden = !allTags.length;
      // A tag of an address may have another spelling, or be none of the commonest.
      const wanted = params.get("tag");
      if (wanted && allTags.length) {
        const isWanted = ({ value }) => value.toLowerCase() === wanted.toLowerCase();
        if (![...tags.options].some(isWanted)) tags.append(make("option", { value: wanted, textContent: wanted }));
        tags.value = [...tags.options].find(isWanted).value;
        changed();
      }
      const all = [...new Set(parts.map(([name]) => name).filter(Boolean))];
      // In a library the parts are its books, the one that is being read first.
      const here = form.dataset.book;
      const names = here && all.includes(here) ? [here, ...all.filter((name) => name !== here)] : all;
      select.append(...names.map((name) => make("option", { value: name, textContent: name })));
      if (sites.length) {
        select.prepend(select.firstElementChild, make("option", { value: finder.root, textContent: words.this_site }));
        const others = make("optgroup", { label: words.other_sites });
        others.append(...sites.map(([title, value]) => make("option", { value, textContent: title })));
        select.append(others);
      }
      label.hidden = names.length < 2 && !sites.length;
      fitOptions();
    }, () => { /* reported by the first search */ });
    select.addEventListener("change", changed);
    // The links of other sites are not known here.
    const fitOptions = () => {
      tags.disabled = begin === finder.beginLinks;
      const others = select.querySelector("optgroup");
      if (!others) return;
      others.disabled = begin === finder.beginLinks;
      if (others.disabled && others.contains(select.selectedOptions[0])) select.value = "";
    };
    const kinds = [[words.in_notes, finder.begin], [words.links, finder.beginLinks]];
    let begin = params.has("links") ? finder.beginLinks : finder.begin;
    const buttons = kinds.map(([textContent, of]) => {
      const button = make("button", { type: "button", textContent });
      button.setAttribute("aria-pressed", of === begin);
      button.addEventListener("click", () => {
        begin = of;
        fitOptions();
        buttons.forEach((other) => other.setAttribute("aria-pressed", other === button));
        changed();
      });
      return button;
    });
    const kind = make("span", { className: "kinds", hidden: !("links" in form.dataset) }, ...buttons);
    kind.setAttribute("role", "group");
    kind.setAttribute("aria-label", words.search);
    const scope = () => ({ begin, part: select.value || null, tag: tags.value || null });
    return { kind, filters: [label, tagLabel], scope, isLinks: () => begin === finder.beginLinks };
  };

  // A list of options that the keys walk through while the focus stays in the field.
  const listbox = (field) => {
    // Ids with a colon, so that no heading has them.
    const list = make("div", { id: "search:list" });
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", words.results);
    for (const [name, value] of Object.entries({
      role: "combobox", "aria-autocomplete": "list", "aria-controls": list.id, "aria-expanded": "false", "aria-haspopup": "listbox",
    })) field.setAttribute(name, value);
    let current = null;
    const options = () => [...list.querySelectorAll('[role="option"]')];
    const mark = (option) => {
      if (current) current.setAttribute("aria-selected", "false");
      current = option || null;
      if (current) {
        current.setAttribute("aria-selected", "true");
        field.setAttribute("aria-activedescendant", current.id);
        current.scrollIntoView({ block: "nearest" });
      } else field.removeAttribute("aria-activedescendant");
    };
    const step = (by) => {
      const entries = options();
      const at = entries.indexOf(current);
      // After the last option comes the field itself, then the first.
      mark(entries[at < 0 && by < 0 ? entries.length - 1 : at + by]);
    };
    return { list, options, mark, step, current: () => current };
  };
  // A page with its results as a group of options. `number` is that of the page, `first` that of its first option.
  const pageGroup = (found, search, typed, number, first) => {
    const name = make("div", { className: "where", id: `search:page:${number}` }, ...heading(found).childNodes);
    const some = results(found, search, typed, 3, () => ({ id: `search:${first++}`, tabIndex: -1 }));
    for (const option of some) {
      option.setAttribute("role", "option");
      option.setAttribute("aria-selected", "false");
    }
    const group = make("div", { className: "page" }, name, ...some);
    group.setAttribute("role", "group");
    group.setAttribute("aria-labelledby", name.id);
    return [group, first];
  };
  // The panel below the field of the search box.
  const panelOf = (form, field, changed) => {
    const status = make("p", { className: "count" });
    const missing = make("p", { className: "missing", hidden: true });
    for (const place of [status, missing]) place.setAttribute("role", "status");
    const box = listbox(field);
    const all = make("a", { className: "all", textContent: words.all_results });
    const where = choice(form, changed);
    const panel = make("div", { className: "panel", hidden: true },
      make("div", { className: "head" }, where.kind, ...where.filters, status), box.list, missing, all);
    const cancel = make("button", { type: "button", className: "cancel", textContent: words.cancel });
    cancel.addEventListener("click", () => { panel.hidden = true; cancel.blur(); });
    form.append(panel, cancel);
    const open = (isOpen) => {
      panel.hidden = !isOpen;
      field.setAttribute("aria-expanded", isOpen);
      if (!isOpen) box.mark(null);
    };
    return { ...box, status, missing, all, where, open, isOpen: () => !panel.hidden };
  };
  // The keys and clicks of the search box.
  const operate = (form, field, panel, look, shouldLook) => {
    field.addEventListener("keydown", (event) => {
      if (isOfInputMethod(event)) return;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step && !event.altKey && panel.options().length) {
        event.preventDefault();
        if (!panel.isOpen()) panel.open(true);
        panel.step(step);
      } else if (event.key === "Enter" && panel.current()) {
        event.preventDefault();
        panel.current().click();
      } else if (event.key === "Escape") {
        event.preventDefault();
        if (panel.isOpen()) panel.open(false); else if (field.value) { field.value = ""; look(); } else field.blur();
      }
    });
    field.addEventListener("focus", () => {
      if (!field.value) return;
      if (shouldLook() || !panel.list.childElementCount) look(); else panel.open(true);
    });
    form.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.defaultPrevented || isOfInputMethod(event) || !panel.isOpen()) return;
      panel.open(false);
      field.focus();
      panel.open(false);
    });
    panel.list.addEventListener("click", (event) => { if (event.target.closest("a")) panel.open(false); });
    form.addEventListener("submit", (event) => { if (!field.value.trim()) event.preventDefault(); });
    form.addEventListener("focusout", (event) => {
      if (event.relatedTarget && !form.contains(event.relatedTarget)) panel.open(false);
    });
    document.addEventListener("click", (event) => { if (!form.contains(event.target)) panel.open(false); });
  };
  // The search box.
  const box = () => {
    const form = document.querySelector("body > .top > .search");
    if (!form) return;
    const field = form.elements.q;
    const pages = 8;
    const panel = panelOf(form, field, () => look());
    const { list, status, all } = panel;
    let last = null;
    const show = async (search, typed, isCurrent) => {
      if (!search.words.length) { panel.open(false); list.replaceChildren(); status.textContent = ""; return; }
      const { tag } = panel.where.scope();
      all.href = `${form.action}?q=${encodeURIComponent(typed)}${panel.where.isLinks() ? "&links" : tag ? `&tag=${encodeURIComponent(tag)}` : ""}`;
      let shown = 0;
      let number = 0;
      // A search that is made again keeps the reader's place.
      const held = panel.current() && typed === last ? panel.current().href : null;
      last = typed;
      // The first result as soon as it is found, then the others.
      for (const count of [1, pages - 1]) {
        const groups = [];
        for (const found of await search.more(count)) {
          const [group, next] = pageGroup(found, search, typed, shown++, number);
          groups.push(group);
          number = next;
        }
        if (!isCurrent()) return;
        if (count === 1) { panel.mark(null); list.replaceChildren(...groups); } else list.append(...groups);
        all.hidden = !shown;
        list.hidden = !shown;
        panel.open(form.contains(document.activeElement));
        if (search.isDone()) break;
      }
      status.textContent = counted(search, shown);
      showAbsent(panel.missing, search);
      if (held) panel.mark(panel.options().find((option) => option.href === held));
    };
    const failed = () => {
      list.replaceChildren();
      list.hidden = all.hidden = panel.missing.hidden = true;
      panel.open(true);
      status.textContent = words.search_failed;
    };
    // A panel that the reader closed stays closed when a site elsewhere answers.
    let isStale = false;
    const isShown = () => { isStale = !panel.isOpen(); return !isStale; };
    const look = attend(field, panel.where.scope, show, failed, isShown);
    const shouldLook = () => {
      const was = isStale;
      isStale = false;
      return was;
    };
    operate(form, field, panel, look, shouldLook);
    // The reader may have typed before this script was loaded.
    if (field.value) look();
  };

  // The page of results.
  const page = () => {
    const form = document.querySelector("main > .search");
    if (!form) return;
    const field = form.elements.q;
    const status = document.querySelector("main > .count");
    const missing = document.querySelector("main > .missing");
    const place = document.getElementById("search:results");
    const where = choice(form, () => look());
    form.append(where.kind, ...where.filters);
    form.hidden = false;
    const step = 20;
    let limit = step;
    let last = null;
    const entry = (found, search, typed) => make("li", {}, heading(found),
      ...results(found, search, typed, Infinity, () => ({})));
    const show = async (search, typed, isCurrent) => {
      const url = new URL(location);
      if (typed) url.searchParams.set("q", typed); else url.searchParams.delete("q");
      const { tag } = where.scope();
      if (tag) url.searchParams.set("tag", tag); else url.searchParams.delete("tag");
      if (where.isLinks()) url.searchParams.set("links", ""); else url.searchParams.delete("links");
      try { history.replaceState(history.state, "", url); } catch { /* some browsers refuse it for files */ }
      place.setAttribute("aria-busy", "true");
      const list = make("ol", {});
      let shown = 0;
      // A search that is made again shows as many.
      if (typed !== last) limit = step;
      last = typed;
      const more = make("button", { type: "button", textContent: words.more_results });
      const focused = place.contains(document.activeElement) ? document.activeElement.href : null;
      const fill = async () => {
        const first = shown;
        while (shown < limit && !search.isDone()) {
          const found = await search.more(shown ? limit - shown : 1);
          if (!isCurrent()) return;
          if (!shown) place.replaceChildren(list, more);
          list.append(...found.map((one) => entry(one, search, typed)));
          shown += found.length;
        }
        if (!shown) place.replaceChildren();
        more.hidden = search.isDone();
        status.textContent = counted(search, shown);
        showAbsent(missing, search);
        place.dataset.total = search.total;
        place.setAttribute("aria-busy", "false");
        if (first && list.children[first]) list.children[first].querySelector("a").focus();
      };
      more.addEventListener("click", () => { limit += step; fill(); });
      await fill();
      const again = focused && [...list.querySelectorAll("a")].find((one) => one.href === focused);
      if (again) again.focus({ preventScroll: true });
    };
    const failed = () => {
      place.replaceChildren();
      missing.hidden = true;
      status.textContent = words.search_failed;
      place.setAttribute("aria-busy", "false");
    };
    const look = attend(field, where.scope, show, failed);
    field.value = new URL(location).searchParams.get("q") || "";
    form.addEventListener("submit", (event) => { event.preventDefault(); look(); });
    look();
  };

  // Highlights on the page that a result opens; Esc removes them.
  const inLine = new Set(("A ABBR B BDI BDO BIG CITE CODE DEL DFN EM FONT I INS KBD LABEL MARK Q RUBY S SAMP SMALL SPAN "
    + "STRIKE STRONG SUB SUP TT U VAR").split(" "));
  const lines = (article) => {
    const walker = document.createTreeWalker(article, NodeFilter.SHOW_TEXT);
    const found = [];
    let block = null;
    while (walker.nextNode()) {
      const node = walker.currentNode;
      let above = node.parentElement;
      if (above.closest("button, .anchor")) continue;
      while (inLine.has(above.tagName)) above = above.parentElement;
      if (above !== block) found.push([]);
      block = above;
      found.at(-1).push(node);
    }
    return found;
  };
  const wrap = (nodes, from, to) => {
    const marks = [];
    let start = 0;
    for (const node of nodes) {
      const [begin, end] = [Math.max(from - start, 0), Math.min(to - start, node.length)];
      start += node.length;
      if (begin >= end) continue;
      const range = document.createRange();
      range.setStart(node, begin);
      range.setEnd(node, end);
      marks.push([range, node]);
    }
    return marks;
  };
  // A fragment is whatever a link says: "100%" is not encoded.
  const decoded = (text) => {
    try { return decodeURIComponent(text); } catch { return text; }
  };
  const show = () => {
    const typed = new URL(location).searchParams.get("q");
    const article = document.querySelector("main article");
    if (!typed || !article) return;
    const looked = finder.parse(typed);
    const made = [];
    for (const nodes of lines(article)) {
      const text = nodes.map((node) => node.data).join("").replace(/\s/g, " ");
      const { folded, places } = finder.foldWithPlaces(text);
      const found = looked.flatMap((one) => [...finder.places(one, folded)].map(([at, end]) => [places[at], Math.max(places[end], places[at] + 1)]));
      found.sort((one, other) => one[0] - other[0]);
      let covered = 0;
      const apart = found.filter(([at, end]) => at >= covered && (covered = end));
      // From the end, so that earlier positions stay valid.
      for (const [at, end] of apart.reverse()) {
        for (const [range] of wrap(nodes, at, end).reverse()) {
          const mark = make("mark", { className: "found" });
          range.surroundContents(mark);
          made.push(mark);
        }
      }
    }
    if (!made.length) return;
    const target = location.hash && document.getElementById(decoded(location.hash.slice(1)));
    const isBehind = (mark) => !target || target.contains(mark) || target.compareDocumentPosition(mark) & Node.DOCUMENT_POSITION_FOLLOWING;
    const inOrder = [...article.querySelectorAll("mark.found")];
    const first = inOrder.find(isBehind) || inOrder[0];
    for (let above = first.closest("details"); above; above = above.parentElement.closest("details")) above.open = true;
    if (notes.tabs) notes.tabs.show(first);
    first.scrollIntoView({ block: "center" });
    notes.say(counts("marked", made.length));
    document.addEventListener("keydown", function clear(event) {
      if (event.key !== "Escape" || event.defaultPrevented || isOfInputMethod(event)) return;
      document.removeEventListener("keydown", clear);
      for (const mark of made) {
        const { parentNode } = mark;
        mark.replaceWith(...mark.childNodes);
        parentNode.normalize();
      }
      const url = new URL(location);
      url.searchParams.delete("q");
      try { history.replaceState(history.state, "", url); } catch { /* some browsers refuse it for files */ }
    });
  };

  box();
  page();
  show();
})();
