import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { operatorLogin } from '../test-app.ts';

export interface CloudProgram {
  /** As the operator. A body that is no Blob travels as JSON. */
  // oxlint-disable-next-line typescript/no-explicit-any -- the contract's schemas check shapes; tests only pick fields
  call(method: string, path: string, body?: unknown): Promise<any>;
  /** The answer as it comes. */
  ask(method: string, path: string, body?: unknown): Promise<Response>;
  /** As a power cut ends it. */
  kill(): Promise<void>;
  /** Resolves with exit code and signal. */
  stop(): Promise<readonly [number | null, string | null]>;
}

const program = fileURLToPath(new URL('../../bin/gatecast-cloud.js', import.meta.url));

/** The real program on its own data, with the operator signed in. It ends with the test that started it. */
export async function startCloud(env: Readonly<Record<string, string>>): Promise<CloudProgram> {
  const child = spawn(process.execPath, [program], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: {
      PATH: process.env['PATH'],
      NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
      GATECAST_CLOUD_PORT: '0',
      GATECAST_BROKER_URL: '',
      GATECAST_FIRST_OPERATOR_EMAIL: operatorLogin.email,
      GATECAST_FIRST_OPERATOR_PASSWORD: operatorLogin.password,
      GATECAST_LOG_LEVEL: 'silent',
      GATECAST_PARENT_WATCH: '1',
      ...env,
    },
  });
  const [line] = (await once(child.stdout, 'data')) as [Buffer];
  const base = `http://127.0.0.1:${(JSON.parse(line.toString()) as { port: number }).port}`;
  const ask = async (method: string, path: string, body?: unknown, token?: string) => {
    const headers = new Headers(token === undefined ? {} : { authorization: `Bearer ${token}` });
    if (body !== undefined && !(body instanceof Blob)) headers.set('content-type', 'application/json');
    const sent = body === undefined || body instanceof Blob ? body : JSON.stringify(body);
    return fetch(base + path, { method, headers, ...(sent === undefined ? {} : { body: sent }) });
  };
  const json = async (answer: Promise<Response>): Promise<unknown> => (await answer).json();
  const { token } = (await json(ask('POST', '/v1/sessions', operatorLogin))) as { token: string };
  const end = async (signal: 'SIGKILL' | 'SIGTERM') => {
    const ended = once(child, 'exit') as Promise<[number | null, string | null]>;
    child.kill(signal);
    return ended;
  };
  return {
    call: (method, path, body) => json(ask(method, path, body, token)),
    ask: (method, path, body) => ask(method, path, body, token),
    kill: async () => void (await end('SIGKILL')),
    stop: () => end('SIGTERM'),
  };
}
