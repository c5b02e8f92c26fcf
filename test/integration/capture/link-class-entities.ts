import { defineEntity, p } from '@mikro-orm/core';

// Links whose rows have a class of their own: `pivotEntity`.

export const Product = defineEntity({
  name: 'Product',
  properties: {
    id: p.integer().primary(),
    name: p.string(),
    orders: () => p.manyToMany(Order).mappedBy('products'),
  },
});
export const Item = defineEntity({
  name: 'Item',
  properties: {
    order: () => p.manyToOne(Order).primary(),
    product: () => p.manyToOne(Product).primary(),
    amount: p.integer().default(1),
  },
});
export const Order = defineEntity({
  name: 'Order',
  properties: {
    id: p.integer().primary(),
    items: () => p.oneToMany(Item).mappedBy('order'),
    products: () =>
      p
        .manyToMany(Product)
        .pivotEntity(() => Item)
        .inversedBy('orders'),
  },
});
/** A class of links with a key of its own. */
export const Seat = defineEntity({
  name: 'Seat',
  properties: {
    id: p.integer().primary(),
    course: () => p.manyToOne(Course),
    student: () => p.manyToOne(Student),
    row: p.integer().default(0),
  },
});
export const Course = defineEntity({
  name: 'Course',
  properties: { id: p.integer().primary(), students: () => p.manyToMany(Student).pivotEntity(() => Seat) },
});
export const Student = defineEntity({ name: 'Student', properties: { id: p.integer().primary() } });
