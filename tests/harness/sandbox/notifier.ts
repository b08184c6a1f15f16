import type { Clock } from '@gatecast/firmware-protocol';
import { rfc3339 } from './payment-words.ts';
import type { ProviderState } from './provider-state.ts';
import type { CallbackMode } from './requests.ts';
import { sealResource, signedHeaders } from './signature.ts';
import { ownKey, type CallbackRow, type MerchantRow, type SandboxStore } from './store.ts';

const minute = 60;
const hour = 60 * minute;
/** WeChat Pay's 15 retries in about a day: seconds after the attempt before. */
export const retryAfterSeconds = [
  15,
  15,
  30,
  3 * minute,
  10 * minute,
  20 * minute,
  30 * minute,
  30 * minute,
  30 * minute,
  hour,
  3 * hour,
  3 * hour,
  3 * hour,
  6 * hour,
  6 * hour,
] as const;
/** So much faster than the real ones, so that a demo shows them. */
export const retryPaceDefault = 15;
const lateMs = 30_000;
const staleSeconds = 360;
const answerWithinMs = 5_000;
const lookEveryMs = 250;
const atOnce = 20;

export interface NotifierOptions {
  readonly store: SandboxStore;
  readonly state: ProviderState;
  readonly clock: Clock;
  /** How many times faster than the real ones the retries come. */
  readonly retryPace: number;
  readonly onFault: (error: unknown) => void;
}

/** Tells merchants what happened, until they answer 200 or 204 or the retries run out. */
export class Notifier {
  readonly #options: NotifierOptions;
  readonly #underWay = new Map<string, Promise<void>>();
  #looking: NodeJS.Timeout | undefined;

  constructor(options: NotifierOptions) {
    this.#options = options;
  }

  start(): void {
    this.#looking = setInterval(() => this.#sendDue(), lookEveryMs);
  }

  async stop(): Promise<void> {
    clearInterval(this.#looking);
    await Promise.all(this.#underWay.values());
  }

  get #mode(): CallbackMode {
    return this.#options.state.callbacks;
  }

  /** As the person who pays sees it: told at once, unless callbacks are late or kept back. */
  async sendNow(id: string): Promise<void> {
    if (this.#mode === 'backwards' || this.#mode === 'never') return;
    if (this.#mode !== 'late') return this.send(id);
    const { store, clock } = this.#options;
    store.prepare('update callbacks set due_at = ? where id = ?').run(clock.now() + lateMs, id);
  }

  /** Makes one attempt now; resolves when it is answered or has timed out, whatever the answer. */
  send(id: string): Promise<void> {
    const under = this.#underWay.get(id);
    if (under) return under;
    const attempt = this.#attempt(id)
      .catch(this.#options.onFault)
      .finally(() => this.#underWay.delete(id));
    this.#underWay.set(id, attempt);
    return attempt;
  }

  #sendDue(): void {
    const room = atOnce - this.#underWay.size;
    if (room <= 0 || this.#mode === 'never') return;
    const { store, clock, retryPace } = this.#options;
    const now = clock.now();
    const longestWaitMs = Math.max(lateMs, (Math.max(...retryAfterSeconds) * 1_000) / retryPace);
    const due = store
      .prepare<[number, number, number], { id: string }>(
        'select id from callbacks where due_at <= ? or due_at > ? order by due_at, rowid limit ?',
      )
      .all(now, now + longestWaitMs, room); // further off than any wait: the clock was turned back
    if (this.#mode !== 'backwards') return due.forEach(({ id }) => void this.send(id));
    // One after the other, or they would overtake each other again.
    if (due.length < 2 || this.#underWay.size > 0) return;
    void due.toReversed().reduce((before, { id }) => before.then(() => this.send(id)), Promise.resolve());
  }

  async #attempt(id: string): Promise<void> {
    const { store, clock, retryPace } = this.#options;
    const row = store
      .prepare<[string], CallbackRow & MerchantRow>(
        `select c.*, m.api_v3_key, m.mchid from callbacks c join payments p using (prepay_id)
         join merchants m on m.mchid = coalesce(p.sp_mchid, p.mchid) where c.id = ? and c.due_at is not null`,
      )
      .get(id);
    const mode = this.#mode;
    if (!row || mode === 'never') return;
    const answer = await this.#post(row, mode);
    if (mode === 'twice') await this.#post(row, mode);
    const taken = !isWrong(mode) && (answer === '200' || answer === '204');
    const waitSeconds = retryAfterSeconds[row.attempts];
    const isOver = taken || waitSeconds === undefined;
    const dueAt = isOver ? null : clock.now() + Math.round((waitSeconds * 1_000) / retryPace);
    store
      .prepare('update callbacks set attempts = attempts + 1, due_at = ?, last_answer = ? where id = ?')
      .run(dueAt, answer, id);
  }

  /** The HTTP status, or the name of what went wrong. */
  async #post(row: CallbackRow & MerchantRow, mode: CallbackMode): Promise<string> {
    const { clock, store, state } = this.#options;
    const kind = row.event_type.split('.', 1)[0]?.toLowerCase() ?? '';
    const told = mode === 'tampered' ? 'parking' : kind;
    const said = {
      id: row.id,
      create_time: rfc3339(clock.now()),
      resource_type: 'encrypt-resource',
      event_type: row.event_type,
      summary: kind === 'refund' ? '退款结果' : '支付成功',
      resource: sealResource(row.api_v3_key, kind, row.plaintext, told),
    };
    const text = JSON.stringify(said);
    const seconds = Math.floor(clock.now() / 1_000) - (mode === 'stale' ? staleSeconds : 0);
    const signed = signedHeaders(ownKey(store, state.signsWith), seconds, text);
    const body = mode === 'rewritten' ? JSON.stringify(said, null, 1) : text;
    if (mode === 'forged') signed['Wechatpay-Signature'] = `WECHATPAY/SIGNTEST/${signed['Wechatpay-Signature'] ?? ''}`;
    try {
      const response = await fetch(row.url, {
        method: 'POST',
        headers: { ...signed, 'content-type': 'application/json' },
        body,
        redirect: 'manual',
        signal: AbortSignal.timeout(answerWithinMs),
      });
      await response.body?.cancel();
      return String(response.status);
    } catch (error) {
      return error instanceof Error ? error.name : 'Error';
    }
  }
}

/** A receiver that takes one of these checks too little. */
const isWrong = (mode: CallbackMode): boolean =>
  mode === 'forged' || mode === 'stale' || mode === 'rewritten' || mode === 'tampered';
