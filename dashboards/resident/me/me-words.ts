import { pageWords } from '../../kit/i18n/page-words.ts';

/** The words of the account page; they load with it. */
const zh = {
  signInHere: '登录',
  me: '我的',
  home: (community: string, building: string, unit: string) => `${community} ${building} ${unit}`,
  language: '语言',
  signedInAs: (name: string) => `你好，${name}`,
  signedOutLead: '还没有登录',
  privacy: '开门记录不会用来推荐商品，店家只看到你的姓和取货码。',
  signOut: '退出登录',
  signOutHint: '这部手机上的二维码和访客码也会一起清除。',
  menu: '账号与隐私',
  pages: {
    'ways-in': { title: '开门方式', hint: '密码、门卡、手机' },
    records: { title: '我的开门记录', hint: '什么时候、哪扇门、怎么开的' },
    views: { title: '谁看过我的记录', hint: '物业每次查看都有记录' },
    consents: { title: '授权', hint: '默认都不开，随时可以改' },
    screens: { title: '对屏幕的意见', hint: '太吵、不想看的广告' },
    income: { title: '屏幕广告收益', hint: '每季度公布，归全体业主' },
    sessions: { title: '登录的设备', hint: '不认识的可以退出' },
    data: { title: '我的数据', hint: '下载一份，或删除账号' },
  },
};
const en: typeof zh = {
  signInHere: 'Sign in',
  me: 'Me',
  home: (community: string, building: string, unit: string) => `${community}, ${building}, ${unit}`,
  language: 'Language',
  signedInAs: (name: string) => `Hello, ${name}`,
  signedOutLead: 'Not signed in',
  privacy: 'Door records are never used to recommend goods. The shop sees your surname and the pick-up code only.',
  signOut: 'Sign out',
  signOutHint: 'The QR code and the visitor codes on this phone go too.',
  menu: 'Account and privacy',
  pages: {
    'ways-in': { title: 'Ways to open', hint: 'PIN, cards, phones' },
    records: { title: 'My door records', hint: 'When, which door, by what' },
    views: { title: 'Who looked at my records', hint: 'Every look by the property is noted' },
    consents: { title: 'Consents', hint: 'All off until you say so' },
    screens: { title: 'Words about screens', hint: 'Too loud, or an unwanted advert' },
    income: { title: 'Income from the screens', hint: 'Published each quarter; it is the owners’' },
    sessions: { title: 'Signed-in devices', hint: 'Sign out those you do not know' },
    data: { title: 'My data', hint: 'Download it, or delete your account' },
  },
};

export const useMeWords = pageWords({ zh, en });
