import type { Template } from './recipe.ts';

/** The picture in which templates are drawn; smaller ones are the same, scaled. */
export const canvas = { width: 1080, height: 1920 } as const;

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** The pieces that move on their own. The lower right is left free: there the screen lays its QR code. */
export const lineBox: Box = { x: 0, y: 0, width: 1080, height: 620 };
export const priceBox: Box = { x: 0, y: 1440, width: 760, height: 480 };

/** How a template looks. Colours are those of SVG; lengths in pixels of the canvas. */
export interface Look {
  readonly ground: string;
  /** Where the photos are. */
  readonly photos: Box;
  /** Over the photos, under the words. */
  readonly veil: string;
  readonly line: {
    readonly fill: string;
    readonly outline?: { readonly colour: string; readonly width: number };
    readonly anchor: 'start' | 'middle';
  };
  readonly second: { readonly fill: string; readonly pill: string | null };
  readonly store: { readonly fill: string; readonly pill: string };
  readonly price: {
    readonly panel: string;
    readonly figure: string;
    readonly words: string;
  };
  /** Of the bed of tones, as MIDI note numbers, one every `beatMs`. */
  readonly tune: readonly number[];
  readonly beatMs: number;
}

const gradient = (id: string, stops: readonly (readonly [number, string, number])[], way = 'x2="0" y2="1"'): string =>
  `<linearGradient id="${id}" x1="0" y1="0" ${way}>${stops
    .map(([at, colour, opacity]) => `<stop offset="${at}" stop-color="${colour}" stop-opacity="${opacity}"/>`)
    .join('')}</linearGradient>`;

const full: Box = { x: 0, y: 0, ...canvas };
const framed: Box = { x: 70, y: 610, width: 940, height: 840 };

/** A rectangle with a rounded hole in it. */
const passePartout = ({ x, y, width, height }: Box, r: number): string =>
  `M0 0H${canvas.width}V${canvas.height}H0ZM${x + r} ${y}h${width - 2 * r}a${r} ${r} 0 0 1 ${r} ${r}v${height - 2 * r}` +
  `a${r} ${r} 0 0 1 ${-r} ${r}h${-(width - 2 * r)}a${r} ${r} 0 0 1 ${-r} ${-r}v${-(height - 2 * r)}a${r} ${r} 0 0 1 ${r} ${-r}Z`;

