/** Entry of the browser app: starts its telemetry, then draws. */
import './configure-zod.ts';

import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './App.tsx';
import { startTelemetry } from './telemetry/start.ts';
import './styles/index.css';

const { tracer, reportError } = startTelemetry();

const container = document.getElementById('app');
if (!container) throw new Error('expected index.html to have an element #app');
createRoot(container, {
  onCaughtError: (error) => reportError('render', error),
  onUncaughtError: (error) => reportError('render', error),
}).render(
  <StrictMode>
    <App tracer={tracer} />
  </StrictMode>,
);
