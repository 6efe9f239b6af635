// Looks again while something is on its way. Without scripts there is a link that does the same.
const part = document.querySelector("[data-fresh]");
let looks = 0;

async function look() {
  looks += 1;
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    const next = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-known]");
    if (answer.ok && next && next.dataset.known !== part.dataset.fresh) {
      location.reload();
      return;
    }
  } catch {
    // The network is away: look again later.
  }
  if (looks < 60) setTimeout(look, looks < 10 ? 1500 : 5000);
}

if (part) setTimeout(look, 1500);
