# Debian's pymongo (3.11) against a server that asks for a password: right, wrong, none. PORT says where.
import os
import pymongo


def connect(login):
    return pymongo.MongoClient('mongodb://%s127.0.0.1:%s/?authSource=admin' % (login, os.environ['PORT']), serverSelectionTimeoutMS=10000)


def refuses(login, code):
    try:
        connect(login).test.numbers.find_one()
        raise SystemExit('%s was let in' % login)
    except pymongo.errors.OperationFailure as error:
        assert error.code == code, error


client = connect('owner:s3cret@')
assert client.test.numbers.count_documents({}) == 3
assert client.admin.command('connectionStatus')['authInfo']['authenticatedUsers'] == [{'user': 'owner', 'db': 'admin'}]
refuses('owner:wrong@', 18)
refuses('nobody:s3cret@', 18)
refuses('', 13)
print('content')
