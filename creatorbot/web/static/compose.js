// The preview follows the typing. Without scripts the button "Show preview" does the same.
const form = document.querySelector("form[data-preview]");
const shown = document.getElementById("previews");
let waiting = 0;
let asked = 0;

async function follow() {
  const mine = ++asked;
  try {
    const answer = await fetch(form.dataset.preview, {
      method: "POST",
      body: new FormData(form),
      headers: { "X-Fragment": "previews" },
    });
    // A slower answer to an older question must not replace a newer one.
    if (answer.ok && mine === asked) shown.innerHTML = await answer.text();
  } catch {
    // The network is away: the last preview stays, and so does everything typed.
  }
}

if (form && shown) {
  form.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(follow, 350);
  });
  const button = form.querySelector("[data-show]");
  button.addEventListener("click", (event) => {
    event.preventDefault();
    clearTimeout(waiting);
    follow().then(() => shown.scrollIntoView({ block: "start" }));
  });
}
