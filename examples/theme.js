// The controls' values become options and properties of one widget, and the snippet that gives another page the same.

const form = document.getElementById("controls");
const ENDPOINT = "/api/chat";
/** Options of the widget; the other controls are properties. */
const OPTIONS = ["accent", "theme", "position", "title"];

const chat = Natter.mount({ endpoint: ENDPOINT, storageKey: "theme-history" });
const element = document.querySelector("natter-chat");

/** Where a control stands when nothing was changed. */
const initial = (control) =>
  control.type === "checkbox"
    ? control.defaultChecked
    : (control.defaultValue ?? ([...control.options].find((option) => option.defaultSelected) ?? control.options[0]).value);

/** What differs from the defaults: options by name, properties by name. */
function chosen() {
  const options = {};
  const properties = {};
  for (const control of form.elements) {
    if (!control.name || (control.type === "checkbox" ? control.checked : control.value) === initial(control)) continue;
    if (OPTIONS.includes(control.name)) options[control.name] = control.value;
    else if (control.name === "flat") properties["--natter-accent-2"] = form.elements.accent.value;
    else properties[`--natter-${control.name}`] = control.value + (control.dataset.unit ?? "");
  }
  return { options, properties };
}

const attribute = (text) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");

function snippet({ options, properties }) {
  const attributes = Object.entries({ endpoint: ENDPOINT, ...options }).map(([name, value]) => `data-${name}="${attribute(value)}"`);
  const rules = Object.entries(properties).map(([name, value]) => `    ${name}: ${value};\n`);
  const style = rules.length ? `<style>\n  natter-chat {\n${rules.join("")}  }\n</style>\n` : "";
  return `${style}<script src="/natter.js" ${attributes.join(" ")} defer></script>`;
}

let set = [];
function show() {
  const now = chosen();
  // null takes an option back to its default.
  chat.update(Object.fromEntries(OPTIONS.map((name) => [name, now.options[name] || null])));
  for (const name of set) element.style.removeProperty(name);
  set = Object.keys(now.properties);
  for (const name of set) element.style.setProperty(name, now.properties[name]);
  for (const range of form.querySelectorAll("[type=range]")) {
    range.parentElement.querySelector("output").textContent = range.value + range.dataset.unit;
  }
  document.getElementById("snippet").textContent = snippet(now);
  document.getElementById("copied").textContent = "";
}

form.addEventListener("input", show);
form.addEventListener("submit", (event) => event.preventDefault());
// The fields have their old values until the event is over.
form.addEventListener("reset", () => setTimeout(show));
document.getElementById("copy").addEventListener("click", async () => {
  const code = document.getElementById("snippet");
  try {
    await navigator.clipboard.writeText(code.textContent);
    document.getElementById("copied").textContent = "Copied.";
  } catch {
    getSelection().selectAllChildren(code);
    document.getElementById("copied").textContent = "It is selected: copy it with your keyboard.";
  }
});

show();
// Beside the controls, where there is room for both.
if (matchMedia("(min-width: 1100px)").matches) chat.open();
