/** Longhorn's engines; a setting of which each has its own value is written as a JSON object. */
export type Engine = 'v1' | 'v2';

export type Kind =
  | { readonly is: 'boolean' }
  | {
      readonly is: 'number';
      readonly min: number;
      readonly max?: number;
      readonly whole: boolean;
      readonly unit?: string;
    }
  | { readonly is: 'one of'; readonly of: readonly string[] }
  | { readonly is: 'text'; readonly pattern: RegExp; readonly form: string; readonly example: string }
  | { readonly is: 'json'; readonly keys: readonly string[]; readonly form: string };

export interface Setting {
  readonly kind: Kind;
  /** Longhorn's own default, as it writes it. */
  readonly default: string;
  /** @default one value for all engines */
  readonly engines?: readonly Engine[];
  /**
   * In Longhorn's Danger Zone: a change restarts pods of the data path, or waits until volumes are detached.
   */
  readonly danger: boolean;
  /** What it does, as an admin needs to know it. Range, unit and default are in the other fields. */
  readonly doc: string;
}

type Row = (standard: string, doc: string) => Setting;

const row =
  (kind: Kind): Row =>
  (standard, doc) => ({ kind, default: standard, danger: false, doc });

export const flag = row({ is: 'boolean' });

export const whole = (min: number, max?: number, unit?: string): Row => row(numberKind(true, min, max, unit));

export const percent = (max?: number): Row => row(numberKind(true, 0, max, '%'));

/** A percentage that may have a fraction. */
export const fraction = (max: number): Row => row(numberKind(false, 0, max, '%'));

export const oneOf = (...of: string[]): Row => row({ is: 'one of', of });

export const text = (pattern: RegExp, form: string, example: string): Row =>
  row({ is: 'text', pattern, form, example });

export const json = (keys: readonly string[], form: string): Row => row({ is: 'json', keys, form });

/** The same setting, with a value for each of the engines. */
export function perEngine(setting: Setting, ...engines: Engine[]): Setting {
  return { ...setting, engines, default: engineText(engines.map((engine) => [engine, setting.default])) };
}

export function danger(setting: Setting): Setting {
  return { ...setting, danger: true };
}

/** As Longhorn itself writes it: engines in order, no spaces, each value a text. */
export function engineText(values: readonly (readonly [Engine, string])[]): string {
  return JSON.stringify(Object.fromEntries(values));
}

function numberKind(isWhole: boolean, min: number, max?: number, unit?: string): Kind {
  return {
    is: 'number',
    whole: isWhole,
    min,
    ...(max === undefined ? {} : { max }),
    ...(unit === undefined ? {} : { unit }),
  };
}
