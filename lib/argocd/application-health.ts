/**
 * Health of an Application, for the root that holds it: one counts only once a sync of it has succeeded.
 *
 * Argo CD itself calls an Application of which nothing was created yet healthy, and the next wave would start early.
 *
 * @see https://github.com/argoproj/argo-cd/issues/27917
 */
export const APPLICATION_HEALTH = `local status = obj.status or {}
local operation = status.operationState or {}
local health = status.health or {}
if operation.phase == "Succeeded" and health.status ~= nil then
  return { status = health.status, message = health.message or "" }
end
return { status = "Progressing", message = operation.message or "waiting for the first sync" }
`;
