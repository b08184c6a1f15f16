import { DomainError } from '@gatecast/firmware-protocol';
import {
  commandFileTypes,
  desiredVersions,
  journalAck,
  protocolVersion,
  type CommandFileKind,
  type DesiredVersions,
  type DocumentKind,
  type HealthReport,
  type JournalAck,
  type KeyRotationRequest,
  type LearnedCard,
  type Reported,
} from '@gatecast/firmware-protocol/messages';
import { askCloud, bytesOf, jsonOf, type CloudRequest } from './cloud-http.ts';
import type { SignIn } from './sign-in.ts';
import { fileHeaders } from './file-download.ts';
import type { HttpAnswer } from './http-request.ts';

/** The cloud's routes for one signed-in terminal. All reject as `askCloud` does. */
export class TerminalApi {
  readonly #cloudUrl: string;
  readonly #root: string;
  readonly #signIn: Pick<SignIn, 'token' | 'journalToken' | 'forget'>;

  constructor(cloudUrl: string, terminal: string, signIn: Pick<SignIn, 'token' | 'journalToken' | 'forget'>) {
    this.#cloudUrl = cloudUrl;
    this.#root = `/v1/terminals/${terminal}`;
    this.#signIn = signIn;
  }

  async desired(signal: AbortSignal): Promise<DesiredVersions> {
    return jsonOf(
      await this.#ask({ method: 'GET', path: `/desired?protocol=${protocolVersion}`, signal }),
      desiredVersions,
    );
  }

  /** The document as it came, unchecked; it may come as what is different from version `from`. */
  async document(kind: DocumentKind, from: number | undefined, signal: AbortSignal): Promise<ArrayBuffer> {
    const query = from === undefined ? '' : `?from=${from}`;
    return bytesOf(await this.#ask({ method: 'GET', path: `/documents/${kind}${query}`, signal }));
  }

  async report(reported: Reported, signal: AbortSignal): Promise<void> {
    const response = await this.#ask({ method: 'PUT', path: '/reported', body: JSON.stringify(reported), signal });
    await response.body?.cancel();
  }

  /** How this terminal is; replaces what was said before. */
  async tellHealth(report: HealthReport, signal: AbortSignal): Promise<void> {
    const response = await this.#ask({ method: 'PUT', path: '/health', body: JSON.stringify(report), signal });
    await response.body?.cancel();
  }

  /** What a reader was shown after a `learn-card` command. */
  async tellLearnedCard(card: LearnedCard, signal: AbortSignal): Promise<void> {
    const response = await this.#ask({ method: 'POST', path: '/learned-cards', body: JSON.stringify(card), signal });
    await response.body?.cancel();
  }

  /** What a command has to bring: a picture, a log. */
  async bringFile(
    { command, kind, bytes }: { readonly command: string; readonly kind: CommandFileKind; readonly bytes: Uint8Array },
    signal: AbortSignal,
  ): Promise<void> {
    const headers = { 'content-type': commandFileTypes[kind] };
    const path = `/command-files?command=${command}`;
    const response = await this.#ask({ method: 'POST', path, body: new Uint8Array(bytes), headers, signal });
    await response.body?.cancel();
  }

  /** A batch, compressed with Brotli. */
  async uploadJournal(body: Uint8Array<ArrayBuffer>, signal: AbortSignal): Promise<JournalAck> {
    const headers = { 'content-encoding': 'br' };
    return jsonOf(await this.#ask({ method: 'POST', path: '/journal', body, headers, signal }, 'journal'), journalAck);
  }

  /** New keys of this terminal, signed by the old identity key and by the new one. */
  async replaceKeys(request: KeyRotationRequest, signal: AbortSignal): Promise<void> {
    const response = await this.#ask({ method: 'POST', path: '/keys', body: JSON.stringify(request), signal });
    await response.body?.cancel();
  }

  /** A clip's file, from `fromByte` on. */
  media(sha256: string, fromByte: number, signal: AbortSignal): Promise<HttpAnswer> {
    return this.#file('media', sha256, fromByte, signal);
  }

  /** The archive of a release of the agent, from `fromByte` on. */
  release(sha256: string, fromByte: number, signal: AbortSignal): Promise<HttpAnswer> {
    return this.#file('releases', sha256, fromByte, signal);
  }

  #file(folder: 'media' | 'releases', sha256: string, fromByte: number, signal: AbortSignal): Promise<HttpAnswer> {
    const headers = fileHeaders(sha256, fromByte);
    return this.#ask({ method: 'GET', path: `/${folder}/${sha256}`, headers, signal, isFile: true });
  }

  /** With the token; one that is refused is replaced once. */
  async #ask(request: CloudRequest, purpose?: 'journal'): Promise<HttpAnswer> {
    const ask = async () => {
      const token = await (purpose === 'journal' ? this.#signIn.journalToken() : this.#signIn.token());
      return askCloud(this.#cloudUrl, { ...request, path: this.#root + request.path, token });
    };
    try {
      return await ask();
    } catch (error) {
      if (!(error instanceof DomainError) || error.details['status'] !== 401) throw error;
      this.#signIn.forget();
      return ask();
    }
  }
}
