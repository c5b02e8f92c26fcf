import { Inject, Injectable } from '@nestjs/common';
import { AuditContext } from '../../context/audit-context.js';
import { InvalidQueryError } from '../../errors/query-errors.js';
import type { Page, PageOptions } from '../../model/page.js';
import { RESOLVED_OPTIONS, type ResolvedAuditOptions } from '../../options/audit-options.js';
import { readerName } from './reader-name.js';
import { SealedTexts } from './sealed-texts.js';

/** Keys and texts of this library for other purposes are none of a cursor. */
const PURPOSE = 'nestjs-mikro-audit page cursor\n';
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
  private readonly texts: SealedTexts;

  constructor(
    @Inject(RESOLVED_OPTIONS) { restoreKeys }: Pick<ResolvedAuditOptions, 'restoreKeys'>,
    @Inject(AuditContext) private readonly context: AuditContext,
  ) {
    this.texts = new SealedTexts(restoreKeys, PURPOSE);
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
    const length = Math.ceil(cursor.length / BLOCK_CHARACTERS) * BLOCK_CHARACTERS;
    return this.texts.seal(cursor.padEnd(length), await this.reader()) as SealedCursor;
  }

  private async open(sent: string): Promise<string> {
    const cursor = this.texts.open(sent, await this.reader())?.trimEnd();
    if (!cursor) {
      throw new InvalidQueryError(
        'cursor',
        'was not given to this reader, was changed, or is that of a process with another key',
        'Pass nextCursor of the page before, or begin without a cursor; several processes need the same "restoreKeys" of AuditModule.',
      );
    }
    return cursor;
  }

  private async reader(): Promise<string> {
    return JSON.stringify([PURPOSE, await readerName(this.context)]);
  }
}
