import type { Admission } from './admission.ts';
import type { HardwareEvent, ReaderEvent } from './door-controller.ts';
import { alarmEntry, readerEntry } from './door-entries.ts';
import type { DoorPorts } from './door-ports.ts';
import type { Door } from './door.ts';
import type { Entry } from './entry.ts';

export interface HardwareListeners {
  readonly onHardware: (event: HardwareEvent) => void;
  readonly onReader: (event: ReaderEvent) => void;
}

export interface ListenerParts {
  readonly ports: Pick<DoorPorts, 'alarms' | 'changed' | 'write'>;
  readonly doorAt: (entrance: string) => Door | undefined;
  readonly admission: Pick<Admission, 'noteExit'>;
  readonly entry: Pick<Entry, 'press' | 'readCard' | 'readCode'>;
}

/** Brings what the hardware tells to whom it concerns. What it tells of an entrance that is no more concerns nobody. */
export function hardwareListeners(parts: ListenerParts): HardwareListeners {
  const heard =
    <E extends { readonly entrance: string }>(hear: (parts: ListenerParts, door: Door, event: E) => void) =>
    (event: E) => {
      const door = parts.doorAt(event.entrance);
      if (door) hear(parts, door, event);
    };
  return { onHardware: heard(hearHardware), onReader: heard(hearReader) };
}

function hearHardware(parts: ListenerParts, door: Door, event: HardwareEvent): void {
  const { alarms } = parts.ports;
  switch (event.type) {
    case 'contact':
      return door.hearContact(event.open, event.isFirst);
    case 'exit':
      return parts.admission.noteExit(door);
    case 'fire':
      return door.setFire(event.active);
    case 'tamper':
      return alarms.set(event.entrance, 'tamper', event.active);
    case 'power':
      return alarms.set(event.entrance, 'power', event.failed);
    case 'fault':
      return door.setFault(event.active);
    case 'online':
      return hearOnline(parts, door, event.online);
    case 'lock':
      // Whatever moved it, the rules ask who was let in, and the drivers tell of a lock that does not follow.
      return;
  }
}

/** Two alarms about moments, of which the second ends the first. */
function hearOnline({ ports }: ListenerParts, door: Door, online: boolean): void {
  const { entrance } = door.config;
  ports.write(alarmEntry({ entrance, alarm: online ? 'door-online' : 'door-offline', active: true }));
  door.setOnline(online);
}

function hearReader(parts: ListenerParts, door: Door, event: ReaderEvent): void {
  switch (event.type) {
    case 'keys':
      return parts.entry.press(door, event.side, event.keys);
    case 'card':
      return parts.entry.readCard(door, event.side, event);
    case 'qr':
      return parts.entry.readCode(door, event.side, event.text);
    case 'tamper':
      return parts.ports.alarms.set(event.entrance, 'tamper', event.active, `reader ${event.side}`);
    case 'online':
      parts.ports.alarms.set(event.entrance, 'reader-offline', !event.online, `device ${event.address}`);
      return parts.ports.changed();
    case 'wire':
      return hearWire(parts.ports, event);
  }
}

function hearWire(
  { alarms, changed, write }: ListenerParts['ports'],
  event: Extract<ReaderEvent, { type: 'wire' }>,
): void {
  const { entrance, address, state, reason } = event;
  write(readerEntry({ entrance, address, state, reason }));
  if (state !== 'pairing-failed') alarms.set(entrance, 'reader-insecure', state === 'insecure', `device ${address}`);
  changed();
}
