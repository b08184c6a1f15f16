// Plain JavaScript: a thread that strips types first takes 10 MB for it.
import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';

/** `Watchdog` is the only one to start this file. */
const { beats, looksMax, everyMs } = workerData;
const stderr = 2;

let seen = Atomics.load(beats, 0);
let looksInVain = 0;

// Looks are counted, not milliseconds: while the whole program was stopped or the machine slept, this thread was too.
setInterval(() => {
  const now = Atomics.load(beats, 0);
  looksInVain = now === seen ? looksInVain + 1 : 0;
  seen = now;
  if (looksInVain < looksMax) return;
  const line = { level: 60, program: 'broker', code: 'loop-hangs', msg: 'the event loop hangs; ending the program' };
  writeSync(stderr, `${JSON.stringify({ ...line, time: Date.now() })}\n`);
  process.kill(process.pid, 'SIGKILL');
}, everyMs);
