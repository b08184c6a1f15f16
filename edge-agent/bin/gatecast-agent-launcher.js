#!/usr/bin/env node
const [major, minor] = process.versions.node.split('.').map(Number);
const isOld = major < 22 || (major === 22 && minor < 22);
if (isOld) process.exit(console.error(`Gatecast needs Node 22.22 or newer; this is ${process.version}.`) ?? 1);
await import('../src/update/launcher-main.ts');
