// The worker of a site: keeps the pages that were read, and the parts that the reader asks for, and answers with them when
// the network does not. `site`, which the program puts before this, has the values of the site.
//
// - Everything has a digest: this script names the lists with theirs, and the files of the frame; the lists name the files
//   with theirs. Bytes are kept under a digest only if they have it. A host that is changing from one publication to the
//   next sends others: then the work is interrupted, and the next visit goes on.
// - Pages and files come from the network if it answers in a moment, so readers get the text of today; else from what is
//   kept. A page that is not there says so.
// - The frame of the pages, scripts and styles, is asked for with its digest, `site.js?0f…`. A page of yesterday gets the
//   frame of yesterday, which stays as long as a page that was kept needs it.
// - A new publication changes `site.version`, and with it the bytes of this script: browsers take the new one at the next
//   visit, and it fetches what has another digest then.
// - Files of other hosts are not touched.
const scope = registration.scope;
// All sites of a host share its caches. What was read and what was asked for are apart: the one gives way to newer things,
// the other stays as its list says.
const prefix = `notes:${new URL(scope).pathname}:`;
const names = { read: `${prefix}read`, kept: `${prefix}kept`, lists: `${prefix}lists` };
const frameName = (digest) => `${prefix}frame:${digest}`;
// The marks of answers that are kept.
const DIGEST = "x-notes-digest", FRAME = "x-notes-frame";

// Milliseconds that the network has before the reader gets what was kept, and those in which it is not waited for again.
const PATIENCE = 3000, SILENCE = 60000;
// Larger files are kept on demand only, not whenever one is shown; of what was read, so many pages and files stay.
const LARGEST = 5e6, MOST = 500;
// Requests at once.
const AT_ONCE = 6;
// Milliseconds between attempts at files that the host does not give, from the third on.
const PAUSE = 600000;

// Address → digest.
const byAddress = (files) => new Map(files.map(([path, digest]) => [new URL(path, scope).href, digest]));
// The files of the frame that every page loads, all of it, and the lists.
const first = byAddress(site.first), frame = new Map([...first, ...byAddress(site.others)]), lists = byAddress(site.lists);

// The address under which something is kept. Hosts serve one page under several: `a/index.html` as `a/`, `b.html` as `b`.
const plain = (address) => address.replace(/[?#].*/, "").replace(/\/index\.html$/, "/");
const isPage = (address) => /(\/|\.html)$/.test(plain(address));
const frameOf = (address) => (/\?([0-9a-f]{16})$/.exec(address) || [])[1];

// Finding and storing.

const find = async (name, key, options) => (await caches.has(name)) ? (await caches.open(name)).match(key, options) : undefined;
const kept = async (address) => {
  const key = plain(address);
  for (const one of [key, `${key}.html`]) {
    const found = await find(names.read, one) || await find(names.kept, one);
    if (found) return found;
  }
  // A file that a style sheet of the frame names.
  return find(frameName(site.frame), key, { ignoreSearch: true });
};

// Those that were kept last are the last.
const keysOf = async (name) =>
  (await caches.has(name)) ? (await (await caches.open(name)).keys()).map(({ url }) => url) : [];

const isFine = (response) =>
  response.status === 200 && response.type === "basic" && !/no-store/i.test(response.headers.get("cache-control"));
const isHtml = (response) => /^text\/html/i.test(response.headers.get("content-type"));

// An answer with all of its bytes, and their digest.
const whole = async (response) => {
  const bytes = await response.arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes)).slice(0, 8);
  return { response, bytes, digest: [...digest].map((byte) => byte.toString(16).padStart(2, "0")).join("") };
};

let isLeaving = false;
const writing = new Set();
// The one place where something is kept. The headers stay, for a host may restrict with them what a page does; those about
// the bytes as they were sent are wrong now. A new answer, because browsers show none that was redirected.
const store = async (name, key, { response, bytes, digest }) => {
  const headers = new Headers(response.headers);
  for (const one of ["content-encoding", "content-length", "set-cookie", "vary"]) headers.delete(one);
  headers.set(DIGEST, digest);
  const needed = isHtml(response) && /\/preferences\.js\?([0-9a-f]{16})"/.exec(new TextDecoder().decode(bytes));
  if (needed) headers.set(FRAME, needed[1]);
  if (isLeaving) return;
  const work = caches.open(name).then((cache) => cache.put(key, new Response(bytes, { headers })));
  writing.add(work);
  await work.finally(() => writing.delete(work));
};

const remove = async (name, keys) => {
  if (!await caches.has(name)) return;
  const cache = await caches.open(name);
  for (const key of keys) await cache.delete(key);
};

