import type { HealthIssue } from '@gatecast/firmware-protocol/messages';

/** Of whoever stands before the terminal: an installer, a property's technician. */
export type Language = 'zh' | 'en';

/** `LANG` of a shell or `Accept-Language` of a browser; Chinese unless English is asked for first. */
export const languageOf = (wish: string | undefined): Language =>
  /^\s*(en|C\b|POSIX)/i.test(wish ?? '') ? 'en' : 'zh';

/** What is the matter, and what to do about it. */
export interface Advice {
  readonly what: string;
  readonly todo: string;
}

const zh: Readonly<Record<HealthIssue, Advice>> = {
  'disk-read-only': { what: '磁盘只读，记录写不进去。', todo: '重启设备；再出现就更换存储卡。门照常开。' },
  'disk-full': { what: '磁盘满了。', todo: '删掉数据目录以外的大文件，或换更大的存储卡。门照常开。' },
  'disk-low': { what: '磁盘快满了。', todo: '清理数据目录以外的文件。' },
  'journal-losing-rows': { what: '离线太久，最旧的记录已丢弃。', todo: '尽快恢复网络；丢了哪些，记录里写得清楚。' },
  'journal-backlog': { what: '有超过一小时的记录还没传上去。', todo: '检查网线、路由器和云端地址。' },
  'door-hardware-silent': { what: '门控硬件没有应答。', todo: '检查电源、A/B 线、波特率和地址；线可能接反。' },
  'clock-unknown': { what: '不知道现在几点，有时间限制的密码暂不可用。', todo: '连上网络，几秒后会自动对时。' },
  'clock-off': { what: '设备时钟不准，已按云端时间修正。', todo: '检查时间服务（NTP）和主板电池。' },
  'screen-absent': { what: '屏幕页面没有打开。', todo: '检查浏览器（kiosk）有没有启动、地址对不对。' },
  'screen-stalled': { what: '屏幕画面停住了。', todo: '重启浏览器；看显卡驱动和内存。' },
  'too-hot': { what: '设备过热。', todo: '检查通风和日晒。' },
  'memory-high': { what: '内存不够。', todo: '关掉别的程序，或重启设备。' },
  'restarting-often': { what: '程序一小时内多次被中断。', todo: '检查供电；看日志里最后的错误。' },
  'document-refused': { what: '云端下发的一份配置没通过检查，仍用上一份。', todo: '让物业或运营方看后台里的原因。' },
  'update-refused': { what: '新版本没通过检查，仍用现在的版本。', todo: '让运营方看后台里的原因。' },
};

const en: Readonly<Record<HealthIssue, Advice>> = {
  'disk-read-only': {
    what: 'The disk takes no writes: nothing can be recorded.',
    todo: 'Restart the machine; if it comes back, replace the card. The door works all the same.',
  },
  'disk-full': {
    what: 'The disk is full.',
    todo: 'Delete large files outside the data folder, or fit a larger card. The door works all the same.',
  },
  'disk-low': { what: 'The disk is nearly full.', todo: 'Tidy up outside the data folder.' },
  'journal-losing-rows': {
    what: 'Offline for so long that the oldest records were dropped.',
    todo: 'Bring the network back; the journal says exactly which are gone.',
  },
  'journal-backlog': {
    what: 'Records of more than an hour ago have not reached the cloud.',
    todo: 'Check the cable, the router and the cloud’s address.',
  },
  'door-hardware-silent': {
    what: 'The door’s hardware does not answer.',
    todo: 'Check its power, wires A and B (are they swapped?), baud rate and address.',
  },
  'clock-unknown': {
    what: 'Nobody knows what time it is: codes with a time limit are refused for now.',
    todo: 'Connect the network; the time comes by itself within seconds.',
  },
  'clock-off': {
    what: 'The machine’s clock is wrong; the cloud’s time is used instead.',
    todo: 'Check NTP and the battery of the board.',
  },
  'screen-absent': {
    what: 'The screen’s page is not open.',
    todo: 'Check that the kiosk browser runs, and its address.',
  },
  'screen-stalled': {
    what: 'The picture on the screen stands still.',
    todo: 'Restart the browser; check graphics and memory.',
  },
  'too-hot': { what: 'The machine is too hot.', todo: 'Check ventilation and sunlight.' },
  'memory-high': { what: 'Memory is short.', todo: 'End other programs, or restart the machine.' },
  'restarting-often': {
    what: 'The program was cut off several times within an hour.',
    todo: 'Check the power supply, and the last errors in the log.',
  },
  'document-refused': {
    what: 'Something that the cloud sent was refused; the version before it is in force.',
    todo: 'Ask the property or the operator for the reason in their console.',
  },
  'update-refused': {
    what: 'A new release was refused; this one goes on.',
    todo: 'Ask the operator for the reason in their console.',
  },
};

export const issueAdvice: Readonly<Record<Language, Readonly<Record<HealthIssue, Advice>>>> = { zh, en };
