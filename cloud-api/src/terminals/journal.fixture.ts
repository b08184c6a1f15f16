import { brotliCompressSync } from 'node:zlib';
import { packRows, type JournalBatch, type JournalCheckpoint } from '@gatecast/firmware-protocol/messages';
import { privateKeyOf, signHead } from '@gatecast/firmware-protocol/node';
import type { Answer, TestApp } from '../test-app.ts';
import type { TestTerminal } from '../test-neighbourhood.ts';

interface Extras {
  readonly checkpoint?: JournalCheckpoint | undefined;
  /** Who signs; default: the terminal. */
  readonly signer?: TestTerminal['identity'];
}

/** A batch as a terminal of version 4 sends it. */
export function packedBody(terminal: TestTerminal, batch: JournalBatch, extras: Extras = {}): Uint8Array<ArrayBuffer> {
  const { epoch, stream, rows, head } = batch;
  const key = { terminal: terminal.id, epoch, stream };
  const signer = privateKeyOf('ed25519', (extras.signer ?? terminal.identity).privateKey);
  const { checkpoint } = extras;
  const text = JSON.stringify({
    v: 2,
    epoch,
    stream,
    seq: rows[0]?.seq,
    prev: rows[0]?.prev,
    rows: packRows(rows),
    head,
    signature: signHead(signer, key, { seq: rows.at(-1)?.seq ?? 0, hash: head }),
    ...(checkpoint && { checkpoint }),
  });
  return new Uint8Array(brotliCompressSync(text));
}

/** Hands bytes in as a batch. */
export async function sendBody(
  world: TestApp,
  terminal: TestTerminal,
  body: Uint8Array<ArrayBuffer>,
  encoding = 'br',
): Promise<Answer> {
  const request = new Request(`http://gatecast.test/v1/terminals/${terminal.id}/journal`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${terminal.token}`,
      'content-type': 'application/json',
      'content-encoding': encoding,
      'content-length': String(body.byteLength),
    },
    body,
  });
  const answer = await world.app.fetch(request);
  return { status: answer.status, headers: answer.headers, body: await answer.json() };
}
