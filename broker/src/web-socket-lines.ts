import type { IncomingMessage, Server as HttpServer } from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { createWebSocketStream, WebSocketServer, type WebSocket } from 'ws';
import type { Caller } from './admission.ts';
import type { GuardedConnection } from './guarded-connection.ts';
import type { Limits } from './limits.ts';
import type { RefusalCode } from './refusal.ts';

export interface WebSocketParts {
  readonly limits: Limits;
  /** Origins whose pages may connect; programs that name none always may. */
  readonly origins: readonly string[];
  readonly callerOf: (socket: Socket, forwardedFor: string | undefined) => Caller;
  /** Whether a caller may have one more line; tells of it if not. */
  readonly mayCall: (socket: Socket, caller: Caller) => boolean;
  readonly take: (stream: Duplex, socket: Socket, caller: Caller) => GuardedConnection;
  readonly refused: (code: RefusalCode, facts: object) => void;
}

/** What an HTTP server for WebSockets may take in before the upgrade. */
export const upgradeOptions = { maxHeaderSize: 8_192 };

/** MQTT over WebSocket (MQTT 3.1.1, clause 6) on an HTTP server: `ws://host:port/mqtt`, subprotocol `mqtt`, binary frames. */
export function carryMqtt(http: HttpServer, parts: WebSocketParts): void {
  const sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    autoPong: false, // see `begin`
    maxPayload: parts.limits.frameBytes,
    handleProtocols: () => 'mqtt',
  });
  http.on('request', (_request, response) => {
    response.writeHead(426, { connection: 'close', upgrade: 'websocket' }).end('MQTT over WebSocket only\n');
  });
  http.on('upgrade', (request, socket, head) => {
    socket.on('error', lineBroke);
    const caller = parts.callerOf(request.socket, forwardedFor(request));
    const answer = (status: string) => socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
    const refusal = upgradeRefusal(request, parts.origins);
    if (refusal) {
      parts.refused(refusal.code, { address: caller, origin: request.headers.origin });
      answer(refusal.status);
    } else if (!parts.mayCall(request.socket, caller)) answer('429 Too Many Requests');
    else sockets.handleUpgrade(request, socket, head, (webSocket) => begin(webSocket, request.socket, caller, parts));
  });
}

/** Node's HTTP server takes its own listener away before an upgrade, and an error that nobody hears ends the program. */
const lineBroke = (): void => undefined;

/** What proxies write of where a request comes from, nearest last. */
const forwardedFor = ({ headers }: IncomingMessage): string | undefined => headers['x-forwarded-for']?.toString();

/** A page may connect if its origin is listed: a browser sends the cookies and the network position of whoever looks at any page. */
function upgradeRefusal(
  { headers, url }: IncomingMessage,
  origins: readonly string[],
): { readonly code: RefusalCode; readonly status: string } | undefined {
  if (headers.origin !== undefined && !origins.includes(headers.origin)) {
    return { code: 'foreign-origin', status: '403 Forbidden' };
  }
  const protocols = (headers['sec-websocket-protocol'] ?? '').split(',').map((name) => name.trim());
  const isMqtt = protocols.includes('mqtt') && (url === '/mqtt' || url === '/');
  return isMqtt ? undefined : { code: 'not-mqtt', status: '400 Bad Request' };
}

function begin(webSocket: WebSocket, socket: Socket, caller: Caller, { take, limits }: WebSocketParts): void {
  let connection: GuardedConnection | undefined;
  // Before the stream's own listener: text is no MQTT (clause 6.0.0-1).
  webSocket.on('message', (_data, isBinary) => {
    if (!isBinary) connection?.cut('text-frame');
  });
  const taken = take(streamOf(webSocket), socket, caller);
  connection = taken;
  // Pongs gather where nobody looks when the other side doesn't read; so pings count as packets do.
  webSocket.on('ping', (data) => {
    if (taken.mayPing(socket.writableLength)) webSocket.pong(data);
  });
  // `ws` gathers a whole message before it hands it on, so a stranger's bytes are counted before they reach it.
  let bytes = 0;
  const count = (chunk: Buffer): void => {
    if (taken.session) socket.off('data', count);
    else if ((bytes += chunk.length) > 2 * limits.bytesBeforeConnect) taken.cut('too-much-before-connect');
  };
  socket.prependListener('data', count);
}

/** A packet is written in pieces between `cork` and `uncork`; without this each of them would be a message of its own. */
function streamOf(webSocket: WebSocket): Duplex {
  const stream = createWebSocketStream(webSocket);
  stream._writev = (pieces, done) => {
    const chunks = pieces.map(({ chunk }) => chunk as Buffer); // aedes writes buffers, and the stream makes any other
    stream._write(Buffer.concat(chunks), 'binary', done);
  };
  return stream;
}
