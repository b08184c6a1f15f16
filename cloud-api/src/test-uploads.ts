import type { Answer, TestApp } from './test-app.ts';

/** A client that speaks tus by hand, right or wrong on purpose. */
export interface TusHands {
  begin(
    length: number | string,
    metadata?: Readonly<Record<string, string>>,
    headers?: Record<string, string>,
  ): Promise<Answer>;
  /** `fromByte` undefined: no Upload-Offset. */
  send(id: string, fromByte: number | undefined, body: TusBody, headers?: Record<string, string>): Promise<Answer>;
  look(id: string, method?: 'GET' | 'HEAD' | 'DELETE' | 'OPTIONS', headers?: Record<string, string>): Promise<Answer>;
}

type TusBody = Blob | ReadableStream<Uint8Array>;

const tusHeaders = { 'tus-resumable': '1.0.0' };
const base64 = (text: string) => Buffer.from(text).toString('base64');

export function tusHands(world: TestApp, token: string): TusHands {
  const ask = async (
    method: string,
    path: string,
    headers: Record<string, string>,
    body?: TusBody,
  ): Promise<Answer> => {
    const init: RequestInit & { duplex?: 'half' } = {
      method,
      headers: { authorization: `Bearer ${token}`, ...tusHeaders, ...headers },
    };
    if (body !== undefined) Object.assign(init, { body, duplex: 'half' });
    const answer = await world.app.fetch(new Request(`http://gatecast.test/v1/clip-uploads${path}`, init));
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: text === '' ? undefined : JSON.parse(text) };
  };
  return {
    begin(length, metadata = { title: '当季草莓', filename: 'IMG_2044.MOV', category: 'food' }, headers = {}) {
      const pairs = Object.entries(metadata).map(([name, value]) => `${name} ${base64(value)}`);
      return ask('POST', '', { 'upload-length': String(length), 'upload-metadata': pairs.join(','), ...headers });
    },
    send(id, fromByte, body, headers = {}) {
      const offset = fromByte === undefined ? {} : { 'upload-offset': String(fromByte) };
      return ask('PATCH', `/${id}`, { 'content-type': 'application/offset+octet-stream', ...offset, ...headers }, body);
    },
    look: (id, method = 'HEAD', headers = {}) => ask(method, id === '' ? '' : `/${id}`, headers),
  };
}
