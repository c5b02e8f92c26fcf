import { createPrivateKey, createPublicKey, hash, type KeyObject, sign, verify } from 'node:crypto';
import { EvidenceFormatError } from '../../errors/evidence-errors.js';
import { fromBase64 } from './strict-base64.js';

/** Signature type of C2SP signed notes: Ed25519. */
const ED25519 = 1;
const KEY_BYTES = 32;
/** DER of an Ed25519 key (RFC 8410) up to the 32 bytes of the key. */
const PUBLIC_DER = Buffer.from('302a300506032b6570032100', 'hex');
const PRIVATE_DER = Buffer.from('302e020100300506032b657004220420', 'hex');
const PRIVATE_PREFIX = 'PRIVATE+KEY+';

/** Whether a name can stand in a signature line: no space of any kind, no plus. */
export function isKeyName(name: string): boolean {
  return name !== '' && name.isWellFormed() && !/[\s\u0085+\p{Cc}]/u.test(name);
}

/** A public key that signed notes are verified with (C2SP signed-note). */
export class NoteKey {
  private constructor(
    readonly name: string,
    private readonly bytes: Buffer,
    private readonly key: KeyObject,
    /** Eight hexadecimal digits. */
    readonly id: string,
  ) {}

  /** @param bytes of the Ed25519 public key */
  static of(name: string, bytes: Buffer): NoteKey {
    const key = createPublicKey({ key: Buffer.concat([PUBLIC_DER, bytes]), format: 'der', type: 'spki' });
    return new NoteKey(name, bytes, key, keyIdOf(name, bytes));
  }

  /**
   * @param text as it is published: `name+id+base64`
   * @throws EvidenceFormatError when it is no such key, or its id is not that of the key
   */
  static parse(text: string): NoteKey {
    const [name, id, encoded] = partsOf(text, 'verifier key');
    const key = NoteKey.of(name, encoded);
    if (key.id !== id) {
      throw new EvidenceFormatError('verifier key', `its id is ${id}, and that of its key ${key.id}`);
    }
    return key;
  }

  verify(text: string, signature: Uint8Array): boolean {
    return verify(null, Buffer.from(text), this.key, signature);
  }

  /** As it is published, for those who verify: `name+id+base64`. */
  toString(): string {
    return `${this.name}+${this.id}+${encodedKey(this.bytes)}`;
  }
}

/**
 * Signs checkpoints. The key stays where it is, such as in a file that only the log can read, or in a KMS; never in the
 * database that the log is about.
 */
export interface NoteSigner {
  /** The public key, with the name that stands in the signature line. */
  readonly key: NoteKey;
  /** @returns the 64 bytes of the Ed25519 signature of the text in UTF-8 */
  sign(text: string): Uint8Array | Promise<Uint8Array>;
}

/** A signer by a private key in memory. */
export class Ed25519Signer implements NoteSigner {
  readonly key: NoteKey;

  private constructor(
    name: string,
    private readonly secret: KeyObject,
  ) {
    const der = createPublicKey(secret).export({ format: 'der', type: 'spki' });
    this.key = NoteKey.of(name, der.subarray(-KEY_BYTES));
  }

  /**
   * @param secret a key in PEM, as `openssl genpkey -algorithm ed25519` writes it, or as a text `PRIVATE+KEY+name+id+base64`
   * @param name of the key, by which it is known: the origin of the log; for the second form it has to be that of the text
   * @throws EvidenceFormatError when it is no Ed25519 key, or of another name
   */
  static of(name: string, secret: string): Ed25519Signer {
    if (!isKeyName(name)) {
      throw new EvidenceFormatError('name of a key', 'it is empty, or has a space or a plus');
    }
    if (!secret.startsWith(PRIVATE_PREFIX)) {
      return new Ed25519Signer(name, pemKey(secret));
    }
    const [named, id, seed] = partsOf(secret.trim().slice(PRIVATE_PREFIX.length), 'signing key');
    const key = createPrivateKey({ key: Buffer.concat([PRIVATE_DER, seed]), format: 'der', type: 'pkcs8' });
    const signer = new Ed25519Signer(named, key);
    if (signer.key.id !== id || named !== name) {
      throw new EvidenceFormatError('signing key', `it is not the key of ${name}`);
    }
    return signer;
  }

  sign(text: string): Uint8Array {
    return sign(null, Buffer.from(text), this.secret);
  }
}

function pemKey(pem: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    // The cause may quote the key.
    throw new EvidenceFormatError('signing key', 'it cannot be read');
  }
  if (key.asymmetricKeyType !== 'ed25519') {
    throw new EvidenceFormatError('signing key', `it is of type ${key.asymmetricKeyType}, not Ed25519`);
  }
  return key;
}

function partsOf(text: string, subject: string): [name: string, id: string, key: Buffer] {
  const [, name = '', id = '', encoded = ''] = /^([^+]+)\+([0-9a-f]{8})\+(.+)$/.exec(text) ?? [];
  const bytes = fromBase64(encoded);
  if (!isKeyName(name) || bytes?.length !== 1 + KEY_BYTES || bytes[0] !== ED25519) {
    throw new EvidenceFormatError(subject, 'it is not a name, an id and an Ed25519 key, with a plus between');
  }
  return [name, id, bytes.subarray(1)];
}

function encodedKey(bytes: Buffer): string {
  return Buffer.concat([Buffer.from([ED25519]), bytes]).toString('base64');
}

function keyIdOf(name: string, bytes: Buffer): string {
  const identity = Buffer.concat([Buffer.from(`${name}\n`), Buffer.from([ED25519]), bytes]);
  return hash('sha256', identity, 'hex').slice(0, 8);
}
