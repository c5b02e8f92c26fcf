import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import ts from 'typescript';
import { PROJECT } from '../support/project-paths.js';

const source = `
import { Audited, AuditIgnore, AuditMask } from 'nestjs-mikro-audit';

@Audited({ name: 'account' })
@AuditMask()
export class Account {
  @AuditMask('last4') iban = '';
  @AuditIgnore() accessor views = 0;
  @AuditMask() optional?: string;
}
`;

it('the decorators type-check as TC39 decorators, too', () => {
  const fileName = join(PROJECT, 'test/types/tc39-source.ts');
  const { config } = ts.readConfigFile(join(PROJECT, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, PROJECT);
  const compilerOptions = { ...options, experimentalDecorators: false, emitDecoratorMetadata: false };
  const host = ts.createCompilerHost(compilerOptions);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (name) => name === fileName || fileExists(name);
  host.getSourceFile = (name, ...rest) =>
    name === fileName ? ts.createSourceFile(name, source, rest[0]) : getSourceFile(name, ...rest);
  const program = ts.createProgram([fileName], compilerOptions, host);
  const messages = program
    .getSemanticDiagnostics(program.getSourceFile(fileName))
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
  expect(messages).toEqual([]);
});
