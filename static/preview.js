// The beginning of the note or section that a link leads to, shown while the pointer or the focus is at the link. Nothing
// is loaded before. WCAG 2.2, success criterion 1.4.13: it can be dismissed, the pointer may enter it, and it stays.
"use strict";
(() => {
  const { make } = notes;
  const delay = 400;
  const grace = 250;
  const longest = 240;
  const folder = document.currentScript.src.replace(/[^/]*$/, "");

  const plain = (element) => {
    const copy = element.cloneNode(true);
    for (const added of copy.querySelectorAll(".anchor, .code-tools, .footnote-back, button, script, style, svg, annotation")) added.remove();
    return copy.textContent.replace(/\s+/g, " ").trim();
  };
  const cut = (text) => text.length > longest ? `${[...text].slice(0, longest).join("")}…` : text;
  const isHeading = (element) => /^H[1-6]$/.test(element.nodeName);
  // The title and the first words of a page, or of what has an id there; `null` if there is nothing to show.
  const begin = (page, id) => {
    const target = id ? page.getElementById(id) : page.querySelector("main h1");
    const article = page.querySelector("article");
    if (!target || !article) return null;
    if (target.nodeName === "DT") {
      const definitions = [];
      for (let next = target.nextElementSibling; next && (next.nodeName === "DD" || !definitions.length); next = next.nextElementSibling) {
        if (next.nodeName === "DD") definitions.push(plain(next));
      }
      return { title: plain(target), text: cut(definitions.join(" ")) };
    }
    if (!isHeading(target)) return id && article.contains(target) ? { title: "", text: cut(plain(target)) } : null;
    const isTitle = target.nodeName === "H1";
    const described = isTitle && page.querySelector("meta[name=description]");
    let text = described ? described.content : "";
    let next = isTitle && !article.contains(target) ? article.firstElementChild : target.nextElementSibling;
    for (; !described && next && text.length < longest; next = next.nextElementSibling) {
      if (isHeading(next)) break;
      if (next.matches("p, ul, ol, dl, blockquote, .box, .table")) text += `${text && " "}${plain(next)}`;
    }
    return { title: plain(target), text: cut(text) };
  };

  // From a disk a page cannot be read by another, but it can tell what it says.
  const idOf = (hash) => { try { return decodeURIComponent(hash.slice(1)); } catch { return ""; } };
  if (notes.isPreview) {
    parent.postMessage({ preview: begin(document, idOf(location.hash)) }, "*");
    return;
  }
  const fromDisk = (url) => new Promise((resolve) => {
    url.search = "?preview";
    const frame = make("iframe", { src: url.href, hidden: true, tabIndex: -1 });
    const end = (found) => {
      removeEventListener("message", hear);
      clearTimeout(limit);
      frame.remove();
      resolve(found);
    };
    const hear = (event) => {
      if (event.source !== frame.contentWindow) return;
      const { title, text } = event.data && event.data.preview || {};
      end(typeof title === "string" && typeof text === "string" ? { title, text } : null);
    };
    const limit = setTimeout(end, 5000, null);
    addEventListener("message", hear);
    document.body.append(frame);
  });
  const load = async (url) => {
    const id = idOf(url.hash);
    if (url.href.replace(/#.*/, "") === location.href.replace(/#.*/, "")) return begin(document, id);
    if (url.protocol === "file:") return fromDisk(url);
    try {
      // What the browser has kept of the page is as good.
      const answer = await fetch(url.href.replace(/#.*/, ""));
      return answer.ok ? begin(new DOMParser().parseFromString(await answer.text(), "text/html"), id) : null;
    } catch { return null; }
  };

  // Links of the text to notes and sections of this site; not to the page itself.
  const root = new URL("..", folder).href;
  const leads = (link) => {
    // A link of a drawing has an address of another kind.
    if (!(link instanceof HTMLAnchorElement) || !URL.canParse(link.href)) return false;
    if (!link.matches("article a[href], .mentions a[href]") || link.matches(".anchor, .footnote-back, [rel=external], :has(img, svg)")) return false;
    const url = new URL(link.href);
    return url.href.startsWith(root) && /(\/|\.html)$/.test(url.pathname) && (url.pathname !== location.pathname || url.hash.length > 1);
  };
  const box = make("div", { className: "preview", id: "page:preview", hidden: true });
  box.setAttribute("role", "tooltip");
  document.body.append(box);
  let [shown, wanted, timer] = [null, null, 0];
  const hide = () => {
    clearTimeout(timer);
    wanted = null;
    if (shown) shown.removeAttribute("aria-describedby");
    shown = null;
    box.hidden = true;
  };
  const place = (link) => {
    const rects = [...link.getClientRects()];
    const at = rects[0];
    if (!at) return;
    const width = document.documentElement.clientWidth;
    box.style.left = `${Math.max(8, Math.min(at.left, width - box.offsetWidth - 8))}px`;
    const below = rects.at(-1).bottom + 6;
    const isBelow = below + box.offsetHeight < innerHeight || at.top < box.offsetHeight + 6;
    box.style.top = `${isBelow ? below : at.top - box.offsetHeight - 6}px`;
  };
  const show = async (link) => {
    const found = link.dataset.definition ? { title: link.textContent, text: link.dataset.definition } : await load(new URL(link.href));
    if (wanted !== link || !found || !found.title && !found.text) return;
    shown = link;
    box.replaceChildren(...found.title ? [make("strong", { textContent: found.title })] : [], make("p", { textContent: found.text }));
    box.hidden = false;
    link.setAttribute("aria-describedby", box.id);
    place(link);
  };
  const want = (link) => {
    // The definition of a term is at hand, and not to be shown twice.
    if (link.matches(".term") && link.title) {
      link.dataset.definition = link.title;
      link.removeAttribute("title");
    }
    if (link === wanted) { clearTimeout(timer); if (!shown) timer = setTimeout(show, delay, link); return; }
    hide();
    wanted = link;
    timer = setTimeout(show, delay, link);
  };
  const leave = () => { clearTimeout(timer); timer = setTimeout(hide, shown ? grace : 0); };
  const linkAt = (event) => event.target instanceof Element ? event.target.closest("a") : null;
  const { pointed } = notes;
  if (leads(pointed) && pointed.matches(":hover, :focus-visible")) want(pointed);
  document.addEventListener("pointerover", (event) => {
    if (event.pointerType !== "mouse") return;
    const link = linkAt(event);
    if (box.contains(event.target)) clearTimeout(timer);
    else if (link && leads(link)) want(link);
    else if (wanted) leave();
  });
  document.addEventListener("focusin", (event) => {
    const link = linkAt(event);
    if (link && link.matches(":focus-visible") && leads(link)) want(link);
  });
  document.addEventListener("focusout", hide);
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || box.hidden) return;
    hide();
    event.preventDefault();
  });
  document.addEventListener("pointerdown", (event) => { if (!box.contains(event.target)) hide(); });
  addEventListener("scroll", hide, { passive: true, capture: true });
  addEventListener("pagehide", hide);
})();
