// A page at an address of before → the page that is meant, at the heading that was asked for: a refresh forgets it.
"use strict";
location.replace(document.getElementById("target").href + location.hash);
