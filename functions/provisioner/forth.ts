// The steps of a project on its way up, or through an update.
import { approversOf } from "./approval";
import { beginBuild } from "./building";
import { kindOf } from "./catalogue";
import { tellCommit } from "./commit-status";
import { ended, failed, log, overtaken, tell } from "./journal";
import { approvalMail, readyMail } from "./mails";
import { notify } from "./notify";
import { stackRequest } from "./parameters";
import { isNew, stackNameOf } from "./project";
import { releasesAfter, restore } from "./releases";
import { restOf } from "./rest";
import { serving } from "./serving";
import { Body, CANCELLED, hasten, ok } from "./step";
import { Changes } from "./store";
import { forget } from "./vault";

export const approve: Body = async ({ ports, settings, project }) => {
  const admins = await approversOf(ports, project);
  if (admins.length === 0) return failed("no-approver", "Besides the requester, no admin could approve it.");
  // Refused by SES or not, it can be decided in the console, which says that nobody was notified.
  await notify(ports, project, approvalMail(settings, project, admins, false));
  return undefined;
};

export const create: Body = async ({ ports, settings, project }) => {
  // If it cannot be asked, the name is checked once more before anything leads there.
  const taken =
    settings.domain &&
    (await ports.names
      ?.taken(`${project.host}.${settings.domain}`, project.id)
      .catch((error: unknown) => log("name", project.id, error)));
  if (taken) return failed("domain", taken);
  const made = await ports.stacks.create(stackRequest(settings, project));
  if ("refused" in made) return failed("create", made.refused);
  await ports.store.note(project.id, { stackId: made.id });
  // Cancelled in between: the compensation may have looked for the stack before it existed.
  if (await overtaken(ports, project, "create"))
    await ports.stacks.remove(stackNameOf(settings.prefix, project.id));
  return undefined;
};

export const update: Body = async ({ ports, settings, project }) => {
  const answer = await ports.stacks.update(stackRequest(settings, project));
  if (answer === "unchanged") return ok;
  return answer === "started" ? undefined : failed("update", answer.refused);
};

export const deliver: Body = async ({ ports, settings, project, token }) => {
  const { change } = project;
  const { release, repository, branch, folder, secretArn, rebuild, variables } = change ?? {};
  const site = kindOf(project.type, project.framework)?.template === "static";
  // A server's previous image still exists; a site's files must be published once more.
  if (release && !site) return restore(ports, settings, project, release);
  // A server reads its variables when it starts; a site gets them only through its build.
  const built = repository || branch || folder || secretArn || rebuild || (site && (variables || release));
  // A project that has never been ready may have no successful build.
  if (!isNew(project) && !built) return ok;
  await beginBuild(ports, settings.prefix, project, token ?? project.run.name);
  await tellCommit(ports, settings, project, "pending");
  return undefined;
};

export const serve: Body = ({ ports, settings, project }) => serving(ports, settings, project);

export const finish: Body = async ({ ports, settings, project }) => {
  const { state, changes: rest } = restOf(ports, settings, project);
  const changes: Changes = { ...rest, ...(await releasesAfter(ports, settings, project)) };
  const stage = ended(ports, project, "finish", ok);
  if (!isNew(project)) await ports.store.settle(project.id, state, stage, changes);
  else if (
    !(await ports.store.commit(project, stage, {
      ...changes,
      state,
      clear: [
        ...(changes.clear ?? []),
        ...(["step", "token", "change"] as const),
        ...(changes.expiresAt ? [] : (["expiresAt"] as const)),
      ],
    }))
  )
    return { ok: false, ...CANCELLED };
  const { secretArn, valuesArn } = project.change ?? {};
  await forget(ports, {
    ...(secretArn && { secretArn: project.secretArn }),
    ...(valuesArn && { valuesArn: project.valuesArn }),
  });
  await tellCommit(ports, settings, project, "success");
  await hasten(ports, project.id);
  await tell(ports, project, "finish", state);
  await notify(ports, project, readyMail(settings, { ...project, ...changes }));
  return ok;
};
