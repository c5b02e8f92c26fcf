import { Controller, Get, Header } from '@nestjs/common';
import { ApiExcludeController } from '@nestjs/swagger';
import { Public } from '../auth/public.decorator.js';
import { wayBack } from '../auth/way-back.js';
import { htmlPage } from './html-page.js';
import { demoSignIns } from './sign-in-form.js';

/** The first page that somebody sees who has started the app. */
@ApiExcludeController()
@Controller()
export class StartController {
  @Get()
  @Public()
  @Header('content-type', 'text/html; charset=utf-8')
  start(): string {
    return htmlPage(
      'Work orders',
      `<h1>Work orders</h1>
<p>This is the reference app of nestjs-mikro-audit: the API of a maintenance company. Every change of its data is in the audit trail, with who made it, when and why.</p>
<h2>See the audit trail</h2>
<p>Anna and Boris are dispatchers and see all of it. Tariq is a technician: he sees the history of his own work orders, without prices.</p>
${demoSignIns(wayBack(undefined))}
<h2>Change something</h2>
<p>The terminal shows three commands to copy. All routes are in the <a href="/docs">OpenAPI documentation</a>.</p>`,
    );
  }
}
