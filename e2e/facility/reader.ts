import { waitFor } from '../cluster/suite';

/** Runs a line of a shell where somebody is, and gives what it says; an error is thrown with it. */
export type Shell = (line: string) => Promise<string> | string;

/** The job that pages submit: the reader's own. */
const JOB = `cat > job.sh <<'JOB'
#!/bin/sh
echo done
JOB
cat > job.sub <<'DESCRIPTION'
executable = job.sh
output = out
error = err
log = events
should_transfer_files = YES
when_to_transfer_output = ON_EXIT
request_cpus = 1
request_memory = 64MB
request_disk = 10MB
queue
DESCRIPTION`;

const COMPLETED = '4';
const SUBMIT = 'condor_submit -spool job.sub';

interface Reader {
  /** Follows the lines of a page. */
  follow(text: string): Promise<void>;
}

/** Somebody who types what a page says, with numbers of jobs of the own. */
export function readerOf(shell: Shell): Reader {
  let job = '';
  const run = async (line: string) => {
    const said = await shell(line);
    job = /submitted to cluster (\d+)/.exec(said)?.[1] ?? job;
  };
  return {
    async follow(text) {
      await shell(JOB);
      for (const line of commandsIn(text)) {
        const [, command = line] = /^(condor_\w+) \d+$/.exec(line) ?? [];
        if (command === line) {
          await run(line);
          continue;
        }
        // What has been fetched is no longer there to be removed.
        if (job === '' || command === 'condor_rm') await run(SUBMIT);
        if (command === 'condor_transfer_data') await completed(shell, job);
        await run(`${command} ${job}`);
      }
    },
  };
}

/** Lines without what is said of them. */
function commandsIn(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.replace(/\s+#.*$/, '').trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
}

async function completed(shell: Shell, job: string): Promise<void> {
  await waitFor(`job ${job} is done`, 120, async () => {
    const status = (await shell(`condor_q ${job} -format '%d' JobStatus`)).trim();
    return status === COMPLETED ? [] : [status];
  });
}
