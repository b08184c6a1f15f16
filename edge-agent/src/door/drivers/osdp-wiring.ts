import type { DoorConfig, DoorHardwareConfig, ReaderConfig } from '@gatecast/firmware-protocol/messages';

/** A door whose lock hangs on an output of an OSDP device. */
export type OsdpDoor = Omit<DoorConfig, 'hardware'> & {
  readonly hardware: Extract<DoorHardwareConfig, { readonly kind: 'osdp' }>;
};
export type WiredReader = ReaderConfig & { readonly entrance: string };

/** What hangs on the OSDP bus: boards with locks and wires, and the readers of every door, whatever drives its lock. */
export class OsdpWiring {
  readonly doors: readonly OsdpDoor[];
  readonly readers: readonly WiredReader[];

  constructor(doors: readonly DoorConfig[]) {
    this.doors = doors.filter((door): door is DoorConfig & OsdpDoor => door.hardware.kind === 'osdp');
    this.readers = doors.flatMap(({ entrance, readers }) => readers.map((reader) => ({ ...reader, entrance })));
  }

  /** Each device once: a board with a reader on it has one address. */
  get addresses(): number[] {
    return [...new Set([...this.doors.map(({ hardware }) => hardware.address), ...this.readers.map((r) => r.address)])];
  }

  door(entrance: string): OsdpDoor | undefined {
    return this.doors.find((door) => door.entrance === entrance);
  }

  doorsAt(address: number): readonly OsdpDoor[] {
    return this.doors.filter(({ hardware }) => hardware.address === address);
  }

  readersAt(address: number): readonly WiredReader[] {
    return this.readers.filter((reader) => reader.address === address);
  }

  readersOf(entrance: string): readonly WiredReader[] {
    return this.readers.filter((reader) => reader.entrance === entrance);
  }

  addressesOf(entrance: string): number[] {
    const board = this.door(entrance)?.hardware.address;
    const readers = this.readersOf(entrance).map(({ address }) => address);
    return [...new Set(board === undefined ? readers : [board, ...readers])];
  }

  /** The entrances that a device belongs to, and on which side of them it is: a board without a reader counts as one on the way in. */
  placesOf(address: number): readonly { readonly entrance: string; readonly side: 'entry' | 'exit' }[] {
    const readers = this.readersAt(address);
    const boards = this.doorsAt(address).filter(
      ({ entrance }) => !readers.some((reader) => reader.entrance === entrance),
    );
    return [
      ...readers.map(({ entrance, side }) => ({ entrance, side })),
      ...boards.map(({ entrance }) => ({ entrance, side: 'entry' as const })),
    ];
  }
}
