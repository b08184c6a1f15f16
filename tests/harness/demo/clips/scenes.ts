import type { RecipeWords } from '@gatecast/cloud-api/maker';
import type { Segment } from '@gatecast/firmware-protocol/messages';

/** A picture in `drawings/` and what the maker makes of it, as of a merchant's photos. */
export interface Scene {
  /** File name of the picture and of the clip. */
  readonly name: string;
  readonly title: string;
  /** Whom a clip of the house is for. */
  readonly segment: Segment;
  /** Key of the store in town.ts whose advert it is; null: the house's own. */
  readonly store: 'fruit' | 'noodles' | null;
  /** What is worth a closer look: fractions of the picture's width and height. */
  readonly focus: { readonly x: number; readonly y: number };
  readonly recipe: RecipeWords;
}

/** The first clip of a store is the one that the demo puts on sale; a later one is there for its merchant to upload. */
export const scenes: readonly Scene[] = [
  {
    name: 'breakfast',
    title: '社区食堂 · 吃饱再上学',
    segment: 'families',
    store: null,
    focus: { x: 0.36, y: 0.58 },
    recipe: {
      template: 'feast',
      line: '吃饱再上学',
      secondLine: '热豆浆配鲜肉包，五分钟就好',
      priceFen: 800,
      storeName: '枫林社区食堂',
    },
  },
  {
    name: 'vegetables',
    title: '门口菜站 · 下班不绕路',
    segment: 'commuters',
    store: null,
    focus: { x: 0.52, y: 0.45 },
    recipe: {
      template: 'fresh',
      line: '下班不绕路',
      secondLine: '洗好切好，拎上楼就能下锅',
      priceFen: 2280,
      storeName: '枫林门口菜站',
    },
  },
  {
    name: 'night',
    title: '枫林鲜奶 · 回家了，晚安',
    segment: 'night',
    store: null,
    focus: { x: 0.4, y: 0.7 },
    recipe: {
      template: 'service',
      line: '回家了，晚安',
      secondLine: '明早六点半，鲜奶到门口',
      priceFen: 550,
      storeName: '枫林鲜奶',
    },
  },
  {
    name: 'plants',
    title: '居委会 · 旧物换绿植',
    segment: 'all',
    store: null,
    focus: { x: 0.56, y: 0.5 },
    recipe: {
      template: 'notice',
      line: '旧物换绿植',
      secondLine: '一本旧书，抱走一盆绿',
      priceFen: null,
      storeName: '枫林雅苑居委会',
    },
  },
  {
    name: 'oranges',
    title: '邻里鲜果 · 现摘脐橙两人团',
    segment: 'all',
    store: 'fruit',
    focus: { x: 0.55, y: 0.6 },
    recipe: {
      template: 'fresh',
      line: '现摘脐橙',
      secondLine: '坏一个，赔一个 · 两人成团',
      priceFen: 1990,
      oldPriceFen: 2990,
      storeName: '邻里鲜果',
    },
  },
  {
    name: 'noodles',
    title: '阿婆面馆 · 一碗热汤面',
    segment: 'all',
    store: 'noodles',
    focus: { x: 0.48, y: 0.57 },
    recipe: {
      template: 'feast',
      line: '一碗热汤面',
      secondLine: '早上六点，汤已经滚了',
      priceFen: 1600,
      storeName: '阿婆面馆',
    },
  },
  {
    name: 'strawberries',
    title: '邻里鲜果 · 草莓上新',
    segment: 'all',
    store: 'fruit',
    focus: { x: 0.5, y: 0.52 },
    recipe: {
      template: 'fresh',
      line: '草莓上新',
      secondLine: '今早从丹东来，颗颗红到尖',
      priceFen: 2580,
      oldPriceFen: 3200,
      storeName: '邻里鲜果',
    },
  },
];
