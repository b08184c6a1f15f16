import type { Clock } from '@gatecast/firmware-protocol';
import type { CallbackMode } from './requests.ts';
import { sealResource, signedHeaders, type SandboxKey } from './signature.ts';
import type { CallbackRow, MerchantRow, SandboxStore } from './store.ts';

/** WeChat Pay's 15 retries, 15 s to 6 h, at a fifteenth: seconds after the attempt before. */
export const retryAfterSeconds = [1, 1, 2, 12, 40, 80, 120, 120, 120, 240, 720, 720, 720, 1_440, 1_440] as const;
const longestWaitMs = 1_440_000;
const answerWithinMs = 5_000;
const lookEveryMs = 250;
const atOnce = 20;

export interface NotifierOptions {
  readonly store: SandboxStore;
  readonly key: SandboxKey;
  readonly clock: Clock;
  readonly onFault: (error: unknown) => void;
}

/** Tells merchants what happened, until they answer 200 or 204 or the retries run out. */
export class Notifier {
  /** How the callbacks go from now on, for tests of the other side. */
  mode: CallbackMode = 'normal';
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
    if (room <= 0 || this.mode === 'never') return;
    const now = this.#options.clock.now();
    const due = this.#options.store
      .prepare<[number, number, number], { id: string }>(
        'select id from callbacks where due_at <= ? or due_at > ? order by due_at limit ?',
      )
      .all(now, now + longestWaitMs, room); // further off than any wait: the clock was turned back
    for (const { id } of due) void this.send(id);
  }

  async #attempt(id: string): Promise<void> {
    const { store, clock } = this.#options;
    const row = store
      .prepare<[string], CallbackRow & MerchantRow>(
        `select c.*, m.api_v3_key, m.mchid from callbacks c join payments using (prepay_id) join merchants m using (mchid)
         where c.id = ? and c.due_at is not null`,
      )
      .get(id);
    if (!row || this.mode === 'never') return;
    const forged = this.mode === 'forged';
    const answer = await this.#post(row, forged);
    if (this.mode === 'twice') await this.#post(row, forged);
    const taken = !forged && (answer === '200' || answer === '204');
    const waitSeconds = retryAfterSeconds[row.attempts];
    const dueAt = taken || waitSeconds === undefined ? null : clock.now() + waitSeconds * 1_000;
    store
      .prepare('update callbacks set attempts = attempts + 1, due_at = ?, last_answer = ? where id = ?')
      .run(dueAt, answer, id);
  }

  /** The HTTP status, or the name of what went wrong. */
  async #post(row: CallbackRow & MerchantRow, forged: boolean): Promise<string> {
    const { clock, key } = this.#options;
    const body = JSON.stringify({
      id: row.id,
      create_time: new Date(clock.now()).toISOString(),
      event_type: row.event_type,
      resource_type: 'encrypt-resource',
      resource: sealResource(row.api_v3_key, row.event_type.split('.', 1)[0]?.toLowerCase() ?? '', row.plaintext),
    });
    const signed = signedHeaders(key, Math.floor(clock.now() / 1_000), body);
    if (forged) signed['Wechatpay-Signature'] = `WECHATPAY/SIGNTEST/${signed['Wechatpay-Signature'] ?? ''}`;
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
