import type { Terminal } from '@gatecast/cloud-api/client';
import { pageWords } from '../../kit/i18n/page-words.ts';

type Kind = NonNullable<Terminal['cloned']>['kind'];

const zh = {
  title: '设备身份',
  model: '型号',
  keysSince: '密钥启用于',
  unknown: '未记录',
  asked: '已通知终端更换密钥，一小时内完成。',
  rotate: '更换密钥',
  rotateTitle: '更换这台终端的密钥？',
  rotateText:
    '怀疑有人接触过设备时使用。终端自己生成新密钥，开门不受影响；旧密钥 24 小时后作废。平时每年自动更换一次。',
  cancel: '取消',
  clonedTitle: '这台终端的密钥出现在两台设备上',
  clonedText: '两台都已停止联网，开门不受影响。请尽快处理：',
  kinds: {
    forked: '另一台设备用同样的密钥登录，和这台终端的登录记录对不上。',
    'went-back': '有设备带着这台终端以前的数据登录：可能是硬盘被复制，也可能是恢复了旧备份。',
    silent: '有设备用同样的密钥登录，但没有登录记录。',
  } satisfies Record<Kind, string>,
  sameMachine: '两次登录报告的是同一台机器，更像是恢复了旧备份。',
  otherMachine: '两次登录来自不同的机器，很可能密钥被复制了。',
  known: (when: string, address: string) => `正常的登录：${when}，来自 ${address}`,
  other: (when: string, address: string) => `可疑的登录：${when}，来自 ${address}`,
  noAddress: '未知地址',
  noBackup: '没有动过这台设备？请把设备取下，换一台新终端（或清空数据后重新安装），旧密钥立即作废。',
  reinstall: '重新安装',
  backup: '是我们恢复了备份',
  backupTitle: '确认只有一台设备？',
  backupText: '只有你们自己恢复过备份、换过硬盘时才点。终端可以重新联网；如果真有第二台设备，很快会再次报警。',
};

const en: typeof zh = {
  title: 'Identity of the device',
  model: 'Model',
  keysSince: 'Keys since',
  unknown: 'not kept',
  asked: 'The terminal was asked for new keys; it makes them within the hour.',
  rotate: 'New keys',
  rotateTitle: 'New keys for this terminal?',
  rotateText:
    'For when somebody may have had the device in their hands. The terminal makes new keys itself and the door goes on opening; the old ones are void after 24 hours. It happens once a year by itself.',
  cancel: 'Cancel',
  clonedTitle: 'The key of this terminal is on two devices',
  clonedText: 'Both are cut off; the door goes on opening. Please decide soon:',
  kinds: {
    forked: 'Another device signs in with the same key, and does not fit the sign-ins of this terminal.',
    'went-back':
      'A device signs in with what this terminal was before: its disk may have been copied, or an old backup was put back.',
    silent: 'A device signs in with the same key and no record of its sign-ins.',
  },
  sameMachine: 'Both say that they are the same machine, as when a backup was put back.',
  otherMachine: 'They are two machines: the key has probably been copied.',
  known: (when, address) => `In order: ${when}, from ${address}`,
  other: (when, address) => `In doubt: ${when}, from ${address}`,
  noAddress: 'an unknown address',
  noBackup:
    'Nobody has touched this device? Take it down and install another one, or empty its data and install it anew: the old key is void at once.',
  reinstall: 'Install anew',
  backup: 'We put a backup back',
  backupTitle: 'Is there one device only?',
  backupText:
    'Only if you put a backup back or changed the disk yourselves. The terminal may connect again; if there is a second device, the alarm comes back soon.',
};

export const useIdentityWords = pageWords({ zh, en });
