export { anyRunsOn, runsOn, type Capability } from './capability.js';
export { driverSuffices, driverText, type DriverNeed } from './driver.js';
export {
  forecast,
  placeOf,
  type Forecast,
  type PlanOptions,
  type StageForecast,
  clusterStages,
  localStages,
} from './forecast.js';
export { gpuOf, GPU_PRODUCTS, type Gpu } from './gpus.js';
export { imageOf, IMAGES, imagesFor, type BenchImage } from './images.js';
export { usesHps } from './memory.js';
export type { Machine, PlanProblem } from './problems.js';
export { bytesOf, bytesText } from './quantity.js';
export { planText } from './text.js';
