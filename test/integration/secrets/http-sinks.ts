import { EntityManager } from '@mikro-orm/postgresql';
import { BadRequestException, Controller, Inject, Param, Post } from '@nestjs/common';
import type { AuditAccess } from 'nestjs-mikro-audit/http';
import type { AuditedApp } from '../../support/audited-app.js';
import { answerUntil, describedAttempts } from '../http/described-routes.js';
import { EVERYTHING } from '../http/law-firm-app.js';
import { canary, jwt, url } from './canary.js';
import type { Told } from './sinks.js';
import { Vault } from './vault.js';

/** The one of the app: a request with secrets in its headers, its path and its query writes something, or fails. */
@Controller('vaults')
export class VaultsController {
  constructor(@Inject(EntityManager) private readonly em: EntityManager) {}

  @Post(':token')
  async create(@Param('token') token: string): Promise<object> {
    const em = this.em.fork();
    em.create(Vault, { title: 'by request' });
    await em.flush();
    if (token.endsWith('fail')) {
      // Nest prints the message of any other error.
      throw new BadRequestException(`failed with ${token}`);
    }
    return {};
  }
}

const HEADERS = () => ({
  authorization: `Bearer ${canary('bearer')}`,
  cookie: `sid=${canary('cookie')}`,
  'x-api-key': canary('apikey'),
  'user-agent': `agent ${url('useragent')}`,
  'x-request-id': url('requestid'),
  'x-reason': `because ${url('header')}`,
});

/** Requests with secrets that a reader has typed, or that a client puts everywhere. */
const READER_QUERIES = () => [
  `/changes?entity=vault&value=${encodeURIComponent(`data.password:to:eq:"${canary('searched')}"`)}`,
  `/changes?entity=vault&value=${encodeURIComponent(`login.password:to:eq:"${canary('searchedmember')}"`)}`,
  `/changes?entity=vault&value=${encodeURIComponent(`dbPass:to:eq:"${canary('searchedname')}"`)}`,
  `/changes?text=${encodeURIComponent(url('searchedtext'))}`,
  `/entities/vault/states?at=2999-01-01T00:00:00Z&where.data.password=${encodeURIComponent(`"${canary('where')}"`)}`,
  `/entities/vault/states?at=2999-01-01T00:00:00Z&where.dbPass=${encodeURIComponent(`"${canary('wherename')}"`)}`,
  `/changes?access_token=${canary('queried')}`,
  `/events?token=${jwt('eventtoken')}`,
  `/revisions/999999?apiKey=${canary('notfound')}`,
];
const NOBODYS_RIGHTS: AuditAccess = { permissions: [], entities: { vault: { within: 'all' } } };

type Ask = (path: string, access?: AuditAccess, body?: object) => Promise<Response>;

/** Asks every described route in every way, with and without rights. */
export async function askByHttp(audited: AuditedApp): Promise<Told> {
  const { app, reader } = audited;
  const root = await app.getUrl();
  const ask: Ask = (path, access = EVERYTHING, body) =>
    fetch(root + path, {
      method: body ? 'POST' : 'GET',
      headers: {
        ...HEADERS(),
        'x-access': JSON.stringify(access),
        ...(body ? { 'content-type': 'application/json' } : {}),
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
  for (const path of ['/vaults/some', `/vaults/${canary('path')}fail?token=${canary('query')}`]) {
    await ask(path, EVERYTHING, {});
  }
  const errors: string[] = [];
  for (const query of READER_QUERIES()) {
    for (const access of [EVERYTHING, NOBODYS_RIGHTS]) {
      // A refusal repeats what its own reader has just sent: only the trail and the log must not have it.
      await (await ask(`/audit${query}`, access)).body?.cancel();
    }
  }
  const revisions = (await reader.revisions({ order: 'oldest' })).items.map(({ id }) => id);
  const answers: string[] = [];
  const plans: string[] = [];
  const attempts = describedAttempts(app, {
    places: [
      { type: 'vault', id: '1' },
      { type: 'visit', id: '1' },
    ],
    revisions,
    queries: (names) => queriesOf(names),
    bodies: [
      {},
      { to: { revision: revisions[0] } },
      { to: { beforeRevision: revisions.at(-1) } },
      { token: 'x' },
    ],
  });
  for (const { method, route, path, body } of attempts) {
    if (route.endsWith('/events')) {
      continue;
    }
    const response = await ask(path, EVERYTHING, method === 'post' ? (body ?? {}) : undefined);
    const text = await response.text();
    (response.ok ? (method === 'post' ? plans : answers) : errors).push(text);
    const { token } = response.ok && method === 'post' ? JSON.parse(text) : { token: undefined };
    if (typeof token === 'string') {
      const applied = await ask(path.replace('-plan', ''), EVERYTHING, { token, reason: url('restored') });
      (applied.ok ? plans : errors).push(await applied.text());
    }
  }
  const found = (pattern: string) => answers.filter((text) => text.includes(pattern)).join('\n');
  return {
    answers: answers.join('\n'),
    exports: answers.filter((text) => /^\{"id"|^\uFEFF?id,|"manifest"/.test(text)).join('\n'),
    manifests: found('"sha256"'),
    plans: plans.join('\n'),
    errors: `vault ${errors.join('\n')}`,
    events: await events(audited, ask, revisions),
    viewer: await viewer(ask),
  };
}

function queriesOf(names: readonly string[]): readonly string[] {
  const needed = names.includes('at')
    ? ['at=2999-01-01T00:00:00Z']
    : names.includes('by')
      ? ['by=actor']
      : names.includes('to')
        ? ['from=2000-01-01T00:00:00Z', 'to=2999-01-01T00:00:00Z']
        : names.includes('timeZone')
          ? ['from=2000-01-01T00:00:00Z']
          : names.includes('id') && !names.includes('entity')
            ? ['id=1']
            : [];
  const more = [
    [],
    ...(names.includes('details') ? [['details=true']] : []),
    ...(names.includes('format') ? [['format=csv'], ['format=ndjson']] : []),
    ...(names.includes('populate') ? [['populate=owner,holders,apiTokens,accessToken']] : []),
    ...(names.includes('action') ? [['action=audit.search'], ['action=audit.restore']] : []),
    ...(names.includes('by') ? [['by=action'], ['by=entity']] : []),
  ];
  return more.map((one) => {
    const own = new Set(one.map((pair) => pair.split('=')[0]));
    return [...needed.filter((pair) => !own.has(pair.split('=')[0])), ...one].join('&');
  });
}

async function events(audited: AuditedApp, ask: Ask, revisions: readonly string[]): Promise<string> {
  const stop = new AbortController();
  const response = await fetch(`${await audited.app.getUrl()}/audit/events`, {
    headers: {
      ...HEADERS(),
      'x-access': JSON.stringify(EVERYTHING),
      'last-event-id': revisions[0] ?? '',
    },
    signal: stop.signal,
  });
  await ask('/vaults/last', EVERYTHING, {});
  const [newest] = (await audited.reader.revisions({ limit: 1, entity: Vault })).items;
  return answerUntil(`id: ${newest?.id}`, response, stop);
}

/** The viewer shows what the routes give; its own are a page and what a reader may do. */
async function viewer(ask: Ask): Promise<string> {
  const texts = [
    '/audit/ui/',
    '/audit/access',
    '/audit/changes?details=true&limit=100',
    '/audit/revisions?limit=100',
  ].map(async (path) => (await ask(path)).text());
  return (await Promise.all(texts)).join('\n');
}
