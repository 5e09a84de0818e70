import { render } from 'preact';
import { RollcallPage } from './app.tsx';
import { focusSearch } from './keyboard.ts';
import { followHistory, followLinks } from './place.ts';
import { applyTheme, theme } from './preferences.ts';
import { watchSession } from './session.ts';
import './styles/page.css';

// Registered before anything can be clicked.
document.addEventListener('click', followLinks);
document.addEventListener('keydown', focusSearch);
followHistory();
watchSession();
theme.listeners.add(() => applyTheme(theme.get()));
const root = document.getElementById('app');
if (root !== null) render(<RollcallPage />, root);
