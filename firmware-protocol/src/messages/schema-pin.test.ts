import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { z } from 'zod';
import * as messages from './index.ts';
import pinned from './schema-pin.json' with { type: 'json' };

/**
 * A wire change cannot happen by accident: terminals in the field keep speaking what they were built with.
 * If this test fails, decide whether an older program would misread the change (then raise `protocolVersion` and tell its history)
 * and only then write the new hash into `schema-pin.json`.
 */
const hashOf = (schema: z.ZodType) =>
  createHash('sha256')
    .update(JSON.stringify(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })))
    .digest('hex')
    .slice(0, 12);

const schemas: Record<string, string> = {};
for (const [name, value] of Object.entries(messages)) {
  if (value instanceof z.ZodType) schemas[name] = hashOf(value);
  else if (name.endsWith('Rows') && typeof value === 'object')
    for (const [kind, schema] of Object.entries(value))
      if (schema instanceof z.ZodType) schemas[`${name}.${kind}`] = hashOf(schema);
}

it('every message on the wire has the shape that was agreed', () => {
  expect(schemas).toEqual(pinned);
});
