import { at, listAt, textAt } from '../../lib/kubernetes/read';
import { say } from '../suite/look';
import { deployed } from '../suite/site';
import { ALERT_CASES } from './alert-cases';
import { alertTests } from './alerts';

const SITE = 'two-experiments';
const rules = deployed(SITE).objects.filter(({ kind }) => kind === 'PrometheusRule');
const [rule] = rules;
const spec = at(rule, 'spec');
const alerts = listAt(spec, 'groups').flatMap((group) => listAt(group, 'rules'));
const name = (alert: (typeof alerts)[number]) =>
  `${textAt(alert, 'alert') ?? ''} ${textAt(alert, 'labels', 'severity') ?? ''}`;

test('there is one object with the alerts of the pool', () => {
  expect(rules).toHaveLength(1);
  say(`promtool tries ${String(alerts.length)} alerts in ${String(ALERT_CASES.length)} cases`);
});

test('there is a case for each alert, by its name and severity', () => {
  const fired = ALERT_CASES.flatMap(({ fires }) =>
    fires.map((each) => each.split(' ').slice(0, 2).join(' ')),
  );
  expect([...new Set(fired)].sort()).toEqual([...new Set(alerts.map(name))].sort());
});

test.each(ALERT_CASES)('who must be called is called for $what, and nobody else or sooner', (single) => {
  expect(alertTests(spec, [single])).toEqual([]);
});

/** One change of each rule that makes it deaf, in the cases that it is in. */
test.each(alerts.map((alert) => [name(alert), alert] as const))(
  'a case finds that %s never fires',
  (_, deaf) => {
    const changed = alerts.map((alert) =>
      alert === deaf
        ? { ...alert, expr: `(${textAt(alert, 'expr') ?? ''}) and on () vector(0) == 1` }
        : alert,
    );
    const objections = alertTests({ groups: [{ name: 'changed', rules: changed }] }, ALERT_CASES);
    expect(objections.join('\n')).toContain('FAILED');
  },
);
