// Sets light or dark before the first paint, so that the page does not flash.
// The choice is kept under "goodword-theme" ("light" or "dark"; anything else means: as the system).
// Whoever changes it dispatches the event "goodword-theme" on window.
(() => {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const apply = () => {
    const chosen = localStorage.getItem('goodword-theme');
    const dark = chosen === 'dark' || (chosen !== 'light' && system.matches);
    document.documentElement.classList.toggle('pf-v6-theme-dark', dark);
  };
  system.addEventListener('change', apply);
  addEventListener('goodword-theme', apply);
  apply();
})();
