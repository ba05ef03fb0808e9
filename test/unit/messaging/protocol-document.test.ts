import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { protocolJsonSchemas, SCHEMAS_PATH } from '../../../scripts/write-protocol-schemas.ts';
import { ROLE_FOR_ORDER } from '../../../src/messaging/documents/command-document.ts';
import { DOCUMENT_KINDS } from '../../../src/messaging/envelope/compact-header.ts';
import { PROTOCOL_SCHEMAS } from '../../../src/messaging/protocol-schemas.ts';
import { MESSAGE_REFUSALS } from '../../../src/messaging/refusal.ts';
import { PROTOCOL_EXAMPLES } from '../../helpers/protocol-examples.ts';

const page = readFileSync(
  fileURLToPath(new URL('../../../../docs/protocol.md', import.meta.url)),
  'utf8',
);
const examples = new Map(
  [...page.matchAll(/<!-- example: ([a-z-]+) -->\n```json\n([\s\S]*?)```/g)].map(
    ([, name = '', text = '']) => [name, JSON.parse(text)],
  ),
);

describe('the protocol’s documentation', () => {
  it('has the JSON Schemas of the code', () => {
    const written = JSON.parse(readFileSync(SCHEMAS_PATH, 'utf8'));
    assert.deepEqual(
      written,
      JSON.parse(JSON.stringify(protocolJsonSchemas())),
      'run: node dist/scripts/write-protocol-schemas.js && npm run format',
    );
  });

  it('shows an example of every message, and each is valid', () => {
    for (const kind of [...DOCUMENT_KINDS, 'availability'] as const) {
      assert.deepEqual(examples.get(kind), PROTOCOL_EXAMPLES[kind], kind);
      PROTOCOL_SCHEMAS[kind].parse(examples.get(kind));
    }
  });

  it('names every refusal and every order', () => {
    const named = new Set([...page.matchAll(/^\| `([a-z-]+)` +\|/gm)].map(([, name]) => name));
    for (const reason of MESSAGE_REFUSALS) assert.ok(named.has(reason), reason);
    for (const order of Object.keys(ROLE_FOR_ORDER)) assert.ok(named.has(order), order);
  });
});
