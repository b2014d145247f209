/** Which models Triton serves by now (KServe v2 protocol, `GET v2/models/M/ready`). */
import http from 'node:http';
import https from 'node:https';

const TIMEOUT_MS = 3000;

/** True when Triton answers that it is ready; false for any other answer, and for none. */
export type IsReady = (address: string, model: string) => Promise<boolean>;

export const isReady: IsReady = (address, model) =>
  new Promise((resolve) => {
    const url = new URL(`${address}/v2/models/${encodeURIComponent(model)}/ready`);
    const request = (url.protocol === 'https:' ? https : http).get(
      url,
      { timeout: TIMEOUT_MS, agent: false },
      (answer) => {
        answer.resume();
        resolve(answer.statusCode === 200);
      },
    );
    request.on('timeout', () => request.destroy());
    request.on('error', () => {
      resolve(false);
    });
    request.on('close', () => {
      resolve(false);
    });
  });

/** The models that are not ready, in the order given. */
export async function notReady(ready: IsReady, address: string, models: readonly string[]): Promise<string[]> {
  const answers = await Promise.all(models.map((model) => ready(address, model)));
  return models.filter((_, index) => answers[index] !== true);
}
