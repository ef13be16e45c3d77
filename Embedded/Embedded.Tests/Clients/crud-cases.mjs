// CRUD cases in the manner of the drivers' public tests, through the official Node driver: each starts from the same
// three documents, does one thing, and says what came back and what is left. PORT says where the server is.
import assert from 'node:assert/strict';
import { MongoClient, ObjectId, Long, Decimal128 } from 'mongodb';

const client = await new MongoClient(`mongodb://127.0.0.1:${process.env.PORT}`).connect();
const db = client.db('crud_cases');
const initial = [{ _id: 1, x: 11 }, { _id: 2, x: 22 }, { _id: 3, x: 33 }];
const cases = [];
const test = (name, run, outcome) => cases.push({ name, run, outcome });
const code = expected => error => (error.originalError ?? error).code === expected;

// Reading
test('find with a filter, skip, limit and sort', async c => assert.deepEqual(
  await c.find({ _id: { $gt: 1 } }).sort({ _id: -1 }).skip(1).limit(1).toArray(), [{ _id: 2, x: 22 }]));
test('find with let', async c => assert.deepEqual(
  await c.find({ $expr: { $eq: ['$_id', '$$id'] } }, { let: { id: 2 } }).toArray(), [{ _id: 2, x: 22 }]));
test('find with a comment', async c => assert.equal((await c.find({ _id: 1 }, { comment: { key: 'value' } }).toArray()).length, 1));
test('find with a computed field', async c => assert.deepEqual(
  await c.find({ _id: 1 }, { projection: { y: { $add: ['$x', 1] } } }).toArray(), [{ _id: 1, y: 12 }]));
test('find with a hint', async c => assert.equal((await c.find({ _id: 1 }, { hint: '_id_' }).toArray()).length, 1));
test('find with a hint that names no index', async c => assert.rejects(c.find({}, { hint: 'none' }).toArray(), code(2)));
test('find in batches', async c => assert.equal((await c.find({}, { batchSize: 2 }).toArray()).length, 3));
test('findOne', async c => assert.deepEqual(await c.findOne({ x: { $gte: 22 } }, { sort: { x: -1 } }), { _id: 3, x: 33 }));
test('findOne of nothing', async c => assert.equal(await c.findOne({ x: 5 }), null));
test('$or with no array is refused', async c => assert.rejects(c.find({ $or: true }).toArray(), code(2)));
test('countDocuments with skip and limit', async c => assert.equal(await c.countDocuments({}, { skip: 1, limit: 5 }), 2));
test('countDocuments of a missing collection', async () => assert.equal(await db.collection('missing').countDocuments(), 0));
test('estimatedDocumentCount', async c => assert.equal(await c.estimatedDocumentCount(), 3));
test('distinct', async c => assert.deepEqual(await c.distinct('x', { _id: { $lt: 3 } }), [11, 22]));

// Aggregating
test('aggregate in several batches', async c => assert.deepEqual(
  await c.aggregate([{ $sort: { x: 1 } }, { $match: { _id: { $gt: 1 } } }], { batchSize: 1 }).toArray(), initial.slice(1)));
test('aggregate with let', async c => assert.deepEqual(
  await c.aggregate([{ $match: { $expr: { $eq: ['$_id', '$$id'] } } }, { $project: { _id: 0, x: '$$x' } }], { let: { id: 1, x: 'foo' } }).toArray(), [{ x: 'foo' }]));
test('aggregate with $out', async c => {
  assert.deepEqual(await c.aggregate([{ $match: { _id: { $gt: 1 } } }, { $out: 'other' }]).toArray(), []);
  assert.deepEqual(await db.collection('other').find().sort({ _id: 1 }).toArray(), initial.slice(1));
});
test('aggregate with an undefined variable', async c => assert.rejects(c.aggregate([{ $project: { a: '$$nope' } }]).toArray(), code(17276)));
test('aggregate of the database', async () => assert.deepEqual(
  await db.aggregate([{ $documents: [{ x: 1 }, { x: 2 }] }, { $match: { x: 2 } }]).toArray(), [{ x: 2 }]));
test('aggregate with $facet, $unwind and $bucket', async c => assert.deepEqual(
  await c.aggregate([{ $facet: { n: [{ $count: 'n' }], b: [{ $bucket: { groupBy: '$x', boundaries: [0, 20, 50] } }] } }, { $unwind: '$n' }]).toArray(),
  [{ n: { n: 3 }, b: [{ _id: 0, count: 1 }, { _id: 20, count: 2 }] }]));

// Inserting
test('insertOne', async c => assert.equal((await c.insertOne({ _id: 4, x: 44 })).insertedId, 4), [...initial, { _id: 4, x: 44 }]);
// As a command: the driver would put an ObjectId in place of the null.
test('insert with an _id of null', async c => { await db.command({ insert: c.collectionName, documents: [{ _id: null, x: 1 }] }); }, [{ _id: null, x: 1 }, ...initial]);
test('insertOne with dotted and dollar names inside', async c => { await c.insertOne({ _id: 4, 'a.b': 1, c: { $d: 1 } }); },
  [...initial, { _id: 4, 'a.b': 1, c: { $d: 1 } }]);
