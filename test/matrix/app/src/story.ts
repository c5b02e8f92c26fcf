import 'reflect-metadata';
import { deepStrictEqual } from 'node:assert';
import { MikroORM } from '@mikro-orm/core';
import type { INestApplication } from '@nestjs/common';
import { createApp } from './create-app.js';

type Json = Readonly<Record<string, unknown>>;

interface Change {
  readonly operation: string;
  readonly before: Json | null;
  readonly after: Json | null;
  readonly revision: { readonly id: string; readonly actor: Json; readonly reason: string | null };
}

/**
 * A book is written, changed and deleted by users over HTTP, and brought back; all of it is in its history, over HTTP and in the viewer.
 * @throws AssertionError when anything is not as it should be
 */
export async function tellStory(): Promise<void> {
  const app = await createApp();
  try {
    await app.get(MikroORM).schema.create();
    await app.listen(0, '127.0.0.1');
    await follow(app);
  } finally {
    await app.close();
  }
}

async function follow(app: INestApplication): Promise<void> {
  const server = await app.getUrl();
  const ask = async (user: string | null, method: string, path: string, body?: Json): Promise<Response> => {
    const headers: Record<string, string> = user === null ? {} : { 'x-user': user };
    const content = { 'content-type': 'application/json' };
    return body === undefined
      ? fetch(`${server}/${path}`, { method, headers })
      : fetch(`${server}/${path}`, {
          method,
          headers: { ...headers, ...content },
          body: JSON.stringify(body),
        });
  };
  const answer = async <Result>(...request: Parameters<typeof ask>): Promise<Result> => {
    const response = await ask(...request);
    const text = await response.text();
    if (!response.ok) {
      throw new Error(`${request[1]} ${request[2]} answers with ${response.status}: ${text}`);
    }
    return JSON.parse(text);
  };

  const { id } = await answer<{ id: number }>('7', 'POST', 'books', { title: 'Emma', price: '9.50' });
  await answer('8', 'PATCH', `books/${id}`, { title: 'Emmo' });
  const [change] = (await answer<{ items: Change[] }>(null, 'GET', `books/${id}/history`)).items;
  await answer('7', 'POST', `books/undo/${change?.revision.id}`, {});
  deepStrictEqual(await answer(null, 'GET', `books/${id}`), { title: 'Emma' });
  await answer('8', 'DELETE', `books/${id}`);
  await answer('7', 'POST', `books/${id}/undelete`, {});
  deepStrictEqual(await answer(null, 'GET', `books/${id}`), { title: 'Emma' });

  const { items } = await answer<{ items: Change[] }>(null, 'GET', `books/${id}/history`);
  deepStrictEqual(
    items.map(({ operation, before, after, revision: { actor, reason } }) => [
      operation,
      actor.id,
      actor.label,
      reason,
      before?.title,
      after?.title,
    ]),
    [
      ['create', '7', 'User 7', 'by mistake', undefined, 'Emma'],
      ['delete', '8', 'User 8', null, 'Emma', undefined],
      ['update', '7', 'User 7', 'by mistake', 'Emmo', 'Emma'],
      ['update', '8', 'User 8', null, 'Emma', 'Emmo'],
      ['create', '7', 'User 7', null, undefined, 'Emma'],
    ],
  );

  deepStrictEqual((await ask(null, 'GET', 'audit/changes')).status, 401);
  deepStrictEqual((await answer<{ items: Change[] }>('7', 'GET', 'audit/changes')).items.length, 5);
  const page = await (await ask('7', 'GET', 'audit/ui/')).text();
  const script = /src="(assets\/viewer-\w+\.js)"/.exec(page)?.[1];
  deepStrictEqual((await ask('7', 'GET', `audit/ui/${script}`)).status, 200);
}
