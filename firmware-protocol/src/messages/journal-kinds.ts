import { z } from 'zod';
import { cloudId, durationMs, instantMs, personClass, placement, sha256Hex } from './fields.ts';
import { documentKinds, documentOutcome } from './desired.ts';
import { doorMode } from './door-config.ts';
import { commandStates } from './command.ts';
import { touchEvent } from './plan.ts';
import { journalStreams } from './journal.ts';

/** How somebody asked to come in. */
export const via = z.enum(['pin', 'code', 'card', 'qr', 'remote', 'exit', 'fire']);
export type Via = z.infer<typeof via>;

/** Why the door stayed shut. */
export const refusal = z.enum([
  'bad-format',
  'unknown-unit',
  'unknown-code',
  'wrong-pin',
  'unknown-card',
  'unknown-qr',
  /** A code on a phone or paper that was changed, or that somebody else made. */
  'bad-signature',
  /** A code on a phone that is older than its half minute, or was shown here before. */
  'stale-qr',
  'replayed-qr',
  'outside-schedule',
  /** It had to be used for the first time earlier. */
  'first-use-missed',
  'not-yet',
  'expired',
  'revoked',
  'used-up',
  'wrong-entrance',
  'clock-unknown',
  'locked',
  /** Too much was typed here in the last hour: one code every ten seconds. */
  'slow-down',
  'no-list',
  'cannot-commit',
  'door-offline',
  'lockdown',
]);
export type Refusal = z.infer<typeof refusal>;

/**
 * What a property manager must know at once. `duress`: somebody opened under threat, and it stands nowhere but in the property's own list;
 * `passback`: in twice without going out; `lock-fault`: the lock or a wire does not do what it says; `reader-insecure`: a reader cannot prove its key;
 * `reader-offline`: one that is a device by itself does not answer; `code-storm`: thirty codes were typed at a reader within an hour; `help`: somebody at
 * the door has called for help (`0#`); `break-glass`: an emergency credential has opened, in whatever mode the door was.
 */
export const doorAlarm = z.enum([
  'forced',
  'held-open',
  'tamper',
  'power',
  'door-offline',
  'door-online',
  'wrong-codes',
  'duress',
  'passback',
  'lock-fault',
  'reader-insecure',
  'reader-offline',
  'code-storm',
  'help',
  'break-glass',
]);
export type DoorAlarm = z.infer<typeof doorAlarm>;

/** Bodies of the `door` stream. The private part of `opened` and `refused` is `doorPrivate`. */
export const doorRows = {
  opened: z.object({
    entrance: cloudId,
    via,
    person: personClass.nullable(),
    pulseMs: durationMs,
    /** Version of the access list that decided; null for openings that no list decides. */
    list: z.int().positive().nullable(),
    command: z.string().max(40).nullable(),
  }),
  refused: z.object({ entrance: cloudId, via, reason: refusal, list: z.int().positive().nullable() }),
  contact: z.object({ entrance: cloudId, open: z.boolean() }),
  alarm: z.object({
    entrance: cloudId,
    alarm: doorAlarm,
    /** False: it is over. */
    active: z.boolean().default(true),
  }),
  /** Who may pass has changed for everybody at once. */
  mode: z.object({ entrance: cloudId, mode: doorMode, cause: z.enum(['schedule', 'override', 'clock', 'start']) }),
  /** A reader was paired, got a new key, or could not prove the one it has. */
  reader: z.object({
    entrance: cloudId,
    address: z.int().min(0).max(126),
    state: z.enum(['paired', 'key-changed', 'pairing-failed', 'secured', 'insecure']),
    reason: z.string().max(80).nullable(),
  }),
  exit: z.object({ entrance: cloudId }),
  fire: z.object({ entrance: cloudId, active: z.boolean() }),
  command: z.object({ command: z.string().max(40), state: commandStates, reason: z.string().max(80).nullable() }),
} as const;

/** Names a person; lives only in the access slice. `touch` joins an opening to its touch and never leaves that slice. */
export const doorPrivate = z.object({
  credential: z.string().max(40).nullable(),
  touch: z.string().max(40).nullable(),
});

/** Why a touch is never billed. */
export const unbillable = z.enum([
  'exit-button',
  'remote-opening',
  'free-passage',
  'fire',
  'child',
  'staff',
  'courier',
  'maintenance',
  'emergency',
  'repeat',
  'test',
]);
export type Unbillable = z.infer<typeof unbillable>;

