import { serve, type ServerType } from '@hono/node-server';
import { serveStatic } from '@hono/node-server/serve-static';
import { Hono, type Context, type Next } from 'hono';
import { fileURLToPath } from 'node:url';
import { createClient, type Client } from '@gatecast/cloud-api/client';
import { localTime } from '@gatecast/firmware-protocol';
import { merchantLogin, signedIn, type Founded } from '../founding.ts';
import type { Neighbourhood } from '../neighbourhood.ts';
import { newestCode } from '../texted-code.ts';
import { waitUntil } from '../wait-until.ts';
import { newestLink } from './screen-link.ts';
import { town } from './town.ts';

interface World {
  readonly neighbourhood: Neighbourhood;
  readonly founded: Founded;
  /** The clock was moved: the stores book the day that it is now. */
  readonly bookTheDay: () => Promise<unknown>;
}

const pageDir = fileURLToPath(new URL('./home', import.meta.url));

/**
 * The demo's front door: one page that shows the real door, screen, phone and trace side by side. It does nothing
 * that a person at those four could not do: it types at the keypad, scans, signs in, and moves the clock.
 */
export class HomeServer {
  readonly url: string;
  readonly #port: number;
  #server: ServerType | undefined;
  readonly #sessions = new Map<string, Promise<Client>>();

  constructor(port: number) {
    this.#port = port;
    this.url = `http://127.0.0.1:${port}/`;
  }

  start(world: World): Promise<void> {
    const app = this.#app(world);
    return new Promise((resolve) => {
      this.#server = serve({ fetch: app.fetch, port: this.#port, hostname: '127.0.0.1' }, () => resolve());
    });
  }

  async stop(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    if ('closeAllConnections' in server) server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  #app(world: World): Hono {
    const { neighbourhood } = world;
    const app = new Hono();
    app.use(ownPageOnly(this.#port));
    app.onError((error, c) => c.json({ code: 'try-again', title: error.message }, 502));
    app.get('/state.json', (c) => c.json(stateOf(world)));
    app.get('/enter/:role', async (c) => c.redirect(await this.#enter(world, c.req.param('role'), c.req.query('to'))));
    app.post('/try/keypad', async (c) => {
      const [resident] = world.founded.residents;
      const [first] = neighbourhood.doorways;
      if (!resident || !first) return c.json({ code: 'not-up' }, 503);
      const typed = await fetch(`${first.doorUrl}/keypad`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ digits: `${resident.unit}*${resident.pin}#` }),
      });
      return c.json({ ok: typed.ok });
    });
    app.post('/try/scan', async (c) => {
      const link = await newestLink(neighbourhood.doorways[0]?.screenUrl() ?? '');
      return c.json({ link: link ?? null });
    });
    app.post('/clock/:at{[0-2][0-9]:[0-5][0-9]}', async (c) => {
      neighbourhood.clock.moveToLocal(c.req.param('at'), town.community.zone);
      await world.bookTheDay();
      return c.json(stateOf(world));
    });
    app.post('/uplink/:state{cut|back}', async (c) => {
      const { broker, cloud } = neighbourhood;
      if (c.req.param('state') === 'cut') await Promise.all([broker.stop(), cloud.stop()]);
      else {
        await cloud.start();
        await broker.start();
      }
      return c.json(stateOf(world));
    });
    app.use('/*', serveStatic({ root: pageDir }));
    return app;
  }

  /** The address that signs this role in once, on the page that the home page wants to show. */
  async #enter(world: World, role: string, to: string | undefined): Promise<string> {
    const { cloudUrl } = world.neighbourhood;
    const client = await this.#session(world, role);
    const { link } = await client('POST /v1/session-links', {});
    const [path = '', query = ''] = (to ?? '/').split('?');
    const params = new URLSearchParams(query);
    params.set('enter', link);
    return `${cloudUrl}${/^\/[\w/-]*$/.test(path) ? path : '/'}?${params.toString()}`;
  }

  #session(world: World, role: string): Promise<Client> {
    const known = this.#sessions.get(role);
    if (known) return known;
    const made = signIn(world, role);
    this.#sessions.set(role, made);
    // A sign-in that failed must not be remembered.
    made.catch(() => this.#sessions.delete(role));
    return made;
  }
}

async function signIn({ neighbourhood, founded }: World, role: string): Promise<Client> {
  const { cloudUrl, operatorLogin, sandboxUrl } = neighbourhood;
  if (role === 'operator') return signedIn(cloudUrl, operatorLogin);
  if (role === 'property') return signedIn(cloudUrl, founded.property);
  if (role === 'guard') return signedIn(cloudUrl, founded.guard);
  if (role === 'merchant') return signedIn(cloudUrl, merchantLogin(founded.merchants, town.deal.merchant));
  const phone = founded.residents[role === 'neighbour' ? 1 : 0]?.phone ?? '';
  const anonymous = createClient({ base: cloudUrl, token: () => undefined });
  await anonymous('POST /v1/sms-codes', { body: { phone } });
  const code = await waitUntil('the texted code', () => newestCode(sandboxUrl, phone));
  const { token } = await anonymous('POST /v1/sessions', { body: { phone, code } });
  return createClient({ base: cloudUrl, token: () => token });
}

function stateOf({ neighbourhood, founded }: World) {
  const { doorways, cloudUrl, sandboxUrl, clock } = neighbourhood;
  const [first] = doorways;
  const [resident] = founded.residents;
  return {
    cloud: cloudUrl,
    door: first?.doorUrl ?? '',
    screen: first?.screenUrl() ?? '',
    sms: `${sandboxUrl}/sms`,
    pay: sandboxUrl,
    deal: founded.deal,
    keys: resident ? `${resident.unit}*${resident.pin}#` : '',
    community: town.community.name,
    localMinute: localTime(clock.now(), town.community.zone).minute,
    programs: {
      door: first?.door.pid !== undefined,
      agent: first?.agent.pid !== undefined,
      broker: neighbourhood.broker.pid !== undefined,
      cloud: neighbourhood.cloud.pid !== undefined,
      sandbox: neighbourhood.sandbox.pid !== undefined,
    },
  };
}

/** Any other page in the same browser must not be able to work the door. */
const ownPageOnly = (port: number) => async (c: Context, next: Next) => {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  const origin = c.req.header('origin');
  if (!hosts.includes(c.req.header('host') ?? '')) return c.json({ code: 'foreign-host' }, 421);
  if (origin !== undefined && !hosts.some((host) => origin === `http://${host}`))
    return c.json({ code: 'foreign-origin' }, 403);
  return next();
};
