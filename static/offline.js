// Reading without a network: starts the worker of the site, and adds to the preferences what keeps a part or all of the
// site in this browser and what removes it. Pages of a site with `offline: true` load it. Other pages load it if a worker
// was there before (see comfort.js): then it removes that and what it kept.
"use strict";
(() => {
  const { words, make, button, say } = notes;
  const { dataset, src } = document.currentScript;
  const worker = (dataset.worker ? new URL(dataset.worker, document.baseURI) : new URL("../offline.js", src)).href;
  const scope = new URL(".", worker);
  // As the worker calls its caches.
  const prefix = `notes:${scope.pathname}:`;
  // That there was a worker, for pages that no worker answers for any more.
  const mark = `notes-worker:${new URL(worker).pathname}`;
  const { serviceWorker } = navigator;

  // The worker ends what it does first: pages that are still open would have it keep more.
  const stop = async () => {
    const registration = await serviceWorker.getRegistration(scope.href);
    const isOurs = registration && registration.scope === scope.href;
    if (isOurs && registration.active) {
      await new Promise((done) => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = done;
        setTimeout(done, 5000);
        registration.active.postMessage({ what: "leave" }, [port2]);
      });
    }
    if (isOurs) await registration.unregister();
    const left = (await caches.keys()).filter((name) => name.startsWith(prefix));
    for (const name of left) await caches.delete(name);
    // Other pages of before may still be open: the mark goes when a page finds nothing.
    if (!isOurs && !left.length) localStorage.removeItem(mark);
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
  let registration = null;
  // Not to the controller: that of a site above may have brought this page, or none.
  const send = (message) => registration.active.postMessage(message);
  // Only what the reader asked for on this page is told.
  let isAsked = false;

  const shownSize = (size) => size < 1e5 ? `${Math.ceil(size / 1e3)} kB` : `${(size / 1e6).toFixed(1)} MB`;
  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (all, name) => Object.hasOwn(values, name) ? values[name] : all);

  const show = (list) => {
    const isRunning = list.state === "running";
    const text = isRunning ? words.offline_stop : words[list.state === "kept" ? list.remove : list.keep];
    list.button.textContent = fill(text, { title: list.title, size: shownSize(list.size) });
    list.button.hidden = list.state === "none" && list.isCovered;
    list.progress.hidden = !isRunning;
    if (!list.count) list.progress.removeAttribute("value");
    else Object.assign(list.progress, { max: list.count, value: list.done });
    list.progress.textContent = list.count ? `${list.done} / ${list.count}` : "";
  };
  const showAll = () => lists.filter((list) => list.button).forEach(show);

  // The state of each list: nothing of it is kept, there is more to do, all of it is kept. One that is kept with another,
  // as a part with its site, need not be kept once more.
  const look = async () => {
    const name = `${prefix}lists`, entries = new Map();
    const cache = await caches.has(name) && await caches.open(name);
    for (const key of cache ? await cache.keys() : []) {
      const entry = await cache.match(key);
      if (entry) entries.set(key.url, await entry.json());
    }
    const kept = [...entries.values()].filter(({ version }) => version);
    for (const list of lists) {
      const entry = entries.get(list.address);
      list.state = !entry ? "none" : entry.version ? "kept" : "running";
      list.isCovered = kept.some((other) => other.lists.includes(list.address));
    }
    showAll();
  };

  const press = (list) => {
    isAsked = true;
    const what = { none: "keep", running: "stop", kept: "remove" }[list.state];
    if (what === "keep") {
      Object.assign(list, { state: "running", done: 0, count: 0 });
      showAll();
      // So that the browser does not remove it when it wants room; some ask the reader.
      if (navigator.storage && navigator.storage.persist) navigator.storage.persist().catch(() => {});
    }
    send({ what, list: list.address });
  };

  // The controls are made when the preferences are first opened: only then sizes are asked for.
  const addControls = async (group) => {
    for (const list of lists) {
      try {
        const { title, size } = await (await fetch(list.address)).json();
        Object.assign(list, { title, size });
      } catch { continue; /* it was not kept, and there is no network */ }
      list.button = button("", () => press(list));
      list.progress = make("progress", { hidden: true });
      list.progress.setAttribute("aria-label", words.offline);
      group.append(list.button, list.progress);
    }
    await look();
    group.append(button(words.offline_clear, () => {
      isAsked = true;
      send({ what: "clear" });
    }));
    group.hidden = false;
  };
  const controls = () => {
    const form = document.getElementById("page:preferences");
    if (!form) return;
    const group = make("fieldset", { className: "offline", hidden: true }, make("legend", { textContent: words.offline }));
    form.append(group);
    const open = () => {
      if (form.hidden || group.isMade) return;
      group.isMade = true;
      addControls(group);
    };
    new MutationObserver(open).observe(form, { attributeFilter: ["hidden"] });
    open();
  };

  const listen = async ({ data, source }) => {
    if (source && source.scriptURL !== worker) return;
    const { list: address, title, state, why, done = 0, count = 0 } = data;
    const list = lists.find((one) => one.address === address);
    if (list) Object.assign(list, { state, done, count });
    // A part that is not there any more has no page to say so.
    if (why && (isAsked && (list || !address) || why === "gone")) say(fill(words[`offline_${why}`], { title }));
    if (why) await look(); else showAll();
  };

  const start = async () => {
    const { controller } = serviceWorker;
    const isFirst = !controller || controller.scriptURL !== worker;
    serviceWorker.addEventListener("message", listen);
    serviceWorker.startMessages();
    registration = await serviceWorker.register(worker, { scope: scope.href, updateViaCache: "none" });
    try { localStorage.setItem(mark, "1"); } catch { /* no storage: only the worker itself tells */ }
    const coming = registration.installing || registration.waiting;
    while (!registration.active) await new Promise((done) => { coming.addEventListener("statechange", done, { once: true }); });
    // The worker did not see this page come, or that of a new publication did not.
    const tell = (isFirst) => {
      const shown = performance.getEntriesByType("resource").map(({ name }) => name);
      send({ what: "read", addresses: [location.href, ...new Set(shown)], isFirst });
      send({ what: "update" });
      // Chromium may forget that it need not wait.
      if (registration.waiting) registration.waiting.postMessage({ what: "begin" });
    };
    serviceWorker.addEventListener("controllerchange", () => tell(false));
    controls();
    tell(isFirst);
  };
  // From a disk there is no worker, and some browsers have none in private windows.
  const isServed = /^https?:$/.test(location.protocol) && serviceWorker && window.caches;
  if (isServed && !notes.isPreview) start().catch(() => {});
})();
