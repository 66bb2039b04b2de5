// Sites elsewhere that are searched with this one. Their search indexes are read as data, not run as scripts: each file
// is JSON between known characters, and a piece is used only if its name is the digest of its content. Results wait a
// second at most for a slow site: when it answers, the search is made again. The postings of sites that answered when
// this one was built are in a merged index among its own files: see src/search/merged.rs. It is used until a site turns
// out to have another index by now, which is asked after the first results.
"use strict";
(() => {
  // The version of the index: see src/search/script.rs.
  const format = 1;
  // In milliseconds: results wait so long for all sites; a request ends after so long without progress; a site that
  // failed is asked again by a search after so long; a directory is read again at most once in so long; sites are asked
  // for theirs so long after the first results, which come first.
  const [resultDelay, requestTimeout, retryDelay, renewalDelay, confirmDelay] = [1000, 10000, 30000, 60000, 200];
  // The files of a large site (10,000 notes) have 3 MB at most, and all that a reader loads of it a tenth of this.
  const [maxBytes, maxBytesOfSite, maxPieces] = [16 << 20, 256 << 20, 1 << 15];
  class NoAnswer extends Error {}
  class OtherVersion extends Error {}
  const validate = (isValid, reason) => { if (!isValid) throw new Error(reason); };

  const loadBytes = async (site, url, isFresh) => {
    const abort = new AbortController();
    let timer = 0;
    const restart = () => { clearTimeout(timer); timer = setTimeout(() => abort.abort(), requestTimeout); };
    const parts = [];
    try {
      restart();
      const answer = await fetch(url, {
        credentials: "omit", redirect: "error", referrerPolicy: "no-referrer", cache: isFresh ? "reload" : "default",
        signal: abort.signal,
      });
      if (!answer.ok) throw new Error(`status ${answer.status}`);
      const reader = answer.body.getReader();
      for (let size = 0; ;) {
        const { done, value } = await reader.read();
        if (done) break;
        restart();
        size += value.length;
        site.bytes += value.length;
        if (size > maxBytes || site.bytes > maxBytesOfSite) { abort.abort(); break; }
        parts.push(value);
      }
    } catch (error) {
      throw Object.assign(new NoAnswer(`${url}: ${error.message}`), { isTimeout: abort.signal.aborted });
    } finally { clearTimeout(timer); }
    validate(!abort.signal.aborted, "too large");
    if (parts.length === 1) return parts[0];
    const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    parts.reduce((at, part) => { bytes.set(part, at); return at + part.length; }, 0);
    return bytes;
  };
  const codes = (text) => [...text].map((c) => c.charCodeAt(0));
  // The bytes between the parentheses of a script that calls one function.
  const argumentOf = (bytes, head) => {
    const tail = codes(");\n");
    const isAt = (expected, at) => expected.every((byte, index) => bytes[at + index] === byte);
    validate(isAt(codes(head), 0) && isAt(tail, bytes.length - tail.length), "not a file of an index");
    return bytes.subarray(head.length, bytes.length - tail.length);
  };
  const parse = (bytes) => JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  const digestOf = async (bytes) => {
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
    return [...hash.subarray(0, 6)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  };
  const isText = (value) => typeof value === "string";
  const isList = (value, isValid) => Array.isArray(value) && value.every(isValid);
  const isNames = (value) => isText(value) && value.length <= 12 * maxPieces && /^(?:[0-9a-f]{12})*$/.test(value);
  const isCount = (value) => Number.isSafeInteger(value) && value >= 0;
  const isSection = (section) => isList(section, isText) && section.length === 4;

  const newSite = ([title, root, folder]) => {
    const isBelow = (address) => {
      try { return new URL(address, root).href.startsWith(root); } catch { return false; }
    };
    const isPage = (page) => Array.isArray(page) && isText(page[0]) && isText(page[1]) && isBelow(page[1])
      && isList(page[2], isText) && isList(page[3], isSection);
    const site = {
      title, root, folder, index: null, opening: null, confirming: null, asked: new Map(), bytes: 0,
      // Work of an earlier generation says nothing about the index that is known now.
      generation: 0, isSlow: false, late: 0, failure: null, failed: 0, renewal: null, renewed: 0,
      fetchPiece: async (name) => {
        const content = argumentOf(await loadBytes(site, `${folder}${name}.js`), `notes.piece("${name}",`);
        // Only pages over https: have `crypto.subtle` (W3C Secure Contexts).
        if (crypto.subtle) validate(await digestOf(content) === name, "digest");
        const data = parse(content);
        validate(isText(data) || isList(data, isPage), "piece");
        return data;
      },
    };
    return site;
  };

  notes.federation = (listed, written, { own, readIndex, candidates, read, changed }) => {
    const sites = listed.map(newSite);
    const merged = written && readIndex({ terms: written.terms, postings: written.postings, texts: "", counts: [] });
    let next = 0;
    for (const [place, postings, counts, texts] of written?.sites || []) {
      // Its pages have numbers from `first` in the merged index.
      sites[place].index = { ...readIndex({ terms: "", postings, counts, texts }), first: next };
      next += sites[place].index.pages;
    }
    const isMerged = (index) => index?.first !== undefined;
    let soon = 0;
    // Several answers at once are one change.
    const notifySoon = () => { clearTimeout(soon); soon = setTimeout(changed, 100); };
    const forget = (site) => {
      site.generation++;
      site.index = null;
      site.asked.clear();
      site.bytes = 0;
    };
    const fail = (site, error) => {
      console.warn(site.root, error);
      site.failure = error instanceof OtherVersion ? "version" : error instanceof NoAnswer ? "silent" : "invalid";
      site.failed = Date.now();
      forget(site);
    };
    const readDirectory = async (site, isFresh) => {
      const written = parse(argumentOf(await loadBytes(site, `${site.folder}index.js`, isFresh), "notes.index("));
      if (written.format !== format) throw new OtherVersion();
      validate(isText(written.terms) && isNames(written.postings) && isNames(written.texts) && isList(written.counts, isCount)
        && written.counts.length * 12 === written.texts.length, "directory");
      const index = readIndex({ ...written, parts: [], federation: [] });
      validate(index.postings.length <= index.firsts.length, "directory");
      return index;
    };
    const openAnew = async (site, isFresh) => {
      const { generation } = site;
      const index = await readDirectory(site, isFresh);
      if (generation === site.generation) site.index = index;
      return index;
    };
    const open = async (site) => {
      if (site.renewal) await site.renewal;
      if (site.index) return site.index;
      site.opening ||= openAnew(site, false).finally(() => { site.opening = null; });
      return site.opening;
    };
    const names = ({ postings, groups }) => JSON.stringify([postings, groups]);
    // Reads the directory of a site that is searched by the merged index: it may have been published again since.
    const readAgain = async (site) => {
      const { generation, index } = site;
      let now = null;
      try { now = await readDirectory(site, false); } catch (error) {
        if (generation === site.generation) { fail(site, error); notifySoon(); }
        return;
      }
      if (generation !== site.generation || names(now) === names(index)) return;
      forget(site);
      site.index = now;
      notifySoon();
    };
    const confirm = async (site) => {
      if (isMerged(site.index)) await (site.confirming ||= readAgain(site));
    };
    // A piece may be missing because the site was published again: its directory is read again.
    const renew = async (site, error) => {
      const before = names(site.index);
      site.renewed = Date.now();
      forget(site);
      try {
        if (names(await openAnew(site, true)) === before) fail(site, error);
      } catch (another) { fail(site, another); }
    };
    const recover = async (site, error) => {
      if (site.renewal) { await site.renewal; return; }
      if (!site.index || error.isTimeout || Date.now() - site.renewed < renewalDelay) { fail(site, error); return; }
      site.renewal = renew(site, error).finally(() => { site.renewal = null; });
      await site.renewal;
    };
    // The result of work on a site's index, or `otherwise` if it is not there after a delay or if it fails.
    const withDelay = (site, work, otherwise, delay) => {
      const { generation } = site;
      const began = performance.now();
      let isLate = false;
      let timer = 0;
      const done = work.then((result) => {
        const took = performance.now() - began;
        // What was loaded before says nothing about the site.
        if (took > 1) site.isSlow = took > resultDelay;
        if (generation === site.generation) site.failure = null;
        return result;
      }, async (error) => {
        if (generation === site.generation) await recover(site, error);
        notifySoon();
        return otherwise;
      }).finally(() => {
        clearTimeout(timer);
        if (isLate) { site.late--; notifySoon(); }
      });
      const late = new Promise((resolve) => {
        // Promises of what was loaded before come before any timer.
        timer = setTimeout(() => {
          isLate = true;
          if (performance.now() - began >= resultDelay) site.isSlow = true;
          site.late++;
          resolve(otherwise);
        }, delay);
      });
      return Promise.race([done, late]);
    };
    const candidatesOf = async (site, words) => {
      const { list } = await candidates(words, site, await open(site));
      validate(list.every(({ number, bound, index }) => number < index.pages && Number.isFinite(bound)), "postings");
      return list;
    };
    return {
      has: (part) => sites.some(({ root }) => root === part),
      // A search in a part.
      search: (words, part, waitsForAll) => {
        const isMeant = ({ root }) => part === null || root === part;
        let deadline = performance.now() + resultDelay;
        const delayOf = (site) => waitsForAll ? 1 << 30 : site.isSlow ? 0 : Math.max(0, deadline - performance.now());
        let found = null;
        // Its files are this site's own: without them there is no search.
        const mergedCandidatesOf = async (site) => {
          const { index } = site;
          const { list } = await (found ||= candidates(words, own, merged));
          return list.map((one) => ({ ...one, site, index, number: one.number - index.first }))
            .filter(({ number }) => number >= 0 && number < index.pages);
        };
        const listOf = async (site) => {
          if (waitsForAll) await confirm(site);
          return isMerged(site.index) ? mergedCandidatesOf(site) : withDelay(site, candidatesOf(site, words), [], delayOf(site));
        };
        const isAsked = ({ failure, failed }) => !failure || Date.now() - failed > retryDelay;
        // A site whose pages are late is not read on: results would not come in order, and each page is a request.
        const stopped = new Set();
        return {
          lists: sites.map((site) => isMeant(site) && isAsked(site) ? listOf(site) : []),
          // Asks whether the merged index is still what the sites have.
          confirm: () => setTimeout(() => sites.filter(isMeant).forEach(confirm), confirmDelay),
          // The reader waits anew for the next results.
          restart: () => { deadline = performance.now() + resultDelay; },
          read: async (one) => {
            const { site, index } = one;
            if (stopped.has(site) || index !== site.index) return null;
            const page = await withDelay(site, read(one), null, delayOf(site));
            if (!page) stopped.add(site);
            return page;
          },
          absent: () => ["waiting", "silent", "version", "invalid"].map((reason) => {
            const isSo = (site) => reason === (site.failure || (site.late ? "waiting" : null));
            return [reason, sites.filter((site) => isMeant(site) && isSo(site)).map(({ title }) => title)];
          }).filter(([, titles]) => titles.length),
        };
      },
    };
  };
})();
