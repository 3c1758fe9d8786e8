import { clock, note } from '../htcondor/figures';
import type { Visitor } from '../jupyterhub/visitor';
import type { WholeFacility } from './start';

/** Somebody who works at the facility. */
export interface Person {
  readonly visitor: Visitor;
  readonly experiment: string;
}

/** Makes an account of a member of experiments, and logs in; the first of them is the one that is worked for. */
export async function arrive(
  { site, world }: WholeFacility,
  name: string,
  experiments: readonly [string, ...string[]],
): Promise<Person> {
  const groups = site.experiments.flatMap((each) =>
    experiments.includes(each.name) && each.groups ? [each.groups.members] : [],
  );
  await world.iam.enrol({ name, groups });
  const visitor = world.visitor(name);
  const { status, url } = await visitor.logIn();
  if (status !== 200) throw new Error(`${name} does not get in: ${String(status)} ${url.href}`);
  return { visitor, experiment: experiments[0] };
}

/** The form with the profiles, filled in. @param options of the profile, such as its image */
export function profileForm(
  profile: string,
  options: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  return {
    profile,
    ...Object.fromEntries(
      Object.entries(options).map(([name, value]) => [`profile-option-${profile}--${name}`, value]),
    ),
  };
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
