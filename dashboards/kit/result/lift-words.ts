import { pageWords } from '../i18n/page-words.ts';

const zh = {
  title: '广告带来了多少',
  how: (percent: string) =>
    `我们抽签留出约 ${percent} 的日子不放这个视频（放小区自己的片子），再比较：放的日子，小区在这家店的订单多了多少？扫码的、没扫码的都算。`,
  perDay: '每个小区每天多来的订单',
  pickedUp: '其中取了货的',
  perThousand: '每 1000 次触达多来的订单',
  range: (low: string, high: string) => `95% 的把握在 ${low} 到 ${high} 之间`,
  noneForSure: '也可能一单都没多：这个范围里有 0。',
  forSure: '这不像是碰巧。',
  fewer: '放的日子订单反而少。这也不像是碰巧，看看视频和价钱吧。',
  usual: (orders: string) => `不放的日子，每个小区平均每天 ${orders} 单`,
  basis: (days: string, held: string, orders: string) =>
    `根据 ${days} 个「小区·天」，其中 ${held} 个没放；一共 ${orders} 单`,
  tooLittle: '现在还说不准',
  tooLittleBasis: (days: string, held: string, orders: string) =>
    `数据太少：到现在 ${days} 个「小区·天」，其中 ${held} 个没放，一共 ${orders} 单。`,
  needs: (days: string) => `要看出多两成的订单，大约要 ${days} 个「小区·天」。多几个小区，或者多放几天，会更快。`,
  noOrderYet: '还没有订单，估不出要多久。',
  noHoldout: '这次投放没有留出对比的日子，所以看不出哪些订单是广告带来的。',
  notOfPeople: '「就找这些人」不做对比：那要知道谁看了、谁买了，而这两样我们从不放在一起。',
  caveatsTitle: '哪些地方会不准',
  caveats: {
    'carry-over': '昨天看到、今天才下单的，会算到没放的日子里，所以真实效果可能更大。',
    neighbours: '几个小区在同一家店买，邻居之间会互相说起，差别会变小。',
    'recent-pick-ups': '最近几天的订单还没取完货。',
  },
};
const en: typeof zh = {
  title: 'What the advert brought',
  how: (percent) =>
    `By lot, the clip rests on about ${percent} of days (the screen shows its own clips instead). Then we compare: how many more orders did the community place at the store on days with it? Scanned or not, all count.`,
  perDay: 'More orders a day in each community',
  pickedUp: 'Of these, picked up',
  perThousand: 'More orders for each 1,000 touches',
  range: (low, high) => `with 95% confidence between ${low} and ${high}`,
  noneForSure: 'It may be none at all: zero is within this range.',
  forSure: 'This is unlikely to be chance.',
  fewer:
    'There were fewer orders on days with it, and that is unlikely to be chance. Have a look at the clip and the price.',
  usual: (orders) => `Without it: ${orders} orders a day in each community`,
  basis: (days, held, orders) =>
    `From ${days} community-days, ${held} of them without the clip; ${orders} orders in all`,
  tooLittle: 'Too early to say',
  tooLittleBasis: (days, held, orders) =>
    `Not enough data: ${days} community-days so far, ${held} of them without the clip, ${orders} orders.`,
  needs: (days) =>
    `To see a fifth more orders it takes about ${days} community-days. More communities or more days bring it sooner.`,
  noOrderYet: 'There are no orders yet to tell how long it takes.',
  noHoldout: 'No days were kept without this campaign, so nobody can tell which orders it brought.',
  notOfPeople:
    'Nothing is compared for people who opted in: it would take knowing who saw it and who bought, and we never put the two together.',
  caveatsTitle: 'What may be off',
  caveats: {
    'carry-over': 'Who saw it yesterday and orders today may count for a day without it, so the truth may be greater.',
    neighbours: 'Several communities buy at one store and talk to each other, which makes the difference smaller.',
    'recent-pick-ups': 'Orders of the last days are not all picked up yet.',
  },
};

export const useLiftWords = pageWords({ zh, en });
