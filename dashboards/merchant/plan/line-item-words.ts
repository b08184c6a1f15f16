import { pageWords } from '../../kit/i18n/page-words.ts';

/** The words of what was bought over several half-hours. */
export const useLineItemWords = pageWords({
  zh: {
    title: '我买的投放',
    halfHours: '单独订的半小时',
    more: (n: number) => `还有 ${n} 个`,
    span: (from: string, to: string, places: number) => `${from} 到 ${to} · ${places} 个小区`,
    delivered: {
      touches: (verified: string, bought: string) => `已核验 ${verified} / ${bought} 人次`,
      share: (verified: string, bought: string) => `已核验 ${verified} 人次，预计一共 ${bought} 人次`,
      'ten-people': (verified: string, bought: string) => `已有 ${verified} / ${bought} 个人看到`,
    },
    outlook: {
      touches: (low: string, high: string) => `照现在的人流，结束时约 ${low}–${high} 人次`,
      people: (low: string, high: string) => `照现在的情况，结束时约 ${low}–${high} 个人看到`,
    },
    states: {
      waiting: '还没开始',
      'on-course': '进展正常',
      behind: '偏慢，系统已在后面的时段补',
      paused: '已暂停',
      ended: '已结束',
    },
    pausedByOperator: (why: string) => `平台暂停了这笔投放：${why}。要恢复请联系平台。`,
    cancelled: {
      ending: (money: string) => `已取消：到这半小时为止。没送到的等每块屏报完就退，大约 ${money}`,
      'going-back': (money: string) => `已取消，${money} 正在原路退回`,
      'gone-back': (money: string) => `已取消，${money} 已经原路退回`,
    },
    makeGood: {
      touches: (n: string, from: string, to: string) => `少了 ${n} 人次，${from} 到 ${to} 免费补播`,
      people: (n: string, from: string, to: string) => `还差 ${n} 个人，${from} 到 ${to} 免费补播`,
    },
    makeGoodReasons: {
      shortfall: '来的人比预计少',
      'screens-away': '部分屏幕没有联网',
      'not-for-sale': '业主收回或停售了部分时段',
    },
    refunded: (money: string) => `已退 ${money}`,
    byDay: '每天的情况',
    day: '日期',
    planned: '计划',
    verified: '核验',
    filtered: '不计的播放',
    noDays: '排期排好后，这里按天显示。',
    move: '改时间地点',
    moveTitle: '改到别的小区或日子',
    moveHint: '没送到的部分挪过去，价钱不变。那边更贵或不够，就保持原样。改好会继续投放。',
    moveHours: '时段',
    moveKeepHours: '和现在一样的时段',
    moveAnyHours: '全天都可以',
    moveFrom: '从哪天',
    moveTo: '到哪天',
    moveDo: '挪过去',
    pause: '暂停',
    resume: '继续',
    cancel: '取消投放',
    cancelSure: '取消这笔投放？',
    cancelUnbegun: (money: string) => `还没开始，${money} 马上原路退回。`,
    cancelRunning: (money: string) =>
      `到当前半小时结束为止。没送到的部分等每块屏都报完再退，最迟一天；按现在的数大约退 ${money}。`,
    cancelDo: '确定取消',
    keep: '先不取消',
  },
  en: {
    title: 'What I bought',
    halfHours: 'Single half-hours',
    more: (n: number) => `${n} more`,
    span: (from: string, to: string, places: number) =>
      `${from} to ${to} · ${places} ${places === 1 ? 'community' : 'communities'}`,
    delivered: {
      touches: (verified: string, bought: string) => `${verified} of ${bought} touches verified`,
      share: (verified: string, bought: string) => `${verified} touches verified, about ${bought} expected in all`,
      'ten-people': (verified: string, bought: string) => `${verified} of ${bought} people have seen it`,
    },
    outlook: {
      touches: (low: string, high: string) => `As people come by now, about ${low}–${high} touches in the end`,
      people: (low: string, high: string) => `As it goes now, about ${low}–${high} people in the end`,
    },
    states: {
      waiting: 'Not begun',
      'on-course': 'On course',
      behind: 'Behind; later half-hours make up for it',
      paused: 'Paused',
      ended: 'Ended',
    },
    pausedByOperator: (why: string) => `The platform paused it: ${why}. Ask them to resume it.`,
    cancelled: {
      ending: (money: string) =>
        `Cancelled: it ends with this half-hour. What was not delivered goes back once every screen has told, about ${money}`,
      'going-back': (money: string) => `Cancelled; ${money} is on its way back`,
      'gone-back': (money: string) => `Cancelled; ${money} went back`,
    },
    makeGood: {
      touches: (n: string, from: string, to: string) =>
        `${n} touches were missing: played free of charge from ${from} to ${to}`,
      people: (n: string, from: string, to: string) =>
        `${n} people were missing: played free of charge from ${from} to ${to}`,
    },
    makeGoodReasons: {
      shortfall: 'fewer people came than expected',
      'screens-away': 'some screens were offline',
      'not-for-sale': 'some of its hours were taken off sale',
    },
    refunded: (money: string) => `${money} went back`,
    byDay: 'Day by day',
    day: 'Day',
    planned: 'Planned',
    verified: 'Verified',
    filtered: 'Plays that do not count',
    noDays: 'Its days are shown here once it is planned.',
    move: 'Move it',
    moveTitle: 'To other communities or days',
    moveHint:
      'What was not delivered moves, at the same price. If it costs more there, or there is too little, all stays as it is. Once moved it runs.',
    moveHours: 'Hours',
    moveKeepHours: 'The hours that it has',
    moveAnyHours: 'Any hours',
    moveFrom: 'From',
    moveTo: 'To',
    moveDo: 'Move it there',
    pause: 'Pause',
    resume: 'Resume',
    cancel: 'Cancel it',
    cancelSure: 'Cancel what you bought?',
    cancelUnbegun: (money: string) => `It has not begun: ${money} goes back at once.`,
    cancelRunning: (money: string) =>
      `It ends with the present half-hour. What was not delivered goes back once every screen has told, within a day; as it stands about ${money}.`,
    cancelDo: 'Yes, cancel it',
    keep: 'Keep it',
  },
});
