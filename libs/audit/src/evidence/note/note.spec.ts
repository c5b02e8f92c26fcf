import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { checkpointText, parseCheckpoint } from './checkpoint.js';
import { formatLogProof, parseLogProof } from './log-proof.js';
import { CheckpointVerifier } from './log-trust.js';
import { Ed25519Signer, NoteKey } from './note-key.js';
import { SignedNote } from './signed-note.js';

// The keys and notes of the examples of golang.org/x/mod/sumdb/note.
const PETER = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const PETERS_SECRET = 'PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz';
const TEXT =
  "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const PETERS_LINE =
  '\u2014 PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';
const ENOCHS_LINE =
  '\u2014 EnochRoot rwz+eBzmZa0SO3NbfRGzPCpDckykFXSdeX+MNtCOXm2/5n2tiOHp+vAF1aGrQ5ovTG01oOTGwnWLox33WWd1RvMc+QQ=\n';
const PEM = `-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g
-----END PRIVATE KEY-----
`;

const peter = NoteKey.parse(PETER);
const origin = 'example.com/audit';
const signer = Ed25519Signer.of(origin, PEM);
const root = Buffer.alloc(32, 5);

describe('signed notes', () => {
  it('are those of Go: keys, ids, signatures, letter by letter', async () => {
    const secret = Ed25519Signer.of('PeterNeumann', PETERS_SECRET);
    expect(secret.key.toString()).toBe(PETER);
    expect(await SignedNote.sign(TEXT, [secret])).toBe(`${TEXT}\n${PETERS_LINE}`);
    const note = SignedNote.parse(`${TEXT}\n${PETERS_LINE}${ENOCHS_LINE}`);
    expect(note.text).toBe(TEXT);
    expect(note.verify([peter])).toEqual([peter]);
  });

  it('the key of RFC 8032 in PEM', () => {
    const rfc = 'd75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a';
    expect(NoteKey.of('x', Buffer.from(rfc, 'hex')).toString()).toBe(
      Ed25519Signer.of('x', PEM).key.toString(),
    );
  });

  it('no key that is trusted has signed: refused; a wrong signature of one that is: refused, whoever else has signed', () => {
    const other = signer.key;
    expect(() => SignedNote.parse(`${TEXT}\n${PETERS_LINE}`).verify([other])).toThrow(/no trusted key/);
    expect(() => SignedNote.parse(`${TEXT}\n${ENOCHS_LINE}`).verify([peter])).toThrow(/EnochRoot/);
    const wrong = SignedNote.parse(`${TEXT.replace('you', 'yow')}\n${PETERS_LINE}`);
    expect(() => wrong.verify([peter])).toThrow(/PeterNeumann \(c74f20a3\) is wrong/);
  });

  it('any other letter is refused', () => {
    const note = `${TEXT}\n${PETERS_LINE}`;
    fc.assert(
      fc.property(
        fc.nat(note.length - 1),
        fc.constantFrom('A', 'b', '=', '\n', ' ', '+', '\u2014', '\0', ''),
        (at, letter) => {
          const changed = note.slice(0, at) + letter + note.slice(at + 1);
          fc.pre(changed !== note);
          expect(() => SignedNote.parse(changed).verify([peter])).toThrow(/AUDIT_EVIDENCE/);
        },
      ),
      { numRuns: 2_000 },
    );
  });

  it.each([
    '',
    '\n\n',
    'text\n',
    'text\n\n',
    `text\n${PETERS_LINE}`,
    `text\n\n${PETERS_LINE.trimEnd()}`,
    `text\n\n${PETERS_LINE}\n`,
    `text\n\n${PETERS_LINE.replace('\u2014', '-')}`,
    `text\n\n${PETERS_LINE.replace(' x08', '  x08')}`,
    `text\n\n${PETERS_LINE.replace('PeterNeumann', 'Peter+Neumann')}`,
    `text\n\n${PETERS_LINE.replace('JnAM=', 'JnAN=')}`,
    'text\n\n\u2014 PeterNeumann x08go=\n',
    `te\txt\n\n${PETERS_LINE}`,
    `te\ud800xt\n\n${PETERS_LINE}`,
    `${'x'.repeat(100_000)}\n\n${PETERS_LINE}`,
  ])('%j is none', (note) => {
    expect(() => SignedNote.parse(note)).toThrow(/AUDIT_EVIDENCE_FORMAT/);
  });

  it.each([
    PETER.replace('c74f20a3', 'c74f20a4'),
    PETER.replace('c74f20a3', 'C74F20A3'),
    PETER.replace('PeterNeumann', 'Peter Neumann'),
    PETER.replace('PeterNeumann', ''),
    PETER.replace('+ARpc', '+BBpc'),
    `${PETER}AA`,
    PETER.slice(0, -4),
    '',
  ])('%j is no key', (key) => {
    expect(() => NoteKey.parse(key)).toThrow(/AUDIT_EVIDENCE_FORMAT/);
  });

  it('signing keys of another kind or name are refused, without a word of the key', () => {
    const rsa = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({
      format: 'pem',
      type: 'pkcs8',
    });
    expect(() => Ed25519Signer.of('x', String(rsa))).toThrow(/of type ec/);
    expect(() => Ed25519Signer.of('x', 'secret words')).toThrow(/cannot be read/);
    expect(() => Ed25519Signer.of('x', PETERS_SECRET)).toThrow(/not the key of x/);
    expect(() => Ed25519Signer.of('a b', PEM)).toThrow(/name of a key/);
  });
});

