import type { DoorSetup } from '@gatecast/cloud-api/client';

export type Hardware = DoorSetup['hardware'];
export type HardwareOf<K extends Hardware['kind']> = Extract<Hardware, { kind: K }>;

/** What a fresh choice of hardware starts with. The relay is spoken to as Tasmota firmware is. */
export const hardwareDefault: { readonly [K in Hardware['kind']]: HardwareOf<K> } = {
  osdp: { kind: 'osdp', address: 0, lockOutput: 0, contactInput: 0, exitInput: 1, fireInput: 2 },
  modbus: {
    kind: 'modbus',
    unit: 1,
    lockRelay: 0,
    flashOn: true,
    untimedRelay: false,
    contactInput: 0,
    exitInput: 1,
    fireInput: 2,
  },
  mqtt: {
    kind: 'mqtt',
    commandTopic: 'cmnd/door/Backlog',
    openPayload: 'PulseTime1 {tenths}; Power1 ON',
    securePayload: 'Power1 OFF',
    stateTopic: 'stat/door/POWER1',
    releasedState: 'ON',
    securedState: 'OFF',
    untimedRelay: false,
    contact: null,
    availability: { topic: 'tele/door/LWT', online: 'Online', offline: 'Offline' },
  },
};

/** An exact MQTT topic as the terminal takes it, for an input's `pattern`: printable ASCII without wildcards, no `$` in front. */
export const topicPattern = '[ -"%-*,-~][ -"$-*,-~]*';

/** An order that says how long the lock is released lets the relay end the pulse by itself. */
export const timesItself = (hardware: Hardware): boolean =>
  hardware.kind === 'osdp' ||
  (hardware.kind === 'modbus' ? hardware.flashOn : /\{(ms|tenths|s)\}/.test(hardware.openPayload));
