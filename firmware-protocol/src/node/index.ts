export * from './clock-file.ts';
export * from './hash-chain.ts';
export * from './parent-watch.ts';
export * from './seal.ts';
export * from './sign.ts';
