// The search engine: a query → pages, by the rules and in the order of src/search/. The index is split into files in
// search/ beside this script: a directory, postings and texts. Only the files that a query needs are loaded, as scripts,
// because that works from disk too. Pages are read in the order of the best rank that the index allows them, and
// returned once no remaining page can be better. Sites elsewhere are searched by the same code: federation.js loads the
// files of their indexes.
"use strict";
(() => {
  const folder = document.currentScript.src.replace(/[^/]*$/, "") + "search/";

  // Folds texts for comparison: see src/search/fold.rs.
  const simple = /^[\x00-\x7f\u3001\u3002\u3041-\u3096\u30a1-\u30fa\u30fc\u4e00-\u9fff]*$/;
  const apostrophes = /[\u2018\u2019\u201b\u02bc\u2032]/g;
  const dashes = /[\u2010-\u2015\u2212]/g;
  const fold = (text) => simple.test(text) ? text.toLowerCase()
    : text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").normalize("NFC").toLowerCase().replace(/ς/g, "σ")
      .replace(apostrophes, "'").replace(dashes, "-");
  const foldWithPlaces = (text) => {
    let folded = "";
    const places = [];
    for (const { 0: cluster, index } of text.matchAll(/[\s\S][\u0300-\u036f\u3099\u309a\uff9e\uff9f]*/gu)) {
      folded += fold(cluster);
      while (places.length < folded.length) places.push(index);
    }
    places.push(text.length);
    return { folded, places };
  };
  const ranges = "\\u1100-\\u11ff\\u2e80-\\u2fdf\\u3005-\\u3007\\u3021-\\u3029\\u3031-\\u3035\\u3038-\\u303c\\u3041-\\u309a"
    + "\\u309d-\\u309f\\u30a1-\\u30fa\\u30fc-\\u31bf\\u31f0-\\u31ff\\u3400-\\u4dbf\\u4e00-\\u9fff\\ua960-\\ua97f"
    + "\\uac00-\\ud7ff\\uf900-\\ufaff\\u{20000}-\\u{3fffd}";
  const word = `(?:(?![${ranges}])[\\p{Alphabetic}\\p{N}])`;
  const han = new RegExp(`^[${ranges}]`, "u");
  const letter = new RegExp(`^${word}`, "u");
  const isHan = (c) => han.test(c);
  const isWord = (c) => letter.test(c);
  const runs = new RegExp(`[${ranges}]+|[^\\s${ranges}]+`, "gu");
  const terms = new RegExp(`[${ranges}]+|${word}+|[^\\s]`, "gu");
  const before = (text, at) => {
    const c = text.charCodeAt(at - 1);
    return c >= 0xdc00 && c < 0xe000 ? text.slice(at - 2, at) : text.slice(Math.max(at - 1, 0), at);
  };
  const after = (text, at) => at < text.length ? String.fromCodePoint(text.codePointAt(at)) : "";

  // To a phrase, hyphens between letters and digits are blanks.
  const hyphens = new RegExp(`(${word})-(?=${word})`, "gu");
  const withoutHyphens = (text) => text.replace(hyphens, "$1 ");

  // Parses a query into words; those with `isWhole` must end at the end of a word.
  const parse = (typed) => {
    const words = [];
    const add = (text, isWhole, isPhrase) => {
      if (!text || words.some((one) => one.text === text && one.isWhole === isWhole && one.isPhrase === isPhrase)) return;
      const letters = [...text];
      words.push({ text, isWhole, isPhrase, begins: isWord(letters[0]), ends: isWord(letters.at(-1)) });
    };
    const seen = typed.replace(/[\u00ad\u200b-\u200f\u2060\ufeff]/g, "");
    const parts = fold(seen).replace(/[“”]/g, '"').split('"');
    parts.forEach((part, number) => {
      if (number % 2) add(withoutHyphens(part.split(/\s+/).filter(Boolean).join(" ")), number + 1 < parts.length, true);
      else for (const [run] of part.matchAll(runs)) add(run, false, false);
    });
    return words;
  };
  // The term of a tag: see src/search/tag.rs.
  const termOfTag = (tag) => `#${fold(tag).replaceAll(" ", "#")}`;
  // The places of a word: [from, to, true if a word ends there].
  const places = function* (one, written) {
    const text = one.isPhrase ? withoutHyphens(written) : written;
    for (let at = text.indexOf(one.text); at >= 0; at = text.indexOf(one.text, at + 1)) {
      const end = at + one.text.length;
      const isInside = one.begins && isWord(before(text, at));
      const goesOn = one.ends && isWord(after(text, end));
      if (!isInside && !(goesOn && one.isWhole)) yield [at, end, !goesOn];
    }
  };

  // Ranks: see src/search/rank.rs.
  const goesOnCosts = 4;
  const short = (text) => [6, 12, 24].filter((most) => text.length > most).length;
  const late = (at, limits) => limits.filter((limit) => at >= limit).length;
  const fieldsOf = (section) => {
    if (section.fields) return section.fields;
    const [title, heading, text, code] = section.texts.map(fold);
    const long = text.length >= 600 ? 1 : 0;
    section.fields = [
      { text: title, level: () => short(title) },
      { text: heading, level: () => 4 + short(heading) },
      { text, level: (at) => 8 + 2 * late(at, [60, 600]) + long },
      { text: code, level: (at) => 14 + late(at, [600]) },
    ];
    return section.fields;
  };
  const span = (found, count) => {
    found.sort((one, other) => one[0] - other[0] || one[1] - other[1]);
    const inside = new Array(count).fill(0);
    let [shortest, missing, first] = [Infinity, count, 0];
    for (const [end, number] of found) {
      if (!inside[number]++) missing--;
      while (!missing) {
        const [begin, gone] = found[first++];
        shortest = Math.min(shortest, end - begin);
        if (!--inside[gone]) missing++;
      }
    }
    return shortest;
  };
  const rankOf = (section, words) => {
    let sum = 0;
    const found = [];
    for (const [number, one] of words.entries()) {
      let [best, start, count] = [Infinity, 0, 0];
      for (const field of fieldsOf(section)) {
        for (const [at, , isWhole] of places(one, field.text)) {
          best = Math.min(best, field.level(at) + (isWhole ? 0 : goesOnCosts));
          if (count++ < 64) found.push([start + at, number]);
        }
        start += field.text.length + 1;
      }
      if (best === Infinity) return Infinity;
      sum += best;
    }
    return words.length > 1 ? sum + Math.min(7, 31 - Math.clz32(1 + (span(found, words.length) >> 3))) : sum;
  };

  // The directory of an index: see src/search/script.rs.
  const readIndex = (written) => {
    const split = (names) => names.match(/.{12}/g) || [];
    let next = 0;
    const index = {
      parts: written.parts,
      tags: written.tags || [],
      firsts: written.terms.split("\n"),
      postings: split(written.postings),
      groups: split(written.texts).map((name, number) => ({ name, first: (next += written.counts[number]) - written.counts[number] })),
      federation: written.federation || [],
      // The index of the sites elsewhere, as it was when this one was built.
      merged: written.merged,
    };
    index.pages = next;
    return index;
  };
  // This site: its files are scripts. Other sites have the same properties.
  const own = {
    root: new URL("../..", folder).href,
    index: null,
    asked: new Map(),
    fetchPiece: (name) => script(`${name}.js`).then(() => {
      const data = arrived.get(name);
      arrived.delete(name);
      return data;
    }),
  };
  let renewed = 0;
  const arrived = new Map();
  notes.index = (written) => {
    // What is known of other sites may have been published with the index that is replaced.
    others = null;
    own.index = readIndex(written);
  };
  notes.piece = (name, data) => arrived.set(name, data);
  const script = (file) => new Promise((resolve, reject) => {
    const element = document.createElement("script");
    element.src = folder + file;
    element.addEventListener("load", () => { element.remove(); resolve(); });
    element.addEventListener("error", () => { element.remove(); reject(new Error(file)); });
    document.head.append(element);
  });
  // A piece of a site's index, loaded once.
  const load = ({ asked, fetchPiece }, name, read) => {
    if (!asked.has(name)) {
      const work = fetchPiece(name).then(read);
      work.catch(() => asked.delete(name));
      asked.set(name, work);
    }
    return asked.get(name);
  };
  const open = async () => {
    if (!own.index) {
      await script("index.js");
      // Ready for the first search; nothing is asked of other sites before.
      withOthers(own.index)?.catch(() => { /* tried again by the search */ });
    }
    return own.index;
  };
  // A file may be missing because the site was published again since the directory was loaded. Reloads the directory, at
  // most once a minute unless it is known to have changed. True if it was reloaded.
  const renew = async (isKnown = false) => {
    if (!/^http/.test(folder) || !isKnown && Date.now() - renewed < 60000) return false;
    renewed = Date.now();
    try { await script(`index.js?${renewed}`); } catch { return false; }
    return true;
  };
  // The sites elsewhere that are searched too; `null` if there are none.
  const listeners = [];
  let others = null;
  const withOthers = ({ federation, merged }) => federation.length ? others ||= script("../federation.js").then(
    () => notes.federation(federation, merged, { own, readIndex, candidates, read, changed: () => listeners.forEach((work) => work()) }),
    (error) => { others = null; throw error; },
  ) : null;

  // Postings: see src/search/script.rs and digits.rs.
  const values = new Map([...Array(94).keys()].map((at) => String.fromCharCode(33 + at))
    .filter((c) => c !== '"' && c !== "\\").map((c, value) => [c, value]));
  const readPostings = (data) => {
    const codes = new Map();
    let term = "";
    const written = data ? data.split(" ") : [];
    for (let at = 0; at + 1 < written.length; at += 2) {
      term = term.slice(0, values.get(written[at][0]) - 16) + written[at].slice(1);
      codes.set(term, written[at + 1]);
    }
    return codes;
  };
  const eachPage = (codes, work) => {
    let [next, number] = [0, 0];
    for (const c of codes) {
      const value = values.get(c);
      if (value >= 16) { number = number * 76 + value - 16; continue; }
      work(next + number, value);
      next += number + 1;
      number = 0;
    }
  };
  // Compares by code points, the order of the index.
  const isBehind = (one, other) => {
    const [a, b] = [[...one], [...other]];
    const at = a.findIndex((c, index) => c !== b[index]);
    return at >= 0 && (at >= b.length || a[at].codePointAt(0) > b[at].codePointAt(0));
  };
  // The pages that contain a term, or one that begins with it: number → [level, level without the prefix penalty].
  const lookUp = async ({ term, isPrefix }, site, { firsts, postings }) => {
    let [low, high] = [0, postings.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (isBehind(firsts[middle], term)) high = middle; else low = middle + 1;
    }
    const from = Math.max(low - 1, 0);
    let to = from + 1;
    while (isPrefix && to < postings.length && firsts[to].startsWith(term)) to++;
    const pieces = await Promise.all(postings.slice(from, to).map((name) => load(site, name, readPostings)));
    const pages = new Map();
    const add = (found, codes) => {
      const costs = found.length > term.length && isWord(after(found, term.length)) ? goesOnCosts : 0;
      eachPage(codes, (page, level) => {
        const [best, plain] = pages.get(page) || [Infinity, Infinity];
        pages.set(page, [Math.min(best, level + costs), Math.min(plain, level)]);
      });
    };
    for (const piece of pieces) {
      if (isPrefix) { for (const [found, codes] of piece) if (found.startsWith(term)) add(found, codes); }
      else if (piece.has(term)) add(term, piece.get(term));
    }
    return pages;
  };

  // The terms of the index to look up for a word: the selective ones; the texts decide the rest.
  const tokensOf = (one) => {
    const tokens = [];
    const symbols = [];
    for (const { 0: run, index } of one.text.matchAll(terms)) {
      const letters = [...run];
      const isLast = index + run.length === one.text.length;
      if (isHan(letters[0])) {
        const step = letters.length > 4 ? 2 : 1;
        if (letters.length === 1) tokens.push({ term: run, isPrefix: true, at: index, isWeak: true });
        for (let at = 0, units = index; at + 1 < letters.length; at += step) {
          tokens.push({ term: letters[at] + letters[at + 1], isPrefix: false, at: units });
          units += letters.slice(at, at + step).join("").length;
        }
        if (step === 2 && letters.length % 2) tokens.push({ term: letters.slice(-2).join(""), isPrefix: false, at: -1 });
      } else if (isWord(letters[0])) {
        const cut = letters.slice(0, 64).join("");
        tokens.push({ term: cut, isPrefix: isLast && !one.isWhole || letters.length > 64, at: index });
      } else {
        symbols.push({ term: run, isPrefix: false, at: index });
      }
    }
    const strong = tokens.filter((token) => !token.isWeak);
    return strong.length ? strong : tokens.length ? tokens : symbols;
  };
  const intersect = (maps, join) => {
    const [least, ...others] = maps.sort((one, other) => one.size - other.size);
    const common = new Map();
    for (const [page, value] of least) {
      let sum = value;
      if (others.every((other) => other.has(page) && ((sum = join(sum, other.get(page))), true))) common.set(page, sum);
    }
    return common;
  };
  const classOf = (level) => level < 4 ? 0 : level < 8 ? 4 : level < 14 ? 8 : 14;
  // The pages that may contain all words, best first, each with the best rank it can have; `isSure` if all do contain them.
  const candidates = async (words, site, index) => {
    const perWord = await Promise.all(words.map(async (one) => {
      const tokens = tokensOf(one);
      const maps = await Promise.all(tokens.map(async (token) => {
        const pages = await lookUp(token, site, index);
        return new Map([...pages].map(([page, [best, plain]]) => [page, token.at === 0 ? best : classOf(plain)]));
      }));
      const isSure = tokens.length === 1 && tokens[0].term === one.text;
      return { pages: intersect(maps, Math.max), isSure };
    }));
    const pages = intersect(perWord.map(({ pages }) => pages), (one, other) => one + other);
    const tagged = words.tag && await lookUp({ term: words.tag, isPrefix: false }, site, index);
    const list = [...pages].filter(([number]) => !tagged || tagged.has(number)).map(([number, bound]) => ({ site, index, number, bound }));
    return { list, isSure: words.length === 1 && perWord[0].isSure };
  };

  // The texts.
  const readTexts = (pages) => pages.map(([title, address, trail, sections]) => ({
    title,
    address,
    trail,
    sections: sections.map(([anchor, heading, text, code], number) => ({
      number, anchor, heading, text, code, texts: [number ? "" : title, heading, text, code],
    })),
  }));
  const groupOf = (number, { groups }) => {
    let [low, high] = [0, groups.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (groups[middle].first > number) high = middle; else low = middle;
    }
    return groups[low];
  };
  const read = async ({ site, index, number }) => {
    const group = groupOf(number, index);
    return (await load(site, group.name, readTexts))[number - group.first];
  };
  const check = (page, { site, place, number }, words) => {
    if (!page) return null;
    const ranked = page.sections.map((section) => ({ section, rank: rankOf(section, words) }));
    const sections = ranked.filter(({ rank }) => rank < Infinity);
    if (!sections.length) return null;
    const rank = Math.min(...sections.map((one) => one.rank));
    sections.sort((one, other) =>
      (one.section.number > 0) - (other.section.number > 0) || one.rank - other.rank || one.section.number - other.section.number);
    const trail = site.title ? [site.title, ...page.trail] : page.trail;
    const shown = { title: page.title, page: page.address, root: site.root, trail, sections: sections.map((one) => one.section) };
    return { place, number, rank, ...shown };
  };

  // The order of pages of equal rank: this site's first, then those of the others in their order.
  const inOrder = (one, other) => one.place - other.place || one.number - other.number;
  // Starts a search: `more(count)` returns the next pages, at most `count`. `part` is a part of the navigation or the
  // address of a site elsewhere, `tag` the name of a tag that the pages have.
  const begin = async (typed, part = null, waitsForAll = false, tag = null) => {
    const words = parse(typed);
    words.tag = tag && termOfTag(tag);
    const index = await open();
    if (!words.length) return { words, total: 0, isSure: true, more: async () => [], isDone: () => true, absent: () => [] };
    // This site is searched in any case.
    const federation = await withOthers(index)?.catch(() => undefined);
    const others = federation?.search(words, part, waitsForAll);
    const [{ list: here, isSure }, ...elsewhere] = await Promise.all([candidates(words, own, index), ...(others?.lists || [])]);
    const of = (number) => index.parts.findLast(([, first]) => first <= number)[0];
    const mine = part === null || part === own.root ? here : federation?.has(part) ? []
      : here.filter(({ number }) => of(number) === part);
    const list = [mine, ...elsewhere].flatMap((some, place) => some.map((one) => ({ ...one, place })));
    list.sort((one, other) => one.bound - other.bound || inOrder(one, other));
    const ready = [];
    let next = 0;
    let given = 0;
    let batch = 1;
    const isSettled = () => ready.length && (next >= list.length || ready[0].rank < list[next].bound
      || ready[0].rank === list[next].bound && inOrder(ready[0], list[next]) < 0);
    const advance = async () => {
      const groups = new Set();
      const from = next;
      while (next < list.length) {
        const group = groupOf(list[next].number, list[next].index);
        if (!groups.has(group) && groups.size === batch) break;
        groups.add(group);
        next++;
      }
      batch = 6;
      const checked = list.slice(from, next).map(async (one) =>
        check(await (one.site === own ? read(one) : others.read(one)), one, words));
      ready.push(...(await Promise.all(checked)).filter(Boolean));
      ready.sort((one, other) => one.rank - other.rank || inOrder(one, other));
    };
    const search = {
      words,
      isSure,
      // The number of pages: exact once all are read, or if the index alone is sure.
      get total() { return isSure ? list.length : given + ready.length; },
      isDone: () => next >= list.length && !ready.length,
      isCounted: () => isSure || next >= list.length,
      // The sites elsewhere whose pages are missing, by reason: [reason, titles].
      absent: () => others ? others.absent() : index.federation.length ? [["silent", index.federation.map(([title]) => title)]] : [],
      more: async (count) => {
        others?.restart();
        const found = [];
        while (found.length < count && !search.isDone()) {
          if (isSettled()) { found.push(ready.shift()); given++; } else await advance();
        }
        others?.confirm();
        return found;
      },
    };
    return search;
  };

  // The same for the external links of the notes, from library.js: [url, title, host, kind, year, places].
  let library = null;
  const withLibrary = () => library || (library = new Promise((resolve, reject) => {
    const others = notes.library;
    notes.library = (links) => {
      notes.library = others;
      resolve(links.map(([url, title, host, kind, year, named], number) => {
        const headings = [...new Set(named.flatMap(([, page, heading]) => [page, heading]))].join("\n");
        let address = url;
        try { address = decodeURI(url); } catch { /* not decodable: search it as it is */ }
        return { number, url, title, host, kind, year, places: named, texts: [title, headings, `${host}\n${address}`, ""] };
      }));
    };
    script("../library.js").catch((error) => { library = null; reject(error); });
  }));
  const beginLinks = async (typed, part = null) => {
    const words = parse(typed);
    const links = words.length ? await withLibrary() : [];
    const ranked = links.filter(({ places: named }) => part === null || named.some(([, , , name]) => name === part))
      .map((link) => ({ link, rank: rankOf(link, words) })).filter(({ rank }) => rank < Infinity)
      .sort((one, other) => one.rank - other.rank || one.link.number - other.link.number);
    let next = 0;
    return {
      words,
      isLinks: true,
      total: ranked.length,
      absent: () => [],
      isCounted: () => true,
      isDone: () => next >= ranked.length,
      more: async (count) => ranked.slice(next, next += count).map(({ link }) => link),
    };
  };

  // The text around the first match, as [text, true if it matches]: see src/search/found.rs.
  const marked = (text, words, from = 0, to = text.length) => {
    const { folded, places: origin } = foldWithPlaces(text);
    const marks = words.flatMap((one) => [...places(one, folded)].map(([at, end]) => [origin[at], Math.max(origin[end], origin[at] + 1)]));
    marks.sort((one, other) => one[0] - other[0] || one[1] - other[1]);
    const line = (begin, end) => text.slice(begin, end).replace(/\n/g, " ");
    const parts = [];
    let at = from;
    for (const [begin, end] of marks) {
      if (begin < at || end > to) { if (begin < at && end > at && end <= to && parts.length) { parts.at(-1)[0] += line(at, end); at = end; } continue; }
      if (begin > at) parts.push([line(at, begin), false]);
      parts.push([line(begin, end), true]);
      at = end;
    }
    if (at < to) parts.push([line(at, to), false]);
    return parts;
  };
  const snippet = (section, words) => {
    for (const text of [section.text, section.code]) {
      const { folded, places: origin } = foldWithPlaces(text);
      const first = words.map((one) => places(one, folded).next().value).find(Boolean);
      if (!first) continue;
      const at = origin[first[0]];
      const line = text.lastIndexOf("\n", at - 1) + 1;
      const from = Math.max(at ? line : 0, at - 24);
      const to = Math.min(text.length, from + 120);
      const parts = marked(text, words, from, to);
      if (from > line) parts.unshift(["…", false]);
      if (to < text.length && text[to] !== "\n") parts.push(["…", false]);
      return parts;
    }
    const text = section.text.slice(0, 120).replace(/\n/g, " ");
    return text ? [[text, false]] : [];
  };

  notes.finder = {
    begin, beginLinks, renew, parse, places, foldWithPlaces, marked, snippet,
    parts: async () => (await open()).parts,
    tags: async () => (await open()).tags,
    // The sites elsewhere: [title, address].
    sites: async () => (await open()).federation,
    root: own.root,
    // Calls `work` when more is known of a site elsewhere.
    onChange: (work) => listeners.push(work),
  };
  // All results, for other scripts.
  notes.search = async (typed) => {
    const search = await begin(typed, null, true);
    return search.more(Infinity);
  };
})();
