import { KIT, type Client, type User } from '../htcondor/client';
import type { Person } from './people';
import { runCell } from './cells';
import type { Shell } from './reader';

/** A terminal in somebody's notebook, in the folder `guide` of the home. */
export function shellInside(person: Person): Shell {
  return async (line) => {
    const { status, said } = await runCell<{ readonly status: number; readonly said: string }>(
      person,
      'shell',
      { LINE: line },
    );
    if (status !== 0) throw new Error(`${line}\n${said}`);
    return said;
  };
}

/** A shell on a machine outside, in the folder of the client kit. */
export function shellOutside(client: Client, user: User): Shell {
  return (line) =>
    client.must(
      user,
      `[ -d guide ] || cp -r '${KIT}' guide\ncd guide\n[ ! -f env.sh ] || . ./env.sh\n${line}`,
    );
}
