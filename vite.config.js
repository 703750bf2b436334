// Builds every page of www/ into dist/: plain files that any static host can serve.
import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { modules } from './scripts/lib/embed.js';

const www = fileURLToPath(new URL('./www/', import.meta.url));
const pages = readdirSync(www).filter((name) => name.endsWith('.html'));

export default defineConfig({
  root: www,
  // Relative addresses, so that a site in a folder of a static host works.
  base: './',
  appType: 'mpa',
  build: {
    outDir: fileURLToPath(new URL('./dist/', import.meta.url)),
    emptyOutDir: true,
    target: 'es2022',
    // The content security policy allows no data: scripts, styles or fonts.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      input: {
        ...Object.fromEntries(pages.map((name) => [name.slice(0, -5), `${www}${name}`])),
        ...Object.fromEntries(modules.map((name) => [name, `${www}${name}.ts`])),
      },
      preserveEntrySignatures: 'exports-only',
      output: {
        entryFileNames: ({ name }) =>
          modules.includes(name) ? '[name].js' : 'assets/[name]-[hash].js',
      },
    },
  },
  worker: { format: 'es' },
});
