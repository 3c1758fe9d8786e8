import { z } from 'zod';
import { similar } from './nearest';
import { variantNames, type SchemaPlace } from './schema-at';

/** A value that fits, as near as possible to the one that does not; the field's example where nothing is near. */
export interface Suggestion {
  readonly value: unknown;
  readonly example: boolean;
}

export function suggest(
  place: SchemaPlace,
  value: unknown,
  written: string | undefined,
  instead: unknown,
): Suggestion {
  const example = exampleOf(place);
  if (place.schema instanceof z.ZodLiteral) return { value: example, example: false };
  const near = candidates(place.schema, value, written, instead).find((candidate) =>
    fits(place.schema, candidate),
  );
  if (near === undefined) return { value: bare(place.schema, example), example: true };
  return {
    value: bare(place.schema, near),
    example: near === instead && near === example && !hasNumber(value, near),
  };
}

/** Whether the number of a text is one that the admin has written. */
function hasNumber(value: unknown, text: unknown): boolean {
  const number = /^\d+/.exec(String(text))?.[0];
  return number !== undefined && JSON.stringify(value).includes(number);
}

/** A number or truth value without quotes, where the field takes it so. */
function bare(schema: z.ZodType, value: unknown): unknown {
  if (typeof value !== 'string' || !/^(?:true|false|[1-9]\d{0,8}|0)$/.test(value)) return value;
  const plain: unknown = JSON.parse(value);
  return fits(schema, plain) ? plain : value;
}

export function exampleOf({ schema, facts }: SchemaPlace): unknown {
  if (facts) return facts.example;
  return schema instanceof z.ZodLiteral ? [...schema.values][0] : undefined;
}

/** Another spelling of a key that fits. */
export function respelledKey(schema: z.ZodType, key: string): string | undefined {
  return [...respell(key), `mig-${key.toLowerCase()}`].find((candidate) => fits(schema, candidate));
}

function fits(schema: z.ZodType, candidate: unknown): boolean {
  return candidate !== undefined && schema.safeParse(candidate).success;
}

function candidates(
  schema: z.ZodType,
  value: unknown,
  written: string | undefined,
  instead: unknown,
): unknown[] {
  const text =
    typeof value === 'string'
      ? value
      : typeof value === 'object'
        ? undefined
        : (written ?? JSON.stringify(value));
  return [
    ...(schema instanceof z.ZodNumber ? numbers(schema, value) : []),
    ...(schema instanceof z.ZodBoolean && text !== undefined ? [truth(text)] : []),
    ...(schema instanceof z.ZodEnum && text !== undefined ? [oneOf(text, schema.options.map(String))] : []),
    ...(schema instanceof z.ZodArray && !Array.isArray(value)
      ? [[value], ...(text === undefined ? [] : [[text], words(text)])]
      : []),
    ...(schema instanceof z.ZodDiscriminatedUnion && text !== undefined ? [form(schema, text)] : []),
    ...(isTextual(schema) && text !== undefined ? [text, ...respell(text), ...cut(schema, text)] : []),
    instead,
  ];
}

function isTextual(schema: z.ZodType): boolean {
  return !(schema instanceof z.ZodNumber || schema instanceof z.ZodBoolean || schema instanceof z.ZodEnum);
}

function numbers(schema: z.ZodNumber, value: unknown): number[] {
  const number = typeof value === 'number' ? value : typeof value === 'string' ? plainNumber(value) : NaN;
  if (Number.isNaN(number)) return [];
  const [low, high] = [schema.minValue ?? number, schema.maxValue ?? number];
  return [number, Math.abs(number), Math.min(Math.max(Math.round(number), low), high)];
}

/** `3`, `1_000`, `70%` and `3 nodes`, but not `30Gi`, whose unit says something else. */
function plainNumber(text: string): number {
  const digits = /^\s*(-?\d+(?:[_ ]\d{3})*(?:\.\d+)?)(?: ?%| [a-z]+)?\s*$/.exec(text)?.[1];
  return digits === undefined ? NaN : Number(digits.replace(/[_ ]/g, ''));
}

const TRUE = /^(?:true|yes|on|y|1|enabled?)$/i;
const FALSE = /^(?:false|no|off|n|0|disabled?|none)$/i;

function truth(text: string): boolean | undefined {
  return TRUE.test(text.trim()) ? true : FALSE.test(text.trim()) ? false : undefined;
}

