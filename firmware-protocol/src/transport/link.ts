/** A line that carries bytes in both directions: a serial port, a socket, or memory. Single use: after its close, make a new one. */
export interface ByteLink {
  /** Bytes for the other end, at once or as fast as the line goes. After a close they are dropped. */
  write(bytes: Uint8Array): void;
  /** One listener; a later call replaces it. The bytes belong to the listener. */
  onData(listener: (bytes: Uint8Array) => void): void;
  /** One listener, called once, whichever end closed; with an error when the line broke. */
  onClose(listener: (error: Error | undefined) => void): void;
  /** Idempotent. */
  close(): void;
}

/** Makes a fresh link; rejects when the other end cannot be reached. */
export type LinkFactory = () => Promise<ByteLink>;
