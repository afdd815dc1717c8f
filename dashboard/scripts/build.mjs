import { build } from 'esbuild';

const shared = { bundle: true, minify: true, sourcemap: false, target: 'es2022', logLevel: 'warning', outdir: 'wwwroot/dist', legalComments: 'eof' };

// The first two are plain scripts of the page itself; the others are modules that their components import.
await build({ ...shared, entryPoints: ['scripts/theme.js', 'scripts/boot.js'], format: 'iife' });
await build({ ...shared, entryPoints: ['scripts/console.js', 'scripts/usage.js'], format: 'esm' });
