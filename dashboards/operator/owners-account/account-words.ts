import { pageWords } from '../../kit/i18n/page-words.ts';

const zh = {
  title: '小区收益账户',
  intro: '每个小区屏幕广告的收入、应付业主和管理方的钱。把钱付出去以后在这里登记回单。',
  community: '小区',
  choose: '先选一个小区',
  chooseHint: '选好以后显示它的账户。',
  record: '登记付款',
  party: '付给谁',
  parties: { owners: '业主共有账户', management: '管理方' },
  amount: '金额（元）',
  paidOn: '付款日期',
  file: '银行回单（JPEG、PNG 或 PDF，10 MB 以内）',
  fileMissing: '请选择回单',
  recorded: '已登记',
};
const en: typeof zh = {
  title: 'Owners’ accounts',
  intro:
    'What each community’s screens bring, and what is owed to its owners and its management. Record a payment here with its receipt.',
  community: 'Community',
  choose: 'Choose a community',
  chooseHint: 'Its account is shown then.',
  record: 'Record a payment',
  party: 'To whom',
  parties: { owners: 'The owners’ account', management: 'The management' },
  amount: 'Amount (yuan)',
  paidOn: 'Paid on',
  file: 'The bank’s receipt (JPEG, PNG or PDF, up to 10 MB)',
  fileMissing: 'Choose the receipt',
  recorded: 'Recorded',
};
export const useAccountWords = pageWords({ zh, en });
