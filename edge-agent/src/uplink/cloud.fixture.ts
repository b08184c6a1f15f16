import { randomBytes } from 'node:crypto';
import { brotliDecompressSync } from 'node:zlib';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { DomainError, systemClock } from '@gatecast/firmware-protocol';
import {
  claimContext,
  claimPreimage,
  claimRequest,
  genesisHash,
  checkpointContext,
  checkpointPreimage,
  packedBatch,
  unpackRows,
  keyRotationContext,
  keyRotationPreimage,
  keyRotationRequest,
  learnedCard,
  offerContext,
  offerPreimage,
  offerRequest,
  signInContext,
  signInPreimage,
  timeContext,
  timePreimage,
  tokenRequest,
  type DocumentDelta,
  type DocumentEnvelope,
  type DocumentKind,
  type HeadProof,
  type JournalCheckpoint,
  type JournalRow,
  type StreamHead,
  type StreamKey,
  type JournalStream,
  type KeyRotationRequest,
  type LearnedCard,
  type OfferRequest,
  type SignInSession,
} from '@gatecast/firmware-protocol/messages';
import {
  isHeadProof,
  placeRows,
  privateKeyOf,
  publicKeyOf,
  signText,
  verifyText,
} from '@gatecast/firmware-protocol/node';
import type { TerminalKeys } from '../store/identity.ts';
import type { TerminalFixture } from '../terminal.fixture.ts';

const lifeSeconds = 3_600;
export const waitingOffer = { code: 'ABCD2345', expiresAt: 0, expiresInMs: 600_000, url: 'https://example.org/add' };

/** The cloud's side of one terminal over real HTTP, with real signatures and a real chain check. */
export class CloudFixture {
  readonly rows: Record<JournalStream, JournalRow[]> = { door: [], play: [], health: [] };
  readonly documents = new Map<DocumentKind, DocumentEnvelope>();
  /** What is told to who has this version of the access list in force. */
  readonly deltas = new Map<number, DocumentDelta>();
  /** Asking for these ends in a fault of the cloud. */
  readonly brokenDocuments = new Set<DocumentKind>();
  /** Documents that were asked for. */
  readonly asked = new Set<DocumentKind>();
  /** Access lists that were asked for, by what was said to be in force. */
  readonly listsAsked: (number | null)[] = [];
  readonly reports: unknown[] = [];
  readonly learnedCards: LearnedCard[] = [];
  readonly tokens = new Set<string>();
  /** Where the terminal said to stand at each sign-in. */
  readonly sessions: SignInSession[] = [];
  sealingKey = '';
  /** What a machine is told that nobody has claimed. */
  offer: (asked: OfferRequest) => object = () => ({ state: 'waiting', ...waitingOffer });
  /** Every offer that was asked about. */
  readonly offers: OfferRequest[] = [];
  /** New keys that were taken; the answers to the next ones get lost. */
  readonly rotations: KeyRotationRequest[] = [];
  rotateKeys = false;
  /** Where the broker has moved to. */
  brokerUrl: string | undefined;
  rotationAnswersToLose = 0;
  /** A refusal of every sign-in. */
  signInRefusal: string | undefined;
  /** Runs when a claim is stored and not answered yet. */
  beforeClaimAnswer: () => Promise<void> = async () => {};
  /** Stores the next batches but answers with a broken line. */
  answersToLose = 0;
  /** Sends the next batches away for `busySeconds`. */
  busyAnswers = 0;
  busySeconds = 1;
  /** A stream of which it can read no batch. */
  unreadable: JournalStream | undefined;
  readonly #terminal: TerminalFixture;
  readonly #checkpoints = new Map<JournalStream, JournalCheckpoint>();
  #server: Server | undefined;
  #port = 0;
  #identityKey = '';
  #nonce = '';

