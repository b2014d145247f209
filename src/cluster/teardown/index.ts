export { floorHolder, remains, type Claim, type Remains } from './look.js';
export { doomedName } from './objects.js';
export { endConductors, releaseGpu, removeObjects, removeVolume } from './teardown.js';