describe('checkpoints', () => {
  it('are an origin, a size and a root', () => {
    const text = checkpointText({ origin, size: 12, root });
    expect(text).toBe(`example.com/audit\n12\n${root.toString('base64')}\n`);
    expect(parseCheckpoint(text)).toEqual({ origin, size: 12, root });
  });

  it.each([
    '',
    'o\n1\n',
    `o\n01\n${root.toString('base64')}\n`,
    `o\n-1\n${root.toString('base64')}\n`,
    `o\n1e3\n${root.toString('base64')}\n`,
    `o\n9007199254740992\n${root.toString('base64')}\n`,
    `o p\n1\n${root.toString('base64')}\n`,
    `\n1\n${root.toString('base64')}\n`,
    `o\n1\n${root.toString('base64')}`,
    `o\n1\n${root.toString('base64')}\nmore\n`,
    `o\n1\n${root.toString('base64').replace('=', '')}\n`,
    `o\n1\n${root.subarray(1).toString('base64')}\n`,
    `o\n1\n${root.toString('base64').replace('QU=', 'QV=')}\n`,
  ])('%j is none', (text) => {
    expect(() => parseCheckpoint(text)).toThrow(/AUDIT_EVIDENCE_FORMAT/);
  });

  it('are believed of one origin, and of a key for the sizes that it may sign', async () => {
    const next = Ed25519Signer.of(
      origin,
      generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
    );
    const trust = new CheckpointVerifier({
      origin,
      keys: [
        { key: signer.key.toString(), until: 100 },
        { key: next.key.toString(), from: 100 },
      ],
    });
    const signed = async (size: number, by: Ed25519Signer[], of = origin): Promise<string> =>
      SignedNote.sign(checkpointText({ origin: of, size, root }), by);
    for (const [size, by] of [
      [99, [signer]],
      [100, [signer]],
      [100, [next]],
      [101, [next]],
      [99, [signer, next]],
    ] as const) {
      expect(trust.verify(await signed(size, [...by])).size).toBe(size);
    }
    for (const [size, by] of [
      [101, [signer]],
      [99, [next]],
    ] as const) {
      const note = await signed(size, [...by]);
      expect(() => trust.verify(note)).toThrow(/may not sign a checkpoint/);
    }
    const foreign = await signed(1, [signer], 'example.com/other');
    expect(() => trust.verify(foreign)).toThrow(/example.com\/other/);
    expect(() => new CheckpointVerifier({ origin, keys: [] })).toThrow(/at least one key/);
    expect(() => new CheckpointVerifier({ origin, keys: [{ key: PETER, from: 2, until: 1 }] })).toThrow(
      /from 2 until 1/,
    );
  });
});

describe('proofs as files', () => {
  const checkpoint = `${checkpointText({ origin, size: 3, root })}\n\u2014 x AAAAAAAA\n`;

  it('are read as they were written', () => {
    for (const leaf of [null, Buffer.from('{}'), Buffer.alloc(0)]) {
      for (const hashes of [[], [root], [root, Buffer.alloc(32)]]) {
        const proof = { index: 2, hashes, checkpoint, leaf };
        expect(parseLogProof(formatLogProof(proof))).toEqual(proof);
      }
    }
    expect(formatLogProof({ index: 2, hashes: [root], checkpoint, leaf: null })).toBe(
      `c2sp.org/tlog-proof@v1\nindex 2\n${root.toString('base64')}\n\n${checkpoint}`,
    );
  });

  it.each([
    '',
    'c2sp.org/tlog-proof@v2\nindex 1\n\nc',
    'c2sp.org/tlog-proof@v1\nindex 01\n\nc',
    'c2sp.org/tlog-proof@v1\nindex -1\n\nc',
    'c2sp.org/tlog-proof@v1\n\nc',
    'c2sp.org/tlog-proof@v1\nindex 1\nAAAA\n\nc',
    'c2sp.org/tlog-proof@v1\nextra ???\nindex 1\n\nc',
    'c2sp.org/tlog-proof@v1\nindex 1\nextra AAAA\n\nc',
    `c2sp.org/tlog-proof@v1\nindex 1\n${`${root.toString('base64')}\n`.repeat(54)}\nc`,
    'c2sp.org/tlog-proof@v1\nindex 1\n',
  ])('%j is none', (text) => {
    expect(() => parseLogProof(text)).toThrow(/AUDIT_EVIDENCE_FORMAT/);
  });
});
