import { screenshotBytesMax } from '@gatecast/firmware-protocol/messages';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createScreenProbes } from './screen-probes.ts';

const jpeg = Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 1, 2, 0xff, 0xd9);

describe('asking the screen', () => {
  let pages: number;
  let asked: { event: string; id: string }[];
  let probes: ReturnType<typeof createScreenProbes>;
  const askedId = () => asked.at(-1)?.id ?? '';

  beforeEach(() => {
    vi.useFakeTimers();
    pages = 1;
    asked = [];
    probes = createScreenProbes({
      pages: () => pages,
      send: (event, data) => void asked.push({ event, id: 'id' in data ? data.id : '' }),
    });
  });
  afterEach(() => void vi.useRealTimers());

  it('a picture is what a page sends for this question, and the first one counts', async () => {
    const picture = probes.capture();
    const id = askedId();
    expect(() => probes.takeCapture('another-id-of-nobody', jpeg)).toThrow('nobody has asked');
    probes.takeCapture(id, jpeg);
    expect(await picture).toBe(jpeg);
    expect(() => probes.takeCapture(id, jpeg)).toThrow('nobody has asked');
  });

  it('what is no JPEG, or too long, is not taken, and the question stays open', async () => {
    const picture = probes.capture();
    const long = new Uint8Array(screenshotBytesMax + 1);
    long.set(jpeg);
    long.set([0xff, 0xd9], long.length - 2);
    for (const bytes of [new Uint8Array(), new TextEncoder().encode('<svg onload=alert(1)>'), long])
      expect(() => probes.takeCapture(askedId(), bytes)).toThrow('no JPEG');
    probes.takeCapture(askedId(), jpeg);
    expect(await picture).toBe(jpeg);
  });

  it('without a page there is nothing to see or hear', async () => {
    pages = 0;
    await expect(probes.capture()).rejects.toMatchObject({ code: 'no-screen' });
    await expect(probes.tone(50)).rejects.toMatchObject({ code: 'no-screen' });
    expect(asked).toEqual([]);
  });

  it('a page that hangs is told from one that is not there, and can be asked again', async () => {
    const picture = expect(probes.capture()).rejects.toMatchObject({ code: 'screen-silent' });
    await expect(probes.capture()).rejects.toMatchObject({ code: 'busy' });
    await vi.advanceTimersByTimeAsync(5_000);
    await picture;
    const again = probes.capture();
    probes.takeCapture(askedId(), jpeg);
    await again;
  });

  it('a tone is heard when one of the pages can be heard', async () => {
    pages = 2;
    const tone = probes.tone(40);
    probes.takeTone({ id: askedId(), started: false });
    probes.takeTone({ id: askedId(), started: true });
    await tone;
  });

  it('a tone that no page may play is said to be blocked at once', async () => {
    pages = 2;
    const tone = expect(probes.tone(40)).rejects.toMatchObject({ code: 'sound-blocked' });
    probes.takeTone({ id: askedId(), started: false });
    probes.takeTone({ id: askedId(), started: false });
    await tone;
  });
});
