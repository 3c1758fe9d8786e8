import { buildPrograms } from './e2e/cluster/build';
import { ARGOCD, REAL_CLUSTER } from './e2e/cluster/versions';
import { TOOLS } from './e2e/static/versions';
import { makeStore } from './e2e/cluster/images/store';
const say = (t: string) => console.log(new Date().toISOString(), t);
buildPrograms([...REAL_CLUSTER, ARGOCD, ...TOOLS], say);
void makeStore(say).then((s) => say(s));
