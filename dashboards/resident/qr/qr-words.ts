import { pageWords } from '../../kit/i18n/page-words.ts';

const zh = {
  title: '我的二维码',
  label: '我的开门二维码',
  hold: '对准门口的扫码窗',
  seconds: (n: number) => `${n} 秒后更换`,
  facts: '每 30 秒换一个，截图发给别人没有用。没有网络也能用。',
  onItsWay: '正在送到门口终端，几秒后就能扫。',
  signedOut: '登录后设置二维码',
  setUpTitle: '用这部手机扫码开门',
  setUpFacts: [
    '手机里会生成一把只属于它的钥匙，谁也拿不走，我们也看不到。',
    '二维码每 30 秒换一个，设好以后没有网络也能用。',
    '手机丢了，在「我的 › 开门方式」里把它删掉就行。',
    '清除浏览器数据或换手机后，要重新设置一次。',
  ] as readonly string[],
  setUp: '设置二维码',
  settingUp: '正在设置…',
  setUpAgainTitle: '二维码要重新设置',
  setUpAgain: '这部手机上的钥匙不在了，或已在别处删除。重新设置一次就能继续用。',
  needsNetwork: '设置时需要网络，请连上网络再试。',
  unsupportedTitle: '这个浏览器不能用二维码开门',
  unsupported: '请换用手机自带的浏览器，并用 https 地址打开；或者用密码开门。',
  managePhones: '管理我的手机',
};
const en: typeof zh = {
  title: 'My QR code',
  label: 'My QR code for the door',
  hold: 'Hold it to the scanner at the door',
  seconds: (n: number) => `New in ${n} s`,
  facts: 'It changes every 30 seconds, so a screenshot is of no use to others. It works without a network.',
  onItsWay: 'On its way to the doors. You can scan it in a few seconds.',
  signedOut: 'Sign in to set up your QR code',
  setUpTitle: 'Open the door with this phone',
  setUpFacts: [
    'The phone makes a key of its own that nobody can take out of it, not even we.',
    'The QR code changes every 30 seconds and, once set up, works without a network.',
    'If you lose the phone, remove it under “Me › Ways to open”.',
    'After clearing the browser’s data, or on a new phone, you set it up again.',
  ],
  setUp: 'Set up my QR code',
  settingUp: 'Setting up…',
  setUpAgainTitle: 'Your QR code has to be set up again',
  setUpAgain: 'The key of this phone is gone, or was removed elsewhere. Set it up again to go on.',
  needsNetwork: 'Setting up needs a network. Please connect and try again.',
  unsupportedTitle: 'This browser cannot show a code for the door',
  unsupported: 'Use the browser that came with your phone and an https address, or open with your PIN.',
  managePhones: 'Manage my phones',
};

export const useQrWords = pageWords({ zh, en });
