/** A certificate authority that signs one certificate for Twilio's hosts and then forgets its key. Writes nothing to disk. */
import { createHash, randomBytes, webcrypto } from 'node:crypto';
import type { Certificate, Extension, GeneralSubtree } from 'pkijs';
import { twilioHosts } from './twilio-hosts.js';

/** Both certificates live a day, and begin a little earlier, since clocks differ. */
const LIFETIME_MS = 86_400_000;
const CLOCK_SKEW_MS = 300_000;

/** What a server of Twilio's names needs, and the certificate that its clients must trust. PEM. */
interface Authority {
  /** The authority's own certificate. */
  certificate: string;
  server: { key: string; cert: string };
  /** Milliseconds since 1970. */
  expiresAt: number;
}

/** `hosts` are the names in the server's certificate. A name that is not Twilio's makes one that no client may accept. */
export async function createAuthority(hosts = twilioHosts, now = Date.now()): Promise<Authority> {
  const library = await loadLibrary();
  // The authority's key cannot be exported, and nothing holds it once this function returns.
  const authorityKeys = await generateKeys(false);
  const serverKeys = await generateKeys(true);
  const {
    basicConstraints,
    keyUsage,
    keyIdentifier,
    authorityKeyIdentifier,
    nameConstraints,
    serverNames,
    serverAuth,
  } = extensionsOf(library);
  const identifier = await keyIdentifierOf(authorityKeys.publicKey);
  const issuer = 'Emulator of Twilio Verify (for one day, for tests)';
  const period = { from: now - CLOCK_SKEW_MS, to: now + LIFETIME_MS };
  const sign = async (subject: string, publicKey: webcrypto.CryptoKey, extensions: Extension[]) => {
    const certificate = await draft(library, { subject, issuer, publicKey, ...period });
    certificate.extensions = extensions;
    await certificate.sign(authorityKeys.privateKey, 'SHA-256', library.engine);
    return pem('CERTIFICATE', new Uint8Array(certificate.toSchema(true).toBER(false)));
  };
  const certificate = await sign(issuer, authorityKeys.publicKey, [
    basicConstraints(),
    keyUsage('keyCertSign'),
    nameConstraints(twilioHosts),
    keyIdentifier(identifier),
  ]);
  const cert = await sign(hosts[0] ?? '', serverKeys.publicKey, [
    keyUsage('digitalSignature'),
    serverAuth(),
    serverNames(hosts),
    authorityKeyIdentifier(identifier),
  ]);
  const key = pem('PRIVATE KEY', new Uint8Array(await webcrypto.subtle.exportKey('pkcs8', serverKeys.privateKey)));
  return { certificate, server: { key, cert }, expiresAt: period.to };
}

type Library = Awaited<ReturnType<typeof loadLibrary>>;

async function loadLibrary() {
  const [pki, asn1] = await Promise.all([import('pkijs'), import('asn1js')]);
  return { pki, asn1, engine: new pki.CryptoEngine({ name: 'node', crypto: webcrypto as Crypto }) };
}

function generateKeys(extractable: boolean): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, extractable, ['sign', 'verify']);
}

/** RFC 5280, section 4.2.1.2: SHA-1 of the key, as a name and not for security. */
async function keyIdentifierOf(publicKey: webcrypto.CryptoKey): Promise<Uint8Array> {
  const point = await webcrypto.subtle.exportKey('raw', publicKey);
  return createHash('sha1').update(new Uint8Array(point)).digest();
}

interface Draft {
  subject: string;
  issuer: string;
  publicKey: webcrypto.CryptoKey;
  from: number;
  to: number;
}

async function draft({ pki, asn1, engine }: Library, { subject, issuer, publicKey, from, to }: Draft) {
  const certificate: Certificate = new pki.Certificate();
  certificate.version = 2;
  const serial = randomBytes(16);
  // Positive, and never shorter than it seems.
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  certificate.serialNumber = new asn1.Integer({ valueHex: bufferOf(serial) });
  const named = (value: string) =>
    new pki.AttributeTypeAndValue({ type: '2.5.4.3', value: new asn1.Utf8String({ value }) });
  certificate.issuer.typesAndValues.push(named(issuer));
  certificate.subject.typesAndValues.push(named(subject));
  certificate.notBefore.value = new Date(from);
  certificate.notAfter.value = new Date(to);
  await certificate.subjectPublicKeyInfo.importKey(publicKey, engine);
  return certificate;
}

/** The extensions of RFC 5280, section 4.2, each as critical as it says. */
function extensionsOf({ pki, asn1 }: Library) {
  const extension = (extnID: string, critical: boolean, value: { toBER(sizeOnly?: boolean): ArrayBuffer }) =>
    new pki.Extension({ extnID, critical, extnValue: value.toBER(false) });
  const name = (value: string) => new pki.GeneralName({ type: 2, value });
  /** Every address of a family: a mask of zeros. */
  const everyAddress = (bytes: number): GeneralSubtree =>
    new pki.GeneralSubtree({
      base: new pki.GeneralName({ type: 7, value: new asn1.OctetString({ valueHex: new ArrayBuffer(bytes) }) }),
    });
  return {
    basicConstraints: () =>
      extension('2.5.29.19', true, new pki.BasicConstraints({ cA: true, pathLenConstraint: 0 }).toSchema()),
    keyUsage(use: 'digitalSignature' | 'keyCertSign') {
      const [bits, unusedBits] = use === 'digitalSignature' ? [0x80, 7] : [0x04, 2];
      return extension('2.5.29.15', true, new asn1.BitString({ valueHex: bufferOf(Uint8Array.of(bits)), unusedBits }));
    },
    /** The authority speaks for these names alone, and for no address. */
    nameConstraints: (hosts: readonly string[]) =>
      extension(
        '2.5.29.30',
        true,
        new pki.NameConstraints({
          permittedSubtrees: hosts.map((host) => new pki.GeneralSubtree({ base: name(host) })),
          excludedSubtrees: [everyAddress(8), everyAddress(32)],
        }).toSchema(),
      ),
    serverNames: (hosts: readonly string[]) =>
      extension('2.5.29.17', false, new pki.GeneralNames({ names: hosts.map(name) }).toSchema()),
    serverAuth: () =>
      extension('2.5.29.37', false, new pki.ExtKeyUsage({ keyPurposes: ['1.3.6.1.5.5.7.3.1'] }).toSchema()),
    keyIdentifier: (identifier: Uint8Array) =>
      extension('2.5.29.14', false, new asn1.OctetString({ valueHex: bufferOf(identifier) })),
    authorityKeyIdentifier: (identifier: Uint8Array) =>
      extension(
        '2.5.29.35',
        false,
        new pki.AuthorityKeyIdentifier({
          keyIdentifier: new asn1.OctetString({ valueHex: bufferOf(identifier) }),
        }).toSchema(),
      ),
  };
}

function bufferOf(bytes: Uint8Array): ArrayBuffer {
  return Uint8Array.from(bytes).buffer;
}

function pem(label: string, bytes: Uint8Array): string {
  const lines =
    Buffer.from(bytes)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}
