// What the three programs share: where everything is, by environment variables that the bench sets, and one clock.
import { connect } from 'node:net';
import { Kafka, Partitioners, logLevel } from 'kafkajs';

export const settings = process.env;
export const topics = { images: 'peer-images', results: 'peer-results' };
export const labels = ['plane', 'car', 'bird', 'cat', 'deer', 'dog', 'frog', 'horse', 'ship', 'truck'];
export const width = 32, height = 32, imageBytes = width * height * 3;

/** Milliseconds since 1970, with decimals: the same clock in every process of the machine. */
export const now = () => performance.timeOrigin + performance.now();

export const kafka = new Kafka({
  clientId: 'peer',
  brokers: [settings.BROKER],
  logLevel: logLevel.WARN,
  socketFactory: ({ host, port, onConnect }) => connect({ host, port, noDelay: true, keepAlive: true }, onConnect),
});

/** Nothing is lost and nothing doubled by a retry; kafkajs writes acks=all for such a producer. */
export const createProducer = () => kafka.producer({ idempotent: true, maxInFlightRequests: 1, createPartitioner: Partitioners.DefaultPartitioner });

/** Reads a topic; a batch's offsets are committed after `eachBatch`, which returns when its work is acknowledged. */
export async function consume(groupId, topic, maxBytesPerPartition, eachBatch) {
  const consumer = kafka.consumer({ groupId, maxBytesPerPartition, maxWaitTimeInMs: 500, heartbeatInterval: 2000 });
  const joined = new Promise(resolve => consumer.on(consumer.events.GROUP_JOIN, resolve));
  await consumer.connect();
  await consumer.subscribe({ topics: [topic], fromBeginning: true });
  await consumer.run({ partitionsConsumedConcurrently: 8, eachBatch });
  await joined;
  return consumer;
}

/** Tells the bench that pictures may come, and stops when it says so. */
export function ready(...clients) {
  process.on('SIGTERM', async () => {
    await Promise.all(clients.map(client => client.disconnect()));
    process.exit(0);
  });
  console.log('ready');
}
