// One member of a consumer group. Says what it is assigned and what it reads; leaves the group on SIGTERM.
// node kafkajs-member.mjs BOOTSTRAP GROUP TOPIC
import kafkajs from 'kafkajs';

const [bootstrap, groupId, topic] = process.argv.slice(2);
const kafka = new kafkajs.Kafka({ clientId: 'kafkajs', brokers: [bootstrap], logLevel: kafkajs.logLevel.NOTHING });
const consumer = kafka.consumer({ groupId, sessionTimeout: 6000, heartbeatInterval: 500, rebalanceTimeout: 10000, maxWaitTimeInMs: 200 });

consumer.on(consumer.events.GROUP_JOIN, ({ payload }) =>
  console.log('assigned', (payload.memberAssignment[topic] ?? []).sort((a, b) => a - b).join(' ')));

process.on('SIGTERM', async () => {
  await consumer.disconnect();
  console.log('left');
  process.exit(0);
});

await consumer.connect();
await consumer.subscribe({ topics: [topic], fromBeginning: true });
await consumer.run({
  eachBatch: async ({ batch, resolveOffset, heartbeat, commitOffsetsIfNecessary }) => {
    for (const message of batch.messages) {
      console.log('read', batch.partition, message.offset, message.value.toString(), message.headers.n.toString());
      resolveOffset(message.offset);
    }
    await commitOffsetsIfNecessary({ topics: [{ topic, partitions: [{ partition: batch.partition, offset: (Number(batch.lastOffset()) + 1).toString() }] }] });
    await heartbeat();
  },
});
