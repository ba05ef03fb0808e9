import { conversionFault } from '../conversion-fault.ts';

const BEGINS = 'exports=';
/** A string, a number, a word, or one sign of a minified literal. */
const TOKEN =
  /"[^"\\]*(?:\\.[^"\\]*)*"|-?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?|![01]|[A-Za-z_$][\w$]*|[{}[\]:,]/y;

/**
 * The value that a minified CommonJS module exports when it is one literal, without running it:
 * what comes from a package is data.
 * @throws PORTICO_MODEL_CONVERT when the module exports anything else
 */
export function moduleLiteral(source: string, origin: string): unknown {
  // The first that is filled: bundlers also begin modules as empty objects.
  const begin = literalStart(source);
  if (begin === undefined) return conversionFault(origin, 'is no module that exports a literal');
  try {
    return JSON.parse(literalAsJson(source, begin, origin));
  } catch (cause) {
    return conversionFault(origin, 'does not export a plain literal', cause);
  }
}

function literalStart(source: string): number | undefined {
  for (let at = source.indexOf(BEGINS); at >= 0; at = source.indexOf(BEGINS, at + 1)) {
    const first = at + BEGINS.length;
    const opens = source[first] === '"' || source[first] === '{';
    if (opens && source[first + 1] !== '}') return first;
  }
  return undefined;
}

/** Copies token by token until the literal is closed, writing each the way JSON wants it. */
function literalAsJson(source: string, begin: number, origin: string): string {
  const parts: string[] = [];
  let depth = 0;
  TOKEN.lastIndex = begin;
  do {
    const at = TOKEN.lastIndex;
    const token = TOKEN.exec(source)?.[0];
    if (token === undefined) return conversionFault(origin, `has no plain literal at ${at}`);
    if (token === '{' || token === '[') depth++;
    if (token === '}' || token === ']') depth--;
    parts.push(asJson(token, source[TOKEN.lastIndex] === ':'));
  } while (depth > 0);
  return parts.join('');
}

function asJson(token: string, isKey: boolean): string {
  if (token === '!0') return 'true';
  if (token === '!1') return 'false';
  if (/^[A-Za-z_$]/.test(token)) return isKey ? `"${token}"` : token;
  // JSON wants a digit before the point.
  return token.replace(/^(-?)\./, '$10.');
}
