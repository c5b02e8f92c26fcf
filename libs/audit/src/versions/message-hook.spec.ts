import { describe, expect, it } from '@jest/globals';
import { ApplicationConfig } from '@nestjs/core';
import { of } from 'rxjs';
import { aroundMessages, type MessageHook } from './message-hook.js';

const hook: MessageHook = (_execution, next) => next();

describe('a hook around messages', () => {
  it('is registered where Nest has such hooks', () => {
    const config = new ApplicationConfig();
    aroundMessages(config, hook);
    expect(config.getGlobalPreRequestHooks()).toHaveLength(1);
  });

  it('is left to the interceptor on Nest 11, which has none', () => {
    expect(() => aroundMessages({}, () => of())).not.toThrow();
  });
});
