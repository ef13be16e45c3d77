// Before anything is painted: the theme that was chosen in this browser. Without a choice the system's own.
"use strict";
function showTheme(theme) {
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  else delete document.documentElement.dataset.theme;
}
showTheme(localStorage.getItem("theme"));
