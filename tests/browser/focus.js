// What has the focus: its place among all elements, a name for people, and what is wrong with it; null for the page itself.
const element = document.activeElement;
if (!element || element === document.body || element === document.documentElement) return null;
const style = getComputedStyle(element);
const wrongs = [];
if (!element.matches(":focus-visible") || style.outlineStyle === "none" || parseFloat(style.outlineWidth) === 0)
  wrongs.push("the focus does not show");
const inside = (box) => box.right > 0 && box.bottom > 0 && box.left < innerWidth && box.top < innerHeight && box.width * box.height > 0;
const boxes = [...element.getClientRects()].filter(inside);
if (boxes.length === 0) wrongs.push("is out of sight");
// The middle and near the corners of each line of it, as far as they are in the window.
const points = boxes.flatMap((box) =>
  [[0.5, 0.5], [0.05, 0.1], [0.95, 0.1], [0.05, 0.9], [0.95, 0.9]].map(([x, y]) => [
    Math.min(Math.max(box.left + box.width * x, 1), innerWidth - 1),
    Math.min(Math.max(box.top + box.height * y, 1), innerHeight - 1),
  ]),
);
const cover = (point) => {
  const top = document.elementFromPoint(...point);
  return element.contains(top) ? null : top;
};
if (boxes.length && points.every(cover)) {
  const top = cover(points[0]).closest("[class], [id], body");
  wrongs.push(`is covered by ${top.tagName.toLowerCase()}.${top.className || top.id}`);
}
const name = `${element.tagName.toLowerCase()} "${(element.textContent || element.ariaLabel || "").trim().slice(0, 40)}"`;
const now = [...document.querySelectorAll("*")];
const places = window.placesOfElements || new Map(now.map((one, place) => [one, place]));
const known = now.slice(0, now.indexOf(element) + 1).findLast((one) => places.has(one));
return { place: places.get(known), name, wrongs };
