// Prints TypeScript types of the schemas of apps/messages/api/openapi.json: `npm run types`. A test holds
// src/api/types.ts against what this prints.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const document = fileURLToPath(new URL('../../../apps/messages/api/openapi.json', import.meta.url));

function typeOf(schema) {
  if (schema.$ref) return schema.$ref.split('/').pop();
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (Array.isArray(schema.type)) return schema.type.map((type) => typeOf({ ...schema, type })).join(' | ');
  if (schema.type === 'array') return `${typeOf(schema.items)}[]`;
  if (schema.type === 'object') return 'Record<string, unknown>';
  return { string: 'string', boolean: 'boolean', integer: 'number', number: 'number', null: 'null' }[schema.type];
}

function interfaceOf(name, schema) {
  const required = new Set(schema.required ?? []);
  const members = Object.entries(schema.properties).map(([member, of]) => {
    const comment = of.description ? `  /** ${of.description} */\n` : '';
    return `${comment}  ${member}${required.has(member) ? '' : '?'}: ${typeOf(of)};\n`;
  });
  return `export interface ${name} {\n${members.join('')}}\n`;
}

export function apiTypes() {
  const { schemas } = JSON.parse(readFileSync(document, 'utf8')).components;
  const head = '// Written by `npm run types` from apps/messages/api/openapi.json; not edited by hand.\n';
  return [head, ...Object.entries(schemas).map(([name, schema]) => interfaceOf(name, schema))].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) process.stdout.write(apiTypes());
