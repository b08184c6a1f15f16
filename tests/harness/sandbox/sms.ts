import type { Clock } from '@gatecast/firmware-protocol';
import type { SandboxStore, SmsRow } from './store.ts';

const kept = 200;

/** The newest messages, as the phones would show them. */
export class SmsInbox {
  readonly #store: SandboxStore;
  readonly #clock: Clock;

  constructor(store: SandboxStore, clock: Clock) {
    this.#store = store;
    this.#clock = clock;
  }

  receive(phone: string, text: string): number {
    const { lastInsertRowid } = this.#store
      .prepare('insert into sms (phone, text, at) values (?, ?, ?)')
      .run(phone, text, this.#clock.now());
    const id = Number(lastInsertRowid);
    this.#store.prepare('delete from sms where id <= ?').run(id - kept);
    return id;
  }

  newest(phone?: string): SmsRow[] {
    return this.#store
      .prepare<[{ phone: string | null }], SmsRow>(
        'select * from sms where @phone is null or phone = @phone order by id desc',
      )
      .all({ phone: phone ?? null });
  }
}