/** Abbreviations that Kubernetes itself prints. */
const SHORT: Readonly<Record<string, string>> = { rwo: 'ReadWriteOnce', rwx: 'ReadWriteMany' };

function oneOf(text: string, options: readonly string[]): string | undefined {
  const plain = text.trim().toLowerCase();
  return (
    [
      SHORT[plain],
      options.find((option) => option.length === 3 && plain.startsWith(option.toLowerCase())),
    ].find((option) => option !== undefined && options.includes(option)) ?? similar(text.trim(), options)
  );
}

function words(text: string): string[] {
  return text.trim().split(/[\s,]+/);
}

/** `solver: http01` means `solver: { type: http01 }`. */
function form(schema: z.ZodDiscriminatedUnion, text: string): unknown {
  const forms = variantNames(schema);
  const name = forms && similar(text, forms.names);
  return name === undefined ? undefined : { [forms?.key ?? '']: name };
}

function cut(schema: z.ZodType, text: string): string[] {
  const max = schema instanceof z.ZodString ? schema.maxLength : null;
  return max === null
    ? []
    : [
        text
          .trim()
          .slice(0, max)
          .replace(/[^A-Za-z0-9]+$/, ''),
      ];
}

const CRON: Readonly<Record<string, string>> = {
  '@hourly': '17 * * * *',
  '@daily': '17 2 * * *',
  '@midnight': '0 0 * * *',
  '@weekly': '17 2 * * 0',
  '@monthly': '17 2 1 * *',
};

/** Readings of a text that people often mean by it. */
function respell(text: string): string[] {
  const trimmed = text.trim().replace(/^["'“”‘’]+|["'“”‘’]+$/g, '');
  const lower = trimmed.toLowerCase();
  const ascii = trimmed.normalize('NFKD').replace(/\p{M}/gu, '');
  const host = lower
    .replace(/^[a-z]+:\/\/(?:[^/@]*@)?/, '')
    .replace(/[/:].*$/, '')
    .replace(/_/g, '-')
    .replace(/^[.*]+|\.+$/g, '');
  const network = /^\d+(?:\.\d+){3}$/.test(trimmed)
    ? `${trimmed}/${String(32 - (8 * (/(?:\.0)*$/.exec(trimmed)?.[0].length ?? 0)) / 2)}`
    : '';
  const [, minor = ''] = /^v?(?:1\.)?(\d\d)(?:\.\d+)?$/.exec(trimmed) ?? [];
  return [
    trimmed,
    trimmed.replace(/\s+/g, ' '),
    trimmed.replace(/\s+/g, '-'),
    trimmed.replace(/\.{2,}/g, '.'),
    CRON[lower] ?? '',
    trimmed.replace(/(?<= )7$/, '0'),
    trimmed.replace(/^.*<([^<>\s]+)>$/, '$1'),
    ...(lower.includes('://') || !lower.includes('/') ? [host] : []),
    lower,
    trimmed.replace(/([a-z])([A-Z])/g, '$1-$2').toLowerCase(),
    trimmed.replace(/^nvidia\.com\//, ''),
    trimmed.replace(/^\/var\/lib\/kubelet\/seccomp\//, ''),
    trimmed.replace(/\/+$/, ''),
    `${trimmed}/`,
    `/${trimmed}`,
    `@${trimmed}`,
    `${trimmed}%`,
    network,
    trimmed.replace(/\/\d+$/, ''),
    trimmed.replace(/^(?=\d:)/, '0'),
    trimmed.replace(/^24:/, '00:'),
    trimmed
      .replace(/^http:/, 'https:')
      .replace(/[?#].*$/, '')
      .replace(/\/\/[^/@]*@/, '//'),
    `https://${trimmed}`,
    trimmed.replace(/^git@([^:/]+):/, 'ssh://git@$1/'),
    lower.replace(/[_\s.]+/g, '-'),
    ascii.toLowerCase().replace(/[_\s.]+/g, '-'),
    trimmed.replace(/[^\w./-]/g, ''),
    lower
      .replace(/[_\s]+/g, '-')
      .replace(/[^-a-z0-9.]/g, '')
      .replace(/^[-.\d]+|[-.]+$/g, ''),
    host,
    `${trimmed}:53`,
    minor === '' ? '' : `1.${minor}`,
    /\d$/.test(trimmed) ? `${trimmed}.0` : '',
    trimmed.slice(0, 1).toUpperCase() + lower.slice(1),
  ].filter((candidate) => candidate !== '');
}
