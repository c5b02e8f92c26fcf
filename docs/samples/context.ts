// #region imports
import { EntityManager } from '@mikro-orm/core';
import { Body, Controller, Get, Injectable, Param, ParseIntPipe, Patch, Sse } from '@nestjs/common';
import { type Actor, AuditContext, AuditModule, keepContext } from 'nestjs-mikro-audit';
import { concatMap, first, Subject } from 'rxjs';
import { Book } from './quick-start.js';

// #endregion

// #region actor-option
interface ShopRequest {
  readonly employee?: { readonly number: number; readonly fullName: string };
  readonly apiClient?: string;
}

export function shopActor({ request }: { readonly request: unknown }): Actor | null {
  const { employee, apiClient } = request as ShopRequest;
  if (employee) return { type: 'user', id: String(employee.number), label: employee.fullName };
  if (apiClient) return { type: 'service', id: apiClient, label: null };
  return null; // nobody known: recorded as { type: 'unknown', id: null, label: null }
}

export const auditing = AuditModule.forRoot({ resolveActor: shopActor });
// #endregion

// #region for-root-async
@Injectable()
export class Secrets {
  auditHashKey(): Promise<string> {
    return Promise.resolve('at-least-16-characters-from-your-vault');
  }
}

export const auditingAsync = AuditModule.forRootAsync({
  inject: [Secrets],
  provideInjectionTokensFrom: [Secrets],
  useFactory: async (secrets: Secrets) => ({
    resolveActor: shopActor,
    hashKey: await secrets.auditHashKey(),
  }),
});
// #endregion

// #region assign
@Controller('books')
export class StockController {
  constructor(
    private readonly em: EntityManager,
    private readonly context: AuditContext,
  ) {}

  @Patch(':id/stock')
  async count(@Param('id', ParseIntPipe) id: number, @Body() body: { counted: number; reason: string }) {
    const book = await this.em.findOneOrFail(Book, id);
    book.stock = body.counted;
    this.context.assign({ action: 'stock.count', reason: body.reason, metadata: { shelf: 'A3' } });
    await this.em.flush();
    return book;
  }
}
// #endregion

// #region on-behalf-of
/** A supporter works in a customer's account: both are recorded. */
export function actFor<T>(context: AuditContext, customer: Actor, work: () => Promise<T>): Promise<T> {
  return context.run({ onBehalfOf: customer, reason: 'support case 4711' }, work);
}
// #endregion

// #region keep-context
@Controller('stock')
export class StockEventsController {
  /** One source for all who listen; it emits in the context of whoever changes the stock. */
  readonly sold = new Subject<number>();

  constructor(private readonly em: EntityManager) {}

  @Sse(':id/first-sale')
  firstSale(@Param('id', ParseIntPipe) id: number) {
    return this.sold.pipe(
      keepContext(), // from here on in the context of this request
      first((soldId) => soldId === id),
      concatMap(() => this.notice(id)),
    );
  }

  private async notice(id: number) {
    const em = this.em.fork();
    const book = await em.findOneOrFail(Book, id);
    book.title += ' (noticed)';
    await em.flush();
    return { data: book.title };
  }
}
// #endregion

// #region current
@Controller('profile')
export class ProfileController {
  constructor(private readonly context: AuditContext) {}

  @Get()
  profile() {
    const current = this.context.current();
    return { user: current?.actor?.label, request: current?.correlationId };
  }
}
// #endregion
