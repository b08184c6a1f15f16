import type { RefusalAdvice } from '@gatecast/firmware-protocol/messages';

const zh = {
  how: '开门请按 房号 ✱ 密码 #',
  opened: '门已开 请进',
  openedMore: 'Door open',
  pickUp: '您的团购已到，可到店自提',
  refused: '请重试',
  refusedMore: 'Try again',
  typing: '输完请按 #',
  typingMore: 'Then press #',
  wait: '请稍候',
  waitMore: 'Please wait',
  offline: '屏幕正在恢复连接',
  offlineMore: 'Reconnecting',
  starting: '屏幕正在启动',
  startingMore: 'Starting',
  greeting: '欢迎回家',
  callHelp: '求助请按 0 #',
  office: (phone: string) => `物业 ${phone}`,
  scan: '扫码参团',
  scanMore: '到店自提',
  legal: '广告',
  optedIn: '已参考您的授权 · 可在手机「我的 · 授权」关闭',
  notice: '通知',
  emergency: '紧急通知',
  help: '已呼叫物业',
  helpMore: '请在门口稍等',
  advice: {
    'check-code': '请核对房号和密码后再输',
    'show-again': '请刷新手机上的二维码，再扫一次',
    'ask-host': '这个码现在不能用，请联系给您发码的人',
    'other-door': '这个码不开这扇门，请走您的入口',
    wait: '试了太多次，请稍等片刻再试',
    'call-property': '现在开不了门，请联系物业',
  } satisfies Record<RefusalAdvice, string>,
};

type Messages = typeof zh;

const en: Messages = {
  how: 'To open: unit ✱ PIN #',
  opened: 'Door open',
  openedMore: '门已开 请进',
  pickUp: 'Your group-buy is ready to collect',
  refused: 'Try again',
  refusedMore: '请重试',
  typing: 'Then press #',
  typingMore: '输完请按 #',
  wait: 'Please wait',
  waitMore: '请稍候',
  offline: 'Reconnecting',
  offlineMore: '屏幕正在恢复连接',
  starting: 'Starting',
  startingMore: '屏幕正在启动',
  greeting: 'Welcome home',
  callHelp: 'For help: 0 #',
  office: (phone) => `Office ${phone}`,
  scan: 'Scan to join',
  scanMore: 'Pick up nearby',
  // The mark that the law asks for is this word, whatever else is in English.
  legal: '广告 Ad',
  optedIn: 'Shown with your consent · Me · Consents',
  notice: 'Notice',
  emergency: 'Emergency',
  help: 'Help is called',
  helpMore: 'Please wait here',
  advice: {
    'check-code': 'Check your unit and PIN, then type them again',
    'show-again': 'Open the QR code on your phone again, then hold it to the reader',
    'ask-host': 'This code is not valid now. Please ask the person who gave it to you',
    'other-door': 'This code opens another entrance',
    wait: 'Too many tries. Please wait a moment',
    'call-property': 'The door cannot be opened now. Please call the property office',
  },
};

const isEnglish = new URLSearchParams(location.search).get('lang') === 'en';

/** Chinese first; English with `?lang=en`. */
export const messages: Messages = isEnglish ? en : zh;
export const language = isEnglish ? 'en' : 'zh-CN';
