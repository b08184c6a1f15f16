import { COIL_OFF, COIL_ON } from './codes.ts';
import type { ModbusRequest } from './requests.ts';
import type { MasterUnit, UnitPoll } from './unit-link.ts';

/** Relay n times a pulse by itself when function 05 goes to this address plus n, value × 100 ms (Waveshare, Modbus RTU Relay: « flash on »). */
export const FLASH_ON_ADDRESS = 0x0200;
export const FLASH_STEP_MS = 100;
const FLASH_STEPS_MAX = 0x7fff;

/** What the inputs say is heard within this when nobody is there: exit button, contact, fire. */
const INPUTS_EVERY_MS = 100;
/** While somebody is at the door: as fast as most wires go. */
const INPUTS_BUSY_EVERY_MS = 20;
const RELAYS_EVERY_MS = 500;
const RELAYS_BUSY_EVERY_MS = 100;

/** What is wired to one relay board. */
export interface RelayBoardWiring {
  /** 1..247, by its DIP switches. */
  readonly unit: number;
  /** Relays in use, counted from relay 0. */
  readonly relays: number;
  /** Inputs in use, counted from input 0; 0 when none are. */
  readonly inputs: number;
  /** Whether the board times pulses by itself. One that cannot is switched off as a whole whenever it comes up. */
  readonly flashOn: boolean;
}

/** The board as a unit of the master: what it is polled for, and how it is greeted. */
export function relayBoardUnit({ unit, relays, inputs, flashOn }: RelayBoardWiring): MasterUnit {
  const readRelays: UnitPoll = {
    request: { kind: 'readCoils', start: 0, count: relays },
    everyMs: RELAYS_EVERY_MS,
    busyEveryMs: RELAYS_BUSY_EVERY_MS,
  };
  const readInputs: UnitPoll = {
    request: { kind: 'readInputs', start: 0, count: inputs },
    everyMs: INPUTS_EVERY_MS,
    busyEveryMs: INPUTS_BUSY_EVERY_MS,
  };
  return {
    unit,
    polls: inputs === 0 ? [readRelays] : [readInputs, readRelays],
    ...(!flashOn && { greeting: allOff(relays) }),
  };
}

/** The relay is on for `durationMs`, rounded up to 100 ms, timed by the board. Throws RangeError above 54 minutes. */
export function flashOn(relay: number, durationMs: number): ModbusRequest {
  const value = Math.max(1, Math.ceil(durationMs / FLASH_STEP_MS));
  if (!(value <= FLASH_STEPS_MAX)) {
    throw new RangeError(`a board cannot time ${durationMs} ms`);
  }
  return { kind: 'writeCoil', address: FLASH_ON_ADDRESS + relay, value };
}

export function switchRelay(relay: number, isOn: boolean): ModbusRequest {
  return { kind: 'writeCoil', address: relay, value: isOn ? COIL_ON : COIL_OFF };
}

/** Sets relays `start` and following, all in one frame. */
export function switchRelays(start: number, values: readonly boolean[]): ModbusRequest {
  return { kind: 'writeCoils', start, values };
}

/** Relays 0 to `relays` − 1 fall off. */
export function allOff(relays: number): ModbusRequest {
  return switchRelays(0, Array<boolean>(relays).fill(false));
}
