import { ask } from "/work/wt/build/test/sandbox/visitor";
import { readState, } from "/work/wt/build/sandbox/state";
import { pathsOf } from "/work/wt/build/sandbox/paths";
import { rootClients } from "/work/wt/build/sandbox/engine/clients";
const state = readState(pathsOf("/work/wt/build/.sandbox/dev"));
const [,, name, type, stack, more="{}"] = process.argv;
(async () => {
  const repository = state.starters[0].replace("html.git", stack + ".git");
  const a = await ask(state, "POST", "/console/api/projects", { name, environment: "dev", type, stack, repository, email: "a@example.com", ...JSON.parse(more) });
  console.log(a.status, JSON.stringify(a.body));
  const id = a.body.id;
  const t = Date.now();
  for (;;) { const p = (await ask(state, "GET", `/console/api/projects/${id}`)).body; if (!p.moving || Date.now() - t > 120000) { console.log(Date.now() - t, JSON.stringify(p, null, 1)); break; } await new Promise(r => setTimeout(r, 500)); }
  const logs = await rootClients(state.endpoints)("logs");
  try { const r = await logs.filterLogEvents({ logGroupName: `/groundwork/gwdev-${id}/build` }); for (const e of r.events ?? []) console.log(e.message); } catch (e) { console.log(String(e)); }
})();
