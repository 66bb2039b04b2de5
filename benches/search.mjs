// Notes → how well the search of several generators finds what stands in them: a Markdown table.
//
//   node measure.mjs NOTES WORK PEER...      peers: notes, mdbook, vitepress, pagefind
//
// WORK is a folder for sites and for npm packages: `npm i --prefix WORK vitepress minisearch pagefind puppeteer-core`.
// NOTES_BIN, MDBOOK and CHROMIUM name the programs, if they are not on the path; MDBOOK_NOTES holds the notes as mdBook
// needs them, with a SUMMARY.md.
import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { dirname, extname, join, relative } from "node:path";
import { gzipSync } from "node:zlib";

const [notes, work, ...peers] = process.argv.slice(2);
const require = createRequire(join(work, "package.json"));
const program = (name, usual) => process.env[name] || usual;
const walk = (folder) => readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
  entry.name.startsWith(".") ? [] : entry.isDirectory() ? walk(join(folder, entry.name)) : [join(folder, entry.name)]);
const wire = (bytes) => gzipSync(bytes, { level: 6 }).length;
const median = (list) => [...list].sort((a, b) => a - b)[list.length >> 1];

// What a reader sees of a note, about: no front matter, addresses, tags, marks of emphasis; code is text too.
const seen = (text) => text
  .replace(/^---\n[\s\S]*?\n---\n/, "").replace(/<!--[\s\S]*?-->/g, "").replace(/^ *(```|~~~).*$/gm, "")
  .replace(/(!?)\[([^\]]*)\]\([^)]*\)/g, "$2").replace(/<\/?[a-z][^>]*>/gi, " ").replace(/[*`]/g, "");
const files = walk(notes).filter((file) => file.endsWith(".md") && !/(SUMMARY|_sidebar|_navbar)\.md$/.test(file));
// Notes with nothing to read but a heading are left out.
const isRead = ([, text]) => text.trim().split("\n").filter((line) => line.trim()).length > 1;
const texts = new Map(files.map((file) => [relative(notes, file), seen(readFileSync(file, "utf8").replace(/\r/g, ""))]).filter(isRead));

// Two hundred queries, each with the notes that hold it: half of them in three notes at most, half in up to forty.
let dice = 20261123n;
const below = (end) => {
  dice = (dice * 6364136223846793005n + 1442695040888963407n) & 0xffffffffffffffffn;
  return Number((dice >> 33n) % BigInt(end));
};
const holders = (query) => {
  const word = /^[a-z]/i.test(query) && new RegExp(`(?<![[\\p{L}\\p{N}]--\\p{Script=Han}])${query}`, "iv");
  return [...texts].filter(([, text]) => word ? word.test(text) : text.includes(query)).map(([file]) => file);
};
const sample = () => {
  const queries = new Map();
  const counts = { rare: 0, other: 0 };
  const all = [...texts.values()];
  while (queries.size < 200) {
    const runs = all[below(all.length)].match(below(4) ? /\p{Script=Han}{2,}/gu : /[A-Za-z]{3,}/g);
    if (!runs) continue;
    const run = runs[below(runs.length)];
    const length = /[a-z]/i.test(run) ? run.length : Math.min(run.length, 2 + below(5));
    const at = below(run.length - length + 1);
    const query = run.slice(at, at + length);
    const found = holders(query);
    const kind = found.length <= 3 ? "rare" : "other";
    if (queries.has(query) || found.length > 40 || counts[kind] === 100) continue;
    counts[kind]++;
    queries.set(query, found);
  }
  return queries;
};

