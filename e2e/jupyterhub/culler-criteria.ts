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

/** How long each notebook has done nothing, as the culler sees it: seconds by account. */
const IDLE_FOR = `${CULLER}from datetime import datetime,timezone
url=next(each.split("=",1)[1] for each in arguments if each.startswith("--url="))
request=urllib.request.Request(url+"/users?state=active",headers={"Authorization":"token "+environment["JUPYTERHUB_API_TOKEN"]})
since=lambda text: (datetime.now(timezone.utc)-datetime.fromisoformat(text.replace("Z","+00:00"))).total_seconds()
print(json.dumps({user["name"]: since(user["servers"][""]["last_activity"]) for user in json.load(urllib.request.urlopen(request)) if user["servers"]}))`;

/** One round with another idle time: of an option that is said twice the last one counts. */
const ONE_ROUND = `${CULLER}try: subprocess.run([*arguments,"--timeout="+sys.argv[1],"--cull-every=3600"],env=environment,timeout=15,capture_output=True)
except subprocess.TimeoutExpired as ended: print((ended.stderr or b"").decode())
else: sys.exit("the culler has ended by itself")`;

/** What a notebook tells the hub every five minutes while it is used, with its own token. */
const REPORT = `import datetime,json,os,urllib.request
now=datetime.datetime.now(datetime.timezone.utc).isoformat()
body=json.dumps({"servers":{"":{"last_activity":now}},"last_activity":now}).encode()
request=urllib.request.Request(os.environ["JUPYTERHUB_ACTIVITY_URL"],data=body,headers={"Authorization":"token "+os.environ["JUPYTERHUB_API_TOKEN"],"Content-Type":"application/json"})
print(urllib.request.urlopen(request).status)`;

const idleFor = (account: string) =>
  z.record(z.string(), z.number()).parse(JSON.parse(inHub(IDLE_FOR)))[account] ?? 0;

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
        const seconds = idleFor('ida');
        return seconds > IDLE ? [] : [`${String(seconds)} s`];
      });
      expect((await busy.run(REPORT)).trim()).toBe('200');
      expect(idleFor('ben')).toBeLessThan(IDLE);

      expect(inHub(ONE_ROUND, String(IDLE))).toContain('ida');
      await waitFor('the notebook of ida is gone', 60, () => {
        try {
          return [JSON.stringify(notebookObject('ida'))];
        } catch {
          return [];
        }
      });
      expect((await busy.run('print("still here")')).trim()).toBe('still here');
      expect(homesOf('ida')).toHaveLength(1);
      expect(await bench.clickToCell(idle, {}, 'print(open("kept.txt").read())')).toBe('kept\n');
    },
  );
}
