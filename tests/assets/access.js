// What the accessibility tests measure in the page, with the helpers of page.js before it.

// The element and what is around it, through shadow roots.
function* upwards(element) {
  for (let at = element; at; at = parentOf(at)) yield at;
}

// What of the widget takes the keyboard or a click.
const CONTROLS = "a[href], button:not(:disabled), input:not(:disabled), textarea, summary, [tabindex='0']";
const controls = () => [...elements(root())].filter((element) => element.matches(CONTROLS) && visible(element) && shown(element));

const called = (element) =>
  `${element.localName} “${(likelyName(element) || element.id || element.className).replace(/\s+/g, " ").slice(0, 40)}”`;

const ratio = (ink, ground) => {
  const [light, dark] = [luminance(over(ink, ground)), luminance(ground)].sort((a, b) => b - a);
  return (light + 0.05) / (dark + 0.05);
};

// Whether something around `inner` cuts off a part of this box. What scrolls may do so above and below: there can be
// more than it has room for.
function cutOff({ left, top, right, bottom }, inner) {
  let scrolled = false;
  for (const at of upwards(inner)) {
    const { overflow, overflowY } = getComputedStyle(at);
    if (overflow === "visible") continue;
    scrolled ||= /auto|scroll/.test(overflowY);
    const edge = at.getBoundingClientRect();
    if (left < edge.left || right > edge.right || (!scrolled && (top < edge.top || bottom > edge.bottom))) return true;
  }
  return false;
}

// The outline around what has the keyboard: its width in px, its least contrast with its ground, and whether a part of it
// is cut off. That of a text field may be around its frame.
function ring(element) {
  for (const at of upwards(element)) {
    const { outlineStyle, outlineColor, outlineWidth, outlineOffset } = getComputedStyle(at);
    if (outlineStyle === "none" || parseFloat(outlineWidth) === 0) continue;
    const [width, offset] = [parseFloat(outlineWidth), parseFloat(outlineOffset)];
    const grounds = behind(offset < 0 ? at : parentOf(at));
    const { left, top, right, bottom } = at.getBoundingClientRect();
    const reach = width + offset - 0.5;
    const cut = cutOff({ left: left - reach, top: top - reach, right: right + reach, bottom: bottom + reach }, parentOf(at));
    return { width, contrast: Math.min(...grounds.map((ground) => ratio(channels(outlineColor), ground))), cut };
  }
  return { width: 0, contrast: 0, cut: false };
}

// Whether something else is drawn where most of the element is, or it is out of sight.
function covered(element) {
  const box = [...element.getClientRects()].find(({ width, height }) => width > 0 && height > 0);
  if (!box) return true;
  // What is larger than its room may have its middle out of sight.
  let [left, top, right, bottom] = [Math.max(box.left, 0), Math.max(box.top, 0), Math.min(box.right, innerWidth), Math.min(box.bottom, innerHeight)];
  for (const around of upwards(parentOf(element))) {
    if (getComputedStyle(around).overflow === "visible") continue;
    const edge = around.getBoundingClientRect();
    [left, top] = [Math.max(left, edge.left), Math.max(top, edge.top)];
    [right, bottom] = [Math.min(right, edge.right), Math.min(bottom, edge.bottom)];
  }
  if (left >= right || top >= bottom) return true;
  const points = [left + 4, (left + right) / 2, right - 4].map((x) => element.getRootNode().elementFromPoint(x, (top + bottom) / 2));
  return points.filter((at) => element.contains(at)).length < 2;
}

// What is wrong with where the keyboard is now; nothing when one sees it.
function unseen() {
  const element = focused();
  const { width, contrast, cut } = ring(element);
  const faults = [];
  if (width < 2) faults.push(`its outline is ${width} px wide`);
  else if (contrast < 3) faults.push(`the contrast of its outline is ${contrast.toFixed(2)}:1`);
  if (cut) faults.push("its outline is cut off");
  if (covered(element)) faults.push("something is in front of it");
  if (!visible(element)) faults.push("it is transparent");
  return faults.length > 0 ? `${called(element)}: ${faults.join(", ")}` : null;
}

// Texts and boxes of which a part is out of reach. Only code and tables may be wider than there is room.
function clipped() {
  const found = [];
  for (const element of elements(root())) {
    if (!visible(element) || !shown(element) || element.closest("svg")) continue;
    const { overflowX, overflowY } = getComputedStyle(element);
    const wide = element.clientWidth > 0 && element.scrollWidth > element.clientWidth + 1;
    const high = element.clientHeight > 0 && element.scrollHeight > element.clientHeight + 1;
    const may = element.tabIndex === 0 && element.matches("pre, :has(> table)");
    if (wide && overflowX !== "visible" && !may) found.push(`${called(element)} is ${element.scrollWidth - element.clientWidth} px too wide`);
    if (high && /hidden|clip/.test(overflowY)) found.push(`${called(element)} is ${element.scrollHeight - element.clientHeight} px too high`);
    if (high && element.matches("textarea:placeholder-shown")) found.push(`${called(element)} does not show all it says`);
  }
  for (const element of root().firstElementChild.children) {
    const { left, top, right, bottom } = element.getBoundingClientRect();
    const outside = left < -1 || top < -1 || right > innerWidth + 1 || bottom > innerHeight + 1;
    if (visible(element) && outside) found.push(`${called(element)} goes over the edge of the screen`);
  }
  return found;
}

// Controls that cannot be brought into sight, one by one.
function unreachable() {
  return controls().filter((element) => {
    element.scrollIntoView({ block: "center" });
    return covered(element);
  }).map(called);
}

// Whether a circle as wide as `least` px around the element's middle reaches no other control.
function apart(element, least) {
  const { left, top, right, bottom } = element.getBoundingClientRect();
  const [x, y] = [(left + right) / 2, (top + bottom) / 2];
  return controls().filter((other) => !other.contains(element)).every((other) => {
    const box = other.getBoundingClientRect();
    const [across, down] = [Math.max(box.left - x, x - box.right, 0), Math.max(box.top - y, y - box.bottom, 0)];
    return Math.hypot(across, down) >= least / 2;
  });
}

// Controls that are smaller than `least` px. As WCAG has it (2.2, 2.5.8), links may be that stand in a line of text or
// have as much room around them.
function small(least, all = controls()) {
  const inText = (element) => getComputedStyle(element).display === "inline" &&
    (element.parentElement.textContent.trim().length > element.textContent.trim().length || apart(element, least));
  return all.filter((element) => !element.matches("a") || !inText(element)).flatMap((element) => {
    const { width, height } = element.getBoundingClientRect();
    return Math.min(width, height) < least - 0.01 ? [`${called(element)} is ${width.toFixed(1)} × ${height.toFixed(1)} px`] : [];
  });
}

// How much the edge or the ground of an element, or of a pseudo-element in it, stands out from what is around it.
function standsOut(element, pseudo) {
  const style = getComputedStyle(element, pseudo);
  const grounds = behind(pseudo ? element : parentOf(element));
  const inks = [style.backgroundColor];
  if (style.borderTopStyle !== "none" && parseFloat(style.borderTopWidth) >= 1) inks.push(style.borderTopColor);
  return Math.max(...inks.map((ink) => Math.min(...grounds.map((ground) => ratio(channels(ink), ground)))));
}
