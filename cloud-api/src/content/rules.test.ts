import { describe, expect, it } from 'vitest';
import { clipStatus } from './contract.ts';
import { bytesSource, mp4File, type Mp4Shape } from './mp4.fixture.ts';
import { readMp4 } from './mp4.ts';
import { clipStatesBefore, clipTransitions, conforms } from './rules.ts';

const facts = (shape: Mp4Shape = {}) => readMp4(bytesSource(mp4File(shape)));

describe('a clip on its way to the screen', () => {
  it('can only take the steps of the table, for every pair of states', () => {
    const states = clipStatus.options;
    const allowed = states.flatMap((from) =>
      states.filter((to) => clipStatesBefore(to).includes(from)).map((to) => `${from} → ${to}`),
    );
    expect(allowed).toEqual(states.flatMap((from) => clipTransitions[from].map((to) => `${from} → ${to}`)));
    expect(allowed).toMatchInlineSnapshot(`
      [
        "queued → transcoding",
        "queued → in-review",
        "queued → failed",
        "queued → withdrawn",
        "transcoding → queued",
        "transcoding → in-review",
        "transcoding → failed",
        "transcoding → withdrawn",
        "in-review → approved",
        "in-review → rejected",
        "in-review → withdrawn",
        "approved → taken-down",
        "approved → expired",
        "approved → withdrawn",
        "rejected → in-review",
        "rejected → withdrawn",
        "taken-down → in-review",
        "taken-down → withdrawn",
        "expired → in-review",
        "expired → withdrawn",
        "failed → queued",
        "failed → withdrawn",
      ]
    `);
  });

  it('needs no transcode only if it is exactly what the screens play', async () => {
    const bytes = 500_000;
    expect(conforms(await facts(), bytes)).toBe(true);
    expect(conforms(await facts({ audio: null }), bytes)).toBe(true);
    const others: Mp4Shape[] = [
      { width: 1080, height: 1920 },
      { width: 1280, height: 720, turned: true },
      { avcProfile: 77 },
      { avcLevel: 40 },
      { codec: 'hvc1' },
      { framesPerSecond: 30 },
      { indexFirst: false },
      { reordered: true },
      { audio: 'ac-3' },
    ];
    for (const shape of others) expect(conforms(await facts(shape), bytes), JSON.stringify(shape)).toBe(false);
    const tooMany = await facts({ durationMs: 10_000 });
    expect(conforms(tooMany, 3_400_000)).toBe(true);
    expect(conforms(tooMany, 3_600_000), 'a weak board and a slow line').toBe(false);
  });
});
