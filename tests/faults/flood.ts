import { connect, type Socket } from 'node:net';

const lines = 120;
const bytesPouring = 3_000_000;
/** CONNECT with the longest remaining length that there is, 256 MB: whoever believes it takes memory for it before anybody has signed in. */
const greedyConnect = Buffer.from([0x10, 0xff, 0xff, 0xff, 0x7f]);

/** Opens so many connections to a broker at once, half of which say nothing and half of which send 180 MB together. Returns how it ends. */
export function flood(brokerUrl: string): () => void {
  const { hostname, port } = new URL(brokerUrl);
  const sockets = Array.from({ length: lines }, (_, index) => {
    const socket = connect({ host: hostname, port: Number(port) });
    socket.on('error', () => undefined); // the broker ends it, which it should
    if (index % 2 === 0) socket.once('connect', () => pour(socket));
    return socket;
  });
  return () => {
    for (const socket of sockets) socket.destroy();
  };
}

function pour(socket: Socket): void {
  const piece = Buffer.alloc(65_536);
  socket.write(greedyConnect);
  const more = () => {
    while (!socket.destroyed && socket.bytesWritten + socket.writableLength < bytesPouring) {
      if (!socket.write(piece)) return;
    }
  };
  socket.on('drain', more);
  more();
}
