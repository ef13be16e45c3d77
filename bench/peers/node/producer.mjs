// The cameras: pictures of the file in turn, as fast as the broker takes them, or each camera at its rate.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { createProducer, imageBytes, labels, now, settings, topics } from './pipeline.mjs';

const cameras = Number(settings.CAMERAS), images = Number(settings.IMAGES), rate = Number(settings.RATE), partitions = Number(settings.PARTITIONS);
const perRequest = 250;
const pictures = readFileSync(settings.PICTURES), pictureCount = pictures.length / (1 + imageBytes);
const run = Date.now().toString(36);

const producer = createProducer();
await producer.connect();
if (rate === 0) {
  await asFastAsTaken();
} else {
  const start = now();
  await Promise.all(Array.from({ length: cameras }, (_, camera) => atRate(camera, start)));
}
await producer.disconnect();

async function asFastAsTaken() {
  for (let first = 0; first < images * cameras; first += perRequest) {
    const messages = [];
    for (let i = first; i < Math.min(first + perRequest, images * cameras); i++) messages.push(capture(i % cameras, Math.floor(i / cameras)));
    await producer.send({ topic: topics.images, messages });
  }
}

/** Open loop: what became of earlier images does not delay the next one. */
async function atRate(camera, start) {
  const sends = [];
  for (let number = 0; number < images; number++) {
    await sleep(Math.max(0, start + (number + camera / cameras) * 1000 / rate - now()));
    sends.push(producer.send({ topic: topics.images, messages: [capture(camera, number)] }));
  }
  await Promise.all(sends);
}

function capture(camera, number) {
  const at = (Math.floor(camera * pictureCount / cameras) + number) % pictureCount * (1 + imageBytes);
  const id = `camera-${camera + 1}`;
  return {
    key: id,
    value: pictures.subarray(at + 1, at + 1 + imageBytes),
    partition: Math.floor(camera * partitions / cameras),
    headers: { id: `${run}-${camera}-${String(number).padStart(8, '0')}`, truth: labels[pictures[at]], at: String(now()) },
  };
}
