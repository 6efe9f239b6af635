// Tells the steps of a look while it is under way. Without scripts the button looks and shows the page again.
for (const form of document.querySelectorAll("form[data-try]")) {
  const list = document.getElementById(form.dataset.try);
  const button = form.querySelector("button");

  const tell = (kind, words) => {
    for (const under of list.querySelectorAll(".now")) under.className = "good";
    const step = document.createElement("li");
    step.className = kind;
    step.textContent = words;
    list.append(step);
  };

  // The parts of the page that a look may change, as they are now.
  const refresh = async () => {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    if (!answer.ok) return;
    const next = new DOMParser().parseFromString(await answer.text(), "text/html");
    const whole = [...next.querySelectorAll("section[id]")].map((one) => one.id).join();
    if (whole !== [...document.querySelectorAll("section[id]")].map((one) => one.id).join()) {
      const more = document.createElement("a"); // something came or went, such as what is held: the page is another one now
      more.href = location.pathname;
      more.textContent = form.dataset.more;
      list.lastElementChild.append(" ", more);
    }
    for (const part of document.querySelectorAll("[data-part]")) {
      const fresh = next.getElementById(part.id);
      if (fresh) part.replaceWith(fresh);
    }
  };

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    list.hidden = false;
    list.replaceChildren();
    try {
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { "X-Fragment": "steps" } });
      if (!answer.ok) throw new Error(String(answer.status));
      const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
      let text = "";
      for (let part = await reader.read(); !part.done; part = await reader.read()) {
        text += part.value;
        const lines = text.split("\n");
        text = lines.pop();
        for (const line of lines) tell(...line.split("\t"));
      }
      await refresh();
    } catch {
      tell("bad", form.dataset.failed);
    }
    button.disabled = false;
    button.focus();
  });
}
