import { z } from 'zod';
import { configSchema } from './schema.ts';

/** One key of the configuration, for people. */
export interface ConfigKey {
  readonly key: string;
  readonly type: string;
  readonly bounds: string;
  readonly default: string;
  readonly description: string;
}

/** The configuration file as a JSON Schema, for editors. */
export const configJsonSchema = (): Readonly<Record<string, unknown>> =>
  z.toJSONSchema(configSchema, { io: 'input' });

/** Every key, in the order of the schema. */
export const configKeys = (): readonly ConfigKey[] => keysOf(configJsonSchema(), '', undefined);

type Node = Readonly<Record<string, unknown>>;

function keysOf(node: Node, path: string, given: unknown): readonly ConfigKey[] {
  const { properties } = node;
  const fallback = node['default'] ?? given;
  if (!isNode(properties)) return [leaf(node, path, fallback)];
  return Object.entries(properties).flatMap(([name, child]) => {
    if (!isNode(child)) return [];
    const below = isNode(fallback) ? fallback[name] : undefined;
    return keysOf(child, path === '' ? name : `${path}.${name}`, below);
  });
}

const leaf = (node: Node, key: string, fallback: unknown): ConfigKey => ({
  key,
  type: typeOf(node),
  bounds: boundsOf(node),
  default: fallback === undefined ? '' : JSON.stringify(fallback),
  description: textOf(node['description']),
});

function typeOf(node: Node): string {
  const { type, anyOf, enum: words } = node;
  if (node['const'] !== undefined) return JSON.stringify(node['const']);
  if (Array.isArray(words)) return words.map(String).join(' | ');
  if (Array.isArray(anyOf)) return anyOf.filter(isNode).map(shapeOf).join(' | ');
  const { items } = node;
  return type === 'array' && isNode(items) ? `list of ${typeOf(items)}` : textOf(type);
}

/** An alternative by the names of its keys: the two ways of liveness differ by nothing else. */
function shapeOf(node: Node): string {
  const { properties } = node;
  return isNode(properties) ? `{ ${Object.keys(properties).join(', ')} }` : typeOf(node);
}

function boundsOf(node: Node): string {
  const { minimum, maximum, minLength, maxLength, minItems, maxItems, pattern } = node;
  const range = (low: unknown, high: unknown, unit: string): readonly string[] =>
    low === undefined && high === undefined
      ? []
      : [`${textOf(low)}..${textOf(high)}${unit === '' ? '' : ` ${unit}`}`];
  return [
    ...range(minimum, maximum, ''),
    ...range(minLength, maxLength, 'characters'),
    ...range(minItems, maxItems, 'entries'),
    ...(pattern === undefined ? [] : [`matches ${textOf(pattern)}`]),
  ].join(', ');
}

const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
