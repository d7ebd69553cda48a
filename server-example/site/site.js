// The buttons of the page: questions for the widget, and the copy button of the snippet.
for (const button of document.querySelectorAll("[data-ask]")) {
  button.addEventListener("click", () => {
    if (!window.Natter) return;
    Natter.open();
    Natter.send(button.dataset.ask);
  });
}

for (const button of document.querySelectorAll("[data-copy]")) {
  const text = button.textContent;
  button.addEventListener("click", async () => {
    let said = "Copied";
    try {
      await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent);
    } catch {
      said = "Select it and press Ctrl+C";
    }
    button.textContent = said;
    document.getElementById("copied").textContent = said;
    setTimeout(() => { button.textContent = text; }, 2000);
  });
}
