import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { Aedes } from 'aedes';

/** Aedes as its own first page shows it: no guard, no hook. */
const aedes = await Aedes.createBroker();
const server = createServer(aedes.handle);
server.listen(0, '127.0.0.1');
await once(server, 'listening');
console.log(JSON.stringify({ mqttPort: (server.address() as AddressInfo).port }));
process.stdin.resume().once('end', () => process.exit(0));
