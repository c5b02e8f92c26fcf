// #region imports
import { Entity, PrimaryKey, Property } from '@mikro-orm/decorators/legacy';
import { Audited, AuditIgnore, AuditMask, MaskedValue } from 'nestjs-mikro-audit';

// #endregion

// #region member
@Audited({ name: 'member' })
@Entity()
export class Member {
  @PrimaryKey() id!: number;
  @Property() name!: string;

  @AuditMask('last4') @Property() phone!: string; // {"$mask":{"kind":"last4","value":"1234"}}
  @AuditMask() @Property({ type: 'text' }) diagnosis!: string; // {"$mask":{"kind":"redact"}}
  @AuditMask('hash') @Property() taxNumber!: string; // needs the option hashKey
  @Property() passwordHash!: string; // masked by its name
  @AuditMask(false) @Property() tokenColour!: string; // masked by its name, were it not for false
  @AuditIgnore() @Property() lastSeenPage!: string; // leaves no trace
}
// #endregion

// #region show
export function show(value: unknown): string {
  if (!(value instanceof MaskedValue)) return String(value);
  return value.kind === 'last4' ? `…${value.value}` : 'hidden';
}
// #endregion
