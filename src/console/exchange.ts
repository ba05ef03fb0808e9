import type { IncomingMessage, ServerResponse } from 'node:http';
import type { z } from 'zod';
import { parseJson } from '../messaging/envelope/compact-header.ts';

const JSON_BYTES_MAX = 64 * 1024;

/** What a route makes of a request. */
export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export const done = (body: unknown): Answer => ({ status: 200, body });
export const refusal = (body: unknown): Answer => ({ status: 409, body });
const fault = (status: number, code: string): Answer => ({ status, body: { code } });
export const MALFORMED = fault(400, 'malformed');
export const NOT_FOUND = fault(404, 'not-found');

/** One request, as a route sees it. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** What the `:parts` of the route's path were, decoded. */
  readonly parts: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
}

/** 'answered': the route keeps the response itself. */
export type Route = (exchange: Exchange) => Promise<Answer | 'answered'>;

/**
 * Runs `work` on the request's JSON once it is what the schema says.
 * @returns what `work` answers, or 400, 413, 415
 */
export async function withJson<Schema extends z.ZodType>(
  { request }: Exchange,
  schema: Schema,
  work: (body: z.output<Schema>) => Promise<Answer>,
): Promise<Answer> {
  if (mediaType(request) !== 'application/json') return fault(415, 'media-type');
  const bytes = await readBody(request, JSON_BYTES_MAX);
  if (bytes === undefined) return fault(413, 'too-large');
  const parsed = schema.safeParse(parseJson(bytes.toString('utf8')));
  return parsed.success ? work(parsed.data) : MALFORMED;
}

/** @returns the bytes of a picture, or the answer that refuses them */
export async function readPicture(
  { request }: Exchange,
  bytesMax: number,
): Promise<Uint8Array | Answer> {
  if (!mediaType(request).startsWith('image/')) return fault(415, 'media-type');
  return (await readBody(request, bytesMax)) ?? fault(413, 'too-large');
}

const mediaType = ({ headers }: IncomingMessage): string =>
  (headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';

/** Undefined when there is more than the limit, of which no more is then kept. */
async function readBody(request: IncomingMessage, bytesMax: number): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > bytesMax) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
