import { EvidenceFormatError, EvidenceSignatureError } from '../../errors/evidence-errors.js';
import { isKeyName, type NoteKey, type NoteSigner } from './note-key.js';
import { fromBase64 } from './strict-base64.js';

const ID_BYTES = 4;
/** A checkpoint with the signatures of a hundred witnesses is shorter. */
const MAX_LENGTH = 100_000;
const LINE = /^\u2014 (\S+) (\S+)$/u;

/** One line of signature. */
interface NoteSignature {
  readonly name: string;
  /** Eight hexadecimal digits. */
  readonly id: string;
  readonly signature: Buffer;
}

/** A text with signatures (C2SP signed-note). Believe the text only after `verify`. */
export class SignedNote {
  private constructor(
    /** Ends with a line break. */
    readonly text: string,
    private readonly signatures: readonly NoteSignature[],
  ) {}

  /** @throws EvidenceFormatError when it is no signed note */
  static parse(note: string): SignedNote {
    if (note.length > MAX_LENGTH) {
      throw malformed(`it has ${note.length} characters`);
    }
    if (!note.isWellFormed() || /[^\P{Cc}\n]/u.test(note)) {
      throw malformed('it has control characters');
    }
    const end = note.lastIndexOf('\n\n');
    if (end < 0 || !note.endsWith('\n') || end + 2 === note.length) {
      throw malformed('it has no signatures');
    }
    const lines = note.slice(end + 2, -1).split('\n');
    return new SignedNote(note.slice(0, end + 1), lines.map(signatureOf));
  }

  /**
   * @param text ends with a line break
   * @throws EvidenceSignatureError when a signer gives a signature that its key does not accept
   */
  static async sign(text: string, signers: readonly NoteSigner[]): Promise<string> {
    if (!text.endsWith('\n') || signers.length === 0) {
      throw malformed('a text ends with a line break, and somebody signs it');
    }
    const lines: string[] = [];
    for (const { key, sign } of signers.map((signer) => ({
      key: signer.key,
      sign: signer.sign.bind(signer),
    }))) {
      const signed = await sign(text);
      // A note that nobody accepts can stand in the way of all that come after it.
      if (!key.verify(text, signed)) {
        throw new EvidenceSignatureError(`the signer of ${key.name} (${key.id}) has signed with another key`);
      }
      const signature = Buffer.concat([Buffer.from(key.id, 'hex'), signed]);
      lines.push(`\u2014 ${key.name} ${signature.toString('base64')}\n`);
    }
    return `${text}\n${lines.join('')}`;
  }

  /**
   * Which of the keys have signed. Signatures of others are left aside.
   * @throws EvidenceSignatureError when none has, or a signature of one of them is wrong
   */
  verify(keys: readonly NoteKey[]): readonly NoteKey[] {
    const signers = new Set<NoteKey>();
    for (const { name, id, signature } of this.signatures) {
      const key = keys.find((known) => known.name === name && known.id === id);
      if (key === undefined) {
        continue;
      }
      if (!key.verify(this.text, signature)) {
        throw new EvidenceSignatureError(`that of ${name} (${id}) is wrong`);
      }
      signers.add(key);
    }
    if (signers.size === 0) {
      const names = this.signatures.map(({ name, id }) => `${name} (${id})`).join(', ');
      throw new EvidenceSignatureError(`no trusted key has signed, only ${names}`);
    }
    return [...signers];
  }
}

function signatureOf(line: string): NoteSignature {
  const [, name = '', encoded = ''] = LINE.exec(line) ?? [];
  const bytes = fromBase64(encoded);
  if (!isKeyName(name) || bytes === null || bytes.length <= ID_BYTES) {
    throw malformed('a line of its end is no signature');
  }
  return {
    name,
    id: bytes.subarray(0, ID_BYTES).toString('hex'),
    signature: bytes.subarray(ID_BYTES),
  };
}

function malformed(problem: string): EvidenceFormatError {
  return new EvidenceFormatError('signed note', problem);
}
