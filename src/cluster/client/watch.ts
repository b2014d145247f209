import { noAnswer, refusal, type Asked, type Place } from './errors.js';

/** One change. A bookmark carries only a version: nothing up to it is missing. */
export interface WatchEvent<T> {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK';
  readonly object: T;
}

interface RawEvent<T> {
  readonly type: WatchEvent<T>['type'] | 'ERROR';
  readonly object: T & { readonly code?: number };
}

const LF = 0x0a;

/** The events of a watch's answer. @throws ClusterError for an ERROR event (`gone`: list again), and where it breaks off */
export async function* watchEvents<T>(
  answer: AsyncIterable<unknown>,
  asked: Asked,
  place: Place,
): AsyncGenerator<WatchEvent<T>> {
  for await (const line of lines(answer, asked, place)) {
    let event: RawEvent<T>;
    try {
      event = JSON.parse(line) as RawEvent<T>;
    } catch (error) {
      throw noAnswer(error as Error, asked, place, true);
    }
    if (event.type === 'ERROR')
      throw refusal(event.object.code ?? 500, JSON.stringify(event.object), asked, place, undefined);
    yield { type: event.type, object: event.object };
  }
}

/** Whole lines; what the server did not finish when it ended the watch is not one. */
async function* lines(answer: AsyncIterable<unknown>, asked: Asked, place: Place): AsyncGenerator<string> {
  let rest: Buffer[] = [];
  try {
    for await (const chunk of answer as AsyncIterable<Buffer>) {
      let start = 0;
      for (let end = chunk.indexOf(LF); end >= 0; end = chunk.indexOf(LF, start)) {
        yield Buffer.concat([...rest, chunk.subarray(start, end)]).toString('utf8');
        rest = [];
        start = end + 1;
      }
      if (start < chunk.length) rest.push(chunk.subarray(start));
    }
  } catch (error) {
    throw noAnswer(error as Error, asked, place, true);
  }
}
