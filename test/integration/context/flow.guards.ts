import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { TagWriter, type UserRequest } from './tag-writer.js';

const requestOf = (execution: ExecutionContext) => execution.switchToHttp().getRequest<UserRequest>();

@Injectable()
export class UserGuard implements CanActivate {
  canActivate(execution: ExecutionContext): boolean {
    const request = requestOf(execution);
    request.user = { id: request.headers['x-user'] ?? '' };
    return true;
  }
}

/** Writes when the user is known, but before the handler runs. */
@Injectable()
export class LastSeenGuard implements CanActivate {
  constructor(@Inject(TagWriter) private readonly writer: TagWriter) {}

  async canActivate(execution: ExecutionContext): Promise<boolean> {
    await this.writer.write(requestOf(execution), 'last seen');
    return true;
  }
}

/** Notes whom it lets not in. */
@Injectable()
export class DenyGuard implements CanActivate {
  constructor(@Inject(TagWriter) private readonly writer: TagWriter) {}

  async canActivate(execution: ExecutionContext): Promise<boolean> {
    await this.writer.write(requestOf(execution), 'denied');
    return false;
  }
}
