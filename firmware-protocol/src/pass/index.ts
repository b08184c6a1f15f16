export * from './card.ts';
export * from './pass-code.ts';
export * from './phone-code.ts';
export * from './signed-pass.ts';
