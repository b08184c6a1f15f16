import type { ModbusFunction } from '@gatecast/firmware-protocol';
import type { Log } from '../../log.ts';

/** What a board refuses: to be switched off at the start, or one of the questions that it is asked again and again. */
type Refused = 'greeting' | ModbusFunction;

export interface BoardComplaintsParts {
  readonly log: Pick<Log, 'error'>;
  /** The board began to refuse something, or refuses nothing any more. */
  readonly onFault: (unit: number, active: boolean) => void;
}

/** Boards that answer and refuse what their wiring needs, such as a relay that they do not have: told once, until they obey. */
export class BoardComplaints {
  readonly #parts: BoardComplaintsParts;
  readonly #open = new Map<number, Set<Refused>>();

  constructor(parts: BoardComplaintsParts) {
    this.#parts = parts;
  }

  raise(unit: number, refused: Refused, exception: number): void {
    const open = this.#open.get(unit) ?? new Set();
    if (open.has(refused)) return;
    const facts = { code: 'relay-board-refuses', unit, refused, exception };
    this.#parts.log.error(facts, 'a relay board does not do what the configuration of its doors needs');
    if (open.size === 0) this.#parts.onFault(unit, true);
    this.#open.set(unit, open.add(refused));
  }

  withdraw(unit: number, refused: Refused): void {
    const open = this.#open.get(unit);
    if (open?.delete(refused) && open.size === 0) this.#parts.onFault(unit, false);
  }
}
