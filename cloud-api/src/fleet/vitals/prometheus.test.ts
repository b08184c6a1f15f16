import { expect, it } from 'vitest';
import { perSecond, readPrometheus, total } from './prometheus.ts';

const page = `# HELP gatecast_broker_refusals_total Turned away
# TYPE gatecast_broker_refusals_total counter
gatecast_broker_refusals_total{code="bad-token"} 3
gatecast_broker_refusals_total{code="says \\"no\\"",kind="x"} 4
gatecast_broker_connections 1200
process_start_time_seconds 1.7e9 1770000000000
broken{ 7
nan_is_none NaN
`;

it('reads a page of figures and passes over what is none', () => {
  const samples = readPrometheus(page);
  expect(samples.map(({ name }) => name)).toEqual([
    'gatecast_broker_refusals_total',
    'gatecast_broker_refusals_total',
    'gatecast_broker_connections',
    'process_start_time_seconds',
  ]);
  expect(samples[1]?.labels).toEqual({ code: 'says "no"', kind: 'x' });
  expect(total(samples, 'gatecast_broker_refusals_total')).toBe(7);
  expect(total(samples, 'nobody')).toBe(0);
});

it('tells rates, also of a program that was started anew', () => {
  expect(perSecond(100, 150, 10_000)).toBe(5);
  expect(perSecond(100, 20, 10_000)).toBe(2);
  expect(perSecond(0, 5, 0)).toBe(0);
});
