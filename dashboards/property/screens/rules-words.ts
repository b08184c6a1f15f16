import { pageWords } from '../../kit/i18n/page-words.ts';

const zh = {
  title: '屏幕规定',
  intro: '整个小区的屏幕都照这里：最多多响、门口显示谁的电话、意见多久答复。',
  phone: '物业电话',
  phoneHint: '显示在每块屏幕上。不填就不显示；求助键 0 # 一直可用。',
  phonePlaceholder: '例如：0571-8888 6666',
  phoneWrong: '只写数字、空格、括号和短横，例如 0571-8888 6666',
  cap: '音量上限（%）',
  capHint: '任何一块屏幕都不会超过，不管它自己设多少。',
  hours: '意见在几小时内答复',
  hoursHint: '1 到 240 小时。写意见的人会看到，超时会提醒。',
  children: '孩子进出的时段',
  childrenHint: '这些时段不播医疗、药品和酒类广告。用逗号分开；不填就表示没有。',
  childrenWrong: '请写成 06:00-09:00, 15:00-19:00，最多 6 段，结束要晚于开始',
  save: '保存',
  saved: '已保存，正在下发',
  law: '法规和标准',
  lawIntro: '这里只写出处和日期，不替代法律意见。各地规定可能更严，以当地为准：请在现场用声级计量过，再定上限。',
  checked: '已核对原文摘录',
  unchecked: '未核对原文，请自行查证',
  rules: [
    {
      name: 'GB 22337-2008《社会生活环境噪声排放标准》',
      date: '2008-08-19 发布，2008-10-01 实施',
      says: '管营业性文化娱乐场所和商业经营活动中的设备、设施，规定边界噪声限值和测量方法。',
      isChecked: true,
    },
    {
      name: '同上，边界噪声限值（昼间 / 夜间）',
      date: '2008-10-01 实施',
      says: '0 类区 50 / 40 dB(A)；1 类区（居住为主）55 / 45 dB(A)；2 类区 60 / 50 dB(A)。',
      isChecked: false,
    },
    {
      name: '《噪声污染防治法》',
      date: '2022-06-05 施行',
      says: '夜间指晚上十点到次日早晨六点，地方可以另定。屏幕默认从 20 点静音到 8 点，比它更宽。',
      isChecked: false,
    },
    {
      name: '《广告法》第十四条',
      date: '2015 年修订，2018-10-26 修正',
      says: '广告应当能让人认出来；通过大众传播媒介发布的要显著标明「广告」。付费短片都带「广告」和广告主名称，关不掉。',
      isChecked: true,
    },
  ],
};
const en: typeof zh = {
  title: 'Screen rules',
  intro:
    'For all screens of the community: how loud at most, whose number stands at the door, how soon words are answered.',
  phone: 'Number of the office',
  phoneHint: 'Stands on every screen. Empty: no number; the help key 0 # works all the same.',
  phonePlaceholder: 'For example: 0571-8888 6666',
  phoneWrong: 'Digits, spaces, brackets and hyphens only, such as 0571-8888 6666',
  cap: 'Loudest (%)',
  capHint: 'No screen is louder, whatever is set for it.',
  hours: 'Hours until an answer',
  hoursHint: '1 to 240. Whoever writes sees it; you are reminded when it is over.',
  children: 'When children pass',
  childrenHint: 'No adverts for medicine, medical treatment or alcohol then. Commas in between; empty: never.',
  childrenWrong: 'Such as 06:00-09:00, 15:00-19:00; six at most, each ending after it begins',
  save: 'Save',
  saved: 'Saved, on its way',
  law: 'Laws and standards',
  lawIntro:
    'Sources and dates, and no legal advice. Local rules may be stricter and come first: measure on site with a sound level meter before you set the limit.',
  checked: 'Seen in an excerpt of the text',
  unchecked: 'Not seen in the text: please check it yourself',
  rules: [
    {
      name: 'GB 22337-2008, Emission standard for community noise',
      date: 'issued 2008-08-19, in force since 2008-10-01',
      says: 'For equipment of entertainment venues and commerce: limits of noise at the boundary, and how to measure it.',
      isChecked: true,
    },
    {
      name: 'The same, limits at the boundary (day / night)',
      date: 'in force since 2008-10-01',
      says: 'Class 0: 50 / 40 dB(A). Class 1, mostly homes: 55 / 45 dB(A). Class 2: 60 / 50 dB(A).',
      isChecked: false,
    },
    {
      name: 'Law on the prevention of noise pollution',
      date: 'in force since 2022-06-05',
      says: 'Night is from 22 to 6 unless a place says otherwise. Screens are silent from 20 to 8 by default, which is longer.',
      isChecked: false,
    },
    {
      name: 'Advertising Law, article 14',
      date: 'revised 2015, amended 2018-10-26',
      says: 'An advert must be recognisable and be marked 广告 in mass media. Paid clips carry the mark and the advertiser’s name; neither can be turned off.',
      isChecked: true,
    },
  ],
};

export const useRulesWords = pageWords({ zh, en });
