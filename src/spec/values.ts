import { z } from 'zod';

export const dnsLabel = z.string().regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, {
  error:
    'is not a DNS label: lower-case letters, digits and "-", at most 63, starting and ending with a letter or digit',
});

/** A name that may have dots, such as that of a node or a class (RFC 1123 subdomain). */
export const dnsName = z
  .string()
  .max(253)
  .regex(/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/, {
    error: 'is not a name: lower-case letters, digits, "-" and ".", starting and ending with a letter or digit',
  });

/** A binary size as Kubernetes writes it. */
export const quantity = z.string().regex(/^[1-9][0-9]*(Ki|Mi|Gi|Ti)$/, {
  error: 'is not a size: a whole number with Ki, Mi, Gi or Ti, such as 64Gi',
});

/** CPUs in steps of a tenth: what Kubernetes writes as "2" or "500m". */
export const cpus = z
  .number()
  .min(0.1)
  .max(1024)
  .refine((value) => Number.isInteger(Math.round(value * 1e6) / 1e5), {
    error: 'is not a number of CPUs in steps of 0.1',
  });

/** An image reference that always means the same image, as far as a tag can promise it. */
export const image = z
  .string()
  .regex(/^[^\s:@]+(:\d+)?(\/[^\s:@]+)*(:[\w][\w.-]{0,127})?(@sha256:[0-9a-f]{64})?$/, {
    error: 'is not an image reference',
  })
  .refine((reference) => /:[\w.-]+(@|$)|@sha256:/.test(reference.slice(reference.lastIndexOf('/') + 1)), {
    error: 'has no tag or digest, so it could change between runs',
  })
  .refine((reference) => !/:latest$/.test(reference), {
    error: 'has the tag "latest", so it could change between runs',
  });
