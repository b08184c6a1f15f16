import { createServer, type AddressInfo } from 'node:net';

/** `wanted` if nobody listens there on loopback, else the next free port after it; with 0 any free port. */
export async function freePort(wanted: number): Promise<number> {
  for (let port = wanted; port <= wanted + 200; port += 1) {
    const got = await tryListen(port);
    if (got !== undefined) return got;
  }
  throw new Error(`no free port from ${wanted} to ${wanted + 200}`);
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
