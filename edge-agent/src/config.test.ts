import { afterAll, describe, expect, it } from 'vitest';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSettings } from './config.ts';
import { doorLink } from './door/serial-line.ts';

const enough = {
  GATECAST_DATA_DIR: '/var/lib/gatecast',
  GATECAST_CLOUD_URL: 'https://cloud.example/',
  GATECAST_DOOR_LINK: 'serial:/dev/ttyUSB0?baud=9600',
};

describe('the configuration of the agent', () => {
  it('needs a data folder, a cloud and a door, and no more', () => {
    expect(readSettings({ variables: enough })).toMatchObject({
      GATECAST_CLOUD_URL: 'https://cloud.example',
      GATECAST_SCREEN_PORT: 0,
      GATECAST_SCREEN_FRAME_ANCESTORS: [],
    });
  });

  it('names every fault at once', () => {
    const wrong = { GATECAST_DATA_DIR: 'x', GATECAST_CLOUD_URL: 'ftp://x', GATECAST_SCREEN_PORT: '70000' };
    expect(() => readSettings({ variables: wrong })).toThrow(
      /GATECAST_CLOUD_URL[^]*GATECAST_DOOR_LINK[^]*GATECAST_SCREEN_PORT/,
    );
  });

  it('takes relay boards, networked relays and a record of the bus where there are some', () => {
    const relays = {
      GATECAST_RELAY_LINK: 'serial:/dev/ttyUSB1',
      GATECAST_RELAY_MQTT: 'mqtt://door:secret@10.0.0.2:1883',
    };
    expect(readSettings({ variables: { ...enough, ...relays, GATECAST_BUS_RECORD: 'bus.osdpcap' } })).toMatchObject(
      relays,
    );
    const wrong = { ...enough, GATECAST_RELAY_LINK: 'ttyUSB1', GATECAST_RELAY_MQTT: 'http://x' };
    expect(() => readSettings({ variables: wrong })).toThrow(/GATECAST_RELAY_LINK[^]*GATECAST_RELAY_MQTT/);
  });

  describe('in a file', () => {
    const dir = mkdtempSync(join(tmpdir(), 'gatecast-config-'));
    const file = join(dir, 'agent.env');
    afterAll(() => rmSync(dir, { recursive: true }));
    const { GATECAST_CLOUD_URL: _, ...rest } = enough;

    it('is read below the variables, which go before it; a line left blank is no setting', () => {
      writeFileSync(
        file,
        '# cloud\nGATECAST_CLOUD_URL="https://file.example"\nGATECAST_LOG_LEVEL=warn\nGATECAST_MODEL=\n',
      );
      const read = readSettings({ variables: { ...rest, GATECAST_LOG_LEVEL: 'debug' }, file });
      expect(read).toMatchObject({ GATECAST_CLOUD_URL: 'https://file.example', GATECAST_LOG_LEVEL: 'debug' });
    });

    it('names a misspelt setting together with every other fault', () => {
      writeFileSync(file, 'GATECAST_CLOUD_URI=https://file.example\nGATECAST_SCREEN_PORT=many\nNODE_OPTIONS=--x\n');
      expect(() => readSettings({ variables: { ...rest, GATECAST_DOOR_LINK: 'tcp://door' }, file })).toThrow(
        /GATECAST_CLOUD_URI is no setting[^]*GATECAST_CLOUD_URL[^]*GATECAST_DOOR_LINK[^]*GATECAST_SCREEN_PORT/,
      );
    });

    it('that is the usual one and cannot be read is named where something is missing, and else not missed', () => {
      const usual = join(dir, 'folder');
      mkdirSync(usual);
      expect(() => readSettings({ variables: rest, usual })).toThrow(/folder: EISDIR[^]*GATECAST_CLOUD_URL/);
      expect(readSettings({ variables: enough, usual })).toMatchObject(rest);
      expect(() => readSettings({ variables: rest, usual: join(dir, 'none') })).toThrow(/^(?![^]*ENOENT)/);
    });

    it('has to be there when it was named', () => {
      expect(() => readSettings({ variables: enough, file: join(dir, 'none') })).toThrow(/ENOENT/);
    });
  });

  it.each([
    ['tcp://127.0.0.1:7001', 115_200],
    ['tcp://127.0.0.1:7001?baud=9600', 9_600],
    ['unix:/run/door.sock', 115_200],
    ['serial:/dev/ttyUSB0', 9_600],
    ['serial:/dev/ttyUSB0?baud=38400', 38_400],
  ])('%s is a way to the door', (url, baud) => {
    expect(doorLink(url).baud).toBe(baud);
  });

  it.each(['tcp://127.0.0.1', 'http://door', 'serial:ttyUSB0', 'serial:/dev/ttyUSB0?baud=fast'])('%s is not', (url) => {
    expect(() => doorLink(url)).toThrow(expect.objectContaining({ code: 'bad-door-link' }));
  });
});
