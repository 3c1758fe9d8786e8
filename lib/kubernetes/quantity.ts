/**
 * Kubernetes quantities, parsed once where text enters and carried as values from there on.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */

/** An amount of memory or storage. */
export interface Bytes {
  readonly bytes: number;
  /** As the API server would write it, so that Argo CD sees no difference: `1024Mi` is `1Gi`. */
  readonly text: string;
}

/** An amount of processor time. */
export interface Cpu {
  readonly millicores: number;
  /** As the API server would write it: `1000m` is `1`. */
  readonly text: string;
}

/** What is wrong with a text, and a text that would be right. */
export interface Refusal {
  readonly expected: string;
  /** A valid text that most likely was meant. */
  readonly instead?: string;
}

export type Parsed<T> = { readonly value: T } | { readonly refusal: Refusal };

const BINARY = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi'];
const DECIMAL = ['', 'k', 'M', 'G', 'T', 'P'];

const BYTES_EXPECTED = 'an amount with its unit, such as 512Mi, 30Gi, 4Ti (binary) or 500M, 30G (decimal)';
const CPU_EXPECTED = 'cores, such as 2 or 0.5, or thousandths of a core, such as 500m';

/** Reads `30Gi`, `1.5Ti`, `500M`. A number without a unit is refused: nobody means thirty bytes. */
export function parseBytes(text: string): Parsed<Bytes> {
  const match = /^(\d+(?:\.\d+)?)(Ki|Mi|Gi|Ti|Pi|k|M|G|T|P)$/.exec(text);
  if (match?.[1] === undefined || match[2] === undefined) {
    const meant = /^\s*(\d{1,6}(?:[.,]\d)?)\s*([kmgtp])?i?(?:b|bytes?)?\s*$/i.exec(text);
    const unit = (meant?.[2] ?? 'G').toUpperCase();
    const instead = `${meant?.[1]?.replace(',', '.') ?? ''}${unit}i`;
    return {
      refusal: { expected: BYTES_EXPECTED, ...(meant && 'value' in parseBytes(instead) ? { instead } : {}) },
    };
  }
  const [units, base] = match[2].endsWith('i') ? [BINARY, 1024] : [DECIMAL, 1000];
  const bytes = Number(match[1]) * base ** units.indexOf(match[2]);
  if (!Number.isSafeInteger(bytes) || bytes === 0) {
    return {
      refusal: {
        expected: 'a whole number of bytes, more than 0 and less than 8Pi',
        instead: `1${match[2]}`,
      },
    };
  }
  return { value: { bytes, text: bytesText(bytes, units, base) } };
}

/** An amount in the largest binary unit that says it exactly. */
export function binaryBytes(bytes: number): Bytes {
  return { bytes, text: bytesText(bytes, BINARY, 1024) };
}

function bytesText(bytes: number, units: readonly string[], base: number): string {
  let [amount, step] = [bytes, 0];
  while (amount % base === 0 && step < units.length - 1) [amount, step] = [amount / base, step + 1];
  return `${String(amount)}${units[step] ?? ''}`;
}

/** Writes bytes for people, as the largest binary unit that says them with at most one digit after the point. */
export function sayBytes(bytes: number): string {
  let [amount, step] = [bytes, 0];
  while (Math.abs(amount) >= 1024 && step < BINARY.length - 1) [amount, step] = [amount / 1024, step + 1];
  return `${String(Math.round(amount * 10) / 10)}${BINARY[step] ?? ''}`;
}

/** Reads `2`, `0.5`, `500m`. One thousandth of a core is the smallest amount Kubernetes knows. */
export function parseCpu(text: string): Parsed<Cpu> {
  const millicores = millicoresOf(text);
  if (millicores !== undefined) return { value: cpu(millicores) };
  const meant = /^\s*(\d{1,6}(?:[.,]\d{1,3})?)\s*(m(?=\s*$|illi))?/i.exec(text);
  const instead = `${meant?.[1]?.replace(',', '.') ?? ''}${meant?.[2] ?? ''}`.toLowerCase();
  return { refusal: { expected: CPU_EXPECTED, ...(millicoresOf(instead) === undefined ? {} : { instead }) } };
}

function millicoresOf(text: string): number | undefined {
  const match = /^(?:(\d{1,9})m|(\d{1,6}(?:\.\d{1,3})?))$/.exec(text);
  const millicores = match?.[1] === undefined ? Math.round(Number(match?.[2] ?? 0) * 1000) : Number(match[1]);
  return millicores === 0 ? undefined : millicores;
}

export function cpu(millicores: number): Cpu {
  return { millicores, text: millicores % 1000 === 0 ? String(millicores / 1000) : `${String(millicores)}m` };
}
