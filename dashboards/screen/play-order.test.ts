import { describe, expect, it } from 'vitest';
import { PlayOrder } from './play-order.ts';

let made = 0;
const turn = (clip: string, after: string | null = null) => ({
  decision: { decision: `dec_${(made += 1)}`, clip, after },
});
type Turn = ReturnType<typeof turn>;

describe('what is on the screen', () => {
  it('is the ambient clip over and over, until the next one has its turn at the end', () => {
    const order = new PlayOrder<Turn>();
    const [first, second] = [turn('a'), turn('b')];
    expect(order.setAmbient(first)).toEqual([]);
    expect(order.advance()).toEqual([]);
    expect(order.current).toBe(first);
    expect(order.setAmbient(second)).toEqual([]);
    expect([order.current, order.following]).toEqual([first, second]);
    expect(order.advance()).toEqual([first]);
    expect([order.current, order.following]).toEqual([second, second]);
  });

  it('goes on with the same clip under a new decision, without waiting for its end', () => {
    const order = new PlayOrder<Turn>();
    const [first, again] = [turn('a'), turn('a')];
    order.setAmbient(first);
    expect(order.setAmbient(again)).toEqual([first]);
    expect(order.current).toBe(again);
  });

  it('never was one that another overtook while it waited', () => {
    const order = new PlayOrder<Turn>();
    const [first, second, third] = [turn('a'), turn('b'), turn('c')];
    order.setAmbient(first);
    order.setAmbient(second);
    expect(order.setAmbient(third)).toEqual([second]);
    expect(order.current).toBe(first);
    expect(order.advance()).toEqual([first]);
    expect(order.current).toBe(third);
  });

  it('is at once what is meant for somebody at the door, then the ambient clip', () => {
    const order = new PlayOrder<Turn>();
    const [ambient, touch] = [turn('a'), turn('t')];
    order.setAmbient(ambient);
    expect(order.show(touch)).toEqual([]);
    expect(order.show(touch)).toEqual([]);
    expect([order.current, order.following, order.isTouch]).toEqual([touch, ambient, true]);
    expect(order.advance()).toEqual([touch]);
    expect([order.current, order.isTouch]).toEqual([ambient, false]);
  });

  it('is one clip after the other while they wait, and the next person replaces them all', () => {
    const order = new PlayOrder<Turn>();
    const first = turn('t');
    const second = turn('u', first.decision.decision);
    const third = turn('v', second.decision.decision);
    order.show(first);
    expect(order.show(second)).toEqual([]);
    expect(order.show(third)).toEqual([]);
    expect(order.advance()).toEqual([first]);
    expect([order.current, order.following]).toEqual([second, third]);
    const other = turn('w');
    expect(order.show(other)).toEqual([second, third]);
    expect(order.current).toBe(other);
  });

  it('is shown at once if what it follows is not there any more', () => {
    const order = new PlayOrder<Turn>();
    const late = turn('u', 'dec_gone');
    order.setAmbient(turn('a'));
    order.show(late);
    expect(order.current).toBe(late);
  });

  it('is nothing once all of it was dropped', () => {
    const order = new PlayOrder<Turn>();
    const [ambient, next, touch] = [turn('a'), turn('b'), turn('t')];
    order.setAmbient(ambient);
    order.setAmbient(next);
    order.show(touch);
    order.drop(touch);
    expect(order.current).toBe(next);
    order.drop(next);
    expect([order.current, order.following, order.all]).toEqual([undefined, undefined, []]);
  });

  it('changes at once where the house wants none', () => {
    const order = new PlayOrder<Turn>();
    const ambient = turn('a');
    order.setAmbient(ambient);
    expect(order.setAmbient(undefined)).toEqual([ambient]);
    expect(order.current).toBeUndefined();
  });
});
