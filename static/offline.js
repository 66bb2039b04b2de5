// Reading without a network: starts the worker of the site, and adds to the preferences what keeps a part or all of the
// site in this browser and what removes it. Pages of a site with `offline: true` load it. On another site, a page does that
// finds a worker of before (see comfort.js): then it removes that and what it kept.
"use strict";
(() => {
  const { words, make, button, say } = notes;
  const { dataset } = document.currentScript;
  const worker = new URL(dataset.worker || navigator.serviceWorker.controller.scriptURL, document.baseURI).href;
  const scope = new URL(".", worker);
  // As the worker calls its caches.
  const prefix = `notes:${scope.pathname}:`;

  const stop = async () => {
    const registration = await navigator.serviceWorker.getRegistration(scope.href);
    if (registration && registration.scope === scope.href) await registration.unregister();
    for (const name of await caches.keys()) if (name.startsWith(prefix)) await caches.delete(name);
  };
  if (!dataset.worker) {
    stop().catch(() => {});
    return;
  }

  const lists = [
    { of: "part", href: dataset.part, keep: "offline_keep_part", remove: "offline_remove_part" },
    { of: "site", href: dataset.site, keep: "offline_keep_site", remove: "offline_remove_site" },
  ].filter(({ href }) => href);
  for (const list of lists) Object.assign(list, { address: new URL(list.href, document.baseURI).href, state: "none" });
  let active = null;
  const send = (message) => (navigator.serviceWorker.controller || active).postMessage(message);
  // Only what the reader asked for on this page is told.
  let isAsked = false;

  // The state of a list: nothing of it is kept, it is on its way, all of it is kept.
  const stateOf = async ({ address }) => {
    if (!await caches.has(`${prefix}lists`)) return "none";
    const entry = await (await caches.open(`${prefix}lists`)).match(address);
    return !entry ? "none" : entry.headers.get("x-notes-version") ? "kept" : "running";
  };
  const shownSize = (size) => size < 1e5 ? `${Math.ceil(size / 1e3)} kB` : `${(size / 1e6).toFixed(1)} MB`;
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => Object.hasOwn(values, name) ? values[name] : all);

  const show = (list) => {
    const isRunning = list.state === "running";
    const text = isRunning ? words.offline_stop : words[list.state === "kept" ? list.remove : list.keep];
    list.button.textContent = fill(text, { title: list.title, size: shownSize(list.size) });
    // A part of a site of which all is kept need not be kept once more.
    list.button.hidden = list.state === "none" && lists.some((other) => other !== list && other.of === "site" && other.state === "kept");
    list.progress.hidden = !isRunning;
    if (!list.count) list.progress.removeAttribute("value");
    else Object.assign(list.progress, { max: list.count, value: list.done });
    list.progress.textContent = list.count ? `${list.done} / ${list.count}` : "";
  };
  const showAll = () => lists.filter((list) => list.title).forEach(show);
  const press = (list) => {
    isAsked = true;
    if (list.state === "none") {
      list.state = "running";
      Object.assign(list, { done: 0, count: 0 });
      // So that the browser does not remove it when it wants room; some ask the reader.
      if (navigator.storage && navigator.storage.persist) navigator.storage.persist().catch(() => {});
      send({ keep: list.address });
    } else {
      list.state = "none";
      send({ remove: list.address });
    }
    showAll();
  };

  // The controls are made when the preferences are first opened: only then sizes are asked for.
  const addControls = async (group) => {
    for (const list of lists) {
      list.button = button("", () => press(list));
      list.progress = make("progress", { hidden: true });
      list.progress.setAttribute("aria-label", words.offline);
      try {
        const { title, size } = await (await fetch(list.address)).json();
        Object.assign(list, { title, size, state: await stateOf(list) });
      } catch { continue; /* it was not kept, and there is no network */ }
      group.append(list.button, list.progress);
    }
    showAll();
    group.append(button(words.offline_clear, () => {
      isAsked = true;
      send({ isAll: true });
    }));
    group.hidden = false;
  };
  const controls = () => {
    const form = document.getElementById("page:preferences");
    if (!form) return;
    const group = make("fieldset", { className: "offline", hidden: true }, make("legend", { textContent: words.offline }));
    form.append(group);
    const open = () => {
      if (form.hidden || !active || group.isMade) return;
      group.isMade = true;
      addControls(group);
    };
    new MutationObserver(open).observe(form, { attributeFilter: ["hidden"] });
    open();
  };

  const listen = ({ data }) => {
    for (const list of lists) {
      if (data.state !== "cleared" && data.list !== list.address) continue;
      const { state, done = 0, count = 0 } = data;
      Object.assign(list, { done, count, state: state === "kept" || state === "running" ? state : "none" });
      if (state === "interrupted") list.state = "running";
    }
    showAll();
    const spoken = {
      kept: words.offline_kept,
      full: words.offline_full,
      interrupted: words.offline_interrupted,
      removed: words.offline_removed,
      cleared: words.offline_removed,
    }[data.state];
    if (spoken && isAsked) say(spoken);
  };

  const start = async () => {
    const { serviceWorker } = navigator;
    const isFirst = !serviceWorker.controller;
    serviceWorker.addEventListener("message", listen);
    serviceWorker.startMessages();
    await serviceWorker.register(worker, { scope: scope.href, updateViaCache: "none" });
    ({ active } = await serviceWorker.ready);
    // That of a new publication has more to do.
    serviceWorker.addEventListener("controllerchange", () => send({ isUpdate: true }));
    controls();
    // The worker did not see this page come.
    if (isFirst) {
      const shown = performance.getEntriesByType("resource").map(({ name }) => name);
      send({ read: [location.href, ...new Set(shown)] });
    }
    send({ isUpdate: true });
  };
  // From a disk there is no worker, and some browsers have none in private windows.
  const isServed = /^https?:$/.test(location.protocol) && navigator.serviceWorker && window.caches;
  if (isServed && !notes.isPreview) start().catch(() => {});
})();
