/** Runs before anything is painted: a theme that was chosen is there from the first frame. */
const chosen = localStorage.getItem('rollcall-theme');
if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset['theme'] = chosen;
