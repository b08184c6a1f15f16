import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo, Server as TcpServer } from 'node:net';
import type { Registry } from 'prom-client';

/** `/healthz` answers while the event loop turns, `/readyz` while terminals can sign in, `/metrics` for Prometheus. */
export function createStatusServer(registry: Registry, ready: () => boolean): Server {
  const server = createServer({ requestTimeout: 5_000 }, (request, response) => {
    response.setHeader('content-type', 'text/plain; charset=utf-8');
    const path = request.method === 'GET' ? request.url : undefined;
    if (path === '/healthz') response.end('ok\n');
    else if (path === '/readyz') response.writeHead(ready() ? 200 : 503).end(ready() ? 'ready\n' : 'no keys yet\n');
    else if (path === '/metrics') {
      registry.metrics().then(
        (text) => response.setHeader('content-type', registry.contentType).end(text),
        (error: unknown) => response.destroy(error instanceof Error ? error : new Error(String(error))),
      );
    } else response.writeHead(404).end('not found\n');
  });
  return server;
}

/** Listens and answers the port, which the system picks for 0. Rejects as `listen` fails. */
export async function listen(server: TcpServer, port: number, host: string): Promise<number> {
  server.listen(port, host);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}
