# Debian's pymongo (3.11, an old client) against the embedded server. PORT says where.
import os
import gridfs
import pymongo

client = pymongo.MongoClient('mongodb://127.0.0.1:' + os.environ['PORT'], serverSelectionTimeoutMS=10000)
numbers = client.t.x
numbers.drop()

written = numbers.bulk_write([pymongo.UpdateOne({'_id': i}, {'$set': {'a': i}}, upsert=True) for i in range(5000)], ordered=False)
assert written.upserted_count == 5000
assert numbers.count_documents({'a': {'$gte': 10}}) == 4990
assert sum(1 for _ in numbers.find(batch_size=100)) == 5000
assert client.server_info()['versionArray'][0] == 7

groups = list(numbers.aggregate([{'$group': {'_id': {'$mod': ['$a', 3]}, 'n': {'$sum': 1}}}, {'$sort': {'_id': 1}}]))
assert groups[0] == {'_id': 0, 'n': 1667}, groups

try:
    numbers.insert_one({'_id': 1})
    raise SystemExit('a second document with one _id was taken')
except pymongo.errors.DuplicateKeyError as error:
    assert error.code == 11000
    assert error.details['keyValue'] == {'_id': 1}, error.details

files = gridfs.GridFS(client.t)
stored = files.put(b'z' * 700000)
assert files.get(stored).read() == b'z' * 700000
print('content')
