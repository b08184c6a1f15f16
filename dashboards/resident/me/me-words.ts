import { pageWords } from '../../kit/i18n/page-words.ts';

/** The words of the account page; they load with it. */
const zh = {
  signInHere: '登录',
  me: '我的',
  myCommunity: '我的小区',
  language: '语言',
  signedInAs: (name: string) => `你好，${name}`,
  signedOutLead: '还没有登录',
  privacy: '开门记录不会用来推荐商品，店家只看到你的姓和取货码。',
  signOut: '退出登录',
};
const en: typeof zh = {
  signInHere: 'Sign in',
  me: 'Me',
  myCommunity: 'My community',
  language: 'Language',
  signedInAs: (name: string) => `Hello, ${name}`,
  signedOutLead: 'Not signed in',
  privacy: 'Door records are never used to recommend goods. The shop sees your surname and the pick-up code only.',
  signOut: 'Sign out',
};

export const useMeWords = pageWords({ zh, en });
