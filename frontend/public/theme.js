/* Paints the chosen colour scheme before the first pixel; a file because the page allows no inline script. */
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem("clinic.theme");
  } catch {
    /* storage may be refused: the system's scheme is used */
  }
  const dark = chosen ? chosen === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  const root = document.documentElement;
  root.classList.toggle("dark", dark);
  root.dataset.colorScheme = dark ? "dark" : "light";
})();
