import { render } from 'preact';
import { App } from './app.tsx';
import { focusSearch } from './keyboard.ts';
import { followLinks } from './place.ts';
import './styles/page.css';

// Before anything is there to click on.
document.addEventListener('click', followLinks);
document.addEventListener('keydown', focusSearch);
const root = document.getElementById('app');
if (root !== null) render(<App />, root);
