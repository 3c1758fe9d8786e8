import { SECRETS } from '../../lib/htcondor/release';
import { readSite } from '../cluster/cluster';
import { stopAll } from '../cluster/processes';
import { applyDist, collectLogs, rolledOut, waitFor } from '../cluster/suite';
import { makeSecrets } from '../htcondor/secrets';
import { ads, must, NAMESPACE, poolOf } from '../htcondor/pool';
import { define, pinnedDefinitions } from '../suite/definitions';
import { startFacility, type Facility } from './facility';
import { notebookPod } from './pods';
import { tokenFiles, tokenStatus } from './tokens';
import type { Visitor } from './visitor';

/** The one site with Dask over HTCondor. */
const NAME = 'two-experiments';
const say = (text: string) => process.stderr.write(`${text}\n`);

/** Runs all code cells of an example as it is in the notebook, and `last` before the last of them. */
const runExample = (name: string, last = '') => `import json
cells = ["".join(each["source"]) for each in json.load(open("/etc/af/${name}"))["cells"] if each["cell_type"] == "code"]
for cell in cells[:-1]:
    exec(cell, globals())
${last}
exec(cells[-1], globals())`;

/** Dask as users see it, before the example closes it. */
const LOOK_AT_DASK = `import time
while len(client.scheduler_info()["workers"]) < 2: time.sleep(1)
print(client.submit(pow, 6, 2).result(), cluster.scheduler_address)
print(*sorted(each["host"] for each in client.scheduler_info()["workers"].values()))
import subprocess
print(subprocess.run(["condor_q", "-af", "Owner", "AcctGroup", "JobStatus"], capture_output=True, text=True).stdout)`;

/** A job that calls a scheduler, first as anybody can, then as a worker of its own. */
const INTRUDER = (address: string) => `import socket
from distributed import Client
host, port = "${address}".split("//")[1].split(":")
socket.create_connection((host, int(port)), 5).close()
print("the port is open")
for scheme in ("tcp", "tls"):
    try:
        Client(f"{scheme}://{host}:{port}", timeout=8)
        print("LET IN")
    except Exception as error:
        print("refused", scheme, type(error).__name__)`;

const SUBMIT_INTRUDER = (address: string) => `import subprocess, time
open("intruder.py", "w").write(${JSON.stringify(INTRUDER(address))})
open("intruder.sub", "w").write("""
executable = /opt/dask/bin/python3
transfer_executable = False
arguments = intruder.py
transfer_input_files = intruder.py
output = intruder.out
error = intruder.err
should_transfer_files = YES
request_cpus = 1
request_memory = 256MB
request_disk = 100MB
requirements = ExecutePool == "cpu"
queue
""")
def run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout
job = run("condor_submit", "-spool", "-terse", "intruder.sub").split(".")[0]
for _ in range(60):
    if run("condor_q", job, "-af", "JobStatus").strip() in ("4", "5"): break
    time.sleep(2)
run("condor_transfer_data", job)
print(open("intruder.out").read(), open("intruder.err").read())`;

/** What another user's job answers to who is not its owner. */
const TOUCH = `import subprocess
jobs = subprocess.run(["condor_q", "-allusers", "-af", "ClusterId", "Owner"], capture_output=True, text=True).stdout.split()
for command in ("condor_rm", "condor_hold"):
    done = subprocess.run([command, jobs[0]], capture_output=True, text=True)
    print(command, jobs[1].split("_")[0], done.returncode != 0)`;

afterAll(stopAll);

