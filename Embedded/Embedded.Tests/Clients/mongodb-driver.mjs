// The official Node driver against the embedded server: what the pipeline writes and asks, and what must fail.
// PORT says where; IDLE_MS, how long to sit still between two commands while the driver's monitor goes on.
import assert from 'node:assert/strict';
import { MongoClient } from 'mongodb';

const client = await new MongoClient(`mongodb://127.0.0.1:${process.env.PORT}/?retryWrites=true`).connect();
const images = client.db('image_database').collection('image_data');
await images.deleteMany({});

// Both halves of a document arrive as upserts by image id, in either order.
const captured = Array.from({ length: 1000 }, (_, i) => ({ updateOne: {
  filter: { _id: 'img-' + i },
  update: { $set: { ProducerID: 'p' + i % 4, GroundTruth: 'c' + i % 10, Timestamp: new Date(1.7e12 + i * 1000), Image: Buffer.alloc(3072, i) } },
  upsert: true } }));
const inferred = Array.from({ length: 1200 }, (_, i) => ({ updateOne: {
  filter: { _id: 'img-' + i }, update: { $set: { InferredValue: 'c' + (i % 7 ? i % 10 : 0), Confidence: 0.9 } }, upsert: true } }));
const first = await images.bulkWrite(captured, { ordered: false });
const second = await images.bulkWrite(inferred, { ordered: false });
assert.equal(first.upsertedCount, 1000);
assert.equal(second.matchedCount, 1000);
assert.equal(second.modifiedCount, 1000);
assert.equal(second.upsertedCount, 200);
assert.equal(second.upsertedIds[1000], 'img-1000');

assert.equal(await images.countDocuments(), 1200);
assert.equal(await images.estimatedDocumentCount(), 1200);
assert.equal((await images.distinct('ProducerID')).length, 4);

const [accuracy] = await images.aggregate([
  { $group: { _id: null, total: { $sum: 1 }, correct: { $sum: { $cond: [{ $eq: ['$InferredValue', '$GroundTruth'] }, 1, 0] } } } },
  { $project: { _id: 0, total: 1, correct: 1, accuracy: { $divide: ['$correct', '$total'] } } }]).toArray();
assert.deepEqual(Object.keys(accuracy), ['total', 'correct', 'accuracy']);
assert.equal(accuracy.total, 1200);
assert.equal(accuracy.correct, 872);

const matrix = await images.aggregate([
  { $match: { InferredValue: { $exists: true }, GroundTruth: { $exists: true } } },
  { $group: { _id: { truth: '$GroundTruth', pred: '$InferredValue' }, n: { $sum: 1 } } }, { $sort: { '_id.truth': 1, '_id.pred': 1 } }]).toArray();
assert.equal(matrix.reduce((sum, cell) => sum + cell.n, 0), 1000);

const minutes = await images.aggregate([
  { $match: { Timestamp: { $gte: new Date(1.7e12), $lt: new Date(1.7e12 + 600_000) } } },
  { $group: { _id: { $dateTrunc: { date: '$Timestamp', unit: 'minute' } }, n: { $sum: 1 }, conf: { $avg: '$Confidence' } } }, { $sort: { _id: 1 } }]).toArray();
assert.equal(minutes.reduce((sum, minute) => sum + minute.n, 0), 600);

const latest = await images.find({}, { projection: { Image: 0 }, sort: { Timestamp: -1 }, limit: 20 }).toArray();
assert.equal(latest.length, 20);
assert.ok(latest.every(image => !('Image' in image)));
assert.equal(latest[0]._id, 'img-999');

await assert.rejects(images.insertMany([{ _id: 'x' }, { _id: 'img-1' }, { _id: 'y' }], { ordered: false }), error =>
  error.code === 11000 && error.result.insertedCount === 2 && error.writeErrors[0].index === 1 && /E11000/.test(error.message));

assert.equal((await images.findOne({ _id: 'img-3' })).Image.buffer.length, 3072);
await images.createIndex({ Timestamp: -1 });
assert.equal((await images.indexes()).length, 2);

// Cursors go on over several batches, whatever the order.
assert.equal((await images.find({}, { batchSize: 100 }).toArray()).length, 1202);
assert.equal((await images.find({ ProducerID: 'p1' }, { batchSize: 7, sort: { _id: 1 } }).toArray()).length, 250);

// Updates in their other forms.
await images.updateOne({ _id: 'x' }, { $set: { tags: ['a', 'b'] }, $inc: { seen: 1 } });
await images.updateOne({ _id: 'x', tags: 'b' }, { $set: { 'tags.$': 'c' } });
await images.updateOne({ _id: 'x' }, [{ $set: { twice: { $multiply: ['$seen', 2] } } }]);
assert.deepEqual(await images.findOne({ _id: 'x' }), { _id: 'x', seen: 1, tags: ['a', 'c'], twice: 2 });
const found = await images.findOneAndUpdate({ _id: 'x' }, { $push: { tags: 'd' } }, { returnDocument: 'after', projection: { tags: 1 } });
assert.deepEqual(found, { _id: 'x', tags: ['a', 'c', 'd'] });
await images.replaceOne({ _id: 'y' }, { z: 1 });
assert.deepEqual(await images.findOne({ _id: 'y' }), { _id: 'y', z: 1 });
assert.equal((await images.deleteMany({ _id: { $in: ['x', 'y'] } })).deletedCount, 2);

// What is not supported says so.
await assert.rejects(images.aggregate([{ $foo: 1 }]).toArray(), error => error.code === 40324);
await assert.rejects(images.find({ $where: 'true' }).toArray(), error => error.code === 2);
await assert.rejects(images.updateOne({ _id: 'img-1' }, { $foo: { a: 1 } }), error => error.code === 9);

// The driver's monitor goes on by itself; the connection is still good afterwards.
await new Promise(resolve => setTimeout(resolve, Number(process.env.IDLE_MS ?? 0)));
await client.db('admin').command({ ping: 1 });

const session = client.startSession();
session.startTransaction();
// The driver may put its own words around the server's: what matters is the code that came.
await assert.rejects(images.insertOne({}, { session }), error => (error.originalError ?? error).code === 20);
await client.close();
console.log('accuracy', JSON.stringify(accuracy));
