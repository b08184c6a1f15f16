import { Store } from '../store/store.ts';

/** A program that appends to the journal in the folder it is given, some rows at once, and prints each sequence that is on the disk. */
const store = new Store({ dataDir: process.argv[2] ?? '' });
await store.start();
await store.beginRun();
const append = async (): Promise<void> => {
  for (;;) {
    const { seq } = await store.append({
      stream: 'door',
      kind: 'contact',
      body: { open: true },
      privateData: { credential: 'somebody' },
      wallMs: 1,
      monoMs: 1,
      boot: 'boot',
      clock: 'synced',
    });
    process.stdout.write(`${seq}\n`);
  }
};
await Promise.all(Array.from({ length: 8 }, append));
