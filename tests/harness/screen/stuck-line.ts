import { once } from 'node:events';
import { createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface StuckLine {
  /** The kiosk's URL by way of this line. */
  readonly url: string;
  stop(): Promise<void>;
}

/**
 * A line between the page and its agent on which one file comes to a halt in the middle, as from a card that no longer gives its bytes back: the connection
 * stays open and nothing more comes, however often it is asked for.
 */
export async function openStuckLine(
  kiosk: string,
  { path, bytes }: { path: string; bytes: number },
): Promise<StuckLine> {
  const agent = new URL(kiosk);
  const server = createServer((from, to) => pass(agent, from, to, from.url?.startsWith(path) ? bytes : Infinity));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(kiosk);
  url.port = String((server.address() as AddressInfo).port);
  return {
    url: url.href,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** As far as byte `end` of the file. */
function pass(agent: URL, from: IncomingMessage, to: ServerResponse, end: number): void {
  const { method, headers } = from;
  // The agent answers nobody who calls it by another name.
  const own = { ...headers, host: agent.host, ...(headers.origin && { origin: agent.origin }) };
  const onward = ask({ host: agent.hostname, port: agent.port, path: from.url, method, headers: own }, (answer) => {
    to.writeHead(answer.statusCode ?? 502, answer.headers);
    to.flushHeaders();
    let at = Number(/^bytes (\d+)-/.exec(answer.headers['content-range'] ?? '')?.[1] ?? 0);
    answer.on('data', (piece: Buffer) => {
      if (at < end) to.write(piece.subarray(0, end - at));
      at += piece.length;
    });
    answer.on('end', () => {
      if (at <= end) to.end();
    });
    answer.on('error', () => to.destroy());
  });
  onward.on('error', () => to.destroy());
  to.on('close', () => onward.destroy());
  from.pipe(onward);
}
