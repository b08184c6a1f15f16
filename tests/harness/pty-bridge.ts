import { write } from 'node:fs';
import { createRequire } from 'node:module';
import { connect } from 'node:net';
import { ReadStream } from 'node:tty';

/*
 * A program of its own: makes a pseudo-terminal, joins it to a TCP port, and prints the device's name. What opens the device believes that it
 * has a serial port. Started detached, so that the terminal never becomes the one that controls whoever runs the tests.
 */

interface OpenedPty {
  readonly master: number;
  readonly slave: number;
  readonly pty: string;
}

/** The addon inside node-pty: the package's own wrapper reads the device itself, which is what the agent is to do. */
interface Native {
  open(columns: number, rows: number): OpenedPty;
}

const addon: unknown = createRequire(import.meta.url)(`@lydell/node-pty-${process.platform}-${process.arch}/pty.node`);
const { master, pty } = (addon as Native).open(80, 24);
const socket = connect(Number(process.argv[2]), '127.0.0.1');
const fromPty = new ReadStream(master);
fromPty.on('data', (bytes: Buffer) => socket.write(bytes));
// Without a program at the other end the device reads as an error; it is whole again as soon as one opens it.
fromPty.on('error', () => undefined);
socket.on('data', (bytes: Buffer) =>
  write(master, bytes, (error) => {
    if (error) throw error;
  }),
);
socket.on('close', () => process.exit(0));
process.stdin.on('end', () => process.exit(0)).resume();
console.log(JSON.stringify({ ready: true, device: pty }));
