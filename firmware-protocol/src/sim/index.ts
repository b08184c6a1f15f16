export * from './door-hardware.ts';
export * from './door-station.ts';
export * from './http-server.ts';
export * from './line-faults.ts';
export * from './wiegand.ts';
