import { describe, expect, it } from 'vitest';
import { localPage } from './local-page.ts';
import { statusOf, type StatusSources } from './status-of.ts';
import { languageOf } from './words.ts';

const line = (level: number, more: object) =>
  JSON.stringify({ level, time: 1_800_000_000_000, msg: 'a sentence', ...more });
const sources: StatusSources = {
  health: {
    at: 0,
    agentVersion: '0.1.0',
    boot: 'boot',
    uptimeMs: 1,
    disk: { totalBytes: 8e9, freeBytes: 4e9, writable: true },
    memory: { rssBytes: 1, freeBytes: 1 },
    temperatureC: null,
    clock: { quality: 'synced', offsetMs: 1, ntp: 'synced' },
    screen: { connected: true, lastFrameAt: null },
    doors: [{ entrance: 'ent_1', driver: 'osdp', online: false, exchanges: 10, failed: 4 }],
    journal: [{ stream: 'door', rows: 7, bytes: 1, oldestAt: null, lost: 2 }],
    uplink: { reconnects: 0, lastAckAt: null },
    issues: ['door-hardware-silent'],
  } as StatusSources['health'],
  standings: [],
  versions: { access: 42 },
  terminal: 'term_1',
  online: false,
  logLines: [
    line(30, { msg: 'all is well' }),
    line(50, { code: 'ECONNREFUSED', msg: 'the cloud <b>fails</b>', unit: '1203', err: { stack: 'a secret place' } }),
    'half a li',
  ],
};

describe('the page for an installer on the spot', () => {
  it('says in plain words what is wrong and what to do, in both languages', () => {
    const status = statusOf(sources);
    expect(localPage(status, 'zh')).toMatch(/门控硬件没有应答。<\/strong> 检查电源/);
    const page = localPage(status, 'en');
    expect(page).toContain('10 exchanges, 4 failed');
    expect(page).toContain('<th>Access list<td>42');
    expect(localPage(status, 'zh')).toContain('<th>通行名单<td>42');
    expect(page).toMatch(/>Door 1 \(OSDP\)<.*does not answer/);
    expect(page).toContain('7 records wait for the cloud');
    expect(page).toContain('2 were dropped');
  });

  it('shows of the log only when, what and by which code: no markup, no facts about anybody', () => {
    const page = localPage(statusOf(sources), 'en');
    expect(page).toContain('the cloud &lt;b&gt;fails&lt;/b&gt; <code>ECONNREFUSED</code>');
    expect(page).not.toMatch(/1203|secret place|all is well|half a li/);
  });

  it('helps before there is anything: no claim, no door', () => {
    const bare = { ...sources, terminal: null, health: { ...sources.health, doors: [], issues: [] } };
    const page = localPage(statusOf(bare), 'zh');
    expect(page).toContain('一切正常');
    expect(page).toContain('还没认领');
    expect(page).toContain('还没有门的配置');
  });

  it.each([
    ['zh_CN.UTF-8', 'zh'],
    ['en_GB.UTF-8', 'en'],
    ['C.UTF-8', 'en'],
    ['en-US,en;q=0.9,zh;q=0.5', 'en'],
    ['zh-CN,zh;q=0.9,en;q=0.5', 'zh'],
    [undefined, 'zh'],
  ] as const)('%s is %s', (wish, language) => {
    expect(languageOf(wish)).toBe(language);
  });
});
