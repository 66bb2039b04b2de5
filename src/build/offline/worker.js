// The worker of a site: keeps the pages that were read, and the parts that the reader asks for, and answers with them when
// the network does not. `site`, which the program puts before this, has the values of the site.
//
// - Pages and files come from the network if it answers in a moment, so readers get the text of today; else from what is
//   kept. A page that is not there says so.
// - The frame of the pages, scripts and styles, is asked for with its digest, `site.js?0f…`. Under that address it never
//   changes, so what is kept of it is right, and a page of yesterday gets the frame of yesterday. A frame stays as long as
//   a page that was kept needs it.
// - What was kept on demand has its digest with it. A new publication changes `site.version`, and with it the bytes of this
//   script: browsers take the new one at the next visit, and it fetches what has another digest then.
// - Files of other hosts are not touched.
const scope = registration.scope;
// All sites of a host share its caches.
const prefix = `notes:${new URL(scope).pathname}:`;
const names = { pages: `${prefix}pages`, files: `${prefix}files`, lists: `${prefix}lists` };
const frameName = (digest) => `${prefix}frame:${digest}`;
// The marks of answers that are kept.
const DIGEST = "x-notes-digest", FRAME = "x-notes-frame", VERSION = "x-notes-version";

// Milliseconds that the network has before the reader gets what was kept.
const PATIENCE = 3000;
// Larger files are kept on demand only, not whenever one is shown.
const LARGEST = 5e6;
// Requests at once.
const AT_ONCE = 6;

// Hosts serve one page under several addresses: `a/index.html` as `a/`, `b.html` as `b`.
const plain = (address) => address.replace(/[?#].*/, "");
const pageKey = (address) => plain(address).replace(/\/index\.html$/, "/").replace(/\.html$/, "");
const isPage = (address) => /(\/|\.html)$/.test(plain(address));
const frameOf = (address) => (/\?([0-9a-f]{16})$/.exec(address) || [])[1];
const entryOf = (address) =>
  isPage(address) ? { cache: names.pages, key: pageKey(address) } : { cache: names.files, key: plain(address) };

const find = async (cache, key) => (await caches.has(cache)) ? (await caches.open(cache)).match(key) : undefined;
const kept = async (address) => {
  const { cache, key } = entryOf(address);
  return await find(cache, key)
    // A page under its address without ending.
    || await find(names.pages, pageKey(address))
    // A file that a style sheet of the frame names.
    || (await caches.has(frameName(site.frame)) && caches.match(key, { cacheName: frameName(site.frame), ignoreSearch: true }))
    || undefined;
};

// Keeps an answer; a new one, because browsers show none that was redirected.
const put = async (address, response, marks) => {
  const type = response.headers.get("content-type") || "";
  const headers = { "content-type": type, ...marks };
  if (!type.startsWith("text/html")) {
    return (await caches.open(names.files)).put(plain(address), new Response(await response.blob(), { headers }));
  }
  const text = await response.text();
  const frame = /\/preferences\.js\?([0-9a-f]{16})"/.exec(text);
  if (frame) headers[FRAME] = frame[1];
  return (await caches.open(names.pages)).put(pageKey(address), new Response(text, { headers }));
};

// Answers.

const isFine = (response) => response.status === 200 && response.type === "basic";
const isGone = (response) => response.status === 404 || response.status === 410;
const isSmall = (response) => !(Number(response.headers.get("content-length")) > LARGEST);
const after = (time, value) => new Promise((done) => { setTimeout(() => done(value), time); });

const notKept = () => new Response(site.missing.replace(site.base, new URL(scope).pathname), {
  status: 503, headers: { "content-type": "text/html; charset=utf-8" },
});

// The answer of the network, which is kept if `isRead`.
const fetched = (event, isRead) => {
  const { request } = event;
  const answer = fetch(request).then((response) => {
    if (isRead && isFine(response) && isSmall(response)) {
      // Without room the reader still gets the answer.
      event.waitUntil(put(request.url, response.clone()).catch(() => {}));
    } else if (isGone(response)) event.waitUntil(drop([request.url, `${plain(request.url)}.html`]));
    return response;
  });
  event.waitUntil(answer.catch(() => {}));
  return answer;
};

const answer = async (event, isRead) => {
  const { request } = event;
  const fresh = fetched(event, isRead);
  const old = await kept(request.url);
  if (!old) return fresh.catch(() => request.mode === "navigate" ? notKept() : Response.error());
  const first = await Promise.race([fresh.catch(() => old), after(PATIENCE, old)]);
  return first.status >= 500 ? old : first;
};

const answerWithFrame = async ({ request }, digest) => {
  const found = await find(frameName(digest), request.url);
  if (found) return found;
  try {
    const response = await fetch(request);
    // Only beside others of the same frame: the host may just be changing from one to the other.
    if (isFine(response) && await caches.has(frameName(digest))) {
      const copy = response.clone();
      caches.open(frameName(digest)).then((cache) => cache.put(request.url, copy)).catch(() => {});
    }
    return response;
  } catch {
    return await kept(plain(request.url)) || Response.error();
  }
};

// A part of a file that is kept: players ask for films in parts, and some take nothing else.
const answerWithRange = async ({ request }) => {
  const whole = await kept(request.url);
  if (!whole) return fetch(request);
  const blob = await whole.blob();
  const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(request.headers.get("range")) || [];
  if (!from && !to) return new Response(blob, { headers: whole.headers });
  const start = from ? Number(from) : Math.max(0, blob.size - Number(to));
  const end = from && to ? Math.min(Number(to), blob.size - 1) : blob.size - 1;
  if (start > end) return new Response(null, { status: 416, headers: { "content-range": `bytes */${blob.size}` } });
  const headers = { "content-type": whole.headers.get("content-type"), "content-range": `bytes ${start}-${end}/${blob.size}` };
  return new Response(blob.slice(start, end + 1), { status: 206, headers });
};

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || !request.url.startsWith(scope)) return;
  const digest = frameOf(request.url);
  if (digest) event.respondWith(answerWithFrame(event, digest));
  else if (request.headers.has("range")) event.respondWith(answerWithRange(event));
  // A page that a preview of a link shows was not read.
  else event.respondWith(answer(event, request.mode === "navigate" || !isPage(request.url)));
});

