// The official Node driver against a server that asks for a password: right, wrong, none. PORT says where.
import assert from 'node:assert/strict';
import { MongoClient } from 'mongodb';

const url = login => `mongodb://${login}127.0.0.1:${process.env.PORT}/?authSource=admin`;

const client = await new MongoClient(url('owner:s3cret@')).connect();
const numbers = client.db('test').collection('numbers');
await numbers.deleteMany({});
await numbers.insertMany([{ _id: 1 }, { _id: 2 }, { _id: 3 }]);
const { authInfo } = await client.db('admin').command({ connectionStatus: 1 });
assert.deepEqual(authInfo.authenticatedUsers, [{ user: 'owner', db: 'admin' }]);
await client.close();

for (const login of ['owner:wrong@', 'nobody:s3cret@'])
  await assert.rejects(new MongoClient(url(login)).connect(), { code: 18, codeName: 'AuthenticationFailed' });

const stranger = await new MongoClient(url('')).connect();
await assert.rejects(stranger.db('test').collection('numbers').findOne({}), { code: 13, codeName: 'Unauthorized' });
await stranger.close();
console.log('content');
