// The least that a chat page can do, without a framework: what the widget's figures are compared with in the same run.
const log = document.querySelector("[role=log]");
const dialog = document.querySelector("[role=dialog]");

function message(text) {
  const article = document.createElement("article");
  article.textContent = text;
  log.append(article);
  return article.firstChild ?? article.appendChild(document.createTextNode(""));
}

// Asks, and appends the reply's text once per frame.
async function ask(endpoint) {
  const response = await fetch(endpoint, { method: "POST", body: "{}" });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  const reply = message("");
  let buffer = "";
  let text = "";
  const show = () => {
    if (text === "") return;
    reply.appendData(text);
    text = "";
    log.scrollTop = log.scrollHeight;
  };
  for (let chunk = await reader.read(); !chunk.done; chunk = await reader.read()) {
    const events = (buffer + chunk.value).split("\n\n");
    buffer = events.pop();
    if (text === "") requestAnimationFrame(show);
    for (const event of events) {
      if (event.startsWith("data: {")) text += JSON.parse(event.slice(6)).delta ?? "";
    }
  }
  show();
  document.dispatchEvent(new CustomEvent("natter:received"));
}

// Opens the window with what is stored.
document.querySelector("button").addEventListener("click", () => {
  for (const { content } of JSON.parse(localStorage.getItem("chat-history") ?? "[]")) message(content);
  dialog.hidden = false;
  log.scrollTop = log.scrollHeight;
});
