import { describe, expect, it } from 'vitest';
import { isTrivialPin } from './rules.ts';

describe('a PIN', () => {
  it.each(['000000', '123456', '987654', '890123', '121212', '123123', '12341234', '520131', '1111111'])(
    '%s is what a stranger would try',
    (pin) => expect(isTrivialPin(pin)).toBe(true),
  );
  it.each(['274916', '805213', '4471926', '13579024'])('%s will do', (pin) => expect(isTrivialPin(pin)).toBe(false));
});
