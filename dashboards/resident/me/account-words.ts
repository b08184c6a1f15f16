import { pageWords } from '../../kit/i18n/page-words.ts';

const zh = {
  consentsLead: '不授权也能开门、下单、取货。每一项都可以随时打开或关掉。',
  purposes: {
    'personal-offers': '按我填写的兴趣挑优惠',
    'order-messages': '订单短信提醒',
    'visit-join': '扫码与经过门口关联统计',
    'screen-pseudonym': '门口屏幕用随机代号少放重复广告',
    'pickup-notice': '到货时门口屏幕提醒我自提',
  },
  grantedAt: (when: string, version: number) => `${when} 同意（文本第 ${version} 版）`,
  offVersion: (version: number) => `文本第 ${version} 版`,
  textChanged: '文字更新过了，请再看一遍，重新确认。',
  consentsChild: '儿童账号没有授权项，只用来开门。',

  thisDevice: '这台设备',
  unknownDevice: '其他程序',
  lastSeen: (when: string) => `最近使用 ${when}`,
  signedInAt: (when: string) => `${when} 登录`,
  end: '退出这台设备',
  endOthers: '退出其他所有设备',
  onlyThis: '没有别的设备登录。',

  download: '下载我的数据',
  downloadHint: '系统里保存的关于您的全部内容，一个文件，打开就能看。',
  downloading: '正在准备…',
  fileName: '我的数据',
  erase: '删除账号',
  eraseWarning: '删除后，您的密码、门卡、二维码马上打不开任何一扇门。还住在这里的话，请先联系物业。',
  eraseGoes: '会删除',
  eraseGoesFacts: [
    '姓名、手机号、房号等住户资料',
    '密码、门卡、手机二维码，您发出的访客通行证',
    '开门记录里您的身份，授权，登录状态',
  ] as readonly string[],
  eraseStays: '会留下，以及为什么',
  eraseStaysFacts: [
    '门的开关流水：只剩时间和哪扇门，看不出是谁，用来证明记录没有被改过。',
    '订单和付款：按会计法规保留，与您的姓名、手机号脱开。',
    '「谁做过什么」的操作记录：不含您的资料，用来追责。',
  ] as readonly string[],
  eraseType: (word: string) => `要继续，请输入「${word}」`,
  eraseWord: '删除',
  eraseNow: '永久删除我的账号',
  erasing: '正在删除…',
};
const en: typeof zh = {
  consentsLead: 'Doors, orders and pick-ups work without any of these. Switch each on or off at any time.',
  purposes: {
    'personal-offers': 'Offers by the interests I stated',
    'order-messages': 'Text messages about my orders',
    'visit-join': 'Count my scan with my passing by',
    'screen-pseudonym': 'Fewer repeats at the screen, by a random name',
    'pickup-notice': 'A word at my door when I can collect',
  },
  grantedAt: (when: string, version: number) => `Agreed ${when} (text version ${version})`,
  offVersion: (version: number) => `Text version ${version}`,
  textChanged: 'The text has changed. Please read it and say so again.',
  consentsChild: 'A child’s account has no consents: it opens doors and nothing else.',

  thisDevice: 'this device',
  unknownDevice: 'Another program',
  lastSeen: (when: string) => `Last used ${when}`,
  signedInAt: (when: string) => `Signed in ${when}`,
  end: 'Sign this device out',
  endOthers: 'Sign out all other devices',
  onlyThis: 'No other device is signed in.',

  download: 'Download my data',
  downloadHint: 'All that is kept about you, in one file that you can read.',
  downloading: 'Preparing…',
  fileName: 'my-data',
  erase: 'Delete my account',
  eraseWarning:
    'Your PIN, cards and QR code stop opening every door at once. If you still live here, talk to the property office first.',
  eraseGoes: 'What goes',
  eraseGoesFacts: [
    'Your name, phone number and unit',
    'PINs, cards, QR codes on phones, and visitor passes that you made',
    'Your identity in the door records, your consents and sessions',
  ],
  eraseStays: 'What stays, and why',
  eraseStaysFacts: [
    'What the doors did: time and door, without who, as proof that no record was changed.',
    'Orders and payments: accounting law has them kept, cut off from your name and number.',
    'Who did what in the system: without your data, so that somebody can be held to account.',
  ],
  eraseType: (word: string) => `To go on, type “${word}”`,
  eraseWord: 'DELETE',
  eraseNow: 'Delete my account for good',
  erasing: 'Deleting…',
};

export const useAccountWords = pageWords({ zh, en });
