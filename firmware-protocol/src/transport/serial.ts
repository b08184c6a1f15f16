import type * as Serialport from 'serialport';
import { DomainError } from '../units/errors.ts';
import type { ByteLink, LinkFactory } from './link.ts';

/** The package could not be loaded; the port is not there, taken, or not for us. */
export type SerialErrorCode = 'no-serialport' | 'serial-port-unavailable';

/**
 * Links to a serial port, 8N1, through the optional package `serialport`, which is loaded with the first link. A new port object
 * each time, because one that saw its adapter unplugged opens again but carries nothing. Whether a port is open says little:
 * an unplugged one may look open for long, so what counts is whether anything answers.
 * A link is refused with DomainError `no-serialport` or `serial-port-unavailable`.
 */
export function serialLink(path: string, baud: number): LinkFactory {
  return async () => {
    const { SerialPort } = await loadSerialport();
    const port = new SerialPort({ path, baudRate: baud, autoOpen: false });
    await new Promise<void>((resolve, reject) =>
      port.open((error) => (error ? reject(unavailable(path, error)) : resolve())),
    );
    return new SerialLink(port);
  };
}

/** What the package says begins with « Error: » once more. */
function unavailable(path: string, cause: Error): DomainError<SerialErrorCode> {
  const message = `The serial port cannot be opened: ${cause.message.replace(/^Error: /, '')}`;
  return new DomainError('serial-port-unavailable', message, { path }, { cause });
}

async function loadSerialport(): Promise<typeof Serialport> {
  try {
    return await import('serialport');
  } catch (error) {
    const message = 'Serial ports need the package "serialport", which is not installed: npm install serialport@13';
    throw new DomainError<SerialErrorCode>('no-serialport', message, {}, { cause: error });
  }
}

class SerialLink implements ByteLink {
  readonly #port: Serialport.SerialPort;
  #error: Error | undefined;
  #isClosed = false;
  #onClose: (error: Error | undefined) => void = () => {};

  constructor(port: Serialport.SerialPort) {
    this.#port = port;
    port.on('error', (error: Error) => {
      this.#error ??= error;
      this.close();
    });
    // Told twice by some breaks, and once with the error instead of before it.
    port.on('close', (error: Error | null | undefined) => {
      this.#error ??= error ?? undefined;
      this.#end();
    });
  }

  write(bytes: Uint8Array): void {
    if (!this.#isClosed) {
      this.#port.write(bytes);
    }
  }

  onData(listener: (bytes: Uint8Array) => void): void {
    this.#port.removeAllListeners('data');
    this.#port.on('data', listener);
  }

  onClose(listener: (error: Error | undefined) => void): void {
    this.#onClose = listener;
    if (this.#isClosed) {
      queueMicrotask(() => listener(this.#error));
    }
  }

  close(): void {
    if (this.#port.isOpen) {
      this.#port.close((error) => {
        this.#error ??= error ?? undefined;
        this.#end();
      });
    } else {
      queueMicrotask(() => this.#end());
    }
  }

  #end(): void {
    if (!this.#isClosed) {
      this.#isClosed = true;
      this.#onClose(this.#error);
    }
  }
}
