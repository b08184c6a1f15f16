import { pageWords } from '../../kit/i18n/page-words.ts';

const zh = {
  vitals: '消息服务器与上传',
  vitalsIntro: '这个云端程序最近半小时的情况，每 10 秒一次。',
  broker: '消息服务器',
  ingest: '记录上传',
  brokerUp: '已连接',
  brokerDown: '连不上消息服务器。门仍可用密码打开；远程开门和在线状态要等它恢复。',
  unset: '没有配置消息服务器的指标地址（GATECAST_BROKER_METRICS_URL），所以看不到它的数字。',
  unreachable: '现在读不到消息服务器的指标。',
  connections: '连接数',
  messages: '每秒消息',
  bytes: '每秒流量',
  refusals: '每秒拒绝',
  refusedSince: '启动以来拒绝的',
  noRefusals: '没有拒绝过',
  rows: '每秒入库',
  lag: '从门口到入库',
  backlog: '终端上等待上传的记录',
  backlogAt: (terminals: string) => `在 ${terminals} 台终端上`,
  tooFew: '正在收集数字，半分钟后这里会有曲线。',
  perSecond: (n: string) => `${n}/秒`,
  none: '暂无',
};
const en: typeof zh = {
  vitals: 'Broker and ingest',
  vitalsIntro: 'How this cloud program did in the last half-hour, every ten seconds.',
  broker: 'Broker',
  ingest: 'Journal ingest',
  brokerUp: 'Connected',
  brokerDown: 'The broker cannot be reached. Doors still open with codes; opening from afar and presence wait for it.',
  unset: 'Nobody said where the broker tells its figures (GATECAST_BROKER_METRICS_URL), so they cannot be shown.',
  unreachable: 'The broker’s figures cannot be read now.',
  connections: 'Connections',
  messages: 'Messages a second',
  bytes: 'Bytes a second',
  refusals: 'Refusals a second',
  refusedSince: 'Refused since its start',
  noRefusals: 'None so far',
  rows: 'Rows stored a second',
  lag: 'From the door to the store',
  backlog: 'Rows that wait on terminals',
  backlogAt: (terminals) => (terminals === '1' ? 'on 1 terminal' : `on ${terminals} terminals`),
  tooFew: 'Collecting figures; there are lines here in half a minute.',
  perSecond: (n) => `${n}/s`,
  none: 'None',
};
export const useHealthWords = pageWords({ zh, en });

/** `1.5 GB`, `820 kB`. */
export function bytesText(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  const step = Math.min(Math.floor(Math.log10(Math.max(bytes, 1)) / 3), units.length - 1);
  const value = bytes / 1000 ** step;
  return `${value >= 100 || step === 0 ? Math.round(value) : value.toFixed(1)} ${units[step]}`;
}
