import { z } from 'zod';
import { parseDuration, type Duration } from '../kubernetes/duration';
import { parseBytes, parseCpu, sayBytes, type Bytes, type Cpu, type Parsed } from '../kubernetes/quantity';

/** What an admin needs to know of a field; it becomes the editor's hover text, the reference page and the error. */
export interface About {
  /** What it is, its unit, and how to find the value. */
  readonly description: string;
  /** A valid value: errors offer it as the fix. */
  readonly example: unknown;
}

/** What errors say of a field. */
export interface FieldFacts {
  readonly expected: string;
  readonly example: unknown;
}

/** Facts of every field, looked up when a value does not fit. */
export const fieldFacts = z.registry<FieldFacts>();

/** Gives a schema what the editor, the reference page and errors say of it. */
export function described<T extends z.ZodType>(schema: T, about: About, expected: string): T {
  const field = schema.meta({ description: about.description, examples: [about.example] });
  fieldFacts.add(field, { expected, example: about.example });
  return field;
}

/** Text of a form; `expected` says the form in words. */
export function text(about: About, form: { pattern: RegExp; expected: string; maxLength?: number }) {
  const schema = z.string().regex(form.pattern);
  return described(form.maxLength === undefined ? schema : schema.max(form.maxLength), about, form.expected);
}

export const line = (about: About) =>
  text(about, {
    pattern: /^\S(?:[^\n\r]*\S)?$/,
    expected: 'text on one line, at most 100 characters',
    maxLength: 100,
  });

const LABEL = /^[a-z](?:[-a-z0-9]*[a-z0-9])?$/;

/** Name of a thing of the site, and so of objects in the cluster. */
export const name = (about: About, maxLength = 40) =>
  text(about, {
    pattern: LABEL,
    expected: `a name of small letters, digits and "-", beginning with a letter, at most ${String(maxLength)} characters`,
    maxLength,
  });

const DNS_LABEL = '[a-z0-9](?:[-a-z0-9]{0,61}[a-z0-9])?';
const DNS_NAME = `${DNS_LABEL}(?:\\.${DNS_LABEL})*`;

/** As of a DNS name, but only the whole has a length. */
const OBJECT_LABEL = '[a-z0-9](?:[-a-z0-9]*[a-z0-9])?';

/** Name of an object that others made, by Kubernetes' own rule. */
export const objectName = (about: About) =>
  text(about, {
    pattern: new RegExp(`^${OBJECT_LABEL}(?:\\.${OBJECT_LABEL})*$`),
    expected: 'the name of a Kubernetes object: small letters, digits, "-" and "."',
    maxLength: 253,
  });

/** Name of a namespace: no dots, unlike names of other objects. */
export const namespaceName = (about: About) =>
  text(about, {
    pattern: new RegExp(`^${DNS_LABEL}$`),
    expected: 'the name of a namespace: small letters, digits and "-", at most 63 characters',
    maxLength: 63,
  });

export const hostName = (about: About) =>
  text(about, {
    pattern: new RegExp(`^(?:${DNS_LABEL}\\.)+[a-z](?:[-a-z0-9]{0,61}[a-z0-9])?$`),
    expected: 'a full host name of small letters, digits, "-" and ".", such as af.example.org',
    maxLength: 253,
  });

