import { instant } from '@gatecast/firmware-protocol';
import { commandLifeMs, commandStates, type CommandState } from '@gatecast/firmware-protocol/messages';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { CommandKind, NewCommand } from './command-contract.ts';
import {
  afterReport,
  commandBudgets,
  commandTransitions,
  deadlineMono,
  mayOrder,
  type CommandProgress,
} from './command-rules.ts';
import { silentAfterMs } from './rules.ts';

const states = commandStates.options;
const inState = (state: CommandState): CommandProgress => ({
  state,
  reason: null,
  times: { QUEUED: instant(1), [state]: instant(5) },
});
const at = instant(9);

describe('a command', () => {
  it('goes from each state to each other one only by the table, noting the time', () => {
    const walked = states.flatMap((from) =>
      states
        .filter((to) => afterReport(inState(from), { state: to, at, reason: 'x' })?.state === to && to !== from)
        .map((to) => `${from} → ${to}`),
    );
    expect(walked).toEqual(
      [
        ...['SENT', 'RECEIVED', 'EXECUTED', 'EXPIRED', 'REFUSED', 'UNKNOWN'].map((to) => `QUEUED → ${to}`),
        ...['RECEIVED', 'EXECUTED', 'EXPIRED', 'REFUSED', 'UNKNOWN'].map((to) => `SENT → ${to}`),
        ...['EXECUTED', 'EXPIRED', 'REFUSED', 'UNKNOWN'].map((to) => `RECEIVED → ${to}`),
        ...['EXECUTED', 'REFUSED', 'UNKNOWN'].map((to) => `EXPIRED → ${to}`),
        ...['EXECUTED', 'EXPIRED', 'REFUSED'].map((to) => `UNKNOWN → ${to}`),
      ].toSorted(
        (a, b) => states.indexOf(a.split(' ')[0] as CommandState) - states.indexOf(b.split(' ')[0] as CommandState),
      ),
    );
    for (const from of states)
      for (const to of commandTransitions[from]) {
        const moved = afterReport(inState(from), { state: to, at, reason: 'x' });
        expect(moved).toEqual({ state: to, reason: 'x', times: { ...inState(from).times, [to]: at } });
      }
  });

  it('does not change when it is told the same again', () => {
    for (const state of states) expect(afterReport(inState(state), { state, at, reason: 'x' })).toBeUndefined();
  });

  it('that is over learns when it was on its way, not after its end, and stays over', () => {
    const over = inState('EXECUTED');
    expect(afterReport(over, { state: 'RECEIVED', at, reason: null })).toEqual({
      ...over,
      times: { ...over.times, RECEIVED: instant(5) },
    });
    expect(afterReport(over, { state: 'SENT', at: instant(2), reason: null })?.times.SENT).toBe(2);
  });

  it('ends alike in whatever order and however often the same reports come', () => {
    const ends = ['EXECUTED', 'REFUSED', 'UNKNOWN', 'EXPIRED'] as const;
    const reports = fc
      .constantFrom(...ends)
      .chain((end) =>
        fc.tuple(fc.constant(end), fc.shuffledSubarray(['SENT', 'RECEIVED', end, end, 'RECEIVED'] as CommandState[])),
      );
    fc.assert(
      fc.property(reports, ([end, told]) => {
        let command: CommandProgress = { state: 'QUEUED', reason: null, times: { QUEUED: instant(1) } };
        for (const [n, state] of told.entries())
          command = afterReport(command, { state, at: instant(n + 2), reason: null }) ?? command;
        const expected = told.includes(end)
          ? end
          : told.includes('RECEIVED')
            ? 'RECEIVED'
            : told.includes('SENT')
              ? 'SENT'
              : 'QUEUED';
        expect(command.state).toBe(expected);
        expect(Object.keys(command.times).toSorted()).toEqual([...new Set<string>(['QUEUED', ...told])].toSorted());
      }),
    );
  });

  it('ends ten seconds from now on the clock of the terminal', () => {
    expect(deadlineMono({ monoMs: 1_000, ageMs: 4_000 })).toBe(5_000 + commandLifeMs);
  });

  it('is not given more time because somebody moved the wall clock', () => {
    expect(deadlineMono({ monoMs: 1_000, ageMs: silentAfterMs + 1 })).toBe(1_000 + commandLifeMs);
    expect(deadlineMono({ monoMs: 1_000, ageMs: -5 })).toBe(1_000 + commandLifeMs);
  });
});

describe('who may order what', () => {
  const kinds = Object.keys(commandBudgets) as CommandKind[];
  const asked = (kind: CommandKind) => ({ kind, what: 'agent', maxKb: 1, volumePercent: 1 }) as NewCommand;
  const allowed = (role: 'operator' | 'property' | 'guard') => kinds.filter((kind) => mayOrder(role, asked(kind)));

  it('a guard opens doors and changes nothing about them', () => expect(allowed('guard')).toEqual(['open']));

  it('the property manager does everything but restart the machine, which only the operator can send somebody to', () => {
    expect(allowed('property')).toEqual(kinds);
    expect(allowed('operator')).toEqual(kinds);
    const machine = { kind: 'reboot', what: 'machine' } as const;
    expect([mayOrder('property', machine), mayOrder('guard', machine), mayOrder('operator', machine)]).toEqual([
      false,
      false,
      true,
    ]);
  });
});
