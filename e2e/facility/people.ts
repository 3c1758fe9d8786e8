import { clock, note } from '../htcondor/figures';
import type { Visitor } from '../jupyterhub/visitor';
import type { WholeFacility } from './start';

/** Somebody who works at the facility. */
export interface Person {
  readonly visitor: Visitor;
  readonly experiment: string;
}

/** Makes an account of a member of an experiment, and logs in. */
export async function arrive(
  { site, world }: WholeFacility,
  name: string,
  experiment: string,
): Promise<Person> {
  const group = site.experiments.find((each) => each.name === experiment)?.groups?.members;
  if (group === undefined) throw new Error(`no group of ${experiment} may log in`);
  await world.iam.enrol({ name, groups: [group] });
  const visitor = world.visitor(name);
  const { status, url } = await visitor.logIn();
  if (status !== 200) throw new Error(`${name} does not get in: ${String(status)} ${url.href}`);
  return { visitor, experiment };
}

/** Chooses a profile, waits for the notebook, and runs a cell in it. */
export async function startWork(
  { visitor }: Person,
  choice: Readonly<Record<string, string>>,
): Promise<void> {
  const passed = clock();
  const { status, text } = await visitor.spawn(choice);
  if (status !== 302) throw new Error(`nothing starts for ${visitor.name}: ${String(status)} ${text}`);
  await visitor.notebook();
  const said = await visitor.run('print(6 * 7)');
  if (said !== '42\n') throw new Error(`the first cell of ${visitor.name} says ${said}`);
  note(`${visitor.name}: from the click until the first cell has answered`, passed());
}
