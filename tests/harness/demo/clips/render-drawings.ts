import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { chromium } from 'playwright-core';
import { findBrowser } from '../../browser.ts';
import { drawingFile } from './photos.ts';
import { scenes } from './scenes.ts';

/**
 * Makes pictures of the drawings in `art/`: `node tests/harness/demo/clips/render-drawings.ts`. Needs a browser for their filters and signs, so its results
 * are kept in the repository; run it after a change of `art/`.
 */
const jpegQuality = 84;
const viewport = { width: 720, height: 1280 };
const fonts = import.meta.resolve('@fontsource-variable/noto-sans-sc/index.css');
const style = 'body{margin:0;overflow:hidden}svg{display:block}';

const { path: executablePath } = await findBrowser();
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--allow-file-access-from-files'] });
const page = await (await browser.newContext({ viewport, deviceScaleFactor: 1.5 })).newPage();
for (const scene of scenes) {
  const svg = await readFile(fileURLToPath(new URL(`./art/${scene.name}.svg`, import.meta.url)), 'utf8');
  const path = drawingFile(scene);
  await mkdir(dirname(path), { recursive: true });
  const file = `${path}.html`;
  await writeFile(file, `<meta charset="utf-8"><link rel="stylesheet" href="${fonts}"><style>${style}</style>${svg}`);
  await page.goto(pathToFileURL(file).href);
  await page.evaluate(() => document.fonts.ready);
  await page.screenshot({ path, type: 'jpeg', quality: jpegQuality });
  await rm(file);
  console.log(scene.name);
}
await browser.close();
