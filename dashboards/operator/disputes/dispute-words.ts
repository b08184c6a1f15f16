import { pageWords } from '../../kit/i18n/page-words.ts';

const zh = {
  title: '账单异议',
  intro:
    '商户对账单某一行的疑问。看证据后认可（退款）或不认可，理由会给商户看到。10 天内答复；再过 5 天还没有答复，按商户有理自动退款。',
  none: '没有异议',
  noneHint: '商户在对账单上提出的疑问会出现在这里。',
  filter: '状态',
  states: { open: '待处理', upheld: '已退款', refused: '未认可', withdrawn: '已撤回' },
  overdue: (day: string) => `超期，${day} 自动退款`,
  bySilence: '超期没有答复，已自动退款',
  due: (day: string) => `${day} 前答复`,
  billed: '这一行',
  evidence: '证据',
  version: (n: number, rendered: number, viewable: number, touches: string) =>
    `第 ${n} 版：播放 ${rendered}，有效 ${viewable}，触达 ${touches}`,
  notCounted: (said: string) => `未计入：${said}`,
  screen: (n: number, plays: number, viewable: number, from: number, to: number) =>
    `屏幕 ${n}：播放 ${plays}，有效 ${viewable}；日志第 ${from}–${to} 行`,
  signed: (seq: number, kid: string) => `检查点 ${seq}（${kid}）`,
  unsigned: '没有检查点',
  gone: '播放明细已过保存期',
  bundle: '下载审计包',
  uphold: '认可并退款',
  upholdTitle: '退多少？',
  amount: '退款金额（元）',
  refuse: '不认可',
  refuseTitle: '为什么不认可？',
  why: '理由（商户看得到）',
  done: '已答复',
};
const en: typeof zh = {
  title: 'Disputed bills',
  intro:
    'What merchants question in their bills. Look at the evidence, then accept (money goes back) or refuse; they read your reason. Answer within 10 days; after five more days of silence the money goes back by itself.',
  none: 'Nothing is disputed',
  noneHint: 'What merchants question in a bill appears here.',
  filter: 'State',
  states: { open: 'Waiting', upheld: 'Given back', refused: 'Refused', withdrawn: 'Taken back' },
  overdue: (day) => `Late, goes back by itself on ${day}`,
  bySilence: 'Nobody answered in time; it went back by itself',
  due: (day) => `By ${day}`,
  billed: 'The line',
  evidence: 'Evidence',
  version: (n, rendered, viewable, touches) =>
    `Report ${n}: ${rendered} rendered, ${viewable} viewable, ${touches} touches`,
  notCounted: (said) => `Not counted: ${said}`,
  screen: (n, plays, viewable, from, to) =>
    `Screen ${n}: ${plays} plays, ${viewable} viewable; journal rows ${from}–${to}`,
  signed: (seq, kid) => `checkpoint ${seq} (${kid})`,
  unsigned: 'no checkpoint',
  gone: 'The single plays are no longer kept',
  bundle: 'Download bundle',
  uphold: 'Accept and give back',
  upholdTitle: 'How much goes back?',
  amount: 'Amount (yuan)',
  refuse: 'Refuse',
  refuseTitle: 'Why is it refused?',
  why: 'Reason (the merchant reads it)',
  done: 'Answered',
};
export const useDisputeWords = pageWords({ zh, en });
