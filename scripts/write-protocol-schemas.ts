// Writes docs/protocol.schemas.json from the schemas in the code: npm run -s build && node dist/scripts/write-protocol-schemas.js
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { PROTOCOL_SCHEMAS } from '../src/messaging/protocol-schemas.ts';

/** JSON Schema (2020-12) of every payload and file, by name. */
export const protocolJsonSchemas = (): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(PROTOCOL_SCHEMAS).map(([name, schema]) => [
      name,
      z.toJSONSchema(schema, { io: 'input' }),
    ]),
  );

export const SCHEMAS_PATH = fileURLToPath(
  new URL('../../docs/protocol.schemas.json', import.meta.url),
);

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  writeFileSync(SCHEMAS_PATH, `${JSON.stringify(protocolJsonSchemas(), null, 2)}\n`);
  console.log(`wrote ${SCHEMAS_PATH}; "npm run format" puts it into the repository's style`);
}