/** Bodies of the `play` stream: no credential, no unit, no sequence of the door. */
export const playRows = {
  /** Written when the window closes. */
  touch: z.object({
    touch: z.string().regex(/^tch_[0-9a-z]{20}$/),
    entrance: cloudId,
    placement,
    event: touchEvent,
    /** Null: billable. */
    unbillable: unbillable.nullable(),
    startedAt: instantMs,
    windowMs: durationMs,
    endedBy: z.enum(['door-closed', 'lift-arrived', 'timeout']),
  }),
  play: z.object({
    decision: z.string().regex(/^dec_[0-9a-z]{20}$/),
    /** Null: nobody was there; the play is ambient and fills no guarantee. */
    touch: z
      .string()
      .regex(/^tch_[0-9a-z]{20}$/)
      .nullable(),
    /** True if the touch is billable, so that a play counts without a join to its touch row. */
    billable: z.boolean(),
    entrance: cloudId,
    placement,
    /** Null: a house clip. */
    campaign: cloudId.nullable(),
    clip: sha256Hex,
    /** Start of the half-hour that the play counts in: that of the touch. */
    halfHour: instantMs,
    startedAt: instantMs,
    /** First frame presented inside the window. */
    rendered: z.boolean(),
    /** At least 2 s of the whole frame on the screen inside the window. */
    viewable: z.boolean(),
    /** At least 75 % of the clip shown. */
    completed: z.boolean(),
    shownMs: durationMs,
    framesPresented: z.int().nonnegative(),
    framesDropped: z.int().nonnegative(),
    muted: z.boolean(),
    endReason: z.enum(['finished', 'replaced', 'error', 'stalled', 'screen-gone']),
    /** Evidence that the panel was lit; a fourth fact, never mixed with the three counters. */
    panel: z.enum(['on', 'off', 'unproven']),
    /** What that was read from: the display itself over HDMI, the backlight, the graphics driver; `none`: nothing tells. */
    panelBy: z.enum(['none', 'cec', 'backlight', 'drm']).default('none'),
    /** `clock`: the browser tells of no frames, so that the play is inferred and its panel `unproven` whatever was read. */
    measuredBy: z.enum(['frames', 'clock']).default('frames'),
    /** Exposure in milli-touches: 1000 for a touch that is surely of the segment sold. */
    milliTouches: z.int().min(0).max(1_000),
    /** The line item that stops at so many people, where this terminal had not shown it to whoever stood there; never who that is. */
    reached: cloudId.optional(),
  }),
  /** The half-hour is over on this terminal: every play of it stands before this row. */
  'half-hour': z.object({
    at: instantMs,
    entrance: cloudId,
    placement,
    /** Noised touches by event, null where fewer than 10 (k-anonymity). */
    touches: z.partialRecord(touchEvent, z.int().nonnegative().nullable()),
  }),
} as const;
export type PlayBody = z.infer<(typeof playRows)['play']>;
export type TouchBody = z.infer<(typeof playRows)['touch']>;

/** Bodies of the `health` stream. */
export const healthRows = {
  boot: z.object({ agentVersion: z.string().max(40), unclean: z.boolean() }),
  applied: z.object({
    document: documentKinds,
    version: z.int().positive(),
    state: documentOutcome,
    reason: z.string().max(80).nullable(),
  }),
  /** Rows dropped when the disk was full: exactly which, and the hashes at both ends. */
  lost: z.object({
    stream: journalStreams,
    from: z.int().positive(),
    to: z.int().positive(),
    count: z.int().positive(),
    firstHash: sha256Hex,
    lastHash: sha256Hex,
  }),
  /**
   * This terminal and the cloud remember a stream differently. `cloud-forgot`: rows up to `cloudSeq` were acknowledged, and the cloud asks for `seq` again;
   * `forked`: the cloud holds other rows from `seq` on, so the `moved` rows that only this terminal has follow the cloud's last one;
   * `bad-checkpoint`: the cloud's word does not fit these rows, or is not signed by its key.
   */
  disputed: z.object({
    stream: journalStreams,
    fault: z.enum(['cloud-forgot', 'forked', 'bad-checkpoint']),
    seq: z.int().positive(),
    cloudSeq: z.int().nonnegative(),
    cloudHash: sha256Hex.nullable(),
    moved: z.int().nonnegative(),
  }),
  media: z.object({
    clip: sha256Hex,
    state: z.enum(['cached', 'failed', 'evicted']),
    reason: z.string().max(80).nullable(),
  }),
  uplink: z.object({ online: z.boolean() }),
} as const;
