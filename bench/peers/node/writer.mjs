// Stores images and predictions, whichever comes first: one upsert for each, or for both where both are in hand.
import { appendFileSync } from 'node:fs';
import { MongoClient } from 'mongodb';
import { consume, height, now, ready, settings, topics, width } from './pipeline.mjs';

const client = await new MongoClient(settings.STORE).connect();
const images = client.db().collection('image_data');

let pending = new Map();              // what the next write sets, by image id
let last = Promise.resolve(), next;   // the write under way, and the one after it
let stored = 0;

const consumers = await Promise.all([
  consume('peer-writer-images', topics.images, 1024 * 1024, ({ batch }) => {
    for (const { key, value, headers } of batch.messages) {
      put(headers.id.toString(), {
        producer_id: key.toString(), GroundTruth: headers.truth.toString(), CapturedAt: new Date(Number(headers.at)),
        Image: { Width: width, Height: height, Format: 'RGB24', Data: value },
      });
    }
    return written();
  }),
  consume('peer-writer-results', topics.results, 1024 * 1024, ({ batch }) => {
    for (const { key, value, headers } of batch.messages) {
      const { InferredAt, ...fields } = JSON.parse(value);
      put(key.toString(), { ...fields, Model: 'resnet20-cifar10', InferredAt: new Date(InferredAt) }, headers.at);
    }
    return written();
  }),
]);
setInterval(() => console.log(`stored ${stored}`), 1000).unref();
ready(...consumers, { disconnect: () => client.close() });

/** `capturedAt` comes with a prediction. */
function put(id, fields, capturedAt) {
  const other = pending.get(id);
  pending.set(id, { fields: { ...other?.fields, ...fields }, capturedAt: capturedAt ?? other?.capturedAt });
}

/** Ends when all that is pending is acknowledged. One write at a time; what comes meanwhile shares the next. */
function written() {
  return next ??= last = last.catch(() => {}).then(() => {
    const taken = pending;
    [pending, next] = [new Map(), undefined];
    return write(taken);
  });
}

async function write(taken) {
  const StoredAt = new Date();
  await images.bulkWrite(
    Array.from(taken, ([_id, { fields }]) => ({ updateOne: { filter: { _id }, update: { $set: { ...fields, StoredAt } }, upsert: true } })), { ordered: false });
  const at = now(), inferred = [...taken.values()].filter(image => image.capturedAt);
  stored += inferred.length;
  if (settings.LATENCIES) appendFileSync(settings.LATENCIES, inferred.map(image => `${image.capturedAt} ${at}\n`).join(''));
}
