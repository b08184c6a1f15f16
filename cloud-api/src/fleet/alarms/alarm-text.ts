import type { AlarmKind } from './alarm-kinds.ts';
import type { PlacedAlarm } from './alarm-store.ts';

/** As a text message says them; the console has longer words. */
const kindsZh: Readonly<Record<AlarmKind, string>> = {
  'broker-down': '消息服务器断开',
  'terminal-cloned': '终端疑似被复制',
  'terminal-digits-differ': '新终端数字不一致',
  'journal-chain-broken': '记录链断裂',
  'rollout-halted': '分批发布已自动停止',
  'many-offline': '大量终端离线',
  'community-offline': '整个小区离线',
  'terminal-offline': '终端离线',
  'ingest-backlog': '记录上传积压',
  'line-item-behind': '投放达不到数量',
  'holidays-unknown': '明年节假日未登记',
  'dispute-overdue': '账单异议超期',
  'payment-trouble': '收款或退款异常',
  'disk-read-only': '磁盘只读',
  'disk-full': '磁盘已满',
  'disk-low': '磁盘快满',
  'journal-losing-rows': '正在丢失记录',
  'journal-backlog': '记录未上传',
  'door-hardware-silent': '门锁无应答',
  'clock-unknown': '时间未知',
  'clock-off': '时间不准',
  'screen-absent': '没有屏幕',
  'screen-stalled': '屏幕卡住',
  'too-hot': '温度过高',
  'memory-high': '内存偏高',
  'restarting-often': '频繁重启',
  'document-refused': '设置被拒绝',
  'update-refused': '更新被拒绝',
};
/** Alarms named in a text; a phone shows no more at a glance. */
const namedMax = 3;

interface Told {
  readonly test: boolean;
  readonly raised: readonly string[];
  readonly moreRaised: number;
  readonly heldBack: number;
}

/** One text: the worst alarms by name and how many more. `alarms` are the worst first. */
export function alarmText(told: Told, alarms: readonly PlacedAlarm[], base: string): string {
  if (told.test) return `【门播】这是一条测试：报警短信能收到。${base}/operator/alarms`;
  const named = alarms.slice(0, namedMax).map((alarm) => {
    const where = [alarm.communityName, alarm.entranceName, alarm.terminalName, alarm.facts['name']].filter(Boolean);
    if (where.length === 0 && alarm.terminals > 1) where.push(`${alarm.terminals} 台`);
    return `${kindsZh[alarm.kind]}${where.length === 0 ? '' : `（${where.join(' ')}）`}`;
  });
  const more = alarms.length - named.length + told.moreRaised + told.heldBack;
  return `【门播】报警：${named.join('；')}${more > 0 ? `；另有 ${more} 条` : ''}。${base}/operator/alarms`;
}
