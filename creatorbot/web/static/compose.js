// The preview follows the typing, and the small buttons change the page in place. Without scripts each of them loads the page anew.
const page = document.querySelector("main");
let form = document.querySelector("form[data-preview]");
let waiting = 0;
let asked = 0;

async function answerTo(address, body, wanted) {
  const mine = ++asked;
  try {
    const answer = await fetch(address, { method: "POST", body, headers: { "X-Fragment": wanted } });
    // A slower answer to an older question must not replace a newer one. 422 is a page that says what is wrong.
    if (mine !== asked || answer.redirected || !(answer.ok || answer.status === 422)) return null;
    return new DOMParser().parseFromString(await answer.text(), "text/html");
  } catch {
    return null; // The network is away: the last preview stays, and so does everything typed.
  }
}

async function follow() {
  const shown = document.getElementById("previews");
  const found = await answerTo(form.dataset.preview, new FormData(form), "previews");
  if (!found) return;
  for (const part of found.querySelectorAll("[data-place]")) {
    const place = document.getElementById(part.id);
    const wrong = part.textContent.trim() !== "";
    // Said once, not with every letter.
    if (place && place.innerHTML !== part.innerHTML) place.innerHTML = part.innerHTML;
    const typed = document.querySelector(`[aria-describedby~="${part.id}"]`);
    if (typed) typed.toggleAttribute("aria-invalid", wrong);
    if (typed && wrong) typed.setAttribute("aria-invalid", "true");
    part.remove();
  }
  const open = shown.querySelector("details[open]") !== null;
  const ticked = shown.contains(document.activeElement) ? document.activeElement.value : null;
  shown.replaceChildren(...found.body.childNodes);
  if (open) shown.querySelector("details")?.setAttribute("open", "");
  if (ticked) [...shown.querySelectorAll("input")].find((one) => one.value === ticked)?.focus();
}

function asWords(data) {
  return JSON.stringify([...data]);
}

function nextMessage(button) {
  const words = button.closest(".field").querySelector("textarea");
  words.value = `${words.value.trimEnd()}\n---\n`;
  words.setSelectionRange(words.value.length, words.value.length);
  words.focus();
  words.dispatchEvent(new Event("input", { bubbles: true }));
}

async function change(button) {
  clearTimeout(waiting);
  let before;
  let found;
  do {
    // What was typed while the answer was on its way must not be lost: then it is asked again.
    before = asWords(new FormData(form));
    const body = new FormData(form);
    if (button.name) body.append(button.name, button.value);
    found = await answerTo(button.getAttribute("formaction").split("#")[0], body, "page");
  } while (found && asWords(new FormData(form)) !== before);
  const fresh = found?.querySelector("form[data-preview]");
  if (!fresh) return form.requestSubmit(button);
  const open = [...form.querySelectorAll("details")].map((one) => one.open);
  form.replaceWith(document.adoptNode(fresh));
  form = document.querySelector("form[data-preview]");
  form.querySelectorAll("details").forEach((one, place) => { if (open[place]) one.open = true; });
  document.getElementById("previews").replaceChildren(...found.getElementById("previews").childNodes);
  const next = document.getElementById((button.getAttribute("formaction").split("#")[1]) ?? "");
  const field = next?.matches("textarea, input") ? next : next?.querySelector("textarea, input");
  field?.focus();
  if (field?.matches("textarea")) field.setSelectionRange(field.value.length, field.value.length);
}

function insert(words) {
  const last = form.querySelector("textarea[data-last]") ?? form.querySelector("textarea[data-words]");
  last.setRangeText(words, last.selectionStart, last.selectionEnd, "end");
  last.focus();
  last.dispatchEvent(new Event("input", { bubbles: true }));
}

if (form && page) {
  page.addEventListener("input", (event) => {
    if (event.target.form !== form) return;
    clearTimeout(waiting);
    waiting = setTimeout(follow, 350);
  });
  page.addEventListener("focusin", (event) => {
    if (!event.target.matches("textarea[data-words]")) return;
    form.querySelectorAll("[data-last]").forEach((one) => one.removeAttribute("data-last"));
    event.target.setAttribute("data-last", "");
  });
  page.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    const words = event.target.closest("[data-insert]");
    if (words) {
      event.preventDefault();
      insert(words.dataset.insert);
      return;
    }
    if (!button || button.form !== form) return;
    if (button.matches("[data-show]")) {
      event.preventDefault();
      clearTimeout(waiting);
      follow().then(() => document.getElementById("previews").scrollIntoView({ block: "start" }));
    } else if (button.name === "next_message") {
      event.preventDefault();
      nextMessage(button);
    } else if (button.matches("[data-live]")) {
      event.preventDefault();
      change(button);
    }
  });
}
