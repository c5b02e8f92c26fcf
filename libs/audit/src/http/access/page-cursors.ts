import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { AuditContext } from '../../context/audit-context.js';
import { InvalidQueryError } from '../../errors/query-errors.js';
import type { Page, PageOptions } from '../../model/page.js';
import { RESOLVED_OPTIONS, type ResolvedAuditOptions } from '../../options/audit-options.js';
import { readerName } from './reader-name.js';

/** Keys and texts of this library for other purposes are none of a cursor. */
const PURPOSE = 'nestjs-mikro-audit page cursor\n';
const CIPHER = 'aes-256-gcm';
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** Cursors are as long as so many characters allow, so that their length does not tell that of an id. */
const BLOCK_CHARACTERS = 64;

/** A cursor that only this deployment can read, for the reader whom it was given to. */
export type SealedCursor = string & { readonly [sealed]: true };
declare const sealed: unique symbol;

/** A page whose cursor a reader may have. */
export interface SealedPage<Item> extends Page<Item> {
  readonly nextCursor: SealedCursor | null;
}

/**
 * Encrypts the cursors of pages: they say where a search has stopped, which may be at an entity that its reader does not see.
 * The cursors inside are bound to their question and its scope already.
 */
@Injectable()
export class PageCursors {
  private readonly keys: readonly Buffer[];

  constructor(
    @Inject(RESOLVED_OPTIONS) { restoreKeys }: Pick<ResolvedAuditOptions, 'restoreKeys'>,
    @Inject(AuditContext) private readonly context: AuditContext,
  ) {
    this.keys = restoreKeys.map((key) => Buffer.from(hkdfSync('sha256', key, '', PURPOSE, KEY_BYTES)));
  }

  /**
   * Asks for a page with the cursor that the reader has sent, and encrypts that of the next one.
   * @throws InvalidQueryError for a cursor that was not given to this reader
   */
  async page<Item, Options extends PageOptions>(
    { cursor, ...options }: Options,
    ask: (options: Omit<Options, 'cursor'> & Pick<PageOptions, 'cursor'>) => Promise<Page<Item>>,
  ): Promise<SealedPage<Item>> {
    const { items, nextCursor } = await ask(
      cursor === undefined || cursor === null ? options : { ...options, cursor: await this.open(cursor) },
    );
    return { items, nextCursor: nextCursor === null ? null : await this.seal(nextCursor) };
  }

  private async seal(cursor: string): Promise<SealedCursor> {
    const [key = Buffer.alloc(0)] = this.keys;
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv(CIPHER, key, nonce).setAAD(await this.reader());
    const length = Math.ceil(cursor.length / BLOCK_CHARACTERS) * BLOCK_CHARACTERS;
    const parts = [nonce, cipher.update(cursor.padEnd(length)), cipher.final(), cipher.getAuthTag()];
    return Buffer.concat(parts).toString('base64url') as SealedCursor;
  }

  private async open(sent: string): Promise<string> {
    const bytes = Buffer.from(sent, 'base64url');
    const reader = await this.reader();
    // The texts are compared, because base64 has several for the same bytes.
    const isWhole = bytes.length > NONCE_BYTES + TAG_BYTES && bytes.toString('base64url') === sent;
    const found = isWhole ? this.keys.map((key) => opened(bytes, key, reader)) : [];
    const cursor = found.find((one) => one !== null);
    if (!cursor) {
      throw new InvalidQueryError(
        'cursor',
        'was not given to this reader, was changed, or is that of a process with another key',
        'Pass nextCursor of the page before, or begin without a cursor; several processes need the same "restoreKeys" of AuditModule.',
      );
    }
    return cursor;
  }

  private async reader(): Promise<Buffer> {
    return Buffer.from(JSON.stringify([PURPOSE, await readerName(this.context)]));
  }
}

/** Null when it was not made with this key for this reader. */
function opened(bytes: Buffer, key: Buffer, reader: Buffer): string | null {
  const decipher = createDecipheriv(CIPHER, key, bytes.subarray(0, NONCE_BYTES), {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(reader).setAuthTag(bytes.subarray(-TAG_BYTES));
  const text = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
  try {
    return Buffer.concat([text, decipher.final()]).toString().trimEnd();
  } catch {
    return null;
  }
}