export const email = (about: About) =>
  text(about, {
    pattern: /^[\w.%+'-]+@(?:[A-Za-z0-9](?:[-A-Za-z0-9]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}$/,
    expected: 'an e-mail address',
    maxLength: 254,
  });

const OCTET = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const IPV4 = `(?:${OCTET}\\.){3}${OCTET}`;
const HEX = '[0-9a-f]{1,4}';
/** Eight groups, or fewer around one "::". */
const IPV6 = `(?:(?:${HEX}:){7}${HEX}|(?!(?::*${HEX}\\b){8})(?:${HEX}(?::${HEX})*)?::(?:${HEX}(?::${HEX})*)?)`;

export const PORT = '(?:6553[0-5]|655[0-2]\\d|65[0-4]\\d\\d|6[0-4]\\d{3}|[1-5]\\d{4}|[1-9]\\d{0,3})';
/** A host as it stands in a URL: an IPv6 address in brackets. */
export const HOST = `(?:${DNS_NAME}|\\[${IPV6}\\])`;
export const AUTHORITY = `${HOST}(?::${PORT})?`;

export const httpsUrl = (about: About) =>
  text(about, {
    pattern: new RegExp(`^https://${AUTHORITY}(?:/[\\w.~%/-]*)?$`),
    expected: 'an https:// address without user, query or fragment',
  });

export const address = (about: About) =>
  text(about, {
    pattern: new RegExp(`^(?:${IPV4}|${IPV6})$`),
    expected: 'an IPv4 or IPv6 address, such as 192.0.2.10',
  });

export const cidr = (about: About) =>
  text(about, {
    pattern: new RegExp(`^(?:${IPV4}/(?:3[0-2]|[12]?\\d)|${IPV6}/(?:12[0-8]|1[01]\\d|[1-9]?\\d))$`),
    expected: 'a network in CIDR notation, such as 10.244.0.0/16',
  });

/** Key of a Kubernetes label, with an optional prefix. */
export const labelKey = (about: About) =>
  text(about, {
    pattern: new RegExp(`^(?:${DNS_NAME}/)?[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$`),
    expected: 'a label key, such as nvidia.com/gpu',
  });

export const labelValue = (about: About) =>
  text(about, {
    pattern: /^(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/,
    expected: 'a label value: at most 63 letters, digits, "-", "_", "."',
  });

export function wholeNumber(about: About, range: { min: number; max: number }) {
  const expected = `a whole number from ${String(range.min)} to ${String(range.max)}`;
  return described(z.int().min(range.min).max(range.max), about, expected);
}

export const truth = (about: About) => described(z.boolean(), about, 'true or false');

export function oneOf<const T extends readonly [string, ...string[]]>(about: About, values: T) {
  return described(z.enum(values), about, `one of ${values.join(', ')}`);
}

/** A list; what is there twice is a mistake, in lists of names above all. */
export function list<T extends z.ZodType>(about: About, item: T, min = 0) {
  const schema = z
    .array(item)
    .min(min)
    .max(1000)
    .superRefine((items, context) => {
      const texts = items.map((entry) => JSON.stringify(entry));
      texts.forEach((entry, index) => {
        const first = texts.indexOf(entry);
        if (first < index) context.addIssue({ code: 'custom', path: [index], params: { twice: first } });
      });
    });
  return described(schema, about, min === 0 ? 'a list' : 'a list with at least one entry');
}

export function mapping<T extends z.core.$ZodShape>(about: About, shape: T) {
  const keys = Object.keys(shape);
  const some = keys.length <= 15 ? keys.join(', ') : `${keys.slice(0, 5).join(', ')}, …`;
  return described(z.strictObject(shape), about, `a mapping with ${some}`);
}

export const dictionary = <T extends z.ZodType>(about: About, key: z.ZodType<string, string>, value: T) =>
  described(z.record(key, value), about, 'a mapping of names to values');

/** A key that is known but not for the admin to set. */
export const forbidden = (about: About, expected: string) => described(z.never(), about, expected).optional();

/** A mapping whose `key` says which of several forms it has. */
export const variant = <
  const K extends string,
  T extends readonly [z.core.$ZodTypeDiscriminable, ...z.core.$ZodTypeDiscriminable[]],
>(
  about: About,
  key: K,
  forms: T,
) => described(z.discriminatedUnion(key, forms), about, `a mapping with ${key}`);

/** What a value is refused for, and what most likely was meant. */
interface Refused {
  readonly expected: string;
  readonly instead?: unknown;
}

/** Text that is parsed into a value once; a refusal says what would be right. */
function parsed<T>(
  about: About,
  expected: string,
  parse: (text: string) => Parsed<T>,
  /** The text to take instead of a value that is outside of the range. */
  nearestBound: (value: T) => string | undefined,
) {
  const schema = z.union([z.string(), z.number()]).transform((input, context): T => {
    const refuse = (params: Refused) => {
      context.addIssue({ code: 'custom', params: { ...params } });
      return z.NEVER;
    };
    const result = parse(String(input));
    if ('refusal' in result) return refuse(result.refusal);
    const instead = nearestBound(result.value);
    return instead === undefined ? result.value : refuse({ expected, instead });
  });
  return described(schema, about, expected);
}

export interface BytesRange {
  readonly min: number;
  readonly max: number;
}
const GI = 1024 ** 3;
export const ANY_BYTES: BytesRange = { min: 1024 ** 2, max: 4 * 1024 ** 5 };
export const VOLUME_BYTES: BytesRange = { min: GI, max: 1024 ** 5 };

/** Memory or storage with its unit, `30Gi`. */
export const bytes = (about: About, range: BytesRange = ANY_BYTES) => {
  const [least, most] = [sayBytes(range.min), sayBytes(range.max)];
  const expected = `an amount with its unit from ${least} to ${most}, such as 30Gi`;
  return parsed<Bytes>(about, expected, parseBytes, (value) =>
    value.bytes < range.min ? least : value.bytes > range.max ? most : undefined,
  );
};

/** Cores, `2` or `500m`. */
export const cpu = (about: About, maxCores = 1024) => {
  const expected = `cores from 1m to ${String(maxCores)}, such as 2, 0.5 or 500m`;
  return parsed<Cpu>(about, expected, parseCpu, ({ millicores }) => {
    if (millicores <= maxCores * 1000) return undefined;
    // Who writes 7500 for the cores of a node has left out the m.
    const thousandth = millicores / 1000;
    return thousandth <= maxCores * 1000 ? `${String(Math.round(thousandth))}m` : String(maxCores);
  });
};

/** A length of time, `12h`. */
export const duration = (about: About, range: { min: string; max: string }) => {
  const expected = `a duration from ${range.min} to ${range.max}, such as ${String(about.example)}`;
  const seconds = (bound: string) => {
    const result = parseDuration(bound);
    return 'value' in result ? result.value.seconds : 0;
  };
  const [min, max] = [seconds(range.min), seconds(range.max)];
  return parsed<Duration>(about, expected, parseDuration, (value) =>
    value.seconds < min ? range.min : value.seconds > max ? range.max : undefined,
  );
};