describe(NAME, () => {
  const site = readSite(NAME);
  const pool = poolOf(site);
  const seconds: Record<string, number> = {};
  let facility: Facility;
  let alice: Visitor;
  let vera: Visitor;

  const proves = (what: string, body: () => Promise<void>) => {
    test(what, async () => {
      const from = process.hrtime.bigint();
      try {
        await body();
        seconds[what] = Number((process.hrtime.bigint() - from) / 1_000_000n) / 1000;
      } catch (error) {
        say(`${what}: ${error instanceof Error ? error.message : String(error)}`);
        say(`logs and events: ${collectLogs(`examples-${NAME}`)}`);
        throw error;
      }
    });
  };

  const notebookOf = async (person: string, experiment: number, image: string): Promise<Visitor> => {
    const group = site.experiments[experiment]?.groups?.members ?? '';
    await facility.world.iam.enrol({ name: person, groups: [group] });
    const visitor = facility.world.visitor(person);
    expect((await visitor.logIn()).status).toBe(200);
    await visitor.spawn({ profile: 'small', 'profile-option-small--image': image });
    await visitor.notebook();
    return visitor;
  };

  beforeAll(async () => {
    try {
      facility = await startFacility(site, say, (of) => makeSecrets(of).hubKey);
      await define(pinnedDefinitions());
      await applyDist(NAME, ['cert-manager', 'certificates']);
      for (const part of ['cert-manager', 'cert-manager-webhook', 'cert-manager-cainjector'])
        rolledOut('cert-manager', `deployment/${part}`);
      await applyDist(NAME, ['htcondor']);
      for (const set of ['central-manager', pool.accessPoint.pod.replace(/-0$/, '')])
        rolledOut(NAMESPACE, `statefulset/${set}`, 240);
      rolledOut('htcondor-execute', 'deployment/execute-cpu', 240);
      await waitFor('the pool has registered', 120, () =>
        ads('Machine').length >= 2 && ads('Scheduler').length === 1 ? [] : ['not yet'],
      );
      alice = await notebookOf('alice', 0, 'cms-lab');
      vera = await notebookOf('vera', 1, 'vo2-lab');
    } catch (error) {
      say(`logs and events: ${collectLogs(`examples-${NAME}`)}`);
      throw error;
    }
  });
  afterAll(() => {
    facility.world.stop();
    for (const [what, each] of Object.entries(seconds)) say(`${each.toFixed(1)} s  ${what}`);
  });

  proves('the access point takes the token that the hub has minted for a notebook', async () => {
    const ping = must(
      pool.accessPoint,
      `ls -l /own/passwords.d/${SECRETS.hubKey.key} /etc/condor/passwords.d/${SECRETS.hubKey.key} 2>/dev/null | wc -l`,
    );
    expect(Number(ping)).toBeGreaterThan(0);
    expect(tokenStatus('alice').messages).toEqual([]);
    expect(Object.keys(tokenFiles('alice'))).toContain('pool/cms/token');
    expect(Object.keys(tokenFiles('vera'))).toContain('pool/vo2/token');
    expect(
      await alice.run('import subprocess; print(subprocess.run(["condor_q"], check=True).returncode)'),
    ).toBe('0\n');
  });

  proves('the example of jobs runs as it is, and its output comes back', async () => {
    const output = await alice.run(runExample('jobs.ipynb'));
    for (const [number, square] of [
      [0, 0],
      [1, 1],
      [2, 4],
    ])
      expect(output).toContain(`${String(number)} squared is ${String(square)}, said execute-cpu-`);
    expect(must(pool.accessPoint, 'condor_q -allusers -af Owner')).toBe('');
  });

  let address = '';

  proves('the example of Dask computes on workers that are jobs', async () => {
    const output = await alice.run(runExample('dask.ipynb', LOOK_AT_DASK));
    const [answer = '', hosts = '', ...jobs] = output.split('\n');
    address = answer.split(' ')[1] ?? '';
    expect(answer).toBe(`36 tls://${notebookPod('alice').address}:8786`);
    expect(hosts.split(' ')).toHaveLength(2);
    for (const job of jobs.filter(Boolean)) expect(job).toMatch(/^cms_[0-9a-f-]{36} group_cms\S* 2$/);
    expect(jobs.filter(Boolean)).toHaveLength(2);
    await waitFor('the workers are gone', 60, () => {
      const left = must(pool.accessPoint, 'condor_q -allusers -af Owner');
      return left === '' ? [] : [left];
    });
  });

  proves('a job of another experiment reaches the port of a scheduler and is not let in', async () => {
    // A process of its own, because the kernel of a call ends with it.
    await alice.run(
      `import subprocess, time
program = "from dask_jobqueue import HTCondorCluster; import time; cluster = HTCondorCluster(); time.sleep(180)"
subprocess.Popen(["python3", "-c", program], start_new_session=True)
time.sleep(10)`,
    );
    const output = await vera.run(SUBMIT_INTRUDER(address));
    expect(output).toContain('the port is open');
    expect(output).toContain('refused tcp');
    expect(output).toContain('refused tls');
    expect(output).not.toContain('LET IN');
  });

  proves('one user neither removes nor holds the jobs of another', async () => {
    await alice.run(
      `import subprocess
open("wait.sub", "w").write("executable = /bin/sleep\\ntransfer_executable = False\\narguments = 300\\nrequest_memory = 64MB\\nrequest_disk = 10MB\\nqueue\\n")
subprocess.run(["condor_submit", "-spool", "wait.sub"], check=True)`,
    );
    expect(await vera.run(TOUCH)).toBe('condor_rm cms True\ncondor_hold cms True\n');
    expect(must(pool.accessPoint, 'condor_q -allusers -af JobStatus').trim()).toMatch(/^[12]$/);
  });
});
