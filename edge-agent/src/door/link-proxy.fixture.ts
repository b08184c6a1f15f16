import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';

/** A cable between a controller and its hardware (TCP) that can be cut, or carry in one direction only. */
export class LinkProxy {
  readonly #hardware: { readonly host: string; readonly port: number };
  readonly #server = createServer((socket) => this.#join(socket));
  readonly #sockets = new Set<Socket>();
  #isCut = false;
  /** What the hardware says is lost. */
  losesAnswers = false;

  /** `hardware`: `tcp://host:port`. */
  constructor(hardware: string) {
    const { hostname, port } = new URL(hardware);
    this.#hardware = { host: hostname, port: Number(port) };
  }

  /** Resolves with the controller's end, `tcp://host:port`. */
  async start(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `tcp://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    this.cut();
    this.#server.close();
    await once(this.#server, 'close');
  }

  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  restore(): void {
    this.#isCut = false;
  }

  #join(controller: Socket): void {
    if (this.#isCut) return void controller.destroy();
    const hardware = connect(this.#hardware);
    controller.setNoDelay(true);
    hardware.setNoDelay(true);
    controller.on('data', (bytes) => hardware.write(bytes));
    hardware.on('data', (bytes) => {
      if (!this.losesAnswers) controller.write(bytes);
    });
    for (const [socket, other] of [
      [controller, hardware],
      [hardware, controller],
    ] as const) {
      this.#sockets.add(socket);
      socket.on('error', () => {}); // its close follows
      socket.once('close', () => {
        this.#sockets.delete(socket);
        other.destroy();
      });
    }
  }
}
