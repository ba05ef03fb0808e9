import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { describe, it } from 'node:test';
import { CompactEncrypt, CompactSign, generateKeyPair } from 'jose';
import { z } from 'zod';
import {
  contentKeyBytes,
  createContentKey,
  createSealingKey,
  createSigningKey,
  recipientOf,
  signerOf,
  verifyingKey,
} from '../../../../src/messaging/envelope/keys.ts';
import {
  openFor,
  openForSite,
  sealFor,
  sealForSite,
} from '../../../../src/messaging/envelope/sealing.ts';
import { signDocument, verifyDocument } from '../../../../src/messaging/envelope/signing.ts';
import { refusedFor } from '../../../../src/messaging/refusal.ts';

const key = await createSigningKey();
const signer = await signerOf(key);
const publicKey = await verifyingKey(key.x);
const schema = z.strictObject({ word: z.string() });
const document = { word: 'door' };
const rules = {
  kind: 'record' as const,
  schema,
  keyOf: (kid: string) =>
    kid === signer.kid
      ? { outcome: 'found' as const, key: publicKey, principal: 'ada' }
      : refusedFor('unknown-key'),
};
const reasonOf = async (text: string): Promise<string> => {
  const result = await verifyDocument(text, rules);
  return result.outcome === 'refused' ? result.reason : result.outcome;
};
const encode = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('verifyDocument', () => {
  it('returns the document and who signed it', async () => {
    const text = await signDocument('record', document, signer);
    assert.deepEqual(await verifyDocument(text, rules), {
      outcome: 'verified',
      document,
      signer: 'ada',
    });
  });

  it('refuses a document of another kind', async () => {
    assert.equal(await reasonOf(await signDocument('command', document, signer)), 'malformed');
  });

  it('refuses every other algorithm before it looks at the signature', async () => {
    const typ = 'portico-record+jws';
    const body = encode(document);
    const unsigned = `${encode({ alg: 'none', kid: signer.kid, typ })}.${body}.`;
    assert.equal(await reasonOf(unsigned), 'malformed');
    // The public key taken for a shared secret.
    const input = `${encode({ alg: 'HS256', kid: signer.kid, typ })}.${body}`;
    const mac = createHmac('sha256', Buffer.from(key.x, 'base64url')).update(input);
    assert.equal(await reasonOf(`${input}.${mac.digest('base64url')}`), 'malformed');
    const other = await generateKeyPair('ES256');
    const es256 = await new CompactSign(Buffer.from(JSON.stringify(document)))
      .setProtectedHeader({ alg: 'ES256', kid: signer.kid, typ })
      .sign(other.privateKey);
    assert.equal(await reasonOf(es256), 'malformed');
  });

  it('refuses a header that brings anything of its own', async () => {
    const { privateKey, publicKey: own } = await generateKeyPair('EdDSA', { extractable: true });
    const { exportJWK } = await import('jose');
    const text = await new CompactSign(Buffer.from(JSON.stringify(document)))
      .setProtectedHeader({
        alg: 'EdDSA',
        kid: signer.kid,
        typ: 'portico-record+jws',
        jwk: await exportJWK(own),
      })
      .sign(privateKey);
    assert.equal(await reasonOf(text), 'malformed');
  });

  it('refuses the signature of another key under a known name', async () => {
    const thief = await signerOf(await createSigningKey());
    const text = await signDocument('record', document, { ...thief, kid: signer.kid });
    assert.equal(await reasonOf(text), 'not-authentic');
  });

  it('refuses an altered body, a cut text and a signed document of another shape', async () => {
    const text = await signDocument('record', document, signer);
    const [header, , signature] = text.split('.');
    assert.equal(
      await reasonOf(`${header}.${encode({ word: 'gate' })}.${signature}`),
      'not-authentic',
    );
    assert.equal(await reasonOf(text.slice(0, -10)), 'not-authentic');
    assert.equal(await reasonOf(text.slice(0, 20)), 'malformed');
    assert.equal(await reasonOf(`${text}.x`), 'malformed');
    const extra = await signDocument('record', { ...document, more: 1 }, signer);
    assert.equal(await reasonOf(extra), 'wrong-schema');
  });
});

describe('sealing for a site', () => {
  const contentKey = createContentKey();
  const open = async (text: string, keys = [contentKey]): Promise<string> => {
    const result = await openForSite('record', text, keys);
    return result.outcome === 'refused' ? result.reason : result.text;
  };

  it('opens with the key that its header names among several', async () => {
    const sealed = await sealForSite('record', 'signed', contentKey);
    assert.equal(await open(sealed, [createContentKey(), contentKey]), 'signed');
    assert.equal(await open(sealed, [createContentKey()]), 'unknown-content-key');
  });

  it('does not hold the text in the clear', async () => {
    const sealed = await sealForSite('record', 'Ada Lovelace', contentKey);
    for (const part of sealed.split('.')) {
      assert.equal(Buffer.from(part, 'base64url').includes('Ada'), false);
    }
  });

  it('refuses altered bytes, another kind, compression and key wrapping', async () => {
    const sealed = await sealForSite('record', 'signed', contentKey);
    const parts = sealed.split('.');
    parts[3] = Buffer.from('x').toString('base64url');
    assert.equal(await open(parts.join('.')), 'not-authentic');
    assert.equal(await open(await sealForSite('command', 'signed', contentKey)), 'malformed');
    const header = { alg: 'dir', enc: 'A256GCM', kid: contentKey.kid, typ: 'portico-record+jwe' };
    const zipped = await new CompactEncrypt(Buffer.from('signed'))
      .setProtectedHeader({ ...header, zip: 'DEF' })
      .encrypt(contentKeyBytes(contentKey));
    assert.equal(await open(zipped), 'malformed');
    const wrapped = await new CompactEncrypt(Buffer.from('signed'))
      .setProtectedHeader({ ...header, alg: 'A256KW' })
      .encrypt(contentKeyBytes(contentKey));
    assert.equal(await open(wrapped), 'malformed');
  });
});

describe('sealing for one gate', () => {
  it('opens for that gate only', async () => {
    const own = await createSealingKey();
    const sealed = await sealFor('content-keys', 'signed', await recipientOf({ x: own.x }));
    const recipient = await recipientOf(own);
    assert.deepEqual(await openFor('content-keys', sealed, recipient), {
      outcome: 'opened',
      text: 'signed',
    });
    const other = await recipientOf(await createSealingKey());
    const asOther = await openFor('content-keys', sealed, { ...other, kid: recipient.kid });
    assert.deepEqual(asOther, refusedFor('not-authentic'));
    const renamed = await openFor('content-keys', sealed, { ...recipient, kid: 'other' });
    assert.deepEqual(renamed, refusedFor('unknown-content-key'));
  });
});
