import { HttpException, HttpStatus, Inject, Injectable } from '@nestjs/common';
import { AuditContext } from '../../context/audit-context.js';
import { readerOrAddress } from '../access/reader-name.js';
import { HTTP_LIMITS, type HttpLimits } from './http-limits.js';

/** Slow work, of which one reader may do only so much at a time. */
type LongKind = 'eventStreams' | 'exports';

const NAMES: Readonly<Record<LongKind, string>> = { eventStreams: 'event streams', exports: 'exports' };

/** Counts what takes long, by reader. */
@Injectable()
export class ReaderSlots {
  private readonly taken = new Map<string, number>();

  constructor(
    @Inject(AuditContext) private readonly context: AuditContext,
    @Inject(HTTP_LIMITS) private readonly limits: Required<HttpLimits>,
  ) {}

  /**
   * @returns gives the slot back; to be called once it has ended, however often
   * @throws HttpException with 429 when the reader has too many already
   */
  async take(kind: LongKind): Promise<() => void> {
    const key = `${kind} ${await readerOrAddress(this.context)}`;
    const most = this.limits[kind];
    const taken = this.taken.get(key) ?? 0;
    if (taken >= most) {
      throw new HttpException(
        `You have ${most} ${NAMES[kind]} already: end one of them first.`,
        HttpStatus.TOO_MANY_REQUESTS,
      );
    }
    this.taken.set(key, taken + 1);
    let isOpen = true;
    return () => {
      if (isOpen) {
        isOpen = false;
        this.giveBack(key);
      }
    };
  }

  private giveBack(key: string): void {
    const left = (this.taken.get(key) ?? 0) - 1;
    if (left > 0) {
      this.taken.set(key, left);
    } else {
      this.taken.delete(key);
    }
  }
}
