// Given to mongosh with --eval. The first query is the one that the predecessors of this system ask, unchanged.
const accuracy = db.image_data.aggregate([ { $group: { _id: null, total: { $sum: 1 }, correct: { $sum: { $cond: [{ $eq: ["$InferredValue", "$GroundTruth"] }, 1, 0] } } } },
  { $project: { _id: 0, total: 1, correct: 1, accuracy: { $divide: ["$correct", "$total"] } } }] ).toArray();
print("accuracy", EJSON.stringify(accuracy));
print("counts", db.image_data.countDocuments({}), db.image_data.stats().count, db.stats().collections);
print("version", db.version());
print("indexes", db.image_data.getIndexes().length);
print("databases", db.adminCommand({ listDatabases: 1 }).databases.map(database => database.name).join());
print("explained", Number(db.image_data.find().explain("executionStats").executionStats.nReturned));
print("valid", db.image_data.validate().valid);
print("host", typeof db.hostInfo().os.type);
print("connections", db.serverStatus().connections.current > 0);
print("operations", db.currentOp().inprog.length >= 0);
