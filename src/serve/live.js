// Updates the open page when the notes change. The server sends its new state; the page replaces only the parts that
// differ from its source, so that scroll position, expanded branches, selection and typed text stay.
"use strict";
(() => {
  const script = document.currentScript;
  const has = { ...script.dataset };
  const wasThere = has.there === "true";
  // The page as it was loaded, before other scripts add to it.
  let before = document.documentElement.cloneNode(true);
  const isChinese = document.documentElement.lang.startsWith("zh");
  const words = isChinese ? {
    errors: (count) => `${count} 个错误`,
    warnings: (count) => `${count} 个提醒`,
    uncommitted: "未提交",
    gone: "这一页的笔记已被删除。",
    away: "笔记的文件夹不见了，这里是之前的内容；文件夹恢复后会自动更新。",
    waiting: "预览已停止；再次运行 notes serve 后会自动恢复。",
  } : {
    errors: (count) => `${count} ${count === 1 ? "error" : "errors"}`,
    warnings: (count) => `${count} ${count === 1 ? "warning" : "warnings"}`,
    uncommitted: "not committed",
    gone: "The note of this page has been deleted.",
    away: "The folder of the notes is gone. You see its last version; the page updates when the folder is back.",
    waiting: "The preview has stopped. It continues when you run notes serve again.",
  };
  const make = (name, properties, ...children) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  };

  // The panel of problems.
  document.head.append(make("link", { rel: "stylesheet", href: "/.notes/live.css" }));
  const panel = make("aside", { className: "notes-live", hidden: true });
  panel.setAttribute("role", "status");
  document.body.append(panel);
  let told = {};
  const entry = ({ place, text, help }) => make("li", {},
    ...(place ? [make("code", { textContent: place }), " "] : []), text, ...(help ? [make("small", { textContent: help })] : []));
  const list = (kind, messages) => {
    if (!messages.length) return [];
    const details = make("details", { open: kind === "errors" },
      make("summary", { textContent: words[kind](messages.length) }), make("ul", {}, ...messages.map(entry)));
    details.dataset.kind = kind;
    const old = panel.querySelector(`[data-kind="${kind}"]`);
    if (old && kind !== "errors") details.open = old.open;
    return [details];
  };
  const tell = (news) => {
    const now = { ...told, ...news };
    if (JSON.stringify(now) === JSON.stringify(told)) return;
    told = now;
    const { errors = [], warnings = [], isGone, isAway, isWaiting } = told;
    const lines = [isGone && words.gone, isAway && words.away, isWaiting && words.waiting].filter(Boolean);
    panel.replaceChildren(...lines.map((textContent) => make("p", { textContent })), ...list("errors", errors), ...list("warnings", warnings));
    panel.dataset.kind = errors.length || isGone || isAway ? "error" : "warning";
    panel.hidden = !panel.childElementCount;
  };

  // Changes the page from its old source to its new one. `own` are the children of an element that came with the page; the
  // others were added by scripts.
  const own = (element) => [...element.childNodes].filter((node) => !(node.matches && node.matches(".anchor, .code-tools, .tab-bar")));
  const isHeading = (node) => /^H[1-6]$/.test(node.nodeName);
  let changed = [];
  const put = (parent, node, next) => {
    const copy = document.importNode(node, true);
    parent.insertBefore(copy, next);
    changed.push(copy);
  };
  const attributes = (element, from, to) => {
    for (const { name } of from.attributes) if (!to.hasAttribute(name)) element.removeAttribute(name);
    for (const { name, value } of to.attributes) if (from.getAttribute(name) !== value) element.setAttribute(name, value);
  };
  const text = (node, from, to) => {
    let start = 0;
    while (start < from.length && from[start] === to[start]) start++;
    let end = 0;
    while (end < from.length - start && end < to.length - start && from.at(-1 - end) === to.at(-1 - end)) end++;
    node.replaceData(start, from.length - start - end, to.slice(start, to.length - end));
  };
  // True if this part of the page is still as in its source.
  const mirrors = (children, from) => children.length === from.childNodes.length
    && children.every((child, index) => child.nodeName === from.childNodes[index].nodeName);
  const patch = (node, from, to) => {
    if (from.isEqualNode(to)) return;
    const isElement = from.nodeType === Node.ELEMENT_NODE;
    const isSame = node.nodeName === from.nodeName && from.nodeName === to.nodeName && !isHeading(to)
      && (isElement ? mirrors(own(node), from) : node.data === from.data);
    if (!isSame) {
      put(node.parentNode, to, node);
      node.remove();
    } else if (isElement) {
      attributes(node, from, to);
      children(node, from, to);
    } else {
      text(node, from.data, to.data);
      changed.push(node);
    }
  };
  // The longest common subsequence of two lists, as pairs of indices; lists that are too long are compared from both ends.
  const common = (one, other) => {
    const pairs = [];
    let start = 0;
    while (start < one.length && start < other.length && one[start] === other[start]) pairs.push([start, start++]);
    let [end, otherEnd] = [one.length, other.length];
    const last = [];
    while (end > start && otherEnd > start && one[end - 1] === other[otherEnd - 1]) last.unshift([--end, --otherEnd]);
    const [height, width] = [end - start, otherEnd - start];
    if (height && width && height * width < 1e6) {
      const lengths = Array.from({ length: height + 1 }, () => new Uint32Array(width + 1));
      for (let row = height - 1; row >= 0; row--) {
        for (let column = width - 1; column >= 0; column--) {
          lengths[row][column] = one[start + row] === other[start + column]
            ? lengths[row + 1][column + 1] + 1 : Math.max(lengths[row + 1][column], lengths[row][column + 1]);
        }
      }
      for (let row = 0, column = 0; row < height && column < width;) {
        if (one[start + row] === other[start + column]) pairs.push([start + row++, start + column++]);
        else if (lengths[row + 1][column] >= lengths[row][column + 1]) row++;
        else column++;
      }
    }
    return [...pairs, ...last];
  };
  const children = (element, from, to) => {
    const live = own(element);
    const [old, now] = [[...from.childNodes], [...to.childNodes]];
    const asText = (node) => node.outerHTML || `${node.nodeName} ${node.data}`;
    const pairs = common(old.map(asText), now.map(asText));
    const rest = live.at(-1) ? live.at(-1).nextSibling : element.firstChild;
    let [at, new_] = [0, 0];
    for (const [oldEnd, newEnd] of [...pairs, [old.length, now.length]]) {
      // Between two nodes that stayed: a node of the same kind in the same place was changed, the others were added or removed.
      while (at < oldEnd && new_ < newEnd) {
        if (old[at].nodeName === now[new_].nodeName) patch(live[at], old[at++], now[new_++]);
        else if (oldEnd - at > newEnd - new_) live[at++].remove();
        else put(element, now[new_++], live[at]);
      }
      while (at < oldEnd) live[at++].remove();
      while (new_ < newEnd) put(element, now[new_++], live[at] || rest);
      at++;
      new_++;
    }
  };

  // The parts of a page. If a part cannot be replaced in place, the page is reloaded.
  const frameOf = (page) => {
    const head = [...page.querySelectorAll("head > :is(link, script, style, base, meta[name=viewport])")];
    const body = [...page.querySelectorAll("body > *, body > .columns > *")].filter((node) => node !== script && node.id !== "page:outline" && node.nodeName !== "SCRIPT");
    const bar = page.querySelector("body > .top");
    return [...head.filter((node) => node.rel !== "canonical").map((node) => node.outerHTML),
      ...body.map((node) => `${node.nodeName} ${node.id} ${node.className}`), bar ? bar.outerHTML : ""].join("\n");
  };
  const takeOver = (now) => {
    if (frameOf(before) !== frameOf(now)) { location.reload(); return; }
    changed = [];
    const root = document.documentElement;
    const part = (selector) => [document, before, now].map((page) => page.querySelector(selector));
    // Keeps the element at the top of the window in place when content above it changes.
    const anchor = [...document.querySelectorAll("article > *")].find((node) => node.getBoundingClientRect().bottom > 0);
    const top = anchor && anchor.getBoundingClientRect().top;
    root.style.overflowAnchor = "none";
    document.title = now.querySelector("title").textContent;
    root.lang = now.lang;
    attributes(document.body, before.querySelector("body"), now.querySelector("body"));
    attributes(...part("body > .columns"));
    for (const selector of ["main", "body > .bottom"]) {
      const [node, from, to] = part(selector);
      if (node) patch(node, from, to);
    }
    const [sidebar, oldSidebar, newSidebar] = part("nav.navigation > ul");
    if (sidebar && !oldSidebar.isEqualNode(newSidebar)) notes.renew.sidebar(document.importNode(newSidebar, true));
    const [outline, oldOutline, newOutline] = part("details.outline");
    if (newOutline && !outline) document.querySelector("body > .columns").append(document.importNode(newOutline, true));
    else if (!newOutline && outline) outline.remove();
    else if (outline && !oldOutline.isEqualNode(newOutline)) {
      outline.querySelector("ul").replaceWith(document.importNode(newOutline.querySelector("ul"), true));
    }
    const elements = changed.filter((node) => node.nodeType === Node.ELEMENT_NODE && node.isConnected);
    if (notes.equip) notes.equip(elements);
    if (notes.renew) notes.renew.outline();
    if (anchor && anchor.isConnected && scrollY > 0) {
      const moved = anchor.getBoundingClientRect().top - top;
      if (Math.abs(moved) >= 1) scrollBy({ top: moved, behavior: "instant" });
    }
    requestAnimationFrame(() => { root.style.overflowAnchor = ""; });
    before = now;
  };
  const load = async (address) => {
    const answer = await fetch(address, { cache: "no-store" });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html").documentElement;
    const own = page.querySelector("script[data-shown]");
    if (!own) throw new Error("not a page of the preview");
    const data = { ...own.dataset };
    own.remove();
    return [page, data];
  };

  const styles = (version) => {
    for (const link of document.querySelectorAll('head > link[rel="stylesheet"]')) {
      const address = new URL(link.href);
      if (address.origin !== location.origin || address.pathname.startsWith("/.notes/")) continue;
      address.searchParams.set("version", version);
      const next = link.cloneNode();
      next.href = address.href;
      // The old style sheet is removed once the new one is loaded, so that the page is never without.
      next.addEventListener("load", () => link.remove(), { once: true });
      next.addEventListener("error", () => next.remove(), { once: true });
      link.after(next);
    }
  };
  const images = (files) => {
    for (const image of document.querySelectorAll("article img")) {
      const address = new URL(image.src, location);
      if (address.origin !== location.origin || !files.includes(address.pathname)) continue;
      address.searchParams.set("version", Date.now());
      image.src = address.href;
    }
  };
  let followed = 0;
  const follow = ({ number, is_here, url, section }) => {
    if (number <= followed) return;
    followed = number;
    if (!is_here) {
      location.assign(section ? `${url}#${encodeURIComponent(section)}` : url);
      return;
    }
    const node = changed.find((node) => node.isConnected && node.parentElement.closest("article"));
    const element = node && (node.nodeType === Node.ELEMENT_NODE ? node : node.parentElement);
    if (!element) return;
    const { top, bottom } = element.getBoundingClientRect();
    if (top < 80 || bottom > innerHeight) element.scrollIntoView({ block: "center" });
  };

  // Notes that are not committed have a mark in the navigation and at the title. It is an attribute, so that the page
  // stays as in its source for `patch`.
  const page = ({ pathname }) => pathname.replace(/\/index\.html$/, "/");
  const mark = async () => {
    let changed;
    try { changed = new Set(await (await fetch("/.notes/uncommitted")).json()); } catch { return; }
    document.documentElement.style.setProperty("--notes-uncommitted", `"${words.uncommitted}"`);
    document.documentElement.toggleAttribute("data-uncommitted", changed.has(page(location)));
    for (const link of document.querySelectorAll("nav.navigation a[href]")) link.toggleAttribute("data-uncommitted", changed.has(page(link)));
  };

  // Updates from the server, one after the other; of several that wait, the last one contains all that is needed.
  const take = async (word) => {
    if (word.frame !== has.frame || word.is_there && !wasThere) { location.reload(); return; }
    if (word.styles !== has.styles) styles(has.styles = word.styles);
    if (!word.is_there && wasThere && word.moved) {
      const [page, data] = await load(word.moved);
      history.replaceState(history.state, "", word.moved + location.search + location.hash);
      Object.assign(has, data);
      takeOver(page);
      tell({ isGone: false });
      connect();
      return;
    }
    tell({ errors: word.errors, warnings: word.warnings, isGone: !word.is_there && wasThere, isAway: word.is_away });
    changed = [];
    if (word.page && word.page !== has.shown && word.is_there === wasThere) {
      const [page, data] = await load(location.pathname + location.search);
      Object.assign(has, data);
      takeOver(page);
    }
    if (word.site !== has.site) {
      has.site = word.site;
      const list = before.querySelector("nav.navigation > ul");
      if (list && notes.renew) notes.renew.tree(() => document.importNode(list, true));
      if (notes.finder) notes.finder.renew(true);
    }
    mark();
    if (word.files.length) images(word.files);
    if (word.edited) follow(word.edited);
  };
  let waiting = null;
  let isTaking = false;
  const enqueue = async (word) => {
    waiting = waiting ? { ...word, files: [...waiting.files, ...word.files] } : word;
    if (isTaking) return;
    isTaking = true;
    while (waiting) {
      const next = waiting;
      waiting = null;
      try { await take(next); } catch (error) { console.warn(error); }
    }
    isTaking = false;
  };

  // The connection, while the page is visible. Its first update is the current state, so that no earlier one is needed.
  let source = null;
  let pause = 250;
  let timer = 0;
  let patience = 0;
  const disconnect = () => {
    clearTimeout(timer);
    if (source) source.close();
    source = null;
  };
  const connect = () => {
    disconnect();
    source = new EventSource(`/.notes/events?page=${encodeURIComponent(location.pathname)}`);
    source.addEventListener("message", (event) => {
      pause = 250;
      clearTimeout(patience);
      patience = 0;
      tell({ isWaiting: false });
      enqueue(JSON.parse(event.data));
    });
    source.addEventListener("error", () => {
      disconnect();
      patience ||= setTimeout(() => tell({ isWaiting: true }), 1500);
      timer = setTimeout(connect, pause);
      pause = Math.min(pause * 1.5, 3000);
    });
  };
  const attend = () => { if (document.hidden) disconnect(); else connect(); };
  document.addEventListener("visibilitychange", attend);
  // The page is restored from the back/forward cache, or the computer wakes from sleep.
  addEventListener("pageshow", (event) => { if (event.persisted) attend(); });
  addEventListener("online", attend);
  addEventListener("pagehide", disconnect);
  attend();
})();
