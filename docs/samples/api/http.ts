import { createReadStream } from 'node:fs';
import { Injectable, Module } from '@nestjs/common';
import {
  type AccessView,
  type ActivityView,
  type AuditAccess,
  AuditAccessPolicy,
  type AuditExportReader,
  AuditHttpModule,
  type BlameView,
  type ChangeOfRevisionView,
  type CoverageView,
  type HttpLimits,
  type Problem,
  type RestoredView,
  type RevisionSummaryView,
  type SealView,
  type StateView,
  type ViewerOptions,
} from 'nestjs-mikro-audit/http';

@Injectable()
export class Settings {
  readonly title = 'Trail of the shop';
  readonly exportRows = 50_000;
}

@Module({ providers: [Settings], exports: [Settings] })
export class SettingsModule {}

/** Everything, for a company where everybody may see all invoices. */
@Injectable()
export class Everybody extends AuditAccessPolicy {
  override accessOf(): AuditAccess {
    return { permissions: ['list', 'history', 'values', 'export'], entities: { '*': { within: 'all' } } };
  }
}

export const limits: HttpLimits = {
  readMilliseconds: 2_000,
  eventStreams: 20,
  exports: 2,
  refusals: 50,
  exportRows: 100_000,
  exportMilliseconds: 60_000,
};

const viewer: ViewerOptions = {
  title: 'Trail of the shop',
  hook: '/assets/trail-hook.js',
  folder: process.env.TRAIL_VIEWER ?? '/srv/trail-viewer',
};

export const trail = AuditHttpModule.forRoot({
  access: { useClass: Everybody },
  imports: [SettingsModule],
  viewer,
  limits,
  recordTrailReads: ['values', 'export'],
  security: ['bearer'],
});

/** Options that come from a service of the app. */
export const trailOfSettings = AuditHttpModule.forRootAsync({
  path: 'trail',
  access: { useClass: Everybody },
  imports: [SettingsModule],
  inject: [Settings],
  useFactory: ({ title, exportRows }: Settings) => ({ viewer: { ...viewer, title }, limits: { exportRows } }),
});

/** A client in TypeScript. */
export class TrailClient {
  constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  /** The entities whose histories the reader may see. */
  async visible(): Promise<readonly string[]> {
    const { entities } = await this.get<AccessView>('access');
    return entities.map(({ type }) => type);
  }

  /** Who has done what, the newest first. */
  async newest(entityType: string): Promise<readonly string[]> {
    const page = await this.get<{ readonly items: readonly ChangeOfRevisionView[] }>(
      `changes?entity=${entityType}`,
    );
    return page.items.map(({ operation, revision }) => `${revision.actor.label}: ${operation}`);
  }

  /** How many changes each revision has. */
  async sizes(): Promise<readonly number[]> {
    const page = await this.get<{ readonly items: readonly RevisionSummaryView[] }>('revisions');
    return page.items.map(({ counts }) => Object.values(counts).reduce((sum, count) => sum + count, 0));
  }

  /** Who has set each property of an entity. */
  async authors(entityType: string, id: string): Promise<readonly string[]> {
    const path = `entities/${entityType}/${id}/blame`;
    const { properties } = await this.get<{ readonly properties: readonly BlameView[] | null }>(path);
    return (properties ?? []).map(
      ({ path, revision }) => `${path}: ${revision?.actor.label ?? 'nobody known'}`,
    );
  }

  /** Null where the entity was not there. */
  async state(entityType: string, id: string, at: Date): Promise<StateView | null> {
    const path = `entities/${entityType}/${id}/state?at=${at.toISOString()}`;
    return (await this.get<{ readonly state: StateView | null }>(path)).state;
  }

  async daysOf(from: Date): Promise<number> {
    return (await this.get<ActivityView>(`activity?from=${from.toISOString()}`)).days.length;
  }

  /** How the changes of an entity stand in the log of a sealed trail. */
  async seals(entityType: string, id: string): Promise<readonly (SealView | undefined)[]> {
    const path = `entities/${entityType}/${id}/history`;
    const page = await this.get<{ readonly items: readonly { readonly seal?: SealView }[] }>(path);
    return page.items.map(({ seal }) => seal);
  }

  coverage(): Promise<CoverageView> {
    return this.get('coverage');
  }

  /** @param token of a plan, which a person has looked at */
  async restore(entityType: string, id: string, token: string, reason: string): Promise<RestoredView> {
    const response = await fetch(`${this.url}/entities/${entityType}/${id}/restore`, {
      method: 'POST',
      body: JSON.stringify({ token, reason }),
      headers: { ...this.headers, 'content-type': 'application/json' },
    });
    return answerOf<RestoredView>(response);
  }

  private async get<Answer>(path: string): Promise<Answer> {
    return answerOf<Answer>(await fetch(`${this.url}/${path}`, { headers: this.headers }));
  }

  private get headers(): Record<string, string> {
    return { authorization: `Bearer ${this.token}` };
  }
}

/** @throws Error with the reason that the server gives */
async function answerOf<Answer>(response: Response): Promise<Answer> {
  if (!response.ok) {
    const { code, detail } = (await response.json()) as Problem;
    throw new Error(`${code}: ${detail}`);
  }
  return (await response.json()) as Answer;
}

/** The entities in a file whose download was cut short. */
export async function entitiesIn(reader: AuditExportReader, file: string): Promise<ReadonlySet<string>> {
  const entities = new Set<string>();
  for await (const line of reader.read(createReadStream(file), { mayBeTruncated: true })) {
    if (line.entityType !== null) {
      entities.add(`${line.entityType} ${line.entityId}`);
    }
  }
  return entities;
}
