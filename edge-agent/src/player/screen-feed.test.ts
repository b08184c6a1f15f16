import { systemClock } from '@gatecast/firmware-protocol';
import type { ScreenState } from '@gatecast/firmware-protocol/messages';
import { Hono } from 'hono';
import { expect, it, vi } from 'vitest';
import { createScreenFeed } from './screen-feed.ts';

const state: ScreenState = {
  community: '梧桐里',
  zone: 'Asia/Shanghai',
  now: 0,
  muted: true,
  volumePercent: 0,
  notices: [],
  ambient: null,
  touch: null,
  nextClip: null,
  enrolment: null,
};

it('pages that stop reading make room for the pages that come after them', async () => {
  const feed = createScreenFeed({ clock: systemClock, state: () => state, changed: () => {} });
  const app = new Hono().get('/events', (c) => feed.join(c));
  for (let page = 0; page < 20; page += 1) {
    const response = await app.request('/events');
    expect(response.status).toBe(200);
    expect(feed.size).toBe(1);
    for (let n = 0; n < 100; n += 1) feed.send('beat', { now: n });
    await vi.waitFor(() => expect(feed.size).toBe(0));
  }
});
