// Paper is white: a page is printed in light colours, whatever it has on the screen.
const page = document.documentElement;
let theme;
window.addEventListener("beforeprint", () => {
  theme = page.dataset.theme;
  page.dataset.theme = "light";
});
window.addEventListener("afterprint", () => {
  page.dataset.theme = theme;
});