  constructor(terminal: TerminalFixture) {
    this.#terminal = terminal;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** A terminal that was claimed before this cloud was there. */
  knows(keys: TerminalKeys): void {
    this.#identityKey = keys.identity.publicKey;
    this.sealingKey = keys.sealing.publicKey;
  }

  async start(): Promise<void> {
    const server = createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => refuse(response, error));
    });
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(this.#port, '127.0.0.1', resolve));
    const address = server.address();
    if (address && typeof address === 'object') this.#port = address.port;
  }

  async stop(): Promise<void> {
    const server = this.#server;
    server?.closeAllConnections();
    if (server?.listening) await new Promise((resolve) => server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url);
    const body: unknown = JSON.parse((await textOf(request)) || 'null');
    if (url.pathname === '/v1/time') return reply(response, this.#time(url.searchParams.get('nonce') ?? ''));
    if (url.pathname === '/v1/terminals/claims') {
      const claimed = this.#claim(body);
      await this.beforeClaimAnswer();
      return reply(response, claimed);
    }
    if (url.pathname === '/v1/terminals/offers/challenge') return reply(response, { nonce: 'N'.repeat(51) });
    if (url.pathname === '/v1/terminals/offers') return reply(response, this.#offer(body));
    const route = url.pathname.replace(`/v1/terminals/${this.#terminal.terminal}/`, '');
    if (route === 'challenge') return reply(response, this.#challenge());
    if (route === 'tokens') return reply(response, this.#token(body));
    if (!this.tokens.has(request.headers.authorization ?? ''))
      throw new DomainError('unauthenticated', '', { status: 401 });
    if (route === 'desired') {
      return reply(response, Object.fromEntries([...this.documents].map(([kind, { version }]) => [kind, version])));
    }
    if (route === 'reported') return reply(response, this.reports.push(body));
    if (route === 'learned-cards') return reply(response, this.learnedCards.push(learnedCard.parse(body)));
    if (route === 'keys') return this.#rotate(body, response);
    if (route === 'journal') return this.#journal(body, response);
    if (route.startsWith('media/')) throw new DomainError('not-found', '', { status: 404 });
    const kind = route.replace('documents/', '') as DocumentKind;
    this.asked.add(kind);
    if (this.brokenDocuments.has(kind)) throw new DomainError('internal-error', '', { status: 500 });
    const from = url.searchParams.has('from') ? Number(url.searchParams.get('from')) : null;
    if (kind === 'access') this.listsAsked.push(from);
    return reply(response, this.deltas.get(from ?? 0) ?? this.documents.get(kind));
  }

  #time(nonce: string) {
    const now = systemClock.now();
    const key = privateKeyOf('ed25519', this.#terminal.timeKey.privateKey);
    return { now, nonce, signature: { kid: 'time-1', value: signText(key, timeContext, timePreimage(now, nonce)) } };
  }

  #claim(body: unknown) {
    const asked = claimRequest.parse(body);
    const { identityKey, sealingKey, signature = '' } = asked;
    if (!verifyText(publicKeyOf('ed25519', identityKey), claimContext, claimPreimage(asked), signature)) {
      throw new DomainError('wrong-credentials', '', { status: 401 });
    }
    this.#identityKey = identityKey;
    this.sealingKey = sealingKey;
    return this.#terminal.claim();
  }

  #offer(body: unknown) {
    const { signature, ...unsigned } = offerRequest.parse(body);
    const key = publicKeyOf('ed25519', unsigned.identityKey);
    if (!verifyText(key, offerContext, offerPreimage(unsigned), signature)) {
      throw new DomainError('wrong-credentials', '', { status: 401 });
    }
    const asked = { ...unsigned, signature };
    this.offers.push(asked);
    this.#identityKey = asked.identityKey;
    this.sealingKey = asked.sealingKey;
    return { nonce: 'N'.repeat(51), ...this.offer(asked) };
  }

  #rotate(body: unknown, response: ServerResponse): void {
    const asked = keyRotationRequest.parse(body);
    const { terminal } = this.#terminal;
    const text = keyRotationPreimage(terminal, this.#terminal.claim().epoch, asked);
    const isBy = (key: string, signature: string) =>
      verifyText(publicKeyOf('ed25519', key), keyRotationContext, text, signature);
    const isKnown = asked.identityKey === this.#identityKey || asked.from === this.#identityKey;
    if (!isKnown || !isBy(asked.from, asked.signedByOld) || !isBy(asked.identityKey, asked.signedByNew)) {
      throw new DomainError('wrong-credentials', '', { status: 401 });
    }
    this.rotations.push(asked);
    this.#identityKey = asked.identityKey;
    this.sealingKey = asked.sealingKey;
    this.rotateKeys = false;
    if (this.rotationAnswersToLose > 0) {
      this.rotationAnswersToLose -= 1;
      response.destroy();
    } else reply(response, { overlapMs: 0 });
  }

  #challenge() {
    this.#nonce = randomBytes(16).toString('base64url');
    return { nonce: this.#nonce, expiresAt: systemClock.now() + 60_000 };
  }

  #token(body: unknown) {
    if (this.signInRefusal) throw new DomainError(this.signInRefusal, '', { status: 403 });
    const { nonce, epoch, signature, session } = tokenRequest.parse(body);
    if (session) this.sessions.push(session);
    const key = publicKeyOf('ed25519', this.#identityKey);
    const isGenuine =
      nonce === this.#nonce &&
      verifyText(key, signInContext, signInPreimage(this.#terminal.terminal, epoch, nonce, session), signature);
    if (!isGenuine) throw new DomainError('wrong-credentials', '', { status: 401 });
    const claims = Buffer.from(JSON.stringify({ iat: 0, exp: lifeSeconds })).toString('base64url');
    const token = `head.${claims}.${randomBytes(8).toString('base64url')}`;
    this.tokens.add(`Bearer ${token}`);
    return {
      token,
      expiresAt: systemClock.now() + lifeSeconds * 1_000,
      rotateKeys: this.rotateKeys,
      brokerUrl: this.brokerUrl,
    };
  }

  #journal(body: unknown, response: ServerResponse): void {
    if (this.busyAnswers > 0) {
      this.busyAnswers -= 1;
      throw new DomainError('too-many-requests', '', { status: 429, retryAfterSeconds: this.busySeconds });
    }
    const { stream, rows: packed, seq, prev, head, epoch, signature = '' } = packedBatch.parse(body);
    if (stream === this.unreadable) throw new DomainError('invalid-request', '', { status: 400 });
    const key = { terminal: this.#terminal.terminal, epoch, stream };
    const { rows, hashes } = placeRows(key, { seq: seq - 1, hash: prev }, unpackRows(packed));
    const proof = { publicKey: this.#identityKey, signature };
    const last = { seq: seq + rows.length - 1, hash: head };
    const isWhole = hashes.at(-1) === head && isHeadProof(key, last, proof);
    if (!isWhole) throw new DomainError('journal-signature-wrong', '', { status: 409 });
    const stored = this.rows[stream];
    const expected = stored.length + 1;
    if (seq > expected) throw new DomainError('journal-gap', '', { status: 409, expected });
    const [next, ...more] = rows.filter((row) => row.seq >= expected);
    const newest = this.#checkpoints.get(stream);
    if (next && next.prev !== (newest?.hash ?? genesisHash)) {
      throw new DomainError('journal-chain-broken', '', { status: 409, seq: next.seq });
    }
    const checkpoint = next || !newest ? this.#checkpoint(key, last, proof) : newest;
    if (next) stored.push(next, ...more);
    this.#checkpoints.set(stream, checkpoint);
    if (this.answersToLose > 0) {
      this.answersToLose -= 1;
      response.destroy();
    } else reply(response, { stream, upTo: checkpoint.seq, checkpoint });
  }

  #checkpoint(key: StreamKey, head: StreamHead, proof: HeadProof): JournalCheckpoint {
    const said = { ...head, at: systemClock.now(), proof };
    const signer = privateKeyOf('ed25519', this.#terminal.timeKey.privateKey);
    const value = signText(signer, checkpointContext, checkpointPreimage(key, said));
    return { ...said, signature: { kid: 'time-1', value } };
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(Buffer.from(part));
  const body = Buffer.concat(parts);
  return (request.headers['content-encoding'] === 'br' ? brotliDecompressSync(body) : body).toString('utf8');
}

function reply(response: ServerResponse, value: unknown): void {
  response.setHeader('content-type', 'application/json').end(JSON.stringify(value));
}

function refuse(response: ServerResponse, error: unknown): void {
  const details = error instanceof DomainError ? error.details : {};
  const status = Number(details['status'] ?? 500);
  const code = error instanceof DomainError ? error.code : 'internal';
  response
    .writeHead(status, { 'content-type': 'application/problem+json' })
    .end(JSON.stringify({ ...details, title: code, code }));
}
