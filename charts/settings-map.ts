import type { V1ConfigMap } from '@kubernetes/client-node';
import type { Construct } from 'constructs';
import {
  apiObject,
  type ClusterStage,
  configVolume,
  type ContainerProps,
  keyed,
  type Mounted,
  PYTHON,
  stageLabels,
} from '../src/kubernetes/index.js';
import { readableJson } from './readable-json.js';

/** Adds the ConfigMap of a stage's settings.json; returns what a pod mounts to have it in /settings. */
export function settingsMap(
  scope: Construct,
  id: string,
  props: { namespace: string; stage: ClusterStage; runId?: string; settings: Record<string, unknown> },
): Mounted {
  const [map] = keyed((key) => [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: {
        name: `settings-${props.stage}-${key}`,
        namespace: props.namespace,
        labels: { ...stageLabels(props.stage, props.runId) },
      },
      immutable: true,
      data: { 'settings.json': readableJson(props.settings) },
    } satisfies V1ConfigMap,
  ]);
  apiObject(scope, id, map);
  return configVolume('settings', '/settings', map.metadata.name);
}

/** How every program of jobs/ is started. */
export function program(file: string): Pick<ContainerProps, 'command' | 'env'> {
  return { command: ['python3', `/programs/${file}`, '--settings', '/settings/settings.json'], env: PYTHON };
}
