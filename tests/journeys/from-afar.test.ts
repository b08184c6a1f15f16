import type { CommandRecord, Endpoints, ListedCommand } from '@gatecast/cloud-api/client';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openBrowser } from '../harness/browser.ts';
import { waitUntil } from '../harness/wait-until.ts';
import { World } from '../harness/world.ts';

type Order = Endpoints['POST /v1/terminals/:id/commands']['body'];

const ends: ReadonlySet<CommandRecord['state']> = new Set(['EXECUTED', 'EXPIRED', 'REFUSED', 'UNKNOWN']);

describe('whoever looks after a terminal from afar', () => {
  let world: World;
  let browser: Browser;
  beforeAll(async () => {
    world = await World.open({ restartAfterMs: 200 });
    browser = await openBrowser();
  });
  afterAll(async () => {
    await browser?.close();
    await world?.close();
  });

  const send = (body: Order) =>
    world.manager('POST /v1/terminals/:id/commands', { params: { id: world.terminalId }, body });
  const ended = (id: string): Promise<CommandRecord> =>
    waitUntil(
      'the command to end',
      async () => {
        const command = await world.manager('GET /v1/commands/:id', { params: { id } });
        return ends.has(command.state) ? command : undefined;
      },
      { withinMs: 30_000 },
    );
  const order = async (body: Order) => ended((await send(body)).id);
  const file = async (id: string) => {
    const { token } = await signIn();
    return fetch(`${world.neighbourhood.cloudUrl}/v1/commands/${id}/file`, {
      headers: { authorization: `Bearer ${token}` },
    });
  };
  const signIn = async (): Promise<{ token: string }> => {
    const answer = await fetch(`${world.neighbourhood.cloudUrl}/v1/sessions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(world.founded.property),
    });
    return (await answer.json()) as { token: string };
  };
  const openScreen = async (): Promise<Page> => {
    const page = await browser.newPage({ viewport: { width: 540, height: 960 } });
    await page.goto(world.doorway.screenUrl());
    await page.locator('html.has-picture').waitFor();
    return page;
  };

  it('is told when there is no screen to look at or to hear', async () => {
    expect(await order({ kind: 'capture-screenshot' })).toMatchObject({ state: 'REFUSED', reason: 'no-screen' });
    expect(await order({ kind: 'test-speaker' })).toMatchObject({ state: 'REFUSED', reason: 'no-screen' });
  });

  it('sees what the screen shows, with somebody typing, and never how much was typed', async () => {
    const page = await openScreen();
    await world.type('1203*73');
    await page.locator('html[data-state=typing]').waitFor();
    const shot = await order({ kind: 'capture-screenshot' });
    expect(shot).toMatchObject({ state: 'EXECUTED', file: { mediaType: 'image/jpeg' } });
    const jpeg = Buffer.from(await (await file(shot.id)).arrayBuffer());
    const look = await looksOf(browser, jpeg);
    expect(look).toMatchObject({ width: 540, height: 960 });
    // A clip and a band: a picture of something.
    expect(look.colours).toBeGreaterThan(50);
    expect(jpeg.length).toBeLessThanOrEqual(400 * 1_024);
    await world.type('#');
    await page.close();
  });

  it('hears from the screen whether it can be heard', async () => {
    const page = await openScreen();
    expect(await order({ kind: 'test-speaker', volumePercent: 10 })).toMatchObject({ state: 'EXECUTED' });
    await page.close();
  });

  it('reads the log, without what was typed', async () => {
    await world.open();
    const pulled = await order({ kind: 'pull-logs', maxKb: 64 });
    expect(pulled).toMatchObject({ state: 'EXECUTED', file: { mediaType: 'application/x-ndjson' } });
    const text = await (await file(pulled.id)).text();
    expect(text).not.toContain(world.founded.residents[0]?.pin);
    for (const line of text.trim().split('\n').filter(Boolean)) expect(JSON.parse(line)).toHaveProperty('level');
  });

  it('asks a terminal to ask for everything again', async () => {
    expect(await order({ kind: 're-sync' })).toMatchObject({ state: 'EXECUTED' });
  });

  it('restarts the program, which comes back and opens doors; the machine is not theirs to restart', async () => {
    const before = world.doorway.agent.pid;
    expect(await order({ kind: 'reboot', what: 'agent' })).toMatchObject({ state: 'EXECUTED' });
    await waitUntil('another agent', () => world.doorway.agent.pid !== before);
    await world.terminalIsReady();
    await world.open();
    await expect(send({ kind: 'reboot', what: 'machine' })).rejects.toMatchObject({ problem: { code: 'forbidden' } });
    const { id } = await world.operator('POST /v1/terminals/:id/commands', {
      params: { id: world.terminalId },
      body: { kind: 'reboot', what: 'machine' },
    });
    expect(await ended(id)).toMatchObject({ state: 'REFUSED', reason: 'reboot-not-allowed' });
  });

  it('finds in the list who asked for what, and when each state was reached', async () => {
    const { items } = await world.manager('GET /v1/terminals/:id/commands', {
      params: { id: world.terminalId },
      query: {},
    });
    const shots = items.filter(({ kind }) => kind === 'capture-screenshot');
    const [done] = shots.filter(({ state }) => state === 'EXECUTED') as [ListedCommand];
    expect(done.by).toMatchObject({ role: 'property' });
    const { QUEUED = 0, SENT = 0, RECEIVED = 0, EXECUTED = 0 } = done.times;
    expect([QUEUED, SENT, RECEIVED, EXECUTED]).toEqual([QUEUED, SENT, RECEIVED, EXECUTED].toSorted((a, b) => a - b));
    expect(QUEUED).toBeGreaterThan(0);
  });
});

/** What a browser makes of the picture. */
async function looksOf(browser: Browser, jpeg: Buffer): Promise<{ width: number; height: number; colours: number }> {
  const page = await browser.newPage();
  const look = await page.evaluate(async (data) => {
    const image = new Image();
    image.src = `data:image/jpeg;base64,${data}`;
    await image.decode();
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [image.naturalWidth, image.naturalHeight];
    const context = canvas.getContext('2d');
    context?.drawImage(image, 0, 0);
    const { data: pixels } = context?.getImageData(0, 0, canvas.width, canvas.height) ?? { data: [] };
    const colours = new Set<number>();
    for (let at = 0; at < pixels.length; at += 4)
      colours.add(((pixels[at] ?? 0) << 16) | ((pixels[at + 1] ?? 0) << 8) | (pixels[at + 2] ?? 0));
    return { width: canvas.width, height: canvas.height, colours: colours.size };
  }, jpeg.toString('base64'));
  await page.close();
  return look;
}