const isSmall = (response) => !(Number(response.headers.get("content-length")) > LARGEST);
const keepRead = async (address, response) => {
  if (!isFine(response) || !isSmall(response)) return;
  const answer = await whole(response);
  if (answer.bytes.byteLength > LARGEST) return;
  const place = plain(address);
  const key = isHtml(response) && !/(\/|\.\w?html?)$/.test(place) ? `${place}.html` : place;
  const asked = await find(names.kept, key);
  if (asked && asked.headers.get(DIGEST) === answer.digest) return remove(names.read, [key]);
  await store(names.read, key, answer);
  await remove(names.read, (await keysOf(names.read)).slice(0, -MOST));
};

// Answers.

const after = (time) => new Promise((done) => { setTimeout(done, time); });
let silentUntil = 0;

const notKept = () => new Response(site.missing.replace(site.base, new URL(scope).pathname), {
  status: 503, headers: { "content-type": "text/html; charset=utf-8" },
});

// The answer of the network, which is kept if `isRead`.
const fetched = (event, isRead) => {
  const { request } = event;
  const answer = fetch(request).then((response) => {
    silentUntil = 0;
    // Without room the reader still gets the answer.
    if (isRead && isFine(response) && isSmall(response)) event.waitUntil(keepRead(request.url, response.clone()).catch(() => {}));
    if ([404, 410].includes(response.status)) {
      event.waitUntil(remove(names.read, [plain(request.url), `${plain(request.url)}.html`]));
    }
    return response;
  });
  event.waitUntil(answer.catch(() => {}));
  return answer;
};

// The part of a file that players ask for: some take nothing else.
const partOf = async (file, range) => {
  const [, from, to] = /^bytes=(\d*)-(\d*)$/.exec(range) || [];
  if (!from && !to) return file;
  const blob = await file.blob();
  const start = from ? Number(from) : Math.max(0, blob.size - Number(to));
  const end = from && to ? Math.min(Number(to), blob.size - 1) : blob.size - 1;
  if (start > end) return new Response(null, { status: 416, headers: { "content-range": `bytes */${blob.size}` } });
  const headers = new Headers(file.headers);
  headers.set("content-range", `bytes ${start}-${end}/${blob.size}`);
  return new Response(blob.slice(start, end + 1), { status: 206, headers });
};

const answer = async (event, isRead) => {
  const { request } = event;
  const fresh = fetched(event, isRead);
  const found = await kept(request.url);
  if (!found) return fresh.catch(() => request.mode === "navigate" ? notKept() : Response.error());
  const old = request.headers.has("range") ? await partOf(found, request.headers.get("range")) : found;
  if (Date.now() < silentUntil) return old;
  const first = await Promise.race([fresh.catch(() => old), after(PATIENCE)]);
  if (!first) silentUntil = Date.now() + SILENCE;
  return !first || first.status >= 500 ? old : first;
};

const answerWithFrame = async (event, digest) => {
  const { request } = event;
  const address = plain(request.url);
  const found = await find(frameName(digest), request.url);
  if (found) return found;
  try {
    const response = await fetch(request);
    if (digest === site.frame && frame.has(address) && isFine(response)) {
      const copy = response.clone();
      event.waitUntil(whole(copy).then((file) => {
        if (file.digest === frame.get(address)) return store(frameName(digest), request.url, file);
      }).catch(() => {}));
    }
    return response;
  } catch {
    for (const name of await caches.keys()) {
      const other = name.startsWith(frameName("")) && await find(name, address, { ignoreSearch: true });
      if (other) return other;
    }
    return Response.error();
  }
};

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET" || !request.url.startsWith(scope)) return;
  const digest = frameOf(request.url);
  // A page that a preview of a link shows was not read, and a part is no file.
  const isRead = !request.headers.has("range") && (request.mode === "navigate" || !isPage(request.url));
  event.respondWith(digest ? answerWithFrame(event, digest) : answer(event, isRead));
});

// Fetching what has a digest.

// The file of this publication at an address. One that the host does not have, or wants nobody to keep, or changes, is
// `missing`, so that the others are there at least. Without an answer there will be one later.
const fetchChecked = async (address, digest, signal) => {
  const response = await fetch(address, { cache: "no-cache", signal });
  if (response.status >= 500 || response.status === 429) throw new Error(address);
  const file = isFine(response) && await whole(response);
  if (!file || file.digest !== digest) throw Object.assign(new Error(address), { isMissing: true });
  return file;
};

// Does the work for each of `all`, several at once, and no more after one that failed; the number of those that are missing.
const forEach = async (all, work) => {
  const todo = [...all];
  let missing = 0;
  const next = async () => {
    while (todo.length) {
      try { await work(todo.shift()); } catch (error) {
        if (!error.isMissing) {
          todo.length = 0;
          throw error;
        }
        missing += 1;
      }
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: AT_ONCE }, next));
  const failed = ends.find(({ status }) => status === "rejected");
  if (failed) throw failed.reason;
  return missing;
};

