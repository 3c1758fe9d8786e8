import fc from 'fast-check';
import { parse } from 'yaml';
import { expectedValue, parseSetting, settingDoc } from './setting-value';
import type { FacilityStorage, SettingKey } from './settings';
import {
  DERIVED,
  derivedSettings,
  facilityDefaults,
  isDerivedSettingKey,
  isSettingKey,
  isSiteSettingKey,
  SETTINGS,
  settingsText,
} from './settings';

const KEYS = Object.keys(SETTINGS).filter(isSettingKey);

const storage: Required<FacilityStorage> = {
  replicas: 2,
  overProvisioningPercent: 150,
  dataPath: '/data/longhorn',
  reservedPercent: 5,
};

const refusal = (key: SettingKey, value: string | number | boolean) => {
  const parsed = parseSetting(key, value);
  if ('value' in parsed) throw new Error(`${key} accepts ${String(value)}`);
  return parsed;
};

describe('the table', () => {
  test('has more than a hundred settings', () => {
    expect(KEYS.length).toBeGreaterThan(100);
  });

  test.each(KEYS)('%s: Longhorn’s default is read back as it is', (key) => {
    expect(parseSetting(key, SETTINGS[key].default)).toEqual({ value: SETTINGS[key].default });
  });

  test.each(KEYS)('%s: its sentence ends with a full stop and says what is accepted', (key) => {
    expect(SETTINGS[key].doc).toMatch(/^[A-Z].*\.$/);
    expect(settingDoc(key)).toContain(expectedValue(key));
  });

  test.each(['current-longhorn-version', 'default-instance-manager-image', 'local-data-engine', 'toString'])(
    '%s is no setting that a site may state',
    (key) => {
      expect(isSettingKey(key)).toBe(false);
      expect(isSiteSettingKey(key)).toBe(false);
    },
  );

  test.each(Object.keys(DERIVED))('%s is a setting, but not the site’s to state', (key) => {
    expect([isSettingKey(key), isDerivedSettingKey(key), isSiteSettingKey(key)]).toEqual([true, true, false]);
  });

  test('a change of what is applied to detached volumes only is marked as dangerous', () => {
    const waiting = KEYS.filter((key) => SETTINGS[key].doc.includes('Waits for detached'));
    expect(waiting).toHaveLength(6);
    for (const key of [...waiting, 'v1-data-engine', 'v2-data-engine'] as const)
      expect(SETTINGS[key].danger).toBe(true);
    expect(SETTINGS['log-level'].danger).toBe(false);
  });
});