const types = { ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css", ".json": "application/json", ".wasm": "application/wasm" };
// Serves a folder and keeps count of the bytes.
const serve = (folder) => new Promise((resolve) => {
  const served = { bytes: 0 };
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://x").pathname);
    const file = join(folder, path.endsWith("/") ? `${path}index.html` : path);
    if (!existsSync(file) || statSync(file).isDirectory()) { response.writeHead(404).end(); return; }
    const bytes = readFileSync(file);
    served.bytes += wire(bytes);
    response.writeHead(200, { "content-type": types[extname(file)] || "application/octet-stream" }).end(bytes);
  });
  server.listen(0, "127.0.0.1", () => resolve(Object.assign(served, { url: `http://127.0.0.1:${server.address().port}/`, server })));
});
const withBrowser = async (work_) => {
  const puppeteer = require("puppeteer-core");
  const browser = await puppeteer.launch({ executablePath: program("CHROMIUM", "/usr/bin/chromium"), args: ["--no-sandbox"] });
  try { return await work_(browser); } finally { await browser.close(); }
};
const inPage = (folder, start, find) => withBrowser(async (browser) => {
  const served = await serve(folder);
  const page = await browser.newPage();
  await page.goto(served.url + start);
  const search = (query) => page.evaluate(find, query);
  // A query of two characters in a page that has just been opened.
  const first = async (query) => {
    const fresh = await browser.createBrowserContext();
    const opened = await fresh.newPage();
    await opened.goto(served.url + start, { waitUntil: "networkidle0" });
    const before = served.bytes;
    await opened.evaluate(find, query, 1);
    const bytes = served.bytes - before;
    await fresh.close();
    return bytes;
  };
  const result = await measured(search, first);
  served.server.close();
  return result;
});
// Recall and precision over all queries, and the bytes before the first result.
const measured = async (search, first) => {
  // Pages of none of these notes, such as lists of others, do not count.
  const pages = new Set([...texts.keys()].map(pageOf));
  let [hits, wanted, given] = [0, 0, 0];
  for (const [query, holding] of queries) {
    const found = new Set((await search(query)).map(simple).filter((page) => pages.has(page)));
    wanted += holding.length;
    given += found.size;
    hits += holding.filter((file) => found.has(pageOf(file))).length;
    if (process.env.TELL) for (const page of found) if (!holding.some((file) => pageOf(file) === page)) console.error(query, "is not in", page);
    if (process.env.TELL) for (const file of holding) if (!found.has(pageOf(file))) console.error(query, "is missed in", file);
  }
  const bytes = [];
  for (const query of ["事务", "索引", "缓存", "锁的", "网络"]) bytes.push(await first(query));
  return { recall: hits / wanted, precision: given ? hits / given : 1, bytes: median(bytes) };
};
const pageOf = (file) => simple(file.replace(/(^|\/)(README|index)\.md$/i, "$1index.html").replace(/\.md$/, ".html"));
// A note may be named like its folder, whose page it is then; control characters are in no address.
const simple = (page) => page.replace(/\p{Cc}/gu, "").replace(/([^/]+)\/\1\.html$/i, "$1/index.html");

const timed = (build) => {
  const times = [1, 2, 3].map(() => { const start = performance.now(); build(); return performance.now() - start; });
  return median(times) / 1000;
};
const run = (command, args, options = {}) => execFileSync(command, args, { stdio: "ignore", maxBuffer: 1 << 30, ...options });