// The frame.

const fillFrame = async (addresses) => {
  const cache = await caches.open(frameName(site.frame));
  const fill = async (address) => {
    const url = `${new URL(address, scope)}?${site.frame}`;
    if (await cache.match(url)) return;
    const response = await fetch(url, { cache: "reload" });
    // A file that the host does not publish is no reason to leave out the others.
    if (response.ok) await cache.put(url, response);
  };
  await Promise.all(addresses.map(fill));
};

const removeOldFrames = async () => {
  const frames = (await caches.keys()).filter((name) => name.startsWith(frameName("")) && name !== frameName(site.frame));
  if (!frames.length) return;
  const pages = await caches.open(names.pages);
  const needed = new Set();
  for (const key of await pages.keys()) {
    const page = await pages.match(key);
    if (page) needed.add(frameName(page.headers.get(FRAME)));
  }
  for (const name of frames) if (!needed.has(name)) await caches.delete(name);
};

addEventListener("install", (event) => event.waitUntil(fillFrame(site.first).then(() => skipWaiting())));
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

// Keeping on demand. The cache of lists has an entry for each list that the reader asked for: the files that it had when it
// was kept, and the version of the site of which all of them are kept.

const tell = async (message) => {
  for (const client of await clients.matchAll({ type: "window" })) client.postMessage(message);
};

const drop = async (addresses) => {
  for (const address of addresses) {
    const { cache, key } = entryOf(address);
    if (await caches.has(cache)) await (await caches.open(cache)).delete(key);
  }
};

// The files of a list and of those that it names: address → digest.
const filesOf = async (address) => {
  const response = await fetch(address, { cache: "no-cache" });
  if (!response.ok) throw Object.assign(new Error(address), { isGone: isGone(response) });
  const list = await response.json();
  const files = new Map(list.files.map(([path, , digest]) => [new URL(path, scope).href, digest]));
  for (const other of list.lists) {
    for (const [url, digest] of await filesOf(new URL(other, scope).href)) files.set(url, digest);
  }
  return files;
};

