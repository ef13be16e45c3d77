// Creates a topic and sends COUNT numbered records through an idempotent producer, half of them compressed.
// node kafkajs-produce.mjs BOOTSTRAP TOPIC PARTITIONS COUNT
import kafkajs from 'kafkajs';

const [bootstrap, topic, partitions, count] = process.argv.slice(2);
const kafka = new kafkajs.Kafka({ clientId: 'kafkajs', brokers: [bootstrap], logLevel: kafkajs.logLevel.ERROR });

const admin = kafka.admin();
await admin.connect();
await admin.createTopics({ topics: [{ topic, numPartitions: Number(partitions) }] });
const { brokers } = await admin.describeCluster();
console.log('brokers', brokers.length, 'listed', (await admin.listTopics()).includes(topic));

const producer = kafka.producer({ idempotent: true });
await producer.connect();
const messages = [...Array(Number(count)).keys()].map(i => ({ key: `k${i}`, value: `v${i}`, headers: { n: `${i}` } }));
const half = messages.length / 2;
await producer.send({ topic, acks: -1, messages: messages.slice(0, half) });
await producer.send({ topic, acks: -1, compression: kafkajs.CompressionTypes.GZIP, messages: messages.slice(half) });
await producer.disconnect();

const offsets = await admin.fetchTopicOffsets(topic);
console.log('stored', offsets.reduce((sum, partition) => sum + Number(partition.high) - Number(partition.low), 0));
await admin.disconnect();
