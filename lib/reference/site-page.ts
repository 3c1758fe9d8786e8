import { valueText } from '../site/problem';
import type { JsonSchema } from './json-schema';

/** One field of site.yaml, as a row of the reference. */
interface Row {
  readonly path: string;
  readonly required: boolean;
  readonly schema: JsonSchema;
}

/** The reference of site.yaml: a table of fields for each part of the file. */
export function sitePage(schema: JsonSchema): string {
  const parts = Object.entries(schema.properties ?? {}).filter(isSchemaEntry);
  return [
    '# site.yaml',
    '',
    'Generated from `lib/site/schema` by `npm run reference`.',
    '',
    'Every key that is not listed here is an error. Amounts are written as Kubernetes does (`30Gi`, `500m`), lengths of time',
    'as `12h` or `90d`. `[]` is an entry of a list, `*` a key of your own.',
    '',
    ...parts.flatMap(([name, part]) => section(name, part, schema.required?.includes(name) === true)),
  ].join('\n');
}

function section(name: string, part: JsonSchema, required: boolean): string[] {
  const rows = [...fields(part, name)];
  return [
    `## ${name}`,
    '',
    `${required ? 'Required. ' : ''}${plain(part)}`,
    '',
    ...(rows.length === 0
      ? []
      : [
          '| field | what it is | default | example |',
          '| --- | --- | --- | --- |',
          ...rows.map(rowText),
          '',
        ]),
  ];
}

function rowText({ path, required, schema }: Row): string {
  const standard = required ? '**required**' : schema.default === undefined ? '' : code(schema.default);
  const [example] = schema.examples ?? [];
  return `| \`${path}\` | ${plain(schema)} | ${standard} | ${example === undefined || isLarge(schema) ? '' : code(example)} |`;
}

function* fields(schema: JsonSchema, path: string): Generator<Row> {
  for (const [key, value] of Object.entries(schema.properties ?? {}).filter(isSchemaEntry)) {
    const at = `${path}.${key}`;
    if (!('const' in value))
      yield { path: at, required: schema.required?.includes(key) === true, schema: value };
    yield* fields(value, at);
  }
  for (const form of (schema.oneOf ?? []).filter(isSchema)) {
    const kind = Object.entries(form.properties ?? {})
      .filter(isSchemaEntry)
      .find(([, value]) => 'const' in value);
    yield* fields(form, kind ? `${path}(${kind[0]}: ${String(kind[1].const)})` : path);
  }
  if (isSchema(schema.items)) yield* fields(schema.items, `${path}[]`);
  if (isSchema(schema.additionalProperties)) yield* fields(schema.additionalProperties, `${path}.*`);
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isSchemaEntry(entry: [string, unknown]): entry is [string, JsonSchema] {
  return isSchema(entry[1]);
}

function isLarge(schema: JsonSchema): boolean {
  return schema.properties !== undefined || schema.oneOf !== undefined;
}

function plain(schema: JsonSchema): string {
  return (schema.description ?? '').replaceAll('|', '\\|').replaceAll('\n', ' ');
}

function code(value: unknown): string {
  return `\`${valueText(value).replaceAll('|', '\\|')}\``;
}
