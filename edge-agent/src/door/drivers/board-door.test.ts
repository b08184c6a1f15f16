import { beforeEach, describe, expect, it } from 'vitest';
import { benchDoor } from '../door-bench.fixture.ts';
import { BoardDoor } from './board-door.ts';
import type { OsdpDoor } from './osdp-wiring.ts';

describe('a door as its board tells it', () => {
  const hardware = { kind: 'osdp', address: 0, lockOutput: 0, contactInput: 0, exitInput: 1, fireInput: 2 } as const;
  const door: OsdpDoor = { ...benchDoor(hardware), hardware };
  const { entrance } = door;
  const [off, on] = ['inactive', 'active'] as const;
  let board: BoardDoor;
  beforeEach(() => {
    board = new BoardDoor(door);
  });

  it('knows nothing before it was told', () => {
    expect(board.status).toEqual({ released: null, open: null, fire: null, tampered: null });
  });

  it('tells how the leaf was found, and then how it moves', () => {
    expect(board.hearInputs([on, off, off])).toEqual([{ type: 'contact', entrance, open: true, isFirst: true }]);
    expect(board.hearInputs([on, off, off])).toEqual([]);
    expect(board.hearInputs([off, off, off])).toEqual([{ type: 'contact', entrance, open: false, isFirst: false }]);
  });

  it('tells how the leaf stands once more after the board was gone', () => {
    board.hearInputs([on, off, off]);
    board.lost();
    expect(board.status.open).toBeNull();
    expect(board.hearInputs([on, off, off])).toEqual([{ type: 'contact', entrance, open: true, isFirst: true }]);
  });

  it('tells a press of the exit button, not its release, and not a button that was found pressed', () => {
    expect(board.hearInputs([off, on, off])).toMatchObject([{ type: 'contact' }]);
    expect(board.hearInputs([off, off, off])).toEqual([]);
    expect(board.hearInputs([off, on, off])).toEqual([{ type: 'exit', entrance }]);
  });

  it('tells a fire that burns when the board comes up, and its end also when that was missed', () => {
    expect(board.hearInputs([off, off, on])).toContainEqual({ type: 'fire', entrance, active: true });
    board.lost();
    expect(board.hearInputs([off, off, off])).toContainEqual({ type: 'fire', entrance, active: false });
  });

  it.each(['shorted', 'cut', 'fault'] as const)(
    'takes a wire that is %s for a fault, and not for a movement',
    (state) => {
      board.hearInputs([off, off, off]);
      expect(board.hearInputs([state, off, off])).toEqual([{ type: 'fault', entrance, active: true }]);
      expect(board.status.open).toBe(false);
      expect(board.hearInputs([off, off, off])).toEqual([{ type: 'fault', entrance, active: false }]);
    },
  );

  it('takes a lock that stays shut after an acknowledged order for a fault, until it is seen to open', () => {
    expect(board.hearLock(false, true)).toEqual([{ type: 'fault', entrance, active: true }]);
    expect(board.hearLock(false)).toEqual([]);
    expect(board.hearLock(true)).toEqual([
      { type: 'lock', entrance, released: true },
      { type: 'fault', entrance, active: false },
    ]);
  });

  it('has one fault, however many reasons there are for it', () => {
    expect(board.hearRefusing(true)).toEqual([{ type: 'fault', entrance, active: true }]);
    expect(board.hearLock(false, true)).toEqual([]);
    expect(board.hearRefusing(false)).toEqual([]);
    expect(board.hearLock(true)).toContainEqual({ type: 'fault', entrance, active: false });
  });

  it('tells housing and supply only when they change', () => {
    expect(board.hearTamper(false)).toEqual([]);
    expect(board.hearTamper(true)).toEqual([{ type: 'tamper', entrance, active: true }]);
    expect(board.hearPower(true)).toEqual([{ type: 'power', entrance, failed: true }]);
    expect(board.hearPower(true)).toEqual([]);
  });

  it('has no contact where none is wired', () => {
    const bare = new BoardDoor({ ...door, hardware: { ...hardware, contactInput: null } });
    expect(bare.hearInputs([on, off, off])).toEqual([]);
    expect(bare.status.open).toBeNull();
  });
});
