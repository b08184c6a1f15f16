import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import type { CommandRecord } from './snapshot.ts';

/** Ids of old commands are kept so that a duplicate gets the same answer. */
const commandsKept = 1_000;

const record = z.object({
  state: z.enum(['RECEIVED', 'EXECUTED', 'EXPIRED', 'REFUSED', 'UNKNOWN']),
  reason: z.string().nullable(),
});

/** What became of each remote command. */
export class CommandTable {
  readonly #get;
  readonly #add;
  readonly #end;
  readonly #forget;
  readonly #interrupted;

  constructor(db: Database) {
    this.#get = db.prepare<[string], unknown>('SELECT state, reason FROM commands WHERE id = ?');
    this.#add = db.prepare("INSERT INTO commands (id, state) VALUES (?, 'RECEIVED')");
    this.#end = db.prepare("UPDATE commands SET state = ?, reason = ? WHERE id = ? AND state = 'RECEIVED'");
    this.#forget = db.prepare('DELETE FROM commands WHERE n <= (SELECT max(n) FROM commands) - ?');
    this.#interrupted = db.prepare<[], { id: string }>("SELECT id FROM commands WHERE state = 'RECEIVED'");
  }

  /** Notes it as received, or tells what became of it when it was received before. */
  receive(id: string): CommandRecord | 'new' {
    const known = this.#get.get(id);
    if (known) return record.parse(known);
    this.#add.run(id);
    this.#forget.run(commandsKept);
    return 'new';
  }

  end(id: string, { state, reason }: CommandRecord): void {
    this.#end.run(state, reason, id);
  }

  interrupted(): string[] {
    return this.#interrupted.all().map((row) => row.id);
  }
}
