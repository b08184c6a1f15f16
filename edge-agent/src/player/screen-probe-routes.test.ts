import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { screenshotBytesMax } from '@gatecast/firmware-protocol/messages';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silentLog } from './player.fixture.ts';
import { withToken } from './screen-guard.ts';
import { callOf } from './screen-http.ts';
import { probeRoutes } from './screen-probe-routes.ts';
import { createScreenProbes } from './screen-probes.ts';

const jpeg = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 1, 0xff, 0xd9);

describe('what a screen page sends', () => {
  let server: Server;
  let asked: string;
  let probes: ReturnType<typeof createScreenProbes>;

  beforeEach(async () => {
    asked = '';
    probes = createScreenProbes({
      pages: () => 1,
      send: (_event, data) => void (asked = 'id' in data ? data.id : ''),
    });
    const routes = probeRoutes(withToken('right'), { probes, log: silentLog });
    server = createServer((request, response) => {
      const call = callOf(request, response);
      if (call) void routes[`POST ${call.path}`]?.(call);
    });
    await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });
  const post = (path: string, body: string | Uint8Array<ArrayBuffer>) =>
    fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`, { method: 'POST', body });
  const picture = (id: string, body: Uint8Array<ArrayBuffer>, token = 'right') =>
    post(`/captures?token=${token}&id=${encodeURIComponent(id)}`, body);
  const tone = (body: string, token = 'right') => post(`/tones?token=${token}`, body);

  it('is a picture that somebody asked for', async () => {
    const captured = probes.capture();
    expect((await picture(asked, jpeg)).status).toBe(204);
    expect(await captured).toEqual(jpeg);
    expect((await picture(asked, jpeg)).status).toBe(404);
  });

  it('is refused from any other page, without a question, and when it is no picture or too long', async () => {
    const captured = probes.capture();
    expect((await picture(asked, jpeg, 'wrong')).status).toBe(403);
    expect((await picture('A'.repeat(22), jpeg)).status).toBe(404);
    expect((await picture('../../etc', jpeg)).status).toBe(400);
    expect((await picture(asked, new TextEncoder().encode('<svg/>'))).status).toBe(422);
    expect((await picture(asked, new Uint8Array(screenshotBytesMax + 1))).status).toBe(413);
    probes.takeCapture(asked, jpeg);
    await captured;
  });

  it('is a word about the sound, and nothing more', async () => {
    const played = probes.tone(50);
    const report = JSON.stringify({ id: asked, started: true });
    expect((await tone(report, 'wrong')).status).toBe(403);
    expect((await tone('{')).status).toBe(400);
    expect((await tone(JSON.stringify({ id: asked, started: true, more: 1 }))).status).toBe(400);
    expect((await tone(`{"id":"${'x'.repeat(2_000)}"}`)).status).toBe(413);
    expect((await tone(report)).status).toBe(204);
    await played;
    expect((await tone(report)).status).toBe(404);
  });
});
