// The reader's preferences, set on <html> before the first paint. Without storage (some browsers have none for files)
// the settings of the system apply.
"use strict";
(() => {
  try {
    const chosen = JSON.parse(localStorage.getItem("notes-preferences")) || {};
    for (const name of ["scheme", "size", "font"]) {
      if (typeof chosen[name] === "string") document.documentElement.dataset[name] = chosen[name];
    }
  } catch { /* the settings of the system apply */ }
})();
