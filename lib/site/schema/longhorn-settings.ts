import { z } from 'zod';
import {
  DERIVED,
  SETTINGS,
  isDerivedSettingKey,
  isSettingKey,
  type SettingKey,
} from '../../longhorn/settings';
import { expectedValue, parseSetting, settingDoc } from '../../longhorn/setting-value';
import { described, forbidden, mapping } from '../field';

function setting(key: SettingKey): z.ZodType<string | undefined> {
  const known = SETTINGS[key];
  const about = {
    description: `${known.danger ? 'Danger Zone: takes effect only when volumes are detached. ' : ''}${settingDoc(key)}`,
    example: exampleOf(key, known.default),
  };
  if (isDerivedSettingKey(key)) return forbidden(about, `nothing here: it follows from ${DERIVED[key]}`);
  const schema = z.union([z.string(), z.number(), z.boolean()]).transform((value, context) => {
    const parsed = parseSetting(key, value);
    if ('value' in parsed) return parsed.value;
    context.addIssue({ code: 'custom', params: parsed });
    return z.NEVER;
  });
  return described(schema, about, expectedValue(key)).optional();
}

/** Longhorn's default where it is a valid value, or else what a refusal offers. */
function exampleOf(key: SettingKey, standard: string): string {
  const parsed = parseSetting(key, standard);
  return 'value' in parsed ? parsed.value : (parsed.instead ?? '');
}

/** Settings of Longhorn, by its own names. */
export const longhornSettings = mapping(
  {
    description:
      'Settings of Longhorn, by its own names; what is not said here has the default of the facility or of Longhorn.',
    example: { 'replica-auto-balance': 'best-effort' },
  },
  Object.fromEntries(
    Object.keys(SETTINGS)
      .filter(isSettingKey)
      .map((key) => [key, setting(key)]),
  ),
);
