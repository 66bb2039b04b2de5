// Redirects to the new address with the #anchor of the old one, which the <meta> refresh would drop.
"use strict";
location.replace(document.getElementById("target").href + location.hash);