const fillFrame = (addresses, signal) => forEach(addresses, async (address) => {
  const url = `${address}?${site.frame}`;
  if (!await find(frameName(site.frame), url)) {
    await store(frameName(site.frame), url, await fetchChecked(url, frame.get(address), signal));
  }
});

const removeOldFrames = async () => {
  const frames = (await caches.keys()).filter((name) => name.startsWith(frameName("")) && name !== frameName(site.frame));
  if (!frames.length) return;
  const needed = new Set();
  for (const name of [names.read, names.kept]) {
    const cache = await caches.has(name) && await caches.open(name);
    for (const key of cache ? await cache.keys() : []) {
      const file = await cache.match(key);
      if (file) needed.add(frameName(file.headers.get(FRAME)));
    }
  }
  for (const name of frames) if (!needed.has(name)) await caches.delete(name);
};

// A frame that is not whole is filled at the next visit.
addEventListener("install", (event) => event.waitUntil(fillFrame(first.keys()).catch(() => {}).then(() => skipWaiting())));
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

// Keeping on demand. The cache of lists has an entry for each list that the reader asked for:
//   files    the addresses of all that is kept for it
//   lists    those of the lists that it names
//   isWhole  true if all files of some publication were kept once
//   version  the publication for which nothing is left to do; empty if the next visit goes on
//   lack     how many times the host did not give all files, of which publication, and when it was asked last

const tell = async (message) => {
  for (const client of await clients.matchAll({ type: "window", includeUncontrolled: true })) {
    if (client.url.startsWith(scope)) client.postMessage(message);
  }
};

const entryOf = async (address) => {
  const entry = await find(names.lists, address);
  return entry ? entry.json() : { files: [], lists: [], isWhole: false, version: "" };
};
const mark = async (address, entry) => {
  if (!isLeaving) await (await caches.open(names.lists)).put(address, new Response(JSON.stringify(entry)));
};

// Lists share files. What says which files a list wants, and what removes those that none wants, is done one after the
// other: a list that finds a file finds it afterwards too.
let last = Promise.resolve();
const alone = (work) => {
  const end = last.then(work);
  last = end.catch(() => {});
  return end;
};

const wanted = async (but) => {
  const files = new Set();
  for (const address of await keysOf(names.lists)) {
    if (address !== but) for (const file of (await entryOf(address)).files) files.add(file);
  }
  return files;
};

// Removes files that no other list has.
const drop = (address, files) => alone(async () => {
  const others = await wanted(address);
  const dropped = files.filter((file) => !others.has(file));
  await remove(names.kept, dropped);
  await remove(names.read, dropped);
});

// Removes what no list has: the rest of a removal that was cut off. Once is enough.
let isSwept = false;
const sweep = () => alone(async () => {
  if (isSwept) return;
  const all = await wanted();
  await remove(names.kept, (await keysOf(names.kept)).filter((file) => !all.has(file)));
  isSwept = true;
});

const forget = async (address) => {
  const { files } = await entryOf(address);
  await remove(names.lists, [address]);
  await drop(address, files);
};

// The files of a list and of those that it names, themselves included: address → digest.
const readList = async (address, signal) => {
  const digest = lists.get(address);
  const { bytes } = await fetchChecked(address, digest, signal);
  const list = JSON.parse(new TextDecoder().decode(bytes));
  const below = list.lists.map((path) => new URL(path, scope).href);
  const found = { title: list.title, lists: below, files: new Map([[address, digest]]) };
  for (const [path, , of] of list.files) found.files.set(new URL(path, scope).href, of);
  for (const other of below) {
    const { lists: further, files } = await readList(other, signal);
    found.lists = [...found.lists, ...further];
    for (const [url, of] of files) found.files.set(url, of);
  }
  return found;
};

const keepFile = async (address, digest, signal) => {
  signal.throwIfAborted();
  const key = plain(address);
  const old = await find(names.kept, key);
  if (!old || old.headers.get(DIGEST) !== digest) await store(names.kept, key, await fetchChecked(address, digest, signal));
  await remove(names.read, [key]);
};

