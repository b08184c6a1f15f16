import type { OnSiteStatus } from './status.ts';
import { issueAdvice, type Language } from './words.ts';

const words = {
  zh: {
    title: '门播终端',
    good: '一切正常',
    bad: (n: number) => `有 ${n} 处要处理`,
    doors: '门和读卡器',
    noDoors: '还没有门的配置。请先在后台认领这台终端，并设置门。',
    answers: '有应答',
    silent: '没有应答',
    exchanges: (all: number, failed: number) => `通信 ${all} 次，失败 ${failed} 次`,
    door: (no: number) => `门 ${no}`,
    reader: (address: number) => `读卡器 ${address}`,
    wires: {
      none: '不加密的线',
      plain: '还没有配对',
      pairing: '正在配对',
      secured: '已加密',
      insecure: '无法验证',
      offline: '没有应答',
    },
    kinds: { config: '设置', access: '通行名单', plan: '播放计划', media: '视频', notices: '公告', software: '新程序' },
    uplink: '网络',
    online: '已连上云端',
    offline: '没连上云端。门照常开，记录先存在本机。',
    waiting: (rows: number) => `${rows} 条记录等待上传`,
    lost: (rows: number) => `已丢弃 ${rows} 条`,
    unclaimed: '还没认领：请看屏幕上的二维码。',
    versions: '版本',
    agent: '程序',
    faults: '最近的错误',
    noFaults: '没有',
    refresh: '每 5 秒刷新',
  },
  en: {
    title: 'Gatecast terminal',
    good: 'All is well',
    bad: (n: number) => `${n} to look at`,
    doors: 'Doors and readers',
    noDoors: 'No door is configured yet: claim this terminal in the console and set up its door.',
    answers: 'answers',
    silent: 'does not answer',
    exchanges: (all: number, failed: number) => `${all} exchanges, ${failed} failed`,
    door: (no: number) => `Door ${no}`,
    reader: (address: number) => `reader ${address}`,
    wires: {
      none: 'a line without encryption',
      plain: 'not paired yet',
      pairing: 'pairing',
      secured: 'encrypted',
      insecure: 'cannot prove itself',
      offline: 'does not answer',
    },
    kinds: {
      config: 'Settings',
      access: 'Access list',
      plan: 'Play plan',
      media: 'Videos',
      notices: 'Notices',
      software: 'New program',
    },
    uplink: 'Network',
    online: 'Connected to the cloud',
    offline: 'Not connected to the cloud. The door works all the same; records are kept here.',
    waiting: (rows: number) => `${rows} records wait for the cloud`,
    lost: (rows: number) => `${rows} were dropped`,
    unclaimed: 'Not claimed yet: see the code on the screen.',
    versions: 'Versions',
    agent: 'Program',
    faults: 'Last errors',
    noFaults: 'none',
    refresh: 'Read anew every 5 seconds',
  },
} as const;

/** What an installer sees on the spot: no script, no personal data, nothing to press. */
export function localPage(status: OnSiteStatus, language: Language): string {
  const t = words[language];
  const { issues } = status;
  const body = [
    `<h1 class="${issues.length > 0 ? 'bad' : 'good'}">${issues.length > 0 ? t.bad(issues.length) : t.good}</h1>`,
    issueList(status, language),
    section(t.doors, doorList(status, language)),
    section(t.uplink, uplinkText(status, language)),
    section(t.versions, versionTable(status, language)),
    section(t.faults, faultList(status, language)),
    `<footer>${t.refresh}</footer>`,
  ];
  const lang = language === 'zh' ? 'zh-CN' : 'en';
  return `<!doctype html><html lang="${lang}"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta http-equiv="refresh" content="5"><title>${t.title}</title><link rel="stylesheet" href="/local/style.css"><main>${body.join('')}</main></html>`;
}

const section = (title: string, content: string) => `<section><h2>${title}</h2>${content}</section>`;
const list = (items: readonly string[]) => `<ul>${items.map((item) => `<li>${item}`).join('')}</ul>`;

function issueList({ issues }: OnSiteStatus, language: Language): string {
  return list(
    issues.map((issue) => {
      const { what, todo } = issueAdvice[language][issue];
      return `<strong>${what}</strong> ${todo}`;
    }),
  );
}

function doorList({ doors }: OnSiteStatus, language: Language): string {
  const t = words[language];
  if (doors.length === 0) return `<p>${t.noDoors}</p>`;
  return list(
    doors.map(({ entrance, driver, online, exchanges, failed, readers }, index) => {
      const wires = readers.map(({ address, wire }) => `${t.reader(address)}: ${t.wires[wire]}`);
      const answer = `<b class="${online ? 'good' : 'bad'}">${online ? t.answers : t.silent}</b>`;
      // The entrance's name is the console's; its id is for whoever compares.
      const door = `<span title="${escaped(entrance)}">${t.door(index + 1)} (${escaped(driver.toUpperCase())})</span>`;
      return [door, answer, t.exchanges(exchanges, failed), ...wires].join(' · ');
    }),
  );
}

function uplinkText({ terminal, online, waitingRows, lostRows }: OnSiteStatus, language: Language): string {
  const t = words[language];
  if (terminal === null) return `<p>${t.unclaimed}</p>`;
  const lost = lostRows > 0 ? [t.lost(lostRows)] : [];
  return list([online ? t.online : t.offline, t.waiting(waitingRows), ...lost]);
}

function versionTable({ agentVersion, documents }: OnSiteStatus, language: Language): string {
  const t = words[language];
  const rows = [[t.agent, agentVersion], ...documents.map(({ kind, version }) => [t.kinds[kind], String(version)])];
  return `<table>${rows.map(([name = '', version = '']) => `<tr><th>${escaped(name)}<td>${escaped(version)}`).join('')}</table>`;
}

function faultList({ faults }: OnSiteStatus, language: Language): string {
  if (faults.length === 0) return `<p>${words[language].noFaults}</p>`;
  return list(
    faults.map(({ at, code, sentence }) => {
      const time = new Date(at).toISOString().slice(0, 19).replace('T', ' ');
      return `<time>${time} UTC</time> ${escaped(sentence)}${code === null ? '' : ` <code>${escaped(code)}</code>`}`;
    }),
  );
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replaceAll(/[&<>"]/g, (mark) => entities[mark] ?? '');

export const localStyle = `body{margin:0;font:16px/1.6 system-ui,"Noto Sans CJK SC",sans-serif;background:#f4f6f7;color:#16222a}
main{max-width:46rem;margin:auto;padding:1rem}
h1{margin:.5rem 0;font-size:1.5rem}h2{margin:0 0 .25rem;font-size:1.05rem}
section{background:#fff;border-radius:.5rem;padding:.75rem 1rem;margin:.75rem 0}
ul{margin:.25rem 0;padding-left:1.2rem}th{text-align:left;font-weight:normal;padding-right:1.5rem}
.good{color:#0b6b34}.bad{color:#a8201a}footer,time{color:#51616b}`;
