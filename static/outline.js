// The outline: the heading that is being read is marked and in view, and of a long outline the deep levels are shown only
// where the reader is.
"use strict";
(() => {
  // With fewer entries than this, nothing is folded.
  const long = 24;
  const deep = 4;

  if (!notes.renew) return;
  let outline = document.getElementById("page:outline");
  const wide = matchMedia("(min-width: 1100px)");
  const unfold = () => {
    if (!outline) return;
    outline.open = wide.matches;
    outline.querySelector("summary").tabIndex = wide.matches ? -1 : 0;
  };
  let links = new Map();
  let headings = [];
  let marked = null;
  let isDue = false;

  const levelOf = (item) => Number(item.className.replace(/\D/g, ""));
  const fold = (now) => {
    const items = [...outline.querySelectorAll("li")];
    const isFolded = wide.matches && items.length > long;
    const groups = [];
    for (const item of items) {
      if (groups.length === 0 || levelOf(item) < deep) groups.push([]);
      groups.at(-1).push(item);
    }
    for (const group of groups) {
      const isHere = now && group.includes(now.parentElement);
      for (const item of group) item.hidden = isFolded && levelOf(item) >= deep && !isHere;
    }
  };
  const follow = (now) => {
    // What has the focus stays where it is.
    if (!wide.matches || outline.contains(document.activeElement)) return;
    const [box, entry] = [outline.getBoundingClientRect(), now.getBoundingClientRect()];
    if (entry.top < box.top || entry.bottom > box.bottom) outline.scrollTop += entry.top - box.top - box.height / 2;
  };
  const mark = () => {
    isDue = false;
    const line = innerHeight / 4;
    const above = headings.filter((heading) => heading.getBoundingClientRect().top <= line);
    const now = links.get((above.at(-1) || headings[0] || {}).id);
    // On narrow screens it is a bar that names the section.
    const summary = outline?.querySelector("summary");
    if (summary) summary.dataset.here = above.length && now ? now.textContent : "";
    if (now === marked) return;
    if (marked) marked.removeAttribute("aria-current");
    marked = now;
    if (!now) return;
    now.setAttribute("aria-current", "true");
    fold(now);
    follow(now);
  };
  const attend = () => {
    const entries = outline ? [...outline.querySelectorAll("a")] : [];
    links = new Map(entries.map((entry) => [decodeURIComponent(entry.hash.slice(1)), entry]));
    headings = [...links.keys()].map((id) => document.getElementById(id)).filter(Boolean);
    marked = null;
    mark();
  };
  const fit = () => {
    unfold();
    if (outline) fold(marked);
  };
  unfold();
  wide.addEventListener("change", fit);
  addEventListener("scroll", () => {
    if (!isDue) { isDue = true; requestAnimationFrame(mark); }
  }, { passive: true });
  attend();

  // For the live preview, which replaces it.
  notes.renew.outline = () => {
    const before = outline;
    outline = document.getElementById("page:outline");
    if (outline !== before) unfold();
    attend();
  };
})();
