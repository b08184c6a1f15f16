import type { Segment } from '@gatecast/firmware-protocol/messages';

/** A picture in `art/`, its layers in `layers/`, and how it becomes a clip. */
export interface Scene {
  /** File name of the picture, of the folder of its layers and of the clip. */
  readonly name: string;
  readonly title: string;
  /** Whom a clip of the house is for. */
  readonly segment: Segment;
  /** Key of the store in town.ts whose advert it is; null: the house's own. */
  readonly store: 'fruit' | 'noodles' | null;
  readonly seconds: number;
  /** What the camera starts close to: fractions of the frame's width and height. */
  readonly focus: { readonly x: number; readonly y: number };
  /** Pixels that the drifting layer (steam, lights) rises; undefined: the picture has none. */
  readonly risePixels?: number;
  /** The bed of tones: MIDI note numbers, one every `beatMs`. */
  readonly tune: readonly number[];
  readonly beatMs: number;
}

/** The first clip of a store is the one that the demo puts on sale; a later one is there for its merchant to upload. */
export const scenes: readonly Scene[] = [
  {
    name: 'breakfast',
    title: '社区食堂 · 吃饱再上学',
    segment: 'families',
    store: null,
    seconds: 7,
    focus: { x: 0.36, y: 0.58 },
    risePixels: 70,
    tune: [72, 76, 79, 76, 74, 77, 81, 79, 76, 79, 84, 79],
    beatMs: 520,
  },
  {
    name: 'vegetables',
    title: '门口菜站 · 下班不绕路',
    segment: 'commuters',
    store: null,
    seconds: 7,
    focus: { x: 0.52, y: 0.45 },
    risePixels: 90,
    tune: [67, 71, 74, 79, 74, 71, 69, 72, 76, 74, 71, 67],
    beatMs: 540,
  },
  {
    name: 'night',
    title: '枫林鲜奶 · 回家了，晚安',
    segment: 'night',
    store: null,
    seconds: 8,
    focus: { x: 0.4, y: 0.7 },
    risePixels: 40,
    tune: [64, 71, 67, 62, 69, 66, 64],
    beatMs: 1_080,
  },
  {
    name: 'plants',
    title: '居委会 · 旧物换绿植',
    segment: 'all',
    store: null,
    seconds: 7,
    focus: { x: 0.56, y: 0.5 },
    tune: [65, 69, 72, 77, 72, 69, 67, 70, 74, 72, 69, 65],
    beatMs: 540,
  },
  {
    name: 'oranges',
    title: '邻里鲜果 · 现摘脐橙两人团',
    segment: 'all',
    store: 'fruit',
    seconds: 7,
    focus: { x: 0.55, y: 0.6 },
    risePixels: 90,
    tune: [72, 74, 76, 79, 81, 79, 76, 74, 72, 76, 79, 84],
    beatMs: 500,
  },
  {
    name: 'noodles',
    title: '阿婆面馆 · 一碗热汤面',
    segment: 'all',
    store: 'noodles',
    seconds: 7,
    focus: { x: 0.48, y: 0.57 },
    risePixels: 90,
    tune: [62, 67, 69, 72, 74, 72, 69, 67, 69, 74, 72, 67],
    beatMs: 540,
  },
  {
    name: 'strawberries',
    title: '邻里鲜果 · 草莓上新',
    segment: 'all',
    store: 'fruit',
    seconds: 6,
    focus: { x: 0.5, y: 0.52 },
    risePixels: 90,
    tune: [76, 79, 83, 81, 79, 76, 74, 76, 79, 83],
    beatMs: 500,
  },
];
