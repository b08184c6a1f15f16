export * from './units/errors.ts';
export * from './units/ids.ts';
export * from './units/money.ts';
export * from './units/time.ts';
export * from './units/zone.ts';
