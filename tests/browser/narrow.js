// Whether the page scrolls sideways at the given width, and what sticks out of it. What scrolls inside itself may.
const width = arguments[0];
const scrolls = (box) => box !== document.body && box !== document.documentElement && getComputedStyle(box).overflowX !== "visible";
const isKept = (element) => {
  for (let box = element.parentElement; box; box = box.parentElement) if (scrolls(box)) return true;
  return false;
};
const wrongs = [];
if (innerWidth !== width) wrongs.push(`the window is ${innerWidth} wide`);
const wide = document.documentElement.scrollWidth;
if (wide > width) wrongs.push(`the page scrolls sideways: ${wide} > ${width}`);
for (const element of document.body.querySelectorAll("*")) {
  const right = Math.floor(element.getBoundingClientRect().right);
  if (right > width && element.checkVisibility({ visibilityProperty: true }) && !isKept(element)) {
    const name = element.tagName.toLowerCase() + (element.className ? `.${element.className}` : "");
    wrongs.push(`${name} ends at ${right} of ${width}`);
  }
}
return wrongs;
