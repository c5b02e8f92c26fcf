// #region imports
import { EntityManager } from '@mikro-orm/core';
import {
  type CanActivate,
  Controller,
  type ExecutionContext,
  type INestApplication,
  Injectable,
  Module,
  UseGuards,
} from '@nestjs/common';
import {
  EventPattern,
  MessagePattern,
  type MicroserviceOptions,
  Payload,
  Transport,
} from '@nestjs/microservices';
import { Book, BooksModule } from './quick-start.js';

// #endregion

// #region guard
@Injectable()
class SenderGuard implements CanActivate {
  canActivate(execution: ExecutionContext): boolean {
    const rpc = execution.switchToRpc();
    const { token } = rpc.getData<{ readonly token?: string }>();
    if (token !== process.env.WAREHOUSE_TOKEN) return false;
    rpc.getContext<{ user?: object }>().user = { id: 'warehouse' };
    return true;
  }
}
// #endregion

// #region controller
@Controller()
@UseGuards(SenderGuard)
class StockMessages {
  constructor(private readonly em: EntityManager) {}

  @MessagePattern('stock.add')
  async add(@Payload() { id, count }: { id: number; count: number }): Promise<number> {
    const em = this.em.fork();
    const book = await em.findOneOrFail(Book, id);
    book.stock += count;
    await em.flush();
    return book.stock;
  }

  @EventPattern('stock.lost')
  async lost(@Payload() { id, count }: { id: number; count: number }): Promise<void> {
    await this.add({ id, count: -count });
  }
}
// #endregion

@Module({ imports: [BooksModule], controllers: [StockMessages] })
export class MessageBooksModule {}

// #region hybrid
/** Without `inheritAppConfig` Nest gives a connected microservice none of the global guards and interceptors. */
export async function listen(app: INestApplication, port: number): Promise<void> {
  const options = { transport: Transport.TCP, options: { host: '127.0.0.1', port } } as const;
  app.connectMicroservice<MicroserviceOptions>(options, { inheritAppConfig: true });
  await app.startAllMicroservices();
}
// #endregion
