import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** Where `vite dev` finds a console server; the built app is served by that server itself. */
const server = process.env['CONSOLE_URL'] ?? 'http://127.0.0.1:8000';

export default defineConfig({
  root: fileURLToPath(new URL('src/app', import.meta.url)),
  plugins: [react()],
  build: {
    outDir: fileURLToPath(new URL('dist', import.meta.url)),
    emptyOutDir: true,
    target: 'es2023',
    // The server's Content-Security-Policy allows no inline script and no data: address.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
  },
  server: { proxy: { '/api': { target: server, changeOrigin: true } } },
});
