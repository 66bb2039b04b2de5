// The reader's preferences, set on <html> before the first paint. Without storage (some browsers have none for files)
// the settings of the system apply.
// Sites at one host share its storage, so keys end in the path of the site; "notes-preferences" is the key of earlier
// versions.
"use strict";
(() => {
  const site = new URL("..", document.currentScript.src.replace(/[^/]*$/, "")).pathname;
  try {
    const kept = localStorage.getItem(`notes-preferences:${site}`) || localStorage.getItem("notes-preferences");
    const chosen = JSON.parse(kept) || {};
    for (const name of ["scheme", "size", "font"]) {
      if (typeof chosen[name] === "string") document.documentElement.dataset[name] = chosen[name];
    }
  } catch { /* the settings of the system apply */ }
})();
