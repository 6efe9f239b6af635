// Dragging what waits to another day. Without scripts, and for fingers that would rather type, every post has "Another time".
const drop = document.getElementById("drop");
let lifted = null;

function over(event) {
  const day = event.target.closest("[data-day]");
  for (const other of document.querySelectorAll(".day.over")) if (other !== day) other.classList.remove("over");
  if (!day || !lifted) return;
  event.preventDefault();
  event.dataTransfer.dropEffect = "move";
  day.classList.add("over");
}

if (drop) {
  document.getElementById("drag-hint").hidden = !document.querySelector(".entry[draggable='true']");
  document.addEventListener("dragstart", (event) => {
    lifted = event.target.closest(".entry[draggable='true']");
    if (!lifted) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", lifted.textContent.trim());
    lifted.classList.add("lifted");
  });
  document.addEventListener("dragover", over);
  document.addEventListener("dragend", () => {
    for (const day of document.querySelectorAll(".day.over")) day.classList.remove("over");
    if (lifted) lifted.classList.remove("lifted");
    lifted = null;
  });
  document.addEventListener("drop", (event) => {
    const day = event.target.closest("[data-day]");
    if (!day || !lifted) return;
    event.preventDefault();
    for (const name of ["kind", "number", "was"]) drop.elements[name].value = lifted.dataset[name];
    drop.elements.day.value = day.dataset.day;
    drop.submit();
  });
}
