import { defineEntity, p } from '@mikro-orm/postgresql';
import { auditPolicy } from 'nestjs-mikro-audit';

const ArticleSchema = defineEntity({
  name: 'Article',
  properties: { id: p.integer().primary(), title: p.string(), draft: p.text().nullable() },
});
export class Article extends ArticleSchema.class {}
ArticleSchema.setClass(Article);

export const articlePolicy = auditPolicy(Article, { name: 'article', label: 'title', ignore: ['draft'] });
