import { z } from 'zod';
import { type Proves, waitFor } from '../cluster/suite';
import type { HubBench } from './bench';
import { homesOf, inHub, notebookObject } from './pods';

/** Seconds without activity after which the culler of these criteria stops a notebook; sites say hours. */
const IDLE = 20;

/** The culler as the hub has started it: its program, its arguments, its token. */
const CULLER = `import glob,json,os,subprocess,sys,urllib.request
for process in glob.glob("/proc/[0-9]*"):
    try: arguments=open(process+"/cmdline").read().split("\\0")[:-1]; own="jupyterhub_idle_culler" in arguments
    except OSError: continue
    if own: break
else: sys.exit("no culler runs")
environment=dict(line.split("=",1) for line in open(process+"/environ").read().split("\\0") if line)
`;

/** The notebooks that run, as the culler sees them. */
const RUNNING = `${CULLER}url=next(each.split("=",1)[1] for each in arguments if each.startswith("--url="))
request=urllib.request.Request(url+"/users?state=active",headers={"Authorization":"token "+environment["JUPYTERHUB_API_TOKEN"]})
running=lambda: {user["name"]: user["servers"][""] for user in json.load(urllib.request.urlopen(request)) if user["servers"]}
`;

/** How long each of them has done nothing: seconds by account. */
const IDLE_FOR = `${RUNNING}from datetime import datetime,timezone
since=lambda text: (datetime.now(timezone.utc)-datetime.fromisoformat(text.replace("Z","+00:00"))).total_seconds()
print(json.dumps({name: since(server["last_activity"]) for name,server in running().items()}))`;

/** A round with another idle time, until it stops the notebook of an account: of an option that is said twice the last one counts. */
const ONE_ROUND = `${RUNNING}import time
culler=subprocess.Popen([*arguments,"--timeout="+sys.argv[1],"--cull-every=3600"],env=environment,stderr=subprocess.PIPE,text=True)
end=time.monotonic()+120
while culler.poll() is None and time.monotonic()<end and running().get(sys.argv[2],{}).get("ready"): time.sleep(0.5)
if culler.poll() is not None: sys.exit("the culler has ended by itself: "+culler.stderr.read())
culler.terminate()
print(culler.stderr.read())`;

/** What a notebook tells the hub every five minutes while it is used, with its own token. */
const REPORT = `import datetime,json,os,urllib.request
now=datetime.datetime.now(datetime.timezone.utc).isoformat()
body=json.dumps({"servers":{"":{"last_activity":now}},"last_activity":now}).encode()
request=urllib.request.Request(os.environ["JUPYTERHUB_ACTIVITY_URL"],data=body,headers={"Authorization":"token "+os.environ["JUPYTERHUB_API_TOKEN"],"Content-Type":"application/json"})
print(urllib.request.urlopen(request).status)`;

const idleFor = () => z.record(z.string(), z.number()).parse(JSON.parse(inHub(IDLE_FOR)));

/** Notebooks that nobody uses go, and those in use stay. */
export function cullerCriteria(proves: Proves, bench: HubBench): void {
  proves(
    'a notebook that nobody uses is stopped and one in use is not, by the rights of the culler',
    async () => {
      const idle = await bench.member('ida');
      const busy = await bench.member('ben');
      await bench.clickToCell(idle, {}, 'open("kept.txt", "w").write("kept")');
      await bench.clickToCell(busy, {}, 'print(1)');
      await waitFor('ida has done nothing for a while', 90, () => {
        const seconds = idleFor()['ida'] ?? 0;
        return seconds > IDLE ? [] : [`${String(seconds)} s`];
      });
      expect((await busy.run(REPORT)).trim()).toBe('200');
      expect(idleFor()['ben']).toBeLessThan(IDLE);

      expect(inHub(ONE_ROUND, String(IDLE), 'ida')).toContain('ida');
      await waitFor('the notebook of ida has stopped', 60, () =>
        ['ida'].filter((account) => account in idleFor()),
      );
      expect(() => notebookObject('ida')).toThrow('ida has 0 notebooks');
      expect((await busy.run('print("still here")')).trim()).toBe('still here');
      expect(homesOf('ida')).toHaveLength(1);
      expect(await bench.clickToCell(idle, {}, 'print(open("kept.txt").read())')).toBe('kept\n');
    },
  );
}
