// The pages of links: filters all links of the notes by part, type, site and year. The links come from library.js, so
// that the filter applies to all pages of the list.
"use strict";
(() => {
  const words = notes.words;
  const folder = document.currentScript.src.replace(/[^/]*$/, "");
  const root = new URL("..", folder);
  const status = document.querySelector("main > [role=status]");
  const plain = document.querySelector("main > .library");
  if (!status || !plain) return;
  const total = status.textContent;
  // Number of links shown at once.
  const portion = 300;

  const make = (name, properties, ...children) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  };
  const link = (text, address, rel) => {
    const made = make("a", { textContent: text, href: new URL(address, root).href });
    if (rel) made.rel = rel;
    return made;
  };
  const filled = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  const number = (count) => count.toLocaleString("en");

  // The filters, each with the values of a link.
  const facets = [
    { name: "filter_part", of: ([, , , , , places]) => [...new Set(places.map(([, , , part]) => part))] },
    { name: "filter_kind", of: ([, , , kind]) => [kind], text: (kind) => words[`kind_${kind}`] },
    { name: "filter_host", of: ([, , host]) => [host], order: "count" },
    { name: "filter_year", of: ([, , , , year]) => [year ? String(year) : ""], order: "down" },
  ];
  const options = (links, { of, order, text }) => {
    const counts = new Map();
    for (const value of links.flatMap(of)) if (value) counts.set(value, (counts.get(value) || 0) + 1);
    const values = [...counts.keys()];
    if (order === "count") values.sort((a, b) => counts.get(b) - counts.get(a) || (a < b ? -1 : 1));
    if (order === "down") values.sort().reverse();
    const option = (value) =>
      make("option", { value, textContent: `${text ? text(value) : value} (${number(counts.get(value))})` });
    return [make("option", { value: "", textContent: words.more }), ...values.map(option)];
  };

  const grouped = (entries, keyOf) => {
    const groups = new Map();
    for (const entry of entries) {
      const key = keyOf(entry);
      if (groups.has(key)) groups.get(key).push(entry); else groups.set(key, [entry]);
    }
    return groups;
  };
  const placeOf = (group) => ([address, page, heading]) =>
    link(page === group ? heading || page : heading ? `${page} › ${heading}` : page, address);
  const itemOf = (group, [url, title, host, kind, year, places]) => {
    const facts = make("p", {});
    const fact = (name, text) => facts.append(make(name, { textContent: text }), " ");
    if (kind) fact("b", words[`kind_${kind}`]);
    if (year) fact("span", year);
    if (title !== host) fact("span", host);
    for (const place of places.slice(0, 4)) facts.append(placeOf(group)(place), " ");
    const item = make("li", {}, link(title, url, "external"), facts);
    if (places.length > 4) {
      const rest = make("p", {}, ...places.slice(4).flatMap((place) => [placeOf("")(place), " "]));
      const summary = make("summary", { textContent: filled(words.places, { count: number(places.length - 4) }) });
      item.append(make("details", {}, summary, rest));
    }
    return item;
  };
  // A link is shown at its first place in the chosen part.
  const groupOf = ([, , , , , places], part) => places.find((place) => !part || place[3] === part);
  const list = (links, part) => {
    const section = make("section", {});
    const parts = grouped(links, (entry) => groupOf(entry, part)[3]);
    for (const [name, ofPart] of parts) {
      section.append(make("h2", { textContent: name }));
      const pages = grouped(ofPart, (entry) => groupOf(entry, part)[0].replace(/#.*/, ""));
      for (const [address, ofPage] of pages) {
        const page = groupOf(ofPage[0], part)[1];
        section.append(make("h3", {}, link(page, address)), make("ul", {}, ...ofPage.map((entry) => itemOf(page, entry))));
      }
    }
    return section;
  };

  const found = make("div", { className: "library", hidden: true });
  // The elements of the unfiltered list.
  const others = [plain, ...document.querySelectorAll("main > .turn, .columns > .outline")];
  // Shows these links; `part` is the chosen part, or none.
  const show = (links, part) => {
    found.replaceChildren(list(links.slice(0, portion), part));
    if (links.length <= portion) return;
    const more = make("button", { type: "button", textContent: `${words.more} (${number(links.length)})` });
    more.addEventListener("click", () => {
      const rest = list(links.slice(portion), part);
      more.replaceWith(rest);
      rest.querySelector("li > a").focus();
    });
    found.append(more);
  };

  // library.js calls notes.library with all links.
  notes.library = (links) => {
    const form = make("form", { className: "narrow" });
    form.setAttribute("aria-label", words.filter);
    const controls = facets.map((facet) => ({ facet, select: make("select", {}, ...options(links, facet)) }));
    // A value that all links have filters nothing.
    const useful = controls.filter(({ facet, select: { options: [, first] } }) =>
      first && links.some((entry) => !facet.of(entry).includes(first.value)));
    for (const { facet, select } of useful) form.append(make("label", {}, words[facet.name], select));
    const narrow = () => {
      const chosen = useful.filter(({ select }) => select.value);
      const isLeft = (entry) => chosen.every(({ facet, select }) => facet.of(entry).includes(select.value));
      const left = chosen.length ? links.filter(isLeft) : [];
      const part = chosen.find(({ facet }) => facet === facets[0]);
      for (const element of others) element.hidden = chosen.length > 0;
      found.hidden = chosen.length === 0;
      show(left, part && part.select.value);
      status.textContent = chosen.length
        ? filled(words.links_shown, { shown: number(left.length), count: number(links.length) }) : total;
    };
    form.addEventListener("change", narrow);
    form.addEventListener("submit", (event) => event.preventDefault());
    status.before(form);
    plain.after(found);
    // Browsers remember choices across reloads.
    narrow();
  };
  document.head.append(make("script", { src: notes.folder + "library.js" }));
})();