export const looks: Readonly<Record<Template, Look>> = {
  feast: {
    ground: '#2a0a04',
    photos: full,
    veil:
      `<defs>${gradient('top', [
        [0, '#3a0c03', 0.94],
        [0.6, '#3a0c03', 0.66],
        [1, '#3a0c03', 0],
      ])}` +
      `${gradient('low', [
        [0, '#240701', 0],
        [0.55, '#240701', 0.6],
        [1, '#240701', 0.9],
      ])}</defs>` +
      `<rect width="1080" height="760" fill="url(#top)"/><rect y="1260" width="1080" height="660" fill="url(#low)"/>`,
    line: { fill: '#ffe9b8', anchor: 'middle', outline: { colour: '#5c1504', width: 10 } },
    second: { fill: '#ffffff', pill: '#d3301a' },
    store: { fill: '#4a1405', pill: '#ffd25e' },
    price: {
      panel: '<path d="M0 90h660l-70 330H0z" fill="#d3230f"/><path d="M0 90h660l-8 38H0z" fill="#ff5a36"/>',
      figure: '#ffe14a',
      words: '#ffffff',
    },
    tune: [62, 67, 69, 72, 74, 72, 69, 67, 69, 74, 72, 67, 64, 69, 72, 76, 74, 72, 69, 67, 62, 67, 71, 74, 72, 67],
    beatMs: 540,
  },
  fresh: {
    ground: '#f4fbe9',
    photos: { x: 0, y: 500, width: 1080, height: 1420 },
    veil:
      `<defs>${gradient('sky', [
        [0, '#ffffff', 1],
        [1, '#e9f7cf', 1],
      ])}${gradient('low', [
        [0, '#12380f', 0],
        [1, '#12380f', 0.72],
      ])}</defs>` +
      `<path d="M0 0h1080v585c-180 80-390 50-560 25S160 530 0 630z" fill="#8fcf4f"/>` +
      `<path d="M0 0h1080v555c-180 80-390 50-560 25S160 500 0 600z" fill="url(#sky)"/>` +
      `<rect y="1420" width="1080" height="500" fill="url(#low)"/>`,
    line: { fill: '#14692b', anchor: 'middle' },
    second: { fill: '#e2570c', pill: null },
    store: { fill: '#ffffff', pill: '#2e9b45' },
    price: {
      panel:
        '<rect x="40" y="80" width="600" height="340" rx="54" fill="#ffffff"/><rect x="40" y="80" width="26" height="340" rx="13" fill="#6dbb35"/>',
      figure: '#e2430c',
      words: '#33513a',
    },
    tune: [
      72, 74, 76, 79, 81, 79, 76, 74, 72, 76, 79, 84, 81, 79, 76, 74, 72, 74, 76, 79, 81, 84, 79, 76, 74, 72, 76, 79,
    ],
    beatMs: 500,
  },
  service: {
    ground: '#0d2344',
    photos: { x: 0, y: 540, width: 1080, height: 1380 },
    veil:
      `<defs>${gradient('night', [
        [0, '#0b1d3a', 1],
        [1, '#143463', 1],
      ])}${gradient('low', [
        [0, '#0b1d3a', 0],
        [1, '#0b1d3a', 0.88],
      ])}</defs>` +
      `<path d="M0 0h1080v555L0 675z" fill="#27c2b0"/><path d="M0 0h1080v535L0 655z" fill="url(#night)"/>` +
      `<rect y="1330" width="1080" height="590" fill="url(#low)"/>`,
    line: { fill: '#ffffff', anchor: 'start' },
    second: { fill: '#7fe8da', pill: null },
    store: { fill: '#0b1d3a', pill: '#27c2b0' },
    price: {
      panel:
        '<path d="M0 90h610v290a40 40 0 0 1-40 40H0z" fill="#ffffff"/><rect y="90" width="610" height="14" fill="#27c2b0"/>',
      figure: '#0f3d82',
      words: '#3d5273',
    },
    tune: [64, 71, 67, 62, 69, 66, 64, 67, 71, 74, 69, 66, 64, 62, 66, 69],
    beatMs: 960,
  },
  notice: {
    ground: '#f7efdf',
    photos: framed,
    veil:
      `<path d="${passePartout(framed, 36)}" fill="#f7efdf" fill-rule="evenodd"/>` +
      `<rect x="${framed.x}" y="${framed.y}" width="${framed.width}" height="${framed.height}" rx="36" fill="none" stroke="#b3352a" stroke-width="8"/>` +
      `<path d="M70 132h940" stroke="#b3352a" stroke-width="6"/><path d="M70 146h940" stroke="#b3352a" stroke-width="2"/>`,
    line: { fill: '#3b2418', anchor: 'middle' },
    second: { fill: '#9c2b20', pill: null },
    store: { fill: '#fff6e6', pill: '#b3352a' },
    price: {
      panel:
        '<rect x="70" y="90" width="560" height="320" rx="28" fill="#b3352a"/><rect x="82" y="102" width="536" height="296" rx="20" fill="none" stroke="#f3d9b0" stroke-width="3"/>',
      figure: '#fff1d2',
      words: '#f9dfbd',
    },
    tune: [65, 69, 72, 77, 72, 69, 67, 70, 74, 72, 69, 65, 64, 67, 72, 76, 72, 69, 65, 69, 72, 77, 74, 70, 69, 65],
    beatMs: 560,
  },
};