describe('a value', () => {
  test.each([
    ['upgrade-checker', false, 'false'],
    ['upgrade-checker', 'true', 'true'],
    ['storage-over-provisioning-percentage', 150, '150'],
    ['default-backup-block-size', 16, '16'],
    ['default-replica-count', 2, '{"v1":"2","v2":"2"}'],
    ['default-replica-count', '{"v2":"1","v1":"3"}', '{"v1":"3","v2":"1"}'],
    ['guaranteed-instance-manager-cpu', 7.5, '{"v1":"7.5","v2":"7.5"}'],
    ['disable-revision-counter', true, '{"v1":"true"}'],
    ['data-engine-cpu-mask', '0-1,4', '{"v2":"0-1,4"}'],
    ['orphan-resource-auto-deletion', 'replica-data;instance', 'replica-data;instance'],
    ['system-managed-csi-components-resource-limits', '{"csi-resizer":{}}', '{"csi-resizer":{}}'],
    ['snapshot-data-integrity-cronjob', '0 3 * * 0', '{"v1":"0 3 * * 0","v2":"0 3 * * 0"}'],
  ] as const)('%s: %p is the text %s', (key, value, text) => {
    expect(parseSetting(key, value)).toEqual({ value: text });
  });

  test.each([
    ['upgrade-checker', 'yes', 'true or false', 'true'],
    ['upgrade-checker', 0, 'true or false', 'false'],
    [
      'storage-over-provisioning-percentage',
      '150%',
      'a whole number of percent without the sign, 0 or more',
      '150',
    ],
    [
      'storage-minimal-available-percentage',
      120,
      'a whole number of percent without the sign, from 0 to 100',
      '100',
    ],
    ['replica-auto-balance', 'Least-Effort', 'one of disabled, least-effort, best-effort', 'least-effort'],
    ['log-level', 'verbose', 'one of Panic, Fatal, Error, Warn, Info, Debug, Trace', 'Info'],
    ['default-data-path', 'longhorn', 'an absolute path', '/var/lib/longhorn/'],
    [
      'default-replica-count',
      21,
      'a whole number from 1 to 20 (replicas), for all engines or as {"v1":"…","v2":"…"}',
      '20',
    ],
    ['snapshot-max-count', 1, 'a whole number from 2 to 250 (snapshots)', '2'],
  ] as const)('%s: %p is refused, expected is %s, meant was %s', (key, value, expected, instead) => {
    expect(parseSetting(key, value)).toEqual({ expected, instead });
  });

  test('of one engine only is refused where Longhorn wants one for each', () => {
    expect(refusal('default-replica-count', '{"v1":"2"}').instead).toBe('{"v1":"2","v2":"3"}');
    expect(refusal('disable-revision-counter', '{"v1":"true","v2":"true"}').instead).toBe('{"v1":"true"}');
    expect(refusal('default-replica-count', '{"v1":"2",').instead).toBe('{"v1":"3","v2":"3"}');
  });

  test('as JSON object is refused where Longhorn has one value for all engines', () => {
    expect(refusal('upgrade-checker', '{"v1":"true"}').instead).toBe('true');
  });

  test('that is refused comes with another that is accepted', () => {
    const given = fc.oneof(
      fc.string(),
      fc.integer(),
      fc.double(),
      fc.boolean(),
      fc.json(),
      fc.constantFrom('{"v1":"x"}', ' 12 ', '-1', '1e9'),
    );
    fc.assert(
      fc.property(fc.constantFrom(...KEYS), given, (key, value) => {
        const parsed = parseSetting(key, value);
        if ('value' in parsed) {
          expect(parseSetting(key, parsed.value)).toEqual(parsed);
        } else {
          expect(parsed.expected).not.toBe('');
          expect(parseSetting(key, parsed.instead ?? '')).toHaveProperty('value');
        }
      }),
      { numRuns: 3000, seed: 1 },
    );
  });
});

describe('the facility’s defaults', () => {
  test.each(Object.entries(facilityDefaults(storage)))(
    '%s = %s is a value that Longhorn accepts',
    (key, value) => {
      expect(isSiteSettingKey(key) && parseSetting(key, value)).toEqual({ value });
    },
  );

  test('follow the storage of the site', () => {
    expect(facilityDefaults(storage)).toMatchObject({
      'default-replica-count': '{"v1":"2","v2":"2"}',
      'storage-over-provisioning-percentage': '150',
      'default-data-path': '/data/longhorn',
      'storage-reserved-percentage-for-default-disk': '5',
    });
    const { replicas, overProvisioningPercent } = storage;
    const plain = facilityDefaults({ replicas, overProvisioningPercent });
    expect(plain['default-data-path']).toBe('/var/lib/longhorn/');
    expect(plain).not.toHaveProperty('storage-reserved-percentage-for-default-disk');
  });

  test('upgrade engines by themselves, put disks on labelled nodes only, and report nothing outside', () => {
    expect(facilityDefaults(storage)).toMatchObject({
      'concurrent-automatic-engine-upgrade-per-node-limit': '1',
      'create-default-disk-labeled-nodes': 'true',
      'allow-recurring-job-while-volume-detached': 'true',
      'upgrade-checker': 'false',
      'allow-collecting-longhorn-usage-metrics': 'false',
    });
  });
});

test('derived settings are values that Longhorn accepts', () => {
  const derived = derivedSettings({
    taints: [{ key: 'nvidia.com/gpu', value: 'present', effect: 'NoSchedule' }],
    imagePullSecret: 'mirror',
  });
  for (const key of KEYS.filter(isDerivedSettingKey))
    expect(parseSetting(key, derived[key])).toEqual({ value: derived[key] });
  expect(derived['deleting-confirmation-flag']).toBe('false');
});

test('the text has a line per key, sorted, and every value is a text in YAML', () => {
  const settings = {
    'upgrade-checker': 'false',
    'default-replica-count': '{"v1":"3","v2":"3"}',
    'log-level': 'Info',
  };
  const text = settingsText(settings);
  expect(text).toBe(
    'default-replica-count: "{\\"v1\\":\\"3\\",\\"v2\\":\\"3\\"}"\nlog-level: "Info"\nupgrade-checker: "false"\n',
  );
  expect(parse(text)).toEqual(settings);
});