test('insertOne with an _id that is an array', async c => assert.rejects(c.insertOne({ _id: [1] }), error => [2, 53].includes(error.code)), initial);
test('insertMany, ordered, stops at the first duplicate', async c => assert.rejects(
  c.insertMany([{ _id: 4 }, { _id: 1 }, { _id: 5 }]), error => error.code === 11000 && error.result.insertedCount === 1), [...initial, { _id: 4 }]);
test('insertMany, unordered, goes on', async c => assert.rejects(
  c.insertMany([{ _id: 4 }, { _id: 1 }, { _id: 5 }], { ordered: false }), error => error.code === 11000 && error.result.insertedCount === 2),
  [...initial, { _id: 4 }, { _id: 5 }]);

// Updating
const updated = (result, matched, modified, upsertedId = null) =>
  assert.deepEqual([result.matchedCount, result.modifiedCount, result.upsertedId], [matched, modified, upsertedId]);
test('updateOne', async c => updated(await c.updateOne({ _id: { $gt: 1 } }, { $inc: { x: 1 } }), 1, 1), [initial[0], { _id: 2, x: 23 }, initial[2]]);
test('updateOne of nothing', async c => updated(await c.updateOne({ _id: 9 }, { $inc: { x: 1 } }), 0, 0), initial);
test('updateOne that changes nothing', async c => updated(await c.updateOne({ _id: 1 }, { $set: { x: 11 } }), 1, 0), initial);
test('updateOne that upserts', async c => updated(await c.updateOne({ _id: 4 }, { $set: { y: 1 } , $setOnInsert: { z: 1 } }, { upsert: true }), 0, 0, 4), [...initial, { _id: 4, y: 1, z: 1 }]);
test('updateOne with a pipeline and let', async c => updated(await c.updateOne({ $expr: { $eq: ['$_id', '$$id'] } }, [{ $set: { x: '$$x' } }], { let: { id: 1, x: 'foo' } }), 1, 1),
  [{ _id: 1, x: 'foo' }, ...initial.slice(1)]);
test('updateOne with array filters', async c => {
  await c.insertOne({ _id: 4, y: [{ b: 3 }, { b: 1 }, { b: 3 }] });
  updated(await c.updateOne({ _id: 4 }, { $set: { 'y.$[i].b': 2 } }, { arrayFilters: [{ 'i.b': 3 }] }), 1, 1);
}, [...initial, { _id: 4, y: [{ b: 2 }, { b: 1 }, { b: 2 }] }]);
test('updateOne of _id is refused', async c => assert.rejects(c.updateOne({ _id: 1 }, { $set: { _id: 7 } }), code(66)), initial);
test('updateOne of one path twice is refused', async c => assert.rejects(c.updateOne({ _id: 1 }, { $set: { x: 1 }, $inc: { x: 1 } }), code(40)), initial);
test('updateOne with a hint', async c => updated(await c.updateOne({ _id: 1 }, { $inc: { x: 1 } }, { hint: { _id: 1 } }), 1, 1), [{ _id: 1, x: 12 }, ...initial.slice(1)]);
test('updateMany', async c => updated(await c.updateMany({ _id: { $gt: 1 } }, { $inc: { x: 1 } }), 2, 2), [initial[0], { _id: 2, x: 23 }, { _id: 3, x: 34 }]);
test('updateMany that upserts', async c => updated(await c.updateMany({ _id: 4 }, { $inc: { x: 1 } }, { upsert: true }), 0, 0, 4), [...initial, { _id: 4, x: 1 }]);
test('replaceOne', async c => updated(await c.replaceOne({ _id: { $gt: 1 } }, { y: 1 }, { sort: undefined }), 1, 1), [initial[0], { _id: 2, y: 1 }, initial[2]]);
test('replaceOne that upserts', async c => updated(await c.replaceOne({ _id: 4 }, { y: 1 }, { upsert: true }), 0, 0, 4), [...initial, { _id: 4, y: 1 }]);
test('replaceOne with another _id is refused', async c => assert.rejects(c.replaceOne({ _id: 1 }, { _id: 7 }), code(66)), initial);
test('int32, int64, double and decimal keep their types', async c => {
  await c.insertOne({ _id: 4, l: Long.fromString('9007199254740993'), d: Decimal128.fromString('1.10') });
  await c.updateOne({ _id: 4 }, { $inc: { l: 1, d: 1 } });
  const raw = await c.findOne({ _id: 4 }, { promoteLongs: false });
  assert.equal(raw.l.toString(), '9007199254740994');
  assert.equal(raw.d.toString(), '2.10');
});

