import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { after, halfHourMs, halfHourOf, minutes, newId, seconds } from '@gatecast/firmware-protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { auditBundle } from '../journal-audit/bundle.ts';
import { packedBody, sendBody } from '../terminals/journal.fixture.ts';
import { testApp, type TestApp } from '../test-app.ts';
import { merchantAt } from '../test-market.ts';
import { claimedTerminal, neighbourhood, testJournal, type NewRow } from '../test-neighbourhood.ts';
import { paidLineItem } from './paid-line-item.fixture.ts';

const entry = fileURLToPath(new URL('../../bin/gatecast-audit.js', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'gatecast-bundle-test-'));
const path = join(folder, 'invoice.tar');

const audit = (...args: string[]) =>
  new Promise<{ readonly code: number; readonly out: string }>((resolve) => {
    execFile(
      process.execPath,
      [entry, ...args],
      { env: { PATH: process.env['PATH'], NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] } },
      (error, out, err) => {
        resolve({ code: typeof error?.code === 'number' ? error.code : 0, out: out + err });
      },
    );
  });

describe('an auditor’s bundle', () => {
  let world: TestApp;
  let key: string;
  let bytes: Buffer;
  let invoiceId: string;

  beforeAll(async () => {
    world = await testApp({ env: { FFMPEG_PATH: 'none' } });
    const here = await neighbourhood(world);
    const terminal = await claimedTerminal(world, here);
    const { kid, publicKey } = terminal.claim['timeKey'] as { kid: string; publicKey: string };
    key = `${kid}=${publicKey}`;
    const shop = await merchantAt(world, here);
    const campaignId = newId('campaign');
    const clip = createHash('sha256').update('a clip').digest('hex');
    const at = halfHourOf(world.clock.now());
    await world.store.tx(async (q) => {
      const about = { merchantId: shop.id, name: '草莓季', clipId: newId('clip'), createdAt: at };
      await q.insert(q.t.campaigns).values({ id: campaignId, no: 1, ...about });
      await q.insert(q.t.clipNames).values({ clip, title: '草莓', merchantId: shop.id, at });
    });
    const cells = [{ communityId: here.communityId, at, plannedMilli: 5_000 }];
    await paidLineItem(world, { merchantId: shop.id, campaignId, priceFen: 1_000, touches: 10, cells });

    const place = { entrance: here.entranceId, placement: 'gate', startedAt: world.clock.now() };
    const seen = { rendered: true, viewable: true, completed: true, shownMs: 6_000, framesPresented: 150 };
    const end = { framesDropped: 0, muted: true, endReason: 'finished', panel: 'on', panelBy: 'cec' };
    const visit = (): NewRow[] => {
      const touch = newId('touch');
      const play = { decision: newId('decision'), touch, billable: true, campaign: campaignId, clip, halfHour: at };
      const body = { touch, ...place, event: 'opening', unbillable: null, windowMs: 8_000, endedBy: 'door-closed' };
      const wallMs = after(place.startedAt, seconds(9));
      return [
        { kind: 'touch', body, wallMs },
        { kind: 'play', body: { ...play, ...place, ...seen, ...end, milliTouches: 1_000 }, wallMs },
      ];
    };
    const closing = { at, entrance: here.entranceId, placement: 'gate', touches: { opening: null } };
    const journal = testJournal(world, terminal, 'play');
    world.clock.advance(halfHourMs);
    world.clock.advance(minutes(1));
    const rows: NewRow[] = [...visit(), ...visit(), ...visit(), { kind: 'half-hour', body: closing }];
    await sendBody(world, terminal, packedBody(terminal, journal(...rows)));
    await world.app.billing.run(new AbortController().signal);
    const [invoice] = (await world.call('GET', '/v1/invoices', { token: world.operator })).body.items;
    expect(invoice).toMatchObject({ lines: 1, totalFen: 300 });
    invoiceId = invoice.id;
    bytes = await fetched(world.operator);
    writeFileSync(path, bytes);
  }, 60_000);
  afterAll(async () => {
    await world.close();
    rmSync(folder, { recursive: true });
  });

  const trusted = () => new Map([key.split('=') as [string, string]]);
  const fetched = async (token: string): Promise<Buffer> => {
    const headers = { authorization: `Bearer ${token}` };
    const answer = await world.app.fetch(
      new Request(`http://gatecast.test/v1/invoices/${invoiceId}/bundle`, { headers }),
    );
    expect(answer.status).toBe(200);
    return Buffer.from(await answer.arrayBuffer());
  };

  it('is found right with nothing but the file and a key', async () => {
    const { code, out } = await audit('--bundle', path, '--key', key);
    expect(out).toContain('Nothing is wrong.');
    expect(code).toBe(0);
  });

  it('tells of no opening of a door, and has each play with its row', async () => {
    const text = bytes.toString('utf8');
    expect(text).toContain('"stream":"play"');
    expect(text).not.toContain('"stream":"door"');
    expect(text.match(/"milliTouches":1000,"viewable":true,"hash":"[0-9a-f]{64}"/g)).toHaveLength(3);
  });

  it('is found wrong with any byte changed, wherever it is', async () => {
    for (const what of [
      '"amountFen":300',
      '"verifiedMilliTouches":3000',
      '"viewable":true,"hash"',
      '"shownMs":6000',
      '"sha256":"',
    ]) {
      const changed = Buffer.from(bytes);
      const place = changed.indexOf(what) + what.length - (what.endsWith('0') ? 3 : 0);
      changed[place] = (changed[place] ?? 0) === 0x31 ? 0x32 : 0x31;
      writeFileSync(path, changed);
      const found = await auditBundle(path, trusted()).catch((fault: unknown) => ({ fault: String(fault) }));
      const isRefused = 'fault' in found || found.bundleFaults.length + found.findings.length > 0;
      expect({ what, isRefused }).toEqual({ what, isRefused: true });
    }
    writeFileSync(path, bytes);
  });

  it('is found wrong when it was cut off, or is signed by somebody else', async () => {
    writeFileSync(path, bytes.subarray(0, bytes.length - 2_048));
    await expect(auditBundle(path, trusted())).rejects.toThrow();
    writeFileSync(path, bytes);
    const { code, out } = await audit('--bundle', path, '--key', `${key.split('=')[0] ?? ''}=${'A'.repeat(43)}`);
    expect(out).toContain('bundle:');
    expect(code).toBe(1);
  });
});
