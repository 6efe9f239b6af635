// Chooses the browser's own time zone in the wizard, when the list has it and nobody has chosen yet.
for (const form of document.querySelectorAll("[data-zone]")) {
  const list = document.getElementById(form.dataset.zone);
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (list && !form.querySelector("[aria-invalid]") && [...list.options].some((one) => one.value === here) && !list.querySelector("option[selected]:not([value='Europe/Berlin'])")) {
    list.value = here;
  }
}
