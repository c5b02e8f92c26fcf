import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** Texts that only this deployment can read and make: any of its processes that has one of the keys. */
export class SealedTexts {
  private readonly keys: readonly Buffer[];

  /**
   * @param secrets the first seals, any of them opens
   * @param purpose texts for other purposes are none of this one
   */
  constructor(secrets: readonly string[], purpose: string) {
    this.keys = secrets.map((key) => Buffer.from(hkdfSync('sha256', key, '', purpose, KEY_BYTES)));
  }

  /** @param holder whoever opens the text has to name the same */
  seal(text: string, holder: string): string {
    const [key = Buffer.alloc(0)] = this.keys;
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, key, nonce).setAAD(Buffer.from(holder));
    const parts = [nonce, cipher.update(text), cipher.final(), cipher.getAuthTag()];
    return Buffer.concat(parts).toString('base64url');
  }

  /** Null when it was not sealed with one of the keys for this holder. */
  open(sealed: string, holder: string): string | null {
    const bytes = Buffer.from(sealed, 'base64url');
    // The texts are compared, because base64 has several for the same bytes.
    const isWhole = bytes.length > NONCE_BYTES + TAG_BYTES && bytes.toString('base64url') === sealed;
    const found = isWhole ? this.keys.map((key) => opened(bytes, key, holder)) : [];
    return found.find((one) => one !== null) ?? null;
  }
}

function opened(bytes: Buffer, key: Buffer, holder: string): string | null {
  const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(Buffer.from(holder)).setAuthTag(bytes.subarray(-TAG_BYTES));
  const text = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
  try {
    return Buffer.concat([text, decipher.final()]).toString();
  } catch {
    return null;
  }
}
