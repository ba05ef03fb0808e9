import assert from 'node:assert/strict';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { describe, it } from 'node:test';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { wallMs } from '../../../src/domain/units.ts';
import { createAuthority, issueCertificate } from '../../../src/office/tls/certificates.ts';

const NOW = wallMs(Date.now());
const NAME = 'Portico harbour';
const authority = createAuthority(NAME, NOW);
const issue = (commonName: string, host?: string) =>
  issueCertificate(authority, {
    commonName,
    authorityName: NAME,
    now: NOW,
    use: host === undefined ? { kind: 'client' } : { kind: 'broker', host },
  });

describe('a site’s certificates', () => {
  it('are by their authority, for their key and for their purpose', () => {
    const issuer = new X509Certificate(authority.certificate);
    const client = issue('gate-1');
    const leaf = new X509Certificate(client.certificate);
    assert.equal(issuer.ca, true);
    assert.equal(leaf.ca, false);
    assert.equal(leaf.subject, 'CN=gate-1');
    assert.equal(leaf.issuer, `CN=${NAME}`);
    assert.ok(leaf.checkIssued(issuer));
    assert.ok(leaf.verify(issuer.publicKey));
    assert.ok(leaf.checkPrivateKey(createPrivateKey(client.privateKey)));
    assert.deepEqual(leaf.keyUsage, ['1.3.6.1.5.5.7.3.2']);
  });

  it('hold for a clock that is a year behind, and for ten years', () => {
    const leaf = new X509Certificate(issue('gate-1').certificate);
    assert.ok(Date.parse(leaf.validFrom) < NOW - 366 * 86_400_000);
    assert.ok(Date.parse(leaf.validTo) > NOW + 3_650 * 86_400_000);
  });

  it('write dates after 2049 as RFC 5280 demands', () => {
    const late = createAuthority(NAME, wallMs(Date.UTC(2045, 0, 1)));
    assert.match(new X509Certificate(late.certificate).validTo, /2055/);
  });

  for (const host of ['localhost', '127.0.0.1', 'broker.example.org', '2001:db8::1', '::1']) {
    it(`name the broker ${host}`, () => {
      const leaf = new X509Certificate(issue('broker', host).certificate);
      const found = host.includes('.example') || host === 'localhost' ? 'name' : 'address';
      const match = found === 'name' ? leaf.checkHost(host) : leaf.checkIP(host);
      assert.notEqual(match, undefined);
      assert.equal(leaf.checkHost('elsewhere.example.org'), undefined);
    });
  }

  it('serve a TLS connection on both sides, and refuse a stranger', async () => {
    const broker = issue('broker', '127.0.0.1');
    const stranger = createAuthority(NAME, NOW);
    const server = createServer({
      key: broker.privateKey,
      cert: broker.certificate,
      ca: authority.certificate,
      requestCert: true,
      rejectUnauthorized: true,
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const dial = (from: typeof authority) => {
      const client = issueCertificate(from, {
        commonName: 'gate-1',
        authorityName: NAME,
        now: NOW,
        use: { kind: 'client' },
      });
      const { certificate: cert, privateKey: key } = client;
      return connect({ host: '127.0.0.1', port, ca: authority.certificate, cert, key });
    };
    const accepted = once(server, 'secureConnection');
    const socket = dial(authority);
    const [peer] = (await accepted) as [TLSSocket];
    assert.equal(peer.getPeerCertificate().subject.CN, 'gate-1');
    socket.destroy();
    const refused = once(server, 'tlsClientError');
    const second = dial(stranger).on('error', () => undefined);
    await refused;
    second.destroy();
    server.close();
  });
});
