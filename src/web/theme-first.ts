/** Applies the selected theme before the first frame is painted. */
const chosen = localStorage.getItem('rollcall-theme');
if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset['theme'] = chosen;
