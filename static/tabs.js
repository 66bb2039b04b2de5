// Tabs of a note, shown one at a time. Without this script they are below each other, each below its title.
"use strict";
(() => {
  const make = (name, properties, ...children) => {
    const element = Object.assign(document.createElement(name), properties);
    element.append(...children);
    return element;
  };
  const panelsOf = (tabs) => [...tabs.children].filter((child) => child.matches(".tab"));
  const barOf = (tabs) => tabs.querySelector(":scope > .tab-bar");
  const titleOf = (panel) => {
    const title = panel.querySelector(":scope > .tab-title");
    return title ? title.textContent.trim() : "";
  };

  // Shows one of the tabs. What browsers find on the page opens the others ("until-found").
  const select = (tabs, index) => {
    const buttons = [...barOf(tabs).children];
    for (const [at, panel] of panelsOf(tabs).entries()) {
      const isShown = at === index;
      // A hidden one would still be a stop for the keyboard.
      if (isShown) panel.tabIndex = 0; else panel.removeAttribute("tabindex");
      if (isShown) panel.removeAttribute("hidden"); else panel.setAttribute("hidden", "until-found");
      buttons[at].setAttribute("aria-selected", isShown);
      buttons[at].tabIndex = isShown ? 0 : -1;
    }
  };
  // Shows the tabs that an element is in.
  const show = (element) => {
    for (let panel = element.closest(".tab"); panel; panel = panel.parentElement.closest(".tab")) {
      const tabs = panel.parentElement;
      if (barOf(tabs)) select(tabs, panelsOf(tabs).indexOf(panel));
    }
  };
  // A reader's choice holds for all tabs of the page that have this title, and moves nothing under the pointer.
  const choose = (button) => {
    const tabs = button.closest(".tabs");
    const top = button.getBoundingClientRect().top;
    for (const other of document.querySelectorAll("article .tabs")) {
      if (!barOf(other)) continue;
      const buttons = [...barOf(other).children];
      const same = other === tabs ? buttons.indexOf(button) : buttons.findIndex((one) => one.textContent === button.textContent);
      if (same >= 0) select(other, same);
    }
    scrollBy({ top: button.getBoundingClientRect().top - top, behavior: "instant" });
  };
  const turn = (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const buttons = [...event.currentTarget.children];
    const at = buttons.indexOf(event.target);
    const forward = getComputedStyle(event.currentTarget).direction === "rtl" ? -1 : 1;
    const to = { ArrowRight: at + forward, ArrowLeft: at - forward, Home: 0, End: buttons.length - 1 }[event.key];
    if (to === undefined || at < 0) return;
    event.preventDefault();
    const next = buttons[(to + buttons.length) % buttons.length];
    choose(next);
    next.focus();
  };

  const target = () => {
    try {
      return document.getElementById(decodeURIComponent(location.hash.slice(1)));
    } catch {
      return null;
    }
  };
  let count = 0;
  const equip = (tabs) => {
    const panels = panelsOf(tabs);
    const titles = panels.map(titleOf);
    const old = barOf(tabs);
    if (old && JSON.stringify([...old.children].map((button) => button.textContent)) === JSON.stringify(titles)) return;
    const wanted = [target(), tabs.querySelector("mark.found")].filter(Boolean);
    const shown = panels.findIndex((panel) => (old && !panel.hidden && panel.id) || wanted.some((one) => panel.contains(one)));
    if (old) old.remove();
    const bar = make("div", { className: "tab-bar" });
    bar.setAttribute("role", "tablist");
    for (const [index, panel] of panels.entries()) {
      const id = `page:tab-${++count}`;
      const button = make("button", { type: "button", id: `${id}-title`, textContent: titles[index] });
      button.setAttribute("role", "tab");
      button.setAttribute("aria-controls", id);
      button.addEventListener("click", () => choose(button));
      bar.append(button);
      if (!panel.id) panel.addEventListener("beforematch", () => show(panel));
      panel.id = id;
      panel.setAttribute("role", "tabpanel");
      panel.setAttribute("aria-labelledby", button.id);
    }
    bar.addEventListener("keydown", turn);
    tabs.prepend(bar);
    const chosen = panels.findIndex((panel) => panel.hasAttribute("data-chosen"));
    select(tabs, Math.max(shown < 0 ? chosen : shown, 0));
  };
  const follow = () => {
    const element = target();
    const panel = element && element.closest(".tab[hidden]");
    if (!panel) return;
    show(element);
    element.scrollIntoView();
  };

  notes.tabs = {
    // Makes a bar for each group that has none, or another one where its titles have changed.
    equip: () => document.querySelectorAll("article .tabs").forEach(equip),
    show,
  };
  notes.tabs.equip();
  addEventListener("hashchange", follow);
})();
