// #region module
import { Injectable, Module } from '@nestjs/common';
import { type AuditAccess, AuditAccessPolicy, AuditHttpModule } from 'nestjs-mikro-audit/http';

/** A request, as the guards of this app leave it. */
interface AppRequest {
  readonly user?: { readonly id: string; readonly role: 'admin' | 'clerk'; readonly tenant: string };
}

@Injectable()
export class TrailPolicy extends AuditAccessPolicy {
  override accessOf({ user }: AppRequest): AuditAccess | null {
    if (!user) {
      return null; // 401
    }
    const within = { metadata: { tenant: user.tenant } };
    return user.role === 'admin'
      ? { permissions: ['list', 'history', 'values', 'export', 'restore'], entities: { book: { within } } }
      : { permissions: ['history', 'values'], entities: { book: { within, hidden: ['stock'] } } };
  }
}

@Module({ imports: [AuditHttpModule.forRoot({ path: 'audit', access: { useClass: TrailPolicy } })] })
export class TrailModule {}

// #endregion module
// #region export
import type { AuditExportReader } from 'nestjs-mikro-audit/http';

/** Counts the changes of an export, and fails when the file is not whole. */
export async function countChanges(reader: AuditExportReader, file: AsyncIterable<Uint8Array>) {
  let count = 0;
  for await (const { entityType } of reader.read(file)) {
    count += entityType === null ? 0 : 1;
  }
  return count;
}
// #endregion export

// #region viewer
export const trailWithViewer = AuditHttpModule.forRoot({
  access: { useClass: TrailPolicy },
  viewer: { title: 'Work orders', homeUrl: '/', signInUrl: '/login' },
});
// #endregion viewer

// #region viewer-links
export const trailForTokens = AuditHttpModule.forRoot({
  access: { useClass: TrailPolicy },
  viewer: { oneTimeLinks: true, signInUrl: '/audit' }, // a page of your client that opens the viewer
});
// #endregion viewer-links
