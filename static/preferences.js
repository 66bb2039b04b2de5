// What the reader has chosen, put on <html> before anything is painted. Without storage (some browsers keep none for
// files) everything is as the system has it.
"use strict";
(() => {
  try {
    const chosen = JSON.parse(localStorage.getItem("notes-preferences")) || {};
    for (const name of ["scheme", "size", "font"]) {
      if (typeof chosen[name] === "string") document.documentElement.dataset[name] = chosen[name];
    }
  } catch { /* as the system has it */ }
})();
