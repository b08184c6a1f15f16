import type { ScreenEnrolment } from '@gatecast/firmware-protocol/messages';
import { language } from './messages.ts';

interface EnrolmentWords {
  readonly title: string;
  /** The other language, small. */
  readonly more: string;
  readonly hint: string;
}

type Key =
  | 'connecting'
  | 'no-network'
  | 'in-between'
  | 'crowd'
  | 'waiting'
  | 'compare'
  | 'claimed'
  | 'revoked'
  | 'replaced'
  | 'cloned';

const zh: Readonly<Record<Key, EnrolmentWords>> = {
  connecting: { title: '正在连接平台', more: 'Connecting', hint: '' },
  'no-network': {
    title: '连不上平台',
    more: 'No way to the platform',
    hint: '请检查网线或 4G 卡、路由器电源、能否上网。\n恢复后会自动显示安装码，不用重启。',
  },
  'in-between': {
    title: '不能安装',
    more: 'Not to be installed here',
    hint: '平台的密钥和刚才核对的不一样，网络里可能有人做手脚。\n请换一种上网方式（例如手机热点），并联系平台。',
  },
  crowd: {
    title: '请稍候',
    more: 'Please wait',
    hint: '同时等待安装的终端太多。\n轮到时会自动显示安装码，不用重启。',
  },
  waiting: {
    title: '这台终端还没有安装',
    more: 'Not installed yet',
    hint: '物业人员：用手机扫码，\n或在物业后台「装一台新终端」\n输入上面的安装码。\n安装码每 10 分钟更换一次。',
  },
  compare: {
    title: '请核对数字',
    more: 'Compare the digits',
    hint: '后台显示的 20 位数字和这里完全一样，\n才能点「一致，安装」。\n有一位不同就不要装。',
  },
  claimed: { title: '已安装', more: 'Installed', hint: '正在取设置，请稍候。' },
  revoked: { title: '这台终端已停用', more: 'Out of service', hint: '请联系物业。再次使用要清空数据、重新安装。' },
  replaced: { title: '这台终端已被替换', more: 'Replaced', hint: '这个门口已换用另一台设备。请联系物业取回本机。' },
  cloned: {
    title: '这台终端暂停联网',
    more: 'On hold',
    hint: '它的密钥出现在两台设备上。\n开门不受影响，请物业到后台处理。',
  },
};

const en: Readonly<Record<Key, EnrolmentWords>> = {
  connecting: { title: 'Connecting', more: '正在连接平台', hint: '' },
  'no-network': {
    title: 'No way to the platform',
    more: '连不上平台',
    hint: 'Check the network cable or SIM card, the router, and its way to the internet.\nThe code comes by itself once there is one; no restart is needed.',
  },
  'in-between': {
    title: 'Not to be installed here',
    more: '不能安装',
    hint: 'The platform’s keys are not the ones that were compared: somebody may be in between.\nConnect another way, such as by a phone’s hotspot, and call the operator.',
  },
  crowd: {
    title: 'Please wait',
    more: '请稍候',
    hint: 'Too many terminals wait to be installed.\nThe code comes by itself; no restart is needed.',
  },
  waiting: {
    title: 'Not installed yet',
    more: '这台终端还没有安装',
    hint: 'For the property: scan this with a phone,\nor type the code in the console under “Add a terminal”.\nThe code changes every 10 minutes.',
  },
  compare: {
    title: 'Compare the digits',
    more: '请核对数字',
    hint: 'Press “They are the same” in the console\nonly if all 20 digits are the same as here.',
  },
  claimed: { title: 'Installed', more: '已安装', hint: 'The settings are on their way.' },
  revoked: {
    title: 'Out of service',
    more: '这台终端已停用',
    hint: 'Please call the property. To use it again, empty its data and install it anew.',
  },
  replaced: {
    title: 'Replaced',
    more: '这台终端已被替换',
    hint: 'Another device serves this door now. Please call the property.',
  },
  cloned: {
    title: 'On hold',
    more: '这台终端暂停联网',
    hint: 'Its key is on two devices. The door opens as ever;\nthe property must decide in the console.',
  },
};

const words = language === 'en' ? en : zh;

/** Refusals of the cloud, and of the terminal itself, that no cable mends. */
const notTheNetwork: Readonly<Record<string, Key>> = {
  'claim-keys-differ': 'in-between',
  'too-many-requests': 'crowd',
};

/** What to say of it, with the code of what went wrong for whoever is called. */
export function wordsOf(enrolment: ScreenEnrolment): EnrolmentWords {
  switch (enrolment.state) {
    case 'compare':
      return { ...words.compare, hint: `${enrolment.company}\n${words.compare.hint}` };
    case 'no-network': {
      const said = words[notTheNetwork[enrolment.reason] ?? 'no-network'];
      return { ...said, hint: `${said.hint}\n(${enrolment.reason})` };
    }
    case 'out':
      return words[enrolment.reason];
    default:
      return words[enrolment.state];
  }
}
