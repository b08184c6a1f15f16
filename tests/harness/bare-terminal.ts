import { randomBytes } from 'node:crypto';
import { brotliCompressSync, constants } from 'node:zlib';
import { instant, type InstantMs } from '@gatecast/firmware-protocol';
import {
  challengeResponse,
  claimResponse,
  genesisHash,
  packRows,
  signInContext,
  signInPreimage,
  tokenResponse,
  type JournalBatch,
  type JournalRow,
  type JournalStream,
} from '@gatecast/firmware-protocol/messages';
import { newKeyPair, privateHash, privateKeyOf, rowHash, signHead, signText } from '@gatecast/firmware-protocol/node';

/** A terminal without a door or a screen: it claims, signs in and hands in whatever rows a test or a benchmark makes up. */
export class BareTerminal {
  readonly id: string;
  readonly epoch: number;
  readonly #cloudUrl: string;
  readonly #privateKey: string;
  readonly #heads = new Map<JournalStream, { seq: number; hash: string }>();
  readonly #boot = randomBytes(9).toString('base64url');
  #token = '';

  private constructor(cloudUrl: string, claim: { id: string; epoch: number }, privateKey: string) {
    this.#cloudUrl = cloudUrl;
    this.id = claim.id;
    this.epoch = claim.epoch;
    this.#privateKey = privateKey;
  }

  static async claim(cloudUrl: string, code: string): Promise<BareTerminal> {
    const identity = newKeyPair('ed25519');
    const answer = await post(`${cloudUrl}/v1/terminals/claims`, {
      code,
      identityKey: identity.publicKey,
      sealingKey: newKeyPair('x25519').publicKey,
      agentVersion: 'bare',
    });
    const { terminal, epoch } = claimResponse.parse(await answer.json());
    const bare = new BareTerminal(cloudUrl, { id: terminal, epoch }, identity.privateKey);
    await bare.signIn();
    return bare;
  }

  async signIn(): Promise<void> {
    const base = `${this.#cloudUrl}/v1/terminals/${this.id}`;
    const { nonce } = challengeResponse.parse(await (await post(`${base}/challenge`, {})).json());
    const key = privateKeyOf('ed25519', this.#privateKey);
    const signature = signText(key, signInContext, signInPreimage(this.id, this.epoch, nonce));
    const answer = await post(`${base}/tokens`, { nonce, epoch: this.epoch, signature });
    this.#token = tokenResponse.parse(await answer.json()).token;
  }

  get token(): string {
    return this.#token;
  }

  /** The next rows of a stream, chained to those made before. */
  batch(
    stream: JournalStream,
    at: InstantMs,
    rows: readonly { kind: string; body: Record<string, unknown>; privateData?: Record<string, unknown> }[],
  ): JournalBatch {
    const key = { terminal: this.id, epoch: this.epoch, stream };
    let { seq, hash } = this.#heads.get(stream) ?? { seq: 0, hash: genesisHash };
    const made: JournalRow[] = [];
    for (const { kind, body, privateData } of rows) {
      seq += 1;
      const part = privateData ? { salt: randomBytes(16).toString('base64url'), data: privateData } : undefined;
      const row: JournalRow = {
        seq,
        prev: hash,
        kind,
        wallMs: instant(at + seq),
        monoMs: seq,
        boot: this.#boot,
        clock: 'synced',
        body,
        privateHash: part ? privateHash(part) : null,
      };
      hash = rowHash(key, row);
      made.push(part ? { ...row, private: part } : row);
    }
    this.#heads.set(stream, { seq, hash });
    return { v: 1, epoch: this.epoch, stream, rows: made, head: hash };
  }

  /** A batch as terminals send it: signed, as columns, in Brotli. */
  packed({ epoch, stream, rows, head }: JournalBatch): Uint8Array<ArrayBuffer> {
    const [first] = rows;
    const seq = rows.at(-1)?.seq ?? 0;
    const key = { terminal: this.id, epoch, stream };
    const signature = signHead(privateKeyOf('ed25519', this.#privateKey), key, { seq, hash: head });
    const envelope = { v: 2, epoch, stream, seq: first?.seq, prev: first?.prev, head, signature };
    const params = { [constants.BROTLI_PARAM_QUALITY]: 5 };
    return new Uint8Array(brotliCompressSync(JSON.stringify({ ...envelope, rows: packRows(rows) }), { params }));
  }

  /** Hands in what `packed` made. Resolves with the answer, whatever its status. */
  sendPacked(body: Uint8Array<ArrayBuffer>): Promise<Response> {
    return fetch(`${this.#cloudUrl}/v1/terminals/${this.id}/journal`, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'content-encoding': 'br',
        authorization: `Bearer ${this.#token}`,
      },
      body,
    });
  }

  /** Hands in a batch as JSON text, as terminals before version 4 do. Resolves with the answer, whatever its status. */
  send(text: string): Promise<Response> {
    return fetch(`${this.#cloudUrl}/v1/terminals/${this.id}/journal`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${this.#token}` },
      body: text,
    });
  }
}

async function post(url: string, body: unknown): Promise<Response> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  if (!answer.ok) throw new Error(`${url}: HTTP ${answer.status} ${await answer.text()}`);
  return answer;
}
