import { pageWords } from '../../kit/i18n/page-words.ts';

/** The words of saying where a store is. */
const zh = {
  title: '门店位置',
  label: '门店位置（选填）',
  hint: '有了它，小区按远近排。人在店里，点下面的按钮最省事；也可以自己写纬度、经度（手机定位的坐标，WGS-84），例如 30.2741, 120.1551。',
  use: '用我现在的位置',
  finding: '正在定位…',
  found: '位置已填好，请确认您正在店里。',
  wrong: '看不懂这个位置，请写成“纬度, 经度”。',
  refused: '手机没有允许定位。可以在浏览器设置里打开，或者直接填写，不填也行。',
  unavailable: '现在定不了位，请直接填写，不填也行。',
  timeout: '定位太久没有结果，走到开阔处再试，或者直接填写。',
  why: '只用来算您的店离小区有多远，居民看不到。',
  save: '保存位置',
  saved: '位置已保存',
};
const en: typeof zh = {
  title: 'Where the store is',
  label: 'Where the store is (optional)',
  hint: 'With it communities are listed by distance. In the store, press the button below; or type latitude, longitude as a phone gives them (WGS-84), such as 30.2741, 120.1551.',
  use: 'Use my place',
  finding: 'Looking for it…',
  found: 'Filled in. Please make sure that you are in the store.',
  wrong: 'This is no place. Please write “latitude, longitude”.',
  refused: 'The phone does not allow it. Allow it in the browser, type it, or leave it empty.',
  unavailable: 'The place cannot be found now. Type it, or leave it empty.',
  timeout: 'It took too long. Try again under the open sky, or type it.',
  why: 'It only tells how far your store is from communities; residents do not see it.',
  save: 'Save the place',
  saved: 'Saved',
};

export const usePlaceWords = pageWords({ zh, en });
