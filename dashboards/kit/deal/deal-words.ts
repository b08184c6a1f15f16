import { pageWords } from '../i18n/page-words.ts';

/** Words around a deal: on the resident's pages, and in the preview that the merchant sees while writing it. */
const zh = {
  aloneCosts: '单买',
  groupPrice: '拼团价',
  saves: (price: string) => `省 ${price}`,
  missing: (n: number) => `还差 ${n} 人成团`,
  youOpen: (n: number) => `由你开团，${n} 人成团`,
  complete: '人齐了，已成团',
  failed: '时间到了，没有成团',
  joined: (paid: number, size: number) => `已有 ${paid} 人，共要 ${size} 人`,
  /** Around the clock that counts down. */
  timeLeft: ['剩 ', ''],
  inStock: (n: number) => (n <= 10 ? `仅剩 ${n} 份` : `还有 ${n} 份`),
  soldOut: '已售罄',
  closed: '已结束',
  paused: '暂停销售',
  opensAt: (time: string) => `${time} 开始`,
  endsAt: (time: string) => `${time} 截止`,
};
const en: typeof zh = {
  aloneCosts: 'Alone',
  groupPrice: 'Group price',
  saves: (price) => `Save ${price}`,
  missing: (n) => (n === 1 ? '1 more person needed' : `${n} more people needed`),
  youOpen: (n) => `You open a group of ${n}`,
  complete: 'The group is complete',
  failed: 'Too few people joined in time',
  joined: (paid, size) => `${paid} of ${size} people have joined`,
  timeLeft: ['', ' left'],
  inStock: (n) => (n <= 10 ? `Only ${n} left` : `${n} left`),
  soldOut: 'Sold out',
  closed: 'Ended',
  paused: 'Not sold now',
  opensAt: (time) => `Starts ${time}`,
  endsAt: (time) => `Ends ${time}`,
};

export const useDealWords = pageWords({ zh, en });
