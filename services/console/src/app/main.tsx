/** The console's browser app: constructs everything. Owns what a person sees; the server owns what is true. */
import './design/index.css';

import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { BrowserRouter } from 'react-router';
import { App } from './App.tsx';
import { startTheme } from './shell/theme.ts';

startTheme();
const root = document.getElementById('root');
if (!root) throw new Error('expected an element with id "root" in index.html');
createRoot(root).render(
  <StrictMode>
    {/* Filters live in the address: what is typed or ticked must be there at once, not when React has time. */}
    <BrowserRouter useTransitions={false}>
      <App />
    </BrowserRouter>
  </StrictMode>,
);
