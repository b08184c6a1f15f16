import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Page } from 'playwright-core';
import { findBrowser } from '../../browser.ts';
import { artFile, frame, layerFolder, movingLayers, stillScale, type MovingLayer } from './layers.ts';
import { scenes, type Scene } from './scenes.ts';

/**
 * Draws the layers of all scenes from their SVG pictures: `node tests/harness/demo/clips/render-layers.ts`. Needs a browser and
 * Noto CJK, so its results are kept in the repository; run it after a change of `art/` or of the layers' places.
 */
const jpegQuality = 84;
const webpQuality = 0.92;
const fonts = import.meta.resolve('@fontsource-variable/noto-sans-sc/index.css');

async function show(page: Page, { name }: Scene, onlyGroup: string): Promise<void> {
  const svg = await readFile(artFile(name), 'utf8');
  const hidden = ['scene', ...Object.keys(movingLayers)].filter((id) => id !== onlyGroup).map((id) => `#${id}`);
  const file = join(layerFolder(name), 'page.html');
  const style = `body{margin:0;overflow:hidden}svg{display:block}${hidden.join()}{display:none}`;
  await writeFile(file, `<meta charset="utf-8"><link rel="stylesheet" href="${fonts}"><style>${style}</style>${svg}`);
  await page.goto(pathToFileURL(file).href);
  await page.evaluate(() => document.fonts.ready);
  await rm(file);
}

/** The browser writes WebP only from a canvas. */
async function asWebp(page: Page, png: Buffer): Promise<Buffer> {
  const dataUrl = await page.evaluate(
    async ([source, quality]) => {
      const image = new Image();
      image.src = source;
      await image.decode();
      const canvas = document.createElement('canvas');
      canvas.width = image.width;
      canvas.height = image.height;
      canvas.getContext('2d')?.drawImage(image, 0, 0);
      return canvas.toDataURL('image/webp', quality);
    },
    [`data:image/png;base64,${png.toString('base64')}`, webpQuality] as const,
  );
  return Buffer.from(dataUrl.slice(dataUrl.indexOf(',') + 1), 'base64');
}

async function renderStill(page: Page, scene: Scene): Promise<void> {
  await show(page, scene, 'scene');
  const path = join(layerFolder(scene.name), 'scene.jpg');
  await page.screenshot({ path, type: 'jpeg', quality: jpegQuality });
}

async function renderMoving(page: Page, scene: Scene, layer: MovingLayer): Promise<void> {
  await show(page, scene, layer);
  const png = await page.screenshot({ clip: movingLayers[layer], omitBackground: true });
  await writeFile(join(layerFolder(scene.name), `${layer}.webp`), await asWebp(page, png));
}

const { path: executablePath } = await findBrowser();
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--allow-file-access-from-files'] });
const viewport = { width: frame.width, height: frame.height };
const sharp = await (await browser.newContext({ viewport, deviceScaleFactor: stillScale })).newPage();
const plain = await (await browser.newContext({ viewport })).newPage();
for (const scene of scenes) {
  await mkdir(layerFolder(scene.name), { recursive: true });
  await renderStill(sharp, scene);
  if (scene.risePixels !== undefined) await renderMoving(plain, scene, 'float');
  await renderMoving(plain, scene, 'line');
  await renderMoving(plain, scene, 'price');
  console.log(scene.name);
}
await browser.close();
