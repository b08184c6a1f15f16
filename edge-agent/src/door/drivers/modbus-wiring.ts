import type { RelayBoardWiring } from '@gatecast/firmware-protocol';
import type { DoorConfig, DoorHardwareConfig } from '@gatecast/firmware-protocol/messages';

/** A door or lift whose lock hangs on a relay board. */
export type ModbusDoor = Omit<DoorConfig, 'hardware'> & {
  readonly hardware: Extract<DoorHardwareConfig, { readonly kind: 'modbus' }>;
};

/** Which doors hang on which relay boards of one Modbus line. */
export class ModbusWiring {
  /** Those that may be driven. */
  readonly doors: readonly ModbusDoor[];
  /** A relay that is switched on and off by this program stays on when this program dies: only an installer may want that. */
  readonly refused: readonly ModbusDoor[];
  readonly boards: readonly RelayBoardWiring[];
  readonly #byEntrance: ReadonlyMap<string, ModbusDoor>;
  readonly #byUnit: ReadonlyMap<number, readonly ModbusDoor[]>;

  /** Doors on other hardware are left out. */
  constructor(doors: readonly DoorConfig[]) {
    const own = doors.filter((door): door is DoorConfig & ModbusDoor => door.hardware.kind === 'modbus');
    const plain = new Set(own.filter(({ hardware }) => !hardware.flashOn).map(({ hardware }) => hardware.unit));
    const mayDrive = ({ hardware }: ModbusDoor) => hardware.untimedRelay || !plain.has(hardware.unit);
    this.doors = own.filter(mayDrive);
    this.refused = own.filter((door) => !mayDrive(door));
    this.#byEntrance = new Map(this.doors.map((door) => [door.entrance, door]));
    const units = new Set(this.doors.map(({ hardware }) => hardware.unit));
    this.#byUnit = new Map([...units].map((unit) => [unit, this.doors.filter((door) => door.hardware.unit === unit)]));
    this.boards = [...this.#byUnit].map(([unit, doorsOfUnit]) => ({
      unit,
      relays: 1 + Math.max(...doorsOfUnit.flatMap(relaysOf)),
      inputs: 1 + Math.max(-1, ...doorsOfUnit.flatMap(inputsOf)),
      flashOn: !plain.has(unit),
    }));
  }

  door(entrance: string): ModbusDoor | undefined {
    return this.#byEntrance.get(entrance);
  }

  doorsAt(unit: number): readonly ModbusDoor[] {
    return this.#byUnit.get(unit) ?? [];
  }
}

const relaysOf = ({ hardware, lift }: ModbusDoor) => [
  hardware.lockRelay,
  ...(lift?.floors ?? []).map(({ relay }) => relay),
];
const inputsOf = ({ hardware: { contactInput, exitInput, fireInput } }: ModbusDoor) =>
  [contactInput, exitInput, fireInput].flatMap((input) => input ?? []);
