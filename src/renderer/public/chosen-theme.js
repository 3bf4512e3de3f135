// Before the first paint, so that it has the colours that were chosen. `app/theme.ts` keeps the choice, and takes over from here.
const chosen = localStorage.getItem('berth.theme')
if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen
