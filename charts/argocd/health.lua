-- Health of a Job. Argo CD's own check takes the Suspended=False condition of a Job that Kueue has resumed for its end,
-- so a running benchmark would read Healthy. A failed run of the conductor says why in an annotation.
local health = { status = "Progressing", message = "" }
if obj.metadata.annotations ~= nil and obj.metadata.annotations["hps-bench/outcome"] ~= nil then
  health.message = obj.metadata.annotations["hps-bench/outcome"]
end
if obj.status ~= nil and obj.status.conditions ~= nil then
  for _, condition in ipairs(obj.status.conditions) do
    if condition.status == "True" then
      if condition.type == "Failed" then
        health.status = "Degraded"
        if health.message == "" then health.message = condition.message or condition.reason or "failed" end
        return health
      elseif condition.type == "Complete" then
        health.status = "Healthy"
        return health
      elseif condition.type == "Suspended" then
        health.status = "Suspended"
        if health.message == "" then health.message = condition.message or "suspended" end
      end
    end
  end
end
return health
