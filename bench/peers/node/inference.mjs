// Classifies what the cameras sent, some pictures in one run of the model, and publishes what it saw.
import { availableParallelism } from 'node:os';
import ort from 'onnxruntime-node';
import { consume, createProducer, height, imageBytes, labels, ready, settings, topics, width } from './pipeline.mjs';

const maxBatch = Number(settings.BATCH ?? 64);
const session = await ort.InferenceSession.create(settings.MODEL, {
  intraOpNumThreads: availableParallelism(),
  interOpNumThreads: 1,
  extra: { session: { intra_op: { allow_spinning: '0' } } },
});
const producer = createProducer();
await producer.connect();
await classify([{ value: Buffer.alloc(imageBytes) }]);
const consumer = await consume('peer-inference', topics.images, 1024 * 1024, async ({ batch }) => {
  const sends = [];
  for (let first = 0; first < batch.messages.length; first += maxBatch) {
    const images = batch.messages.slice(first, first + maxBatch);
    const probabilities = await classify(images);
    const messages = images.map((image, i) => result(image, probabilities.subarray(i * labels.length, (i + 1) * labels.length), batch.partition));
    sends.push(producer.send({ topic: topics.results, messages }));
  }
  await Promise.all(sends);
});
ready(consumer, producer);

async function classify(images) {
  const pixels = new Uint8Array(images.length * imageBytes);
  images.forEach((image, i) => pixels.set(image.value, i * imageBytes));
  const { probabilities } = await session.run({ images: new ort.Tensor('uint8', pixels, [images.length, height, width, 3]) });
  return probabilities.data;
}

function result({ key, headers: { id, truth, at } }, probabilities, partition) {
  const best = probabilities.indexOf(Math.max(...probabilities));
  const value = JSON.stringify({
    producer_id: key.toString(), GroundTruth: truth.toString(), InferredValue: labels[best], Confidence: probabilities[best], InferredAt: Date.now(),
  });
  return { key: id, value, partition, headers: { at } };
}
