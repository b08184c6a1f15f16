declare module 'wawoff2/decompress.js' {
  /** Bytes of a WOFF2 file as a TrueType font. Rejects what is none. */
  export default function decompress(file: Uint8Array): Promise<Uint8Array>;
}