const measures = {
  notes: async () => {
    const site = join(work, "notes-site");
    const build = () => { rmSync(site, { recursive: true, force: true }); run(program("NOTES_BIN", "notes"), ["build", notes, "-q", "--no-cache", "-o", site]); };
    const seconds = timed(build);
    const find = async (query, most) => {
      if (!window.notes.finder) {
        for (const name of ["search.js", "searchbox.js"]) await new Promise((done) => {
          document.head.append(Object.assign(document.createElement("script"), { src: `static/${name}`, onload: done }));
        });
      }
      if (most) {
        const search = await notes.finder.begin(query);
        const found = await search.more(most);
        return found.map((one) => notes.finder.snippet(one.sections[0], search.words)).length;
      }
      return (await notes.search(query)).map((found) => decodeURIComponent(found.page.replace(/(^|\/)$/, "$1index.html")));
    };
    return { seconds, ...await inPage(site, "index.html", find) };
  },
  mdbook: async () => {
    const folder = process.env.MDBOOK_NOTES;
    const book = join(folder, "book");
    const seconds = timed(() => { rmSync(book, { recursive: true, force: true }); run(program("MDBOOK", "mdbook"), ["build", folder]); });
    const index = walk(book).find((file) => /searchindex.*\.js$/.test(file));
    const library = walk(book).find((file) => /elasticlunr.*\.js$/.test(file));
    const searcher = walk(book).find((file) => /searcher.*\.js$/.test(file));
    // It loads all of it when the page is opened or the box is, and searches at once.
    const bytes = [index, library, searcher].reduce((sum, file) => sum + wire(readFileSync(file)), 0);
    const scope = { window: { search: {} } };
    new Function("window", readFileSync(index, "utf8"))(scope.window);
    const module_ = { exports: {} };
    new Function("module", "exports", readFileSync(library, "utf8"))(module_, module_.exports);
    const config = scope.window.search;
    const elasticlunr = module_.exports;
    const loaded = elasticlunr.Index.load(config.index);
    const search = async (query) => loaded.search(query, config.search_options)
      .map(({ ref }) => decodeURI(config.doc_urls[ref].replace(/#.*/, "")));
    return { seconds, ...await measured(search, async () => bytes) };
  },
  vitepress: async () => {
    const folder = join(work, "vitepress-notes");
    rmSync(folder, { recursive: true, force: true });
    cpSync(notes, folder, { recursive: true, filter: (path) => !/(^|\/)(\.notes|site)$/.test(path) });
    for (const file of walk(folder).filter((path) => /README\.md$/i.test(path))) cpSync(file, join(dirname(file), "index.md"));
    for (const file of walk(folder).filter((path) => /README\.md$/i.test(path))) rmSync(file);
    mkdirSync(join(folder, ".vitepress"));
    writeFileSync(join(folder, ".vitepress/config.mjs"), `export default { ignoreDeadLinks: true,
      markdown: { html: false, config: (md) => { md.core.ruler.push("plain", (state) => { state.tokens.forEach((token) => token.children && token.children.forEach((one) => { if (one.type === "text" || one.type === "code_inline") one.content = one.content.replace(/\\{\\{/g, "{ {"); })); }); md.renderer.rules.image = () => ""; } },
      themeConfig: { search: { provider: "local" } } };\n`);
    const binary = join(work, "node_modules/.bin/vitepress");
    const seconds = timed(() => run(binary, ["build", folder], { env: { ...process.env, NODE_OPTIONS: "--max-old-space-size=6000" } }));
    const dist = join(folder, ".vitepress/dist");
    const index = walk(dist).find((file) => /localSearchIndexroot.*\.js$/.test(file));
    const box = walk(dist).find((file) => /VPLocalSearchBox.*\.js$/.test(file));
    const bytes = wire(readFileSync(index)) + wire(readFileSync(box));
    const { default: json } = await import(`data:text/javascript;base64,${readFileSync(index).toString("base64")}`);
    const MiniSearch = require("minisearch");
    // As its search box does.
    const loaded = MiniSearch.loadJSON(json, { fields: ["title", "titles", "text"], storeFields: ["title", "titles"],
      searchOptions: { fuzzy: 0.2, prefix: true, boost: { title: 4, text: 2, titles: 1 } } });
    const search = async (query) => loaded.search(query).map(({ id }) => decodeURI(id.replace(/#.*/, "").replace(/^\//, "")).replace(/(^|\/)$/, "$1index.html").replace(/(?<!\.html)$/, ".html"));
    return { seconds, ...await measured(search, async () => bytes) };
  },
  pagefind: async () => {
    // Over the site that this program makes, whose pages it reads; the search of those is left out of the account.
    const site = join(work, "pagefind-site");
    const seconds = timed(() => {
      rmSync(site, { recursive: true, force: true });
      run(program("NOTES_BIN", "notes"), ["build", notes, "-q", "--no-cache", "-o", site]);
      rmSync(join(site, "print"), { recursive: true, force: true });
      run(join(work, "node_modules/.bin/pagefind"), ["--site", site, "--root-selector", "article"]);
    });
    const find = async (query, most) => {
      window.pagefind ||= await import("/pagefind/pagefind.js");
      const { results } = await window.pagefind.search(query);
      const some = most ? results.slice(0, most) : results;
      const data = await Promise.all(some.map((one) => one.data()));
      return data.map(({ url }) => decodeURIComponent(url.replace(/^\//, "").replace(/[?#].*/, "").replace(/(^|\/)$/, "$1index.html")));
    };
    return { seconds, ...await inPage(site, "index.html", find) };
  },
};

const queries = sample();
console.log("| | site and index | before the first result | recall | precision |\n| --- | --- | --- | --- | --- |");
for (const peer of peers) {
  const { seconds, bytes, recall, precision } = await measures[peer]();
  const percent = (share) => `${(share * 100).toFixed(1)} %`;
  console.log(`| ${peer} | ${seconds.toFixed(2)} s | ${(bytes / 1000).toFixed(1)} kB | ${percent(recall)} | ${percent(precision)} |`);
}
