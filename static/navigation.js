// The sidebar: branches expand and collapse, and stay so from page to page; the current entry is in view. The page
// contains its own branch; the others are loaded from tree.js when the first of them is expanded.
"use strict";
(() => {
  const words = notes.words;
  const sidebar = document.getElementById("page:navigation");
  // The pages for paper have none.
  if (!sidebar) return;
  const folder = document.currentScript.src.replace(/[^/]*$/, "");
  const root = new URL("..", folder);
  const own = (list, selector) => [...list.children].filter((child) => child.matches(selector));
  // Sites at one host share its storage.
  const key = `notes-sidebar:${new URL("..", notes.folder).pathname}`;
  const remembered = (() => {
    try { return JSON.parse(sessionStorage.getItem(key)) || {}; } catch { return {}; }
  })();
  // Branches that the reader expanded or collapsed: each as the labels from the top down. Another program at this host
  // may have written anything.
  const names = (list) => new Set(Array.isArray(list) ? list : []);
  const opened = names(remembered.opened);
  const folded = names(remembered.folded);
  const remember = () => {
    const state = { opened: [...opened], folded: [...folded], top: sidebar.scrollTop, left: innerWidth };
    try { sessionStorage.setItem(key, JSON.stringify(state)); } catch { /* no storage: forgotten */ }
  };

  // tree.js calls notes.tree with the whole navigation.
  let tree = null;
  const waiting = [];
  const withTree = (work) => {
    if (tree) { work(tree); return; }
    waiting.push(work);
    if (waiting.length > 1) return;
    const script = document.createElement("script");
    script.src = notes.folder + "tree.js";
    document.head.append(script);
  };
  notes.tree = (entries) => {
    tree = entries;
    waiting.splice(0).forEach((work) => work(tree));
  };

  const link = (item) => own(item, "a, span")[0];
  const label = (item) => link(item).textContent;
  const nameOf = (item) => {
    const names = [];
    for (let at = item; at; at = at.parentElement.closest("li")) names.unshift(label(at));
    return names.join("\n");
  };
  const isGap = (item) => item.classList.contains("gap");
  const everyEntry = () => {
    const all = [...tree];
    for (let at = 0; at < all.length; at++) for (const entry of all[at][3]) all.push(entry);
    return all;
  };
  // The entries below an item, found from the top down by label and address. Below a gap, which is in place of some
  // levels, it may be any.
  const entriesBelow = (item) => {
    const above = item.parentElement.closest("li");
    const entries = !above ? tree : isGap(above) ? everyEntry() : entriesBelow(above);
    const address = link(item).href || "";
    const isIt = ([name, to]) => name === label(item) && (to ? new URL(to, root).href : "") === address;
    const entry = entries.find(isIt) || entries.find(([name]) => name === label(item));
    return entry ? entry[3] : [];
  };
  const itemOf = ([name, to, kind, children, whole]) => {
    const item = document.createElement("li");
    const entry = document.createElement(to ? "a" : "span");
    entry.textContent = name;
    if (whole) entry.title = whole;
    if (to) entry.href = new URL(to, root).href;
    if (kind === 1) entry.className = "stub";
    if (kind === 2) entry.rel = "external";
    item.append(entry);
    if (children.length) item.className = "branch";
    return item;
  };

  const show = (item, button, isOpen) => {
    item.classList.toggle("folded", !isOpen);
    button.setAttribute("aria-expanded", isOpen);
  };
  const open = (item, button) => {
    const isThere = own(item, "ul").length > 0;
    show(item, button, true);
    if (isThere) return;
    withTree(() => {
      const list = document.createElement("ul");
      list.append(...entriesBelow(item).map(itemOf));
      item.append(list);
      equip(list);
    });
  };
  const equip = (list) => {
    for (const item of own(list, "li")) {
      if (isGap(item)) own(item, "ul").forEach(equip);
      if (!item.classList.contains("branch")) continue;
      const button = document.createElement("button");
      const name = nameOf(item);
      button.type = "button";
      // The state is an attribute of its own, so the name stays.
      button.setAttribute("aria-label", `${words.children}: ${label(item)}`);
      link(item).after(button);
      const below = own(item, "ul")[0];
      show(item, button, Boolean(below) && !folded.has(name));
      if (below) equip(below);
      else if (opened.has(name)) open(item, button);
      button.addEventListener("click", () => {
        const isOpen = button.getAttribute("aria-expanded") === "true";
        if (isOpen) show(item, button, false); else open(item, button);
        (isOpen ? folded : opened).add(name);
        (isOpen ? opened : folded).delete(name);
        remember();
      });
    }
  };
  own(sidebar, "ul").forEach(equip);

  // Restores the scroll position if the current entry is in view there; otherwise centers that entry.
  const isInView = (current) => {
    const [box, entry] = [sidebar.getBoundingClientRect(), current.getBoundingClientRect()];
    return entry.top >= box.top && entry.bottom <= box.bottom;
  };
  const settle = () => {
    const current = sidebar.querySelector("a[aria-current]");
    sidebar.scrollTop = remembered.top || 0;
    if (current && !isInView(current)) {
      const [box, entry] = [sidebar.getBoundingClientRect(), current.getBoundingClientRect()];
      sidebar.scrollTop += entry.top - box.top - box.height / 2;
    }
  };
  settle();
  if (!notes.isPreview) addEventListener("pagehide", remember);

  // The drawer. Without scripts the address opens it; with them the address stays as it is, so that Back leads to the page
  // before and not to a drawer.
  const menu = document.querySelector("body > .top > .menu");
  const narrow = matchMedia("(max-width: 800px)");
  const isOpen = () => sidebar.classList.contains("open");
  const showDrawer = (isShown) => {
    sidebar.classList.toggle("open", isShown);
    menu.setAttribute("aria-expanded", isShown);
    for (const covered of document.querySelectorAll("body > :is(.top, .bottom), body > .columns > :is(main, .outline)")) {
      covered.inert = isShown;
    }
    if (isShown) settle();
    (isShown ? sidebar : menu).focus({ preventScroll: true });
  };
  const leave = () => { if (isOpen()) showDrawer(false); };
  const takeOver = (selector, isShown) => {
    for (const link of document.querySelectorAll(selector)) {
      link.addEventListener("click", (event) => {
        event.preventDefault();
        showDrawer(isShown);
      });
    }
  };
  takeOver("body > .top > .menu", true);
  takeOver("body > .columns > .navigation > .close, body > .columns > .backdrop", false);
  menu.setAttribute("aria-expanded", "false");
  // So that the next stop of the keyboard is within it.
  sidebar.tabIndex = -1;
  narrow.addEventListener("change", leave);
  // A link to a section of the same page, and a page that browsers keep as it was left.
  addEventListener("hashchange", (event) => { if (!event.newURL.endsWith("#page:closed")) leave(); });
  addEventListener("pagehide", leave);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.defaultPrevented) leave();
  });
  // An address of the drawer, from a page that was left before its scripts were there.
  if (["#page:navigation", "#page:closed"].includes(location.hash)) {
    const asked = location.hash === "#page:navigation" && narrow.matches;
    location.replace("#page:closed");
    history.replaceState(null, "", location.pathname + location.search);
    if (asked) showDrawer(true);
  }

  // For the live preview: equips the parts of an open page that were replaced.
  const renewSidebar = (list) => {
    const { scrollTop } = sidebar;
    own(sidebar, "ul").forEach((old) => old.remove());
    sidebar.append(list);
    equip(list);
    sidebar.scrollTop = scrollTop;
  };
  notes.renew = {
    sidebar: (list) => {
      tree = null;
      renewSidebar(list);
    },
    // The whole navigation may have changed; `list` gives the part of it that the page contains.
    tree: (list) => {
      if (!tree) return;
      const before = JSON.stringify(tree);
      tree = null;
      withTree((now) => { if (JSON.stringify(now) !== before) renewSidebar(list()); });
    },
  };
})();
