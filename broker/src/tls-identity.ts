import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createSecureContext, type Server, type TlsOptions } from 'node:tls';
import { DomainError, type Clock } from '@gatecast/firmware-protocol';
import type { Logger } from 'pino';
import type { Limits } from './limits.ts';
import type { Metrics } from './metrics.ts';
import { TicketKeys, ticketKeyLifeMs } from './ticket-keys.ts';

export interface TlsFiles {
  /** PEM, with the certificates between it and the root behind it. */
  readonly certFile: string;
  readonly keyFile: string;
}

export interface TlsIdentityParts {
  readonly files: TlsFiles;
  readonly dataDir: string;
  readonly clock: Clock;
  readonly limits: Limits;
  readonly log: Logger;
  readonly metrics: Metrics;
}

interface Pair {
  readonly cert: Buffer;
  readonly key: Buffer;
}

/** Certificate, key and ticket keys of the listeners, taken anew when their files change; open connections stay as they are. */
export class TlsIdentity {
  readonly #parts: TlsIdentityParts;
  readonly #ticketKeys: TicketKeys;
  readonly #servers: Server[] = [];
  #pair: Pair | undefined;
  #looking: NodeJS.Timeout | undefined;
  #look: Promise<void> = Promise.resolve();
  #fault: string | undefined;

  constructor(parts: TlsIdentityParts) {
    this.#parts = parts;
    this.#ticketKeys = new TicketKeys(parts.dataDir, parts.clock);
  }

  /** Rejects with DomainError `tls-unusable` if certificate and key don't make a pair. */
  async start(): Promise<void> {
    await this.#ticketKeys.load();
    this.#pair = await this.#read();
    this.#looking = setInterval(() => {
      this.#look = this.#look.then(() => this.#lookAgain());
    }, this.#parts.limits.certificatePollMs);
  }

  async stop(): Promise<void> {
    clearInterval(this.#looking);
    await this.#look;
  }

  /** Options of a new server; `keep` it afterwards. */
  get options(): TlsOptions {
    const { limits } = this.#parts;
    return {
      ...this.#pair,
      minVersion: 'TLSv1.2',
      ticketKeys: this.#ticketKeys.current,
      sessionTimeout: ticketKeyLifeMs / 1_000,
      handshakeTimeout: limits.connectDeadlineMs,
    };
  }

  /** Keeps a server up to date. */
  keep(server: Server): void {
    this.#servers.push(server);
  }

  /** A pair that doesn't work, as while one file of two is replaced, leaves the old one in use and is told once. */
  async #lookAgain(): Promise<void> {
    try {
      const pair = await this.#read();
      const isNew = !this.#pair?.cert.equals(pair.cert) || !this.#pair.key.equals(pair.key);
      const areKeysNew = await this.#ticketKeys.replaceIfOld();
      this.#fault = undefined;
      if (!isNew && !areKeysNew) return;
      this.#pair = pair;
      for (const server of this.#servers) server.setSecureContext(this.options);
      if (isNew) this.#parts.log.info({ code: 'certificate-reloaded' }, 'a new certificate is in use');
    } catch (error) {
      const fault = error instanceof Error ? error.message : String(error);
      if (fault !== this.#fault)
        this.#parts.log.warn({ code: 'certificate-unusable', err: error }, 'the old one stays');
      this.#fault = fault;
      this.#parts.metrics.certificateLoaded('failed');
    }
  }

  async #read(): Promise<Pair> {
    const { files, metrics } = this.#parts;
    try {
      const [cert, key] = await Promise.all([readFile(files.certFile), readFile(files.keyFile)]);
      createSecureContext({ cert, key }); // throws if they are not each other's
      const expiresAtMs = Date.parse(new X509Certificate(cert).validTo);
      metrics.certificateLoaded('ok', expiresAtMs / 1_000);
      return { cert, key };
    } catch (cause) {
      throw new DomainError('tls-unusable', `${files.certFile} and ${files.keyFile} do not serve`, {}, { cause });
    }
  }
}
