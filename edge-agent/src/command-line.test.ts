import { describe, expect, it } from 'vitest';
import { readCommandLine } from './command-line.ts';

describe('gatecast-agent', () => {
  it.each([
    [[], { command: 'run', config: undefined }],
    [['--config', '/etc/x.env'], { command: 'run', config: '/etc/x.env' }],
    [['doctor'], { command: 'doctor', config: undefined, json: false }],
    [['doctor', '--json', '--config', 'x'], { command: 'doctor', config: 'x', json: true }],
    [['--version'], { command: 'version' }],
    [['-h'], { command: 'help' }],
  ])('%j is understood', (args, meant) => {
    expect(readCommandLine(args)).toEqual(meant);
  });

  it.each([[['docter']], [['doctor', 'twice']], [['--colour']], [['--json']], [['--config']]])('%j is not', (args) => {
    expect(() => readCommandLine(args)).toThrow(/usage: gatecast-agent/);
  });
});
