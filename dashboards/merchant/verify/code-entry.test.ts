import { expect, test } from 'vitest';
import { codeIn, codeKeyOf, typed, type CodeKey } from './code-entry.ts';

const digit = (value: string): CodeKey => ({ kind: 'digit', digit: value });

test('a ninth digit is not taken', () => {
  expect(typed('1234567', digit('8'))).toBe('12345678');
  expect(typed('12345678', digit('9'))).toBe('12345678');
});

test('one digit or all of them can be taken back', () => {
  expect(typed('123', { kind: 'erase' })).toBe('12');
  expect(typed('', { kind: 'erase' })).toBe('');
  expect(typed('123', { kind: 'clear' })).toBe('');
});

test('a keyboard works like the keypad, and other keys do nothing', () => {
  expect(codeKeyOf('7')).toEqual(digit('7'));
  expect(codeKeyOf('Backspace')).toEqual({ kind: 'erase' });
  expect(codeKeyOf('Escape')).toEqual({ kind: 'clear' });
  expect(codeKeyOf('F7')).toBeNull();
});

test('a code can be pasted with its gap', () => {
  expect(codeIn('2048 7713')).toBe('20487713');
  expect(codeIn('2048')).toBeNull();
});
