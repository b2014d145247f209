import { bytesOf, cpuQuantity, cpusOf, memoryQuantity } from '../quantities.js';
import { containersOf, type Located, podsOf, type Rule, type Violation, walk } from './manifest.js';

/** Written otherwise, a quantity comes back changed from the API server, and whoever compares the two sees a drift. */
export const canonicalQuantities: Rule = ({ objects }) =>
  objects.flatMap((object) => {
    const found: Violation[] = [];
    walk(object.manifest['spec'], (value, where, key) => {
      if (key === 'sizeLimit') found.push(...check(object, `spec.${where}`, 'memory', value));
      if (key !== 'requests' && key !== 'limits') return;
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
      for (const [name, amount] of Object.entries(value))
        found.push(...check(object, `spec.${where}.${name}`, name, amount));
    });
    return found;
  });

function check(object: Located, where: string, resource: string, value: unknown): Violation[] {
  if (!['cpu', 'memory', 'storage', 'ephemeral-storage'].includes(resource)) return [];
  const canonical = typeof value === 'string' ? canonicalOf(resource, value) : undefined;
  if (canonical !== undefined && canonical === value) return [];
  const fix = canonical === undefined ? 'write a quantity in quotes, such as "4" or "8Gi"' : `write "${canonical}"`;
  const problem = `${value === undefined ? 'undefined' : JSON.stringify(value)} is not how Kubernetes writes this quantity`;
  return [{ object, where, problem, fix }];
}

function canonicalOf(resource: string, text: string): string | undefined {
  if (resource === 'cpu') {
    const cpus = cpusOf(text);
    return cpus === undefined || cpus <= 0 ? undefined : cpuQuantity(cpus);
  }
  const bytes = bytesOf(text);
  // A decimal size (500M) stays one.
  if (bytes === undefined || bytes <= 0 || !Number.isSafeInteger(bytes)) return undefined;
  return /^[1-9]\d{0,2}[kMGTP]$/.test(text) ? text : memoryQuantity(bytes);
}

/** Only a pod whose requests equal its limits is Guaranteed, and only such a pod gets CPUs of its own. */
export const guaranteed: Rule = ({ objects }) =>
  podsOf(objects).flatMap((pod) =>
    containersOf(pod).flatMap(({ container, where }) =>
      ['cpu', 'memory'].flatMap((name) => {
        const [request, limit] = [container.resources?.requests?.[name], container.resources?.limits?.[name]];
        if (request !== undefined && request === limit) return [];
        return [
          {
            object: pod.object,
            where: `${where}.resources`,
            problem: `${name}: request ${request ?? 'none'} and limit ${limit ?? 'none'} differ or are missing, so the pod is not Guaranteed`,
            fix: 'give both the same value',
          },
        ];
      }),
    ),
  );
