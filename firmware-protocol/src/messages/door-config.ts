import { z } from 'zod';
import { cloudId, dailyWindow, instantMs, placement } from './fields.ts';

export const pulseMsMin = 500;
export const pulseMsMax = 30_000;

/** Number of an output, relay or input on its board, as the board counts them: from 0. */
const line = z.int().min(0).max(127);
const address = z.int().min(0).max(126);
/** Null where the door has no such wire. */
const inputs = { contactInput: line.nullable(), exitInput: line.nullable(), fireInput: line.nullable() };

/** An OSDP device with outputs and inputs. It times the pulse by itself (OUT, control 5). */
const osdpHardware = z.object({ kind: z.literal('osdp'), address, lockOutput: line, ...inputs });

/** A relay board on Modbus RTU. `flash-on` boards time the pulse; a plain board is refused unless the installer says `untimedRelay`. */
const modbusHardware = z.object({
  kind: z.literal('modbus'),
  unit: z.int().min(1).max(247),
  lockRelay: line,
  flashOn: z.boolean(),
  untimedRelay: z.boolean(),
  ...inputs,
});

/** An exact MQTT topic in printable ASCII: no wildcards, no `$`. */
const topic = z.string().regex(/^[ -"%-*,-~][ -"$-*,-~]{0,199}$/);
const payload = z.string().min(1).max(200);

/**
 * A relay on a broker of the site. `openPayload` may hold `{ms}`, `{tenths}` or `{s}`: the pulse in that unit, timed by the relay; one without them is
 * refused unless the installer says `untimedRelay`. The relay's own state topic acknowledges.
 */
const mqttHardware = z.object({
  kind: z.literal('mqtt'),
  commandTopic: topic,
  openPayload: payload,
  securePayload: payload,
  stateTopic: topic,
  releasedState: payload,
  securedState: payload,
  untimedRelay: z.boolean(),
  contact: z.object({ topic, open: payload, closed: payload }).nullable(),
  /** Where the relay's will says that it has gone. */
  availability: z.object({ topic, online: payload, offline: payload }).nullable(),
});

export const doorHardware = z.discriminatedUnion('kind', [osdpHardware, modbusHardware, mqttHardware]);
export type DoorHardwareConfig = z.infer<typeof doorHardware>;

/** A reader with keypad on the OSDP bus. One on the way out makes anti-passback possible. */
export const readerConfig = z.object({
  address,
  /** Number of the reader on its device. */
  reader: z.int().min(0).max(7),
  side: z.enum(['entry', 'exit']),
});
export type ReaderConfig = z.infer<typeof readerConfig>;

/** `lockdown`: only emergency credentials; `free-passage`: the lock stays released. Exit and fire are the hardware's own. */
export const doorMode = z.enum(['normal', 'lockdown', 'free-passage']);
export type DoorMode = z.infer<typeof doorMode>;
const setMode = doorMode.exclude(['normal']);

/** Weekly, in the community's zone; a window over midnight belongs to the day it begins on. Lockdown beats free passage. */
export const modeSchedule = z.object({
  mode: setMode,
  /** ISO: 1 is Monday. */
  weekdays: z.array(z.int().min(1).max(7)).min(1).max(7),
  window: dailyWindow,
});
export type ModeSchedule = z.infer<typeof modeSchedule>;

/** A lockdown ends by itself after this time unless somebody set another. */
export const lockdownMsDefault = 4 * 3_600_000;
export const modeOverrideMsMax = 7 * 86_400_000;

/** What somebody has set by hand, before any schedule: half-open, at most seven days. */
export const modeOverride = z.object({ mode: doorMode, from: instantMs, to: instantMs });
export type ModeOverride = z.infer<typeof modeOverride>;

/** Floors of a lift, −9 to 199, as its buttons count them. */
export const floorNo = z.int().min(-9).max(199);

/** A lift: the lock's output calls the car, and each floor's relay lies in series with its button. */
export const liftConfig = z.object({
  floors: z.array(z.object({ floor: floorNo, relay: line })).max(64),
  /** How long the buttons of the allowed floors work. */
  releaseMs: z.int().min(pulseMsMin).max(pulseMsMax).multipleOf(100),
});
export type LiftConfig = z.infer<typeof liftConfig>;

const door = z.object({
  /** The entrance that the door belongs to. */
  entrance: cloudId,
  name: z.string().max(60),
  placement,
  hardware: doorHardware,
  readers: z.array(readerConfig).max(4),
  lift: liftConfig.nullable(),
  /** How long the lock stays released after an ordinary opening. OSDP times in steps of 100 ms. */
  openMs: z.int().min(pulseMsMin).max(pulseMsMax).multipleOf(100),
  /** A door open longer than this raises `held-open`. */
  heldOpenMs: z.int().min(5_000).max(600_000),
  /** A contact that changes and changes back within this time has not moved. */
  bounceMs: z.int().min(0).max(1_000),
  schedules: z.array(modeSchedule).max(32),
  override: modeOverride.nullable(),
  /** Somebody who comes in twice without having gone out is noted, never kept out. Needs a reader on the way out. */
  antiPassback: z.boolean(),
});

/** How doors were told before version 2: everything on one OSDP device. A terminal may start with such a document on its disk. */
function fromVersion1(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || !('osdpAddress' in value)) return value;
  const { osdpAddress, lockOutput, contactInput, exitInput, fireInput, ...rest } = value as Record<string, unknown>;
  return {
    hardware: { kind: 'osdp', address: osdpAddress, lockOutput, contactInput, exitInput, fireInput },
    readers: [{ address: osdpAddress, reader: 0, side: 'entry' }],
    lift: null,
    bounceMs: 50,
    schedules: [],
    override: null,
    antiPassback: false,
    ...rest,
  };
}

/** One door (or lift) that the terminal drives. */
export const doorConfig = z.preprocess(fromVersion1, door);
export type DoorConfig = z.infer<typeof door>;
