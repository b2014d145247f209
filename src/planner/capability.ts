/** A GPU's compute capability as NVIDIA writes it, such as `8.0`. */
export type Capability = `${number}.${number}`;

function parts(capability: Capability): readonly [major: number, minor: number] {
  const [major = NaN, minor = NaN] = capability.split('.').map(Number);
  return [major, minor];
}

/**
 * Whether machine code compiled for one compute capability runs on a GPU of another: the major numbers are equal and the
 * GPU's minor number is not below. Source: NVIDIA, CUDA C++ Programming Guide, "Binary Compatibility". HPS libraries hold
 * no PTX, so nothing can be compiled for a newer GPU when they are loaded.
 */
export function runsOn(compiled: Capability, gpu: Capability): boolean {
  const [major, minor] = parts(compiled);
  const [gpuMajor, gpuMinor] = parts(gpu);
  return major === gpuMajor && minor <= gpuMinor;
}

/** Whether any of several compiled capabilities runs on a GPU. */
export function anyRunsOn(compiled: readonly Capability[], gpu: Capability): boolean {
  return compiled.some((capability) => runsOn(capability, gpu));
}