// Finding and changing at once
test('findOneAndUpdate before', async c => assert.deepEqual(await c.findOneAndUpdate({ _id: { $gt: 1 } }, { $inc: { x: 1 } }, { sort: { x: -1 } }), { _id: 3, x: 33 }), [...initial.slice(0, 2), { _id: 3, x: 34 }]);
test('findOneAndUpdate after', async c => assert.deepEqual(await c.findOneAndUpdate({ _id: 1 }, { $inc: { x: 1 } }, { returnDocument: 'after', projection: { _id: 0 } }), { x: 12 }), [{ _id: 1, x: 12 }, ...initial.slice(1)]);
test('findOneAndUpdate that upserts', async c => assert.deepEqual(await c.findOneAndUpdate({ _id: 4 }, { $set: { x: 44 } }, { upsert: true, returnDocument: 'after' }), { _id: 4, x: 44 }), [...initial, { _id: 4, x: 44 }]);
test('findOneAndUpdate of nothing', async c => assert.equal(await c.findOneAndUpdate({ _id: 9 }, { $inc: { x: 1 } }), null), initial);
test('findOneAndReplace', async c => assert.deepEqual(await c.findOneAndReplace({ _id: 1 }, { y: 1 }, { returnDocument: 'after' }), { _id: 1, y: 1 }), [{ _id: 1, y: 1 }, ...initial.slice(1)]);
test('findOneAndDelete', async c => assert.deepEqual(await c.findOneAndDelete({ _id: { $gt: 1 } }, { sort: { x: -1 } }), { _id: 3, x: 33 }), initial.slice(0, 2));

// Deleting
test('deleteOne', async c => assert.equal((await c.deleteOne({ _id: { $gt: 1 } })).deletedCount, 1), [initial[0], initial[2]]);
test('deleteMany with let', async c => assert.equal((await c.deleteMany({ $expr: { $gt: ['$_id', '$$id'] } }, { let: { id: 1 } })).deletedCount, 2), [initial[0]]);
test('deleteMany of nothing', async c => assert.equal((await c.deleteMany({ _id: 9 })).deletedCount, 0), initial);

// In bulk
test('bulkWrite of every kind', async c => {
  const result = await c.bulkWrite([
    { insertOne: { document: { _id: 4, x: 44 } } }, { updateOne: { filter: { _id: 1 }, update: { $inc: { x: 1 } } } },
    { updateMany: { filter: { _id: { $gt: 2 } }, update: { $inc: { x: 1 } } } }, { replaceOne: { filter: { _id: 5 }, replacement: { y: 1 }, upsert: true } },
    { deleteOne: { filter: { _id: 2 } } }]);
  assert.deepEqual([result.insertedCount, result.matchedCount, result.modifiedCount, result.deletedCount, result.upsertedCount, result.upsertedIds],
    [1, 3, 3, 1, 1, { 3: 5 }]);
}, [{ _id: 1, x: 12 }, { _id: 3, x: 34 }, { _id: 4, x: 45 }, { _id: 5, y: 1 }]);
test('bulkWrite, ordered, stops at an error', async c => assert.rejects(
  c.bulkWrite([{ insertOne: { document: { _id: 1 } } }, { deleteOne: { filter: { _id: 2 } } }]), code(11000)), initial);
test('an unacknowledged write arrives', async c => {
  await c.insertOne({ _id: 4 }, { writeConcern: { w: 0 } });
  for (let i = 0; i < 200 && await c.countDocuments() < 4; i++) { await new Promise(resolve => setTimeout(resolve, 10)); }
}, [...initial, { _id: 4 }]);

// What is refused rather than ignored
test('a collation is refused', async c => assert.rejects(c.find({ x: 'A' }, { collation: { locale: 'en_US', strength: 2 } }).toArray()));
test('$merge is refused', async c => assert.rejects(c.aggregate([{ $merge: 'other' }]).toArray(), code(238)));
test('an unknown command is refused', async () => assert.rejects(db.command({ nonesuch: 1 }), code(59)));
test('an unknown expression is refused', async c => assert.rejects(c.aggregate([{ $project: { a: { $nope: 1 } } }]).toArray(), code(168)));

const failed = [];
for (const { name, run, outcome } of cases) {
  const collection = db.collection('coll' + new ObjectId());
  try {
    await collection.insertMany(structuredClone(initial));
    await run(collection);
    if (outcome) { assert.deepEqual(await collection.find().sort({ _id: 1 }).toArray(), outcome); }
  } catch (error) {
    failed.push(name);
    console.error(`${name}: ${error.message}`);
  } finally {
    await collection.drop();
  }
}
await db.dropDatabase();
await client.close();
console.log(`${cases.length - failed.length} of ${cases.length} cases`);
process.exitCode = failed.length > 0 ? 1 : 0;
