type Values = Readonly<Record<string, readonly string[]>>;

/** `cloud.google.com/gke-accelerator` by GPU product (GKE's list of GPU types). */
const GKE: Values = {
  'A100-SXM4-80GB': ['nvidia-a100-80gb'],
  'A100-SXM4-40GB': ['nvidia-tesla-a100'],
  'H100-80GB-HBM3': ['nvidia-h100-80gb', 'nvidia-h100-mega-80gb'],
  H200: ['nvidia-h200-141gb'],
  L4: ['nvidia-l4'],
  'Tesla-T4': ['nvidia-tesla-t4'],
};

/** `node.kubernetes.io/instance-type` by GPU product (EC2's accelerated instance types). */
const EKS: Values = {
  'A100-SXM4-80GB': ['p4de.24xlarge'],
  'A100-SXM4-40GB': ['p4d.24xlarge'],
  'H100-80GB-HBM3': ['p5.48xlarge'],
  H200: ['p5e.48xlarge', 'p5en.48xlarge'],
};

/** Node label values that mean a GPU product, by the product's name without "NVIDIA-". */
export function gpuNodes(labels: 'gke' | 'eks'): Values {
  return labels === 'gke' ? GKE : EKS;
}

/** A GPU product as it is named here: GPU Feature Discovery, and who copies its label, put the vendor before it. */
export const withoutVendor = (product: string): string => product.replace(/^NVIDIA-/, '');
