import { expect, test } from 'vitest';
import { orderSteps } from './order-steps.ts';

const states = (status: Parameters<typeof orderSteps>[0]) => orderSteps(status).map((step) => step.state);

test('a paid order waits for its group', () => {
  expect(states('paid')).toEqual(['done', 'done', 'now', 'ahead']);
});

test('with a full group only the pick-up is left', () => {
  expect(states('ready')).toEqual(['done', 'done', 'done', 'now']);
});

test('a fetched order has every step behind it', () => {
  expect(states('picked-up')).toEqual(['done', 'done', 'done', 'done']);
});

test('an order that ran out of time stops before the payment', () => {
  expect(states('expired')).toEqual(['done', 'stopped', 'ahead', 'ahead']);
});

test('a refund stops the way after the payment', () => {
  expect(states('refunding')).toEqual(['done', 'done', 'stopped', 'ahead']);
});
