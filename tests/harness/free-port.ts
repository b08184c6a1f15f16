import { createServer, type AddressInfo } from 'node:net';

/** Wider than any program's ports lie apart: two of them that move on never meet on one. */
const stride = 50;
const triesMax = 40;

/**
 * `wanted` if nobody listens there on loopback, else the next free one in steps of 50; with 0 any free port.
 * Programs of one neighbourhood choose before they listen, so their choices must not meet either.
 */
export async function freePort(wanted: number): Promise<number> {
  for (let port = wanted; port < wanted + stride * triesMax; port += stride) {
    const got = await tryListen(port);
    if (got !== undefined) return got;
  }
  throw new Error(`no free port from ${wanted} to ${wanted + stride * triesMax}`);
}

function tryListen(port: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(undefined);
      else reject(error);
    });
    server.listen(port, '127.0.0.1', () => {
      const address = server.address() as AddressInfo;
      server.close(() => resolve(address.port));
    });
  });
}
