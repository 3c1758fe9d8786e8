import { readerOf } from './reader';

/** A shell in which jobs get the next number and are done at once. */
function shell() {
  let last = 40;
  const typed: string[] = [];
  return {
    typed,
    run: (line: string) => {
      if (!line.startsWith('cat >') && !line.includes('-format')) typed.push(line);
      if (line.includes('-format')) return '4';
      return line.includes('condor_submit') ? `1 job(s) submitted to cluster ${String(++last)}.` : '';
    },
  };
}

test('a reader types what the page says, with the number that was said, and no comments', async () => {
  const { typed, run } = shell();
  await readerOf(run).follow(`source env.sh    # first
condor_submit -spool job.sub
condor_q
# a remark
condor_transfer_data 12   # the number that condor_submit said
`);
  expect(typed).toEqual([
    'source env.sh',
    'condor_submit -spool job.sub',
    'condor_q',
    'condor_transfer_data 41',
  ]);
});

test('what is removed is a job that is there', async () => {
  const { typed, run } = shell();
  await readerOf(run).follow('condor_submit -spool job.sub\ncondor_transfer_data 17\ncondor_rm 17\n');
  expect(typed).toEqual([
    'condor_submit -spool job.sub',
    'condor_transfer_data 41',
    'condor_submit -spool job.sub',
    'condor_rm 42',
  ]);
});
