import { newId, systemClock } from '@gatecast/firmware-protocol';
import type { ClockQuality, DoorConfig, DoorMode, TouchEvent, Unbillable } from '@gatecast/firmware-protocol/messages';
import { readCard } from '@gatecast/firmware-protocol/pass';
import pino from 'pino';
import type { JournalEntry } from '../journal/journal-writer.ts';
import { typedWithoutList, type AccessView } from './access.ts';
import type { HardwareEvent } from './door-controller.ts';
import { Doorkeeper, type DoorkeeperParts } from './doorkeeper.ts';
import { NotingHardware, type Order } from './noting-hardware.fixture.ts';
import { unreadable } from './presented.ts';
import type { Right } from './right.ts';

export function doorOf(change: Partial<DoorConfig> = {}): DoorConfig {
  return {
    entrance: newId('entrance'),
    name: 'Gate',
    placement: 'gate',
    hardware: { kind: 'osdp', address: 0, lockOutput: 0, contactInput: 0, exitInput: 1, fireInput: 2 },
    readers: [{ address: 0, reader: 0, side: 'entry' }],
    lift: null,
    openMs: 3_000,
    heldOpenMs: 30_000,
    bounceMs: 50,
    schedules: [],
    override: null,
    antiPassback: false,
    ...change,
  };
}

/** What the screen was told of an opening. */
interface Touch {
  readonly event: TouchEvent;
  readonly unbillable: Unbillable | null;
  readonly pseudonym: string | null;
  /** Absent where there is none. */
  readonly group?: string;
  /** The same. */
  readonly noticeName?: string;
}

type Told = HardwareEvent extends infer E ? (E extends HardwareEvent ? Omit<E, 'entrance'> : never) : never;

/** A list in memory that knows codes, and cards by their text. */
const listOf = (codes: Readonly<Record<string, Right>>): AccessView => ({
  version: 1,
  hours: { zone: 'Asia/Shanghai', schedules: [], holidays: new Set() },
  pseudonyms: new Set(),
  typed(typed) {
    const right = typed.kind === 'code' ? codes[typed.code] : undefined;
    return right ? { kind: 'code', named: [right], passes: null } : typedWithoutList(typed);
  },
  card(bitCount, bits) {
    const right = codes[readCard(bitCount, bits)?.text ?? ''];
    return right ? { kind: 'card', named: [right] } : unreadable('unknown-card');
  },
  qr: () => unreadable('unknown-qr'),
  tagOf: () => ({ epoch: 1, tag: 'A'.repeat(43) }),
});

/** A doorkeeper with one door, hardware that notes its orders, and everything it writes in memory. Time is the test's. */
export class KeptDoor {
  readonly rows: JournalEntry[] = [];
  readonly touches: Touch[] = [];
  readonly refusals: string[] = [];
  readonly screen: string[] = [];
  readonly hardware = new NotingHardware();
  readonly values: Map<string, string>;
  readonly keeper: Doorkeeper;
  quality: ClockQuality = 'synced';
  changes = 0;
  readonly #config: DoorConfig;

  constructor(
    config: DoorConfig = doorOf(),
    codes: Readonly<Record<string, Right>> = {},
    values = new Map<string, string>(),
    newHardware: DoorkeeperParts['newHardware'] = (_doors, listeners) => this.hardware.attach(listeners),
  ) {
    this.#config = config;
    this.values = values;
    const access = listOf(codes);
    let seq = 0;
    this.keeper = new Doorkeeper({
      clock: systemClock,
      clockQuality: () => this.quality,
      provenNow: () => undefined,
      journal: {
        append: async (row) => {
          this.rows.push(row);
          seq += 1;
          return { seq };
        },
        appended: () => {},
        draft: (row) => ({ ...row, wallMs: 0, monoMs: 0, boot: 'boot', clock: 'synced' }),
      },
      store: {
        snapshot: {
          claim: null,
          documents: new Map(),
          trials: new Map(),
          refused: new Map(),
          uses: new Map(),
          phoneCounters: new Map(),
          values,
          interrupted: [],
          unclean: false,
        },
        useCredential: async () => {},
        returnUse: async () => {},
        savePhoneCounter: async () => {},
        setValue: async (key, value) => {
          values.set(key, value);
        },
      },
      listener: {
        opened: ({ event, unbillable, pseudonym, group, noticeName }) => {
          const said = { ...(group !== null && { group }), ...(noticeName !== null && { noticeName }) };
          this.touches.push({ event, unbillable, pseudonym, ...said });
          this.screen.push('opened');
        },
        refused: (_entrance, reason) => {
          this.refusals.push(reason);
          this.screen.push('refused');
        },
        help: () => this.screen.push('help'),
        contact: (_entrance, open) => this.screen.push(open ? 'leaf open' : 'leaf shut'),
        typing: () => {},
        optedIn: () => {},
      },
      access: () => access,
      onChange: () => {
        this.changes += 1;
      },
      newHardware,
      log: pino({ level: 'silent' }),
    });
  }

  /** The hardware answers, and the leaf is shut. */
  start(): this {
    this.configure({});
    this.tell({ type: 'online', online: true });
    this.tell({ type: 'contact', open: false, isFirst: true });
    return this;
  }

  configure(change: Partial<DoorConfig>): void {
    this.keeper.configure([{ ...this.#config, ...change }], 'Asia/Shanghai');
  }

  tell(event: Told): void {
    this.hardware.tell.onHardware({ ...event, entrance: this.#config.entrance });
  }

  type(keys: string, side: 'entry' | 'exit' = 'entry'): void {
    this.hardware.tell.onReader({ type: 'keys', entrance: this.#config.entrance, side, keys });
  }

  get entrance(): string {
    return this.#config.entrance;
  }

  get state(): string | undefined {
    return this.keeper.standings()[0]?.state;
  }

  get mode(): DoorMode | undefined {
    return this.keeper.standings()[0]?.mode;
  }

  /** Orders to the lock and the lift, without what the readers show. */
  get orders(): Order['order'][] {
    return this.hardware.orders.map(({ order }) => order).filter((order) => order !== 'feedback' && order !== 'mode');
  }

  /** `forced`, `forced over` and so on, in the order of the journal. */
  get alarms(): string[] {
    return this.rows
      .filter(({ kind }) => kind === 'alarm')
      .map(({ body }) => `${String(body['alarm'])}${body['active'] === false ? ' over' : ''}`)
      .filter((alarm) => alarm !== 'door-online');
  }

  /** Mode rows: mode and cause. */
  get modes(): string[] {
    return this.rows
      .filter(({ kind }) => kind === 'mode')
      .map(({ body }) => `${String(body['mode'])} by ${String(body['cause'])}`);
  }
}
