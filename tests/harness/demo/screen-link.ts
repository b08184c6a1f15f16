import jsqr from 'jsqr';
import type { ScreenDecision, ScreenState } from '@gatecast/firmware-protocol/messages';

const scale = 4;
const withinMs = 3_000;

/** What a phone would read that is held in front of the screen now; undefined if there is no QR code on it. */
export async function newestLink(screenUrl: string): Promise<string | undefined> {
  const state = await stateOf(screenUrl);
  const shown: ScreenDecision | null = state.touch ?? state.ambient;
  return shown?.qr ? readQrSvg(shown.qr) : undefined;
}

/** The state that the screen's feed begins with. */
async function stateOf(screenUrl: string): Promise<ScreenState> {
  const url = new URL(screenUrl);
  url.pathname = '/events';
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), withinMs);
  try {
    const answer = await fetch(url, { signal: stop.signal });
    let text = '';
    for await (const chunk of answer.body ?? []) {
      text += Buffer.from(chunk).toString('utf8');
      const [, data] = /event: state\r?\ndata: (.*)\r?\n/.exec(text) ?? [];
      if (data) return JSON.parse(data) as ScreenState;
    }
    throw new Error('the screen said nothing');
  } finally {
    clearTimeout(timer);
    stop.abort();
  }
}

/** Reads the agent's QR drawing as a camera would: dark squares on white. */
export function readQrSvg(svg: string): string | undefined {
  const side = Number(/viewBox="0 0 (\d+) \d+"/.exec(svg)?.[1] ?? 0);
  const width = side * scale;
  const pixels = new Uint8ClampedArray(width * width * 4).fill(255);
  for (const [, x, y] of svg.matchAll(/M(\d+) (\d+)h1v1h-1z/g)) {
    for (let row = 0; row < scale; row += 1) {
      const from = ((Number(y) * scale + row) * width + Number(x) * scale) * 4;
      for (let i = 0; i < scale * 4; i += 4) pixels.fill(0, from + i, from + i + 3);
    }
  }
  return jsqr.default(pixels, width, width)?.data;
}
