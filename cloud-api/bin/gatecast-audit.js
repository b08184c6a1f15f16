#!/usr/bin/env node
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 22)) {
  console.error(`Gatecast needs Node 22.22 or newer; this is ${process.version}.`);
  process.exit(1);
}
await import('../src/journal-audit/main.ts');
