import { readFile } from 'node:fs/promises';
import { connectAsync } from 'mqtt';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { topicsOf } from '@gatecast/firmware-protocol/messages';
import { BareTerminal } from '../harness/bare-terminal.ts';
import { merchantLogin, signedIn } from '../harness/founding.ts';
import { waitUntil } from '../harness/wait-until.ts';
import { World } from '../harness/world.ts';

let world: World;
let other: BareTerminal;

beforeAll(async () => {
  world = await World.open({ house: false });
  const { community, entrances } = world.founded;
  const entranceId = entrances[1] ?? '';
  const { claimCode } = await world.manager('POST /v1/terminals', {
    body: { communityId: community, entranceId, name: 'bare' },
  });
  other = await BareTerminal.claim(world.neighbourhood.cloudUrl, claimCode);
});
afterAll(() => world.close());

const logged = (program: string, code: string) =>
  waitUntil(`${program} to log ${code}`, () => world.logOf(program).includes(code));

async function problemOf(answer: Response): Promise<string> {
  const body = (await answer.json()) as { code: string };
  return `${answer.status} ${body.code}`;
}

const stillOpens = async (): Promise<void> => {
  await world.doorIsShut();
  await world.open();
};

describe('over MQTT', () => {
  it('a malformed message is dropped with a line in the log, and the door still opens', async () => {
    const client = await connectAsync(world.neighbourhood.mqttUrl, {
      protocolVersion: 4,
      clientId: other.id,
      username: other.id,
      password: other.token,
    });
    const { presence, commandState } = topicsOf(other.id);
    for (const text of ['', '{', '[]', '{"v":1}', '\u0000\u0001', '9'.repeat(5_000)]) {
      await client.publishAsync(presence, text, { qos: 1 });
      await client.publishAsync(commandState, text, { qos: 1 });
    }
    await client.endAsync();
    await logged('cloud', 'malformed-message');
    await stillOpens();
  });
});

describe('over HTTP', () => {
  it('a body that is no JSON, has the wrong shape or the wrong rows changes nothing and says why', async () => {
    const { cloudUrl } = world.neighbourhood;
    const send = (path: string, body: string) =>
      fetch(`${cloudUrl}${path}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body });
    expect(await problemOf(await send('/v1/sessions', '{'))).toBe('400 invalid-request');
    expect(await problemOf(await send('/v1/sessions', '{"email":1}'))).toBe('400 invalid-request');
    expect(await problemOf(await other.send('{"v":1,"rows":[]}'))).toBe('400 invalid-request');
    const good = other.batch('door', world.neighbourhood.clock.now(), [{ kind: 'exit', body: { entrance: 'x' } }]);
    const forged = { ...good, rows: good.rows.map((row) => ({ ...row, body: { entrance: 'y' } })) };
    expect(await problemOf(await other.send(JSON.stringify(forged)))).toBe('409 journal-chain-broken');
    const later = other.batch('door', world.neighbourhood.clock.now(), [{ kind: 'exit', body: { entrance: 'x' } }]);
    expect(await problemOf(await other.send(JSON.stringify(later)))).toBe('409 journal-gap');
    expect((await other.send(JSON.stringify(good))).status).toBe(200);
    expect((await other.send(JSON.stringify(good))).status, 'the same again is no fault').toBe(200);
  });
});

describe('on the door’s line', () => {
  it('corrupted frames open nothing, lose no key and stop nothing', async () => {
    await world.doorIsShut();
    const { opens } = await world.doorState();
    const fault = async (body: object) => {
      const answer = await fetch(`${world.doorway.doorUrl}/fault`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      expect(answer.ok, 'a line without faults would prove nothing').toBe(true);
    };
    await fault({ corrupt: 0.2, drop: 0.05, duplicate: 0.05 });
    await world.type('1203*000000#');
    await world.open();
    await fault({ corrupt: 0, drop: 0, duplicate: 0 });
    expect((await world.doorState()).opens).toBe(opens + 1);
  });
});

describe('a video', () => {
  it('that is cut off or none at all is refused with the reason', async () => {
    const login = merchantLogin(world.founded.merchants, 'noodles');
    const merchant = await signedIn(world.neighbourhood.cloudUrl, login);
    const upload = (bytes: Uint8Array<ArrayBuffer>) =>
      merchant('POST /v1/clips', { query: { title: 'bad' }, body: new Blob([bytes], { type: 'video/mp4' }) });
    await expect(upload(new TextEncoder().encode('not a video at all'))).rejects.toMatchObject({
      problem: { code: 'video-not-mp4' },
    });
    const [clip] = world.clips;
    const whole = new Uint8Array(await readFile(clip?.file ?? ''));
    await expect(upload(whole.slice(0, whole.length >> 1))).rejects.toMatchObject({
      problem: { code: expect.stringMatching(/^video-/) },
    });
    expect((await merchant('GET /v1/clips', { query: {} })).items).toEqual([]);
  });
});

describe('a QR code', () => {
  it('that was altered or made up leads nowhere and makes no visit', async () => {
    const { cloudUrl } = world.neighbourhood;
    for (const token of ['x', 'A'.repeat(35), `${'AQAAAAEB'.repeat(4)}AAA`, '%00']) {
      const answer = await fetch(`${cloudUrl}/q/${token}`, { redirect: 'manual' });
      expect(answer.status).toBe(404);
      expect(await answer.text()).toContain('bad-short-link');
    }
    await logged('cloud', 'bad-short-link');
  });
});
