import { describe, expect, it } from 'vitest';
import { isTimedPayload, timedPayload } from './mqtt-payload.ts';

describe('the payload that opens a networked relay', () => {
  it('tells the relay how long, in its own unit', () => {
    expect(timedPayload('open {ms}', 3_000)).toBe('open 3000');
    expect(timedPayload('Delay {tenths}', 3_050)).toBe('Delay 31');
    expect(timedPayload('{"id":1,"on":true,"toggle_after":{s}}', 3_100)).toBe('{"id":1,"on":true,"toggle_after":4}');
  });

  it('is timed by the relay only when it says how long', () => {
    expect(isTimedPayload('{"turn":"on","timer":{s}}')).toBe(true);
    expect(isTimedPayload('{"turn":"on"}')).toBe(false);
  });

  it('leaves alone what is no placeholder', () => {
    expect(timedPayload('ON {seconds}', 500)).toBe('ON {seconds}');
  });
});
