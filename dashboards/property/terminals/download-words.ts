import { pageWords } from '../../kit/i18n/page-words.ts';

const zh = {
  title: '短片下载',
  intro: '马上要播的短片总是立刻下载。别的日子要播的可以等网络空闲，最迟前一天晚上八点前到位。',
  onlyThen: '只在这些时段下载以后要播的',
  from: (n: number) => `时段 ${n} 开始`,
  to: (n: number) => `时段 ${n} 结束`,
  remove: (n: number) => `去掉时段 ${n}`,
  add: '再加一个时段',
  speed: '下载限速',
  speedHint: '和小区共用一条线路时，给别人留一半。',
  unlimited: '不限',
  perSecond: (text: string) => `每秒 ${text}`,
  save: '保存下载设置',
  same: '已是当前设置',
};
const en: typeof zh = {
  title: 'Downloading clips',
  intro:
    'What plays soon always comes at once. What plays another day may wait for a quiet line, until 8 pm on the evening before.',
  onlyThen: 'Fetch what plays later only at these times',
  from: (n) => `Time ${n} begins`,
  to: (n) => `Time ${n} ends`,
  remove: (n) => `Remove time ${n}`,
  add: 'One more',
  speed: 'Speed limit',
  speedHint: 'On a line that others use too, leave them half of it.',
  unlimited: 'None',
  perSecond: (text) => `${text} a second`,
  save: 'Save download settings',
  same: 'As it is now',
};
export const useDownloadWords = pageWords({ zh, en });
