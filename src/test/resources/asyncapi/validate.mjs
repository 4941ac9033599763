// Reads an AsyncAPI document and prints what AsyncAPI's own parser and rules find, one line each; fails if any of it is an error.
//
//   node validate.mjs FILE
import { readFileSync } from 'node:fs';
import { DiagnosticSeverity, Parser } from '@asyncapi/parser';

const { document, diagnostics } = await new Parser().parse(readFileSync(process.argv[2], 'utf8'));
for (const { severity, code, path, message } of diagnostics) {
  console.log(`${DiagnosticSeverity[severity] ?? severity} ${code} ${path.join('/')}: ${message}`);
}
const failed = diagnostics.some(({ severity }) => severity === DiagnosticSeverity.Error);
if (!failed) {
  console.log(`valid: AsyncAPI ${document.version()}, ${document.messages().all().length} messages`);
}
process.exit(failed || !document ? 1 : 0);
