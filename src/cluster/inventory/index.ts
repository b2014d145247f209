/** Which nodes of a cluster have whole GPUs that a fleet can be measured on. */
export { inventoryOf, readInventory, type Counted } from './inventory.js';
export { verdictOf, type Node } from './node.js';
