const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 22 || (major === 22 && minor < 22))
  throw new Error(`Gatecast needs Node 22.22 or newer, this is ${process.version}`);
await import('./bench.ts');
