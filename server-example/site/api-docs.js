// Shows openapi.json: per operation what it takes, and the statuses it answers with.
const place = document.getElementById("operations");

/** An element with a class and children; a text is a text node, so nothing in the description becomes markup. */
function make(tag, className, ...children) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** What `…` in a description marks becomes code. */
function prose(text = "") {
  return text.split("`").map((piece, nth) => (nth % 2 ? make("code", "", piece) : piece));
}

/** A schema in a few words: `string`, `list of Message`, a name. */
function inWords(schema = {}) {
  if (schema.$ref) return schema.$ref.split("/").pop();
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices) return choices.filter((choice) => choice.type !== "null").map(inWords).join(" or ");
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" or ");
  if (schema.type === "array") return `list of ${inWords(schema.items)}`;
  return [schema.type ?? "anything"].flat().filter((type) => type !== "null").join(" or ");
}

function table(caption, heads, rows) {
  if (!rows.length) return null;
  const head = make("tr", "", ...heads.map((text) => Object.assign(make("th", "", text), { scope: "col" })));
  const body = rows.map((cells) => make("tr", "", ...cells.map((cell) => make("td", "", ...[cell].flat()))));
  const made = make("table", "", make("caption", "", caption), make("thead", "", head), make("tbody", "", ...body));
  const scroller = make("div", "scroll", made);
  scroller.tabIndex = 0;
  scroller.role = "region";
  scroller.ariaLabel = caption;
  return scroller;
}

/** The fields of the schema called `name`, and after it of those that it names. */
function tables(name, schemas, seen = new Set()) {
  const schema = schemas[name];
  if (!schema?.properties || seen.has(name)) return [];
  seen.add(name);
  const fields = Object.entries(schema.properties);
  const required = new Set(schema.required);
  const rows = fields.map(([field, of]) => [
    make("code", "", field), inWords(of) + (required.has(field) ? "" : ", optional"), prose(of.description),
  ]);
  const named = fields.flatMap(([, of]) => inWords(of).split(/ or |list of /)).filter((word) => schemas[word]);
  return [table(name, ["Field", "Type", "What it is"], rows), ...named.flatMap((next) => tables(next, schemas, seen))];
}

function operation(method, path, of, schemas) {
  const takes = Object.values(of.requestBody?.content ?? {}).map((content) => inWords(content.schema));
  const query = (of.parameters ?? []).map((parameter) => [
    make("code", "", parameter.name), `${inWords(parameter.schema)}, in the ${parameter.in}`, prose(parameter.description),
  ]);
  const answers = Object.entries(of.responses).map(([status, answer]) => [
    make("code", "", status), prose(answer.description), Object.keys(answer.content ?? {}).join(", "),
  ]);
  const title = make("h2", "", make("span", "method", method.toUpperCase()), " ", path);
  return make("article", "", title, make("p", "", ...prose(of.summary)),
    table("Parameters", ["Name", "Type", "What it is"], query),
    ...takes.flatMap((name) => tables(name, schemas)),
    table("Answers", ["Status", "What it says", "As"], answers));
}

try {
  const response = await fetch("/openapi.json");
  const { paths, components } = await response.json();
  const articles = Object.entries(paths).flatMap(([path, operations]) =>
    Object.entries(operations).map(([method, of]) => operation(method, path, of, components.schemas)));
  place.replaceChildren(...articles);
} catch {
  place.replaceChildren(make("p", "", "openapi.json cannot be loaded. Is the server still there?"));
}
