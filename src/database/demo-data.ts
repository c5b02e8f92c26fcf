import { MikroORM } from '@mikro-orm/core';
import type { INestApplication } from '@nestjs/common';
import { AuditContext, systemActor } from 'nestjs-mikro-audit';
import { tokenHash } from '../auth/token-hash.js';
import { User } from '../auth/user.entity.js';
import { Customer } from '../customers/customer.entity.js';
import { Technician } from '../technicians/technician.entity.js';
import { LineItem } from '../work-orders/line-item.entity.js';
import { Tag } from '../work-orders/tag.entity.js';
import { WorkOrder } from '../work-orders/work-order.entity.js';

/** Known to everybody, for trying out only. */
export const DEMO_USERS = [
  { name: 'Anna Berg', email: 'anna@maintenance.example', token: 'demo-token-anna' },
  { name: 'Boris Lind', email: 'boris@maintenance.example', token: 'demo-token-boris' },
  // A technician: sees the trail of the own work orders, without prices, and acts for nobody else.
  { name: 'Tariq Aziz', email: 'tariq@maintenance.example', token: 'demo-token-tariq' },
] as const;

/** Signs what a job says of who asked for it. Known to everybody as well. */
export const DEMO_ENVELOPE_KEY = 'demo-envelope-key-known-to-everybody';

/** Fills an empty database, so that there is something to look at. */
export async function createDemoData(app: INestApplication): Promise<void> {
  const em = app.get(MikroORM).em.fork();
  if ((await em.count(User)) > 0) return;
  for (const { token, ...user } of DEMO_USERS) em.create(User, { ...user, tokenHash: tokenHash(token) });
  const bakery = em.create(Customer, {
    name: 'Harbour Bakery',
    email: 'office@harbour-bakery.example',
    phone: '+49 40 5550 1234',
  });
  const school = em.create(Customer, {
    name: 'Elm Street School',
    email: 'caretaker@elm-street.example',
    phone: null,
  });
  const tariq = em.create(Technician, { name: 'Tariq Aziz', email: 'tariq@maintenance.example' });
  em.create(Technician, { name: 'Wanda Moreau', email: 'wanda@maintenance.example' });
  const warranty = em.create(Tag, { name: 'warranty' });
  em.create(Tag, { name: 'heating' });

  const oven = em.create(WorkOrder, {
    number: 'WO-1001',
    title: 'Oven 2 does not reach its temperature',
    priority: 'high',
    price: '480.00',
    scheduledAt: new Date('2027-01-12T05:30:00Z'),
    address: { street: '12 Quay Street', postalCode: '20457', city: 'Hamburg', country: 'DE' },
    customFields: { oven: { maker: 'Thermia', serial: 'T-88120' }, accessFrom: '04:00' },
    customer: bakery,
    technician: tariq,
  });
  oven.tags.add(warranty);
  em.create(LineItem, {
    workOrder: oven,
    description: 'Heating element 3 kW',
    quantity: 2,
    unitPrice: '89.90',
  });
  em.create(WorkOrder, {
    number: 'WO-1002',
    title: 'Yearly inspection of the boilers',
    price: '1250.00',
    address: { street: '4 Elm Street', postalCode: '22765', city: 'Hamburg', country: 'DE' },
    customFields: { boilers: 3 },
    customer: school,
  });
  await app.get(AuditContext).run({ actor: systemActor('demo-data'), reason: 'demo data' }, () => em.flush());
}
