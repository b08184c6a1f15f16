import { createServer, get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { systemClock } from '@gatecast/firmware-protocol';
import type { ScreenState } from '@gatecast/firmware-protocol/messages';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createScreenFeed } from './screen-feed.ts';

const state: ScreenState = {
  community: '梧桐里',
  zone: 'Asia/Shanghai',
  now: 0,
  muted: true,
  volumePercent: 0,
  feedbackPercent: 0,
  isQuiet: false,
  brightnessPercent: 100,
  officePhone: null,
  complaintQr: null,
  notices: [],
  ambient: null,
  touch: null,
  nextClip: null,
  enrolment: null,
  page: '',
};

describe('what happens, told to the pages', () => {
  const feed = createScreenFeed({ clock: systemClock, state: () => state, changed: () => {} });
  const server = createServer((_request, response) => feed.join(response));

  beforeEach(() => new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve)));
  afterEach(() => {
    feed.stop();
    server.closeAllConnections();
    return new Promise<void>((resolve) => void server.close(() => resolve()));
  });
  const open = () =>
    new Promise<IncomingMessage>((resolve, reject) => {
      const { port } = server.address() as AddressInfo;
      get({ host: '127.0.0.1', port, agent: false }, resolve).once('error', reject);
    });

  it('comes as server-sent events, the whole state first', async () => {
    const page = await open();
    let text = '';
    page.setEncoding('utf8').on('data', (piece: string) => (text += piece));
    feed.send('beat', { now: 7 });
    await vi.waitFor(() =>
      expect(text).toMatch(/^event: state\ndata: {.*}\nretry: 1000\n\nevent: beat\ndata: {"now":7}\n/),
    );
    page.destroy();
    await vi.waitFor(() => expect(feed.size).toBe(0));
  });

  it('does not pile up for pages that stop reading: they make room for those that come after them', async () => {
    for (let page = 0; page < 20; page += 1) {
      const reader = await open();
      expect(reader.statusCode).toBe(200);
      reader.on('error', () => {}).pause();
      expect(feed.size).toBe(1);
      for (let n = 0; n < 100; n += 1) feed.send('beat', { now: n });
      await vi.waitFor(() => expect(feed.size).toBe(0));
    }
  });

  it('reaches eight pages; a ninth is told that they are too many', async () => {
    const pages = await Promise.all(Array.from({ length: 8 }, open));
    expect((await open()).statusCode).toBe(503);
    for (const page of pages) page.on('error', () => {}).destroy();
    await vi.waitFor(() => expect(feed.size).toBe(0));
    expect((await open()).statusCode).toBe(200);
  });
});
