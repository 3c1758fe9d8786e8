import type { SettingKey } from './settings';
import { SETTINGS } from './settings';
import type { Engine, Kind, Setting } from './settings-table/setting';
import { engineText } from './settings-table/setting';

/** Either the text that Longhorn reads, or what would be right and a text that most likely was meant. */
export type ParsedSetting =
  { readonly value: string } | { readonly expected: string; readonly instead?: string };

type Given = string | number | boolean;

/** Reads a value of `site.yaml`. One value is taken for all engines; a JSON object states one for each. */
export function parseSetting(key: SettingKey, value: Given): ParsedSetting {
  const setting: Setting = SETTINGS[key];
  const { engines } = setting;
  if (engines === undefined) return parseValue(setting.kind, value, setting.default);
  const whole = typeof value === 'string' && value.trimStart().startsWith('{');
  return whole ? parseEngines(setting, engines, value) : parseForAllEngines(setting, engines, value);
}

/** What a setting accepts, in words: for error messages and the reference page. */
export function expectedValue(key: SettingKey): string {
  const setting: Setting = SETTINGS[key];
  return expected(setting);
}

/** A setting as a sentence or two: what it does, what it accepts, what Longhorn does without it. */
export function settingDoc(key: SettingKey): string {
  const setting: Setting = SETTINGS[key];
  const standard = setting.default === '' ? 'nothing' : setting.default;
  return `${setting.doc} Value: ${expected(setting)}; Longhorn's default: ${standard}.`;
}

function parseForAllEngines(setting: Setting, engines: readonly Engine[], value: Given): ParsedSetting {
  const standard = defaultOf(setting, engines[0]);
  const parsed = parseValue(setting.kind, value, standard);
  if ('value' in parsed) return { value: engineText(engines.map((engine) => [engine, parsed.value])) };
  return { ...parsed, expected: expected(setting) };
}

function parseEngines(setting: Setting, engines: readonly Engine[], text: string): ParsedSetting {
  const given = parseObject(text);
  const results = engines.map((engine) => {
    const value = given?.[engine];
    const standard = defaultOf(setting, engine);
    const parsed = isGiven(value)
      ? parseValue(setting.kind, value, standard)
      : { expected: '', instead: standard };
    return { engine, parsed };
  });
  const right = results.flatMap(({ engine, parsed }) =>
    'value' in parsed ? [[engine, parsed.value] as const] : [],
  );
  if (right.length === Object.keys(given ?? {}).length && right.length === engines.length) {
    return { value: engineText(right) };
  }
  const instead = results.map(({ engine, parsed }) => {
    const meant = 'value' in parsed ? parsed.value : parsed.instead;
    return [engine, meant ?? defaultOf(setting, engine)] as const;
  });
  return { expected: expected(setting), instead: engineText(instead) };
}

function parseValue(kind: Kind, value: Given, standard: string): ParsedSetting {
  const text = String(value);
  const refused = { expected: expectedOf(kind), instead: suggestion(kind, text, standard) };
  switch (kind.is) {
    case 'boolean':
      return text === 'true' || text === 'false' ? { value: text } : refused;
    case 'number':
      return isNumber(kind, text) ? { value: text } : refused;
    case 'one of':
      return kind.of.includes(text) ? { value: text } : refused;
    case 'text':
      return kind.pattern.test(text) ? { value: text } : refused;
    case 'json':
      return text === '' ||
        Object.keys(parseObject(text) ?? { '': '' }).every((name) => kind.keys.includes(name))
        ? { value: text }
        : refused;
  }
}

/** Always a text that the setting accepts. */
function suggestion(kind: Kind, text: string, standard: string): string {
  switch (kind.is) {
    case 'boolean':
      if (/^(t|true|y|yes|on|1|enabled?)$/i.test(text.trim())) return 'true';
      return /^(f|false|n|no|off|0|disabled?)$/i.test(text.trim()) ? 'false' : standard;
    case 'number': {
      const digits = (kind.whole ? /-?\d{1,9}(?![\d])/ : /-?\d{1,9}(\.\d{1,3})?(?![\d])/).exec(text)?.[0];
      if (digits === undefined) return standard;
      return String(Math.min(Math.max(Number(digits), kind.min), kind.max ?? Infinity));
    }
    case 'one of':
      return kind.of.find((option) => option.toLowerCase() === text.trim().toLowerCase()) ?? standard;
    case 'text':
      if (kind.pattern.test(text.trim())) return text.trim();
      return standard === '' ? kind.example : standard;
    case 'json':
      return standard;
  }
}

function isNumber(kind: Kind & { is: 'number' }, text: string): boolean {
  const form = kind.whole ? /^(0|[1-9]\d{0,14})$/ : /^(0|[1-9]\d{0,14})(\.\d{1,3})?$/;
  return form.test(text) && Number(text) >= kind.min && Number(text) <= (kind.max ?? Infinity);
}

function expected({ kind, engines }: Setting): string {
  if (engines === undefined) return expectedOf(kind);
  const object = engineText(engines.map((engine) => [engine, '…']));
  return `${expectedOf(kind)}, for all engines or as ${object}`;
}

function expectedOf(kind: Kind): string {
  switch (kind.is) {
    case 'boolean':
      return 'true or false';
    case 'number': {
      const range =
        kind.max === undefined
          ? `${String(kind.min)} or more`
          : `from ${String(kind.min)} to ${String(kind.max)}`;
      const unit = kind.unit === undefined || kind.unit === '%' ? '' : ` (${kind.unit})`;
      return `a ${kind.whole ? 'whole ' : ''}number${kind.unit === '%' ? ' of percent without the sign,' : ''} ${range}${unit}`;
    }
    case 'one of':
      return `one of ${kind.of.join(', ')}`;
    case 'text':
    case 'json':
      return kind.form;
  }
}

function defaultOf(setting: Setting, engine: Engine | undefined): string {
  const value = engine === undefined ? undefined : parseObject(setting.default)?.[engine];
  return typeof value === 'string' ? value : setting.default;
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
      ? { ...parsed }
      : undefined;
  } catch {
    return undefined;
  }
}

function isGiven(value: unknown): value is Given {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
}
