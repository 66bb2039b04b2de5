// The places, among all elements, of those that the Tab key must come to: links, buttons and the like that can be seen.
const all = [...document.querySelectorAll("*")];
// What scripts add later takes the place of what stands before it.
window.placesOfElements = new Map(all.map((element, place) => [element, place]));
const isMeant = (element) =>
  element.matches("a[href], button, input, select, textarea, summary, iframe, [tabindex]") &&
  !element.disabled &&
  element.tabIndex >= 0 &&
  !element.closest("[inert]") &&
  getComputedStyle(element).interactivity !== "inert" &&
  element.getClientRects().length > 0 &&
  element.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true });
return all.flatMap((element, place) =>
  isMeant(element) ? [{ place, name: `${element.tagName.toLowerCase()} "${element.textContent.trim().slice(0, 40)}"` }] : [],
);