const keptFiles = async (lists, address) => {
  const entry = await lists.match(address);
  return entry ? entry.json() : [];
};

// The files of other lists.
const filesOfOthers = async (lists, address) => {
  const files = new Set();
  for (const { url } of await lists.keys()) {
    if (url !== address) for (const file of await keptFiles(lists, url)) files.add(file);
  }
  return files;
};

const keepFile = async (address, digest) => {
  const { cache, key } = entryOf(address);
  const old = await find(cache, key);
  if (old && old.headers.get(DIGEST) === digest) return;
  const response = await fetch(address, { cache: "no-cache" });
  if (response.ok) await put(address, response, { [DIGEST]: digest });
};

const stopped = new Set();
const running = new Map();

const keepList = async (address) => {
  const lists = await caches.open(names.lists);
  const before = await keptFiles(lists, address);
  const mark = (files, version) =>
    lists.put(address, new Response(JSON.stringify(files), { headers: { [VERSION]: version } }));
  let done = 0, count = 0;
  try {
    // If this is interrupted, the next visit goes on.
    await mark(before, "");
    await tell({ list: address, state: "running", done, count });
    const files = await filesOf(address);
    count = files.size;
    await mark([...new Set([...before, ...files.keys()])], "");
    await fillFrame([...site.first, ...site.others]);
    const todo = [...files];
    const work = async () => {
      for (let next = todo.shift(); next && !stopped.has(address); next = todo.shift()) {
        await keepFile(...next);
        done += 1;
        if (done % AT_ONCE === 0) await tell({ list: address, state: "running", done, count });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    if (stopped.has(address)) return;
    const others = await filesOfOthers(lists, address);
    await drop(before.filter((file) => !files.has(file) && !others.has(file)));
    await mark([...files.keys()], site.version);
    await tell({ list: address, state: "kept", done, count });
  } catch (error) {
    const isFull = error.name === "QuotaExceededError";
    // The part is gone or has another name now, or has no room; of one that was kept before, what there is room for stays,
    // and the next publication is tried again.
    if (error.isGone || isFull && !before.length) await forget(address);
    else if (isFull) await lists.match(address).then(async (entry) => mark(await entry.json(), site.version));
    await tell({ list: address, state: error.isGone ? "removed" : isFull ? "full" : "interrupted", done, count });
  }
};

const keep = (address) => {
  stopped.delete(address);
  if (!running.has(address)) running.set(address, keepList(address).finally(() => running.delete(address)));
  return running.get(address);
};

const forget = async (address) => {
  const lists = await caches.open(names.lists);
  const files = await keptFiles(lists, address);
  await lists.delete(address);
  const others = await filesOfOthers(lists, address);
  await drop(files.filter((file) => !others.has(file)));
};

const remove = async (address) => {
  stopped.add(address);
  await running.get(address);
  await forget(address);
  await tell({ list: address, state: "removed" });
};

const removeAll = async () => {
  for (const address of running.keys()) stopped.add(address);
  await Promise.all(running.values());
  for (const name of await caches.keys()) if (name.startsWith(prefix)) await caches.delete(name);
  await tell({ state: "cleared" });
};

// Brings what is kept to the publication of this worker, and goes on with what was interrupted.
const update = async () => {
  await fillFrame(site.first);
  if (await caches.has(names.lists)) {
    const lists = await caches.open(names.lists);
    for (const { url } of await lists.keys()) {
      const entry = await lists.match(url);
      if (entry && entry.headers.get(VERSION) !== site.version) await keep(url);
    }
  }
  await removeOldFrames();
};

// A page that was open before there was a worker, and what it shows.
const read = async (addresses) => {
  for (const address of addresses.filter((address) => address.startsWith(scope) && !frameOf(address))) {
    const response = await fetch(address);
    if (isFine(response) && isSmall(response)) await put(address, response);
  }
};

addEventListener("message", (event) => {
  const { keep: wanted, remove: unwanted, isAll, isUpdate, read: addresses } = event.data;
  const work = wanted ? keep(wanted) : unwanted ? remove(unwanted) : isAll ? removeAll()
    : addresses ? read(addresses) : isUpdate ? update() : undefined;
  // Without a network there is nothing new.
  if (work) event.waitUntil(work.catch(() => {}));
});
