import { pageWords } from '../../kit/i18n/page-words.ts';

export const useAdvertWords = pageWords({
  zh: {
    title: '本小区广告',
    intro: '未来七天，本小区屏幕上会播哪些商家的广告，业主能分到多少。',
    owners: '现在应付给业主',
    toIncome: '看广告收益',
    playing: '未来七天',
    none: '没有商家的广告',
    noneHint: '业主决议生效后，商家才能在这里投放；没有广告时只播平台和社区的内容。',
    toDecision: '看业主决议',
    objections: '有不合适的广告？住户可以扫屏幕上的码提意见，在「对屏幕的意见」里可以在本小区停播。',
    placements: { gate: '大门', 'unit-door': '单元门', lift: '电梯厅' },
    and: '、',
    next: (when: string) => `下次 ${when}`,
    touches: (n: string) => `约 ${n} 次`,
  },
  en: {
    title: 'Adverts here',
    intro:
      'Which merchants’ adverts play on the screens of this community in the next seven days, and what its owners get.',
    owners: 'Owed to the owners now',
    toIncome: 'Advert income',
    playing: 'The next seven days',
    none: 'No merchant advertises here',
    noneHint:
      'They can once the owners’ decision is in force; until then only our own and the community’s content plays.',
    toDecision: 'The owners’ decision',
    objections:
      'Something unfit? Residents object by the code on the screen; “Words about screens” stops it for this community.',
    placements: { gate: 'Gate', 'unit-door': 'Unit door', lift: 'Lift lobby' },
    and: ', ',
    next: (when: string) => `next ${when}`,
    touches: (n: string) => `about ${n} times`,
  },
});
