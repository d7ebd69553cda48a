// Sends the contact form as JSON and shows what came of it: an error at its field, a failure with the server's words, or thanks.
const form = document.getElementById("contact");
const button = form.querySelector("button");
const label = button.textContent;

/** Shows `text` at the field called `name`, or clears it. */
function mark(name, text) {
  form.elements[name].setAttribute("aria-invalid", text ? "true" : "false");
  document.getElementById(`${name}-error`).textContent = text;
}

/** Shows a failure; one that names a field goes there. */
function fail(message, param) {
  const field = param && form.elements[param];
  if (field && document.getElementById(`${param}-error`)) {
    mark(param, message);
    field.focus();
  } else {
    document.getElementById("failed").textContent = message;
  }
}

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  if (button.disabled) return;
  document.getElementById("failed").textContent = "";
  const fields = [...form.elements].filter((element) => element.name);
  for (const field of fields) mark(field.name, field.validationMessage);
  const wrong = fields.find((field) => !field.validity.valid);
  if (wrong) return wrong.focus();

  button.disabled = true;
  button.textContent = "Sending…";
  try {
    const note = Object.fromEntries(new FormData(form));
    const response = await fetch(form.action, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ ...note, page: location.href, timestamp: Date.now() }),
    });
    if (response.ok) {
      form.hidden = true;
      const sent = document.getElementById("sent");
      sent.hidden = false;
      sent.focus();
    } else {
      const { error } = await response.json().catch(() => ({}));
      fail(error?.message ?? "That did not work. Please try again.", error?.param);
    }
  } catch {
    fail("The server cannot be reached. Are you online? Your message is still here.");
  } finally {
    button.disabled = false;
    button.textContent = label;
  }
});