const keep = async (address, signal) => {
  if (signal.aborted) return;
  const before = await entryOf(address);
  let entry = before, done = 0, count = 0;
  const say = (state, why) => tell({ list: address, title: entry.title, state, why, done, count });
  try {
    if (!lists.has(address)) {
      await forget(address);
      return await say("none", "gone");
    }
    // If this is interrupted, the next visit goes on.
    await mark(address, { ...before, version: "" });
    await say("running");
    const { title, lists: below, files } = await readList(address, signal);
    count = files.size;
    const all = new Set([...before.files, ...[...files.keys()].map(plain)]);
    entry = { title, lists: below, files: [...all], isWhole: before.isWhole, version: "" };
    await alone(() => mark(address, entry));
    const ofFrame = await fillFrame(frame.keys(), signal);
    const missing = ofFrame + await forEach(files, async ([file, digest]) => {
      await keepFile(file, digest, signal);
      done += 1;
      if (done % AT_ONCE === 0) await say("running");
    });
    signal.throwIfAborted();
    if (missing) {
      const { times = 0, version } = before.lack || {};
      const lack = { times: version === site.version ? times + 1 : 1, version: site.version, at: Date.now() };
      await mark(address, { ...entry, lack });
      return await say("running", "incomplete");
    }
    const now = new Set([...files.keys()].map(plain));
    await mark(address, { ...entry, files: [...now], isWhole: true, version: site.version });
    await drop(address, before.files.filter((file) => !now.has(file)));
    await say("kept", "kept");
  } catch (error) {
    // The next work for this list says how it stands.
    if (signal.aborted) return;
    const isFull = error.name === "QuotaExceededError";
    if (isFull) await settle(address, before.isWhole).catch(() => {});
    await say(!isFull ? "running" : before.isWhole ? "kept" : "none", isFull ? "full" : "interrupted");
  }
};

// Keeps a list that has more to do, if it is still wanted. A host that did not give all files twice is asked again later.
const goOn = async (address, signal) => {
  const isWanted = (await keysOf(names.lists)).includes(address);
  const { version, lack } = await entryOf(address);
  const waits = lack && lack.version === site.version && lack.times > 1 && Date.now() - lack.at < PAUSE;
  if (isWanted && version !== site.version && !waits) await keep(address, signal);
};

// Nothing more is done for a list in this publication. What was whole once stays, and the next publication is tried again.
const settle = async (address, isWhole) => {
  if (!isWhole) return forget(address);
  await mark(address, { ...await entryOf(address), version: site.version });
};

const stop = async (address) => {
  const { isWhole } = await entryOf(address);
  await settle(address, isWhole);
  await tell({ list: address, state: isWhole ? "kept" : "none", why: isWhole ? "stopped" : "removed" });
};

const removeList = async (address) => {
  await forget(address);
  await tell({ list: address, state: "none", why: "removed" });
};

// One thing after the other for each list: the last that the reader wants ends what is running, and begins behind it. A
// visit ends nothing, and ends with what it comes behind.
const running = new Map();
let cleared = Promise.resolve();
const run = (address, work) => {
  const last = running.get(address);
  if (last && last.work === keep && work === keep) return last.end;
  const isVisit = last && work === goOn;
  const controller = isVisit ? last.controller : new AbortController();
  if (last && !isVisit) last.controller.abort();
  const before = last ? last.end : cleared;
  const one = { work, controller };
  one.end = before.then(() => work(address, controller.signal)).catch(() => {}).finally(() => {
    if (running.get(address) === one) running.delete(address);
  });
  running.set(address, one);
  return one.end;
};

// Removes everything, and behind it comes what the reader wants next.
const clear = () => {
  const all = [...running.values()];
  for (const { controller } of all) controller.abort();
  running.clear();
  cleared = Promise.all([cleared, ...all.map(({ end }) => end)]).then(async () => {
    await Promise.allSettled(writing);
    for (const name of await caches.keys()) if (name.startsWith(prefix)) await caches.delete(name);
    await tell({ state: "none", why: "removed" });
  });
  return cleared;
};

// The site has no worker any more: nothing is kept from now on, also for pages that are still open.
const leave = async ([port]) => {
  isLeaving = true;
  await clear().catch(() => {});
  port.postMessage("left");
};

// Brings what is kept to the publication of this worker, and goes on with what was interrupted.
const update = async () => {
  await fillFrame(first.keys()).catch(() => {});
  for (const address of await keysOf(names.lists)) {
    await run(address, goOn);
  }
  await sweep();
  await removeOldFrames();
};

// The files of a page that was open before there was this worker: of its frame, and if there was none at all, the rest.
const read = async (addresses, isFirst) => {
  const own = addresses.filter((address) => address.startsWith(scope));
  const ofFrame = own.filter((address) => frameOf(address) === site.frame).map(plain);
  await fillFrame(ofFrame.filter((address) => frame.has(address)));
  if (!isFirst) return;
  for (const address of own.filter((address) => !frameOf(address))) await keepRead(address, await fetch(address));
};

addEventListener("message", (event) => {
  const { what, list, addresses, isFirst } = event.data;
  const work = {
    keep: () => run(list, keep),
    stop: () => run(list, stop),
    remove: () => run(list, removeList),
    clear,
    leave: () => leave(event.ports),
    update,
    begin: () => skipWaiting(),
    read: () => read(addresses, isFirst),
  }[what];
  // Without a network there is nothing new.
  if (work) event.waitUntil(work().catch(() => {}));
});
