// Small kindnesses. Every page works without this file.

// A form that came back with errors starts at their summary.
document.querySelector(".ds-error-summary")?.focus();

// Say aloud what htmx has changed: the swapped part names its own result line.
document.addEventListener("htmx:afterSettle", (event) => {
  const news = event.target.querySelector?.("[data-announce]");
  const voice = document.getElementById("announcement");
  if (news && voice) voice.textContent = news.textContent.trim();
});

// What could not be saved says so where it stands, and stays typed.
for (const trouble of ["htmx:responseError", "htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(trouble, (event) => {
    const place = event.detail.elt?.querySelector?.("[data-unsaved]");
    if (!place) return;
    place.textContent = place.dataset.unsaved;
    place.setAttribute("role", "alert");
  });
}

// The user menu closes on Escape and on a click elsewhere, as menus do.
const menu = document.querySelector(".user-menu");
document.addEventListener("click", (event) => {
  if (menu?.open && !menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape" || !menu?.open) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});
