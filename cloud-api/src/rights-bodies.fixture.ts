import { z } from 'zod';

/** As much of JSON Schema as the OpenAPI document uses. */
interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly minLength?: number;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
  readonly format?: string;
  readonly pattern?: string;
}

const operation = z.object({
  tags: z.array(z.string()),
  description: z.string(),
  parameters: z
    .array(z.object({ in: z.string(), name: z.string(), required: z.boolean().optional(), schema: z.unknown() }))
    .default([]),
  requestBody: z.object({ content: z.record(z.string(), z.object({ schema: z.unknown() })) }).optional(),
});
const openApi = z.object({ paths: z.record(z.string(), z.record(z.string(), operation)) });

/** An operation of the document, with what it takes. */
export interface Operation {
  /** `GET /v1/orders/{id}` */
  readonly name: string;
  readonly method: string;
  readonly path: string;
  readonly tag: string;
  /** The sentence of its right. */
  readonly right: string;
  readonly queryNames: readonly string[];
  /** Undefined: it takes none. */
  readonly bodySchema: unknown;
}

/** What `/openapi.json` describes. */
export function operationsOf(document: unknown): readonly Operation[] {
  return Object.entries(openApi.parse(document).paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { tags, description, parameters, requestBody }]) => ({
      name: `${method.toUpperCase()} ${path}`,
      method: method.toUpperCase(),
      path,
      tag: tags[0] ?? '',
      right: /^Right: (.*)\.$/.exec(description)?.[1] ?? '',
      queryNames: parameters.filter((one) => one.in === 'query' && one.required === true).map((one) => one.name),
      bodySchema: requestBody?.content['application/json']?.schema,
    })),
  );
}

/** Strings of the shapes that the document asks for by a pattern. */
const samples = [
  '27491630',
  '274916',
  '13912345678',
  '0801',
  'A'.repeat(43),
  '0123456789AB',
  `B${'A'.repeat(86)}`,
  'abcdef',
];

/**
 * The smallest body of the schema, so that a refusal comes from the caller's rights and not from the body. `idFor` answers for a field that
 * holds an id, `communityId` or an item of `entranceIds`.
 */
export function bodyOf(schema: unknown, idFor: (field: string) => string | undefined): unknown {
  return valueOf(schema as JsonSchema, '', idFor);
}

function valueOf(schema: JsonSchema, field: string, idFor: (field: string) => string | undefined): unknown {
  const id = /Ids?$/.test(field) ? idFor(field.replace(/s$/, '')) : undefined;
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  const choice = schema.anyOf ?? schema.oneOf;
  if (choice) return valueOf(choice.find(({ type }) => type !== 'null') ?? {}, field, idFor);
  const types = Array.isArray(schema.type) ? schema.type : [schema.type];
  if (types.includes('array')) {
    const one = () => (id === undefined ? valueOf(schema.items ?? {}, field.replace(/s$/, ''), idFor) : id);
    return Array.from({ length: Math.max(schema.minItems ?? 0, id === undefined ? 0 : 1) }, one);
  }
  if (id !== undefined) return id;
  if (types.includes('null')) return null;
  if (types.includes('object')) {
    const required = Object.entries(schema.properties ?? {}).filter(([name]) => schema.required?.includes(name));
    return Object.fromEntries(required.map(([name, inner]) => [name, valueOf(inner, name, idFor)]));
  }
  if (types.includes('boolean')) return false;
  if (types.includes('string')) return stringOf(schema);
  return schema.minimum ?? (schema.exclusiveMinimum === undefined ? 0 : schema.exclusiveMinimum + 1);
}

function stringOf({ format, pattern, minLength = 1 }: JsonSchema): string {
  if (format === 'email') return 'somebody@rights.test';
  if (format === 'uri') return 'https://gatecast.test/';
  if (format === 'date') return '2026-11-23';
  if (pattern !== undefined) {
    const fits = new RegExp(pattern);
    return samples.find((sample) => fits.test(sample) && sample.length >= minLength) ?? '';
  }
  return 'violin kestrel forty'.repeat(Math.ceil(minLength / 20)).slice(0, Math.max(minLength, 20));
}
